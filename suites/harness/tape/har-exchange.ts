import { isUtf8 } from 'node:buffer'
import { encodings, guessEncoding, unpack } from '../wire/body.ts'
import type { Came, Exchange, HeaderList, Sent } from '../wire/exchange.ts'
import { header } from '../wire/headers.ts'
import { isObject, objects, parseJson, type JsonObject } from '../wire/json.ts'
import { asked, type Endpoint } from '../views/asked.ts'
import { knownQuery } from './known-query.ts'

/**
 * Why an entry cannot be judged: what a recorder left out, broke off or left packed says nothing of the gateway. The words end a
 * sentence that begins with a number of entries.
 */
export const leftOut = {
  'too-large': 'larger than an exchange can be',
  other: 'of something else than the Messages API',
  request: 'without a request that can be read',
  aborted: 'broken off while recorded',
  uncaptured: 'without the body of the answer',
  packed: 'with an answer that was recorded as it was packed',
  cut: 'with an answer that the recording breaks off',
} as const

export type LeftOut = keyof typeof leftOut

/** One entry: an exchange, `mended` where it lacked what recorders trim; or why it is none. */
export type EntryRead = { readonly exchange: Exchange; readonly mended: boolean } | { readonly leftOut: LeftOut }

/** Not of the Messages API: of nothing that is known here, or of the other endpoint of the same Base URL. */
function isOfOthers(endpoint: Endpoint): boolean {
  return endpoint === 'other' || endpoint === 'chat-completions'
}

/** Reads an entry of a HAR as the exchange it is of. */
export function exchangeIn(entry: JsonObject, fixture: string): EntryRead {
  const sent = sentIn(entry)
  if (!sent) return { leftOut: 'other' }
  const exchange: Exchange = { ...nameless, fixture, sent, came: unanswered }
  const { endpoint, stream } = asked(exchange)
  if (isOfOthers(endpoint)) return { leftOut: 'other' }
  if ((endpoint === 'messages' || endpoint === 'count_tokens') && !isObject(parseJson(sent.body ?? '')))
    return { leftOut: 'request' }
  const { response } = entry
  if ([entry, response].some(isAborted)) return { leftOut: 'aborted' }
  if (!isObject(response)) return { exchange, mended: false }
  const { status } = response
  if (typeof status !== 'number' || status === 0) return { exchange, mended: false }
  const headers = headersOf(response)
  const body = bodyIn(response, status, headers)
  if (typeof body === 'string') return { leftOut: body }
  const whole = stream && status === 200 ? mendedStream(body) : { body, mended: false }
  if (!whole) return { leftOut: 'cut' }
  const kept = headers.filter(([name]) => !undone.has(name.toLowerCase()))
  const came: Came = {
    kind: 'answer',
    status,
    headers: kept,
    body: whole.body,
    chunks: [],
    ends: 'complete',
    endedAt: null,
  }
  return { exchange: { ...exchange, came }, mended: whole.mended }
}

const unanswered: Came = { kind: 'nothing', failure: 'interrupted', detail: 'recorded without an answer' }

/** The host that an entry asked for something of the Messages API; null where it asked for something else. */
export function hostIn(entry: JsonObject): string | null {
  const sent = sentIn(entry)
  if (!sent || !isObject(entry['request'])) return null
  const { endpoint } = asked({ ...nameless, sent, came: unanswered })
  return isOfOthers(endpoint) ? null : new URL(String(entry['request']['url'])).host
}

const nameless = { fixture: '', origin: 'recorded', attempt: 1, needs: [], values: {} } as const

function sentIn({ request }: JsonObject): Sent | null {
  if (!isObject(request) || typeof request['method'] !== 'string' || typeof request['url'] !== 'string') return null
  if (!URL.canParse(request['url'])) return null
  const posted = isObject(request['postData']) ? request['postData']['text'] : undefined
  return {
    method: request['method'].toUpperCase(),
    path: pathOf(new URL(request['url'])),
    headers: headersOf(request).filter(([name]) => !undone.has(name.toLowerCase())),
    body: typeof posted === 'string' ? posted : null,
  }
}

/** The path below the Base URL, which is whatever stands before its last /v1/. */
function pathOf({ pathname, searchParams }: URL): string {
  return pathname.slice(Math.max(0, pathname.lastIndexOf('/v1/'))) + knownQuery(searchParams)
}

/** What a recorder undoes: bodies stand decoded in a HAR. */
const undone = new Set(['content-encoding', 'content-length', 'transfer-encoding'])

/** HTTP/2 writes its pseudo-headers among the others. */
function headersOf(message: JsonObject): HeaderList {
  return objects(message['headers']).flatMap(({ name, value }) =>
    typeof name === 'string' && typeof value === 'string' && !name.startsWith(':') ? [[name, value] as const] : [],
  )
}

/** Browsers say so: the page was left, or the connection lost. What there is of the answer is a part of it. */
function isAborted(part: unknown): boolean {
  return isObject(part) && typeof part['_error'] === 'string' && part['_error'] !== ''
}

/** The body of an answer, unpacked where its recorder did not; or why it cannot be told. */
function bodyIn(response: JsonObject, status: number, headers: HeaderList): Buffer | LeftOut {
  const { text, encoding, size } = isObject(response['content']) ? response['content'] : {}
  // Recorders write the same of a body that was empty and of one they did not keep.
  if (typeof text !== 'string' || text === '') return isBodiless(status, headers) ? Buffer.alloc(0) : 'uncaptured'
  if (encoding !== 'base64') {
    if (text.startsWith('\u001f')) return 'packed'
    return isShort(text, size) ? 'cut' : Buffer.from(text)
  }
  const bytes = Buffer.from(text, 'base64')
  if (isUtf8(bytes)) return bytes
  const guessed = guessEncoding(bytes, false)
  for (const names of [encodings(headers), guessed === null ? [] : [guessed]]) {
    const unpacked = unpack(bytes, names, false)
    if (unpacked.ok && isUtf8(unpacked.bytes)) return Buffer.from(unpacked.bytes)
  }
  return encodings(headers).length > 0 || guessed !== null ? 'packed' : bytes
}

function isBodiless(status: number, headers: HeaderList): boolean {
  return status === 204 || status === 304 || header(headers, 'content-length') === '0'
}

/** JSON that breaks off, of which the recording itself says that there was more. */
function isShort(text: string, size: unknown): boolean {
  return (
    typeof size === 'number' && size > Buffer.byteLength(text) && /^\s*[{[]/.test(text) && parseJson(text) === undefined
  )
}

/**
 * A stream with the blank line behind its last event, which recorders trim. Null where it breaks off within an event: whether the
 * gateway did or the recorder, nobody can tell.
 */
function mendedStream(body: Buffer): { readonly body: Buffer; readonly mended: boolean } | null {
  const text = body.toString()
  if (!isUtf8(body) || !/^\uFEFF?(event|data|id|retry|):/.test(text)) return { body, mended: false }
  const last = text.slice(Math.max(...['\n\n', '\r\n\r\n', '\r\r'].map((blank) => behindLast(text, blank))))
  if (last.trim() === '') return { body, mended: false }
  const lines = last.split(/\r\n|\n|\r/).filter((line) => line !== '' && !line.startsWith(':'))
  const data = lines.flatMap((line) => (line.startsWith('data:') ? [line.slice(5).trimStart()] : []))
  if (lines.length > 0 && data.join('\n') !== '[DONE]' && parseJson(data.join('\n')) === undefined) return null
  const lineEnd = text.includes('\r\n') ? '\r\n' : '\n'
  return { body: Buffer.from(`${text.trimEnd()}${lineEnd}${lineEnd}`), mended: true }
}

function behindLast(text: string, blank: string): number {
  const at = text.lastIndexOf(blank)
  return at < 0 ? 0 : at + blank.length
}
