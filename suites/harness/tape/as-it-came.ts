import type { Exchange } from '../wire/exchange.ts'
import type { Redactor } from './redact.ts'

const asItCame = new WeakMap<Exchange, Exchange>()

/** An exchange as it may be recorded and judged. What really went out and came back is remembered beside it, for this run only. */
export function redacted(exchange: Exchange, redactor: Redactor): Exchange {
  const clean = { ...exchange, sent: redactor.sent(exchange.sent), came: redactor.came(exchange.came) }
  asItCame.set(clean, exchange)
  return clean
}

/** What really went out and came back: what is sent back to a gateway as history is its own words. Never recorded, never shown. */
export function unredacted(exchange: Exchange): Exchange {
  return asItCame.get(exchange) ?? exchange
}
