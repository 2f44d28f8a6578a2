import { firstFindings } from '../views/finding.ts'
import type { Counts, UnreadExchange, Verdict } from './verdict.ts'

/** What the exchanges made under one quirk of the upstream came to, judged as a tape of their own; named as they were asked there. */
export interface UnderQuirk {
  readonly verdicts: readonly Verdict[]
  /** The exchanges that got no answer there. */
  readonly unanswered: readonly UnreadExchange[]
  /** The name an exchange has on the whole tape; null where it was not made under the quirk. */
  readonly nameOf: (name: string) => string | null
}

/**
 * A verdict with what the same requirement came to under each quirk: what breaks under one is broken, where it is not broken anyway;
 * and what got no answer under one is listed with the rest that got none.
 */
export function withQuirks(verdict: Verdict, quirks: readonly UnderQuirk[]): Verdict {
  const all = quirks.flatMap((quirk) => {
    const own = quirk.verdicts.find(({ id }) => id === verdict.id)
    return own ? [placed(own, quirk)] : []
  })
  const counts = verdict.counts && all.reduce((sum, { counts }) => (counts ? added(sum, counts) : sum), verdict.counts)
  const unread = [...(verdict.unread ?? []), ...all.flatMap(({ unread = [] }) => unread)]
  const whole = { ...verdict, ...(counts && { counts }), ...(unread.length > 0 && { unread }) }
  const broken = all.filter(({ outcome }) => outcome === 'broken')
  // Each quirk is told before any is told twice.
  const findings = firstFindings(inTurn(broken.map((one) => one.findings)))
  if (findings.length === 0 || !mayTurn.has(verdict.outcome)) return whole
  return { ...whole, outcome: 'broken', why: null, blockedBy: [], findings }
}

/** What is broken anyway is told by that; what is not applicable is not asked of the gateway at all. */
const mayTurn: ReadonlySet<Verdict['outcome']> = new Set(['holds', 'unjudged'])

function placed({ findings, unread = [], ...verdict }: Verdict, { nameOf, unanswered }: UnderQuirk): Verdict {
  const named = (all: readonly UnreadExchange[]): readonly UnreadExchange[] =>
    all.flatMap((one) => {
      const fixture = nameOf(one.fixture)
      return fixture === null ? [] : [{ ...one, fixture }]
    })
  // A verdict that nothing came to says why, and not of which.
  const isSilent = verdict.why === 'no-answer' || verdict.why === 'rate-limited'
  const counts = verdict.counts ?? (isSilent ? { ...nothing, silent: unanswered } : undefined)
  return {
    ...verdict,
    findings: findings.map((one) => ({ ...one, fixture: nameOf(one.fixture) ?? one.fixture })),
    ...(counts && { counts: { ...counts, silent: named(counts.silent) } }),
    unread: named(unread),
  }
}

const nothing = { holds: 0, broken: 0, blocked: 0 }

function added(one: Counts, other: Counts): Counts {
  return {
    holds: one.holds + other.holds,
    broken: one.broken + other.broken,
    blocked: one.blocked + other.blocked,
    silent: [...one.silent, ...other.silent],
  }
}

/** The first of each, then the second of each, and so on. */
function inTurn<T>(lists: readonly (readonly T[])[]): T[] {
  const longest = Math.max(0, ...lists.map(({ length }) => length))
  return Array.from({ length: longest }, (_, at) => lists.flatMap((list) => list.slice(at, at + 1))).flat()
}
