import { message } from '../../../schemas/examples.ts'
import type { Answered, Came, Exchange, NotAnswered, Sent } from '../wire/exchange.ts'
import type { JsonObject } from '../wire/json.ts'
import type { StreamedEvent } from './walk.ts'

// What tests of readings are made of: an exchange, and of it only what a test is about.

/** The exchange of a POST to /v1/messages with the body `asks`. */
export function exchange(
  came: Came,
  {
    asks = {},
    sent,
    ...more
  }: { readonly asks?: unknown; readonly sent?: Partial<Sent> } & Partial<Omit<Exchange, 'sent' | 'came'>> = {},
): Exchange {
  return {
    fixture: 'messages/hello',
    origin: 'gathered',
    attempt: 1,
    needs: [],
    values: {},
    ...more,
    sent: { method: 'POST', path: '/v1/messages', headers: [], body: JSON.stringify(asks), ...sent },
    came,
  }
}

/** A 200 with this body: a text as it is, anything else as JSON. */
export function answered(body: unknown, more: Partial<Answered> = {}): Answered {
  const bytes = Buffer.from(typeof body === 'string' ? body : JSON.stringify(body))
  return {
    kind: 'answer',
    status: 200,
    headers: [],
    body: bytes,
    chunks: [[5, bytes.length]],
    ends: 'complete',
    endedAt: 5,
    ...more,
  }
}

export const unanswered: NotAnswered = { kind: 'nothing', failure: 'reset', detail: 'socket hang up' }

/** An envelope, as an answer of this status. */
export function failed(status: number, type = 'api_error'): Answered {
  return answered({ type: 'error', error: { type, message: 'No.' } }, { status })
}

/** The exchange of a request with `stream: true`, answered by these events. */
export function streamed(events: readonly JsonObject[], asks: JsonObject = {}): Exchange {
  return exchange(answered(eventStream(events)), { asks: { ...asks, stream: true } })
}

/** Events as they are written, each named by its type. */
export function eventStream(events: readonly JsonObject[]): string {
  return events.map((data) => `event: ${String(data['type'])}\ndata: ${JSON.stringify(data)}\n\n`).join('')
}

/** Events as they are walked, counted from 1. */
export function numbered(events: readonly JsonObject[]): StreamedEvent[] {
  return events.map((data, index) => ({ number: index + 1, type: String(data['type']), data, at: null }))
}

/** The events of a stream, for what a test says of them. */
export const event = {
  start: (content: readonly unknown[] = [], usage: JsonObject = { ...message.usage }) => ({
    type: 'message_start',
    message: { ...message, content, usage, stop_reason: null },
  }),
  block: (index: unknown, content_block: JsonObject = { type: 'text', text: '' }) => ({
    type: 'content_block_start',
    index,
    content_block,
  }),
  delta: (index: unknown, delta: JsonObject = { type: 'text_delta', text: 'Hello!' }) => ({
    type: 'content_block_delta',
    index,
    delta,
  }),
  stop: (index: unknown) => ({ type: 'content_block_stop', index }),
  end: (delta: JsonObject = { stop_reason: 'end_turn' }, usage: JsonObject = { output_tokens: 6 }) => ({
    type: 'message_delta',
    delta,
    usage,
  }),
  last: { type: 'message_stop' },
  ping: { type: 'ping' },
  error: { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } },
} as const

/** The least stream that says something. */
export const hello: readonly JsonObject[] = [
  event.start(),
  event.block(0),
  event.delta(0),
  event.stop(0),
  event.end(),
  event.last,
]
