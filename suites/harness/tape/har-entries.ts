import { InputError } from '../wire/input-error.ts'
import { isObject, type JsonObject } from '../wire/json.ts'

/** An entry of a HAR; null for one that is too large to be looked at. */
export type Entry = JsonObject | null

/** Bytes of an entry: several times what we read of an answer, however it is escaped or encoded. */
const mostBytes = 64 * 1024 * 1024

/** Bytes of all that stands beside the entries: pages, creators, comments. */
const mostBeside = 64 * 1024 * 1024

/**
 * The entries of a HAR, `log.entries[*]`, from its bytes piece by piece; a piece may be written over once the next one is asked for.
 * Memory holds one entry, however many there are. Only where objects, lists and strings end is looked for here: JSON.parse reads each
 * entry, and at the end the rest, with a 0 for each entry, so that nothing passes that is no JSON. Throws an InputError for what is no
 * HAR, at the latest behind the last entry. `passedOver` is told the text of entries that are too large, part by part, as Latin-1.
 */
export function* entriesIn(
  pieces: Iterable<Uint8Array>,
  most = mostBytes,
  passedOver: (part: string) => void = () => {},
): Generator<Entry> {
  const entry: Uint8Array[] = []
  let size = 0
  /** The end of what was passed over of this entry. */
  let tail = ''
  /** What stands beside the entries, as Latin-1, which changes nothing for JSON.parse but letters within strings; and its end. */
  const beside: string[] = []
  let besides = 0
  let end = ''
  let depth = 0
  let quoted = false
  let escaped = false
  /** Whether what has begun is the log, its list of entries, one of these. */
  let log = false
  let list = false
  let inside = false

  /** Parts overlap, so that what a header may hold stands whole in one of them. */
  function passOver(bytes: Uint8Array): void {
    const text = tail + Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
    passedOver(text)
    tail = text.slice(-overlap)
  }

  for (const piece of pieces) {
    const bytes = Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength)
    const here: string[] = []
    let from = 0
    const keep = (to: number): void => {
      if (!inside) {
        here.push(bytes.toString('latin1', from, to))
        end = `${end}${here.at(-1)?.slice(-mostOfKey)}`.slice(-mostOfKey)
      } else if ((size += to - from) > most) {
        for (const kept of entry) passOver(kept)
        entry.length = 0
        passOver(bytes.subarray(from, to))
      } else entry.push(Uint8Array.prototype.slice.call(bytes, from, to))
      from = to
    }
    for (let at = 0; at < bytes.length; at++) {
      const byte = bytes[at]
      if (quoted) {
        if (escaped) escaped = false
        else if (byte === backslash) escaped = true
        else if (byte === quote) quoted = false
      } else if (byte === quote) quoted = true
      else if (byte === brace || byte === bracket) {
        depth++
        if (depth === 4 && list && byte === brace) {
          keep(at)
          inside = true
        } else if (depth === 2 || depth === 3) {
          keep(at)
          if (depth === 2) log = behindLog.test(end)
          else list = log && byte === bracket && behindEntries.test(end)
        }
      } else if (byte === brace + closing || byte === bracket + closing) {
        depth--
        if (!inside || depth !== 3) continue
        keep(at + 1)
        yield size > most ? null : parsed(Buffer.concat(entry).toString('utf8'))
        entry.length = 0
        size = 0
        tail = ''
        inside = false
        here.push('0')
      }
    }
    keep(bytes.length)
    beside.push(here.join(''))
    besides += beside.at(-1)?.length ?? 0
    if (besides > mostBeside) throw new InputError('This is no HAR: too much stands beside its entries.')
  }
  const { log: found } = parsed(beside.join('').replace(/^\u00ef\u00bb\u00bf/, ''))
  if (!isObject(found) || !Array.isArray(found['entries']))
    throw new InputError('This is no HAR: it has no log with entries.')
}

/** More than a header and its name take. */
const overlap = 64 * 1024

/** A key that matters, with its colon and some blanks. */
const behindLog = /(?<!\\)"log"\s*:\s*$/
const behindEntries = /(?<!\\)"entries"\s*:\s*$/
const mostOfKey = 200

const quote = 0x22
const backslash = 0x5c
const bracket = 0x5b
const brace = 0x7b
/** From a character that opens to the one that closes. */
const closing = 2

function parsed(text: string): JsonObject {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new InputError('This is no HAR: it is no JSON.')
  }
  return isObject(value) ? value : {}
}
