import type { TapeLeftOut } from '../../../schemas/types.ts'
import { readEventStream } from '../../harness/views/event-stream.ts'
import { decode } from '../../harness/wire/body.ts'
import type { Exchange } from '../../harness/wire/exchange.ts'
import { counted } from '../../harness/wire/counted.ts'
import { isObject, parseJson, type JsonObject } from '../../harness/wire/json.ts'

/* What of a body may be kept where nobody wants its words kept: which parts there are, and how large they are. */

/** The exchange as it is kept without its bodies. */
export function withoutBodies(exchange: Exchange, shapes: TapeLeftOut = shapesOf(exchange)): Exchange {
  const { sent, came } = exchange
  return {
    ...exchange,
    sent: { ...sent, body: null },
    came: came.kind === 'answer' ? { ...came, body: new Uint8Array(came.body.length), withheld: 'left-out' } : came,
    leftOut: shapes,
  }
}

/** The shapes of both bodies. */
export function shapesOf({ sent, came }: Exchange): TapeLeftOut {
  const decoded = came.kind === 'answer' ? decode(came) : null
  return {
    ...(sent.body !== null && { asked: shapeOfText(sent.body) }),
    ...(decoded?.ok && { answered: shapeOfText(decoded.text) }),
  }
}

function shapeOfText(text: string): unknown {
  const value = parseJson(text)
  if (value !== undefined) return shapeOf(value)
  if (!/^\uFEFF?(?:event|data):/.test(text)) return length(text)
  const events = new Map<string, number>()
  for (const { event } of readEventStream(text).frames) {
    const name = ownWord.test(event ?? '') ? (event ?? '') : 'unnamed'
    if (events.size < mostListed || events.has(name)) events.set(name, (events.get(name) ?? 0) + 1)
  }
  return { events: Object.fromEntries(events) }
}

/** Values of the format itself: which of its words was said tells nothing of anybody. */
const ofTheFormat: ReadonlySet<string> = new Set([
  ...['type', 'role', 'model', 'stop_reason', 'media_type', 'effort', 'display', 'ttl', 'service_tier'],
])

/** What clients put into these is theirs, down to the names. */
const theirs: ReadonlySet<string> = new Set([
  'input',
  'input_schema',
  'metadata',
  'schema',
  'properties',
  'input_examples',
])

const ownWord = /^[\w.:/[\]-]{1,80}$/

/** Of a longer list the first and the last are told. */
const mostListed = 40

/** A value of JSON with each text as its length, and each object that is somebody's own as the number of its fields. */
export function shapeOf(value: unknown, key = ''): unknown {
  if (typeof value === 'string') return ofTheFormat.has(key) && ownWord.test(value) ? value : length(value)
  if (Array.isArray(value)) return list(value).map((inner) => shapeOf(inner))
  if (!isObject(value)) return value
  if (theirs.has(key)) return counted(Object.keys(value).length, 'field')
  return fields(value)
}

function fields(value: JsonObject): JsonObject {
  return Object.fromEntries(
    list(Object.entries(value)).map((entry) => {
      const [key, inner] = entry as [string, unknown]
      return [ownWord.test(key) ? key : length(key), shapeOf(inner, key)]
    }),
  )
}

function list(values: readonly unknown[]): readonly unknown[] {
  return values.length <= mostListed ? values : [...values.slice(0, mostListed / 2), ...values.slice(-mostListed / 2)]
}

function length(text: string): string {
  return counted(text.length, 'character')
}
