import { partsOf } from '../../suites/harness/judge/source.ts'

/** Where a quote and the text part. */
export interface Gone {
  /** The longest beginning that still stands there; '' where not even its first word does. */
  readonly still: string
  /** The first word that does not follow on it. */
  readonly word: string
}

/** Where the words of a quote, part for part in their order, are no longer those of the text; null where they are. Both are plain. */
export function goneFrom(text: string, quote: string): Gone | null {
  let from = 0
  for (const part of partsOf(quote)) {
    const at = indexOfWords(text, part, from)
    if (at < 0) return parting(text.slice(from), part.split(' '))
    from = at + part.length
  }
  return null
}

/** Where these words stand as whole words, from there on; -1 where they do not. */
function indexOfWords(text: string, words: string, from: number): number {
  for (let at = text.indexOf(words, from); at >= 0; at = text.indexOf(words, at + 1)) {
    const within = (joint: string) => /^[\p{L}\p{N}_]{2}$/u.test(joint)
    const end = at + words.length
    if (!within(text.slice(Math.max(0, at - 1), at + 1)) && !within(text.slice(end - 1, end + 1))) return at
  }
  return -1
}

function parting(text: string, words: readonly string[]): Gone {
  const beginning = (length: number): string => words.slice(0, length).join(' ')
  const there = words.findIndex((_, at) => indexOfWords(text, beginning(at + 1), 0) < 0)
  return { still: beginning(there), word: words[there] ?? '' }
}
