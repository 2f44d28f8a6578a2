export type JsonObject = { readonly [key: string]: unknown }

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/**
 * What an object holds under a word that somebody else chose; undefined where it is not its own, as `toString` and `constructor`
 * are in every object. A table of ours that such words are looked up in is a Map.
 */
export function own<T>(table: { readonly [word: string]: T }, word: string): T | undefined {
  return Object.hasOwn(table, word) ? table[word] : undefined
}

/** The objects of a list; nothing where it is no list. */
export function objects(value: unknown): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : []
}

/** The texts of a list; nothing where it is no list. */
export function strings(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : []
}

/** Objects and lists in each other, at most: below what the readers of common languages give up at, far above what is sent. */
const mostNested = 500

/**
 * The value of a JSON text that somebody else wrote; undefined for what is no JSON, and for what nests so deep that whoever walks
 * it runs out of stack.
 */
export function parseJson(text: string): unknown {
  if (isTooDeep(text)) return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function isTooDeep(text: string): boolean {
  // Each level takes two characters: what is short needs no look.
  if (text.length <= 2 * mostNested) return false
  let depth = 0
  let quoted = false
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (quoted) {
      if (code === backslash) at++
      else if (code === quote) quoted = false
    } else if (code === quote) quoted = true
    else if (code === brace || code === bracket) {
      if (++depth > mostNested) return true
    } else if (code === brace + 2 || code === bracket + 2) depth--
  }
  return false
}

const quote = 0x22
const backslash = 0x5c
const bracket = 0x5b
const comma = 0x2c
const lineFeed = 0x0a
const brace = 0x7b

/**
 * Whether a body holds no more than so many values and lines, as far as that can be told by the characters that go before them. A
 * value of two bytes takes fifty once it is read: an answer of nothing else fills the memory.
 */
export function holdsAtMost(most: number, text: string): boolean {
  let count = 0
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if ((code === comma || code === brace || code === bracket || code === lineFeed) && ++count > most) return false
  }
  return true
}

/**
 * The beginning of the JSON of a value: all of it, or more than `most` characters. No more of a large value is looked at than that
 * takes. With an `indent` on several lines, as JSON.stringify writes them.
 */
export function beginningOfJson(value: unknown, most: number, indent = 0): string {
  let text = ''

  function write(inner: unknown, margin: string): void {
    if (typeof inner === 'string') text += JSON.stringify(inner.slice(0, most + 1))
    else if (typeof inner !== 'object' || inner === null) text += JSON.stringify(inner)
    else if (Array.isArray(inner)) list(inner, '[]', margin, write)
    else
      list(Object.entries(inner), '{}', margin, ([key, held], within) => {
        text += `${JSON.stringify(key.slice(0, most + 1))}:${indent > 0 ? ' ' : ''}`
        write(held, within)
      })
  }

  function list<T>(
    items: readonly T[],
    [open, close]: string,
    margin: string,
    one: (item: T, within: string) => void,
  ): void {
    const line = (at: string): string => (indent > 0 && items.length > 0 ? `\n${at}` : '')
    const within = margin + ' '.repeat(indent)
    text += open
    for (let at = 0; at < items.length && text.length <= most; at++) {
      text += `${at > 0 ? ',' : ''}${line(within)}`
      one(items[at]!, within)
    }
    text += `${line(margin)}${close}`
  }

  write(value, '')
  return text
}

/** A value of JSON with each of its strings changed, however deep. */
export function inStrings(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value)
  if (Array.isArray(value)) return value.map((item) => inStrings(item, change))
  if (!isObject(value)) return value
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, inStrings(item, change)]))
}

/**
 * A value as JSON whose text is safe wherever it is shown: control characters, those that turn the direction of text around, and what
 * begins a command to the runner of a CI job are escaped, which changes nothing for who reads it back.
 */
export function toJson(value: unknown, indent?: number): string {
  return JSON.stringify(value, null, indent).replaceAll(
    obeyed,
    (mark) => `\\u${mark.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

/** Of the characters JSON escapes only the first 32 by itself; line feeds stand outside of strings. `##[...]` counts anywhere in a line. */
const obeyed = /[\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]|#(?=#\w*\[)/g
