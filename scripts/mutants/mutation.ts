/** One way to alter the project in one place that somebody has to notice. */
export interface Alteration {
  /** room/what-it-does, unique. */
  readonly id: string
  /** The file that is altered, from the root of the project. */
  readonly file: string
  /** Stands there exactly once. */
  readonly find: string
  readonly replace: string
  /** What a user would meet if nobody noticed. */
  readonly because: string
}

/** One way to alter the engine that some test has to notice. */
export interface Mutation extends Alteration {
  /** The test files of which one has to fail: those beside the unit, as a rule. */
  readonly tests: readonly string[]
}

/** Why an alteration cannot be applied to the text of its file, as a sentence; null where it can. */
export function staleness({ id, file, find, replace }: Alteration, text: string): string | null {
  const times = text.split(find).length - 1
  if (times !== 1) return `${id} is stale: what it alters stands ${times} times in ${file}, not once.`
  return find === replace ? `${id} alters nothing.` : null
}

/** The text of a file, altered. */
export function altered({ find, replace }: Alteration, text: string): string {
  return text.replace(find, () => replace)
}
