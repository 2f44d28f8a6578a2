import { createHash } from 'node:crypto'
import { escapedSpans, unescaped, type Span } from './escapes.ts'
import { spread } from './spread.ts'

/** Where a trace stands, in bytes. One that stands in pieces is several; all but the first are the `rest` of it. */
export interface Trace {
  readonly start: number
  readonly end: number
  readonly rest: boolean
}

/**
 * Finds the traces of secrets in bytes: whole, in any mixture of the escapes of JSON, HTML and URLs, in base64 at any alignment, in
 * hex, as sha256 and md5, parts of 16 characters or more of those that have 24, and all of that too where a text stands in pieces,
 * as in the deltas of a stream. Secrets have at least 6 characters. Traces come in order and do not overlap.
 */
export function traceFinder(secrets: readonly string[]): (bytes: Uint8Array) => Trace[] {
  const forms = secrets.flatMap(formsOf)
  if (forms.length === 0) return () => []
  const search = searching(forms)
  const find = (bytes: Uint8Array): Span[] => throughEscapes(bytes, search)
  return (bytes) => {
    const whole = find(bytes).map(([start, end]) => ({ start, end, rest: false }))
    return merged(bytes, [...whole, ...inPieces(bytes, find)])
  }
}

/** The fewest characters of a secret that can be told from other text. */
export const leastLength = 6

/** A shape in which a secret may turn up, and how much of it in a row gives it away. */
interface Form {
  readonly bytes: Uint8Array
  readonly least: number
}

function formsOf(secret: string): Form[] {
  const inParts = secret.length >= 24
  const hex = Buffer.from(secret).toString('hex')
  const hashes = ['sha256', 'md5'].map((algorithm) => createHash(algorithm).update(secret).digest('hex'))
  const base64 = base64Forms(Buffer.from(secret))
  // In base64 UTF-7 has it so; in hex, and as a list, dumps of strings that are UTF-16 in memory.
  const wide = Buffer.from(secret, 'utf16le')
  const wides = [wide, Buffer.from(wide).swap16()]
  const form = (text: string | Uint8Array, least: number): Form => {
    const bytes = Buffer.from(text)
    return { bytes, least: Math.min(least, bytes.length) }
  }
  return [
    ...written(secret).map((text) => form(text, inParts ? 16 : Infinity)),
    // 16 bytes are 22 characters of base64, and what is packed twice is seldom cut.
    ...base64.map((text) => form(text, inParts ? 22 : Infinity)),
    ...base64.flatMap((text) => base64Forms(Buffer.from(text))).map((text) => form(text, inParts ? 32 : Infinity)),
    ...wides.flatMap(base64Forms).map((text) => form(text, inParts ? 43 : Infinity)),
    ...bothCases(hex).map((text) => form(text, inParts ? 32 : Infinity)),
    ...wides.flatMap((bytes) => bothCases(bytes.toString('hex'))).map((text) => form(text, inParts ? 64 : Infinity)),
    ...[Buffer.from(secret), ...wides].map((bytes) => form([...bytes].join(','), Infinity)),
    ...hashes.flatMap(bothCases).map((text) => form(text, 16)),
  ].filter(({ bytes }) => bytes.length >= leastLength)
}

/** A secret as text: header names and hosts lose its capitals, and unescaping takes what looks like an escape in it. */
function written(secret: string): Uint8Array[] {
  const texts = [secret, secret.toLowerCase(), secret.toUpperCase()].map((text) => Buffer.from(text))
  const latin = Buffer.from(secret, 'latin1')
  return distinct([...texts, latin].flatMap((bytes) => [bytes, unescaped(bytes), unescaped(unescaped(bytes))]))
}

function distinct(all: readonly Uint8Array[]): Uint8Array[] {
  return [...new Map(all.map((bytes) => [Buffer.from(bytes).toString('latin1'), bytes])).values()]
}

function bothCases(hex: string): string[] {
  return [hex, hex.toUpperCase()]
}

/** The base64 of bytes that stand anywhere among others: at each alignment, the characters that their own bits alone decide. */
function base64Forms(bytes: Uint8Array): string[] {
  const forms = [0, 1, 2].flatMap((before) => {
    const from = Math.ceil((before * 8) / 6)
    const to = Math.floor(((before + bytes.length) * 8) / 6)
    const padded = Buffer.concat([Buffer.alloc(before), bytes])
    return (['base64', 'base64url'] as const).map((alphabet) => padded.toString(alphabet).slice(from, to))
  })
  return [...new Set(forms)]
}

/** Escapes within escapes within escapes are undone, and no further. */
const mostLayers = 4

/** What a search finds in bytes, and in what is meant by them, as spans of the bytes. */
function throughEscapes(bytes: Uint8Array, search: (bytes: Uint8Array) => Span[]): Span[] {
  const layers = [bytes]
  const found = search(bytes)
  for (let layer = bytes; layers.length <= mostLayers;) {
    const next = unescaped(layer)
    if (next === layer) break
    let spans = search(next)
    for (const outer of layers.toReversed()) spans = escapedSpans(outer, spans)
    for (const span of spans) found.push(span)
    layers.push((layer = next))
  }
  return found
}

const quote = 0x22

/** What is found in texts that stand in pieces, put together: strings of JSON. */
function inPieces(bytes: Uint8Array, find: (bytes: Uint8Array) => Span[]): Trace[] {
  if (!bytes.includes(quote)) return []
  const { text, placesOf } = spread(bytes)
  return find(text).flatMap((span) => placesOf(span).map(([start, end], index) => ({ start, end, rest: index > 0 })))
}

/** In order, what overlaps as one. An escape whose letter alone belongs to a trace goes with it, or what is left would be none. */
function merged(bytes: Uint8Array, traces: readonly Trace[]): Trace[] {
  const result: Trace[] = []
  for (const trace of traces.toSorted((a, b) => a.start - b.start || b.end - a.end)) {
    const last = result.at(-1)
    if (last && trace.start < last.end) {
      const end = Math.max(last.end, trace.end)
      result[result.length - 1] = { start: last.start, end, rest: last.rest || trace.rest }
    } else if (trace.end > trace.start) result.push(trace)
  }
  return result.map((trace, index) => {
    const isCut = backslashesBefore(bytes, trace.start, result[index - 1]?.end ?? 0) % 2 === 1
    return isCut ? { ...trace, start: trace.start - 1 } : trace
  })
}

function backslashesBefore(bytes: Uint8Array, at: number, floor: number): number {
  let count = 0
  while (at - count > floor && bytes[at - count - 1] === 0x5c) count++
  return count
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
      const there = grams.get(gram)
      if (there) there.push([form, at])
      else grams.set(gram, [[form, at]])
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
