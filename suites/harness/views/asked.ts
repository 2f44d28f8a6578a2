import { isObject, objects, parseJson, type JsonObject } from '../wire/json.ts'
import type { Exchange } from '../wire/exchange.ts'

export type Endpoint = 'messages' | 'count_tokens' | 'models' | 'model' | 'batches' | 'chat-completions' | 'other'

/** What an exchange asked for. It decides which views there can be; what came back never does. */
export interface Asked {
  readonly endpoint: Endpoint
  readonly stream: boolean
  /** The request body where it is a JSON object, else empty. */
  readonly body: JsonObject
}

const known = new WeakMap<Exchange, Asked>()

/** Reads what was asked from the request alone. */
export function asked(exchange: Exchange): Asked {
  const before = known.get(exchange)
  if (before) return before
  const body = parse(exchange.sent.body)
  const result = { endpoint: endpoint(exchange), stream: body['stream'] === true, body }
  known.set(exchange, result)
  return result
}

/** The request's messages, tools and so on, as objects, whatever their shape. */
export function askedTools(exchange: Exchange): readonly JsonObject[] {
  return objects(asked(exchange).body['tools'])
}

/** The answer goes on running code that an earlier one began: the official API then starts a message with finished blocks. */
export function continuesCode(exchange: Exchange): boolean {
  const { body } = asked(exchange)
  return body['container'] != null || askedTools(exchange).some((tool) => tool['allowed_callers'] !== undefined)
}

function endpoint({ sent }: Exchange): Endpoint {
  const query = sent.path.indexOf('?')
  const path = query === -1 ? sent.path : sent.path.slice(0, query)
  if (sent.method === 'POST' && path.endsWith('/v1/messages')) return 'messages'
  if (sent.method === 'POST' && path.endsWith('/v1/messages/count_tokens')) return 'count_tokens'
  if (path.endsWith('/chat/completions')) return 'chat-completions'
  if (/\/v1\/messages\/batches(\/|$)/.test(path)) return 'batches'
  if (sent.method !== 'GET') return 'other'
  if (path.endsWith('/v1/models')) return 'models'
  return /\/v1\/models\/[^/]+$/.test(path) ? 'model' : 'other'
}

function parse(body: string | null): JsonObject {
  const value = body === null ? null : parseJson(body)
  return isObject(value) ? value : {}
}
