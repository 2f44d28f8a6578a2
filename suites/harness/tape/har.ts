import { asked } from '../views/asked.ts'
import type { Came, Exchange, HeaderList, Sent } from '../wire/exchange.ts'
import { InputError } from '../wire/input-error.ts'
import { redactor, type Redactor } from './redact.ts'
import { isObject, objects, type JsonObject } from '../wire/json.ts'

/**
 * The exchanges with the Messages API and its neighbours that a HAR 1.2 holds, in its order; the rest is left out, and so is what was
 * recorded without its body, since it tells nothing. Headers pass the same filter as on our own tape, and credentials of requests are
 * redacted wherever they occur. Throws an InputError for what is no HAR and for one without such an exchange.
 * Source: http://www.softwareishard.com/blog/har-12-spec/
 */
export function exchangesOfHar(text: string): readonly Exchange[] {
  const entries = entriesOf(text)
  const redact = redactor(entries.flatMap(credentialsOf))
  const exchanges = entries.flatMap((entry, index) => exchangeOf(entry, index + 1, redact) ?? [])
  if (exchanges.length === 0)
    throw new InputError(
      `Of the ${entries.length} entries of this HAR, none is a recorded exchange with the Messages API.`,
    )
  return exchanges
}

function entriesOf(text: string): readonly JsonObject[] {
  let har: unknown
  try {
    har = JSON.parse(text)
  } catch {
    throw new InputError('This is no HAR: it is no JSON.')
  }
  const log = isObject(har) ? har['log'] : undefined
  if (!isObject(log) || !Array.isArray(log['entries']))
    throw new InputError('This is no HAR: it has no log with entries.')
  return objects(log['entries'])
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

/** What recorders write where a credential stood; a text may hold the same word. */
const placeholder = /^\W*(?:redacted|removed|filtered|masked|hidden|secret|dummy|placeholder|x+|\*+)\W*$/i

/** The values that a request proves itself with. */
function credentialsOf({ request }: JsonObject): string[] {
  if (!isObject(request)) return []
  return objects(request['headers']).flatMap(({ name, value }) => {
    if (typeof name !== 'string' || typeof value !== 'string' || !/auth|cookie|key|token|secret/i.test(name)) return []
    const parts = /cookie/i.test(name) ? value.split(/; */).map((part) => part.slice(part.indexOf('=') + 1)) : [value]
    return parts
      .map((part) => part.replace(/^(?:bearer|basic) +/i, ''))
      .filter((part) => part.length >= 8 && !placeholder.test(part))
  })
}
