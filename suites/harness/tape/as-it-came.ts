import type { Arrived, Exchange } from '../wire/exchange.ts'
import type { Redactor } from './redact.ts'

const asItCame = new WeakMap<Exchange, Exchange>()

/**
 * An exchange as it may be recorded and judged. Where that takes something from its bodies, what really went out and came back is
 * remembered beside it, for this run only.
 */
export function redacted(exchange: Exchange, redactor: Redactor): Exchange {
  const { sent, came, arrivals } = exchange
  const clean: Exchange = {
    ...exchange,
    sent: redactor.sent(sent),
    came: redactor.came(came),
    ...(arrivals && { arrivals: arrivals.map((arrived) => redactedArrival(arrived, redactor)) }),
  }
  if (clean.sent.body !== exchange.sent.body || bodyOf(clean) !== bodyOf(exchange)) asItCame.set(clean, exchange)
  return clean
}

function redactedArrival({ sent, came, ...rest }: Arrived, redactor: Redactor): Arrived {
  return { sent: redactor.sent(sent), came: redactor.answered(came), ...rest }
}

function bodyOf({ came }: Exchange): Uint8Array | null {
  return came.kind === 'answer' ? came.body : null
}

/** With the bodies that really went out and came back: what is sent back to a gateway as history is its own words. Never recorded, never shown. */
export function unredacted(exchange: Exchange): Exchange {
  return asItCame.get(exchange) ?? exchange
}
