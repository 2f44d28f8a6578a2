/** Something that a word of the format, or of ours, needs beside its place in a list. */
export interface Need {
  /** What it is, and the file it belongs to: `needs ...`. */
  readonly what: string
  readonly isMet: (word: string) => boolean
  /** The words that do without, each with the reason. */
  readonly spared?: Readonly<Record<string, string>>
}

/** All that some words lack, a sentence each; and the words that are spared something they have. */
export function lacking(kind: string, words: readonly string[], needs: readonly Need[]): readonly string[] {
  return words.flatMap((word) =>
    needs.flatMap(({ what, isMet, spared = {} }) => {
      const isSpared = Object.hasOwn(spared, word)
      if (isMet(word) !== isSpared) return []
      return [`the ${kind} ${word} ${isSpared ? 'is spared, and has,' : 'needs'} ${what}`]
    }),
  )
}
