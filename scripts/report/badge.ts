import type { Report } from '../../schemas/types.ts'

/** A badge as shields.io reads it from an endpoint; null for a partial look, which proves nothing a badge could say. */
export function badge({ target, conclusion, profile }: Report) {
  if (conclusion.conformant === null && conclusion.exitCode !== 2) return null
  const said = (message: string, color: string) =>
    ({ schemaVersion: 1, label: 'messages format', message, color }) as const
  if (target.kind === 'reference') return said('built-in reference', 'lightgrey')
  if (conclusion.exitCode === 2) return said('not proven', 'lightgrey')
  if (conclusion.exitCode === 0) return said(conclusion.reached ?? profile, 'brightgreen')
  return said(conclusion.reached ? `${conclusion.reached}, not ${profile}` : `not ${profile}`, 'red')
}
