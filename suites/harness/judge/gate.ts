import type { Capability, CapabilityState } from '../../../schemas/types.ts'
import { declines } from './declines.ts'
import type { Exchange } from '../wire/exchange.ts'
import type { GatesSubject, Requirement } from './requirement.ts'
import type { PlacedFinding } from '../views/placed.ts'
import { refusal, withoutAnswer } from '../views/served.ts'
import { attempt } from '../views/holes.ts'
import { reached, settled, settling } from '../views/settles.ts'
import type { RequirementId } from '../../ids.ts'
import { judged, notApplicable, unjudged, type Context, type Verdict } from './verdict.ts'
import { see } from '../views/views.ts'

/** The verdict on the gate of a capability, and with it the state of the capability. */
export function decideGate(requirement: Requirement & GatesSubject, context: Context): Verdict {
  const { gates: capability, probe } = requirement
  const [state, verdict] = stateOf(
    requirement,
    probe.flatMap((name) => context.last.get(name) ?? []),
    context,
  )
  context.capabilities.set(capability, state)
  return verdict
}

function stateOf(
  gate: Requirement & GatesSubject,
  exchanges: readonly Exchange[],
  context: Context,
): [state: CapabilityState, verdict: Verdict] {
  const { gates: capability, probe } = gate
  if (context.exempt?.has(gate.id)) return ['not-asked', notApplicable(gate)]
  const required = context.required?.has(capability) ?? false
  if (context.lacks?.has(capability) && !required) return ['declined', notApplicable(gate)]
  const first = context.last.get(probe[0])
  if (!first) {
    if (context.lacks?.has(capability))
      return ['declined', context.recorded ? notApplicable(gate) : judged(gate, [lacked(gate)])]
    const above = (context.needsOf?.(probe[0]) ?? []).some(
      (other) => other !== capability && isDeclined(other, context),
    )
    if (above && !required) return ['declined', notApplicable(gate)]
    return ['not-asked', unjudged(gate, context.recorded ? 'not-recorded' : 'not-asked')]
  }
  const silence = exchanges.map(withoutAnswer).find((why) => why !== null)
  if (silence) return ['not-shown', unjudged(gate, silence)]
  if (declines(first, gate)) {
    if (!required) return ['declined', notApplicable(gate)]
    const finding = { at: 'status', expected: `200, since ${capability} is required`, actual: statusOf(first) }
    return ['declined', judged(gate, [{ ...finding, fixture: first.fixture }])]
  }
  const tries = exchanges.map((exchange) => ({ exchange, tried: attempt(() => refusal(exchange)) }))
  const refused = tries.flatMap(({ exchange, tried }) =>
    tried.ok && tried.value ? [{ ...tried.value, fixture: exchange.fixture }] : [],
  )
  if (refused.length > 0) return ['broken', judged(gate, refused)]
  // The modes that could be read decide.
  const clear = tries.flatMap(({ exchange, tried }) => (tried.ok ? [exchange] : []))
  const unclear = tries.flatMap(({ tried }) => (tried.ok ? [] : tried.by))
  if (clear.length === 0) return ['broken', unjudged(gate, 'prerequisite', unclear)]
  return settledState(gate, clear, required)
}

/** All of it was served; what is left is whether the model showed it. */
function settledState(
  gate: Requirement & GatesSubject,
  exchanges: readonly Exchange[],
  required: boolean,
): [state: CapabilityState, verdict: Verdict] {
  const read = exchanges.filter((exchange) => unreadBy(exchange).length === 0)
  if (read.length === 0) return ['broken', unjudged(gate, 'prerequisite', exchanges.flatMap(unreadBy))]
  const unsettled = read.filter((exchange) => !reached(exchange))
  if (unsettled.length === 0) return ['shown', judged(gate, [])]
  const shownOtherwise = unsettled.length < read.length && !gate.mayStaySilent
  if (!required && !shownOtherwise) return ['not-shown', unjudged(gate, 'model')]
  const because = required ? `since ${gate.gates} is required` : 'as in the other mode'
  const findings = unsettled.map(({ fixture, settles }) => ({
    fixture,
    at: 'answer',
    expected: `${settles}, ${because}`,
    actual: 'none, in two tries',
  }))
  return ['broken', judged(gate, findings)]
}

/** A target is said to lack what is required of it: a refusal that was known before. In recordings nobody was going to ask. */
function lacked({ gates: capability, probe }: GatesSubject): PlacedFinding {
  return {
    fixture: probe[0],
    at: 'lacks',
    expected: `not ${capability}, since ${capability} is required`,
    actual: `${capability}, and so nothing was sent that needs it`,
  }
}

/** Who found that an exchange cannot be read as far as it has to settle something. */
function unreadBy(exchange: Exchange): readonly RequirementId[] {
  const seen = settling(exchange) ? see(exchange, 'message') : null
  if (seen?.is === 'refused') return seen.refusals.map(({ by }) => by)
  const told = seen?.is === 'there' ? attempt(() => settled(exchange, seen.value)) : null
  return told && !told.ok ? told.by : []
}

export function isDeclined(capability: string, { capabilities }: Context): boolean {
  return capabilities.get(capability as Capability) === 'declined'
}

function statusOf({ came }: Exchange): string {
  return came.kind === 'answer' ? String(came.status) : 'no answer'
}
