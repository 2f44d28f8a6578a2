import { describe, expect, test } from 'vitest'
import type { Auth, ContentBlock, Fixture, Mode } from '../../../schemas/types.ts'
import { call, exchangeOf, saying, served, silent } from '../../self/by-hand.ts'
import { answered } from '../views/examples.ts'
import type { Exchange } from '../wire/exchange.ts'
import { header } from '../wire/headers.ts'
import type { Target } from '../wire/target.ts'
import { compose, type Composed } from './compose.ts'

const target: Target = {
  kind: 'gateway',
  baseUrl: 'http://gateway.invalid',
  model: 'big',
  auth: 'bearer',
  key: 'the-key',
  keyVariable: 'GATEWAY_API_KEY',
  headers: [],
  secrets: [],
  apiVersion: '2023-06-01',
}

const plain: Fixture = { about: 'plain', body: { model: '{{model}}', messages: [{ role: 'user', content: 'Hi' }] } }

function composed(
  fixture: Partial<Fixture>,
  {
    mode = 'json',
    attempt = 1,
    as = {},
    before,
  }: { mode?: Mode; attempt?: number; as?: Partial<Target>; before?: Exchange } = {},
): Composed | null {
  return compose({ ...plain, ...fixture }, mode, attempt, { ...target, ...as }, before)
}

/** The body of what is composed, as JSON. */
function bodyOf(...given: Parameters<typeof composed>): unknown {
  const body = composed(...given)?.body
  return body == null ? body : JSON.parse(body)
}

describe('a request', () => {
  test('is posted to /v1/messages unless its fixture says otherwise', () => {
    expect(composed({})).toMatchObject({ method: 'POST', path: '/v1/messages' })
    expect(composed({ method: 'GET', path: '/v1/models?limit=2' })).toMatchObject({
      method: 'GET',
      path: '/v1/models?limit=2',
    })
  })

  test('has the body of its fixture, and stream: true in stream mode only', () => {
    expect(bodyOf({})).toEqual({ model: 'big', messages: [{ role: 'user', content: 'Hi' }] })
    expect(bodyOf({}, { mode: 'stream' })).toEqual({
      model: 'big',
      messages: [{ role: 'user', content: 'Hi' }],
      stream: true,
    })
  })

  test('what is raw and long is filled up', () => {
    const body = composed({ raw: '["{{filler}}{{filler}}', long: true })?.body
    expect(body?.length).toBeGreaterThan(2_000_000)
    expect(body).not.toContain('{{')
  })

  test('raw is sent as it is, whatever the mode', () => {
    const raw = '{"model": "{{model}}",'
    expect(composed({ raw })?.body).toBe(raw)
    expect(composed({ raw }, { mode: 'stream' })?.body).toBe(raw)
    expect(header(composed({ raw })!.headers, 'content-type')).toBe('application/json')
  })

  test('may have no body', () => {
    const bare = compose({ about: 'none', method: 'GET', path: '/v1/models' }, 'json', 1, target)
    expect(bare?.body).toBeNull()
    expect(header(bare!.headers, 'content-type')).toBeUndefined()
  })
})

describe('placeholders', () => {
  const words = { body: { system: '{{word}}, {{word}}' }, values: [{ word: 'one' }, { word: 'two' }] }

  test('are filled wherever a string stands: in lists, in objects, in the path, more than once', () => {
    const body = { a: ['{{word}}', { b: 'x{{word}}{{word}}' }], c: 7, d: null, e: true, '{{word}}': 1 }
    expect(bodyOf({ body, values: [{ word: 'W' }] })).toEqual({
      a: ['W', { b: 'xWW' }],
      c: 7,
      d: null,
      e: true,
      '{{word}}': 1,
    })
    expect(composed({ path: '/v1/models/{{model}}' })?.path).toBe('/v1/models/big')
    const path = (model: string) => composed({ path: '/v1/models/{{model}}' }, { as: { model } })?.path
    expect(path('acme/claude:x@2 é?#%')).toBe('/v1/models/acme%2Fclaude:x@2%20%C3%A9%3F%23%25')
    expect(path('\uD800')).toBe('/v1/models/%EF%BF%BD')
  })

  test('stand for the values of the try', () => {
    expect(bodyOf(words)).toEqual({ system: 'one, one' })
    expect(bodyOf(words, { attempt: 2 })).toEqual({ system: 'two, two' })
    expect(composed(words, { attempt: 2 })?.values).toEqual({ word: 'two' })
  })

  test('stand for the first values where there are no others', () => {
    expect(bodyOf({ ...words, values: [{ word: 'one' }] }, { attempt: 2 })).toEqual({ system: 'one, one' })
    expect(bodyOf(words, { attempt: 3 })).toEqual({ system: 'one, one' })
  })

  test('model and small-model are the target\u2019s; without a small one, it is the model', () => {
    const body = { a: '{{model}}', b: '{{small-model}}' }
    expect(bodyOf({ body })).toEqual({ a: 'big', b: 'big' })
    expect(bodyOf({ body }, { as: { smallModel: 'small' } })).toEqual({ a: 'big', b: 'small' })
    expect(composed({ body })?.values).toEqual({})
  })

  test('that nothing is known of stay', () => {
    expect(bodyOf({ body: { a: '{{other}} {{}}' } })).toEqual({ a: '{{other}} {{}}' })
  })

  test('filler is long where the fixture is, and is not recorded among the values', () => {
    const length = (fixture: Partial<Fixture>): number =>
      composed({ ...fixture, body: { a: '{{filler}}' } })!.body!.length
    expect(length({})).toBe('{"a":""}'.length)
    expect(length({ long: true })).toBeGreaterThan(1_000_000)
    expect(composed({ long: true, body: { a: '{{filler}}' } })?.values).toEqual({})
  })
})

describe('headers', () => {
  test('are the usual ones', () => {
    expect(composed({})?.headers).toEqual([
      ['accept', 'application/json'],
      ['user-agent', 'messages-conformance'],
      ['content-type', 'application/json'],
      ['anthropic-version', '2023-06-01'],
      ['authorization', 'Bearer the-key'],
    ])
  })

  const of = (fixture: Partial<Fixture>, as: Partial<Target>, name: string): string | undefined =>
    header(composed(fixture, { as })!.headers, name)

  test('the version is that of the target, unless its fixture names another or none', () => {
    expect(of({}, { apiVersion: '2026-10-21' }, 'anthropic-version')).toBe('2026-10-21')
    expect(of({ apiVersion: 'other' }, {}, 'anthropic-version')).toBe('other')
    expect(of({ apiVersion: null }, {}, 'anthropic-version')).toBeUndefined()
  })

  test('the target adds its own, in place of ours', () => {
    expect(of({}, { headers: [['X-Team', 'a']] }, 'x-team')).toBe('a')
    const named = composed({}, { as: { headers: [['User-Agent', 'mine']] } })!.headers
    expect(named.filter(([name]) => /user-agent/i.test(name))).toEqual([['user-agent', 'mine']])
  })

  test('but not in place of the credential', () => {
    expect(of({}, { headers: [['Authorization', 'Bearer other']] }, 'authorization')).toBe('Bearer the-key')
  })

  test('the fixture has the last word, and null leaves one out', () => {
    expect(of({ headers: { 'x-team': 'b' } }, { headers: [['x-team', 'a']] }, 'x-team')).toBe('b')
    expect(of({ headers: { authorization: 'Bearer b' } }, {}, 'authorization')).toBe('Bearer b')
    expect(of({ headers: { 'content-type': null } }, {}, 'content-type')).toBeUndefined()
    const repeated = composed({ headers: { 'x-team': ['a', 'b'] } }, { as: { headers: [['x-team', 'c']] } })!.headers
    expect(repeated.filter(([name]) => name === 'x-team')).toEqual([
      ['x-team', 'a'],
      ['x-team', 'b'],
    ])
    expect(of({ headers: { authorization: null } }, {}, 'authorization')).toBeUndefined()
  })
})

describe('the credential', () => {
  const bearer = ['authorization', 'Bearer the-key'] as const
  const apiKey = ['x-api-key', 'the-key'] as const
  const wrong = 'wrong-key-0000000000000000'

  function credentialOf(credential: Fixture['credential'], auth: Auth): unknown {
    const { headers } = composed(credential === undefined ? {} : { credential }, { as: { auth } })!
    return headers.filter(([name]) => name === 'authorization' || name === 'x-api-key')
  }

  test.for<[auth: Auth, headers: readonly (readonly string[])[]]>([
    ['bearer', [bearer]],
    ['x-api-key', [apiKey]],
    ['both', [bearer, apiKey]],
    ['none', []],
  ])('as the target wants it: %s', ([auth, headers]) => {
    expect(credentialOf(undefined, auth)).toEqual(headers)
    expect(credentialOf('given', auth)).toEqual(headers)
  })

  test.for<[credential: NonNullable<Fixture['credential']>, headers: readonly (readonly string[])[]]>([
    ['bearer', [bearer]],
    ['x-api-key', [apiKey]],
    ['both', [bearer, apiKey]],
    ['none', []],
    ['wrong-bearer', [['authorization', `Bearer ${wrong}`]]],
    ['wrong-x-api-key', [['x-api-key', wrong]]],
    ['malformed', [['authorization', wrong]]],
  ])('as the fixture wants it, whatever the target does: %s', ([credential, headers]) => {
    for (const auth of ['bearer', 'x-api-key', 'both', 'none'] as const)
      expect(credentialOf(credential, auth)).toEqual(headers)
  })

  test('in a header of its own, as it is, and the wrong one there too', () => {
    const sent = (credential: Fixture['credential'] = 'given') =>
      composed({ credential }, { as: { keyHeader: 'Api-Key' } })!.headers.filter(([name]) =>
        ['authorization', 'x-api-key', 'api-key'].includes(name),
      )
    expect(sent()).toEqual([['api-key', 'the-key']])
    expect(sent('none')).toEqual([])
    expect(sent('bearer')).toEqual([bearer])
    expect(sent('malformed')).toEqual([['authorization', wrong]])
    expect(sent('wrong-bearer')).toEqual([
      ['authorization', `Bearer ${wrong}`],
      ['api-key', wrong],
    ])
    expect(sent('wrong-x-api-key')).toEqual([
      ['x-api-key', wrong],
      ['api-key', wrong],
    ])
  })
})

describe('a fixture that follows another', () => {
  const asked = (body: object): Partial<Exchange> => ({
    sent: { method: 'POST', path: '/v1/messages', headers: [], body: JSON.stringify(body) },
    values: { word: 'first', city: 'Ulm' },
  })
  const earlier = { model: 'm', max_tokens: 5, tools: [{ name: 't' }], messages: [{ role: 'user', content: 'Call' }] }
  const called = served('tools/single', call, asked(earlier))
  const said = served('tools/single', saying('Hm.'), asked(earlier))
  const following: Partial<Fixture> = { follows: 'tools/single', body: { max_tokens: 9, messages: [] }, result: '21' }
  // oxlint-disable-next-line unicorn/no-thenable -- a field of fixtures, which nobody awaits
  const speaking: Partial<Fixture> = { ...following, then: 'Go on about {{city}}.' }
  const result = { type: 'tool_result', tool_use_id: 'toolu_01', content: '21' }

  function turns(fixture: Partial<Fixture>, before?: Exchange, attempt = 1): unknown {
    const body = bodyOf(fixture, { attempt, ...(before && { before }) })
    return body && (body as { messages: unknown }).messages
  }

  test('sends back what was said, the turn as it came, and a result for its call', () => {
    expect(bodyOf(following, { before: called })).toEqual({
      model: 'm',
      max_tokens: 9,
      tools: [{ name: 't' }],
      messages: [
        { role: 'user', content: 'Call' },
        { role: 'assistant', content: call.content },
        { role: 'user', content: [result] },
      ],
    })
  })

  test('what its own body says goes on behind it', () => {
    const body = { messages: [{ role: 'user', content: 'And?' }] }
    expect(turns({ ...following, body }, called)).toMatchObject([{}, {}, {}, { role: 'user', content: 'And?' }])
  })

  test('of a conversation that the server keeps, sends only what is new', () => {
    const thread = { type: 'continue', previous_message_id: '{{previous}}' }
    const kept = { ...following, body: { ...following.body, thread } }
    expect(bodyOf(kept, { before: called })).toEqual({
      model: 'm',
      max_tokens: 9,
      thread: { type: 'continue', previous_message_id: 'msg_01' },
      messages: [{ role: 'user', content: [result] }],
    })
    const unnamed = served('tools/single', { ...call, id: undefined as never }, asked(earlier))
    expect(composed(kept, { before: unnamed })).toBeNull()
  })

  test('streams by its own mode, and not by that of the other', () => {
    const streaming = { ...called, ...asked({ ...earlier, stream: true }) }
    const answeredStream = { ...streaming, came: served('tools/single:stream', call).came }
    expect(bodyOf(following, { before: answeredStream })).not.toHaveProperty('stream')
    expect(bodyOf(following, { before: called, mode: 'stream' })).toMatchObject({ stream: true })
  })

  test('takes the turn from a stream as from JSON', () => {
    const streaming = served('tools/single:stream', call)
    expect(turns(following, streaming)).toMatchObject([{}, { role: 'assistant', content: call.content }, {}])
  })

  test('sends the turn back verbatim, whatever is wrong with it', () => {
    const content = [{ type: 'tool_use', id: 'toolu_01', name: 't', input: {}, odd: [1] }] as unknown as ContentBlock[]
    const wrong = served('tools/single', { content, usage: {} as never }, asked(earlier))
    expect(turns(following, wrong)).toMatchObject([{}, { content }, { content: [result] }])
  })

  test('answers each call, in order', () => {
    const content = [
      ...call.content!,
      { type: 'text', text: 'and' },
      { ...call.content![0]!, id: 'toolu_02' },
    ] as ContentBlock[]
    expect(turns(following, { ...called, came: served('tools/single', { content }).came })).toMatchObject([
      {},
      {},
      { content: [{ tool_use_id: 'toolu_01' }, { tool_use_id: 'toolu_02' }] },
    ])
  })

  test('a result may be blocks, an error, or nothing at all', () => {
    const turn = (fixture: Partial<Fixture>): unknown => (turns(fixture, called) as unknown[])[2]
    const blocks = [{ type: 'text', text: '{{city}}' }]
    expect(turn({ ...following, result: blocks })).toEqual({
      role: 'user',
      content: [{ ...result, content: [{ type: 'text', text: 'Ulm' }] }],
    })
    expect(turn({ ...following, isError: true })).toEqual({ role: 'user', content: [{ ...result, is_error: true }] })
    const { result: _, ...without } = following
    expect(turn(without)).toEqual({ role: 'user', content: [{ type: 'tool_result', tool_use_id: 'toolu_01' }] })
  })

  test('says what comes then: behind the results, or alone where no tool was called', () => {
    const then = { type: 'text', text: 'Go on about Ulm.' }
    expect(turns(speaking, said)).toMatchObject([{}, {}, { role: 'user', content: [then] }])
    expect(turns(speaking, called)).toMatchObject([{}, {}, { role: 'user', content: [result, then] }])
  })

  test('inherits the values of the other; its own come first', () => {
    const own = { ...speaking, values: [{ city: 'Bonn' }, { city: 'Kiel' }] }
    expect(composed(speaking, { before: said })?.values).toEqual({ word: 'first', city: 'Ulm' })
    expect(composed(own, { before: said })?.values).toEqual({ word: 'first', city: 'Bonn' })
    expect(turns(own, said, 2)).toMatchObject([{}, {}, { content: [{ text: 'Go on about Kiel.' }] }])
  })

  test.for<[name: string, fixture: Partial<Fixture>, before: Exchange | undefined]>([
    ['nothing to follow', following, undefined],
    ['no answer', following, silent('tools/single')],
    ['no content', following, exchangeOf('tools/single', answered({ content: [] }))],
    ['no JSON', following, exchangeOf('tools/single', answered('Hello'))],
    ['a turn that calls no tool, and nothing to say then', following, said],
  ])('is not sent where there is %s', ([, fixture, before]) => {
    expect(composed(fixture, before ? { before } : {})).toBeNull()
  })
})
