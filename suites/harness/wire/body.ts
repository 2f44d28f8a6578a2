import { isUtf8 } from 'node:buffer'
import { constants, brotliCompressSync, brotliDecompressSync, deflateSync, gunzipSync, gzipSync } from 'node:zlib'
import { inflateRawSync, inflateSync, type BrotliOptions, type ZlibOptions } from 'node:zlib'
import type { Undecoded } from '../../../schemas/types.ts'
import type { Answered, HeaderList } from './exchange.ts'

export type Decoded =
  /** `whole` is false where the body was cut: `text` is what decodes of it. A byte order mark stays in the text. */
  | { readonly ok: true; readonly text: string; readonly whole: boolean }
  /** `detail` is for a person: `byte 412 of 900`, `gzip: incorrect header check`. */
  | { readonly ok: false; readonly because: Undecoded | 'withheld'; readonly detail: string }

/** Bytes out of bytes, through all encodings that were named; or why not. */
export type Unpacked =
  | { readonly ok: true; readonly bytes: Uint8Array; readonly whole: boolean }
  | { readonly ok: false; readonly because: Exclude<Undecoded, 'not-utf8'>; readonly detail: string }

/** Bytes after decoding beyond which a body counts as a bomb: twice what is read of one that is not compressed. */
export const mostDecodedBytes = 16 * 1024 * 1024

/** Encodings on top of each other, at most: each is undone, and there are bytes that unpack to themselves. */
const mostEncodings = 4

interface Codec {
  readonly unpack: (bytes: Uint8Array, most: number, evenIfCut: boolean) => Uint8Array
  readonly pack: (bytes: Uint8Array) => Uint8Array
}

const zlib = (most: number, evenIfCut: boolean): ZlibOptions => ({
  maxOutputLength: most,
  finishFlush: evenIfCut ? constants.Z_SYNC_FLUSH : constants.Z_FINISH,
})

const brotli = (most: number, evenIfCut: boolean): BrotliOptions => ({
  maxOutputLength: most,
  finishFlush: evenIfCut ? constants.BROTLI_OPERATION_FLUSH : constants.BROTLI_OPERATION_FINISH,
})

const gzip: Codec = {
  unpack: (bytes, most, evenIfCut) => gunzipSync(bytes, zlib(most, evenIfCut)),
  pack: (bytes) => gzipSync(bytes),
}

const deflate: Codec = {
  // Named after the zlib format, yet many a server sends it bare.
  unpack: (bytes, most, evenIfCut) => (isZlib(bytes) ? inflateSync : inflateRawSync)(bytes, zlib(most, evenIfCut)),
  pack: (bytes) => deflateSync(bytes),
}

const br: Codec = {
  unpack: (bytes, most, evenIfCut) => brotliDecompressSync(bytes, brotli(most, evenIfCut)),
  pack: (bytes) => brotliCompressSync(bytes),
}

const codecs: ReadonlyMap<string, Codec> = new Map([
  ['gzip', gzip],
  ['x-gzip', gzip],
  ['deflate', deflate],
  ['br', br],
])

/** The two bytes a zlib stream begins with. Source: RFC 1950, section 2.2. */
function isZlib([first = 0, second = 0]: Uint8Array): boolean {
  return (first & 0x0f) === 8 && (first * 256 + second) % 31 === 0
}

const known = new WeakMap<Answered, Decoded>()

/** The body of an answer as text. Read once per answer, however many views ask. */
export function decode(answered: Answered): Decoded {
  const before = known.get(answered)
  if (before) return before
  const decoded = read(answered)
  known.set(answered, decoded)
  return decoded
}

/** Says what the body of an answer decodes to, where that is known. */
export function remember(answered: Answered, decoded: Decoded): void {
  known.set(answered, decoded)
}

/** The same where its text is known: a tape holds the text of what was UTF-8 and not compressed. */
export function rememberText(answered: Answered, text: string): void {
  if (encodings(answered.headers).length === 0)
    remember(answered, { ok: true, text, whole: answered.ends === 'complete' })
}

/** Lets go of the text of an answer: whoever asks again has it decoded again, where its bytes are still there. */
export function forgetText(answered: Answered): void {
  if (!answered.withheld) known.delete(answered)
}

function read({ headers, body, ends, withheld }: Answered): Decoded {
  if (withheld) return { ok: false, because: 'withheld', detail: `withheld from the tape: ${withheld}` }
  const cut = ends !== 'complete'
  const unpacked = unpack(body, encodings(headers), cut)
  if (!unpacked.ok) return unpacked
  const text = utf8(unpacked.bytes, cut)
  if (text !== null) return { ok: true, text, whole: unpacked.whole && !cut }
  const hidden = unpacked.bytes === body ? guessEncoding(body, cut) : null
  if (hidden) return { ok: false, because: 'unlabelled-compression', detail: `${hidden}, without a content-encoding` }
  return { ok: false, because: 'not-utf8', detail: `byte ${badByte(unpacked.bytes)} of ${unpacked.bytes.length}` }
}

/** Characters of a content-encoding that are looked at: more of them name nothing that could be undone. */
const mostNamed = 1000

/** The content encodings in the order they were applied; identity is none. Source: RFC 9110, section 8.4. */
export function encodings(headers: HeaderList): readonly string[] {
  return headers
    .filter(([name]) => name.toLowerCase() === 'content-encoding')
    .flatMap(([, value]) => value.slice(0, mostNamed).toLowerCase().split(','))
    .map((name) => name.trim())
    .filter((name) => name !== '' && name !== 'identity')
}

/** Undoes encodings, the last one first. `cut`: the bytes may stop anywhere, and what decodes of them is wanted. */
export function unpack(body: Uint8Array, names: readonly string[], cut: boolean): Unpacked {
  let bytes = body
  let whole = true
  if (body.length === 0) return { ok: true, bytes, whole }
  if (names.length > mostEncodings)
    return { ok: false, because: 'undecodable', detail: `${names.length} encodings on top of each other` }
  for (const name of names.toReversed()) {
    const codec = codecs.get(name)
    if (!codec) return { ok: false, because: 'unknown-encoding', detail: name }
    try {
      bytes = codec.unpack(bytes, mostDecodedBytes, false)
    } catch (error) {
      const partly =
        cut && codeOf(error) !== tooLarge ? attempt(() => codec.unpack(bytes, mostDecodedBytes, true)) : null
      if (!partly) return unreadable(name, error)
      bytes = partly
      whole = false
    }
  }
  return { ok: true, bytes, whole }
}

/** Applies encodings in their order. Throws for one that `unpack` would not know. */
export function pack(body: Uint8Array, names: readonly string[]): Uint8Array {
  return names.reduce((bytes, name) => {
    const codec = codecs.get(name)
    if (!codec) throw new TypeError(`There is no encoding ${name}.`)
    return codec.pack(bytes)
  }, body)
}

/** The encoding of bytes that nobody labelled; null where they are text as they stand, and where none fits. */
export function guessEncoding(bytes: Uint8Array, cut = false): string | null {
  if (isUtf8(bytes)) return null
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) return 'gzip'
  if (bytes[0] === 0x28 && bytes[1] === 0xb5 && bytes[2] === 0x2f && bytes[3] === 0xfd) return 'zstd'
  const fits = (name: string): boolean => {
    const unpacked = unpack(bytes, [name], cut)
    return unpacked.ok && likelyBody.test(utf8(unpacked.bytes, cut) ?? '')
  }
  if (isZlib(bytes) && fits('deflate')) return 'deflate'
  return fits('br') ? 'br' : null
}

/**
 * The text of a body that is labelled wrongly but can be told all the same: compressed without saying so, or in the old character
 * set of the web. Null where it cannot, and for one that was cut or withheld.
 */
export function guessText({ headers, body, ends, withheld }: Answered): string | null {
  if (ends !== 'complete' || withheld !== undefined) return null
  const named = encodings(headers)
  const hidden = named.length > 0 ? null : guessEncoding(body)
  const unpacked = unpack(body, hidden ? [hidden] : named, false)
  if (!unpacked.ok) return null
  const bytes = Buffer.from(unpacked.bytes)
  if (isUtf8(bytes)) return bytes.toString('utf8')
  const text = bytes.toString('latin1')
  return likelyBody.test(text) ? text : null
}

/** How JSON, a web page or an event stream begins. Brotli has no mark of its own and makes something of many bytes. */
const likelyBody = /^\s*(?:[{["<:]|event|data)/

const tooLarge = 'ERR_BUFFER_TOO_LARGE'

function unreadable(name: string, error: unknown): Unpacked {
  if (codeOf(error) === tooLarge)
    return { ok: false, because: 'too-large', detail: `${name}: more than ${mostDecodedBytes} bytes` }
  return { ok: false, because: 'undecodable', detail: `${name}: ${error instanceof Error ? error.message : 'broken'}` }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : null
}

/** Strictly; null for anything else. Where the bytes were cut, a character that the cut went through is left out. */
function utf8(bytes: Uint8Array, cut: boolean): string | null {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  for (let dropped = 0; dropped <= (cut ? 3 : 0); dropped++) {
    const kept = buffer.subarray(0, Math.max(0, buffer.length - dropped))
    if (isUtf8(kept)) return kept.toString('utf8')
  }
  return null
}

/** The first byte that is no UTF-8: there, and not before, the replacement characters of a lenient reader differ from what came. */
function badByte(bytes: Uint8Array): number {
  const mended = Buffer.from(Buffer.from(bytes).toString('utf8'))
  return bytes.findIndex((byte, index) => byte !== mended[index])
}

function attempt<T>(make: () => T): T | null {
  try {
    return make()
  } catch {
    return null
  }
}
