import { writeEvent, type SaidEvent } from '../../fixtures/gateways/answer.ts'
import { eventsOf } from '../../fixtures/gateways/reference/stream.ts'
import { message as plainest } from '../../schemas/examples.ts'
import type { ErrorType, Failure, Message } from '../../schemas/types.ts'
import { parseName } from '../harness/gather/plan.ts'
import type { Answered, Came, Exchange } from '../harness/wire/exchange.ts'

/* Exchanges and requirements made by hand: for tests of the engine, which need neither a gateway nor the catalogue. */

/** What a requirement made by hand says of itself. */
export const about = {
  level: 'must',
  profile: 'minimum',
  title: 'made by hand',
  because: 'made by hand',
  breaks: [],
  source: { opinion: 'made by hand' },
} as const

/** An exchange in the mode that its name says, with whatever came. */
export function exchange(fixture: string, came: Came, more: Partial<Exchange> = {}): Exchange {
  const { mode } = parseName(fixture)
  const body = {
    model: 'claude-reference',
    max_tokens: 64,
    messages: [{ role: 'user', content: 'Hello' }],
    ...(mode === 'stream' && { stream: true }),
  }
  return {
    fixture,
    origin: 'gathered',
    attempt: 1,
    needs: [],
    values: {},
    sent: { method: 'POST', path: '/v1/messages', headers: [], body: JSON.stringify(body) },
    came,
    ...more,
  }
}

/** Answered with a Message, the plainest but for `message`, in the mode that the name says. */
export function served(fixture: string, message: Partial<Message> = {}, more: Partial<Exchange> = {}): Exchange {
  const whole = { ...plainest, ...message }
  const came = parseName(fixture).mode === 'stream' ? streamed(eventsOf(whole)) : answered(200, whole)
  return exchange(fixture, came, more)
}

/** Refused, or failed, in the envelope. */
export function refused(
  fixture: string,
  status: number,
  type: ErrorType = 'invalid_request_error',
  more: Partial<Exchange> = {},
): Exchange {
  return exchange(fixture, answered(status, { type: 'error', error: { type, message: 'no' } }), more)
}

/** Not answered at all. */
export function silent(fixture: string, failure: Failure = 'reset', more: Partial<Exchange> = {}): Exchange {
  return exchange(fixture, { kind: 'nothing', failure, detail: failure }, more)
}

/** An answer that came whole and at once; a string is the body as it is, anything else is written as JSON. */
export function answered(status: number, body: unknown, type = 'application/json'): Answered {
  const bytes = Buffer.from(typeof body === 'string' ? body : JSON.stringify(body))
  return {
    kind: 'answer',
    status,
    headers: [['content-type', type]],
    body: bytes,
    chunks: bytes.length > 0 ? [[1, bytes.length]] : [],
    ends: 'complete',
    endedAt: 1,
  }
}

/** A stream of these events that came whole and at once. */
export function streamed(events: readonly SaidEvent[]): Answered {
  return answered(200, events.map(writeEvent).join(''), 'text/event-stream')
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
