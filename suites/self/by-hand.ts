import { toBytes } from '../../fixtures/gateways/answer.ts'
import { eventsOf } from '../../fixtures/gateways/reference/stream.ts'
import { message as plainest } from '../../schemas/examples.ts'
import type { ErrorType, Message } from '../../schemas/types.ts'
import { parseName } from '../harness/gather/plan.ts'
import { answered, exchange, failed, unanswered } from '../harness/views/examples.ts'
import type { Came, Exchange } from '../harness/wire/exchange.ts'

/* Exchanges and requirements made by hand: for tests of the engine, which need neither a gateway nor the catalogue. */

/** What a requirement made by hand says of itself. */
export const about = {
  level: 'must',
  profile: 'minimum',
  title: 'made by hand',
  because: 'made by hand',
  breaks: [],
  source: { kind: 'opinion', opinion: 'made by hand' },
} as const

/** An exchange in the mode that its name says, with whatever came. */
export function exchangeOf(fixture: string, came: Came, more: Partial<Exchange> = {}): Exchange {
  const stream = parseName(fixture).mode === 'stream' && { stream: true }
  return exchange(came, { fixture, asks: { messages: [{ role: 'user', content: 'Hello' }], ...stream }, ...more })
}

/** Answered with a Message, the plainest but for `message`, in the mode that the name says. */
export function served(fixture: string, message: Partial<Message> = {}, more: Partial<Exchange> = {}): Exchange {
  const whole = { ...plainest, ...message }
  const body = parseName(fixture).mode === 'stream' ? { events: eventsOf(whole) } : { json: whole }
  const { pieces } = toBytes({ status: 200, headers: [], body })
  return exchangeOf(fixture, answered(Buffer.concat(pieces.map(({ bytes }) => bytes)).toString()), more)
}

/** Refused, or failed, in the envelope. */
export function refused(
  fixture: string,
  status: number,
  type: ErrorType = 'invalid_request_error',
  more: Partial<Exchange> = {},
): Exchange {
  return exchangeOf(fixture, failed(status, type), more)
}

/** Not answered at all. */
export function silent(fixture: string, more: Partial<Exchange> = {}): Exchange {
  return exchangeOf(fixture, unanswered, more)
}

/** A message that calls a tool. */
export const call: Partial<Message> = {
  content: [{ type: 'tool_use', id: 'toolu_01', name: 'get_weather', input: { city: 'Ulm' } }],
  stop_reason: 'tool_use',
}

/** A message that says this. */
export function saying(text: string, more: Partial<Message> = {}): Partial<Message> {
  return { content: [{ type: 'text', text }], ...more }
}
