import { createHash } from 'node:crypto'

/** Where a trace stands, in bytes. */
export type Span = readonly [start: number, end: number]

/**
 * Finds the traces of secrets in bytes: whole, JSON-escaped, percent-encoded, in base64 at any alignment, as sha256 and md5 hex, and
 * parts of 16 characters or more of those that have 24. Secrets have at least 8 characters. Spans come in order and do not overlap.
 */
export function traceFinder(secrets: readonly string[]): (bytes: Uint8Array) => Span[] {
  return searching(secrets.flatMap(formsOf))
}

/** A shape in which a secret may turn up, and how much of it in a row gives it away. */
interface Form {
  readonly bytes: Uint8Array
  readonly least: number
}

function formsOf(secret: string): Form[] {
  const inParts = secret.length >= 24
  const percent = encodeURIComponent(secret)
  const allPercent = secret.replaceAll(/[^A-Za-z0-9]/gu, (char) =>
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

/**
 * Finds every run that matches enough of a form, in one pass: any such run holds a gram of four bytes that begins at a multiple of
 * the stride, so only those are looked up.
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
