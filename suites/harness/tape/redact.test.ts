import { createHash } from 'node:crypto'
import { brotliCompressSync, deflateSync, gunzipSync, gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decode } from '../wire/body.ts'
import type { Answered, HeaderList } from '../wire/exchange.ts'
import { redactedMark as mark, redactor, withheldMark } from './redact.ts'

const key = 'mock-7f3k9q2x8w4v6n1p5t0r'
const awkward = 'sk/Ä"b\\c+d e=%&ü-1234567890'
const { text, headers, came } = redactor([key])

const percent = (text: string) => Buffer.from(text).toString('hex').replaceAll(/../g, '%$&')
const json = (text: string) => [...text].map((char) => `\\u00${char.charCodeAt(0).toString(16)}`).join('')
const hex = (algorithm: string, secret: string) => createHash(algorithm).update(secret).digest('hex')
const base64 = (secret: string) => Buffer.from(secret).toString('base64')

function answered(body: Uint8Array | string, rest: Partial<Answered> = {}): Answered {
  const bytes = Buffer.from(body)
  return {
    kind: 'answer',
    status: 200,
    headers: [],
    body: bytes,
    chunks: [[0, bytes.length]],
    ends: 'complete',
    endedAt: 0,
    ...rest,
  }
}

/** The redacted answer as text, after a check that its chunks still add up. */
function bodyOf(given: Answered): string {
  const redacted = came(given)
  if (redacted.kind !== 'answer') throw new Error('an answer stays an answer')
  expect(redacted.chunks.reduce((sum, [, length]) => sum + length, 0)).toBe(redacted.body.length)
  return Buffer.from(redacted.body).toString()
}

describe('a key in a text', () => {
  test.each([
    ['whole', key],
    ['percent-encoded', key.replaceAll('-', '%2d')],
    ['percent-encoded in capitals', key.replaceAll('-', '%2D')],
    ['percent-encoded, each character twice', percent(percent(key))],
    ['JSON-escaped', json(key)],
    ['JSON-escaped in capitals', json(key).toUpperCase().replaceAll('U', 'u')],
    ['JSON-escaped, one character of it', key.replace('-', '\\u002d')],
    ['JSON-escaped within a JSON text within a JSON text', JSON.stringify(JSON.stringify(json(key))).slice(3, -3)],
    ['HTML-escaped', key.replaceAll('-', '&#45;')],
    ['HTML-escaped in hex', key.replaceAll('-', '&#x2D;')],
    ['HTML-escaped twice', key.replaceAll('-', '&amp;#45;')],
    ['percent-encoded in a JSON text in a page', percent(json(key)).replaceAll('%', '&#37;')],
    ['with a character between each two that does not show', [...key].join('\u200b')],
    ['with control characters between, escaped', [...key].join('\\u0000')],
    ['as UTF-16 that is valid UTF-8', Buffer.from(key, 'utf16le').toString().slice(0, -1)],
    ['in capitals', key.toUpperCase()],
    ['hex', Buffer.from(key).toString('hex')],
    ['HEX', Buffer.from(key).toString('hex').toUpperCase()],
    ['as a list of bytes', [...Buffer.from(key)].join(',')],
    ['sha256', hex('sha256', key)],
    ['SHA256', hex('sha256', key).toUpperCase()],
    ['md5', hex('md5', key)],
    ['MD5', hex('md5', key).toUpperCase()],
    ['its first 16', key.slice(0, 16)],
    ['its last 16', key.slice(-16)],
    ['all but its ends', key.slice(3, -3)],
    ['the beginning of its hash', hex('sha256', key).slice(0, 16)],
  ])('%s', (_, trace) => {
    expect(text(`{"message":"invalid key ${trace}, sorry"}`)).toBe(`{"message":"invalid key ${mark}, sorry"}`)
  })

  test.each([
    [0, 3],
    [1, 8],
    [2, 7],
  ])('in base64 behind %i other bytes, but for the %i characters that others have a part in', (before, others) => {
    const clean = text(base64(`${'user:'.slice(0, before)}${key}:x`))
    expect(clean).toContain(mark)
    expect(clean.length - mark.length).toBe(others)
  })

  test.each([
    ['JSON-escaped', json(base64(key))],
    ['in lines', base64(key).replace(/.{9}/g, '$&\r\n')],
    ['packed once more', base64(base64(key))],
  ])('in base64, %s', (_, trace) => {
    expect(text(`<${trace}>`)).toMatch(/^<\[redacted:credential\].{1,18}>$/s)
  })

  test.each([
    ['base64', Buffer.from(key, 'utf16le').swap16().toString('base64').replace(/=+$/, '')],
    ['hex', Buffer.from(key, 'utf16le').toString('hex').toUpperCase()],
    ['a list of bytes', JSON.stringify([...Buffer.from(key, 'utf16le')])],
  ])('as UTF-16 in %s', (_, trace) => {
    expect(text(`<${trace}>`)).toMatch(/^<\[?\[redacted:[^\]]*\]\w{0,2}\]?>$/)
  })

  test('in base64 as part of basic credentials, url-safe too', () => {
    expect(text(`Basic ${base64(`me:${key}`)}`)).toContain(mark)
    expect(redactor(['??>>??>>??>>']).text(Buffer.from('??>>??>>??>>').toString('base64url'))).toBe(mark)
  })

  test('twice in a row, and at both ends', () => {
    expect(text(`${key}${key}`)).toBe(`${mark}${mark}`)
    expect(text(`${key} and ${key}`)).toBe(`${mark} and ${mark}`)
  })

  test.each([
    ['as it is', awkward],
    ['JSON-escaped', JSON.stringify(awkward).slice(1, -1)],
    ['JSON-escaped with slashes', JSON.stringify(awkward).slice(1, -1).replaceAll('/', '\\/')],
    ['percent-encoded', encodeURIComponent(awkward)],
  ])('with awkward characters, %s', (_, trace) => {
    expect(redactor([awkward]).text(`<${trace}>`)).toBe(`<${mark}>`)
  })

  test.each(['s3cr3t', 's3cr3t7', 's+c/3t'])('of few characters: %s', (short) => {
    const redact = redactor([short]).text
    for (const trace of [short, json(short), percent(short), base64(short), base64(`:${short}:`)])
      expect(redact(`<${trace}>`)).toContain(mark)
  })

  test('with what looks like escapes in it', () => {
    for (const odd of ['k%41&amp;\\u0042-\\z-1', 'a\\\\b\\nc\\"d%2525e']) {
      const redact = redactor([odd]).text
      for (const trace of [
        odd,
        json(odd),
        JSON.stringify(odd).slice(1, -1),
        percent(odd),
        JSON.stringify(percent(odd)),
      ])
        expect(redact(`<${trace}>`)).toMatch(/^<"?\[redacted:credential\]"?>$/)
    }
  })

  test('in Latin-1', () => {
    const { bytes } = redactor(['pass-wörd-1'])
    expect(Buffer.from(bytes(Buffer.from('<pass-wörd-1>', 'latin1'))).toString('latin1')).toBe(`<${mark}>`)
  })

  test('in JSON, which stays JSON: an escape goes whole or not at all', () => {
    for (const before of ['\\n', '\\\\', '\\"', '\\u0041', '\\\\\\u0041'])
      for (const trace of [key, key.slice(1), json(key), `\\${json(key)}`]) {
        const redacted = text(`{"message":"${before}${trace}"}`)
        expect(redacted).toContain(mark)
        expect(() => JSON.parse(redacted)).not.toThrow()
      }
    // The letter of an escape that happens to be one of the key.
    expect(JSON.parse(redactor([`n${key}`]).text(`{"message":"\\n${key}"}`))).toEqual({ message: mark })
  })

  test('a redacted text stays as it is', () => {
    expect(text(text(`x ${key} y`))).toBe(`x ${mark} y`)
  })
})

describe('what is no trace', () => {
  test('the letters that a short key shares with a model', () => {
    expect(redactor(['reference-key']).text('{"model":"claude-reference","key":"reference-ke"}')).toBe(
      '{"model":"claude-reference","key":"reference-ke"}',
    )
  })

  test('15 characters of a long key, 16 of one that has 23', () => {
    expect(text(key.slice(0, 15))).toBe(key.slice(0, 15))
    const shorter = key.slice(0, 23)
    expect(redactor([shorter]).text(shorter.slice(0, 16))).toBe(shorter.slice(0, 16))
    expect(redactor([shorter]).text(`(${shorter})`)).toBe(`(${mark})`)
  })

  test('a key too short to be told from a word, unless it is a whole header value', () => {
    const short = redactor(['cloud'])
    expect(short.text('cloud says: cloud')).toBe('cloud says: cloud')
    expect(
      short.headers([
        ['server', 'Bearer cloud'],
        ['via', 'cloud'],
        ['vary', 'cloud-x'],
      ]),
    ).toEqual([
      ['server', mark],
      ['via', mark],
      ['vary', 'cloud-x'],
    ])
  })

  test('nothing at all, without secrets', () => {
    expect(redactor([]).text(key)).toBe(key)
    expect(redactor(['']).text(key)).toBe(key)
  })
})

test('finds every long enough part, wherever it stands, and nothing else', () => {
  const filler = fc.stringMatching(/^[XYZ ]{0,40}$/)
  const part = fc
    .tuple(fc.nat(key.length - 16), fc.integer({ min: 16, max: key.length }))
    .map(([from, length]) => key.slice(from, from + length))
  fc.assert(
    fc.property(
      filler,
      fc.array(
        fc.tuple(
          part,
          filler.filter((word) => word !== ''),
        ),
        { maxLength: 5 },
      ),
      (first, parts) => {
        const given = first + parts.flat().join('')
        expect(text(given)).toBe(first + parts.map(([, word]) => mark + word).join(''))
      },
    ),
  )
})

describe('headers', () => {
  test('credentials and whatever is not known to be harmless are withheld; an echo shows', () => {
    const given: HeaderList = [
      ['Authorization', `Bearer ${key}`],
      ['X-Api-Key', 'another'],
      ['Cookie', 'session=1'],
      ['set-cookie', `k=${key}`],
      ['anthropic-organization-id', 'b1f1a3f0'],
      ['Content-Type', 'application/json'],
      ['content-type', 'text/plain'],
      ['anthropic-ratelimit-requests-limit', '4000'],
      ['x-stainless-lang', 'js'],
      ['server', `gateway ${key.slice(2, 20)}`],
      [`x-${key}`, '1'],
    ]
    expect(headers(given)).toEqual([
      ['Authorization', mark],
      ['X-Api-Key', withheldMark],
      ['Cookie', withheldMark],
      ['set-cookie', mark],
      ['anthropic-organization-id', withheldMark],
      ['Content-Type', 'application/json'],
      ['content-type', 'text/plain'],
      ['anthropic-ratelimit-requests-limit', '4000'],
      ['x-stainless-lang', 'js'],
      ['server', `gateway ${mark}`],
      [`x-${mark}`, withheldMark],
    ])
  })

  test('of a session, its hash: the same for the same one; what application it is, is no secret', () => {
    const session = (value: string) => headers([['X-Claude-Code-Session-Id', value]])[0]?.[1]
    expect(session('8b1f2c3d-1111')).toMatch(/^session [0-9a-f]{12}$/)
    expect(session('8b1f2c3d-1111')).toBe(session('8b1f2c3d-1111'))
    expect(session('8b1f2c3d-1111')).not.toBe(session('8b1f2c3d-2222'))
    expect(session(`s-${key}`)).toBe(mark)
    expect(headers([['x-app', 'cli']])).toEqual([['x-app', 'cli']])
    expect(headers([['x-session', 'abc']])).toEqual([['x-session', withheldMark]])
  })

  test('of a location, the host', () => {
    const location = (value: string) => headers([['location', value]])[0]?.[1]
    expect(location('https://login.example/sso?state=abc')).toBe('https://login.example')
    expect(location('/login?state=abc')).toBe(withheldMark)
    expect(location(`https://login.example/?key=${key}`)).toBe(mark)
  })

  test.each([
    ...[
      'content-type',
      'content-length',
      'content-encoding',
      'transfer-encoding',
      'cache-control',
      'request-id',
      'retry-after',
    ],
    ...['retry-after-ms', 'x-should-retry', 'date', 'server', 'via', 'vary', 'connection', 'www-authenticate', 'allow'],
    ...[
      'anthropic-ratelimit-tokens-reset',
      'anthropic-version',
      'anthropic-beta',
      'anthropic-priority-input-tokens-limit',
    ],
    ...['access-control-allow-origin', 'user-agent', 'accept', 'accept-encoding', 'x-stainless-retry-count'],
  ])('%s passes', (name) => {
    expect(headers([[name, 'value']])).toEqual([[name, 'value']])
  })
})

describe('a body', () => {
  test('across chunk borders: each border stays at its event, or moves to the end of the mark', () => {
    const given = answered(`event: a\n\ndata: ${key}\n\nevent: b\n\n`, {
      chunks: [
        [1, 10],
        [2, 12],
        [3, 4],
        [4, 27],
      ],
    })
    expect(Buffer.from(given.body).length).toBe(53)
    const redacted = came(given)
    expect(redacted).toMatchObject({
      chunks: [
        [1, 10],
        [2, 27],
        [3, 0],
        [4, 12],
      ],
    })
    expect(bodyOf(given)).toBe(`event: a\n\ndata: ${mark}\n\nevent: b\n\n`)
  })

  test.each(['{"type":"message"}', `{"k":"${key}"}`])(
    'of an answer whose headers pass the filter all the same: %s',
    (body) => {
      expect(
        came(
          answered(body, {
            headers: [
              ['set-cookie', 'a=b'],
              ['x', key],
            ],
          }),
        ),
      ).toMatchObject({
        headers: [
          ['set-cookie', withheldMark],
          ['x', mark],
        ],
      })
    },
  )

  test('that is clean is the same bytes', () => {
    const given = answered('{"type":"message"}')
    expect(came(given)).toEqual(given)
  })

  const delta = (index: number, name: string, piece: string): string =>
    `event: content_block_delta\ndata: {"type":"content_block_delta","index":${index},"delta":{"type":"x","${name}":"${piece}"}}\n\n`

  test.each(['text', 'partial_json', 'thinking'])('in pieces, a character a %s: the first has the mark', (name) => {
    const pieces = (given: readonly string[]): string =>
      given.map((piece) => delta(0, name, piece) + delta(1, name, '.')).join('')
    for (const written of [[...key], json(key).match(/.{6}/g) ?? [], ['mock-7f3k9q2', 'x8w4v6n1p5t0r']])
      expect(bodyOf(answered(pieces(['a ', ...written, ' z'])))).toBe(
        pieces(['a ', mark, ...written.slice(1).map(() => ''), ' z']),
      )
    // JSON within the JSON of a delta, cut within its escapes.
    expect(
      bodyOf(answered(pieces([...JSON.stringify(json(key)).slice(1, -1)].map((char) => char.replace('\\', '\\\\'))))),
    ).toBe(pieces([mark, ...[...JSON.stringify(json(key)).slice(2, -1)].map(() => '')]))
  })

  test('in pieces whose ends belong to others, whose chunks still add up', () => {
    const [first, second] = [delta(0, 'text', `a${key.slice(0, 9)}`), delta(0, 'text', `${key.slice(9)}z`)]
    const given = answered(first + second, {
      chunks: [
        [1, first.length],
        [2, second.length],
      ],
    })
    const [one, other] = [delta(0, 'text', `a${mark}`), delta(0, 'text', 'z')]
    expect(bodyOf(given)).toBe(one + other)
    expect(came(given)).toMatchObject({
      chunks: [
        [1, one.length],
        [2, other.length],
      ],
    })
  })

  test('in the blocks of a Message, a character a block', () => {
    const content = [...key].map((char) => ({ type: 'text', text: char }))
    const redacted = JSON.parse(bodyOf(answered(JSON.stringify({ content })))) as { content: { text: string }[] }
    expect(redacted.content.map((block) => block.text)).toEqual([mark, ...[...key].slice(1).map(() => '')])
  })

  test.each([
    ['gzip', gzipSync(`{"k":"${key}"}`), [['content-encoding', 'gzip']]],
    ['br', brotliCompressSync(`{"k":"${key}"}`), [['content-encoding', 'br']]],
    ['two encodings', gzipSync(brotliCompressSync(`{"k":"${key}"}`)), [['content-encoding', 'br, gzip']]],
  ] as const)('inside %s, which it stays', (_, bytes, labels) => {
    const redacted = came(
      answered(bytes, {
        headers: labels,
        chunks: [
          [1, 5],
          [2, bytes.length - 5],
        ],
      }),
    )
    if (redacted.kind !== 'answer') throw new Error('an answer stays an answer')
    expect(decode(redacted)).toEqual({ ok: true, text: `{"k":"${mark}"}`, whole: true })
    expect(redacted.chunks.reduce((sum, [, length]) => sum + length, 0)).toBe(redacted.body.length)
  })

  test('inside gzip without a label', () => {
    const redacted = came(answered(gzipSync(`{"k":"${key}"}`)))
    if (redacted.kind !== 'answer') throw new Error('an answer stays an answer')
    expect(gunzipSync(redacted.body).toString()).toBe(`{"k":"${mark}"}`)
  })

  test('inside gzip that was cut', () => {
    const bytes = gzipSync(`{"k":"${key}"}${'x'.repeat(999)}`, { level: 0 })
    const redacted = came(answered(bytes.subarray(0, 500), { headers: [['content-encoding', 'gzip']], ends: 'cut' }))
    if (redacted.kind !== 'answer') throw new Error('an answer stays an answer')
    const decoded = decode(redacted)
    expect(decoded).toMatchObject({ ok: true, whole: false })
    if (decoded.ok) expect(decoded.text.startsWith(`{"k":"${mark}"}xxx`)).toBe(true)
  })

  test('behind the end of what is packed', () => {
    const bytes = Buffer.concat([deflateSync('{"type":"message"}'), Buffer.from(key)])
    const redacted = came(answered(bytes, { headers: [['content-encoding', 'deflate']] }))
    if (redacted.kind !== 'answer') throw new Error('an answer stays an answer')
    expect(Buffer.from(redacted.body).includes(key)).toBe(false)
    expect(decode(redacted)).toEqual({ ok: true, text: '{"type":"message"}', whole: true })
  })

  test('that was not packed, whatever its label says', () => {
    const given = answered(`{"k":"${key}"}`, { headers: [['content-encoding', 'gzip']] })
    expect(bodyOf(given)).toBe(`{"k":"${mark}"}`)
    expect(came(given)).not.toHaveProperty('withheld')
  })

  test('that is no text', () => {
    const redacted = redactor([key]).bytes(
      Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(key), Buffer.from([0x80])]),
    )
    expect(Buffer.from(redacted)).toEqual(
      Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(mark), Buffer.from([0x80])]),
    )
  })
})

describe('a body that nobody can look into is withheld', () => {
  const { packed, bomb } = {
    packed: gzipSync(`{"k":"${key}"}`),
    bomb: gzipSync(Buffer.alloc(65 * 1024 * 1024)),
  }
  const labelled = (encoding: string): Partial<Answered> => ({ headers: [['content-encoding', encoding]] })
  const typed = (charset: string): Partial<Answered> => ({
    headers: [['content-type', `text/html; charset=${charset}`]],
  })

  test.each<[string, Uint8Array, Partial<Answered>, string]>([
    ['packed twice, labelled once', gzipSync(packed), labelled('gzip'), 'unreadable'],
    ['packed twice, without a label', gzipSync(packed), {}, 'unreadable'],
    ['packed otherwise than it says', packed, labelled('br'), 'unreadable'],
    ['packed in a way not known here', packed, labelled('zstd'), 'unreadable'],
    [
      'broken in the middle',
      Buffer.concat([packed.subarray(0, 20), packed.subarray(24)]),
      labelled('gzip'),
      'unreadable',
    ],
    ['above the decode limit', bomb, labelled('gzip'), 'too-large'],
    [
      'in UTF-16',
      Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(key, 'utf16le')]),
      typed('utf-16'),
      'unreadable',
    ],
    ['in UTF-7', Buffer.from('+AG0AbwBjAGs-'), typed('UTF-7'), 'charset'],
    [
      'in what the second of two headers says',
      Buffer.from('+AG0AbwBjAGs-'),
      {
        headers: [
          ['content-type', 'text/html'],
          ['content-type', 'text/html; charset=utf-7'],
        ],
      },
      'charset',
    ],
    ['in quotes of another kind', Buffer.from('+AG0AbwBjAGs-'), typed("'utf-7'"), 'charset'],
    ['behind spaces', Buffer.from('+AG0AbwBjAGs-'), typed(' utf-7'), 'charset'],
    ['in EBCDIC', Buffer.from([0x94, 0x96, 0x83, 0x92]), typed('"IBM037"'), 'charset'],
  ])('%s', (_, bytes, rest, because) => {
    const given = answered(bytes, rest)
    const redacted = came(given)
    expect(redacted).toEqual({ ...given, body: new Uint8Array(bytes.length), withheld: because })
    if (redacted.kind !== 'answer') throw new Error('an answer stays an answer')
    // In this run what is known of it is still judged, but for what only UTF-7 reads.
    const known = decode(given)
    expect(decode(redacted)).toEqual(known.ok ? { ...known, text: known.text.replace('+AG0AbwBjAGs-', '') } : known)
    expect(decode({ ...redacted })).toMatchObject({ ok: false, because: 'withheld' })
  })

  test('and what is remembered of it for the run is redacted as a text is, and has nothing that only UTF-7 reads', () => {
    const packed = (text: string): string =>
      Buffer.from(text, 'utf16le').swap16().toString('base64').replaceAll('=', '')
    // All of it at once; and each letter by itself, as mailboxes have it, and behind what has no width.
    const letters = [...key].map((char) => `+${packed(char)}-&${packed(char)}-+${packed(`\u200b${char}`)}-`).join('')
    const given = answered(
      Buffer.from(`{"message":"+${packed(key)}- ${letters} ${key}","is":[1e+100,"a+b"]}`),
      typed('utf-7'),
    )
    const redacted = came(given)
    if (redacted.kind !== 'answer') throw new Error('an answer stays an answer')
    expect(decode(redacted)).toMatchObject({ text: `{"message":"  ${mark}","is":[1e+100,"a+b"]}` })
  })

  test.each<[string, Uint8Array]>([
    ['in Latin-1', Buffer.from('{"text":"Grüße"}', 'latin1')],
    ['in UTF-8, cut within a character', Buffer.from('{"text":"Grü').subarray(0, -1)],
    ['in UTF-8, with control characters', Buffer.from('{"text":"\0\u001b"}')],
    ['in Shift-JIS', Buffer.from([0x7b, 0x22, 0x93, 0xfa, 0x96, 0x7b, 0x22, 0x7d])],
  ])('and not one %s', (_, bytes) => {
    const given = answered(bytes)
    expect(came(given)).toEqual(given)
  })
})

test('every string of a value, however deep, and else the very same value', () => {
  const { value } = redactor([key])
  const given = { at: ['x', { is: `<${json(key)}>`, not: null, count: 1, nor: undefined }] }
  expect(value(given)).toEqual({ at: ['x', { is: `<${mark}>`, not: null, count: 1, nor: undefined }] })
  const clean = { at: [key.slice(0, 9)] }
  expect(value(clean)).toBe(clean)
})

test('what was sent, and why nothing came', () => {
  const sent = {
    method: 'POST',
    path: `/v1/messages?key=${key}`,
    headers: [['x-api-key', key]],
    body: `{"metadata":"${key}"}`,
  } as const
  expect(redactor([key]).sent(sent)).toEqual({
    method: 'POST',
    path: `/v1/messages?key=${mark}`,
    headers: [['x-api-key', mark]],
    body: `{"metadata":"${mark}"}`,
  })
  expect(redactor([key]).sent({ ...sent, body: null })).toMatchObject({ body: null })
  expect(came({ kind: 'nothing', failure: 'refused', detail: `no host ${key}.example` })).toEqual({
    kind: 'nothing',
    failure: 'refused',
    detail: `no host ${mark}.example`,
  })
})

test('for the same secrets it is made once, and never taken for that of others, however many there are', () => {
  expect(redactor([key])).toBe(redactor([key]))
  const keys = Array.from({ length: 20 }, (_, count) => `${key}-${count}-`)
  for (const [index, one] of keys.entries()) {
    const other = keys[index - 1] ?? key
    expect(redactor([one]).text(`<${one}>`)).toBe(`<${mark}>`)
    expect(redactor([one, 'another-1']).text(`<${one}><another-1>`)).toBe(`<${mark}><${mark}>`)
    expect(redactor([other]).text('<another-1>')).toBe('<another-1>')
  }
  expect(redactor([keys[0] ?? '']).text(`<${keys[0]}>`)).toBe(`<${mark}>`)
})
