import { pause } from '../../fixtures/gateways/timer.ts'
import { endpoint } from '../harness/wire/target.ts'
import type { Exchange, Transport } from '../harness/wire/exchange.ts'

/** Milliseconds between two looks. */
const betweenLooks = 500

/** Statuses of a proxy in front of a gateway that is still starting. */
const starting: ReadonlySet<number> = new Set([502, 503, 504])

/** The time that passes while one waits: tests have another. */
export interface Clock {
  now(): number
  pause(milliseconds: number, signal: AbortSignal): Promise<void>
}

const realTime: Clock = { now: () => performance.now(), pause }

export interface Waiting {
  /** How long it is waited for. */
  readonly milliseconds: number
  /** The most looks that may be taken: each is a request. */
  readonly most: number
  readonly transport: Transport
  /** Told each look, as it came. */
  readonly record: (look: Exchange) => void
  readonly signal: AbortSignal
  readonly clock?: Clock
}

/**
 * Looks at a gateway, without a credential, until it answers anything that is not 502, 503 or 504. Returns whether it did before so
 * many milliseconds had passed, the looks were used up, or the signal aborted; a look that is under way then is given up.
 */
export async function comesUp(
  baseUrl: string,
  { milliseconds, most, transport, record, signal, clock = realTime }: Waiting,
): Promise<boolean> {
  const end = clock.now() + milliseconds
  const [method, path, headers, body] = ['GET', '/v1/models', [['accept', 'application/json']], null] as const
  let looks = 0
  for (let left = milliseconds; left > 0 && looks < most && !signal.aborted; left = end - clock.now()) {
    const attempt = ++looks
    const came = await transport(
      {
        fixture: 'wait',
        method,
        url: endpoint(baseUrl, path),
        headers,
        body,
        idleTimeout: Math.min(2000, left),
        totalTimeout: Math.min(5000, left),
        maxBytes: 1_048_576,
      },
      signal,
    )
    const sent = { method, path, headers, body }
    record({ fixture: 'wait', origin: 'waiting', attempt, needs: [], values: {}, sent, came })
    if (came.kind === 'answer' && !starting.has(came.status)) return true
    await clock.pause(Math.min(betweenLooks, Math.max(0, end - clock.now())), signal)
  }
  return false
}
