import { describe, expect, test } from 'vitest'
import { gzipSync } from 'node:zlib'
import type { Exchange } from '../wire/exchange.ts'
import { exchangesOfHar, readHar } from './har.ts'
import { InputError } from '../wire/input-error.ts'
import { redactedMark, withheldMark } from './redact.ts'

type Json = Record<string, unknown>

const request = (rest: Json = {}): Json => ({
  method: 'POST',
  url: 'https://gateway.example/gw/v1/messages?beta=true',
  headers: [{ name: 'content-type', value: 'application/json' }],
  postData: { mimeType: 'application/json', text: '{"model":"m","stream":true}' },
  ...rest,
})
const response = (rest: Json = {}): Json => ({
  status: 200,
  headers: [{ name: 'Content-Type', value: 'text/event-stream' }],
  content: { size: 2, mimeType: 'text/event-stream', text: 'event: ping\ndata: {}\n\n' },
  ...rest,
})
const entry = (asked: Json = {}, answered: Json = {}, rest: Json = {}): Json => ({
  request: request(asked),
  response: response(answered),
  ...rest,
})
const har = (...entries: unknown[]): string => JSON.stringify({ log: { version: '1.2', entries } })
const only = (text: string) => {
  const exchanges = exchangesOfHar(text)
  expect(exchanges).toHaveLength(1)
  return exchanges[0]!
}
const bodyOf = (text: string): string => {
  const { came } = only(text)
  return came.kind === 'answer' ? Buffer.from(came.body).toString() : came.detail
}

describe('an entry', () => {
  test('is an exchange recorded by others, without times', () => {
    expect(only(har(entry()))).toEqual({
      fixture: 'entry 1',
      origin: 'recorded',
      attempt: 1,
      needs: [],
      values: {},
      sent: {
        method: 'POST',
        path: '/v1/messages?beta=true',
        headers: [['content-type', 'application/json']],
        body: '{"model":"m","stream":true}',
      },
      came: {
        kind: 'answer',
        status: 200,
        headers: [['Content-Type', 'text/event-stream']],
        body: Buffer.from('event: ping\ndata: {}\n\n'),
        chunks: [],
        ends: 'complete',
        endedAt: null,
      },
    })
  })

  test('is named by its place, whatever its comment says', () => {
    const other = entry({ url: 'https://gateway.example/', method: 'GET' })
    const names = exchangesOfHar(har(other, entry(), entry({}, {}, { comment: 'streaming/hang-up:stream' }))).map(
      ({ fixture }) => fixture,
    )
    expect(names).toEqual(['entry 2', 'entry 3'])
  })

  test('with a body in base64', () => {
    const text = Buffer.from('{"é":1}').toString('base64')
    expect(bodyOf(har(entry({}, { content: { text, encoding: 'base64' } })))).toBe('{"é":1}')
  })

  test('without the headers that a recorder has undone, and without pseudo-headers', () => {
    const headers = ['Content-Encoding', 'content-length', 'Transfer-Encoding', ':status', 'request-id'].map(
      (name) => ({ name, value: '1' }),
    )
    expect(only(har(entry({}, { headers }))).came).toMatchObject({ headers: [['request-id', '1']] })
  })

  test('that got no answer', () => {
    const none = { kind: 'nothing', failure: 'interrupted' }
    expect(only(har(entry({}, { status: 0, content: {} }))).came).toMatchObject(none)
    expect(only(har({ request: request() })).came).toMatchObject(none)
  })

  test('with a body that was empty, where something says so', () => {
    const headers = [{ name: 'Content-Length', value: '0' }]
    expect(bodyOf(har(entry({}, { headers, content: { size: 0 } })))).toBe('')
    expect(bodyOf(har(entry({}, { status: 204, content: { size: 0, text: '' } })))).toBe('')
  })
})

describe('of all entries, those with the Messages API', () => {
  const at = (method: string, path: string): Json => entry({ method, url: `https://gateway.example${path}` })
  test.each([
    ['POST', '/v1/messages', true],
    ['POST', '/any/base/v1/messages?beta=true', true],
    ['POST', '/v1/messages/count_tokens', true],
    ['GET', '/v1/models?limit=1000', true],
    ['GET', '/v1/models/claude', true],
    ['POST', '/v1/messages/batches', true],
    ['GET', '/v1/messages/batches/b1/results', true],
    ['GET', '/v1/messages', false],
    ['OPTIONS', '/v1/messages', false],
    ['POST', '/v1/chat/completions', false],
    ['GET', '/favicon.ico', false],
  ])('%s %s: %s', (method, path, kept) => {
    expect(exchangesOfHar(har(entry(), at(method, path)))).toHaveLength(kept ? 2 : 1)
  })
})

/** What a HAR of one such entry and a right one comes to: how many exchanges, and what is said of it. */
const read = (one: unknown, options: Parameters<typeof readHar>[2] = {}) => {
  const exchanges: Exchange[] = []
  const { notes } = readHar(
    () => [Buffer.from(har(one, entry()))],
    (exchange) => exchanges.push(exchange),
    options,
  )
  return { exchanges, notes: notes.join(' ') }
}

const event = 'event: message_stop\ndata: {"type":"message_stop"}'
const gzipped = gzipSync(event).toString('base64')

describe("what is the recorder's doing is left out, and said", () => {
  test.for<[what: string, entry: Json, why: string]>([
    ['an answer that was not captured', entry({}, { content: { size: 1234 } }), 'without the body of the answer'],
    ['nor its size', entry({}, { content: {} }), 'without the body of the answer'],
    ['or as if it were empty', entry({}, { content: { size: 0, text: '' } }), 'without the body of the answer'],
    ['a request that was not', entry({ postData: undefined }), 'without a request that can be read'],
    ['one that breaks off', entry({ postData: { text: '{"model":"m","mess' } }), 'without a request that can be read'],
    ['an aborted answer', entry({}, { _error: 'net::ERR_ABORTED' }), 'broken off while recorded'],
    ['an aborted exchange', entry({}, {}, { _error: 'NS_BINDING_ABORTED' }), 'broken off while recorded'],
    [
      'a body packed in a way that is not known here',
      entry(
        {},
        { content: { text: Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x80]).toString('base64'), encoding: 'base64' } },
      ),
      'with an answer that was recorded as it was packed',
    ],
    [
      'a packed body as text',
      entry({}, { content: { text: '\u001f\ufffd\b' } }),
      'with an answer that was recorded as it was packed',
    ],
    [
      'a stream that stops within an event',
      entry({}, { content: { text: `${event}\n\nevent: ping\ndata: {"ty` } }),
      'with an answer that the recording breaks off',
    ],
    [
      'JSON that is shorter than its size',
      entry({}, { content: { text: '{"id":"msg', size: 500 } }),
      'with an answer that the recording breaks off',
    ],
    ['something else', entry({ url: 'https://gateway.example/' }), 'of something else than the Messages API'],
  ])('%s', ([, one, why]) => {
    const { exchanges, notes } = read(one)
    expect(exchanges.map(({ fixture }) => fixture)).toEqual(['entry 2'])
    const which = why.startsWith('of ') ? '' : ' (entry 1)'
    expect(notes).toBe(`Entries that were not judged: 1 ${why}${which}.`)
  })

  test('each reason once, with the first few places', () => {
    const lost = entry({}, { content: {} })
    const text = har(...Array.from({ length: 7 }, () => lost), entry({ postData: undefined }), entry())
    expect(
      readHar(
        () => [Buffer.from(text)],
        () => {},
      ).notes,
    ).toEqual([
      'Entries that were not judged: 7 without the body of the answer (entries 1, 2, 3, 4, 5 and 2 more); ' +
        '1 without a request that can be read (entry 8).',
    ])
  })

  test('also where nothing else is there', () => {
    expect(() => exchangesOfHar(har(entry({}, { content: {} })))).toThrow(
      'none is a recorded exchange with the Messages API. Entries that were not judged: 1 without the body of the answer',
    )
  })
})

describe('what can be undone is', () => {
  test.for<[what: string, response: Json]>([
    ['gzip in base64', { content: { text: gzipped, encoding: 'base64' } }],
    [
      'of which the headers tell',
      { content: { text: gzipped, encoding: 'base64' }, headers: [{ name: 'content-encoding', value: 'gzip' }] },
    ],
    ['a last blank line that was trimmed', { content: { text: event } }],
    ['half of it', { content: { text: `${event}\n` } }],
  ])('%s', ([, response]) => {
    const [first] = read(entry({}, response)).exchanges
    expect(first?.came).toMatchObject({ body: Buffer.from(`${event}\n\n`) })
  })

  test('and said, where it cannot be told from what a gateway may have done', () => {
    expect(read(entry({}, { content: { text: event } })).notes).toBe(
      'Streams whose last blank line the recorder has trimmed, read with it: 1 (entry 1).',
    )
    expect(read(entry({}, { content: { text: `${event}\n\n` } })).notes).toBe('')
  })

  test('of a stream with CRLF as it is written there', () => {
    const text = `${event}\n\n${event}`.replaceAll('\n', '\r\n')
    const [first] = read(entry({}, { content: { text } })).exchanges
    expect(first?.came).toMatchObject({ body: Buffer.from(`${text}\r\n\r\n`) })
  })

  test('but nothing is made of what is no stream', () => {
    expect(bodyOf(har(entry({}, { content: { text: 'Bad gateway' } })))).toBe('Bad gateway')
    const posted = { text: '{"model":"m"}' }
    expect(bodyOf(har(entry({ postData: posted }, { content: { text: event } })))).toBe(event)
  })
})

describe('several hosts', () => {
  const other = entry({ url: 'https://other.example:8443/v1/messages' })

  test('are told apart by name, and that they are judged together is said', () => {
    const { exchanges, notes } = read(other)
    expect(exchanges.map(({ fixture }) => fixture)).toEqual([
      'entry 1 (other.example:8443)',
      'entry 2 (gateway.example)',
    ])
    expect(notes).toBe(
      'It holds exchanges with 2 hosts, judged together: other.example:8443 (1), gateway.example (1). --host NAME judges one of them.',
    )
  })

  test('or judged one at a time', () => {
    const { exchanges, notes } = read(other, { host: 'gateway.example' })
    expect(exchanges.map(({ fixture }) => fixture)).toEqual(['entry 2 (gateway.example)'])
    expect(notes).toBe('')
    expect(() => read(other, { host: 'third.example' })).toThrow(
      'It holds no exchange with that host. It holds: other.example:8443, gateway.example.',
    )
  })

  test('of other traffic do not count', () => {
    expect(read(entry({ url: 'https://fonts.example/', method: 'GET' })).exchanges[0]?.fixture).toBe('entry 2')
  })
})

describe('credentials', () => {
  const key = 'sk-test-0123456789abcdefghij'
  const session = 'c00kie-0123456789'
  const headers = [
    { name: 'Authorization', value: `Bearer ${key}` },
    { name: 'X-Api-Key', value: key },
    { name: 'Cookie', value: `theme=dark; session=${session}` },
    { name: 'x-gateway-token', value: 'token-123' },
  ]

  test('are gone from the request, and from whatever echoes them', () => {
    const text = JSON.stringify({ error: `invalid key ${key} of ${session}, token-123` })
    const exchange = only(har(entry({ headers }, { content: { text }, headers: [{ name: 'via', value: key }] })))
    expect(exchange.sent.headers).toEqual(headers.map(({ name }) => [name, redactedMark]))
    expect(exchange.came).toMatchObject({ headers: [['via', redactedMark]] })
    expect(bodyOf(har(entry({ headers }, { content: { text } })))).toBe(
      JSON.stringify({ error: `invalid key ${redactedMark} of ${redactedMark}, ${redactedMark}` }),
    )
  })

  test.for<[what: string, request: Record<string, unknown>, secret: string]>([
    ['in the header of a gateway', { headers: [{ name: 'x-goog-api-key', value: 'AIza-1234' }] }, 'AIza-1234'],
    [
      'in basic credentials',
      { headers: [{ name: 'authorization', value: `Basic ${btoa('me:pass-1234')}` }] },
      'pass-1234',
    ],
    ['of few characters', { headers: [{ name: 'x-api-key', value: 's3cr3t' }] }, 's3cr3t'],
    ['in the query', { url: 'https://gateway.example/v1/messages?key=AIza-1234' }, 'AIza-1234'],
  ])('%s are gone from what echoes them', ([, request, secret]) => {
    const text = (word: string): string => `{"error":"no ${word}"}`
    expect(bodyOf(har(entry(request, { content: { text: text(secret) } })))).toBe(text(redactedMark))
  })

  const large = 'x'.repeat(70_000)
  test.for<[what: string, json: string, secret: string]>([
    ['a header', '"headers":[{"name":"x-api-key","value":"q7Zr2Xk4Lm8Pt3"}]', 'q7Zr2Xk4Lm8Pt3'],
    [
      'a header the other way round',
      '"headers":[{ "value" : "q7Zr2Xk4Lm8Pt3",\n"name": "x-api-key" }]',
      'q7Zr2Xk4Lm8Pt3',
    ],
    ['an escaped header', String.raw`"headers":[{"name":"x-\u0061pi-key","value":"q7\"Zr2\\Xé4"}]`, 'q7"Zr2\\Xé4'],
    ['basic credentials', '"headers":[{"name":"Authorization","value":"Basic dTpxN1pyMlhrNExtOA=="}]', 'q7Zr2Xk4Lm8'],
    ['a parameter', '"url":"https://gateway.example/v1/messages?api_key=q7Zr2Xk4Lm8Pt3"', 'q7Zr2Xk4Lm8Pt3'],
  ])('that stand in %s of an entry that is too large are gone from all others', ([, json, secret]) => {
    const said = entry({}, { content: { size: 2, mimeType: 'text/plain', text: `You are ${secret}` } })
    const behind = `{"request":{${json},"postData":{"text":"${large}"}}}`
    const before = `{"request":{"postData":{"text":"${large}"},${json}}}`
    for (const one of [behind, before])
      for (const length of [1000, 1_000_000]) {
        const bytes = Buffer.from(`{"log":{"entries":[${JSON.stringify(said)},${one}]}}`)
        const pieces = Array.from({ length: Math.ceil(bytes.length / length) }, (_, at) =>
          bytes.subarray(at * length, (at + 1) * length),
        )
        const found: Exchange[] = []
        const { notes } = readHar(
          () => pieces,
          (exchange) => found.push(exchange),
          { mostBytes: 10_000 },
        )
        expect(notes.join(' ')).toContain('(entry 2)')
        expect(found.map(({ came }) => came.kind === 'answer' && Buffer.from(came.body).toString())).toEqual([
          `You are ${redactedMark}`,
        ])
      }
  })

  test('that are plain words or numbers, as in cookies, are no words to look for', () => {
    const text = '{"role":"assistant","count":123456}'
    const request = { headers: [{ name: 'cookie', value: 'mode=assistant; shown=123456' }] }
    expect(bodyOf(har(entry(request, { content: { text } })))).toBe(text)
  })

  test('that a recorder has already taken out are no words to look for', () => {
    const text = '{"organization":"REDACTED"}'
    const exchange = har(entry({ headers: [{ name: 'x-api-key', value: 'REDACTED' }] }, { content: { text } }))
    expect(only(exchange).sent.headers).toEqual([['x-api-key', withheldMark]])
    expect(bodyOf(exchange)).toBe(text)
  })

  test("in the query go with every parameter that is not the API's", () => {
    const url = `https://gateway.example/v1/models?key=${key}&limit=5&session=1`
    expect(only(har(entry({ method: 'GET', url }))).sent.path).toBe('/v1/models?limit=5')
  })
})

describe('says in one sentence', () => {
  test.each([
    ['what is no JSON', 'hello', 'This is no HAR: it is no JSON.'],
    ['what is no HAR', '{"kind":"header"}', 'This is no HAR: it has no log with entries.'],
    ['what is a list', '[]', 'This is no HAR: it has no log with entries.'],
    ['that it is empty', har(), 'Of the 0 entries of this HAR, none is a recorded exchange with the Messages API.'],
    [
      'that nothing in it is of use',
      har(entry({ url: 'https://gateway.example/' }), entry({ url: 'no url' }), {}, null),
      'Of the 3 entries of this HAR, none is a recorded exchange with the Messages API.',
    ],
  ])('%s', (_, text, sentence) => {
    expect(() => exchangesOfHar(text)).toThrow(new InputError(sentence))
  })
})
