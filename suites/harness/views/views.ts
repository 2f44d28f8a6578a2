import type { ErrorResponse, Message, Model, TokenCount, UnjudgedWhy } from '../../../schemas/types.ts'
import { validateError, validateMessage, validateModel, validateTokenCount } from '../../../schemas/validators.js'
import type { RequirementId } from '../../ids.ts'
import { accumulate } from './accumulate.ts'
import { asked, continuesCode } from './asked.ts'
import { decode, forgetText } from '../wire/body.ts'
import type { Answered, Exchange } from '../wire/exchange.ts'
import { clip, show, type Refusal } from './finding.ts'
import { saysLastWord } from './last-word.ts'
import { shapeRefusals, type ShapeOwner } from './shape.ts'
import { readStream, type Streamed } from './stream.ts'
import { walk, type Walked } from './walk.ts'
import { holdsAtMost, isObject, parseJson, type JsonObject } from '../wire/json.ts'

/** A Message that has ended: only where a stream begins may stop_reason be null. */
export type FinishedMessage = Message & { readonly stop_reason: NonNullable<Message['stop_reason']> }

/** What an exchange can be read as. */
export interface Views {
  /** Any HTTP answer. */
  answer: Answered
  /** Its body as text: all of it came, and it decodes. */
  text: string
  /** The JSON object that answers a request for a Message without stream. */
  json: JsonObject
  /** The envelope of an answer that is no 2xx. */
  error: ErrorResponse
  /** The events of an answer to `stream: true`: framed, named, each of its documented shape. */
  stream: Streamed
  /** The same in a legal order. */
  events: Walked
  /** A finished Message, from a JSON body or accumulated from a stream. */
  message: FinishedMessage
  /** What count_tokens answered. */
  count: TokenCount
  /** A list of models, as far as clients cannot do without: data, each with an id. */
  models: ListedModels
  /** One model. */
  model: Model
}

/**
 * A view parses or refuses. A refusal is the finding of the requirement it names; `absent` means the exchange was never of this
 * kind, or that what should carry it did not come.
 */
export type Seen<T> =
  | { readonly is: 'there'; readonly value: T }
  | { readonly is: 'refused'; readonly refusals: readonly Refusal[] }
  | { readonly is: 'absent'; readonly why: UnjudgedWhy }

type Memory = { [V in keyof Views]?: Seen<Views[V]> }

const memory = new WeakMap<Exchange, Memory>()

/** The large exchanges among those remembered, the last one last. What was read of one takes up to ten times what came. */
const large: Exchange[] = []
const largeBytes = 128 * 1024
const mostLarge = 3

/** Reads an exchange as `view`; each view is parsed once per exchange, and again where many large ones came since. */
export function see<V extends keyof Views>(exchange: Exchange, view: V): Seen<Views[V]> {
  let known: Memory | undefined = memory.get(exchange)
  if (!known) {
    memory.set(exchange, (known = {}))
    if (sizeOf(exchange) > largeBytes && large.push(exchange) > mostLarge) forget(large.shift())
  }
  const before: Seen<Views[V]> | undefined = known[view]
  if (before) return before
  const read: (exchange: Exchange) => Seen<Views[V]> = readers[view]
  const seen = read(exchange)
  known[view] = seen as Memory[V]
  return seen
}

function sizeOf({ came }: Exchange): number {
  if (came.kind === 'nothing') return 0
  // The bytes of a body that was read from a tape are made when somebody asks for them.
  return came.chunks.length > 0 ? came.chunks.reduce((sum, [, length]) => sum + length, 0) : came.body.length
}

function forget(exchange: Exchange | undefined): void {
  if (!exchange) return
  memory.delete(exchange)
  if (exchange.came.kind === 'answer') forgetText(exchange.came)
}

const readers: { readonly [V in keyof Views]: (exchange: Exchange) => Seen<Views[V]> } = {
  answer: readAnswer,
  text: readText,
  json: readObject,
  error: readError,
  stream: readEvents,
  events: readWalked,
  message: readMessage,
  count: (exchange) => readJson(exchange, 'count_tokens', 'tokens/shape', validateTokenCount),
  models: readModels,
  model: (exchange) => readJson(exchange, 'model', 'models/one-shape', validateModel),
}

function readAnswer({ came }: Exchange): Seen<Answered> {
  return came.kind === 'answer' ? there(came) : absent('no-answer')
}

function readText(exchange: Exchange): Seen<string> {
  const { came } = exchange
  if (came.kind !== 'answer') return absent('no-answer')
  if (came.ends === 'hung-up') return absent('nothing-of-its-kind')
  const decoded = decode(came)
  if (!decoded.ok)
    return decoded.because === 'withheld'
      ? absent('not-recorded')
      : refused('transport/readable', 'body', decodable[decoded.because], decoded.detail)
  const whole = came.ends === 'complete' || (came.ends === 'hung' && saysLastWord(decoded.text))
  if (!whole) return refused('transport/whole', `byte ${came.body.length}`, 'the rest of the body', endings[came.ends])
  if (decoded.text.length > mostValues && !holdsAtMost(mostValues, decoded.text))
    return refused('transport/readable', 'body', decodable['too-large'], `more than ${mostValues} values and lines`)
  return there(decoded.text)
}

/** Of one body. The longest stream there is, a token a delta, has half as many; an answer to what we ask has some hundred. */
const mostValues = 2_000_000

const endings = {
  complete: 'the end',
  cut: 'the connection closed',
  hung: 'nothing more, until the time limit',
  'too-large': 'more than the size limit',
  'hung-up': 'we left',
} as const

const decodable = {
  'unlabelled-compression': 'a content-encoding header, since the body is compressed',
  'unknown-encoding': 'an encoding that was offered',
  undecodable: 'a body that decodes as its content-encoding says',
  'not-utf8': 'UTF-8',
  'too-large': 'a body of reasonable size',
} as const

function readError(exchange: Exchange): Seen<ErrorResponse> {
  const { came } = exchange
  if (came.kind !== 'answer') return absent('no-answer')
  if (came.status < 400 || exchange.sent.method === 'HEAD') return absent('nothing-of-its-kind')
  const text = see(exchange, 'text')
  if (text.is !== 'there') return text
  const body = parseJson(text.value)
  if (validateError(body)) return there(body)
  if (noSuchEndpoint(exchange, came.status)) return absent('nothing-of-its-kind')
  if (!isObject(body)) return refused('errors/envelope', 'body', 'the error envelope as JSON', clip(text.value))
  return { is: 'refused', refusals: shapeRefusals(validateError.errors, body, () => 'errors/envelope') }
}

/** An endpoint a gateway may simply not have says so by its status; errors/envelope-everywhere looks at the body. */
export function noSuchEndpoint(exchange: Exchange, status: number): boolean {
  return asked(exchange).endpoint !== 'messages' && [404, 405, 501].includes(status)
}

/** A 2xx answer of this endpoint, as text; what is refused with another status is an error and no message. */
function served(exchange: Exchange, endpoint: ReturnType<typeof asked>['endpoint']): Seen<string> {
  if (asked(exchange).endpoint !== endpoint) return absent('nothing-of-its-kind')
  const { came } = exchange
  if (came.kind !== 'answer') return absent('no-answer')
  if (came.status === 429 || came.status === 529) return absent('rate-limited')
  if (came.status < 200 || came.status > 299) return absent('nothing-of-its-kind')
  return see(exchange, 'text')
}

function readEvents(exchange: Exchange): Seen<Streamed> {
  if (!asked(exchange).stream) return absent('nothing-of-its-kind')
  const text = served(exchange, 'messages')
  if (text.is !== 'there') return text
  const read = readStream(text.value, exchange)
  return 'refusals' in read ? { is: 'refused', refusals: read.refusals } : there(read)
}

function readWalked(exchange: Exchange): Seen<Walked> {
  const stream = see(exchange, 'stream')
  if (stream.is !== 'there') return stream
  const walked = walk(stream.value.events, continuesCode(exchange))
  return 'by' in walked ? { is: 'refused', refusals: [walked] } : there(walked)
}

function readMessage(exchange: Exchange): Seen<FinishedMessage> {
  return asked(exchange).stream ? messageOfStream(exchange) : messageOfJson(exchange)
}

function messageOfStream(exchange: Exchange): Seen<FinishedMessage> {
  const events = see(exchange, 'events')
  if (events.is !== 'there') return events
  if (events.value.error) return absent('no-answer')
  const whole = accumulate(events.value, exchange)
  if ('by' in whole) return { is: 'refused', refusals: [whole] }
  return shaped(whole.message)
}

function messageOfJson(exchange: Exchange): Seen<FinishedMessage> {
  const body = see(exchange, 'json')
  return body.is === 'there' ? shaped(body.value) : body
}

function readObject(exchange: Exchange): Seen<JsonObject> {
  if (asked(exchange).stream) return absent('nothing-of-its-kind')
  const text = served(exchange, 'messages')
  if (text.is !== 'there') return text
  const body = parseJson(text.value)
  if (!isObject(body)) return refused('messages/json', 'body', 'one JSON object', clip(text.value))
  if (body['type'] === 'error' || (isObject(body['error']) && body['content'] === undefined))
    return refused('errors/never-200', 'status', 'the status of the error', '200 with an error in the body')
  if (body['content'] === undefined && (body['choices'] !== undefined || body['object'] !== undefined))
    return refused('messages/own-protocol', 'body', 'a Message', clip(text.value))
  return there(body)
}

function shaped(body: unknown): Seen<FinishedMessage> {
  if (!validateMessage(body))
    return { is: 'refused', refusals: shapeRefusals(validateMessage.errors, body, messageOwner) }
  return isFinished(body) ? there(body) : refused('messages/stop-reason-set', '/stop_reason', 'a string', 'null')
}

function isFinished(message: Message): message is FinishedMessage {
  return message.stop_reason !== null
}

/** The requirement that owns a part of a Message. */
const messageOwner: ShapeOwner = (path, body) => {
  if (path.startsWith('/usage')) return 'usage/shape'
  if (path === '/stop_reason') return 'messages/stop-reason-set'
  const block = /^\/content\/(\d+)/.exec(path)
  if (!block) return 'messages/shape'
  const content = isObject(body) && Array.isArray(body['content']) ? body['content'] : []
  const type: unknown = content[Number(block[1])]?.type
  if (type === 'tool_use') return 'tools/shape'
  return type === 'thinking' || type === 'redacted_thinking' ? 'thinking/shape' : 'messages/content-blocks'
}

export type ListedModels = JsonObject & { readonly data: readonly (JsonObject & { readonly id: string })[] }

function readModels(exchange: Exchange): Seen<ListedModels> {
  const text = served(exchange, 'models')
  if (text.is !== 'there') return text
  const body = parseJson(text.value)
  if (!isObject(body)) return refused('models/shape', 'body', 'one JSON object', clip(text.value))
  if (!Array.isArray(body['data'])) return refused('models/shape', '/data', 'a list', show(body['data']))
  const nameless = body['data'].findIndex((model) => !isObject(model) || typeof model['id'] !== 'string')
  if (nameless >= 0) return refused('models/shape', `/data/${nameless}/id`, 'a string', show(body['data'][nameless]))
  return there(body as ListedModels)
}

type Guard<T> = ((data: unknown) => data is T) & { errors?: null | Parameters<typeof shapeRefusals>[0] }

function readJson<T>(
  exchange: Exchange,
  endpoint: ReturnType<typeof asked>['endpoint'],
  owner: RequirementId,
  validate: Guard<T>,
): Seen<T> {
  const text = served(exchange, endpoint)
  if (text.is !== 'there') return text
  const body = parseJson(text.value)
  if (validate(body)) return there(body)
  if (!isObject(body)) return refused(owner, 'body', 'one JSON object', clip(text.value))
  return { is: 'refused', refusals: shapeRefusals(validate.errors, body, () => owner) }
}

function there<T>(value: T): Seen<T> {
  return { is: 'there', value }
}

function absent(why: UnjudgedWhy): Seen<never> {
  return { is: 'absent', why }
}

function refused(by: RequirementId, at: string, expected: string, actual: string): Seen<never> {
  return { is: 'refused', refusals: [{ by, finding: { at, expected, actual } }] }
}
