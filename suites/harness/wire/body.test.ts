import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { decode, guessEncoding, mostDecodedBytes, pack, unpack } from './body.ts'
import type { Answered, HeaderList } from './exchange.ts'
import type { Ending } from '../../../schemas/types.ts'

const text = '{"text":"é 漢 😀","pad":"' + 'x'.repeat(500) + '"}'

function answered(body: Uint8Array | string, encoding?: string | HeaderList, ends: Ending = 'complete'): Answered {
  const headers: HeaderList =
    typeof encoding === 'string'
      ? [['Content-Encoding', encoding]]
      : (encoding ?? [['content-type', 'application/json']])
  return { kind: 'answer', status: 200, headers, body: Buffer.from(body), chunks: [], ends, endedAt: null }
}

describe('decodes', () => {
  test.each([
    ['plain text', answered(text)],
    ['gzip', answered(gzipSync(text), 'gzip')],
    ['x-gzip, in capitals', answered(gzipSync(text), ' X-GZIP ')],
    ['deflate', answered(deflateSync(text), 'deflate')],
    ['bare deflate', answered(deflateRawSync(text), 'deflate')],
    ['br', answered(brotliCompressSync(text), 'br')],
    ['two encodings, in the order they were applied', answered(gzipSync(brotliCompressSync(text)), 'br, gzip')],
    [
      'two header lines',
      answered(gzipSync(deflateSync(text)), [
        ['content-encoding', 'deflate'],
        ['content-encoding', 'gzip'],
      ]),
    ],
    ['identity', answered(text, 'identity')],
  ])('%s', (_, came) => {
    expect(decode(came)).toEqual({ ok: true, text, whole: true })
  })

  test('an empty body, whatever its label', () => {
    expect(decode(answered('', 'gzip'))).toEqual({ ok: true, text: '', whole: true })
  })

  test('a byte order mark stays', () => {
    expect(decode(answered('\uFEFF{}'))).toMatchObject({ ok: true, text: '\uFEFF{}' })
  })

  test('an answer once', () => {
    const came = answered(gzipSync(text), 'gzip')
    expect(decode(came)).toBe(decode(came))
  })
})

describe('what was cut', () => {
  test.each([
    ['gzip', gzipSync(text.repeat(9), { level: 0 })],
    ['deflate', deflateSync(text.repeat(9), { level: 0 })],
  ])('%s: what decodes of it, and that it is not all', (encoding, bytes) => {
    const decoded = decode(answered(bytes.subarray(0, 1_000), encoding, 'cut'))
    expect(decoded).toMatchObject({ ok: true, whole: false })
    if (decoded.ok) expect(text.repeat(9).startsWith(decoded.text) && decoded.text.length > 900).toBe(true)
  })

  test('gzip that its framing calls complete does not decode', () => {
    const bytes = gzipSync(text)
    expect(decode(answered(bytes.subarray(0, bytes.length - 12), 'gzip'))).toEqual({
      ok: false,
      because: 'undecodable',
      detail: 'gzip: unexpected end of file',
    })
  })

  test('in the middle of a character: the text before it', () => {
    const bytes = Buffer.from('ab😀')
    expect(decode(answered(bytes.subarray(0, 5), undefined, 'cut'))).toEqual({ ok: true, text: 'ab', whole: false })
    expect(decode(answered(bytes.subarray(0, 5)))).toMatchObject({ ok: false, because: 'not-utf8' })
  })
})

describe('refuses', () => {
  test.each([
    ['gzip', gzipSync(text)],
    ['deflate', deflateSync(text)],
    ['br', brotliCompressSync(text)],
  ])('%s that nobody labelled', (encoding, bytes) => {
    expect(decode(answered(bytes))).toEqual({
      ok: false,
      because: 'unlabelled-compression',
      detail: `${encoding}, without a content-encoding`,
    })
  })

  test.each([
    ['in the middle', Buffer.from([0x61, 0x62, 0xff, 0x63]), 2],
    ['a character cut short', Buffer.from([0xc3, 0xa9, 0xe6, 0xbc, 0x21]), 2],
    ['an encoded surrogate', Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22]), 1],
    ['latin-1', Buffer.from('caf\xe9 con leche', 'latin1'), 3],
  ])('what is no UTF-8, by its first byte: %s', (_, bytes, at) => {
    expect(decode(answered(bytes))).toEqual({ ok: false, because: 'not-utf8', detail: `byte ${at} of ${bytes.length}` })
  })

  test('text under the label of a compression', () => {
    expect(decode(answered(text, 'gzip'))).toEqual({
      ok: false,
      because: 'undecodable',
      detail: 'gzip: incorrect header check',
    })
  })

  test('an encoding it does not know', () => {
    expect(decode(answered(text, 'gzip, snappy'))).toEqual({ ok: false, because: 'unknown-encoding', detail: 'snappy' })
  })

  test('a bomb, without unpacking it', () => {
    const bomb = gzipSync(Buffer.alloc(mostDecodedBytes + 1))
    const detail = `gzip: more than ${mostDecodedBytes} bytes`
    for (const decoded of [decode(answered(bomb, 'gzip')), decode(answered(gzipSync(bomb), 'gzip, gzip'))]) {
      // First this alone: where it fails, what was unpacked must not be printed.
      expect(decoded.ok).toBe(false)
      expect(decoded).toEqual({ ok: false, because: 'too-large', detail })
    }
  })
})

test('undoes four encodings and no more: some bytes unpack to themselves, for ever', () => {
  const packed = (times: number) => ({
    names: Array.from({ length: times }, () => 'gzip'),
    body: Array.from({ length: times }).reduce<Uint8Array>((bytes) => gzipSync(bytes), Buffer.from(text)),
  })
  const [four, five] = [packed(4), packed(5)]
  expect(unpack(four.body, four.names, false)).toMatchObject({ ok: true })
  expect(unpack(five.body, five.names, false)).toEqual({
    ok: false,
    because: 'undecodable',
    detail: '5 encodings on top of each other',
  })
})

test('packs what it can unpack', () => {
  for (const names of [['gzip'], ['deflate'], ['br'], ['br', 'gzip']]) {
    const unpacked = unpack(pack(Buffer.from(text), names), names, false)
    expect(unpacked).toMatchObject({ ok: true, whole: true })
    if (unpacked.ok) expect(Buffer.from(unpacked.bytes).toString()).toBe(text)
  }
})

test('guesses no encoding where there is none', () => {
  for (let seed = 0; seed < 256; seed++)
    expect(guessEncoding(Buffer.from([seed, 0xff, (seed * 7) % 256, 0xe9, seed, 0x80, 1, 2]))).toBe(null)
})
