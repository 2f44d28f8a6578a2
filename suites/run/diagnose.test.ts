import { describe, expect, test } from 'vitest'
import type { Auth, DiagnosisKind, RunEnding } from '../../schemas/types.ts'
import type { First, Gathered } from '../harness/gather/gather.ts'
import { answered, failed, unanswered } from '../harness/views/examples.ts'
import type { Came } from '../harness/wire/exchange.ts'
import { InputError } from '../harness/wire/input-error.ts'
import type { Target } from '../harness/wire/target.ts'
import { exchangeOf, served } from '../self/by-hand.ts'
import { lookOf, looksAround } from './looks.ts'
import { diagnose, diagnoseEnd, endingOf, isAboutTheModel, ourError, withLooks, withModels } from './diagnose.ts'

const target: Target = {
  kind: 'gateway',
  baseUrl: 'http://gateway.test/api',
  model: 'big',
  auth: 'bearer',
  key: 'the-key',
  keyVariable: 'MY_KEY',
  headers: [],
  secrets: [],
  apiVersion: '2023-06-01',
}

function first(came: Came, { auth = 'bearer' as Auth, refusedToo = null as Auth | null } = {}): First {
  return { exchange: exchangeOf('messages/hello', came), auth, refusedToo }
}

const page = '<!doctype html><title>Login</title>'
const html: Came = answered('Hm.', { headers: [['Content-Type', 'text/html; charset=utf-8']] })

describe('the first exchange', () => {
  test.for<[name: string, came: Came, kind: DiagnosisKind, ending: RunEnding]>([
    ['401', failed(401, 'authentication_error'), 'credential', 'unauthorised'],
    ['401 with a page', answered(page, { status: 401 }), 'credential', 'unauthorised'],
    ['402', failed(402, 'billing_error'), 'balance', 'unauthorised'],
    ['402 with a page', answered(page, { status: 402 }), 'balance', 'unauthorised'],
    ['403 with a page', answered(page, { status: 403 }), 'forbidden', 'unauthorised'],
    ['451', failed(451), 'forbidden', 'unauthorised'],
    ['405 otherwise', answered('', { status: 405 }), 'no-route', 'unreachable'],
    ['405 with a page', answered(page, { status: 405 }), 'web-page', 'unreachable'],
    ['429 with a page', answered(page, { status: 429 }), 'busy', 'unreachable'],
    ['502 with a page', answered(page, { status: 502 }), 'upstream-down', 'unreachable'],
    ['403', failed(403, 'permission_error'), 'forbidden', 'unauthorised'],
    ['300', answered('', { status: 300 }), 'redirect', 'unreachable'],
    ['302', answered('', { status: 302 }), 'redirect', 'unreachable'],
    ['308 with a page', answered(page, { status: 308 }), 'redirect', 'unreachable'],
    ['200 with a page', answered(page), 'web-page', 'unreachable'],
    ['200 with what calls itself a page', html, 'web-page', 'unreachable'],
    ['404 with a page', answered(`\n<HTML>`, { status: 404 }), 'web-page', 'unreachable'],
    ['200 with a page of XML', answered(`<?xml version="1.0"?>\n<html/>`), 'web-page', 'unreachable'],
    [
      '200 with what calls itself a page of XML',
      answered('Hm.', { headers: [['content-type', 'application/xhtml+xml']] }),
      'web-page',
      'unreachable',
    ],
    [
      '406 with a page, in upper case',
      answered('Hm.', { status: 406, headers: [['content-type', 'Text/HTML']] }),
      'web-page',
      'unreachable',
    ],
    [
      '404 with XML that is no page',
      answered('<?xml version="1.0"?><Error/>', { status: 404 }),
      'no-route',
      'unreachable',
    ],
    ['404 in the envelope', failed(404, 'not_found_error'), 'no-model', 'unreachable'],
    ['404 otherwise', answered('nowhere', { status: 404 }), 'no-route', 'unreachable'],
    ['429', failed(429, 'rate_limit_error'), 'busy', 'unreachable'],
    ['502', failed(502), 'upstream-down', 'unreachable'],
    ['503', answered('', { status: 503 }), 'upstream-down', 'unreachable'],
    ['503 that says when', answered('', { status: 503, headers: [['retry-after', '60']] }), 'busy', 'unreachable'],
    ['504', failed(504), 'upstream-down', 'unreachable'],
    ['a reset', unanswered, 'reset', 'unreachable'],
    ['a timeout', { kind: 'nothing', failure: 'timeout', detail: 'no byte' }, 'timeout', 'unreachable'],
  ])('ends the run: %s', ([, came, kind, ending]) => {
    const diagnosis = diagnose(first(came), target)
    expect(diagnosis).toMatchObject({ kind, url: 'http://gateway.test/api/v1/messages' })
    expect(endingOf(diagnosis!)).toBe(ending)
    expect(isAboutTheModel(diagnosis!)).toBe(kind === 'no-model' || kind === 'upstream-down')
  })

  test.for<[name: string, came: Came]>([
    ['a Message', served('messages/hello').came],
    ['200 with anything that is no page', answered('{}')],
    ['400', failed(400, 'invalid_request_error')],
    ['405', failed(405)],
    ['500', failed(500)],
    ['500 with a page', answered(page, { status: 500 })],
    ['529', failed(529, 'overloaded_error')],
  ])('is judged, well or badly: %s', ([, came]) => {
    expect(diagnose(first(came), target)).toBeNull()
  })

  test('is quoted, short, with what it asks for and where it leads', () => {
    const headers = [
      ['WWW-Authenticate', `Bearer ${'x'.repeat(500)}`],
      ['Location', 'https://elsewhere.test/'],
    ] as const
    const said = diagnose(first(answered('missing  subscription\nkey', { status: 401, headers })), target)
    expect(said).toMatchObject({ status: 401, said: 'missing subscription key', location: 'https://elsewhere.test/' })
    expect(said?.authenticate?.length).toBeLessThan(130)
    expect(diagnose(first(failed(401, 'authentication_error')), target)?.said).toBe('authentication_error: No.')
    const wordless = diagnose(first(answered('  ', { status: 401 })), target)
    expect(wordless).not.toHaveProperty('said')
    expect(wordless?.sentence).toContain('/v1/messages answered 401 without a word. ')
  })

  test('names how the key was sent, and that the other way was refused too', () => {
    const refused = failed(401, 'authentication_error')
    const sentence = (...how: Parameters<typeof first>): string | undefined => diagnose(first(...how), target)?.sentence
    expect(sentence(refused)).toMatch(/The key in MY_KEY was sent as Authorization: Bearer\.$/)
    expect(sentence(refused, { auth: 'x-api-key', refusedToo: 'bearer' })).toMatch(
      /sent as x-api-key; as Authorization: Bearer it was refused too\. If it takes the key in a header of its own: --key-header NAME\.$/,
    )
    expect(sentence(refused, { auth: 'both' })).toMatch(/sent as both credential headers\.$/)
    expect(sentence(refused, { auth: 'none' })).toMatch(/sent as nothing \(--auth none\)\.$/)
  })
})

describe('where the model is in question', () => {
  const missing = () => diagnose(first(failed(404, 'not_found_error')), target)!

  test('the models that are served are named, the first twenty', () => {
    const many = Array.from({ length: 23 }, (_, number) => `m${number}`)
    expect(withModels(missing(), ['a', 'b'], target)).toMatchObject({
      models: ['a', 'b'],
      sentence: `${missing().sentence} It serves: a, b.`,
    })
    expect(withModels(missing(), many, target).sentence).toMatch(/ m19, and 3 more\.$/)
    expect(withModels(missing(), many.slice(0, 20), target).sentence).toMatch(/ m19\.$/)
  })

  test('or that they could not be read', () => {
    expect(withModels(missing(), null, target).sentence).toBe(
      `${missing().sentence} Its list of models could not be read. So the path may be wrong, too.`,
    )
  })

  test('elsewhere they say nothing', () => {
    const other = diagnose(first(failed(403)), target)!
    expect(withModels(other, ['a'], target)).toBe(other)
  })
})

test('403 may mean the header the key was sent in, where another is left to try', () => {
  const sentence = (more: Partial<Target>): string =>
    diagnose(first(answered('Forbidden', { status: 403 })), { ...target, ...more })?.sentence ?? ''
  expect(sentence({})).toMatch(/--auth x-api-key, or --key-header NAME\.$/)
  for (const more of [{ auth: 'x-api-key' }, { auth: 'none' }, { keyHeader: 'api-key' }] as const)
    expect(sentence(more)).not.toMatch(/--key-header/)
})

describe('where the path is in question', () => {
  const lost = () => diagnose(first(answered('nowhere', { status: 404 })), target)!
  const look = (place: string, answers: boolean) => ({ baseUrl: `http://gateway.test/api/${place}`, answers })

  test('the first place that answers is the Base URL, and nothing else is advised', () => {
    const looks = [look('a', false), look('b', true), look('c', true)]
    expect(withLooks(lost(), looks)).toMatchObject({
      kind: 'no-route',
      lookedAt: looks.map(({ baseUrl }) => baseUrl),
      answersAt: 'http://gateway.test/api/b',
      sentence:
        'POST http://gateway.test/api/v1/messages answered 404: nowhere. It answers at http://gateway.test/api/b: use that as Base URL.',
    })
  })

  test('or that nothing answers there either', () => {
    const said = withLooks(lost(), [look('a', false), look('b', false)])
    expect(said).not.toHaveProperty('answersAt')
    expect(said.sentence).toBe(
      `${lost().sentence} Nothing answers at http://gateway.test/api/a or http://gateway.test/api/b either.`,
    )
  })

  test('where nobody looked, nothing is said of it', () => {
    const before = lost()
    expect(withLooks(before, [])).toBe(before)
  })

  test.for<[about: string, came: Came, answers: boolean]>([
    ['a refusal in the envelope', failed(400, 'invalid_request_error'), true],
    ['a refused key', failed(401, 'authentication_error'), true],
    ['404 in the envelope', failed(404, 'not_found_error'), false],
    ['a page', answered(page), false],
    ['a refusal without the envelope', answered('{"detail":"no"}', { status: 422 }), false],
    ['silence', unanswered, false],
  ])('what is an API, and what is not: %s', ([, came, answers]) => {
    const sent = { method: 'POST', path: '/anthropic/v1/messages', headers: [], body: '{}' }
    expect(lookOf({ ...exchangeOf('look/anthropic', came), sent }, target.baseUrl)).toEqual({
      baseUrl: 'http://gateway.test/api/anthropic',
      answers,
    })
    expect(lookOf(exchangeOf('messages/hello', came), target.baseUrl)).toBeNull()
  })

  test('what is looked at is below the Base URL, and not what it ends in already', () => {
    const paths = (url: string) => looksAround(url).map(({ fixture }) => fixture.path)
    expect(paths('http://gateway.test')).toEqual(['/anthropic/v1/messages', '/api/v1/messages'])
    expect(paths('http://gateway.test/api')).toEqual(['/anthropic/v1/messages'])
    expect(looksAround('http://gateway.test').every(({ paid, origin }) => !paid && origin === 'waiting')).toBe(true)
  })
})

describe('a run that ended early', () => {
  const cost = { requests: 9, paidRequests: 8, inputTokens: 700, outputTokens: 60 }
  const ended = (ending: RunEnding, more: Partial<Gathered> = {}) =>
    diagnoseEnd(
      {
        ending,
        auth: 'bearer',
        sent: { requests: 0, inputTokens: 0, outputTokens: 0 },
        diedOf: null,
        unserved: [],
        failure: null,
        ...more,
      },
      cost,
      target,
    )

  test.for<[ending: RunEnding, says: RegExp]>([
    ['budget', /9 requests, 700 input tokens and 60 output tokens\. Nothing was sent\.$/],
    ['interrupted', /interrupted/],
    ['deadline', /--deadline/],
  ])('%s', ([ending, says]) => {
    expect(ended(ending)).toMatchObject({ kind: ending, sentence: expect.stringMatching(says) as string })
  })

  test('lost, and of what', () => {
    const left = { fixture: 'streaming/hang-up:stream', left: true }
    expect(ended('lost', { diedOf: left })).toMatchObject({
      fixture: 'streaming/hang-up:stream',
      sentence: expect.stringContaining('since streaming/hang-up:stream, which was left') as string,
    })
    expect(ended('lost', { diedOf: { fixture: 'validation/not-json', left: false } })).toMatchObject({
      kind: 'lost',
      fixture: 'validation/not-json',
      sentence: expect.stringContaining('validation/not-json got no answer') as string,
    })
  })

  test('since nothing was served, and what came instead, once', () => {
    const failing = exchangeOf('a', failed(500))
    const unserved = [failing, failing, exchangeOf('b', failed(529, 'overloaded_error')), exchangeOf('c', unanswered)]
    expect(ended('unreachable', { unserved })).toEqual({
      kind: 'unserved',
      url: 'http://gateway.test/api/v1/messages',
      said: 'overloaded_error: No.',
      sentence:
        'http://gateway.test/api/v1/messages served none of the 4 valid requests it was sent, and nothing else was asked. ' +
        'It answered 500 or 529 or nothing (reset): overloaded_error: No.',
    })
    const event = 'event: error\ndata: {"type":"error","error":{"type":"overloaded_error","message":"m"}}\n\n'
    const streamed = [exchangeOf('a:stream', answered(event))]
    expect(ended('unreachable', { unserved: streamed })?.sentence).toContain('answered 200 with an error in the stream')
  })

  test('by something of ours: what cannot be used says so itself, and a mistake is named as one', () => {
    expect(ended('error', { failure: new InputError('x cannot be used.') })?.sentence).toBe('x cannot be used.')
    expect(ourError(new TypeError('ours'))).toEqual({
      kind: 'error',
      sentence: 'The run failed by a mistake of this tool: TypeError: ours',
    })
    expect(ourError('ours').sentence).toBe('The run failed by a mistake of this tool: ours')
  })

  test.for<RunEnding>(['complete', 'recorded', 'unreachable', 'unauthorised'])('%s says nothing more', (ending) => {
    expect(ended(ending)).toBeNull()
  })
})
