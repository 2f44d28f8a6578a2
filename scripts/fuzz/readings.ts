import { createHash } from 'node:crypto'
import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib'

/* What leaves, read in every way. */

/** A text and everything that is meant by it, escape within escape. */
function readings(text: string): readonly string[] {
  const read = [text]
  for (let layer = text; read.length < 7;) {
    const next = layer
      .replaceAll(/\\+u([0-9a-f]{4})/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
      .replaceAll(/\\+x([0-9a-f]{2})/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
      .replaceAll(/\\+(["'/])/g, '$1')
      .replaceAll(/\\+[bfnrt]/g, '')
      .replaceAll('\\\\', '\\')
      .replaceAll(/&#x([0-9a-f]{1,5});?/gi, (_, code: string) => String.fromCodePoint(Number.parseInt(code, 16)))
      .replaceAll(/&#(\d{1,6});?/g, (_, code: string) => String.fromCodePoint(Number(code)))
      .replaceAll(/&(amp|lt|gt|quot|plus|sol|percnt|equals|lowbar);/g, (_, name: string) => entities[name] ?? '')
      .replaceAll(/[+&]([A-Za-z0-9+/,]{3,})-/g, (_, code: string) => utf7(code))
      .replaceAll(/%([0-9a-f]{2})/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
      // oxlint-disable-next-line no-control-regex -- what does not show hides nothing
      .replaceAll(/[\u0000-\u001f\u007f-\u009f\u200b-\u200f\ufeff]/g, '')
    if (next === layer) break
    read.push((layer = next))
  }
  return read
}

/** What a run of UTF-7 stands for. */
function utf7(code: string): string {
  const bytes = Buffer.from(code.replaceAll(',', '/'), 'base64')
  return bytes
    .subarray(0, bytes.length - (bytes.length % 2))
    .swap16()
    .toString('utf16le')
}

const entities: Readonly<Record<string, string>> = {
  ...{ amp: '&', lt: '<', gt: '>', quot: '"', plus: '+', sol: '/', percnt: '%', equals: '=', lowbar: '_' },
}

/** What is packed in the words of texts: base64 at any alignment, once and twice, hex, lists of bytes. */
function unpackedWords(texts: Iterable<string>): Iterable<string> {
  const found = (among: Iterable<string>, pattern: RegExp): Set<string> =>
    new Set([...among].flatMap((text) => text.match(pattern) ?? []))
  const decoded = (among: Iterable<string>): Set<string> =>
    new Set(
      [...found(among, /[A-Za-z0-9+/_-]{8,}/g)].flatMap((word) =>
        [0, 1, 2, 3].map((skipped) =>
          Buffer.from(word.slice(skipped), 'base64').toString('latin1').replaceAll('\0', ''),
        ),
      ),
    )
  const once = decoded(texts)
  const hexes = [...found(texts, /(?:[0-9a-f]{2}){6,}/gi)].map((word) => Buffer.from(word, 'hex').toString('latin1'))
  const lists = [...found(texts, /\d{1,3}(?:, ?\d{1,3}){5,}/g)].map((list) =>
    Buffer.from(list.split(',').map(Number)).toString('latin1'),
  )
  return [...once, ...decoded(once), ...hexes, ...lists]
}

/** Texts that were cut in pieces, of a body: the strings of one name, as they come and by the index beside them. */
function joined(body: string): string[] {
  const texts = new Map<string, string>()
  const add = (value: unknown, name: string, index: unknown): void => {
    if (typeof value === 'string')
      for (const id of [name, `${name} ${String(index)}`]) texts.set(id, (texts.get(id) ?? '') + value)
    else if (typeof value === 'object' && value !== null)
      for (const [inner, part] of Object.entries(value))
        add(part, Array.isArray(value) ? name : inner, 'index' in value ? value.index : index)
  }
  for (const line of [body, ...body.split('\n').map((text) => text.replace(/^data: ?/, ''))]) {
    // No JSON, no pieces; to find that out by what is thrown, line by line, is dear.
    if (!/^\s*[[{"]/.test(line)) continue
    try {
      add(JSON.parse(line), '', null)
    } catch {
      // It only begins like JSON.
    }
  }
  return [...texts.values()]
}

/** What the bodies on a tape hold, unpacked as often as they can be. */
function bodiesOn(tape: string): string[] {
  interface Line {
    readonly came: { readonly body?: { readonly text?: string; readonly base64?: string } }
    readonly sent: { readonly body: string | null }
  }
  const lines = tape.split('\n').filter((line) => line.includes('"kind":"exchange"'))
  return lines.flatMap((line) => {
    const { came, sent } = JSON.parse(line) as Line
    const { text, base64: bytes } = came.body ?? {}
    return [sent.body ?? '', text ?? '', ...(bytes === undefined ? [] : inflated(Buffer.from(bytes, 'base64')))]
  })
}

export function inflated(bytes: Buffer): string[] {
  const texts = [bytes.toString('latin1'), bytes.toString('utf16le')]
  for (const unpack of [gunzipSync, inflateSync, brotliDecompressSync]) {
    try {
      texts.push(...inflated(unpack(bytes, { maxOutputLength: 128 * 1024 * 1024 })))
    } catch {
      // Packed otherwise.
    }
  }
  return texts
}

/** The traces of words in a text that leaves: all of one, or 16 characters in a row of a long one. */
export function tracesIn(name: string, text: string, ...words: readonly string[]): string[] {
  const bodies = name.endsWith('.jsonl') ? bodiesOn(text) : []
  const pieces = [text, ...bodies].flatMap((body) => joined(body))
  const read = new Set([...new Set([text, ...bodies, ...pieces])].flatMap(readings))
  const all = [...read, ...unpackedWords(read)].join('\n').toLowerCase()
  return words
    .flatMap(partsOf)
    .filter((part) => all.includes(part))
    .map((part) => `${name}: ${part}`)
}

/** What gives a word away, in small letters. */
function partsOf(word: string): readonly string[] {
  const low = word.toLowerCase()
  const parts = low.length < 24 ? [low] : [...low].slice(15).map((_, at) => low.slice(at, at + 16))
  const hashes = ['sha256', 'md5'].map((algorithm) => createHash(algorithm).update(word).digest('hex').slice(0, 16))
  return [...parts, ...hashes]
}
