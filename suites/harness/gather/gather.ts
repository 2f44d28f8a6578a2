import { pause, until } from '../../../fixtures/gateways/timer.ts'
import type { Auth, RunEnding } from '../../../schemas/types.ts'
import { declines } from '../judge/declines.ts'
import { redacted, unredacted } from '../tape/as-it-came.ts'
import type { Redactor } from '../tape/redact.ts'
import { saysBusy } from '../views/busy.ts'
import { missed } from '../views/canaries.ts'
import { lastWord } from '../views/last-word.ts'
import { attempt, certain } from '../views/holes.ts'
import { withoutAnswer } from '../views/served.ts'
import { reached } from '../views/settles.ts'
import { see } from '../views/views.ts'
import { inStream, underQuirk, type Arrived, type Exchange, type Sent, type Transport } from '../wire/exchange.ts'
import { endpoint, type Target } from '../wire/target.ts'
import { marked, markOf } from '../wire/mark.ts'
import { claims, type Behind, type Claims } from './behind.ts'
import { compose } from './compose.ts'
import { affords, lostAfter, mostOfOne, type Budget, type Limits } from './limits.ts'
import { isBusy, pauseOf } from './patience.ts'
import { needsOf, type Plan, type Step } from './plan.ts'
import { schedule } from './schedule.ts'

export interface ToGather {
  readonly plan: Plan
  readonly target: Target
  readonly transport: Transport
  readonly limits: Limits
  readonly redactor: Redactor
  /** Called once for each exchange, in the order they end. Where it throws, the run ends there as an error of ours. */
  readonly record: (exchange: Exchange) => void
  readonly signal: AbortSignal
  /** Looks at the first exchange; what it returns ends the run there. */
  readonly preflight?: (first: First) => Stop | null
  /** Told after each exchange, and when one is waited out. */
  readonly progress?: (at: Progress) => void
  /** The upstream of the gateway, where it is ours: each exchange is then taken down with what of it arrived there. */
  readonly behind?: Behind
  /** Waits so many milliseconds, or until the run is over. Default: by the clock. */
  readonly sleep?: (milliseconds: number, signal: AbortSignal) => Promise<void>
}

/** The first exchange of a run, and how the credential travelled in it; `refusedToo` where the other header was refused as well. */
export interface First {
  readonly exchange: Exchange
  readonly auth: Auth
  readonly refusedToo: Auth | null
}

/** Why a run ends at its first exchange, and what else is asked to understand it. */
export interface Stop {
  readonly ending: RunEnding
  /** Each is asked before the next one is taken, which may so depend on what came. */
  readonly asked?: Iterable<Step>
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
  /** How the credential travelled in the end: by the other header, where only that one was accepted. */
  readonly auth: Auth
  /** Where the gateway was lost, the exchange after which no answer came: it got none itself, or we left it in the middle. */
  readonly diedOf: { readonly fixture: string; readonly left: boolean } | null
  /** The last tries of valid requests, where none of them was served: the run ended there. */
  readonly unserved: readonly Exchange[]
  /** What was thrown, where the ending is `error`: a mistake of ours, or a tape that cannot be written. */
  readonly failure: unknown
}

type Phase = NonNullable<Step['fixture']['phase']> | 'positive' | 'upstream'

/** What is sent before what: all of a round is done before the next begins. */
const rounds: readonly { readonly phases: readonly Phase[]; readonly inParallel: boolean }[] = [
  { phases: ['positive', 'either'], inParallel: true },
  { phases: ['refused'], inParallel: true },
  { phases: ['upsetting'], inParallel: false },
  { phases: ['again'], inParallel: false },
  // A gateway may spare an upstream that failed, and refuse for minutes what would be served otherwise.
  { phases: ['upstream'], inParallel: false },
]

/**
 * Makes the exchanges of a plan: positive ones in parallel as far as they do not wait for each other, then those refused for free,
 * then, one by one, those that may upset a gateway, a valid one after them, and what makes the upstream fail last of all. A 401 to
 * the first one tries the other credential header, once; the run goes on with what was accepted. Never throws: what goes wrong on
 * our side is the ending `error`.
 */
export async function gather(options: ToGather): Promise<Gathered> {
  const { signal, abort, clear } = until(options.signal, options.limits.deadline)
  const run: Run = {
    ...options,
    signal,
    abort,
    failure: null,
    latest: new Map(),
    begun: new Map(),
    sent: { requests: 0, inputTokens: 0, outputTokens: 0 },
    unanswered: [],
    left: null,
    unserved: new Map(),
    servesNothing: false,
    givenUp: 0,
    read: 0,
    underWay: new Set(),
    claims: options.behind ? claims(options.behind, clientKeys(options.target)) : null,
    held: null,
  }
  let ending: RunEnding = 'complete'
  try {
    ending = await makeExchanges(run)
  } catch (error) {
    run.failure ??= { error }
  } finally {
    clear()
  }
  try {
    await recordHeld(run)
  } catch (error) {
    run.failure ??= { error }
  }
  return {
    ending: endingOf(ending, run, options.signal),
    sent: run.sent,
    auth: run.target.auth,
    diedOf: wasLost(run) ? diedOf(run) : null,
    unserved: run.servesNothing ? [...(run.unserved?.values() ?? [])] : [],
    failure: run.failure?.error,
  }
}

/** What ended a run early, the most telling first. */
function endingOf(ending: RunEnding, run: Run, interrupted: AbortSignal): RunEnding {
  if (run.failure) return 'error'
  if (interrupted.aborted) return 'interrupted'
  if (run.signal.aborted) return 'deadline'
  if (wasLost(run)) return 'lost'
  return run.servesNothing ? 'unreachable' : ending
}

async function makeExchanges(run: Run): Promise<RunEnding> {
  const { plan, limits, preflight } = run
  if (!affords(limits.budget, plan.cost)) return 'budget'
  const { stop, opened } = preflight ? await open(preflight, run) : { stop: null, opened: [] }
  if (stop) return stop.ending
  if (run.claims) run.held = []
  // What is to be asked under a quirk can only be where somebody makes the upstream speak so.
  const others = plan.steps.slice(opened.length).filter(({ quirk }) => !quirk || run.behind?.speak)
  for (const { phases, inParallel } of rounds) {
    const steps = others.filter((step) => phases.includes(phaseOf(step)))
    const pieces = steps.map((step) => ({ ...step, group: step.quirk ? undefined : step.fixture.parallel }))
    await schedule(pieces, inParallel ? limits.concurrency : 1, (step) => takeSafely(step, run))
    // Refusals cost nothing, and the next request may be another one to the gateway: so all of them are sent first.
    if (phases.includes('positive') && (run.unserved?.size ?? 0) >= lostAfter) run.servesNothing = true
  }
  return 'complete'
}

/** Others are under way when one fails by a mistake of ours: they are called off, and the run ends when they have. */
async function takeSafely(step: Step, run: Run): Promise<void> {
  try {
    await take(step, run)
  } catch (error) {
    run.failure ??= { error }
    run.abort()
  }
}

/** What one run remembers while it gathers. */
interface Run extends ToGather {
  target: Target
  readonly abort: () => void
  failure: { readonly error: unknown } | null
  readonly latest: Map<string, Exchange>
  /** What was taken up of the plan, by name: each once. */
  readonly begun: Map<string, Promise<void>>
  readonly sent: { requests: number; inputTokens: number; outputTokens: number }
  /** The names of the exchanges in a row that got no HTTP answer. */
  unanswered: string[]
  /** The exchange before them, where we left it in the middle. */
  left: string | null
  /** The last tries of valid requests, as long as none was served; null from then on. */
  unserved: Map<string, Exchange> | null
  /** Nothing else is asked, for none of the valid requests was served. */
  servesNothing: boolean
  /** Answers in a row that never came to their end: nothing of the moment, and sent again for nothing. */
  givenUp: number
  /** Bytes of all answers so far. */
  read: number
  readonly underWay: Set<string>
  readonly claims: Claims | null
  /** Exchanges that are put on the tape at the end, each also as it was before redaction; null where they are put there at once. */
  held: { readonly exchange: Exchange; readonly took: Exchange }[] | null
}

/** What a client shows of itself to a gateway. */
function clientKeys({ key, secrets }: Target): readonly string[] {
  return [...(key === null ? [] : [key]), ...secrets]
}

/** The first exchanges of a plan that may open a run. */
const mostOpenings = 2

/**
 * Makes the exchange that opens a run, and the next one where the first may have been refused for want of a version: the last of them
 * says whether the run ends there.
 */
async function open(
  preflight: NonNullable<ToGather['preflight']>,
  run: Run,
): Promise<{ readonly stop: Stop | null; readonly opened: readonly Step[] }> {
  const opened: Step[] = []
  let stop: Stop | null = null
  for (const step of run.plan.steps.slice(0, mostOpenings)) {
    opened.push(step)
    await take(step, run)
    const exchange = run.latest.get(step.name)
    const given = exchange && (await asGiven(step, exchange, run))
    const first = given && (await withAcceptedHeader(given.step, given.exchange, run))
    stop = first ? preflight(first) : null
    if (!first || !mayWantVersion(step, first.exchange)) break
  }
  for (const step of stop?.asked ?? []) await take(step, run)
  return { stop, opened }
}

/**
 * Sent without a version and refused in the envelope, in whatever words: with one it may be served. Who wants a key, money or patience
 * says so by the status.
 */
function mayWantVersion({ fixture }: Step, exchange: Exchange): boolean {
  const status = statusOf(exchange)
  if (fixture.apiVersion !== null || status === null || status > 499) return false
  return ![401, 402, 429].includes(status) && see(exchange, 'error').is === 'there'
}

/** A 401 to a credential of the fixture's own says nothing of the one that was given: that is sent, once, before anybody concludes. */
async function asGiven(
  step: Step,
  exchange: Exchange,
  run: Run,
): Promise<{ readonly step: Step; readonly exchange: Exchange }> {
  const { credential = 'given', ...fixture } = step.fixture
  if (credential === 'given' || statusOf(exchange) !== 401 || isOver(run)) return { step, exchange }
  const given: Step = { ...step, name: 'credential', fixture, origin: 'waiting' }
  const answered = await send(given, { attempt: 1, values: 1 }, run)
  return answered ? { step: given, exchange: answered } : { step, exchange }
}

/** After a 401 the other header is tried, once; refused too, the first one is what the run was about. */
async function withAcceptedHeader(first: Step, exchange: Exchange, run: Run): Promise<First> {
  const given = run.target
  const other = given.keyHeader === undefined ? otherHeader(given.auth) : null
  const unchanged = { exchange, auth: given.auth, refusedToo: null }
  if (statusOf(exchange) !== 401 || other === null || isOver(run)) return unchanged
  run.target = { ...given, auth: other }
  const second = await send(first, { attempt: exchange.attempt + 1, values: 1, retryOf: 'credential' }, run)
  if (second && ![401, 403, null].includes(statusOf(second))) return { exchange: second, auth: other, refusedToo: null }
  run.target = given
  return second ? { ...unchanged, refusedToo: other } : unchanged
}

function otherHeader(auth: Auth): Auth | null {
  return auth === 'bearer' ? 'x-api-key' : auth === 'x-api-key' ? 'bearer' : null
}

function statusOf({ came }: Exchange): number | null {
  return came.kind === 'answer' ? came.status : null
}

/**
 * Makes one exchange of the plan, again where a failure may pass, a valid request was refused, or a model may get there with other
 * values.
 */
function take(step: Step, run: Run): Promise<void> {
  const begun = run.begun.get(step.name) ?? takeOnce(step, run)
  run.begun.set(step.name, begun)
  return begun
}

async function takeOnce(step: Step, run: Run): Promise<void> {
  if (isOver(run) || isDeclined(step, run)) return
  await tryOut(step, run)
  noteServing(step, run)
  const twin = asStream(step, run)
  if (twin) await take(twin, run)
}

/**
 * The same question as a stream, where it was answered and what came in JSON cannot be read: what the gateway does with it is judged
 * by its stream then. Asked at once, for what is built on the answer is asked next.
 */
function asStream(step: Step, run: Run): Step | null {
  const { name, mode, fixture } = step
  const exchange = run.latest.get(name)
  if (mode === 'stream' || !step.paid || fixture.raw !== undefined || phaseOf(step) !== 'positive') return null
  if (!exchange || !isUnread(exchange)) return null
  const twin = inStream(name)
  return run.plan.steps.find((other) => other.name === twin) ?? { ...step, name: twin, mode: 'stream' }
}

/** Whether an answer came that should be a Message, and a part of its content cannot be read; one that never ended would not end again. */
function isUnread(exchange: Exchange): boolean {
  const { came } = exchange
  if (came.kind === 'nothing' || came.status !== 200 || !['complete', 'cut'].includes(came.ends)) return false
  const message = see(exchange, 'message')
  return (
    message.is === 'refused' || (message.is === 'there' && !attempt(() => JSON.stringify(message.value.content)).ok)
  )
}

async function tryOut(step: Step, run: Run): Promise<void> {
  let exchange = await patiently(step, { attempt: 1, values: 1 }, run)
  const once = ['refused', 'upsetting', 'upstream'].includes(phaseOf(step))
  if (once && !(exchange && brokeUnderIt(exchange))) return
  let attempt = 1
  for (let values = 1, failures = 0; exchange && !isOver(run);) {
    if (failed(exchange) || isRefused(step, exchange, run)) {
      if (++failures > 1 || run.givenUp >= lostAfter) return
      exchange = await patiently(step, { attempt: ++attempt, values, retryOf: reason(exchange) }, run)
    } else {
      if (!unreached(exchange) || ++values > 2) return
      exchange = await patiently(step, { attempt: ++attempt, values, retryOf: 'unreached' }, run)
    }
  }
}

/** Which try of an exchange it is, with which of its values, and why it is another one. */
interface Try {
  readonly attempt: number
  readonly values: number
  readonly retryOf?: string
}

/** One try, waited out where the gateway says it is busy. */
async function patiently(step: Step, one: Try, run: Run): Promise<Exchange | null> {
  for (let waits = 0; ; waits++) {
    const exchange = await send(step, one, run)
    if (!exchange || !isBusy(exchange) || waits >= run.limits.patience) return exchange
    await (run.sleep ?? pause)(pauseOf(exchange, waits), run.signal)
    if (isOver(run)) return exchange
  }
}

async function send(step: Step, { attempt, values, retryOf }: Try, run: Run): Promise<Exchange | null> {
  const { fixture, name } = step
  const { target, transport, limits, redactor, signal } = run
  const before = followed(step, run)
  if (fixture.follows !== undefined && (!before || !reached(before))) return null
  const composed = compose(fixture, step.mode, values, target, before && unredacted(before))
  if (!composed || !affords(limits.budget, plus(run.sent, step))) return null
  run.sent.requests++
  run.sent.inputTokens += step.inputTokens
  run.sent.outputTokens += step.outputTokens
  // By its mark it is known again where it arrives, and answered there as its step wants it.
  const mark = markOf(run.sent.requests)
  const request = run.claims ? { ...composed, body: marked(composed.body, mark) } : composed
  if (step.quirk) await run.behind?.speak?.(mark, step.quirk.id)
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
      listen: lastWord,
      maxBytes: mostOfOne(limits, run.read),
      ...(fixture.hangUpAfter !== undefined && { hangUpAfter: fixture.hangUpAfter }),
    },
    signal,
  )
  run.underWay.delete(name)
  const { method, path, headers, body } = request
  if (fixture.hangUpAfter !== undefined)
    await run.claims?.left({ method, path, headers, body }, (over) =>
      (run.sleep ?? pause)(mostOfLeaving, AbortSignal.any([signal, over])),
    )
  const took: Exchange = {
    fixture: name,
    origin: step.origin ?? 'gathered',
    attempt,
    ...(retryOf !== undefined && { retryOf }),
    needs: needsOf(name, fixture),
    ...(fixture.settles !== undefined && { settles: fixture.settles }),
    ...(fixture.canary !== undefined && { canary: fixture.canary }),
    ...(fixture.upstream && { upstream: fixture.upstream }),
    values: request.values,
    sent: { method, path, headers, body },
    came,
    ...(run.claims && { arrivals: await run.claims.of({ method, path, headers, body }) }),
  }
  const exchange = redacted(took, redactor)
  remember(exchange, run)
  if (!(came.kind === 'nothing' && came.failure === 'interrupted')) {
    if (run.held) run.held.push({ exchange, took })
    else run.record(exchange)
  }
  const { requests, outputTokens } = run.sent
  run.progress?.({ requests, planned: run.plan.steps.length, outputTokens, waitingFor: [...run.underWay] })
  return exchange
}

/** Puts what was held on the tape, with what of it reached the upstream after it had been answered: a gateway may ask again by and by. */
async function recordHeld({ claims, held, record, redactor }: Run): Promise<void> {
  if (!claims || !held) return
  let late: (sent: Sent) => readonly Arrived[] = () => []
  try {
    late = await claims.late()
  } finally {
    for (const { exchange, took } of held) {
      const arrivals = late(took.sent)
      record(
        arrivals.length === 0
          ? exchange
          : redacted({ ...took, arrivals: [...(took.arrivals ?? []), ...arrivals] }, redactor),
      )
    }
  }
}

/** Milliseconds within which a gateway whose client has left is seen to leave its upstream. */
const mostOfLeaving = 3000

function remember(exchange: Exchange, run: Run): void {
  const { fixture, came } = exchange
  run.latest.set(fixture, exchange)
  // Where the upstream was made to break off, a connection that breaks too is an honest answer.
  if (exchange.upstream && came.kind === 'nothing') return
  if (came.kind === 'nothing') run.unanswered.push(fixture)
  else {
    run.unanswered = []
    run.left = came.ends === 'hung-up' ? fixture : null
    run.givenUp = neverEnded(exchange) ? run.givenUp + 1 : 0
    run.read += came.body.length
  }
}

function plus(sent: Budget, { inputTokens, outputTokens }: Step): Budget {
  return {
    requests: sent.requests + 1,
    inputTokens: sent.inputTokens + inputTokens,
    outputTokens: sent.outputTokens + outputTokens,
  }
}

/** The exchange whose turn is sent back: of the same mode where there is one, or of that in which there is a turn. */
function followed({ fixture, mode, quirk }: Step, { latest }: Run): Exchange | undefined {
  if (fixture.follows === undefined) return undefined
  const said = (name: string): Exchange | undefined =>
    (quirk && latest.get(underQuirk(name, quirk.id))) ?? latest.get(name)
  const json = said(fixture.follows)
  const stream = said(inStream(fixture.follows))
  return stream && (mode === 'stream' || !json || isUnread(json)) ? stream : json
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

/** It was a probe, and its capability is declined. */
function isDeclinedAt({ name }: Step, { plan, latest }: Run): boolean {
  const exchange = latest.get(name)
  return exchange !== undefined && plan.gates.some((gate) => gate.probe[0] === name && declines(exchange, gate))
}

/** So often in a row it did not answer that it is taken for gone. */
function isLost({ unanswered }: Run): boolean {
  return unanswered.length >= lostAfter
}

/** Lost, or answered until the last request met silence, twice: that is how a run ends whose gateway dies late. */
function wasLost(run: Run): boolean {
  const [before, last] = run.unanswered.slice(-2)
  const diedLate = last !== undefined && last === before && run.unanswered.length < run.sent.requests
  return isLost(run) || diedLate
}

function diedOf({ left, unanswered }: Run): Gathered['diedOf'] {
  return { fixture: left ?? unanswered[0] ?? '', left: left !== null }
}

function isOver(run: Run): boolean {
  return run.signal.aborted || isLost(run) || run.servesNothing
}

/** Notes whether a valid request was served. So many that failed before any was served, and the gateway serves nothing. */
function noteServing(step: Step, run: Run): void {
  const exchange = run.latest.get(step.name)
  if (!run.unserved || !exchange || !step.paid || !['positive', 'either'].includes(phaseOf(step))) return
  if (isDeclinedAt(step, run)) return
  const status = statusOf(exchange) ?? 0
  if (status >= 200 && status <= 299 && withoutAnswer(exchange) === null) {
    run.unserved = null
    return
  }
  if (phaseOf(step) === 'either') return
  run.unserved.set(step.name, exchange)
  const failures = [...run.unserved.values()].filter((one) => failed(one) || withoutAnswer(one) !== null)
  run.servesNothing ||= failures.length >= lostAfter
}

function phaseOf({ fixture }: Step): Phase {
  return fixture.upstream ? 'upstream' : (fixture.phase ?? 'positive')
}

/** Failures of the moment, perhaps: sent once more before anyone is accused. See also `isRefused`. */
function failed(exchange: Exchange): boolean {
  const { came } = exchange
  return came.kind === 'nothing' || (came.status >= 500 && !saysBusy(came)) || neverEnded(exchange)
}

/** A valid request was refused: by a capability that is declined it will be again. A 401 that opens a run tries the other header. */
function isRefused(step: Step, exchange: Exchange, run: Run): boolean {
  const status = statusOf(exchange)
  if (status === null || status < 400 || status > 499 || isBusy(exchange)) return false
  if (status === 401 && run.preflight && run.plan.steps.indexOf(step) < mostOpenings) return false
  return phaseOf(step) === 'positive' || phaseOf(step) === 'again'
}

/** Part of an answer came, and then nothing more. */
function neverEnded(exchange: Exchange): boolean {
  const { came } = exchange
  return came.kind === 'answer' && came.ends === 'hung' && see(exchange, 'text').is !== 'there'
}

/** A connection that had served before, and was reset when it was asked again: that says nothing of what was asked. */
function brokeUnderIt({ came }: Exchange): boolean {
  return came.kind === 'nothing' && came.reused === true
}

function reason(exchange: Exchange): string {
  const { came } = exchange
  if (came.kind === 'nothing') return came.failure
  return neverEnded(exchange) ? 'no end' : `status ${came.status}`
}

/** A model that did not do what it was asked gets one more try, with other values. */
function unreached(exchange: Exchange): boolean {
  const message = see(exchange, 'message')
  return message.is === 'there' && certain(() => !reached(exchange) || missed(message.value, exchange) !== null)
}
