import { requests } from '../../fixtures/requests.ts'
import type { Diagnosis } from '../../schemas/types.ts'
import { gather, type First, type Gathered, type Progress, type Stop, type ToGather } from '../harness/gather/gather.ts'
import type { Behind } from '../harness/gather/behind.ts'
import type { Limits } from '../harness/gather/limits.ts'
import type { Step } from '../harness/gather/plan.ts'
import { redactor } from '../harness/tape/redact.ts'
import type { Exchange, Transport } from '../harness/wire/exchange.ts'
import type { Target } from '../harness/wire/target.ts'
import { overHttp } from '../harness/wire/transport.ts'
import {
  diagnose,
  diagnoseEnd,
  endingOf,
  isAboutTheModel,
  isAboutThePath,
  ourError,
  withLooks,
  withModels,
} from './diagnose.ts'
import { diagnoseBehind, needsUpstream, neverAsked, type Reached } from './diagnose-behind.ts'
import { lookOf, looksAround, type Look } from './looks.ts'
import { askForModels, modelsIn, modelsListed } from './models-served.ts'
import { secretsOf } from './secrets.ts'
import { concludeFor, judgingFor, type Concluded } from './judging.ts'
import { planFor, type Selection } from './selection.ts'

export interface Examined {
  readonly gathered: Gathered
  readonly outcome: Concluded
  /** Why the run ended before it was done; null where it did not. */
  readonly diagnosis: Diagnosis | null
  /** The target as it was examined in the end: with the other credential header, where only that one was accepted. */
  readonly target: Target
}

interface Watching {
  /** What sends the requests. Default: real sockets. */
  readonly transport?: Transport
  readonly record?: (exchange: Exchange) => void
  readonly progress?: (at: Progress) => void
  /** The upstream behind the gateway, where it is ours. */
  readonly behind?: Behind
  readonly signal: AbortSignal
  readonly today: string
}

/**
 * Plans, gathers, judges and concludes over real sockets: what check and the vitest face both do. Never throws for what a gateway
 * does, nor for a mistake of ours: that is the ending `error`, with a diagnosis.
 */
export async function examine(target: Target, selection: Selection, limits: Limits, on: Watching): Promise<Examined> {
  const judging = judgingFor(selection)
  const plan = planFor(selection, requests)
  const redact = redactor(secretsOf(target))
  // Of the requests that need the upstream: whether there were some, and whether one of them got there.
  let [needed, arrived] = [false, false]
  const found: { first: Diagnosis | null; models: readonly string[] | null; readonly looks: Look[] } = {
    first: null,
    models: null,
    looks: [],
  }
  const seen = on.behind && counting(on.behind)
  const preflight = (first: First): Stop | null => {
    found.first = (seen && diagnoseBehind(first.exchange, target, seen.reached())) ?? diagnose(first, target)
    if (!found.first) return null
    return { ending: endingOf(found.first), asked: askedAfter(found.first) }
  }
  const askedAfter = function* (first: Diagnosis): Iterable<Step> {
    const models = isAboutTheModel(first) ? askForModels() : undefined
    if (models) yield models
    if (isAboutThePath(first, found.models)) yield* looksAround(target.baseUrl)
  }
  const gathered = await gatherOnce(target, limits, on, {
    plan,
    redactor: redact,
    record: (exchange) => {
      if (exchange.fixture === modelsListed) found.models = modelsIn(exchange)
      const look = lookOf(exchange, target.baseUrl)
      if (look) found.looks.push(look)
      needed ||= needsUpstream(exchange)
      arrived ||= (exchange.arrivals ?? []).length > 0
      judging.add(exchange)
      on.record?.(exchange)
    },
    ...(on.progress && { progress: on.progress }),
    ...(seen && { behind: seen.behind }),
    ...(target.kind === 'gateway' && { preflight }),
  })
  const judged = judging.verdicts()
  const failure = gathered.failure ?? judged.failures[0]?.error
  if (seen && needed && !arrived && failure === undefined && gathered.ending === 'complete')
    found.first ??= neverAsked(target, seen.reached())
  const ended = endedBy(gathered, failure, found.first)
  // It names the Base URL and the model as they were given.
  const diagnosis = redact.value(
    diagnoseEnd(ended, plan.cost, target) ??
      (found.first && withLooks(withModels(found.first, found.models, target), found.looks)),
  )
  const outcome = concludeFor(selection, judged, {
    ending: ended.ending,
    today: on.today,
    ...(diagnosis && { because: diagnosis.sentence }),
  })
  return { gathered: ended, outcome, diagnosis, target: { ...target, auth: gathered.auth } }
}

/** How it ended in the end: by a mistake of ours, or by what nothing can be said of. */
function endedBy(gathered: Gathered, failure: unknown, diagnosis: Diagnosis | null): Gathered {
  if (failure !== undefined) return { ...gathered, ending: 'error', failure }
  return diagnosis && gathered.ending === 'complete' ? { ...gathered, ending: endingOf(diagnosis) } : gathered
}

/** The upstream, with how much has reached it. */
function counting(behind: Behind): { readonly behind: Behind; readonly reached: () => Reached } {
  let requests = 0
  const take: Behind['take'] = async () => {
    const taken = await behind.take()
    requests += taken.length
    return taken
  }
  return { behind: { ...behind, take }, reached: () => ({ ...behind, requests }) }
}

/** The same run as one that ended in an error of ours, found only when it was over. */
export function failed(run: Examined, selection: Selection, failure: unknown, today: string): Examined {
  const diagnosis = ourError(failure)
  const gathered = { ...run.gathered, ending: 'error' as const, failure }
  const outcome = concludeFor(selection, run.outcome, { ending: 'error', today, because: diagnosis.sentence })
  return { ...run, gathered, outcome, diagnosis }
}

/** The models a gateway lists, by name, or null where it gives no list that can be read; and what it answered, if it was asked. */
export async function listModels(
  target: Target,
  limits: Limits,
): Promise<{ readonly models: readonly string[] | null; readonly exchange: Exchange | null }> {
  const step = askForModels()
  const found: { exchange: Exchange | null } = { exchange: null }
  await gatherOnce(
    target,
    { ...limits, patience: 0 },
    { signal: new AbortController().signal },
    {
      plan: {
        steps: step ? [step] : [],
        gates: [],
        cost: { requests: 1, paidRequests: 0, inputTokens: 0, outputTokens: 0 },
      },
      redactor: redactor(secretsOf(target)),
      record: (exchange) => (found.exchange = exchange),
    },
  )
  return { models: found.exchange && modelsIn(found.exchange), exchange: found.exchange }
}

async function gatherOnce(
  target: Target,
  limits: Limits,
  { signal, transport }: Pick<Watching, 'signal' | 'transport'>,
  rest: Pick<ToGather, 'plan' | 'redactor' | 'record' | 'progress' | 'preflight' | 'behind'>,
): Promise<Gathered> {
  const over = (sending: Transport): Promise<Gathered> =>
    gather({ target, transport: sending, limits, signal, ...rest })
  if (transport) return over(transport)
  const sockets = overHttp({ ...(target.allowSelfSigned && { allowSelfSigned: true }) })
  try {
    return await over(sockets)
  } finally {
    sockets.close()
  }
}
