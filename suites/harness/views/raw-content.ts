import { accumulate } from './accumulate.ts'
import { asked } from './asked.ts'
import type { Exchange } from '../wire/exchange.ts'
import { parseJson, isObject, objects, type JsonObject } from '../wire/json.ts'
import { see } from './views.ts'

/** Bytes of an answer above which its turn is not sent back: no model says so much to us, and each turn behind it would carry it on. */
const mostSentBack = 512 * 1024

/**
 * The content blocks of an answer as they came, whatever else of it is wrong: a turn is sent back verbatim, so a missing usage must
 * not keep the next turn from being sent. Null where there are none, or far too many.
 */
export function rawContent(exchange: Exchange): readonly JsonObject[] | null {
  const { came } = exchange
  if (came.kind === 'nothing' || came.body.length > mostSentBack) return null
  const content = objects(asked(exchange).stream ? streamed(exchange) : parsed(exchange))
  return content.length > 0 ? content : null
}

function streamed(exchange: Exchange): unknown {
  const events = see(exchange, 'events')
  if (events.is !== 'there') return null
  const whole = accumulate(events.value, exchange)
  return 'message' in whole ? whole.message['content'] : null
}

function parsed(exchange: Exchange): unknown {
  const text = see(exchange, 'text')
  if (text.is !== 'there') return null
  const body = parseJson(text.value)
  return isObject(body) ? body['content'] : null
}
