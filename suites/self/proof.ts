import type { PricedFixture } from '../../fixtures/fixture.ts'
import { requests } from '../../fixtures/requests.ts'
import type { Gateway } from '../../fixtures/gateways/answer.ts'
import type { Fault } from '../../fixtures/gateways/fault.ts'
import { defaultKey } from '../../fixtures/gateways/reference/identity.ts'
import { createReference } from '../../fixtures/gateways/reference/reference.ts'
import { relay } from '../../fixtures/gateways/relays/relay.ts'
import { translator } from '../../fixtures/gateways/relays/translator/translator.ts'
import { serve } from '../../fixtures/gateways/serve.ts'

import type { Exchange, Transport } from '../harness/wire/exchange.ts'
import type { Side } from '../harness/compare/compare.ts'
import { collecting } from '../harness/compare/drift.ts'
import type { Behind } from '../harness/gather/behind.ts'
import { gather } from '../harness/gather/gather.ts'
import { usualLimits } from '../harness/gather/limits.ts'
import { inProcess } from '../harness/wire/in-process.ts'
import { judge, type Judged, type Verdict } from '../harness/judge/judge.ts'
import { redactor } from '../harness/tape/redact.ts'
import { judgeOptions } from '../run/judging.ts'
import { planFor, wholeProfile, type Selection } from '../run/selection.ts'
import { upstreamSeen } from '../run/upstream-seen.ts'
import { overHttp } from '../harness/wire/transport.ts'
import { referenceTarget } from '../run/reference-target.ts'

/** Everything there is, but for requests that are long: those are asked where they matter. */
export const everything: Selection = { ...wholeProfile('full'), upstream: 'reference', compareChat: true }
/** The same, where the upstream behind the gateway is ours as well. */
export const bothSides: Selection = { ...everything, dialect: 'messages' }
export const behindChat: Selection = { ...everything, dialect: 'chat-completions' }
export const everythingLong: Selection = { ...everything, allowLong: true }

/** How a gateway is asked: over a socket, of what, and with which differences to the usual run. */
export interface How {
  readonly socket?: boolean | undefined
  readonly selection?: Selection | undefined
  /** What is asked, in place of the suite's own requests. */
  readonly fixtures?: Readonly<Record<string, PricedFixture>> | undefined
  readonly run?: Fault['run'] | undefined
  /** The upstream, where it is ours and shows what reaches it. */
  readonly behind?: Behind | undefined
}

/** What a gateway says to the whole catalogue, preflight off, over a socket only where it shows nowhere else. */
export async function tapeOf(gateway: Gateway, options: How = {}): Promise<readonly Exchange[]> {
  if (!options.socket) return record(inProcess(gateway), 'http://reference.invalid', options)
  const server = await serve(gateway)
  const transport = overHttp({})
  try {
    return await record(transport, server.url, options)
  } finally {
    await transport.close()
    await server.close()
  }
}

/** Gathers the whole catalogue through a transport, preflight off. */
export async function record(
  transport: Transport,
  baseUrl: string,
  { selection = everything, fixtures = requests, run = {}, behind }: Omit<How, 'socket'> = {},
): Promise<readonly Exchange[]> {
  const tape: Exchange[] = []
  const { failure } = await gather({
    plan: planFor(selection, fixtures),
    target: { ...referenceTarget(baseUrl), ...run },
    transport,
    // In process, time is what gateways declare, and a minute passes at once. On a socket it is real, and only what hangs takes so much.
    limits: { ...usualLimits, idleTimeout: 120_000, patience: 1 },
    redactor: redactor([defaultKey]),
    record: (exchange) => tape.push(exchange),
    ...(behind && { behind }),
    signal: new AbortController().signal,
    sleep: () => Promise.resolve(),
  })
  // A gateway of ours that throws is no gateway: what is left out would pass for what holds.
  if (failure !== undefined) throw failure
  return tape
}

/** What a relay says to the whole catalogue, and what of that reaches its upstream: `over` stands in front of the faithful one. */
export function relayed(over: (inner: Gateway) => Gateway = (inner) => inner): Promise<readonly Exchange[]> {
  const { gateway, ...seen } = upstreamSeen('messages')
  return tapeOf(over(relay(gateway)), { selection: bothSides, behind: { ...seen, url: 'http://upstream.invalid' } })
}

/** What a translator says to the whole catalogue, and what of that reaches its upstream. */
export function translated(
  { front = same, behind = same, quirk }: Translating = {},
  selection = behindChat,
): Promise<readonly Exchange[]> {
  const { gateway, speak, ...seen } = upstreamSeen('chat-completions', quirk)
  return tapeOf(front(translator(behind(gateway))), {
    selection,
    behind: { ...seen, url: 'http://upstream.invalid', ...(quirk === undefined && { speak }) },
  })
}

/** What stands around the faithful translator. */
interface Translating extends NonNullable<Fault['translator']> {
  /** How its upstream speaks, whatever it is asked; default: as usual, and under each quirk where it is asked to. */
  readonly quirk?: string
}

function same(gateway: Gateway): Gateway {
  return gateway
}

export function judgeTape(tape: readonly Exchange[], selection = everything): Judged {
  return judge(tape, judgeOptions(selection))
}

/** A tape as one of two runs that are compared. */
export function sideOf(tape: readonly Exchange[], selection = everything): Side {
  const collected = collecting()
  for (const exchange of tape) collected.add(exchange)
  return { ...judgeTape(tape, selection), ending: 'complete', features: collected.features() }
}

/** The verdicts on a gateway put in front of the reference. */
export async function verdictsOn(over: (inner: Gateway) => Gateway, options: How = {}): Promise<readonly Verdict[]> {
  const tape = await tapeOf(over(createReference()), options)
  return judgeTape(tape, options.selection).verdicts
}

export function brokenOf(verdicts: readonly Verdict[]): readonly string[] {
  return verdicts.filter(({ outcome }) => outcome === 'broken').map(({ id }) => id)
}

/** Verdicts that are unjudged because of others, none of which ends in a break: something hides there. */
export function looseEnds(verdicts: readonly Verdict[]): readonly string[] {
  const byId = new Map(verdicts.map((verdict) => [verdict.id, verdict]))
  const endsInBreak = (verdict: Verdict, seen = new Set<string>()): boolean =>
    verdict.blockedBy.some((id) => {
      const before = byId.get(id)
      if (!before || seen.has(id)) return false
      if (before.outcome === 'broken' || (before.level === 'may' && before.findings.length > 0)) return true
      return endsInBreak(before, seen.add(id))
    })
  return verdicts.filter((verdict) => verdict.why === 'prerequisite' && !endsInBreak(verdict)).map(({ id }) => id)
}
