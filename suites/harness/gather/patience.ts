import { withoutAnswer } from '../views/served.ts'
import type { Answered, Exchange } from '../wire/exchange.ts'
import { header } from '../wire/headers.ts'

/** A gateway that says so for itself, and not because its upstream was made to. */
export function isBusy(exchange: Exchange): boolean {
  return exchange.upstream === undefined && withoutAnswer(exchange) === 'rate-limited'
}

/** The longest that is waited for one answer, in milliseconds, whatever it asks for. */
const longestPause = 60_000

/**
 * Milliseconds to wait after an answer that says busy, the `waits`-th time: what retry-after says, up to a minute; else a second,
 * doubled each time.
 */
export function pauseOf({ came }: Exchange, waits: number): number {
  const said = came.kind === 'answer' ? retryAfter(came) : Number.NaN
  return Math.min(longestPause, said >= 0 ? said : 1000 * 2 ** waits)
}

/**
 * Milliseconds that retry-after says: seconds, or a date, which is counted from that of the answer. NaN where it says neither.
 * Source: https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3
 */
function retryAfter({ headers }: Answered): number {
  const said = header(headers, 'retry-after')?.trim() ?? ''
  if (/^\d+(\.\d+)?$/.test(said)) return Number(said) * 1000
  return /^[a-z]/i.test(said) ? Date.parse(said) - Date.parse(header(headers, 'date') ?? '') : Number.NaN
}
