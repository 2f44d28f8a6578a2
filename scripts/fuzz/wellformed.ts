/* What the outputs have to be, whatever was put into them. Each says what is wrong, or null. */

/** XML 1.0 as far as we write it: elements that close, attributes in quotes, and no character that has no place there. */
export function faultInXml(text: string): string | null {
  const [declaration = ''] = /^<\?xml version="1\.0" encoding="UTF-8"\?>\n/.exec(text) ?? []
  if (declaration === '') return 'no declaration'
  if (/[^\n\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u.test(text)) return 'a character that XML has no place for'
  return faultInTags(text.slice(declaration.length), (name) =>
    /^(?:testsuites?|testcase|failure|skipped|system-out|properties|property)$/.test(name) ? 'open' : null,
  )
}

/** The elements of our page; what has no end tag is `void`, what holds no markup is `raw`. */
const elements: ReadonlyMap<string, 'open' | 'void' | 'raw'> = new Map([
  ...(
    [
      'html',
      'head',
      'body',
      'title',
      'header',
      'main',
      'section',
      'div',
      'p',
      'h1',
      'h2',
      'h3',
      'ul',
      'ol',
      'li',
      'dl',
      'dt',
      'dd',
    ] as const
  ).map((name) => [name, 'open'] as const),
  ...(
    [
      'table',
      'thead',
      'tbody',
      'tr',
      'td',
      'th',
      'a',
      'span',
      'strong',
      'b',
      'mark',
      'small',
      'code',
      'pre',
      'q',
      'i',
      'details',
      'summary',
      'form',
      'label',
      'button',
      'output',
    ] as const
  ).map((name) => [name, 'open'] as const),
  ...(['meta', 'br', 'input'] as const).map((name) => [name, 'void'] as const),
  ...(['style', 'script'] as const).map((name) => [name, 'raw'] as const),
])

/** A page of ours: known elements that close, no handler, one script, and the parts that every page has. */
export function faultInHtml(text: string): string | null {
  const doctype = '<!doctype html>\n'
  if (!text.startsWith(doctype)) return 'no doctype'
  if (/\son\w+\s*=/i.test(text.replaceAll(/>[^<]*</g, '><'))) return 'a handler'
  for (const once of ['<script>', '<style>', '<main>', '<h1>', '</html>'])
    if (text.split(once).length !== 2) return `${once} stands ${text.split(once).length - 1} times`
  return faultInTags(text.slice(doctype.length), (name) => elements.get(name) ?? null)
}

const tag = /<\/([a-z][\w-]*)>|<([a-z][\w-]*)((?:\s+[\w-]+(?:="[^"<]*")?)*)\s*(\/?)>|[^<]+/gy
const reference = /&(?!(?:amp|lt|gt|quot|#\d+|#x[0-9a-f]+);)/i

function faultInTags(text: string, kindOf: (name: string) => 'open' | 'void' | 'raw' | null): string | null {
  const open: string[] = []
  let raw: string | null = null
  tag.lastIndex = 0
  for (let at = 0; at < text.length; at = tag.lastIndex) {
    if (raw !== null) {
      const end = text.indexOf(`</${raw}>`, at)
      if (end < 0) return `<${raw}> does not end`
      tag.lastIndex = end
      raw = null
      continue
    }
    const [found, closes, opens, attributes = '', empty] = tag.exec(text) ?? []
    if (found === undefined) return `no markup at ${at}: ${text.slice(at, at + 80)}`
    if (closes !== undefined) {
      const last = open.pop()
      if (last !== closes) return `</${closes}> ends <${last}> at ${at}`
    } else if (opens !== undefined) {
      const kind = kindOf(opens)
      if (kind === null) return `<${opens}> at ${at}`
      if (reference.test(attributes)) return `an & in <${opens}> at ${at}`
      if (kind !== 'void' && empty !== '/') open.push(opens)
      if (kind === 'raw') raw = opens
    } else if (reference.test(found)) return `an & that begins nothing, at ${at}`
  }
  return open.length > 0 ? `<${open.at(-1)}> does not end` : null
}

/** The summary: a heading, a paragraph, an item or a row of a table a line. */
export function faultInSummary(text: string): string | null {
  const lines = text.split('\n').filter((line) => !/^(?:$|## |### |\*\*|- |\| |\|---)/.test(line))
  return lines.length > 0 ? `a line that is no item: ${JSON.stringify(lines[0])}` : null
}

/** Characters that a terminal would obey. Line ends are ours. */
// oxlint-disable-next-line no-control-regex -- these are what must not be there
const control = /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u2028\u2029\u202A-\u202E\u2066-\u2069]/

/** Plain text that may be printed: nothing that a terminal or the runner of a CI job would obey, but for annotations of ours. */
export function faultInPrinted(text: string): string | null {
  const found = control.exec(text)
  if (found) return `the character ${JSON.stringify(found[0])} at ${found.index}`
  if (/##\w*\[/.test(text)) return 'a command of the runner: ##['
  const command = /^[ \t]*::(?!(?:error|warning) title=)[a-z].*/m.exec(text)
  return command ? `a command of the runner: ${command[0].slice(0, 80)}` : null
}
