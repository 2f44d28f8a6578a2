import { withoutAnswer } from '../views/served.ts'
import type { Exchange } from '../wire/exchange.ts'
import { header } from '../wire/headers.ts'

/** A gateway that says so for itself, and not because its upstream was made to. */
export function isBusy(exchange: Exchange): boolean {
  return exchange.upstream === undefined && withoutAnswer(exchange) === 'rate-limited'
}

/** The longest that is waited for one answer, in milliseconds, whatever it asks for. */
const longestPause = 60_000

/**
 * Milliseconds to wait after an answer that says busy, the `waits`-th time: what retry-after says in seconds, up to a
 * minute; else a second, doubled each time.
 */
export function pauseOf({ came }: Exchange, waits: number): number {
  const said = came.kind === 'answer' ? header(came.headers, 'retry-after') : undefined
  const seconds = said === undefined || said.trim() === '' ? Number.NaN : Number(said)
  return Math.min(longestPause, Number.isFinite(seconds) && seconds >= 0 ? seconds * 1000 : 1000 * 2 ** waits)
}
