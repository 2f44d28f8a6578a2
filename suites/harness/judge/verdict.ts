import type { Capability, CapabilityState, Level, Outcome, Profile, UnjudgedWhy } from '../../../schemas/types.ts'
import type { RequirementId } from '../../ids.ts'
import type { Exchange } from '../wire/exchange.ts'
import type { Each } from './over-each.ts'
import type { Requirement } from './requirement.ts'
import { firstFindings, type Finding } from '../views/finding.ts'
import type { PlacedFinding } from '../views/placed.ts'

export interface Verdict {
  readonly id: RequirementId
  readonly level: Level
  readonly profile: Profile
  readonly outcome: Outcome
  /** Set exactly when the outcome is `unjudged`. */
  readonly why: UnjudgedWhy | null
  /** What stood in the way, where the outcome is `unjudged` because of other requirements. */
  readonly blockedBy: readonly RequirementId[]
  readonly findings: readonly PlacedFinding[]
  /** On how many exchanges it was judged, where it is judged on every one. */
  readonly counts?: Counts
  /** The exchanges it reads by name that could not be read, and why. */
  readonly unread?: readonly UnreadExchange[]
  /** It hints at the gateway's honesty: shown, and outside the exit code. */
  readonly hint?: true
}

/** Of the exchanges a requirement concerns. */
export interface Counts {
  readonly holds: number
  readonly broken: number
  /** Could not be read for it, because of other breaches. */
  readonly blocked: number
  /** Got no answer that could be judged, and why not: by name. */
  readonly silent: readonly UnreadExchange[]
}

export interface UnreadExchange {
  readonly fixture: string
  readonly why: UnjudgedWhy
  readonly blockedBy: readonly RequirementId[]
}

/** What one requirement came to on one exchange. */
export type OnExchange =
  | { readonly is: 'holds' }
  | { readonly is: 'broken'; readonly findings: readonly Finding[] }
  | { readonly is: 'blocked'; readonly by: readonly RequirementId[] }
  | { readonly is: 'no-subject'; readonly why: UnjudgedWhy }
  | { readonly is: 'failed'; readonly error: unknown }

/** What all exchanges so far say of one requirement. */
export interface Tally {
  holds: number
  broken: number
  blocked: number
  /** Exchanges without an answer that could be judged, as long as no later try got one. */
  readonly silent: Map<string, UnjudgedWhy>
  findings: PlacedFinding[]
  /** One finding a place is kept: what is changed on the way is changed on every exchange, and would hide the rest. */
  readonly byPlace: boolean
  blockedBy: Set<RequirementId>
  /** The most telling reason why there was no subject in what was answered. */
  absent: UnjudgedWhy
  /** Judging it failed on some exchange, by a mistake of ours. */
  failed: boolean
}

/** What deciding needs once the whole tape was seen. */
export interface Context {
  readonly catalogue: readonly Requirement[]
  readonly byId: ReadonlyMap<RequirementId, Requirement>
  /** Those of them that are judged on each exchange. */
  readonly each: Each
  readonly tallies: ReadonlyMap<RequirementId, Tally>
  /** The last exchange of each fixture that some requirement reads. */
  readonly last: ReadonlyMap<string, Exchange>
  readonly recorded: boolean
  readonly required?: ReadonlySet<Capability>
  readonly lacks?: ReadonlySet<Capability>
  readonly exempt?: ReadonlySet<RequirementId>
  readonly needsOf?: (name: string) => readonly Capability[]
  readonly followedBy?: (name: string) => string | undefined
  /** The upstream was spoken to, and in nothing but protocols that have no place for what it asks. */
  readonly isBeyond: (requirement: Requirement) => boolean
  /** Takes down what a check threw. */
  readonly fail: (id: RequirementId, error: unknown) => void
  readonly decided: Map<RequirementId, Verdict>
  readonly capabilities: Map<Capability, CapabilityState>
}

export function judged(requirement: Requirement, found: Iterable<PlacedFinding>): Verdict {
  const findings = firstFindings(found)
  const outcome = requirement.level === 'may' ? 'noted' : findings.length > 0 ? 'broken' : 'holds'
  return { ...head(requirement), outcome, why: null, blockedBy: [], findings }
}

export function unjudged(requirement: Requirement, why: UnjudgedWhy, blockedBy: Iterable<RequirementId> = []): Verdict {
  return { ...head(requirement), outcome: 'unjudged', why, blockedBy: [...new Set(blockedBy)], findings: [] }
}

export function notApplicable(requirement: Requirement): Verdict {
  return { ...head(requirement), outcome: 'not-applicable', why: null, blockedBy: [], findings: [] }
}

/** Nothing holds on a tape without one valid Message: an endless 401 or an empty object keeps no promise. */
export function unanchored(verdict: Verdict, broken: readonly RequirementId[]): Verdict {
  if (verdict.outcome !== 'holds' && verdict.outcome !== 'noted') return verdict
  return { ...verdict, outcome: 'unjudged', why: 'prerequisite', blockedBy: broken, findings: [] }
}

function head({ id, level, profile, hint }: Requirement): Pick<Verdict, 'id' | 'level' | 'profile' | 'hint'> {
  return { id, level, profile, ...(hint && { hint }) }
}
