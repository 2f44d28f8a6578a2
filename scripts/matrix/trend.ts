import type { RunRecord, Trend, TrendRequirement } from '../../schemas/types.ts'
import { runKey } from './record.ts'

/** So many runs are looked back at. */
const most = 20

/** Who breaks and is mended in turn so often within them cannot be told to be either. */
const flaps = 3

/**
 * What the last runs of one target came to, the oldest first: each requirement that was broken in one of them, since when, and whether
 * it flaps. Null where there is nothing to compare: fewer than two runs. Records may come in any order, and twice.
 */
export function trendOf(records: readonly RunRecord[]): Trend | null {
  const runs = [...new Map(records.map((record) => [runKey(record), record])).values()]
    .toSorted((a, b) => Date.parse(a.started) - Date.parse(b.started))
    .slice(-most)
  if (runs.length < 2) return null
  const ids = [...new Set(runs.flatMap(({ broken }) => broken))]
  const sets = runs.map(({ holds, broken }) => ({ holds: new Set(holds), broken: new Set(broken) }))
  const requirements = ids.map((id) =>
    requirementOver(
      id,
      sets.map(({ holds, broken }) => (broken.has(id) ? 'broken' : holds.has(id) ? 'holds' : '-')),
    ),
  )
  const order = { broken: 0, flapping: 1, mended: 2 }
  return {
    runs: runs.map(({ started, exitCode, firstToken, longestGap }) => ({
      started,
      exitCode,
      ...(firstToken !== undefined && { firstToken }),
      ...(longestGap !== undefined && { longestGap }),
    })),
    requirements: requirements.toSorted(
      (a, b) => order[a.is] - order[b.is] || b.since - a.since || (a.id < b.id ? -1 : 1),
    ),
  }
}

function requirementOver(id: string, outcomes: TrendRequirement['outcomes']): TrendRequirement {
  let since = 0
  let changes = 0
  let last: 'holds' | 'broken' | null = null
  for (const [index, outcome] of outcomes.entries()) {
    if (outcome === '-' || outcome === last) continue
    if (last !== null) changes++
    last = outcome
    since = index
  }
  const is = changes >= flaps ? 'flapping' : last === 'broken' ? 'broken' : 'mended'
  return { id, is, since, changes, outcomes }
}

/** What is broken in the newest run, held before, and does not flap. */
export function newlyBroken({ runs, requirements }: Trend): readonly string[] {
  return requirements.flatMap(({ id, is, since, changes }) =>
    is === 'broken' && changes > 0 && since === runs.length - 1 ? [id] : [],
  )
}
