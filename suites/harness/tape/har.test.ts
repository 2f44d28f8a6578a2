import { describe, expect, test } from 'vitest'
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

  test('is named by the first word of its comment, else by its place', () => {
    const other = entry({ url: 'https://gateway.example/', method: 'GET' })
    const names = exchangesOfHar(har(other, entry(), entry({}, {}, { comment: ' tea-0007 from somewhere ' }))).map(
      ({ fixture }) => fixture,
    )
    expect(names).toEqual(['entry 2', 'tea-0007'])
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

  test('with an empty body', () => {
    expect(bodyOf(har(entry({}, { content: { size: 0 } })))).toBe('')
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

  test('not those recorded without a body, which would be judged for what they never said', () => {
    const unrecorded = [
      entry({}, { content: { size: 1234, mimeType: 'text/event-stream' } }),
      entry({}, { content: {} }),
      entry({ postData: undefined }),
    ]
    expect(exchangesOfHar(har(...unrecorded, entry()))).toHaveLength(1)
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
        const { tooLarge } = readHar(
          () => pieces,
          (exchange) => found.push(exchange),
          10_000,
        )
        expect(tooLarge).toEqual([2])
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
