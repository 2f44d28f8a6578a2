import { escaped } from './printable.ts'

/** A piece of HTML in which everything that came from outside is text. */
export interface Markup {
  readonly markup: string
}

type Part = string | number | Markup | readonly Markup[]

/** HTML from a template: what is put in is text, unless it is markup already. */
export function markup(strings: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  return { markup: strings.reduce((text, string, index) => text + htmlOf(parts[index - 1] ?? '') + string) }
}

/** Markup of our own making that is no template: a style sheet, a script. */
export function trusted(text: string): Markup {
  return { markup: text }
}

export const nothing: Markup = trusted('')

function htmlOf(part: Part): string {
  if (typeof part === 'string' || typeof part === 'number') return escaped(String(part))
  return 'markup' in part ? part.markup : part.map(({ markup: text }) => text).join('')
}
