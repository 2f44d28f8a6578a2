import { declines } from '../judge/declines.ts'
import { compose } from './compose.ts'
import type { Exchange, Transport } from '../wire/exchange.ts'
import { needsOf, type Plan, type Step } from './plan.ts'
import type { Redactor } from '../tape/redact.ts'
import { withoutAnswer } from '../views/served.ts'
import { schedule } from './schedule.ts'
import { reached } from '../views/settles.ts'
import { endpoint, type Target } from '../wire/target.ts'
import { see } from '../views/views.ts'
import type { RunEnding } from '../../../schemas/types.ts'
import { missed } from '../views/canaries.ts'
import { header } from '../wire/headers.ts'

export interface Limits {
  /** Requests under way at once. */
  readonly concurrency: number
  /** Milliseconds without a byte. */
  readonly idleTimeout: number
  /** Milliseconds for one exchange, whatever comes. */
  readonly totalTimeout: number
  /** Bytes of body read of one answer. */
  readonly maxBytes: number
  /** Times a 429 or 529 is waited out. */
  readonly patience: number
  /** Milliseconds for the whole run. */
  readonly deadline: number
  readonly budget: Budget
}

/** Hard caps: a run that could exceed one sends nothing, and no second try exceeds one. */
export interface Budget {
  readonly requests: number
  readonly inputTokens: number
  readonly outputTokens: number
}

export const unlimited: Budget = { requests: Infinity, inputTokens: Infinity, outputTokens: Infinity }

export const usualLimits: Limits = {
  concurrency: 6,
  idleTimeout: 60_000,
  totalTimeout: 300_000,
  maxBytes: 8 * 1024 * 1024,
  patience: 2,
  deadline: 1_800_000,
  budget: unlimited,
}

export interface ToGather {
  readonly plan: Plan
  readonly target: Target
  readonly transport: Transport
  readonly limits: Limits
  readonly redactor: Redactor
  /** Called once for each exchange, in the order they end. */
  readonly record: (exchange: Exchange) => void
  readonly signal: AbortSignal
  /** Looks at the first exchange; what it returns ends the run there. */
  readonly preflight?: (first: Exchange) => RunEnding | null
  /** Told after each exchange, and when one is waited out. */
  readonly progress?: (at: Progress) => void
  readonly sleep?: (milliseconds: number, signal: AbortSignal) => Promise<void>
}

/** How far a run is. */
export interface Progress {
  readonly requests: number
  /** Exchanges of the plan; retries come on top. */
  readonly planned: number
  readonly outputTokens: number
  /** The exchanges under way. */
  readonly waitingFor: readonly string[]
}

export interface Gathered {
  readonly ending: RunEnding
  readonly sent: { readonly requests: number; readonly inputTokens: number; readonly outputTokens: number }
}

type Phase = NonNullable<Step['fixture']['phase']> | 'positive'

/** What is sent before what: all of a round is done before the next begins. */
const rounds: readonly { readonly phases: readonly Phase[]; readonly inParallel: boolean }[] = [
  { phases: ['positive', 'either'], inParallel: true },
  { phases: ['refused'], inParallel: true },
  { phases: ['upsetting'], inParallel: false },
  { phases: ['again'], inParallel: false },
]

/** So many exchanges in a row without any HTTP answer, and the gateway is taken for lost. */
const lostAfter = 4

/** More than any answer to our requests needs. */
const enoughBytes = 512 * 1024

/**
 * Makes the exchanges of a plan: positive ones in parallel as far as they do not wait for each other, then those refused for free,
 * then, one by one, those that may upset a gateway. Never throws for what a gateway does.
 */
export async function gather(options: ToGather): Promise<Gathered> {
  const { limits } = options
  const { signal, clear } = until(options.signal, limits.deadline)
  try {
    return await gatherUntil(signal, options)
  } finally {
    clear()
  }
}

async function gatherUntil(signal: AbortSignal, options: ToGather): Promise<Gathered> {
  const { plan, limits, preflight } = options
  const run: Run = {
    ...options,
    signal,
    latest: new Map(),
    sent: { requests: 0, inputTokens: 0, outputTokens: 0 },
    silent: 0,
    flooded: false,
    underWay: new Set(),
  }
  const ended = (ending: RunEnding): Gathered => ({
    ending: options.signal.aborted ? 'interrupted' : signal.aborted ? 'deadline' : isLost(run) ? 'lost' : ending,
    sent: run.sent,
  })
  if (!affords(limits.budget, plan.cost)) return ended('budget')
  const [first, ...others] = plan.steps
  if (first && preflight) {
    await take(first, run)
    const exchange = run.latest.get(first.name)
    const ending = exchange ? preflight(exchange) : null
    if (ending) return ended(ending)
  }
  for (const { phases, inParallel } of rounds) {
    const steps = (preflight ? others : plan.steps).filter((step) => phases.includes(phaseOf(step)))
    const pieces = steps.map((step) => ({ ...step, group: step.fixture.parallel }))
    await schedule(pieces, inParallel ? limits.concurrency : 1, (step) => take(step, run))
  }
  return ended('complete')
}

/** Aborts with `outer`, and after so many milliseconds. A timer of our own, since Node drops AbortSignal.timeout under AbortSignal.any. */
function until(outer: AbortSignal, milliseconds: number): { signal: AbortSignal; clear: () => void } {
  const controller = new AbortController()
  const abort = (): void => controller.abort()
  const timer = setTimeout(abort, milliseconds)
  if (outer.aborted) abort()
  outer.addEventListener('abort', abort, { once: true })
  const clear = (): void => {
    clearTimeout(timer)
    outer.removeEventListener('abort', abort)
  }
  return { signal: controller.signal, clear }
}

/** What one run remembers while it gathers. */
interface Run extends ToGather {
  readonly latest: Map<string, Exchange>
  readonly sent: { requests: number; inputTokens: number; outputTokens: number }
  /** Exchanges in a row that got no HTTP answer. */
  silent: number
  /** An answer went beyond all measure: of the next ones less is read, or they would fill memory and tape. */
  flooded: boolean
  readonly underWay: Set<string>
}

/** Makes one exchange of the plan, again where a failure may pass or a model may get there with other values. */
async function take(step: Step, run: Run): Promise<void> {
  if (isOver(run) || isDeclined(step, run)) return
  let exchange = await patiently(step, 1, 1, run)
  if (phaseOf(step) === 'refused' || phaseOf(step) === 'upsetting') return
  let attempt = 1
  for (let tries = 1, failures = 0; exchange && !isOver(run);) {
    if (failed(exchange)) {
      if (++failures > 1) return
      exchange = await patiently(step, ++attempt, tries, run, reason(exchange))
    } else {
      if (!unreached(exchange) || ++tries > 2) return
      exchange = await patiently(step, ++attempt, tries, run, 'unreached')
    }
  }
}

/** One try, waited out where the gateway says it is busy. */
async function patiently(
  step: Step,
  attempt: number,
  values: number,
  run: Run,
  retryOf?: string,
): Promise<Exchange | null> {
  for (let wait = 0; ; wait++) {
    const exchange = await send(step, attempt, values, run, retryOf)
    if (!exchange || !isBusy(exchange) || wait >= run.limits.patience) return exchange
    await (run.sleep ?? sleep)(pauseOf(exchange, wait), run.signal)
    if (isOver(run)) return exchange
  }
}

async function send(step: Step, attempt: number, values: number, run: Run, retryOf?: string): Promise<Exchange | null> {
  const { fixture, name } = step
  const { target, transport, limits, redactor, record, signal } = run
  const before = followed(step, run)
  if (fixture.follows !== undefined && (!before || !reached(before))) return null
  const request = compose(fixture, step.mode, values, target, before)
  if (!request || !affords(limits.budget, plus(run.sent, step))) return null
  run.sent.requests++
  run.sent.inputTokens += step.inputTokens
  run.sent.outputTokens += step.outputTokens
  run.underWay.add(name)
  const came = await transport(
    {
      fixture: name,
      method: request.method,
      url: endpoint(target.baseUrl, request.path),
      headers: request.headers,
      body: request.body === null ? null : new TextEncoder().encode(request.body),
      idleTimeout: limits.idleTimeout,
      totalTimeout: limits.totalTimeout,
      maxBytes: run.flooded ? Math.min(limits.maxBytes, enoughBytes) : limits.maxBytes,
      ...(fixture.hangUpAfter !== undefined && { hangUpAfter: fixture.hangUpAfter }),
    },
    signal,
  )
  run.underWay.delete(name)
  const { method, path, headers, body } = request
  const exchange: Exchange = {
    fixture: name,
    origin: 'gathered',
    attempt,
    ...(retryOf !== undefined && { retryOf }),
    needs: needsOf(name, fixture),
    ...(fixture.settles !== undefined && { settles: fixture.settles }),
    ...(fixture.canary !== undefined && { canary: fixture.canary }),
    ...(fixture.upstream && { upstream: fixture.upstream }),
    values: request.values,
    sent: redactor.sent({ method, path, headers, body }),
    came: redactor.came(came),
  }
  run.silent = came.kind === 'answer' ? 0 : run.silent + 1
  run.flooded ||= came.kind === 'answer' && came.ends === 'too-large'
  run.latest.set(name, exchange)
  if (!(came.kind === 'nothing' && came.failure === 'interrupted')) record(exchange)
  const { requests, outputTokens } = run.sent
  run.progress?.({ requests, planned: run.plan.steps.length, outputTokens, waitingFor: [...run.underWay] })
  return exchange
}

/** Whether a budget covers what would have been sent then. */
export function affords(budget: Budget, cost: Budget): boolean {
  return (
    cost.requests <= budget.requests &&
    cost.inputTokens <= budget.inputTokens &&
    cost.outputTokens <= budget.outputTokens
  )
}

function plus(sent: Budget, { inputTokens, outputTokens }: Step): Budget {
  return {
    requests: sent.requests + 1,
    inputTokens: sent.inputTokens + inputTokens,
    outputTokens: sent.outputTokens + outputTokens,
  }
}

/** The exchange whose turn is sent back: of the same mode where there is one. */
function followed({ fixture, mode }: Step, { latest }: Run): Exchange | undefined {
  if (fixture.follows === undefined) return undefined
  return (mode === 'stream' ? latest.get(`${fixture.follows}:stream`) : undefined) ?? latest.get(fixture.follows)
}

/** A capability it needs was declined by its probe: not worth asking. */
function isDeclined({ name, fixture }: Step, { plan, latest }: Run): boolean {
  const needs = needsOf(name, fixture)
  return plan.gates.some((gate) => {
    if (!needs.includes(gate.gates) || gate.probe[0] === name) return false
    const probe = latest.get(gate.probe[0])
    return probe !== undefined && declines(probe, gate)
  })
}

function isLost({ silent, latest }: Run): boolean {
  return silent >= lostAfter && latest.size > silent
}

function isOver(run: Run): boolean {
  return run.signal.aborted || run.silent >= lostAfter
}

function phaseOf({ fixture }: Step): Phase {
  return fixture.phase ?? 'positive'
}

/** A gateway that says so for itself, and not because its upstream was made to. */
function isBusy(exchange: Exchange): boolean {
  return exchange.upstream === undefined && withoutAnswer(exchange) === 'rate-limited'
}

/** Failures of the moment, perhaps: sent once more before anyone is accused. */
function failed(exchange: Exchange): boolean {
  const { came } = exchange
  if (came.kind === 'nothing' || (came.status >= 500 && came.status !== 529)) return true
  return came.ends === 'hung' && see(exchange, 'text').is !== 'there'
}

function reason({ came }: Exchange): string {
  return came.kind === 'nothing' ? came.failure : `status ${came.status}`
}

/** A model that did not do what it was asked gets one more try, with other values. */
function unreached(exchange: Exchange): boolean {
  const message = see(exchange, 'message')
  return message.is === 'there' && (!reached(exchange) || missed(message.value, exchange) !== null)
}

/** Milliseconds to wait: what retry-after says, up to a minute, else a second, doubled each time. */
function pauseOf({ came }: Exchange, wait: number): number {
  const said = came.kind === 'answer' ? header(came.headers, 'retry-after') : undefined
  const seconds = said === undefined ? Number.NaN : Number(said)
  return Math.min(60_000, Number.isFinite(seconds) ? seconds * 1000 : 1000 * 2 ** wait)
}

function sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, milliseconds)
    function done(): void {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
    signal.addEventListener('abort', done, { once: true })
  })
}
