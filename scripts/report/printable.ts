import { printable } from '../../suites/harness/wire/printable.ts'

export { printable }

/** A name of ours as words: `not-shown` as `not shown`. */
export function inWords(name: string): string {
  return name.replaceAll('-', ' ')
}

/** Text between the tags, or in an attribute, of HTML and XML: lines stay lines, each printable, and markup is text. */
export function escaped(text: string): string {
  return text
    .split('\n')
    .map(printable)
    .join('\n')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;')
}
