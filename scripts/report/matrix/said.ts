import type { Matrix, MatrixRow } from '../../../schemas/types.ts'
import { newlyBroken } from '../../matrix/trend.ts'
import type { Words } from '../words/en.ts'

/* What every rendering of a matrix says alike. */

/** The one sentence that several targets come to; it agrees with the exit code. */
export function sentenceOf({ rows, conclusion: { exitCode, broken } }: Matrix, words: Words): string {
  if (exitCode === 2) return words.notEveryTarget
  const partial = rows.some(({ exitCode: code, conformant }) => code !== 2 && conformant === null)
  if (partial) return words.targetsInPart(broken, rows.length)
  return exitCode === 1 ? words.targetsBroken(broken, rows.length) : words.targetsKept(rows.length)
}

/** `9 keep their promises, 2 break them, 1 not proven; 1 missing`: they add up to what was asked. */
export function countsOf({ conclusion, missing }: Matrix, { matrix: words, semicolon }: Words): string {
  return [
    words.counts(conclusion),
    ...(conclusion.worse > 0 ? [words.worse(conclusion.worse)] : []),
    ...(missing.length > 0 ? [words.missingCount(missing.length)] : []),
  ].join(semicolon)
}

/** What is not there of what was asked, a sentence each. */
export function missingOf({ missing, left, rows }: Matrix, words: Words): readonly string[] {
  return [
    ...missing.map(({ folder, why }) => words.matrix.missing(folder, why)),
    ...(left > 0 ? [words.notComeTo(left, left + rows.length)] : []),
  ]
}

/** What the run of a target came to, in a word or two. */
export function stateOf({ exitCode, conformant }: MatrixRow, { matrix: words }: Words): string {
  return exitCode === 0 && conformant === null ? words.inPart : words.exits[exitCode]
}

/** Why a target is broken, or nothing was proven of it, where no breach says so; null where one does, and where all is well. */
export function whyOf(row: MatrixRow, { matrix: words }: Words): string | null {
  const { diagnosis, ending, exitCode } = row
  if (exitCode === 1) return row.broken.some(({ fails }) => fails) ? null : words.waiversOutOfDate
  if (exitCode === 0) return null
  if (diagnosis) return words.stopped(diagnosis)
  return ending === 'complete' || ending === 'recorded' ? words.unanswered : words.exits[2]
}

/** What broke in the newest run of a target, or flaps; by requirement. */
export function marksOf({ trend }: MatrixRow): {
  readonly worse: readonly string[]
  readonly flapping: ReadonlySet<string>
} {
  return {
    worse: trend ? newlyBroken(trend) : [],
    flapping: new Set(trend?.requirements.flatMap(({ id, is }) => (is === 'flapping' ? [id] : []))),
  }
}

/** Every word that is a key in one of these, in the order it is first met. */
export function keysOf(of: readonly Readonly<Record<string, unknown>>[]): readonly string[] {
  return [...new Set(of.flatMap((one) => Object.keys(one)))]
}
