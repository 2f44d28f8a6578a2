import type { Client } from './clients.ts'

/**
 * What a requirement rests on. The first three carry a must: `npm run sources` looks the sentence and the code up, and a measurement can
 * be made again. A page without a sentence, and our opinion, carry a should.
 */
export type Source =
  | { readonly kind: 'documented'; readonly url: string; readonly quote: string }
  | {
      readonly kind: 'code'
      readonly url: string
      readonly quote: string
      readonly package: string
      readonly file: string
    }
  | {
      readonly kind: 'measured'
      readonly client: Client
      readonly version: string
      readonly date: string
      readonly finding: string
    }
  | { readonly kind: 'page'; readonly url: string }
  | { readonly kind: 'opinion'; readonly opinion: string }

/** A source with words that have to stand where it says. */
export type Quoted = Extract<Source, { readonly quote: string }>

/** The source on one line, without its quote: the address, what was measured, or our reason. */
export function ruleOf(source: Source): string {
  switch (source.kind) {
    case 'documented':
    case 'code':
    case 'page':
      return source.url
    case 'measured':
      return `measured with ${source.client} ${source.version} on ${source.date}: ${source.finding}`
    case 'opinion':
      return source.opinion
  }
}

/** The quoted words, where there are any. */
export function quoteOf(source: Source): string | null {
  return 'quote' in source ? source.quote : null
}

/** What stands between two parts of a quote where words were left out. */
const leftOut = ' ... '

export function partsOf(quote: string): readonly string[] {
  return quote.split(leftOut)
}
