import { endpoint } from '../harness/wire/target.ts'
import type { Transport } from '../harness/wire/exchange.ts'

/** Milliseconds between two looks. */
const pause = 500

/** Statuses of a proxy in front of a gateway that is still starting. */
const starting: ReadonlySet<number> = new Set([502, 503, 504])

/**
 * Looks at a gateway, without a credential, until it answers anything that is not 502, 503 or 504. Returns whether it did within
 * so many milliseconds, counted in looks.
 */
export async function comesUp(
  baseUrl: string,
  milliseconds: number,
  transport: Transport,
  signal: AbortSignal,
): Promise<boolean> {
  for (let left = milliseconds; ; left -= pause) {
    const came = await transport(
      {
        fixture: 'wait',
        method: 'GET',
        url: endpoint(baseUrl, '/v1/models'),
        headers: [['accept', 'application/json']],
        body: null,
        idleTimeout: 2000,
        totalTimeout: 5000,
        maxBytes: 1_048_576,
      },
      signal,
    )
    if (came.kind === 'answer' && !starting.has(came.status)) return true
    if (left <= 0 || signal.aborted) return false
    await new Promise((resolve) => setTimeout(resolve, Math.min(pause, left)))
  }
}
