import type { Capability, CapabilityState } from '../../../schemas/types.ts'
import type { RequirementId } from '../../ids.ts'
import type { Exchange } from '../wire/exchange.ts'
import { decideGate, isDeclined } from './gate.ts'
import type { ReadsSubject, Requirement } from './requirement.ts'
import { withoutAnswer } from '../views/served.ts'
import { reached } from '../views/settles.ts'
import {
  judged,
  notApplicable,
  unanchored,
  unjudged,
  type Context,
  type OnExchange,
  type Tally,
  type Verdict,
} from './verdict.ts'
import type { PlacedFinding } from '../views/placed.ts'
import { see } from '../views/views.ts'
import { proves } from '../views/canaries.ts'
import { firstFindings, mostFindings } from '../views/finding.ts'

export type { PlacedFinding, Verdict }

export interface Judged {
  readonly verdicts: readonly Verdict[]
  readonly capabilities: Readonly<Record<string, CapabilityState>>
  /** What was thrown while judging: mistakes of ours. Their requirements are unjudged. */
  readonly failures: readonly JudgingFailure[]
}

export interface JudgingFailure {
  readonly id: RequirementId
  readonly error: unknown
}

export interface JudgeOptions {
  /** All requirements, in reading order: prerequisites are looked up here. */
  readonly catalogue: readonly Requirement[]
  /** The ones a verdict is wanted for; default: all. */
  readonly selected?: ReadonlySet<RequirementId>
  /** Capabilities that must be shown. */
  readonly required?: ReadonlySet<Capability>
  /** Capabilities the target is known not to have: never asked, not applicable. */
  readonly lacks?: ReadonlySet<Capability>
  /** The capabilities an exchange that is not on the tape would have needed. */
  readonly needsOf?: (name: string) => readonly Capability[]
  /** The exchange whose turn an exchange sends back. */
  readonly followedBy?: (name: string) => string | undefined
}

/**
 * Judges a tape, exchange by exchange, and keeps only what later verdicts need: so it works on a recording of any length.
 * `add` each exchange in the order of the tape, then ask for `verdicts` once.
 */
export function judging(options: JudgeOptions): { add(exchange: Exchange): void; verdicts(): Judged } {
  const byId = new Map(options.catalogue.map((requirement) => [requirement.id, requirement]))
  const overEach = options.catalogue.filter((requirement) => 'every' in requirement || 'vouches' in requirement)
  const kept = namesRead(options.catalogue)
  const tallies = new Map<RequirementId, Tally>(
    overEach.map(({ id }) => [
      id,
      { holds: 0, findings: [], blockedBy: new Set(), absent: 'nothing-of-its-kind', failed: false },
    ]),
  )
  const last = new Map<string, Exchange>()
  const failures: JudgingFailure[] = []
  const fail = (id: RequirementId, error: unknown): void => {
    if (failures.length < mostFindings) failures.push({ id, error })
  }
  let anchored = false
  let recorded = false

  function add(exchange: Exchange): void {
    if (exchange.origin === 'recorded') recorded = true
    else if (kept.has(exchange.fixture)) last.set(exchange.fixture, exchange)
    if (exchange.upstream) return
    anchored ||= holdsMessage(exchange)
    const seen = new Map<RequirementId, OnExchange>()
    for (const requirement of overEach) {
      const tally = tallies.get(requirement.id)
      if (tally)
        count(tally, onExchange(requirement, exchange, byId, seen), exchange.fixture, (error) =>
          fail(requirement.id, error),
        )
    }
  }

  function verdicts(): Judged {
    const context: Context = {
      ...options,
      byId,
      tallies,
      last,
      recorded,
      fail,
      decided: new Map(),
      capabilities: new Map(),
    }
    for (const requirement of options.catalogue)
      if ('gates' in requirement)
        context.decided.set(
          requirement.id,
          safely(requirement, context, () => decideGate(requirement, context)),
        )
    const all = options.catalogue.map((requirement) => decide(requirement, context))
    const broken = all.filter(({ outcome, level }) => outcome === 'broken' && level === 'must').map(({ id }) => id)
    const wanted = all.filter(({ id }) => options.selected?.has(id) ?? true)
    return {
      verdicts: anchored ? wanted : wanted.map((verdict) => unanchored(verdict, broken)),
      capabilities: Object.fromEntries(context.capabilities),
      failures,
    }
  }

  return { add, verdicts }
}

/** Judges a whole tape at once. */
export function judge(tape: Iterable<Exchange>, options: JudgeOptions): Judged {
  const state = judging(options)
  for (const exchange of tape) state.add(exchange)
  return state.verdicts()
}

function namesRead(catalogue: readonly Requirement[]): ReadonlySet<string> {
  return new Set(
    catalogue.flatMap((requirement) =>
      'reads' in requirement ? Object.keys(requirement.reads) : 'gates' in requirement ? requirement.probe : [],
    ),
  )
}

/** Where reading fails by a mistake of ours, the requirements say so. */
function holdsMessage(exchange: Exchange): boolean {
  try {
    return see(exchange, 'message').is === 'there'
  } catch {
    return false
  }
}

function count(tally: Tally, on: OnExchange, fixture: string, fail: (error: unknown) => void): void {
  if (on.is === 'holds') tally.holds++
  else if (on.is === 'blocked') for (const id of on.by) tally.blockedBy.add(id)
  else if (on.is === 'no-subject') {
    if (on.why !== 'nothing-of-its-kind' && tally.absent !== 'not-recorded') tally.absent = on.why
  } else if (on.is === 'failed') {
    tally.failed = true
    fail(on.error)
  } else
    for (const finding of on.findings)
      if (tally.findings.length < mostFindings) tally.findings.push({ ...finding, fixture })
}

/** One requirement on one exchange; remembered, since others may come after it. */
function onExchange(
  requirement: Requirement,
  exchange: Exchange,
  byId: ReadonlyMap<RequirementId, Requirement>,
  seen: Map<RequirementId, OnExchange>,
): OnExchange {
  const known = seen.get(requirement.id)
  if (known) return known
  const result = attempted(requirement, exchange, byId, seen)
  seen.set(requirement.id, result)
  return result
}

/** A check that throws says nothing of the gateway. */
function attempted(
  requirement: Requirement,
  exchange: Exchange,
  byId: ReadonlyMap<RequirementId, Requirement>,
  seen: Map<RequirementId, OnExchange>,
): OnExchange {
  try {
    return 'vouches' in requirement ? vouched(requirement, exchange) : checked(requirement, exchange, byId, seen)
  } catch (error) {
    return { is: 'failed', error }
  }
}

function vouched(requirement: Requirement, exchange: Exchange): OnExchange {
  if (!('vouches' in requirement)) return { is: 'no-subject', why: 'nothing-of-its-kind' }
  const view = see(exchange, requirement.vouches)
  if (view.is === 'there') return { is: 'holds' }
  if (view.is === 'absent') return { is: 'no-subject', why: view.why }
  const own = view.refusals.filter(({ by }) => by === requirement.id)
  if (own.length > 0) return { is: 'broken', findings: firstFindings(own.map(({ finding }) => finding)) }
  return { is: 'blocked', by: view.refusals.map(({ by }) => by) }
}

function checked(
  requirement: Requirement,
  exchange: Exchange,
  byId: ReadonlyMap<RequirementId, Requirement>,
  seen: Map<RequirementId, OnExchange>,
): OnExchange {
  if (!('every' in requirement)) return { is: 'no-subject', why: 'nothing-of-its-kind' }
  const view = see(exchange, requirement.every)
  if (view.is === 'absent') return { is: 'no-subject', why: view.why }
  if (view.is === 'refused') return { is: 'blocked', by: view.refusals.map(({ by }) => by) }
  if (requirement.where && !requirement.where(view.value, exchange))
    return { is: 'no-subject', why: 'nothing-of-its-kind' }
  const inTheWay = (requirement.after ?? []).filter((id) => {
    const before = byId.get(id)
    return before !== undefined && isBad(onExchange(before, exchange, byId, seen))
  })
  if (inTheWay.length > 0) return { is: 'blocked', by: inTheWay }
  const findings = firstFindings(requirement.check(view.value, exchange))
  return findings.length > 0 ? { is: 'broken', findings } : { is: 'holds' }
}

function isBad({ is }: OnExchange): boolean {
  return is === 'broken' || is === 'blocked' || is === 'failed'
}

/** The verdict on one requirement, and before it those it comes after. */
function decide(requirement: Requirement, context: Context): Verdict {
  const known = context.decided.get(requirement.id)
  if (known) return known
  const verdict = safely(requirement, context, () =>
    'reads' in requirement ? decideReads(requirement, context) : decideTally(requirement, context),
  )
  context.decided.set(requirement.id, verdict)
  return verdict
}

/** A verdict; unjudged where a mistake of ours throws on the way to it. */
function safely(requirement: Requirement, context: Context, decision: () => Verdict): Verdict {
  try {
    return decision()
  } catch (error) {
    context.fail(requirement.id, error)
    return unjudged(requirement, 'error')
  }
}

function decideTally(requirement: Requirement, context: Context): Verdict {
  const tally = context.tallies.get(requirement.id)
  if (!tally) return unjudged(requirement, 'nothing-of-its-kind')
  if (tally.failed) return unjudged(requirement, 'error')
  if (tally.findings.length > 0) return judged(requirement, tally.findings)
  if (tally.blockedBy.size > 0) return unjudged(requirement, 'prerequisite', tally.blockedBy)
  // What the tape withholds was judged once, and may have been the one exchange that breaks it.
  if (tally.absent === 'not-recorded') return unjudged(requirement, 'not-recorded')
  if (tally.holds > 0) return judged(requirement, [])
  if (requirement.capability && isDeclined(requirement.capability, context)) return notApplicable(requirement)
  return unjudged(requirement, tally.absent)
}

function decideReads(requirement: Requirement & ReadsSubject, context: Context): Verdict {
  const values: Record<string, unknown> = {}
  const exchanges: Record<string, Exchange> = {}
  const blockedBy = new Set<RequirementId>()
  for (const [name, view] of Object.entries(requirement.reads)) {
    if (view === undefined) continue
    const exchange = context.last.get(name)
    if (!exchange) {
      const verdict = missing(requirement, name, context)
      if (verdict.blockedBy.length === 0) return verdict
      for (const id of verdict.blockedBy) blockedBy.add(id)
      continue
    }
    if (exchange.needs.some((capability) => isDeclined(capability, context))) return notApplicable(requirement)
    const silence = exchange.upstream && exchange.came.kind === 'answer' ? null : withoutAnswer(exchange)
    if (silence) return unjudged(requirement, silence)
    const seen = see(exchange, view)
    if (seen.is === 'refused') for (const { by } of seen.refusals) blockedBy.add(by)
    if (seen.is === 'absent') {
      if (seen.why === 'not-recorded') return unjudged(requirement, 'not-recorded')
      const readers = readersOfAnswer(name, requirement, context)
      if (readers.length === 0) return unjudged(requirement, seen.why)
      for (const id of readers) blockedBy.add(id)
    }
    if (seen.is !== 'there') continue
    if (view !== 'answer' && !isReached(exchange)) return unjudged(requirement, 'model')
    values[name] = seen.value
    exchanges[name] = exchange
  }
  if (blockedBy.size > 0) return unjudged(requirement, 'prerequisite', blockedBy)
  for (const id of requirement.after ?? []) {
    const inTheWay = standsInTheWay(id, requirement, Object.values(exchanges), context)
    if (inTheWay) return inTheWay
  }
  const check = requirement.check as (read: object, exchanges: object) => Iterable<PlacedFinding>
  return judged(requirement, check(values, exchanges))
}

/** Whether a model did what the exchange is about, or at least was not kept from it. */
function isReached(exchange: Exchange): boolean {
  const message = see(exchange, 'message')
  return reached(exchange) && (message.is !== 'there' || proves(message.value, exchange))
}

/** An exchange that is not on the tape: declined, never asked, or there was no turn to send back. */
function missing(requirement: Requirement, name: string, context: Context): Verdict {
  const needs = context.needsOf?.(name) ?? []
  if (needs.some((capability) => isDeclined(capability, context))) return notApplicable(requirement)
  const before = context.followedBy?.(name)
  if (before === undefined) return unjudged(requirement, context.recorded ? 'not-recorded' : 'not-asked')
  const exchange = context.last.get(before)
  if (!exchange) return missing(requirement, before, context)
  const silence = withoutAnswer(exchange)
  if (silence) return unjudged(requirement, silence)
  const message = see(exchange, 'message')
  if (message.is === 'refused')
    return unjudged(
      requirement,
      'prerequisite',
      message.refusals.map(({ by }) => by),
    )
  if (message.is === 'absent' && message.why === 'not-recorded') return unjudged(requirement, 'not-recorded')
  if (message.is === 'absent')
    return unjudged(requirement, 'prerequisite', readersOfAnswer(before, requirement, context))
  return unjudged(requirement, 'model')
}

/** The verdict on a requirement that comes after `id`, where that stands in its way; null where it does not. */
function standsInTheWay(
  id: RequirementId,
  requirement: Requirement,
  exchanges: readonly Exchange[],
  context: Context,
): Verdict | null {
  const before = context.byId.get(id)
  if (!before) return null
  if ('every' in before || 'vouches' in before) {
    const bad = exchanges.some((exchange) => isBad(onExchange(before, exchange, context.byId, new Map())))
    return bad ? unjudged(requirement, 'prerequisite', [id]) : null
  }
  const { outcome, why, findings } = decide(before, context)
  if (outcome === 'not-applicable') return notApplicable(requirement)
  if (why !== null) return unjudged(requirement, why, [id])
  if (findings.length === 0) return null
  // A control is a may: where the model does not meet it, the model is the reason, not the gateway.
  return unjudged(requirement, before.level === 'may' ? 'model' : 'prerequisite', [id])
}

/** The requirements that judge whether an exchange was served. */
function readersOfAnswer(name: string, self: Requirement, { catalogue }: Context): RequirementId[] {
  const reads = (requirement: Requirement): boolean =>
    'reads' in requirement
      ? Object.entries(requirement.reads).some(([other, view]) => other === name && view === 'answer')
      : 'gates' in requirement && requirement.probe.some((other) => other === name)
  return catalogue.filter((requirement) => requirement.id !== self.id && reads(requirement)).map(({ id }) => id)
}
