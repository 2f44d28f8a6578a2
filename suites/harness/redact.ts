import { createHash } from 'node:crypto'
import { encodings, guessEncoding, pack, unpack } from './body.ts'
import type { Answered, Came, HeaderList, Sent } from './exchange.ts'

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
 * Removes credentials from what is recorded: whole, JSON-escaped, percent-encoded, in base64 at any alignment, as sha256 and md5 hex,
 * and parts of 16 characters or more of those that have 24. A secret shorter than 8 is looked for as a whole header value only.
 */
export function redactor(secrets: readonly string[]): Redactor {
  const find = searching(secrets.filter((secret) => secret.length >= 8).flatMap(formsOf))
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

/** A shape in which a secret may turn up, and how much of it in a row gives it away. */
interface Form {
  readonly bytes: Uint8Array
  readonly least: number
}

function formsOf(secret: string): Form[] {
  const inParts = secret.length >= 24
  const percent = encodeURIComponent(secret)
  const allPercent = secret.replaceAll(/[^A-Za-z0-9]/g, (char) =>
    [...Buffer.from(char)].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join(''),
  )
  const json = JSON.stringify(secret).slice(1, -1)
  const written = [
    secret,
    json,
    json.replaceAll('/', '\\/'),
    percent,
    lowerPercent(percent),
    allPercent,
    lowerPercent(allPercent),
  ]
  const hashes = ['sha256', 'md5'].flatMap((algorithm) => {
    const hex = createHash(algorithm).update(secret).digest('hex')
    return [hex, hex.toUpperCase()]
  })
  const form = (text: string, least: number): Form => {
    const bytes = Buffer.from(text)
    return { bytes, least: Math.min(least, bytes.length) }
  }
  return [
    ...[...new Set(written)].map((text) => form(text, inParts ? 16 : Infinity)),
    // 16 bytes are 22 characters of base64.
    ...[...new Set(base64Forms(secret))].map((text) => form(text, inParts ? 22 : Infinity)),
    ...hashes.map((text) => form(text, 16)),
  ]
}

function lowerPercent(text: string): string {
  return text.replaceAll(/%[0-9A-F]{2}/g, (code) => code.toLowerCase())
}

/** The base64 of a secret that stands anywhere in other bytes: at each alignment, the characters that its own bits alone decide. */
function base64Forms(secret: string): string[] {
  const bytes = Buffer.from(secret)
  return [0, 1, 2].flatMap((before) => {
    const from = Math.ceil((before * 8) / 6)
    const to = Math.floor(((before + bytes.length) * 8) / 6)
    const padded = Buffer.concat([Buffer.alloc(before), bytes])
    return (['base64', 'base64url'] as const).map((alphabet) => padded.toString(alphabet).slice(from, to))
  })
}

type Span = readonly [start: number, end: number]

/**
 * Finds every run that matches enough of a form, in one pass: any such run holds a gram of four bytes that begins at a multiple of
 * the stride, so only those are looked up. Spans come in order and do not overlap.
 */
function searching(forms: readonly Form[]): (bytes: Uint8Array) => Span[] {
  const grams = new Map<number, (readonly [form: Form, at: number])[]>()
  const maybe = new Uint8Array(1 << 16)
  for (const form of forms)
    for (let at = 0; at + 4 <= form.bytes.length; at++) {
      const gram = gramAt(form.bytes, at)
      grams.set(gram, [...(grams.get(gram) ?? []), [form, at]])
      maybe[gram & 0xffff] = 1
    }
  const stride = Math.min(...forms.map(({ least }) => least)) - 3

  return (bytes) => {
    const spans: Span[] = []
    if (forms.length === 0) return spans
    let done = 0
    for (let at = 0; at + 4 <= bytes.length; at += stride) {
      const gram = gramAt(bytes, at)
      if (maybe[gram & 0xffff] === 0) continue
      let start = Infinity
      let end = -1
      for (const [form, from] of grams.get(gram) ?? []) {
        const [first, last] = run(bytes, at, form.bytes, from, done)
        if (last - first < form.least) continue
        start = Math.min(start, first)
        end = Math.max(end, last)
      }
      if (end === -1) continue
      spans.push([start, end])
      done = end
      at = end - stride
    }
    return spans
  }
}

function gramAt(bytes: Uint8Array, at: number): number {
  return bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)
}

/** How far the two agree around a place where they do, but not before `floor`. */
function run(bytes: Uint8Array, at: number, form: Uint8Array, from: number, floor: number): Span {
  let before = 0
  while (at - before > floor && before < from && bytes[at - before - 1] === form[from - before - 1]) before++
  let after = 0
  while (at + after < bytes.length && from + after < form.length && bytes[at + after] === form[from + after]) after++
  return [at - before, at + after]
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
