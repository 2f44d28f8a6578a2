import type { Capability, CapabilityState, Dialect } from '../../../schemas/types.ts'
import type { RequirementId } from '../../ids.ts'
import { asked } from '../views/asked.ts'
import { mostFindings } from '../views/finding.ts'
import { dialectBehind } from '../views/dialect.ts'
import { ofErrorEvents, withoutAnswer } from '../views/served.ts'
import { isAnchor, see, type Views } from '../views/views.ts'
import { inStream, quirkOf, underQuirk, type Exchange } from '../wire/exchange.ts'
import { decideGate, isDeclined } from './gate.ts'
import { onExchange } from './on-exchange.ts'
import { overEach, type OverEach } from './over-each.ts'
import { decideReads } from './reads.ts'
import type { Requirement } from './requirement.ts'
import { provenStates } from './shown.ts'
import { withQuirks, type UnderQuirk } from './under-quirks.ts'
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

export type { PlacedFinding, Verdict }

export interface Judged {
  readonly verdicts: readonly Verdict[]
  readonly capabilities: Readonly<Record<string, CapabilityState>>
  /** The places among those that it is said to change at which it did change something. */
  readonly changed: readonly string[]
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
  /** Requirements that are not applicable to this target, whatever its tape holds. */
  readonly exempt?: ReadonlySet<RequirementId>
  /** Whether the request of an exchange is wrong on purpose. */
  readonly isWrong?: (name: string) => boolean
  /** The places that a gateway is said to change on purpose in what passes through it. */
  readonly changes?: readonly string[]
  /** The exchange whose turn an exchange sends back. */
  readonly followedBy?: (name: string) => string | undefined
}

interface Judging {
  add(exchange: Exchange): void
  verdicts(): Judged
}

/**
 * Judges a tape, exchange by exchange, and keeps only what later verdicts need: so it works on a recording of any length.
 * `add` each exchange in the order of the tape, then ask for `verdicts` once. What was asked under a quirk of the upstream is
 * judged beside the rest, a tape a quirk: a requirement that breaks on one is broken.
 */
export function judging(options: JudgeOptions): Judging {
  const usual = judgingUsual(options)
  // A few exchanges that we planned; nobody else's recording holds any.
  const quirks = new Map<string, Exchange[]>()
  return {
    add(exchange) {
      const { name, quirk } = exchange.origin === 'gathered' ? quirkOf(exchange.fixture) : { name: '', quirk: null }
      if (quirk === null) usual.add(exchange)
      else quirks.set(quirk, [...(quirks.get(quirk) ?? []), { ...exchange, fixture: name }])
    },
    verdicts() {
      const judged = usual.verdicts()
      const shown = Object.entries(judged.capabilities).flatMap(([name, state]) => (state === 'shown' ? [name] : []))
      // What is offered otherwise has to be offered under a quirk too.
      const required = new Set([...(options.required ?? []), ...(shown as Capability[])])
      const under = [...quirks].map(([quirk, tape]) => judgedUnder(quirk, tape, { ...options, required }))
      return {
        ...judged,
        verdicts: judged.verdicts.map((verdict) => withQuirks(verdict, under)),
        changed: [...new Set([judged, ...under].flatMap(({ changed }) => changed))],
        failures: [judged, ...under].flatMap(({ failures }) => failures).slice(0, mostFindings),
      }
    },
  }
}

function judgedUnder(quirk: string, tape: readonly Exchange[], options: JudgeOptions): Judged & UnderQuirk {
  const last = new Map(tape.map((exchange) => [exchange.fixture, exchange]))
  const state = judgingUsual(options)
  for (const exchange of tape) state.add(exchange)
  const unanswered = [...last.values()].flatMap((exchange) => {
    const why = withoutAnswer(exchange)
    return why === null ? [] : [{ fixture: exchange.fixture, why, blockedBy: [] }]
  })
  return { ...state.verdicts(), unanswered, nameOf: (name) => (last.has(name) ? underQuirk(name, quirk) : null) }
}

/** Judges what was asked while the upstream spoke in one way. */
function judgingUsual(options: JudgeOptions): Judging {
  const byId = new Map(options.catalogue.map((requirement) => [requirement.id, requirement]))
  const each = overEach(options.catalogue)
  const all = [...each.values()].map((one) => ({ one, tally: newTally(one) }))
  const tallies = new Map(all.map(({ one, tally }) => [one.id, tally]))
  const concerned = {
    valid: byView(all),
    wrong: byView(all.filter(({ one }) => readsWrong(one))),
    failing: byView(all.filter(({ one }) => readsFailures(one))),
  }
  const kept = namesRead(options.catalogue)
  const last = new Map<string, Exchange>()
  const failures: JudgingFailure[] = []
  const fail = (id: RequirementId, error: unknown): void => {
    if (failures.length < mostFindings) failures.push({ id, error })
  }
  const dialects = new Set<Dialect>()
  const declared = options.changes ?? []
  const changed = new Set<string>()
  let anchored = false
  let recorded = false

  function add(exchange: Exchange): void {
    if (exchange.origin === 'waiting') return
    if (exchange.origin === 'recorded') recorded = true
    else if (kept.has(exchange.fixture)) last.set(exchange.fixture, exchange)
    // It has a format of its own.
    if (asked(exchange).endpoint === 'chat-completions') return
    const dialect = dialectBehind(exchange)
    if (dialect) dialects.add(dialect)
    const isWrong = exchange.origin === 'gathered' && (options.isWrong?.(exchange.fixture) ?? false)
    const kind = exchange.upstream ? 'failing' : isWrong ? 'wrong' : 'valid'
    anchored ||= kind === 'valid' && holdsMessage(exchange)
    const seen = new Map<RequirementId, OnExchange>()
    for (const { view, judgedBy } of concerned[kind]) {
      const absent = absentFrom(exchange, view)
      for (const { one, tally } of judgedBy) {
        const on = absent ?? onPurpose(one, onExchange(one, exchange, each, seen))
        count(tally, on, exchange.fixture)
        if (on.is === 'failed') fail(one.id, on.error)
      }
    }
  }

  /** What came of a requirement on an exchange, where what was changed on purpose is no breach. */
  function onPurpose({ view }: OverEach, on: OnExchange): OnExchange {
    if (on.is !== 'broken' || view !== 'passage' || declared.length === 0) return on
    const findings = on.findings.filter(({ at }) => {
      const own = declared.filter((field) => covers(field, at))
      for (const field of own) changed.add(field)
      return own.length === 0
    })
    return findings.length > 0 ? { is: 'broken', findings } : { is: 'holds' }
  }

  function verdicts(): Judged {
    const context: Context = {
      ...options,
      byId,
      each,
      tallies,
      last,
      recorded,
      isBeyond: ({ beyond }) => dialects.size > 0 && [...dialects].every((dialect) => beyond?.[dialect] !== undefined),
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
    const proven = provenStates(all, context)
    for (const gate of options.catalogue)
      if ('gates' in gate && context.capabilities.get(gate.gates) === 'shown')
        context.capabilities.set(gate.gates, proven(gate))
    const broken = all.filter(({ outcome, level }) => outcome === 'broken' && level === 'must').map(({ id }) => id)
    const wanted = all.filter(({ id }) => options.selected?.has(id) ?? true)
    return {
      verdicts: anchored ? wanted : wanted.map((verdict) => unanchored(verdict, broken)),
      capabilities: Object.fromEntries(context.capabilities),
      changed: [...changed],
      failures,
    }
  }

  return { add, verdicts }
}

/** Whether a place is a field, or lies below it: `/max_tokens` is the field max_tokens. */
function covers(field: string, at: string): boolean {
  const place = at.replace(/^\//, '')
  return place === field || place.startsWith(`${field}/`)
}

/** A requirement that is judged on each exchange, and what came of it so far. */
interface Tallied {
  readonly one: OverEach
  readonly tally: Tally
}

/** All that is judged by a view. */
interface ByView {
  readonly view: keyof Views
  readonly judgedBy: readonly Tallied[]
}

function byView(all: readonly Tallied[]): readonly ByView[] {
  const views = new Set(all.map(({ one }) => one.view))
  return [...views].map((view) => ({ view, judgedBy: all.filter(({ one }) => one.view === view) }))
}

function newTally({ view }: OverEach): Tally {
  return {
    byPlace: view === 'passage',
    holds: 0,
    broken: 0,
    blocked: 0,
    silent: new Map(),
    findings: [],
    blockedBy: new Set(),
    absent: 'nothing-of-its-kind',
    failed: false,
  }
}

/** What every requirement that is judged by a view comes to where the exchange is not of that kind; null where it is. */
function absentFrom(exchange: Exchange, view: keyof Views): OnExchange | null {
  try {
    const seen = see(exchange, view)
    return seen.is === 'absent' ? { is: 'no-subject', why: seen.why } : null
  } catch {
    // Each of them fails by itself, by this mistake of ours.
    return null
  }
}

/**
 * What is answered to a request that is wrong on purpose is judged as an answer, and by requirements about such requests: what a
 * lenient gateway makes of it breaks nobody's client.
 */
function readsWrong({ requirement, view }: OverEach): boolean {
  return requirement.ofWrong === true || view === 'answer' || view === 'text' || view === 'error'
}

/** Where the upstream was made to fail, nothing is to be expected but that, said as an error is said; and what it said itself. */
function readsFailures({ id, view }: OverEach): boolean {
  return view === 'passage' || view === 'error' || ofErrorEvents.has(id)
}

/** Judges a whole tape at once. */
export function judge(tape: Iterable<Exchange>, options: JudgeOptions): Judged {
  const state = judging(options)
  for (const exchange of tape) state.add(exchange)
  return state.verdicts()
}

/** What is asked in JSON may be read in the stream of the same question. */
function namesRead(catalogue: readonly Requirement[]): ReadonlySet<string> {
  const names = catalogue.flatMap((requirement) =>
    'reads' in requirement ? Object.keys(requirement.reads) : 'gates' in requirement ? requirement.probe : [],
  )
  return new Set([...names, ...names.map(inStream)])
}

/** Where reading fails by a mistake of ours, the requirements say so. */
function holdsMessage(exchange: Exchange): boolean {
  try {
    return isAnchor(exchange)
  } catch {
    return false
  }
}

function count(tally: Tally, on: OnExchange, fixture: string): void {
  if (on.is !== 'no-subject') tally.silent.delete(fixture)
  switch (on.is) {
    case 'holds':
      tally.holds++
      break
    case 'blocked':
      tally.blocked++
      for (const id of on.by) tally.blockedBy.add(id)
      break
    case 'no-subject':
      if (on.why === 'no-answer' || on.why === 'rate-limited') tally.silent.set(fixture, on.why)
      else {
        tally.silent.delete(fixture)
        if (on.why !== 'nothing-of-its-kind' && tally.absent !== 'not-recorded') tally.absent = on.why
      }
      break
    case 'failed':
      tally.failed = true
      break
    case 'broken':
      tally.broken++
      for (const finding of on.findings)
        if (
          tally.findings.length < mostFindings &&
          !(tally.byPlace && tally.findings.some(({ at }) => at === finding.at))
        )
          tally.findings.push({ ...finding, fixture })
  }
}

/** The verdict on one requirement, and before it those it comes after. */
function decide(requirement: Requirement, context: Context): Verdict {
  const known = context.decided.get(requirement.id)
  if (known) return known
  const verdict = safely(requirement, context, () =>
    context.exempt?.has(requirement.id) || context.isBeyond(requirement)
      ? notApplicable(requirement)
      : 'reads' in requirement
        ? decideReads(requirement, context, (before) => decide(before, context))
        : decideTally(requirement, context),
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
  const { holds, broken, blocked, silent } = tally
  const unanswered = [...silent].map(([fixture, why]) => ({ fixture, why, blockedBy: [] }))
  const counts = { holds, broken, blocked, silent: unanswered }
  if (tally.findings.length > 0) return { ...judged(requirement, tally.findings), counts }
  // What the tape withholds was judged once, and may have been the one exchange that breaks it.
  if (tally.absent === 'not-recorded') return { ...unjudged(requirement, 'not-recorded'), counts }
  if (holds > 0) return { ...judged(requirement, []), counts }
  if (tally.blockedBy.size > 0) return { ...unjudged(requirement, 'prerequisite', tally.blockedBy), counts }
  if (requirement.capability && isDeclined(requirement.capability, context)) return notApplicable(requirement)
  // What no later try answered may have been of its kind.
  return unjudged(requirement, [...silent.values()].at(-1) ?? tally.absent)
}
