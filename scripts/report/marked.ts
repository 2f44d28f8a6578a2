import { isObject } from '../../suites/harness/wire/json.ts'
import { markup, type Markup } from './markup.ts'

/** A line of a value that is laid out, and the place in the value that it is of. */
interface Line {
  readonly at: string
  readonly text: string
}

/**
 * A value of JSON as lines, those at fault marked: of a field that is there its first line, of one that is missing that of what it is
 * missing from. `places` are JSON Pointers; what is none is passed over. Lays out about `most` characters, and then `more`.
 */
export function markedJson(value: unknown, places: readonly string[], most: number, more: string): readonly Markup[] {
  const lines: Line[] = []
  const whole = layOut(value, { at: '', margin: '', before: '', after: '' }, { lines, left: most })
  const marked = new Set(places.filter((place) => place.startsWith('/')).map((place) => lineOf(place, lines)))
  return [
    ...lines.map(({ text }, index) => (marked.has(index) ? markup`<mark>${text}</mark>\n` : markup`${text}\n`)),
    ...(whole ? [] : [markup`${more}\n`]),
  ]
}

interface Where {
  readonly at: string
  readonly margin: string
  /** What stands before and behind the value on its lines. */
  readonly before: string
  readonly after: string
}

/** Whether there was room for all of it. */
function layOut(value: unknown, where: Where, room: { readonly lines: Line[]; left: number }): boolean {
  const { at, margin, before, after } = where
  const put = (text: string): void => {
    room.lines.push({ at, text: margin + text })
    room.left -= margin.length + text.length
  }
  if (room.left <= 0) return false
  const items: readonly (readonly [key: string, item: unknown])[] = Array.isArray(value)
    ? value.map((item, index) => [String(index), item])
    : isObject(value)
      ? Object.entries(value)
      : []
  if (items.length === 0) {
    put(`${before}${JSON.stringify(value)}${after}`)
    return true
  }
  const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{', '}']
  put(before + open)
  for (const [index, [key, item]] of items.entries()) {
    const inner = {
      at: `${at}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`,
      margin: `${margin}  `,
      before: Array.isArray(value) ? '' : `${JSON.stringify(key)}: `,
      after: index < items.length - 1 ? ',' : '',
    }
    if (!layOut(item, inner, room)) return false
  }
  put(close + after)
  return true
}

/** The line of a place, else of the nearest one above it. */
function lineOf(place: string, lines: readonly Line[]): number {
  for (let at = place; at !== ''; at = at.slice(0, at.lastIndexOf('/'))) {
    const found = lines.findIndex((line) => line.at === at)
    if (found >= 0) return found
  }
  return 0
}
