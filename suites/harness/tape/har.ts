import { asked } from '../views/asked.ts'
import type { Came, Exchange, HeaderList, Sent } from '../wire/exchange.ts'
import { InputError } from '../wire/input-error.ts'
import { entriesIn } from './har-entries.ts'
import { credentialsIn, credentialsOf } from './har-credentials.ts'
import { redactor, type Redactor } from './redact.ts'
import { isObject, objects, type JsonObject } from '../wire/json.ts'

/** What was found in a HAR. */
export interface HarRead {
  readonly exchanges: number
  /** Places of entries, counted from 1, that are too large to be looked at and were left out. */
  readonly tooLarge: readonly number[]
}

/**
 * Hands on the exchanges with the Messages API and its neighbours that a HAR 1.2 holds, in its order; the rest is left out, and so is
 * what was recorded without its body, since it tells nothing. Headers pass the same filter as on our own tape, and credentials of
 * requests are redacted wherever they occur: so all of it is read twice, and none of it kept. Throws an InputError for what is no HAR
 * and for one without such an exchange, at the latest behind the last one.
 * Source: http://www.softwareishard.com/blog/har-12-spec/
 */
export function readHar(
  pieces: () => Iterable<Uint8Array>,
  onExchange: (exchange: Exchange) => void,
  mostBytes?: number,
): HarRead {
  const credentials = new Set<string>()
  const keep = (found: readonly string[]): void => {
    for (const credential of found) credentials.add(credential)
  }
  for (const entry of entriesIn(pieces(), mostBytes, (part) => keep(credentialsIn(part))))
    if (entry) keep(credentialsOf(entry))
  const redact = redactor([...credentials])
  const tooLarge: number[] = []
  let entries = 0
  let exchanges = 0
  for (const entry of entriesIn(pieces(), mostBytes)) {
    entries++
    if (!entry) tooLarge.push(entries)
    const exchange = entry && exchangeOf(entry, entries, redact)
    if (!exchange) continue
    exchanges++
    onExchange(exchange)
  }
  if (exchanges > 0) return { exchanges, tooLarge }
  const left = tooLarge.length > 0 ? ` ${leftOut(tooLarge)}` : ''
  throw new InputError(
    `Of the ${entries} entries of this HAR, none is a recorded exchange with the Messages API.${left}`,
  )
}

/** What became of entries that are too large, as a sentence. */
export function leftOut(tooLarge: readonly number[]): string {
  const some = tooLarge.slice(0, 5).join(', ')
  const more = tooLarge.length > 5 ? ` and ${tooLarge.length - 5} more` : ''
  return `Larger than an exchange can be, and left out: entry ${some}${more}.`
}

/** The exchanges of a HAR that is at hand; see `readHar`. */
export function exchangesOfHar(text: string): readonly Exchange[] {
  const bytes = Buffer.from(text)
  const exchanges: Exchange[] = []
  readHar(
    () => [bytes],
    (exchange) => exchanges.push(exchange),
  )
  return exchanges
}

/** Null for what is no exchange with the Messages API, or lacks a body. */
function exchangeOf(entry: JsonObject, number: number, redact: Redactor): Exchange | null {
  const sent = sentOf(entry)
  if (!sent) return null
  const named = typeof entry['comment'] === 'string' ? entry['comment'].trim().split(/\s+/, 1)[0] : ''
  const exchange = {
    fixture: redact.text(named || `entry ${number}`),
    origin: 'recorded',
    attempt: 1,
    needs: [],
    values: {},
    sent: redact.sent(sent),
  } as const
  const { endpoint } = asked({ ...exchange, came: unanswered })
  if (endpoint === 'other' || (sent.body === null && (endpoint === 'messages' || endpoint === 'count_tokens')))
    return null
  const came = cameOf(entry)
  return came && { ...exchange, came: redact.came(came) }
}

function sentOf({ request }: JsonObject): Sent | null {
  if (!isObject(request) || typeof request['method'] !== 'string' || typeof request['url'] !== 'string') return null
  if (!URL.canParse(request['url'])) return null
  const posted = isObject(request['postData']) ? request['postData']['text'] : undefined
  const body = typeof posted === 'string' ? posted : null
  return {
    method: request['method'].toUpperCase(),
    path: pathOf(new URL(request['url'])),
    headers: headersOf(request),
    body,
  }
}

/** Query parameters of the API; any other one may be a credential. */
const queries = ['beta', 'limit', 'before_id', 'after_id', 'lifecycle']

/** The path below the Base URL, which is whatever stands before its last /v1/. */
function pathOf({ pathname, searchParams }: URL): string {
  const query = queries.flatMap((name) =>
    searchParams.getAll(name).map((value) => `${name}=${encodeURIComponent(value)}`),
  )
  const path = pathname.slice(Math.max(0, pathname.lastIndexOf('/v1/')))
  return query.length === 0 ? path : `${path}?${query.join('&')}`
}

/** Without what a recorder undid: bodies stand decoded in a HAR. HTTP/2 writes its pseudo-headers among the others. */
const undone = new Set(['content-encoding', 'content-length', 'transfer-encoding'])

function headersOf(message: JsonObject): HeaderList {
  return objects(message['headers']).flatMap(({ name, value }) => {
    if (typeof name !== 'string' || typeof value !== 'string') return []
    return name.startsWith(':') || undone.has(name.toLowerCase()) ? [] : [[name, value] as const]
  })
}

const unanswered: Came = { kind: 'nothing', failure: 'interrupted', detail: 'recorded without an answer' }

/** Null where the body was not recorded: a browser leaves out that of a stream. */
function cameOf({ response }: JsonObject): Came | null {
  if (!isObject(response)) return unanswered
  const { status, content } = response
  if (typeof status !== 'number' || status === 0) return unanswered
  const { text, encoding, size } = isObject(content) ? content : {}
  if (typeof text !== 'string' && size !== 0) return null
  const body = Buffer.from(typeof text === 'string' ? text : '', encoding === 'base64' ? 'base64' : 'utf8')
  return { kind: 'answer', status, headers: headersOf(response), body, chunks: [], ends: 'complete', endedAt: null }
}
