import type { Capability, CapabilityState, Level, Outcome, Profile, UnjudgedWhy } from '../../schemas/types.ts'
import type { RequirementId } from '../ids.ts'
import { declines } from './declines.ts'
import type { Exchange } from './exchange.ts'
import type { Finding, GatesSubject, Requirement } from './requirement.ts'
import { refusal, withoutAnswer } from './served.ts'
import { reached, settling } from './settles.ts'
import { see } from './views.ts'

export type PlacedFinding = Finding & { readonly fixture: string }

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
}

export interface Judged {
  readonly verdicts: readonly Verdict[]
  readonly capabilities: Readonly<Record<string, CapabilityState>>
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
}

/** No requirement keeps more findings than this of one tape, so that memory stays flat; the first ones are the telling ones. */
const mostFindings = 20

/** What one requirement came to on one exchange. */
type OnExchange =
  | { readonly is: 'holds' }
  | { readonly is: 'broken'; readonly findings: readonly Finding[] }
  | { readonly is: 'blocked'; readonly by: readonly RequirementId[] }
  | { readonly is: 'no-subject'; readonly why: UnjudgedWhy }

interface Tally {
  holds: number
  findings: PlacedFinding[]
  blockedBy: Set<RequirementId>
  /** The most telling reason why there was no subject. */
  absent: UnjudgedWhy
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
    overEach.map(({ id }) => [id, { holds: 0, findings: [], blockedBy: new Set(), absent: 'nothing-of-its-kind' }]),
  )
  const last = new Map<string, Exchange>()
  let anchored = false
  let recorded = false

  function add(exchange: Exchange): void {
    if (exchange.origin === 'recorded') recorded = true
    else if (kept.has(exchange.fixture)) last.set(exchange.fixture, exchange)
    if (!anchored) anchored = see(exchange, 'message').is === 'there'
    const seen = new Map<RequirementId, OnExchange>()
    for (const requirement of overEach) {
      const tally = tallies.get(requirement.id)
      if (tally) count(tally, onExchange(requirement, exchange, byId, seen), exchange.fixture)
    }
  }

  function verdicts(): Judged {
    const decided = new Map<RequirementId, Verdict>()
    const capabilities = new Map<Capability, CapabilityState>()
    const context: Context = { ...options, byId, tallies, last, recorded, decided, capabilities }
    for (const requirement of options.catalogue)
      if ('gates' in requirement) decided.set(requirement.id, decideGate(requirement, context))
    for (const requirement of options.catalogue) decide(requirement, context)
    const wanted = options.catalogue.filter(({ id }) => options.selected?.has(id) ?? true)
    return {
      verdicts: wanted.flatMap(({ id }) => {
        const verdict = decided.get(id)
        return verdict ? [anchored ? verdict : unanchored(verdict)] : []
      }),
      capabilities: Object.fromEntries(capabilities),
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

interface Context extends JudgeOptions {
  readonly byId: ReadonlyMap<RequirementId, Requirement>
  readonly tallies: ReadonlyMap<RequirementId, Tally>
  readonly last: ReadonlyMap<string, Exchange>
  readonly recorded: boolean
  readonly decided: Map<RequirementId, Verdict>
  readonly capabilities: Map<Capability, CapabilityState>
}

function namesRead(catalogue: readonly Requirement[]): ReadonlySet<string> {
  return new Set(
    catalogue.flatMap((requirement) =>
      'reads' in requirement ? Object.keys(requirement.reads) : 'gates' in requirement ? requirement.probe : [],
    ),
  )
}

function count(tally: Tally, on: OnExchange, fixture: string): void {
  if (on.is === 'holds') tally.holds++
  else if (on.is === 'blocked') for (const id of on.by) tally.blockedBy.add(id)
  else if (on.is === 'no-subject') {
    if (on.why !== 'nothing-of-its-kind') tally.absent = on.why
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
  const result = judgeExchange(requirement, exchange, byId, seen)
  seen.set(requirement.id, result)
  return result
}

function judgeExchange(
  requirement: Requirement,
  exchange: Exchange,
  byId: ReadonlyMap<RequirementId, Requirement>,
  seen: Map<RequirementId, OnExchange>,
): OnExchange {
  if ('vouches' in requirement) {
    const view = see(exchange, requirement.vouches)
    if (view.is === 'there') return { is: 'holds' }
    if (view.is === 'absent') return { is: 'no-subject', why: view.why }
    const own = view.refusals.filter(({ by }) => by === requirement.id)
    if (own.length > 0) return { is: 'broken', findings: own.map(({ finding }) => finding) }
    return { is: 'blocked', by: view.refusals.map(({ by }) => by) }
  }
  if (!('every' in requirement)) return { is: 'no-subject', why: 'nothing-of-its-kind' }
  const view = see(exchange, requirement.every)
  if (view.is === 'absent') return { is: 'no-subject', why: view.why }
  if (view.is === 'refused') return { is: 'blocked', by: view.refusals.map(({ by }) => by) }
  if (requirement.where && !requirement.where(view.value, exchange))
    return { is: 'no-subject', why: 'nothing-of-its-kind' }
  const inTheWay = (requirement.after ?? []).filter((id) => {
    const prerequisite = byId.get(id)
    if (!prerequisite) return false
    const on = onExchange(prerequisite, exchange, byId, seen).is
    return on === 'broken' || on === 'blocked'
  })
  if (inTheWay.length > 0) return { is: 'blocked', by: inTheWay }
  const findings = [...requirement.check(view.value, exchange)]
  return findings.length > 0 ? { is: 'broken', findings } : { is: 'holds' }
}

/** The verdict on one requirement, and before it those it comes after. */
function decide(requirement: Requirement, context: Context): Verdict {
  const known = context.decided.get(requirement.id)
  if (known) return known
  const verdict = 'reads' in requirement ? decideReads(requirement, context) : decideTally(requirement, context)
  context.decided.set(requirement.id, verdict)
  return verdict
}

function decideTally(requirement: Requirement, context: Context): Verdict {
  const tally = context.tallies.get(requirement.id)
  if (!tally) return unjudged(requirement, 'nothing-of-its-kind')
  if (tally.findings.length > 0) return judged(requirement, tally.findings)
  if (tally.blockedBy.size > 0) return unjudged(requirement, 'prerequisite', [...tally.blockedBy])
  if (tally.holds > 0) return judged(requirement, [])
  if (requirement.capability && isDeclined(requirement.capability, context)) return notApplicable(requirement)
  return unjudged(requirement, tally.absent)
}

function decideReads(requirement: Requirement & { reads: object }, context: Context): Verdict {
  if (!('reads' in requirement) || !('check' in requirement)) return unjudged(requirement, 'nothing-of-its-kind')
  const values: Record<string, unknown> = {}
  const exchanges: Record<string, Exchange> = {}
  const blockedBy = new Set<RequirementId>()
  for (const [name, view] of Object.entries(requirement.reads)) {
    if (view === undefined) continue
    const exchange = context.last.get(name)
    if (!exchange) {
      if (needsOf(name, context).some((capability) => isDeclined(capability, context)))
        return notApplicable(requirement)
      return unjudged(requirement, context.recorded ? 'not-recorded' : 'not-asked')
    }
    if (exchange.needs.some((capability) => isDeclined(capability, context))) return notApplicable(requirement)
    const unanswered = withoutAnswer(exchange)
    if (unanswered) return unjudged(requirement, unanswered)
    const seen = see(exchange, view)
    if (seen.is === 'absent') for (const id of readersOfAnswer(name, context)) blockedBy.add(id)
    if (seen.is === 'absent' && blockedBy.size === 0) return unjudged(requirement, seen.why)
    if (seen.is === 'refused') for (const { by } of seen.refusals) blockedBy.add(by)
    if (seen.is !== 'there') continue
    if (view !== 'answer' && settling(exchange) && !reached(exchange)) return unjudged(requirement, 'model')
    values[name] = seen.value
    exchanges[name] = exchange
  }
  if (blockedBy.size > 0) return unjudged(requirement, 'prerequisite', [...blockedBy])
  for (const id of requirement.after ?? []) {
    const inTheWay = prerequisite(id, Object.values(exchanges), context)
    if (inTheWay) return { ...inTheWay, id: requirement.id, level: requirement.level, profile: requirement.profile }
  }
  const check = requirement.check as (read: object, exchanges: object) => Iterable<PlacedFinding>
  return judged(requirement, [...check(values, exchanges)])
}

/** What stands in the way of a requirement that comes after `id`: null when that holds. */
function prerequisite(id: RequirementId, exchanges: readonly Exchange[], context: Context): Verdict | null {
  const requirement = context.byId.get(id)
  if (!requirement) return null
  if ('every' in requirement || 'vouches' in requirement) {
    const bad = exchanges.some((exchange) => {
      const on = onExchange(requirement, exchange, context.byId, new Map()).is
      return on === 'broken' || on === 'blocked'
    })
    return bad ? unjudged(requirement, 'prerequisite', [id]) : null
  }
  const verdict = decide(requirement, context)
  if (verdict.outcome === 'not-applicable') return verdict
  if (verdict.outcome === 'unjudged') return { ...verdict, blockedBy: [id] }
  if (verdict.findings.length === 0) return null
  // A control is a may: where the model does not meet it, the model is the reason, not the gateway.
  return unjudged(requirement, requirement.level === 'may' ? 'model' : 'prerequisite', [id])
}

function decideGate(requirement: Requirement & GatesSubject, context: Context): Verdict {
  const { gates: capability, probe } = requirement
  const set = (state: CapabilityState, verdict: Verdict): Verdict => {
    context.capabilities.set(capability, state)
    return verdict
  }
  const required = context.required?.has(capability) ?? false
  if (context.lacks?.has(capability) && !required) return set('declined', notApplicable(requirement))
  const exchanges = probe.flatMap((name) => context.last.get(name) ?? [])
  const first = context.last.get(probe[0])
  if (!first) {
    const above = needsOf(probe[0], context).find((other) => other !== capability && isDeclined(other, context))
    if (above && !required) return set('declined', notApplicable(requirement))
    return set('not-asked', unjudged(requirement, context.recorded ? 'not-recorded' : 'not-asked'))
  }
  const unanswered = exchanges.map(withoutAnswer).find((why) => why !== null)
  if (unanswered) return set('not-shown', unjudged(requirement, unanswered))
  if (declines(first, requirement)) {
    if (!required) return set('declined', notApplicable(requirement))
    const expected = `200, since ${capability} is required`
    return set(
      'declined',
      judged(requirement, [{ fixture: first.fixture, at: 'status', expected, actual: status(first) }]),
    )
  }
  const refused = exchanges.flatMap((exchange) => {
    const finding = refusal(exchange)
    return finding ? [{ ...finding, fixture: exchange.fixture }] : []
  })
  if (refused.length > 0) return set('broken', judged(requirement, refused))
  const unread = exchanges.flatMap((exchange) => {
    const seen = settling(exchange) ? see(exchange, 'message') : null
    return seen?.is === 'refused' ? seen.refusals.map(({ by }) => by) : []
  })
  if (unread.length > 0) return set('broken', unjudged(requirement, 'prerequisite', [...new Set(unread)]))
  const settled = exchanges.filter((exchange) => !settling(exchange) || reached(exchange))
  const unsettled = exchanges.filter((exchange) => !settled.includes(exchange))
  if (unsettled.length === 0) return set('shown', judged(requirement, []))
  const proven = settled.length > 0 && !requirement.mayStaySilent
  if (!required && !proven) return set('not-shown', unjudged(requirement, 'model'))
  const findings = unsettled.map((exchange) => ({
    fixture: exchange.fixture,
    at: 'answer',
    expected: `${exchange.settles}, ${required ? `since ${capability} is required` : 'as in the other mode'}`,
    actual: 'none, in two tries',
  }))
  return set('broken', judged(requirement, findings))
}

/** Capabilities of an exchange that is not on the tape: those of its fixture, as the gates know it. */
function needsOf(name: string, context: Context): readonly Capability[] {
  return context.needsOf?.(name) ?? []
}

function isDeclined(capability: string, context: Context): boolean {
  return context.capabilities.get(capability as Capability) === 'declined'
}

function status(exchange: Exchange): string {
  return exchange.came.kind === 'answer' ? String(exchange.came.status) : 'no answer'
}

function readersOfAnswer(name: string, context: Context): RequirementId[] {
  return context.catalogue
    .filter((requirement) =>
      'reads' in requirement
        ? (requirement.reads as Record<string, string>)[name] === 'answer'
        : 'gates' in requirement && (requirement.probe as readonly string[]).includes(name),
    )
    .map(({ id }) => id)
}

function judged(requirement: Requirement, findings: readonly PlacedFinding[]): Verdict {
  const outcome = requirement.level === 'may' ? 'noted' : findings.length > 0 ? 'broken' : 'holds'
  return { ...head(requirement), outcome, why: null, blockedBy: [], findings: findings.slice(0, mostFindings) }
}

function unjudged(requirement: Requirement, why: UnjudgedWhy, blockedBy: readonly RequirementId[] = []): Verdict {
  return { ...head(requirement), outcome: 'unjudged', why, blockedBy, findings: [] }
}

function notApplicable(requirement: Requirement): Verdict {
  return { ...head(requirement), outcome: 'not-applicable', why: null, blockedBy: [], findings: [] }
}

/** Nothing holds on a tape without one valid Message: an endless 401 or an empty object keeps no promise. */
function unanchored(verdict: Verdict): Verdict {
  if (verdict.outcome !== 'holds' && verdict.outcome !== 'noted') return verdict
  return { ...verdict, outcome: 'unjudged', why: 'prerequisite', findings: [] }
}

function head({ id, level, profile }: Requirement): Pick<Verdict, 'id' | 'level' | 'profile'> {
  return { id, level, profile }
}
