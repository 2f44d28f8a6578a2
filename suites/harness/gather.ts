import { declines } from './declines.ts'
import { compose, type Mode } from './compose.ts'
import type { Exchange, Transport } from './exchange.ts'
import { needsOf, type Plan, type Step } from './plan.ts'
import type { Redactor } from './redact.ts'
import { withoutAnswer } from './served.ts'
import { reached, says, settling } from './settles.ts'
import type { Target } from './target.ts'
import { see } from './views.ts'
import type { RunEnding } from '../../schemas/types.ts'

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
}

export const usualLimits: Limits = {
  concurrency: 6,
  idleTimeout: 60_000,
  totalTimeout: 300_000,
  maxBytes: 33_554_432,
  patience: 2,
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
  readonly sleep?: (milliseconds: number, signal: AbortSignal) => Promise<void>
}

export interface Gathered {
  readonly ending: RunEnding
  readonly sent: { readonly requests: number; readonly inputTokens: number; readonly outputTokens: number }
}

const order = ['positive', 'refused', 'upsetting', 'again'] as const

/** So many exchanges in a row without any HTTP answer, and the gateway is taken for lost. */
const lostAfter = 4

/**
 * Makes the exchanges of a plan: positive ones in parallel as far as they do not wait for each other, then those refused for free,
 * then, one by one, those that may upset a gateway. Never throws for what a gateway does.
 */
export async function gather(options: ToGather): Promise<Gathered> {
  const run = new Run(options)
  const [first, ...others] = options.plan.steps
  if (first && options.preflight) {
    await run.step(first)
    const exchange = run.latest.get(first.name)
    const ending = exchange ? options.preflight(exchange) : null
    if (ending) return run.end(ending)
  }
  const left = options.preflight ? others : options.plan.steps
  for (const phase of order) {
    const steps = left.filter(({ fixture }) => (fixture.phase ?? 'positive') === phase)
    await run.phase(steps, phase === 'positive' || phase === 'refused' ? options.limits.concurrency : 1)
  }
  return run.end('complete')
}

/** What one run has to remember while it gathers. */
class Run {
  readonly latest = new Map<string, Exchange>()
  private readonly options: ToGather
  private readonly sent = { requests: 0, inputTokens: 0, outputTokens: 0 }
  private silent = 0

  constructor(options: ToGather) {
    this.options = options
  }

  end(ending: RunEnding): Gathered {
    if (this.options.signal.aborted) return { ending: 'interrupted', sent: this.sent }
    return { ending: this.lost() ? 'lost' : ending, sent: this.sent }
  }

  /** Runs the steps, each as soon as those it depends on are done, at most `width` at once. */
  async phase(steps: readonly Step[], width: number): Promise<void> {
    const waiting = new Set(steps)
    const underWay = new Map<Step, Promise<void>>()
    while (waiting.size > 0 || underWay.size > 0) {
      for (const step of waiting) {
        if (underWay.size >= width) break
        const blocked = step.dependsOn.some((name) =>
          [...waiting, ...underWay.keys()].some((other) => other.name === name),
        )
        if (blocked) continue
        waiting.delete(step)
        underWay.set(
          step,
          this.step(step).finally(() => underWay.delete(step)),
        )
      }
      if (underWay.size === 0) break
      await Promise.race(underWay.values())
    }
  }

  async step(step: Step): Promise<void> {
    if (this.stopped() || this.declined(step)) return
    const { fixture } = step
    const first = await this.attempt(step, 1)
    if (!first) return
    const positive = (fixture.phase ?? 'positive') === 'positive' || fixture.phase === 'again'
    if (!positive) return
    if (failed(first)) await this.attempt(step, 2, reason(first))
    else if (unreached(first, step)) await this.attempt(step, 2, 'unreached')
  }

  /** One try, waited out where the gateway says it is busy. */
  private async attempt(step: Step, attempt: number, retryOf?: string): Promise<Exchange | null> {
    for (let wait = 0; ; wait++) {
      const exchange = await this.send(step, attempt, retryOf)
      if (!exchange || withoutAnswer(exchange) !== 'rate-limited' || wait >= this.options.limits.patience)
        return exchange
      const pause = this.options.sleep ?? sleep
      await pause(pauseOf(exchange, wait), this.options.signal)
      if (this.stopped()) return exchange
    }
  }

  private async send(step: Step, attempt: number, retryOf?: string): Promise<Exchange | null> {
    const { target, transport, limits, redactor, record, signal } = this.options
    const before = step.fixture.follows === undefined ? undefined : this.before(step)
    if (step.fixture.follows !== undefined && (!before || (settling(before) && !reached(before)))) return null
    const request = compose(step.fixture, step.mode, attempt, target, before)
    if (!request) return null
    this.sent.requests++
    this.sent.inputTokens += step.inputTokens
    this.sent.outputTokens += step.outputTokens
    const came = await transport(
      {
        fixture: step.name,
        method: request.method,
        url: new URL(target.baseUrl.replace(/\/+$/, '') + request.path),
        headers: request.headers,
        body: request.body === null ? null : new TextEncoder().encode(request.body),
        idleTimeout: limits.idleTimeout,
        totalTimeout: limits.totalTimeout,
        maxBytes: limits.maxBytes,
        ...(step.fixture.hangUpAfter !== undefined && { hangUpAfter: step.fixture.hangUpAfter }),
      },
      signal,
    )
    const exchange: Exchange = {
      fixture: step.name,
      origin: 'gathered',
      attempt,
      ...(retryOf !== undefined && { retryOf }),
      needs: needsOf(step.name, step.fixture),
      ...(step.fixture.settles !== undefined && { settles: step.fixture.settles }),
      values: request.values,
      sent: redactor.sent({ method: request.method, path: request.path, headers: request.headers, body: request.body }),
      came: redactor.came(came),
    }
    this.silent = came.kind === 'answer' ? 0 : this.silent + 1
    this.latest.set(step.name, exchange)
    if (!(came.kind === 'nothing' && came.failure === 'interrupted')) record(exchange)
    return exchange
  }

  private before({
    name,
    fixture,
    mode,
  }: {
    name: string
    fixture: Step['fixture']
    mode: Mode
  }): Exchange | undefined {
    const other = fixture.follows ?? name
    return (mode === 'stream' ? this.latest.get(`${other}:stream`) : undefined) ?? this.latest.get(other)
  }

  private declined(step: Step): boolean {
    return this.options.plan.gates.some((gate) => {
      if (!needsOf(step.name, step.fixture).includes(gate.gates) || gate.probe[0] === step.name) return false
      const probe = this.latest.get(gate.probe[0])
      return probe !== undefined && declines(probe, gate)
    })
  }

  private lost(): boolean {
    return this.silent >= lostAfter && this.latest.size > this.silent
  }

  private stopped(): boolean {
    return this.options.signal.aborted || this.silent >= lostAfter
  }
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
function unreached(exchange: Exchange, { fixture }: Step): boolean {
  const message = see(exchange, 'message')
  if (message.is !== 'there') return false
  if (settling(exchange) && !reached(exchange)) return true
  const word = fixture.canary === undefined ? undefined : exchange.values[fixture.canary]
  return word !== undefined && !says(message.value, word)
}

/** Milliseconds to wait: what retry-after says, up to a minute, else a second, doubled each time. */
function pauseOf({ came }: Exchange, wait: number): number {
  const header =
    came.kind === 'answer' ? came.headers.find(([name]) => name.toLowerCase() === 'retry-after')?.[1] : undefined
  const seconds = header === undefined ? Number.NaN : Number(header)
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
