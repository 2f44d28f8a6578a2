import { createHash } from 'node:crypto'
import type { Answered, Came, HeaderList, Sent } from '../wire/exchange.ts'
import { inStrings } from '../wire/json.ts'
import { open, sealed, withheld, type Opened } from './open.ts'
import { leastLength, traceFinder, type Trace } from './traces.ts'

/** Stands where a credential, or a trace of one, stood. `auth/key-not-echoed` looks for it. */
export const redactedMark = '[redacted:credential]'

/** Stands for the value of a header that is not known to be harmless. */
export const withheldMark = '[withheld]'

export interface Redactor {
  text(text: string): string
  /** Every string of a value of JSON, however deep; the very same value where there is nothing to redact. */
  value<T>(value: T): T
  bytes(bytes: Uint8Array): Uint8Array
  /** Every value that is not known to be harmless is withheld; the others pass redacted. */
  headers(headers: HeaderList): HeaderList
  sent(sent: Sent): Sent
  came(came: Came): Came
  answered(answered: Answered): Answered
}

/**
 * Removes credentials and their traces from what is recorded and from what is shown. A secret shorter than 6 characters could be any
 * word: it is looked for as a whole header value only.
 */
export function redactor(secrets: readonly string[]): Redactor {
  const named = JSON.stringify(secrets)
  const known = made.get(named)
  if (known) return known
  const fresh = redactorOf(secrets)
  // Tap meets one credential after the other: only the last sets of them are kept.
  const [oldest] = made.keys()
  if (made.size >= mostMade && oldest !== undefined) made.delete(oldest)
  made.set(named, fresh)
  return fresh
}

/** Redactors by their secrets: to make one costs milliseconds at the start of a process, and a run asks for the same one at every turn. */
const made = new Map<string, Redactor>()
const mostMade = 8

function redactorOf(secrets: readonly string[]): Redactor {
  const find = traceFinder(secrets.filter((secret) => secret.length >= leastLength))
  const short = new Set(secrets.filter((secret) => secret.length > 0 && secret.length < leastLength))

  function bytes(given: Uint8Array): Uint8Array {
    return replace(given, find(given))
  }

  function text(given: string): string {
    // A page is made of thousands of texts that are shorter than any secret.
    if (given.length < leastLength) return given
    const encoded = Buffer.from(given)
    const traces = find(encoded)
    return traces.length === 0 ? given : Buffer.from(replace(encoded, traces)).toString('utf8')
  }

  function value<T>(given: T): T {
    const whole = JSON.stringify(given)
    // What is shaped like a T stays so: strings become strings.
    return text(whole) === whole ? given : (inStrings(given, text) as T)
  }

  function headers(given: HeaderList): HeaderList {
    return given.map(([name, value]) => [text(name), headerValue(name.toLowerCase(), value)])
  }

  function headerValue(name: string, value: string): string {
    if (short.has(value) || short.has(value.replace(/^\w+ +/, ''))) return redactedMark
    const clean = text(value)
    if (name === 'location') return origin(clean)
    if (isHarmless(name)) return clean
    if (namesSession.test(name) && clean === value) return `session ${digest(value)}`
    return clean === value ? withheldMark : redactedMark
  }

  function sent(given: Sent): Sent {
    const { method, path, body } = given
    return { method, path: text(path), headers: headers(given.headers), body: body === null ? null : text(body) }
  }

  function came(given: Came): Came {
    return given.kind === 'nothing' ? { ...given, detail: text(given.detail) } : answered(given)
  }

  function answered(given: Answered): Answered {
    return withCleanBody({ ...given, headers: headers(given.headers) }, open(given))
  }

  /** The chunks still add up to the body, and what was packed is packed again. */
  function withCleanBody(answer: Answered, opened: Opened): Answered {
    if ('because' in opened) return withheld(answer, opened.because, text)
    const traces = find(opened.bytes)
    // What is packed may have something behind its end that no reader looks at.
    if (opened.encodings.length > 0 && (traces.length > 0 || find(answer.body).length > 0))
      return sealed(answer, replace(opened.bytes, traces), opened.encodings)
    if (traces.length === 0) return answer
    return { ...answer, body: replace(answer.body, traces), chunks: moved(answer.chunks, traces) }
  }

  return { text, value, bytes, headers, sent, came, answered }
}

/** Names of headers that some judgement needs or that help to understand one, and whose values tell no secret. */
const harmless = new Set([
  ...['accept', 'accept-encoding', 'accept-language', 'allow', 'anthropic-beta', 'anthropic-version', 'cache-control'],
  ...['anthropic-dangerous-direct-browser-access', 'connection', 'content-encoding', 'content-length', 'content-type'],
  ...['date', 'keep-alive', 'location', 'pragma', 'request-id', 'retry-after', 'retry-after-ms', 'server', 'trailer'],
  ...[
    'transfer-encoding',
    'upgrade',
    'user-agent',
    'vary',
    'via',
    'www-authenticate',
    'x-request-id',
    'x-app',
    'x-should-retry',
  ],
])

const harmlessFamilies = /^(?:access-control-|x-stainless-|anthropic-(?:ratelimit|priority|fast)-)/

function isHarmless(name: string): boolean {
  return harmless.has(name) || harmlessFamilies.test(name)
}

/** Headers by which a client says which of its sessions it is: worth telling apart, and nobody's business beyond that. */
const namesSession = /(?:^|-)session-id$/

function digest(value: string): string {
  return createHash('sha256').update(value).digest('hex').slice(0, 12)
}

/** The host that a redirect leads to is worth knowing; the rest of the address may carry anything. */
function origin(location: string): string {
  if (location.includes(redactedMark)) return redactedMark
  return URL.canParse(location) && /^https?:/i.test(location) ? new URL(location).origin : withheldMark
}

const markBytes = Buffer.from(redactedMark)

/** What stands in place of a trace. */
function replacement({ rest }: Trace): Uint8Array {
  return rest ? nothing : markBytes
}

const nothing = new Uint8Array(0)

function replace(bytes: Uint8Array, traces: readonly Trace[]): Uint8Array {
  if (traces.length === 0) return bytes
  const parts: Uint8Array[] = []
  let from = 0
  for (const trace of traces) {
    parts.push(bytes.subarray(from, trace.start), replacement(trace))
    from = trace.end
  }
  return Buffer.concat([...parts, bytes.subarray(from)])
}

/** The chunks of a body in which traces were replaced: a border within a trace moves to the end of what replaced it. */
function moved(chunks: Answered['chunks'], traces: readonly Trace[]): Answered['chunks'] {
  let next = 0
  let shift = 0
  let upTo = 0
  let placed = 0
  return chunks.map(([at, length]) => {
    upTo += length
    for (let trace = traces[next]; trace && trace.start < upTo; trace = traces[++next])
      shift += replacement(trace).length - (trace.end - trace.start)
    const border = Math.max(upTo, traces[next - 1]?.end ?? 0) + shift
    const moved = border - placed
    placed = border
    return [at, moved]
  })
}
