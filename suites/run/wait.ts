import { pause } from '../../fixtures/gateways/timer.ts'
import { endpoint } from '../harness/wire/target.ts'
import type { Transport } from '../harness/wire/exchange.ts'

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

/**
 * Looks at a gateway, without a credential, until it answers anything that is not 502, 503 or 504. Returns whether it did before so
 * many milliseconds had passed, or the signal aborted; a look that is under way then is given up.
 */
export async function comesUp(
  baseUrl: string,
  milliseconds: number,
  transport: Transport,
  signal: AbortSignal,
  clock = realTime,
): Promise<boolean> {
  const end = clock.now() + milliseconds
  for (let left = milliseconds; left > 0 && !signal.aborted; left = end - clock.now()) {
    const came = await transport(
      {
        fixture: 'wait',
        method: 'GET',
        url: endpoint(baseUrl, '/v1/models'),
        headers: [['accept', 'application/json']],
        body: null,
        idleTimeout: Math.min(2000, left),
        totalTimeout: Math.min(5000, left),
        maxBytes: 1_048_576,
      },
      signal,
    )
    if (came.kind === 'answer' && !starting.has(came.status)) return true
    await clock.pause(Math.min(betweenLooks, Math.max(0, end - clock.now())), signal)
  }
  return false
}
