import { isUtf8 } from 'node:buffer'
import { decode, encodings, guessEncoding, pack, remember, unpack } from '../wire/body.ts'
import type { Unredactable } from '../../../schemas/types.ts'
import type { Answered, HeaderList } from '../wire/exchange.ts'

/** The text of a body as bytes and the encodings it came in; or why nobody can tell what it holds. */
export type Opened =
  | { readonly bytes: Uint8Array; readonly encodings: readonly string[] }
  | { readonly because: Unredactable }

/**
 * Undoes the encodings of a body, those it names or one that nobody named. What is no text after that could hold anything: it was
 * packed twice or in a way not known here, is broken, or in a charset that writes even ASCII otherwise.
 */
export function open({ headers, body, ends }: Answered): Opened {
  if (charsetsOf(headers).some((charset) => hidesAscii.test(charset))) return { because: 'charset' }
  const named = encodings(headers)
  const cut = ends !== 'complete'
  const guessed = named.length > 0 ? null : guessEncoding(body, cut)
  const names = guessed === null ? named : [guessed]
  const unpacked = unpack(body, names, cut)
  if (unpacked.ok && isText(unpacked.bytes)) return { bytes: unpacked.bytes, encodings: names }
  // Encodings named of what was not packed at all, or was unpacked on the way, are common.
  if (isText(body)) return { bytes: body, encodings: [] }
  return { because: !unpacked.ok && unpacked.because === 'too-large' ? 'too-large' : 'unreadable' }
}

/** All that are named: which of two a reader goes by is the reader's affair. */
function charsetsOf(headers: HeaderList): readonly string[] {
  return headers.flatMap(([name, value]) =>
    name.toLowerCase() === 'content-type' ? (/charset\s*=\s*["']?([\w-]+)/i.exec(value)?.[1] ?? []) : [],
  )
}

/** What UTF-7 reads as other characters, and that of mailboxes, which begins with an ampersand; but for the exponent of a number. */
const utf7 = /(?<!\d[eE])\+[A-Za-z0-9+/]{3,}-?|&[A-Za-z0-9+,]{3,}-/g

/** Charsets in which ASCII is written otherwise without a control character. */
const hidesAscii =
  /^(?:utf-?7|unicode-1-1-utf-7|(?:x-)?ebcdic|(?:ibm|cp)-?0?(?:37|273|277|278|28\d|297|420|424|500|87\d|1026|1047|114\d))/i

/** UTF-8, or another charset that holds ASCII as it is: those have no control characters but those of lines. */
function isText(bytes: Uint8Array): boolean {
  return isUtf8(bytes) || !bytes.some((byte) => (byte < 32 && !lines.has(byte)) || byte === 127)
}

const lines: ReadonlySet<number> = new Set([9, 10, 12, 13])

/** An answer with another body, packed as that was. */
export function sealed(given: Answered, plain: Uint8Array, names: readonly string[]): Answered {
  const body = pack(plain, names)
  return { ...given, body, chunks: fitted(given.chunks, body.length) }
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

/**
 * An answer without what its body held: as many bytes, all of them zero. What is known of that body now is remembered for the run, `clean`
 * as far as a text can be: findings and pages quote it.
 */
export function withheld(given: Answered, because: Unredactable, clean: (text: string) => string): Answered {
  const answered = { ...given, body: new Uint8Array(given.body.length), withheld: because }
  const read = decode(given)
  // UTF-7 may write each letter of a key by itself, as `+AHM-`: nobody finds it there, and a page would quote it.
  const decoded = read.ok ? { ...read, text: read.text.replaceAll(utf7, '') } : read
  remember(answered, decoded.ok ? { ...decoded, text: clean(decoded.text) } : decoded)
  return answered
}
