import { createHash } from 'node:crypto'
import { deflateSync, gzipSync } from 'node:zlib'
import type { Answer } from '../../fixtures/gateways/answer.ts'

/* The ways in which a gateway may say a secret. Whoever reads what leaves undoes them: readings.ts. */

const hex = (text: string): string => Buffer.from(text).toString('hex')
export const json = (text: string): string => [...text].map((char) => `\\u00${hex(char)}`).join('')
const percent = (text: string): string => hex(text).replaceAll(/../g, '%$&')
export const base64 = (text: string): string => Buffer.from(text).toString('base64')

/** Marks by what HTML calls them. */
const named: ReadonlyMap<string, string> = new Map([
  ['+', '&plus;'],
  ['/', '&sol;'],
  ['%', '&percnt;'],
  ['=', '&equals;'],
  ['_', '&lowbar;'],
])

/** Ways to say a word, as characters of a text. */
export const ways: readonly ((word: string) => string)[] = [
  (word) => word,
  (word) => word.toLowerCase(),
  (word) => word.toUpperCase(),
  (word) => (word.length < 24 ? word : word.slice(3, 20)),
  (word) => `\u200b${[...word].join('\u0000')}`,
  (word) => percent(word),
  (word) => encodeURIComponent(word).toLowerCase(),
  (word) => percent(word).replaceAll('%', '%25252525'),
  (word) => json(percent(word)),
  (word) => [...word].join('\u200b'),
  (word) => word.replaceAll(/[^A-Za-z0-9]/g, (mark) => `&#${mark.charCodeAt(0)};`),
  (word) => [...word].map((char) => `&#x${hex(char).toUpperCase()};`).join(''),
  (word) => word.replaceAll(/[^A-Za-z0-9]/g, (mark) => named.get(mark) ?? mark),
  (word) => word.replaceAll(/[^A-Za-z0-9]/g, (mark) => `&amp;amp;amp;amp;#${mark.charCodeAt(0)};`),
  (word) => json(word),
  (word) => json(word).toUpperCase().replaceAll('\\U', '\\u'),
  (word) => json(word).replaceAll('\\u00', '\\x'),
  (word) => word.replaceAll('/', '\\/').replaceAll('+', '\\u002B'),
  (word) => JSON.stringify(JSON.stringify(json(word))),
  (word) => base64(word),
  (word) => base64(`u:${word}:x`),
  (word) => base64(`me:${word}:x`),
  (word) => base64(base64(word)),
  (word) => base64(word).replaceAll(/.{7}/g, '$&\r\n'),
  (word) => hex(word),
  (word) => hex(word).toUpperCase(),
  (word) => JSON.stringify([...Buffer.from(word)]),
  (word) => createHash('sha256').update(word).digest('hex'),
  (word) => createHash('md5').update(word).digest('hex').toUpperCase(),
]

/** One character of UTF-7, as it may write any: by itself, as mailboxes have it, and behind what has no width, in turn. */
function inUtf7(char: string, at: number): string {
  const code = (text: string): string => Buffer.from(text, 'utf16le').swap16().toString('base64').replaceAll('=', '')
  return [`+${code(char)}-`, `&${code(char).replaceAll('/', ',')}-`, `+${code(`\u200b${char}`)}-`][at % 3] ?? char
}

/** How many kinds of such bodies there are that no program reads. */
export const kindsUnread = 11
/** How many more there are, which programs read all the same. */
export const kindsRead = 4
export const packedKinds = kindsUnread + kindsRead

/** Bodies that nobody can or should look into, one after the other, each with the word in it. */
export function packed(word: string, number: number): { headers: Answer['headers']; raw: Uint8Array } {
  const body = Buffer.from(JSON.stringify({ type: 'error', error: { type: 'api_error', message: word } }))
  const labelled = (encoding: string): Answer['headers'] => [
    ['content-type', 'application/json'],
    ['content-encoding', encoding],
  ]
  const kinds = [
    () => ({ headers: labelled('gzip'), raw: gzipSync(body) }),
    () => ({ headers: labelled('gzip'), raw: gzipSync(gzipSync(body)) }),
    () => ({ headers: [], raw: gzipSync(gzipSync(body)) }),
    () => ({ headers: labelled('br'), raw: gzipSync(body) }),
    () => ({ headers: labelled('zstd'), raw: gzipSync(body) }),
    () => ({ headers: labelled('gzip'), raw: gzipSync(Buffer.concat([body, Buffer.alloc(65 * 1024 * 1024)])) }),
    () => ({ headers: labelled('gzip'), raw: Buffer.concat([gzipSync(body).subarray(0, -8), body]) }),
    () => ({ headers: [], raw: Buffer.from(`\uFEFF${body}`, 'utf16le') }),
    () => ({ headers: [], raw: Buffer.from(body.toString(), 'utf16le') }),
    () => ({ headers: [], raw: Buffer.from(`{"message":"Grüße ${word}"}`, 'latin1') }),
    () => ({ headers: labelled('gzip'), raw: Buffer.concat([gzipSync('{}'), body]) }),
    // What stands behind its end is left alone by who unpacks it: in gzip behind a zero.
    () => ({ headers: labelled('gzip'), raw: Buffer.concat([gzipSync('{}'), Buffer.alloc(1), body]) }),
    () => ({ headers: labelled('deflate'), raw: Buffer.concat([deflateSync('{}'), body]) }),
    () => ({
      headers: [['content-type', 'application/json; charset=utf-7'] as const],
      raw: Buffer.from(`{"message":"${[...word].map(inUtf7).join('')}"}`),
    }),
    // It is none, and whoever reads on all the same remembers what it says.
    () => ({ headers: [['content-type', 'application/json; charset=utf-7'] as const], raw: body }),
  ]
  return kinds[number % packedKinds]!()
}
