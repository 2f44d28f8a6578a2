import type { Matrix } from '../../../schemas/types.ts'
import { badgeLabel } from '../badge.ts'

/** A badge as shields.io reads it from an endpoint: how many targets keep their promises. */
export function matrixBadge({ rows, missing, left, conclusion: { exitCode, kept, broken } }: Matrix) {
  const all = rows.length + missing.length + left
  const said = broken > 0 ? `${kept} of ${all} keep, ${broken} break` : `${kept} of ${all} keep`
  const color = ({ 0: 'brightgreen', 1: 'red', 2: 'lightgrey' } as const)[exitCode]
  return { schemaVersion: 1, label: badgeLabel, message: said, color } as const
}
