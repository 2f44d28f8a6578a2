import type { MatrixRow, Report } from '../../schemas/types.ts'

/** What stands on the left of every badge. */
export const badgeLabel = 'messages format'

/** What a badge says of a run. */
type Run = {
  readonly target: Pick<Report['target'], 'kind'>
  readonly profile: Report['profile']
  readonly conclusion: Pick<Report['conclusion'], 'conformant' | 'exitCode' | 'reached'>
}

/** The badge of one target among several. */
export function badgeOfRow({ target, profile, ...conclusion }: MatrixRow) {
  return badge({ target, profile, conclusion })
}

/** A badge as shields.io reads it from an endpoint; null for a partial look, which proves nothing a badge could say. */
export function badge({ target, conclusion, profile }: Run) {
  if (conclusion.conformant === null && conclusion.exitCode !== 2) return null
  const said = (message: string, color: string) => ({ schemaVersion: 1, label: badgeLabel, message, color }) as const
  if (target.kind === 'reference') return said('built-in reference', 'lightgrey')
  if (conclusion.exitCode === 2) return said('not proven', 'lightgrey')
  if (conclusion.exitCode === 0) return said(conclusion.reached ?? profile, 'brightgreen')
  return said(conclusion.reached ? `${conclusion.reached}, not ${profile}` : `not ${profile}`, 'red')
}
