import type { ErrorResponse, Message, TokenCount, UnjudgedWhy } from '../../../schemas/types.ts'
import { validateError, validateMessage, validateTokenCount } from '../../../schemas/validators.js'
import type { RequirementId } from '../../ids.ts'
import { accumulate } from './accumulate.ts'
import { asked, continuesCode } from './asked.ts'
import { saysBusy } from './busy.ts'
import { decode, forgetText, guessText } from '../wire/body.ts'
import type { Answered, Exchange } from '../wire/exchange.ts'
import { clip, show, type Refusal } from './finding.ts'
import { saysLastWord } from './last-word.ts'
import { shapeRefusals, type ShapeOwner } from './shape.ts'
import { readStream, voidsOf, type Streamed } from './stream.ts'
import { walk, type Manner, type Walked } from './walk.ts'
import { certain, pierced, type Void } from './holes.ts'
import { lastMark } from '../wire/mark.ts'
import { passageOf, type Passage } from './passage.ts'
import { holdsAtMost, isObject, objects, parseJson, type JsonObject } from '../wire/json.ts'

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
  /** The events of an answer to `stream: true`. */
  stream: Streamed
  /** The same, walked in their order. */
  events: Walked
  /** A finished Message, from a JSON body or accumulated from a stream, whichever came. */
  message: FinishedMessage
  /** What count_tokens answered. */
  count: TokenCount
  /** A list of models, as far as clients cannot do without: data, each with an id. */
  models: ListedModels
  /** One model, as far as clients cannot do without: its id. */
  model: ListedModel
  /** A request, and what of it reached the upstream. */
  passage: Passage
}

/**
 * A view parses or refuses; it reads on past what is wrong as far as it can. `found` is what is wrong, each the finding of the
 * requirement it names; what that voids is a hole in the value, and reading one throws `Unreadable`. `refused`: nothing can be
 * read, because of `refusals`. `absent`: the exchange was never of this kind, or what should carry it did not come.
 */
export type Seen<T> =
  | { readonly is: 'there'; readonly value: T; readonly found: readonly Refusal[] }
  | { readonly is: 'refused'; readonly refusals: readonly Refusal[]; readonly found: readonly Refusal[] }
  | { readonly is: 'absent'; readonly why: UnjudgedWhy }

type Memory = { [V in keyof Views]: Seen<Views[V]> | undefined }

const memory = new WeakMap<Exchange, Memory>()

/** All that may be remembered has its place from the first: a place that comes later costs more than what is put there. */
const unread: Memory = {
  answer: undefined,
  text: undefined,
  json: undefined,
  error: undefined,
  stream: undefined,
  events: undefined,
  message: undefined,
  count: undefined,
  models: undefined,
  model: undefined,
  passage: undefined,
}

/** The large exchanges among those remembered, the last one last. What was read of one takes up to ten times what came. */
const large: Exchange[] = []
const largeBytes = 128 * 1024
const mostLarge = 3

/** Reads an exchange as `view`; each view is parsed once per exchange, and again where many large ones came since. */
export function see<V extends keyof Views>(exchange: Exchange, view: V): Seen<Views[V]> {
  // Without the bodies not even what was asked is known.
  if (exchange.leftOut) return absent('not-recorded')
  let known: Memory | undefined = memory.get(exchange)
  if (!known) {
    memory.set(exchange, (known = { ...unread }))
    if (isLarge(exchange) && large.push(exchange) > mostLarge) forget(large.shift())
  }
  const before: Seen<Views[V]> | undefined = known[view]
  if (before) return before
  const read: (exchange: Exchange) => Seen<Views[V]> = readers[view]
  const seen = read(exchange)
  known[view] = seen as Memory[V]
  return seen
}

/** Whether an answer is larger than those to our requests are. */
export function isLarge({ came }: Exchange): boolean {
  return came.kind === 'answer' && came.body.length > largeBytes
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
  model: readModel,
  passage: readPassage,
}

function readAnswer({ came }: Exchange): Seen<Answered> {
  return came.kind === 'answer' ? there(came) : absent('no-answer')
}

function readText(exchange: Exchange): Seen<string> {
  const { came } = exchange
  if (came.kind !== 'answer') return absent('no-answer')
  if (came.ends === 'hung-up') return absent('nothing-of-its-kind')
  const decoded = decode(came)
  if (!decoded.ok) {
    if (decoded.because === 'withheld') return absent('not-recorded')
    const unread = refusal('transport/readable', 'body', decodable[decoded.because], decoded.detail)
    const guessed = guessText(came)
    return guessed === null ? refused(unread) : bounded(guessed, [unread])
  }
  if (came.ends === 'complete' || (came.ends === 'hung' && saysLastWord(decoded.text))) return bounded(decoded.text)
  const cut = refusal('transport/whole', `byte ${came.body.length}`, 'the rest of the body', endings[came.ends])
  // JSON says by itself where it ends.
  const isWhole = /^\s*[{[]/.test(decoded.text) && parseJson(decoded.text) !== undefined
  return isWhole ? bounded(decoded.text, [cut]) : refused(cut)
}

/** A text that whoever reads it can hold. */
function bounded(text: string, found: readonly Refusal[] = nothingFound): Seen<string> {
  if (canBeHeld(text)) return there(text, found)
  const actual = `more than ${mostOf(text)} values and lines`
  return { is: 'refused', refusals: [refusal('transport/readable', 'body', decodable['too-large'], actual)], found }
}

/** Of one body, where an answer to what we ask has some hundred: a list of ten thousand models, and twice a stream of a token a delta. */
const mostValues = { json: 250_000, stream: 2_000_000 } as const

function mostOf(text: string): number {
  return /^\s*[{[]/.test(text) ? mostValues.json : mostValues.stream
}

function canBeHeld(text: string): boolean {
  return text.length <= mostOf(text) || holdsAtMost(mostOf(text), text)
}

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
  if (validateError(body)) return there(body, text.found)
  if (noSuchEndpoint(exchange, came.status)) return absent('nothing-of-its-kind')
  if (!isObject(body))
    return refused(refusal('errors/envelope', 'body', 'the error envelope as JSON', clip(text.value)))
  return refused(...shapeRefusals(validateError.errors, body, () => 'errors/envelope'))
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
  if (saysBusy(came)) return absent('rate-limited')
  if (came.status < 200 || came.status > 299) return absent('nothing-of-its-kind')
  return see(exchange, 'text')
}

function readEvents(exchange: Exchange): Seen<Streamed> {
  if (!asked(exchange).stream) return absent('nothing-of-its-kind')
  const text = served(exchange, 'messages')
  if (text.is === 'absent') return text
  // What came of a stream before it broke off can be read.
  const part = text.is === 'there' ? text.value : partOf(exchange)
  if (part === null) return text.is === 'refused' ? text : absent('nothing-of-its-kind')
  const before = text.is === 'there' ? text.found : text.refusals
  const read = readStream(part, exchange, {
    cut: text.is === 'there' ? [] : text.refusals.map(({ by }) => by),
    guessed: before.flatMap(({ by }) => (by === 'transport/readable' ? [by] : [])),
  })
  if ('refusals' in read) return text.is === 'there' ? { is: 'refused', refusals: read.refusals, found: before } : text
  if (text.is === 'refused' && read.streamed.events.length === 0) return text
  return there(read.streamed, [...before, ...read.found])
}

function partOf({ came }: Exchange): string | null {
  const decoded = came.kind === 'answer' ? decode(came) : null
  return decoded?.ok && canBeHeld(decoded.text) ? decoded.text : null
}

function readWalked(exchange: Exchange): Seen<Walked> {
  const stream = see(exchange, 'stream')
  if (stream.is !== 'there') return stream
  const { walked, found } = walk(stream.value.events, mannerOf(exchange, stream.value))
  const all = [...stream.found, ...found]
  // Without a single event that says something there is nothing to read.
  const isEmpty = !walked.start && walked.blocks.length === 0 && !walked.error
  // Of a stream that broke off before it said anything, that is all there is to find.
  const refusals = found.length > 0 ? found : stream.found
  return isEmpty && refusals.length > 0 ? { is: 'refused', refusals, found: all } : there(walked, all)
}

function mannerOf(exchange: Exchange, { cut }: Streamed): Manner {
  return { beginsWithBlocks: continuesCode(exchange), cut }
}

function readMessage(exchange: Exchange): Seen<FinishedMessage> {
  const seen = asked(exchange).stream ? messageOfStream(exchange) : messageOfJson(exchange)
  return seen.is === 'refused' ? (inOtherMode(exchange, seen.refusals) ?? seen) : seen
}

function messageOfStream(exchange: Exchange): Seen<FinishedMessage> {
  const events = see(exchange, 'events')
  if (events.is !== 'there') return events
  // An error behind the last word of an answer takes nothing of it back.
  const isCutShort = events.value.error !== null && !events.value.isSaid
  return isCutShort ? absent('no-answer') : accumulated(events.value, exchange, events.found)
}

function accumulated(walked: Walked, exchange: Exchange, before: readonly Refusal[]): Seen<FinishedMessage> {
  const { message, voids, found } = accumulate(walked, exchange)
  return shaped(message, [...before, ...found], voids)
}

function messageOfJson(exchange: Exchange): Seen<FinishedMessage> {
  const body = see(exchange, 'json')
  return body.is === 'there' ? shaped(body.value, body.found) : body
}

/** A Message that came in the other mode than the one asked for is a Message all the same; null where it did not. */
function inOtherMode(exchange: Exchange, found: readonly Refusal[]): Seen<FinishedMessage> | null {
  const text = see(exchange, 'text')
  if (text.is !== 'there') return null
  if (asked(exchange).stream) {
    const body = parseJson(text.value)
    return isObject(body) && body['type'] === 'message' ? shaped(body, found) : null
  }
  if (!/^(event|data):/.test(text.value)) return null
  const read = readStream(text.value, exchange)
  if ('refusals' in read) return null
  const { walked } = walk(read.streamed.events, mannerOf(exchange, read.streamed))
  return walked.error || !walked.start ? null : accumulated(walked, exchange, found)
}

function readObject(exchange: Exchange): Seen<JsonObject> {
  if (asked(exchange).stream) return absent('nothing-of-its-kind')
  const text = served(exchange, 'messages')
  if (text.is !== 'there') return text
  const body = parseJson(text.value)
  if (!isObject(body)) return refused(refusal('messages/json', 'body', 'one JSON object', clip(text.value)))
  if (body['type'] === 'error' || (isObject(body['error']) && body['content'] === undefined))
    return refused(refusal('errors/never-200', 'status', 'the status of the error', '200 with an error in the body'))
  if (body['content'] === undefined && (body['choices'] !== undefined || body['object'] !== undefined))
    return refused(refusal('messages/own-protocol', 'body', 'a Message', clip(text.value)))
  return there(body, text.found)
}

/**
 * A Message as far as it is one: what is missing or wrong is found, and a hole. `voids`: what was lost on the way, which is not
 * found again.
 */
function shaped(body: JsonObject, before: readonly Refusal[] = [], voids: readonly Void[] = []): Seen<FinishedMessage> {
  const wrong = validateMessage(body) ? [] : shapeRefusals(validateMessage.errors, body, messageOwner)
  if (body['stop_reason'] === null)
    wrong.push(refusal('messages/stop-reason-set', '/stop_reason', 'a string', 'null', '/stop_reason'))
  const lost = new Set(voids.map(({ path }) => path))
  const told = wrong.filter(({ path = '' }) => !isWithin(path, lost))
  const found = [...before, ...told]
  if (!isMessage(body)) return { is: 'refused', refusals: told.length > 0 ? told : found, found }
  return there(pierced<unknown>(body, [...voids, ...voidsOf(told)]) as FinishedMessage, found)
}

/** Whether a part of a value lies in one of these. */
function isWithin(path: string, outer: ReadonlySet<string>): boolean {
  for (let inner = path; inner !== ''; inner = inner.slice(0, inner.lastIndexOf('/'))) if (outer.has(inner)) return true
  return false
}

/** The least that makes a Message: content, and a sign or two of what else it has. An empty object is none. */
function isMessage(body: JsonObject): boolean {
  if (body['content'] === undefined) return false
  const signs = [
    body['type'] === 'message',
    body['role'] === 'assistant',
    typeof body['id'] === 'string',
    isObject(body['usage']),
  ]
  const hasBlock = objects(body['content']).some(({ type }) => typeof type === 'string')
  return hasBlock || signs.filter(Boolean).length >= 2
}

/** Whether an exchange brought a Message with content that can be read: without one on the tape nothing holds. */
export function isAnchor(exchange: Exchange): boolean {
  const message = see(exchange, 'message')
  if (message.is !== 'there') return false
  if (message.found.length === 0) return true
  return certain(() => message.value.content.some((block) => certain(() => isWhole(block))))
}

/** A block without holes that says more than its type. */
function isWhole(block: object): boolean {
  return JSON.stringify(block) !== '{}' && Object.keys(block).length > 1
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

export type ListedModel = JsonObject & { readonly id: string }
export type ListedModels = JsonObject & { readonly data: readonly ListedModel[] }

function readModels(exchange: Exchange): Seen<ListedModels> {
  const text = served(exchange, 'models')
  if (text.is !== 'there') return text
  const body = parseJson(text.value)
  if (!isObject(body)) return refused(refusal('models/shape', 'body', 'one JSON object', clip(text.value)))
  if (!Array.isArray(body['data'])) return refused(refusal('models/shape', '/data', 'a list', show(body['data'])))
  const nameless = body['data'].findIndex((model) => !isObject(model) || typeof model['id'] !== 'string')
  if (nameless >= 0)
    return refused(refusal('models/shape', `/data/${nameless}/id`, 'a string', show(body['data'][nameless])))
  return there(body as ListedModels, text.found)
}

function readModel(exchange: Exchange): Seen<ListedModel> {
  const text = served(exchange, 'model')
  if (text.is !== 'there') return text
  const body = parseJson(text.value)
  if (!isObject(body)) return refused(refusal('models/one-shape', 'body', 'one JSON object', clip(text.value)))
  if (typeof body['id'] !== 'string' || body['id'] === '')
    return refused(refusal('models/one-shape', '/id', 'a string', show(body['id'])))
  return there(body as ListedModel, text.found)
}

function readPassage(exchange: Exchange): Seen<Passage> {
  const { endpoint } = asked(exchange)
  const { came, arrivals } = exchange
  if (!arrivals || (endpoint !== 'messages' && endpoint !== 'count_tokens')) return absent('nothing-of-its-kind')
  if (came.kind !== 'answer') return absent('no-answer')
  const passage = passageOf(exchange, arrivals)
  if (passage) return there(passage)
  // Refused before it was passed on, it is the gateway's own affair; so is a count; and without a mark nobody can tell.
  if (endpoint !== 'messages' || lastMark(exchange.sent.body ?? '') === null) return absent('nothing-of-its-kind')
  if (came.status < 200 || came.status > 299) return absent('nothing-of-its-kind')
  return refused(refusal('passage/arrives', 'upstream', 'the request', `${came.status} to the client, and no request`))
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
  if (validate(body)) return there(body, text.found)
  if (!isObject(body)) return refused(refusal(owner, 'body', 'one JSON object', clip(text.value)))
  return refused(...shapeRefusals(validate.errors, body, () => owner))
}

const nothingFound: readonly Refusal[] = []

function there<T>(value: T, found: readonly Refusal[] = nothingFound): Seen<T> {
  return { is: 'there', value, found }
}

function absent(why: UnjudgedWhy): Seen<never> {
  return { is: 'absent', why }
}

function refused(...refusals: readonly Refusal[]): Seen<never> {
  return { is: 'refused', refusals, found: nothingFound }
}

function refusal(by: RequirementId, at: string, expected: string, actual: string, path?: string): Refusal {
  return { by, finding: { at, expected, actual }, ...(path !== undefined && { path }) }
}
