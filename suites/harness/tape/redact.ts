import { encodings, guessEncoding, pack, unpack } from '../wire/body.ts'
import type { Answered, Came, HeaderList, Sent } from '../wire/exchange.ts'
import { traceFinder, type Span } from './traces.ts'

/** Stands where a credential, or a trace of one, stood. `auth/key-not-echoed` looks for it. */
export const redactedMark = '[redacted:credential]'

/** Stands for the value of a header that is not known to be harmless. */
export const withheldMark = '[withheld]'

export interface Redactor {
  text(text: string): string
  bytes(bytes: Uint8Array): Uint8Array
  /** Every value that is not known to be harmless is withheld; the others pass redacted. */
  headers(headers: HeaderList): HeaderList
  sent(sent: Sent): Sent
  came(came: Came): Came
}

/**
 * Removes credentials and their traces from what is recorded. A secret shorter than 8 characters could be any word: it is looked for
 * as a whole header value only.
 */
export function redactor(secrets: readonly string[]): Redactor {
  const find = traceFinder(secrets.filter((secret) => secret.length >= 8))
  const short = new Set(secrets.filter((secret) => secret.length > 0 && secret.length < 8))

  function bytes(given: Uint8Array): Uint8Array {
    return replace(given, find(given))
  }

  function text(given: string): string {
    const encoded = Buffer.from(given)
    const spans = find(encoded)
    return spans.length === 0 ? given : Buffer.from(replace(encoded, spans)).toString('utf8')
  }

  function headers(given: HeaderList): HeaderList {
    return given.map(([name, value]) => [text(name), headerValue(name.toLowerCase(), value)])
  }

  function headerValue(name: string, value: string): string {
    if (short.has(value) || short.has(value.replace(/^\w+ +/, ''))) return redactedMark
    const clean = text(value)
    if (name === 'location') return origin(clean)
    if (isHarmless(name)) return clean
    return clean === value ? withheldMark : redactedMark
  }

  function sent(given: Sent): Sent {
    const { method, path, body } = given
    return { method, path: text(path), headers: headers(given.headers), body: body === null ? null : text(body) }
  }

  function came(given: Came): Came {
    if (given.kind === 'nothing') return { ...given, detail: text(given.detail) }
    return { ...given, ...bodyOf(given), headers: headers(given.headers) }
  }

  /** The body and its chunks, which still add up to it. What an encoding hides is unpacked, redacted and packed again. */
  function bodyOf(given: Answered): Pick<Answered, 'body' | 'chunks'> {
    const names = hiddenBy(given)
    const unpacked = names.length > 0 ? unpack(given.body, names, true) : null
    const plain = unpacked?.ok ? unpacked.bytes : given.body
    const spans = find(plain)
    if (spans.length === 0) return { body: given.body, chunks: given.chunks }
    if (plain === given.body) return { body: replace(plain, spans), chunks: moved(given.chunks, spans) }
    const body = pack(replace(plain, spans), names)
    return { body, chunks: fitted(given.chunks, body.length) }
  }

  return { text, bytes, headers, sent, came }
}

function hiddenBy({ headers, body }: Answered): readonly string[] {
  const named = encodings(headers)
  const guessed = named.length > 0 ? null : guessEncoding(body, true)
  return guessed === null ? named : [guessed]
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
    'x-should-retry',
  ],
])

const harmlessFamilies = /^(?:access-control-|x-stainless-|anthropic-(?:ratelimit|priority|fast)-)/

function isHarmless(name: string): boolean {
  return harmless.has(name) || harmlessFamilies.test(name)
}

/** The host that a redirect leads to is worth knowing; the rest of the address may carry anything. */
function origin(location: string): string {
  if (location.includes(redactedMark)) return redactedMark
  return URL.canParse(location) && /^https?:/i.test(location) ? new URL(location).origin : withheldMark
}

const markBytes = Buffer.from(redactedMark)

function replace(bytes: Uint8Array, spans: readonly Span[]): Uint8Array {
  if (spans.length === 0) return bytes
  const parts: Uint8Array[] = []
  let from = 0
  for (const [start, end] of spans) {
    parts.push(bytes.subarray(from, start), markBytes)
    from = end
  }
  return Buffer.concat([...parts, bytes.subarray(from)])
}

/** The chunks of a body in which spans were replaced: a border within a span moves to the end of its mark. */
function moved(chunks: Answered['chunks'], spans: readonly Span[]): Answered['chunks'] {
  let span = 0
  let shift = 0
  let upTo = 0
  let placed = 0
  return chunks.map(([at, length]) => {
    upTo += length
    for (let next = spans[span]; next && next[0] < upTo; next = spans[++span])
      shift += markBytes.length - (next[1] - next[0])
    const within = spans[span - 1]
    const border = Math.max(upTo, within ? within[1] : 0) + shift
    const moved = border - placed
    placed = border
    return [at, moved]
  })
}

/** The chunks of a body that was packed anew: as they were, as far as it goes, and the last takes what is left. */
function fitted(chunks: Answered['chunks'], total: number): Answered['chunks'] {
  let left = total
  return chunks.map(([at, length], index) => {
    const fits = index === chunks.length - 1 ? left : Math.min(length, left)
    left -= fits
    return [at, fits]
  })
}
