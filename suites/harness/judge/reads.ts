import type { UnjudgedWhy } from '../../../schemas/types.ts'
import type { RequirementId } from '../../ids.ts'
import { proves } from '../views/canaries.ts'
import { takeFindings } from '../views/finding.ts'
import { attempt, without } from '../views/holes.ts'
import type { PlacedFinding } from '../views/placed.ts'
import { unsendable } from '../views/raw-content.ts'
import { foundOfError, withoutAnswer } from '../views/served.ts'
import { settled } from '../views/settles.ts'
import { see, type Views } from '../views/views.ts'
import { inStream, isStream, type Exchange } from '../wire/exchange.ts'
import { isDeclined } from './gate.ts'
import { inTheWayOf } from './on-exchange.ts'
import type { ReadsSubject, Requirement } from './requirement.ts'
import { judged, notApplicable, unjudged, type Context, type UnreadExchange, type Verdict } from './verdict.ts'

/** Why one of the exchanges that a requirement reads could not be read. */
interface Unread {
  readonly why: UnjudgedWhy
  readonly by: readonly RequirementId[]
}

interface Read {
  readonly value: unknown
  readonly exchange: Exchange
}

/** What there is of the exchanges that a requirement reads. */
interface Readings {
  readonly read: ReadonlyMap<string, Read>
  readonly unread: ReadonlyMap<string, Unread>
  readonly declined: readonly string[]
}

/**
 * The verdict on a requirement that reads exchanges by name: what was answered is judged, and the verdict lists the rest.
 * `decide`: the verdict on another requirement, which this one comes after.
 */
export function decideReads(
  requirement: Requirement & ReadsSubject,
  context: Context,
  decide: (before: Requirement) => Verdict,
): Verdict {
  const readings = readAll(requirement, context)
  const { read, unread } = readings
  if (read.size === 0) return unread.size > 0 ? unreadVerdict(requirement, unread) : notApplicable(requirement)
  for (const id of requirement.after ?? []) {
    const inTheWay = standsInTheWay(id, requirement, context, decide)
    if (inTheWay) return inTheWay
  }
  return judgeRead(requirement, readings)
}

function readAll(requirement: Requirement & ReadsSubject, context: Context): Readings {
  const read = new Map<string, Read>()
  const unread = new Map<string, Unread>()
  const declined: string[] = []
  for (const [name, view] of Object.entries(requirement.reads)) {
    if (view === undefined) continue
    const one = readInEitherMode(requirement, name, view, context)
    if (one === 'declined') declined.push(name)
    else if ('why' in one) unread.set(name, one)
    else read.set(name, one)
  }
  return { read, unread, declined }
}

/** Views that are of an exchange, in whichever mode it was asked. */
const ofEitherMode: ReadonlySet<keyof Views> = new Set<keyof Views>(['message', 'answer'])

/** One exchange, or the stream of the same question where its JSON cannot be read; unless the requirement compares the two. */
function readInEitherMode(
  requirement: Requirement & ReadsSubject,
  name: string,
  view: keyof Views,
  context: Context,
): 'declined' | Unread | Read {
  const one = readOne(requirement, name, view, context)
  if (one === 'declined' || !('why' in one) || one.why !== 'prerequisite') return one
  const twin = inStream(name)
  if (!ofEitherMode.has(view) || Object.hasOwn(requirement.reads, twin) || !context.last.has(twin)) return one
  const streamed = readOne(requirement, twin, view, context)
  return streamed === 'declined' || 'why' in streamed ? one : streamed
}

/** One exchange, as the view demanded of it; or why it cannot be read. */
function readOne(
  requirement: Requirement & ReadsSubject,
  name: string,
  view: keyof Views,
  context: Context,
): 'declined' | Unread | Read {
  const exchange = context.last.get(name)
  if (!exchange) return missing(requirement, name, context)
  if (exchange.needs.some((capability) => isDeclined(capability, context))) return 'declined'
  const silence = exchange.upstream && exchange.came.kind === 'answer' ? null : withoutAnswer(exchange)
  if (silence) return { why: silence, by: [] }
  const seen = see(exchange, view)
  if (seen.is === 'refused') return { why: 'prerequisite', by: seen.refusals.map(({ by }) => by) }
  if (seen.is === 'absent' && seen.why === 'not-recorded') return { why: 'not-recorded', by: [] }
  if (seen.is === 'absent') return blockedBy(unserved(exchange, requirement, context)) ?? { why: seen.why, by: [] }
  if (view !== 'answer') {
    const got = attempt(() => isReached(exchange))
    // Whether a canary was met may be what cannot be told: the check will come to that hole, or it will not.
    if (!got.ok && exchange.settles) return { why: 'prerequisite', by: got.by }
    if (got.ok && !got.value) return { why: 'model', by: [] }
  }
  const inTheWay = blockedBy(inTheWayOf(requirement.after ?? [], exchange, context.each, new Map()))
  return inTheWay ?? excused(requirement, name, seen.value, exchange) ?? { value: seen.value, exchange }
}

/** Why one exchange says nothing though it can be read: the model did not do in it what could be judged. */
function excused(requirement: ReadsSubject, name: string, value: unknown, exchange: Exchange): Unread | null {
  const told = attempt(() => requirement.unlessIn?.(value as never, exchange, name as never) ?? false)
  if (!told.ok) return { why: 'prerequisite', by: told.by }
  return told.value ? { why: 'model', by: [] } : null
}

function blockedBy(by: readonly RequirementId[]): Unread | null {
  return by.length > 0 ? { why: 'prerequisite', by } : null
}

/** Who found that an exchange was not served: who found its error event wrong, or those who judge whether it was served. */
function unserved(exchange: Exchange, requirement: Requirement, context: Context): readonly RequirementId[] {
  const own = foundOfError(exchange)
  return own.length > 0 ? own : readersOfAnswer(exchange.fixture, requirement, context)
}

/** Whether a model did what the exchange is about, or at least was not kept from it. Reads holes. */
function isReached(exchange: Exchange): boolean {
  const message = see(exchange, 'message')
  if (message.is !== 'there') return exchange.settles === undefined
  return settled(exchange, message.value) && proves(message.value, exchange)
}

/** An exchange that is not on the tape: declined, never asked, or there was no turn to send back. */
function missing(requirement: Requirement, name: string, context: Context): 'declined' | Unread {
  const needs = context.needsOf?.(name) ?? []
  if (needs.some((capability) => isDeclined(capability, context))) return 'declined'
  const before = context.followedBy?.(name)
  if (before === undefined) return { why: context.recorded ? 'not-recorded' : 'not-asked', by: [] }
  const exchange = context.last.get(before)
  if (!exchange) return missing(requirement, before, context)
  const silence = withoutAnswer(exchange)
  if (silence) return { why: silence, by: [] }
  const unsent = blockedBy(unsendable(exchange))
  if (unsent) return unsent
  const message = see(exchange, 'message')
  if (message.is === 'refused') return { why: 'prerequisite', by: message.refusals.map(({ by }) => by) }
  if (message.is === 'absent' && message.why === 'not-recorded') return { why: 'not-recorded', by: [] }
  if (message.is === 'absent')
    return blockedBy(unserved(exchange, requirement, context)) ?? { why: message.why, by: [] }
  const told = attempt(() => settled(exchange, message.value))
  return told.ok ? { why: 'model', by: [] } : { why: 'prerequisite', by: told.by }
}

/** The requirements that judge whether an exchange was served. */
function readersOfAnswer(name: string, self: Requirement, { catalogue }: Context): RequirementId[] {
  const reads = (requirement: Requirement): boolean =>
    'reads' in requirement
      ? Object.entries(requirement.reads).some(([other, view]) => other === name && view === 'answer')
      : 'gates' in requirement && requirement.probe.some((other) => other === name)
  return catalogue.filter((requirement) => requirement.id !== self.id && reads(requirement)).map(({ id }) => id)
}

/** The verdict on a requirement that comes after `id`, where the verdict on that stands in its way; null where it does not. */
function standsInTheWay(
  id: RequirementId,
  requirement: Requirement & ReadsSubject,
  { byId }: Context,
  decide: (before: Requirement) => Verdict,
): Verdict | null {
  const before = byId.get(id)
  if (!before || 'every' in before || 'vouches' in before) return null
  const verdict = decide(before)
  const { outcome, why, findings } = verdict
  if (outcome === 'not-applicable') return notApplicable(requirement)
  if (why !== null) return unjudged(requirement, why, [id])
  if (findings.length === 0 || holdsInItsMode(requirement, before, verdict)) return null
  // A control is a may: where the model does not meet it, the model is the reason, not the gateway.
  return unjudged(requirement, before.level === 'may' ? 'model' : 'prerequisite', [id])
}

/** Whether a requirement reads one mode only, and what was found by the one before it stands in the other mode alone. */
function holdsInItsMode(
  requirement: Requirement & ReadsSubject,
  before: Requirement,
  { findings, unread = [] }: Verdict,
): boolean {
  const names: readonly string[] = 'reads' in before ? Object.keys(before.reads) : 'gates' in before ? before.probe : []
  const modes = new Set(Object.keys(requirement.reads).map(isStream))
  // What stands for another exchange says nothing of the mode of that.
  if (modes.size > 1 || findings.some(({ fixture }) => !names.includes(fixture))) return false
  const beside = names.filter((name) => modes.has(isStream(name)))
  const isClear = (name: string): boolean => ![...findings, ...unread].some(({ fixture }) => fixture === name)
  return beside.length > 0 && beside.every(isClear)
}

/** Nothing could be read: the first reason that is no other requirement tells why, else those in the way. */
function unreadVerdict(requirement: Requirement, unread: Readings['unread']): Verdict {
  const all = [...unread.values()]
  const alone = all.find(({ by }) => by.length === 0)
  const verdict = alone
    ? unjudged(requirement, alone.why)
    : unjudged(
        requirement,
        'prerequisite',
        all.flatMap(({ by }) => by),
      )
  return { ...verdict, ...listed(unread) }
}

function listed(unread: ReadonlyMap<string, Unread>): { readonly unread?: readonly UnreadExchange[] } {
  if (unread.size === 0) return {}
  return { unread: [...unread].map(([fixture, { why, by }]) => ({ fixture, why, blockedBy: [...new Set(by)] })) }
}

/** What could not be read is a hole, and blocks a check that comes to it; one that went round it is judged by the rest. */
function judgeRead(requirement: Requirement & ReadsSubject, { read, unread, declined }: Readings): Verdict {
  const values: Record<string, unknown> = {}
  const exchanges: Record<string, unknown> = {}
  for (const [name, { value, exchange }] of read) {
    values[name] = value
    exchanges[name] = exchange
  }
  for (const name of [...unread.keys(), ...declined])
    for (const target of [values, exchanges]) without(target, name, unread.get(name)?.by ?? [])
  const excused = attempt(() => requirement.unless?.(values as never, exchanges as never) ?? false)
  if (excused.ok && excused.value) return { ...unjudged(requirement, 'model'), ...listed(unread) }
  const found: PlacedFinding[] = []
  const run = excused.ok
    ? attempt(() => takeFindings(requirement.check(values as never, exchanges as never), found))
    : excused
  const hole = run.ok ? null : run
  const findings = found.map((finding) => ({
    ...finding,
    fixture: read.get(finding.fixture)?.exchange.fixture ?? finding.fixture,
  }))
  const left = new Map(unread)
  for (const [name, by] of hole?.among ?? []) left.set(name, { why: 'prerequisite', by })
  if (findings.length > 0 || !hole || hole.among) return { ...judged(requirement, findings), ...listed(left) }
  if (hole.by.length > 0) return { ...unjudged(requirement, 'prerequisite', hole.by), ...listed(unread) }
  return unread.size > 0 ? unreadVerdict(requirement, unread) : notApplicable(requirement)
}
