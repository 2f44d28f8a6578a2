import type { Exchange } from '../wire/exchange.ts'
import { parseJson, isObject } from '../wire/json.ts'
import { clip } from '../views/finding.ts'
import { attempt, stripped } from '../views/holes.ts'
import { see } from '../views/views.ts'

/** What two runs are compared by beside their verdicts: nothing volatile such as ids, dates and texts. */
export interface Features {
  /** The types met at each place, by kind of answer: `message /usage/input_tokens` is a `number`. */
  readonly shape: ReadonlyMap<string, ReadonlySet<string>>
  /** Which event followed which, in streams: `message_start > content_block_start`. */
  readonly order: ReadonlySet<string>
  /** Models that answers name. */
  readonly models: ReadonlySet<string>
  /** By exchange: milliseconds to the first byte. */
  readonly firstByte: ReadonlyMap<string, number>
  /** By exchange: input tokens of the answer's usage. */
  readonly inputTokens: ReadonlyMap<string, number>
  readonly exchanges: number
}

/** Collects features, exchange by exchange. */
export function collecting(): { add(exchange: Exchange): void; features(): Features } {
  const shape = new Map<string, Set<string>>()
  const order = new Set<string>()
  const models = new Set<string>()
  const firstByte = new Map<string, number>()
  const inputTokens = new Map<string, number>()
  let exchanges = 0

  function add(exchange: Exchange): void {
    const { came, fixture, origin } = exchange
    if (origin === 'waiting') return
    exchanges++
    if (came.kind === 'nothing') return
    const [first] = came.chunks
    if (first) firstByte.set(fixture, first[0])
    const message = see(exchange, 'message')
    if (message.is === 'there') {
      attempt(() => models.add(clip(message.value.model)))
      attempt(() => inputTokens.set(fixture, message.value.usage.input_tokens))
    }
    const stream = see(exchange, 'stream')
    if (stream.is === 'there') {
      let before = 'start'
      for (const { type } of stream.value.events) {
        if (type === 'ping' || order.size === mostPlaces) continue
        order.add(`${before} > ${clip(type)}`)
        before = clip(type)
      }
      for (const { type, data, holed } of stream.value.events)
        describe(holed ? stripped(data).value : data, `event ${type} `, shape)
    } else describe(bodyOf(exchange), kindOf(exchange, came.status), shape)
  }

  return { add, features: () => ({ shape, order, models, firstByte, inputTokens, exchanges }) }
}

function kindOf({ sent }: Exchange, status: number): string {
  if (status >= 400) return 'error '
  if (sent.path.includes('count_tokens')) return 'count '
  return sent.path.startsWith('/v1/messages') ? 'message ' : 'models '
}

function bodyOf(exchange: Exchange): unknown {
  const text = see(exchange, 'text')
  return text.is === 'there' ? parseJson(text.value) : undefined
}

/** Below these, names are the model's or the caller's choice. */
const free: ReadonlySet<string> = new Set(['input', 'parsed_output', 'metadata'])

/** An answer of another key in every field is no shape: so many places are noted, and so deep. */
const mostPlaces = 2000
const deepest = 12

function describe(value: unknown, at: string, shape: Map<string, Set<string>>, depth = 0): void {
  if (value === undefined || depth > deepest) return
  const types = shape.get(at) ?? new Set()
  if (types.size === 0 && shape.size === mostPlaces) return
  shape.set(at, types.add(typeOf(value)))
  if (Array.isArray(value)) for (const item of value) describe(item, `${at}/${named(item)}`, shape, depth + 1)
  else if (isObject(value))
    for (const [key, inner] of Object.entries(value))
      if (!free.has(key)) describe(inner, `${at}/${clip(key)}`, shape, depth + 1)
}

/** The items of a list are told apart by their type, not by their place. */
function named(item: unknown): string {
  return isObject(item) && typeof item['type'] === 'string' ? clip(item['type']) : '*'
}

function typeOf(value: unknown): string {
  return value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value
}
