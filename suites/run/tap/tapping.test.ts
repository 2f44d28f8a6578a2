import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { message } from '../../../schemas/examples.ts'
import type { Exchange } from '../../harness/wire/exchange.ts'
import type { Piped } from '../../harness/wire/pipe.ts'
import { answered, event, eventStream, failed, hello } from '../../harness/views/examples.ts'
import { wholeProfile } from '../selection.ts'
import { tapping, type Bodies } from './tapping.ts'

const key = 'sk-test-7f3k9q2x8w4v6n1p5t0r'
const asks = { model: 'claude-x', max_tokens: 9, messages: [{ role: 'user', content: `it is ${key}` }] }
const json = [['content-type', 'application/json']] as const

/** Something that went through, the whole of a served request unless it is said otherwise. */
function piped({ asks: asked = asks, ...more }: Partial<Piped> & { readonly asks?: object } = {}): Piped {
  return {
    number: 1,
    began: 0,
    took: 5,
    method: 'POST',
    path: `/v1/messages?key=${key}2`,
    headers: [
      ['authorization', `Bearer ${key}`],
      ['user-agent', 'curl/8'],
      ['x-claude-code-session-id', 'abc'],
    ],
    body: Buffer.from(JSON.stringify(asked)),
    came: answered(
      { ...message, model: 'claude-x', content: [{ type: 'text', text: `said ${key}` }] },
      { headers: json },
    ),
    whole: true,
    ...more,
  }
}

function tap(bodies: Bodies = 'all') {
  const written: Exchange[] = []
  const taken = tapping({ selection: wholeProfile('full'), bodies, secrets: [], write: (one) => written.push(one) })
  return { ...taken, written }
}

test('what is written and said has no trace of a credential, not even of one that came later', () => {
  const { take, written, end } = tap()
  const line = take(piped())
  take(piped({ number: 2, headers: [['x-api-key', `${key}3`]], asks: { ...asks, max_tokens: 8 } }))
  take(piped({ number: 3, headers: [] }))
  const { clients, secrets, models } = end()
  const text = JSON.stringify([written, line, clients])
  expect(text).not.toContain(key)
  expect(text).not.toContain('"abc"')
  expect(text).toContain('[redacted:credential]')
  expect(secrets).toEqual([key, `${key}2`, `${key}3`])
  expect(models).toEqual(['claude-x'])
})

test.each<[where: string, more: Partial<Piped> & { readonly asks?: object }]>([
  ['its query, under any name', { path: `/v1/messages?k=${key}` }],
  ['its path', { path: `/${key}/v1/messages` }],
  ['a cookie', { headers: [['cookie', `theme=dark; sid=${key}`]] }],
  ["a header of the gateway's own", { headers: [['x-acme', key]] }],
  ['a field of the body', { asks: { ...asks, api_key: key } }],
  ['a server that the model may call', { asks: { ...asks, mcp_servers: [{ authorization_token: key }] } }],
])('a credential in %s is found in base64 too', (_, more) => {
  const { take, written, end } = tap('text')
  const said = (prefix: string): string => Buffer.from(prefix + key).toString('base64')
  const came = answered({ ...message, content: [{ type: 'text', text: `${said('')} ${said('a')} ${said('bc')}` }] })
  const line = take(piped({ path: '/v1/messages', headers: [], ...more, came: { ...came, headers: json } }))
  const text = JSON.stringify([
    line,
    end().clients,
    written.map((one) => [one, one.came.kind === 'answer' && Buffer.from(one.came.body).toString()]),
  ])
  for (const trace of [key, ...['', 'a', 'bc'].map((prefix) => said(prefix).slice(4, 20))])
    expect(text).not.toContain(trace)
})

test('of a query only what the API knows is kept', () => {
  const { take, written } = tap()
  take(piped({ path: '/v1/models?beta=true&session=somebody&limit=5' }))
  expect(written[0]?.sent.path).toBe('/v1/models?beta=true&limit=5')
})

test.each<{ bodies: Bodies; has: readonly string[]; lacks: readonly string[] }>([
  { bodies: 'shapes', has: ['"asked":{"model":"claude-x","max_tokens":9,'], lacks: ['it is', 'iVBOR'] },
  { bodies: 'text', has: ['it is', 'image/png'], lacks: ['iVBOR'] },
  { bodies: 'all', has: ['it is', 'iVBOR'], lacks: [] },
])('of bodies, $bodies are written', ({ bodies, has, lacks }) => {
  const { take, written } = tap(bodies)
  const source = { type: 'base64', media_type: 'image/png', data: `iVBOR${'A'.repeat(200)}` }
  const content = [
    { type: 'text', text: 'it is' },
    { type: 'image', source },
  ]
  take(piped({ asks: { ...asks, messages: [{ role: 'user', content }] } }))
  const text = JSON.stringify(written).replaceAll('\\"', '"')
  expect([...has, ...lacks].filter((part) => text.includes(part))).toEqual(has)
})

test('one that is broken leaves the next one judged', () => {
  const { take, end } = tap()
  const stream = (events: typeof hello, number: number): Piped =>
    piped({
      number,
      asks: { ...asks, stream: true },
      came: answered(eventStream(events), { headers: [['content-type', 'text/event-stream']] }),
    })
  const broken = take(stream([event.start(), event.block(0)], 1)).verdict
  expect(broken).toMatchObject({ is: 'broken', ids: expect.arrayContaining(['streaming/ends']) })
  const whole = take(stream(hello, 2)).verdict
  expect(whole.is === 'broken' && whole.ids).not.toContain('streaming/ends')
  const { judged, clients } = end()
  const ends = judged.verdicts.find(({ id }) => id === 'streaming/ends')
  expect(ends?.counts).toMatchObject({ holds: 1, broken: 1 })
  expect(clients).toMatchObject([
    { client: 'curl/8', exchanges: 2, judged: 2, broken: expect.any(Number), sessions: 1 },
  ])
  expect(clients[0]?.breaks).toContainEqual({ id: 'streaming/ends', level: 'must', exchanges: 1, first: 'tap/1' })
})

test('a refusal is said with its words, and what the client did about it', () => {
  const { take, end } = tap()
  const refused = take(piped({ came: failed(400, 'invalid_request_error') }))
  expect(refused).toMatchObject({
    status: 400,
    unserved: { kind: 'refused', said: 'invalid_request_error: No.' },
    did: [],
  })
  const again = take(piped({ number: 2, began: 10 }))
  expect(again.did).toMatchObject([{ kind: 'repeated', after: 'tap/1', because: 'status 400' }])
  expect(end().clients).toMatchObject([
    { unserved: [{ kind: 'refused', exchanges: 1 }], did: [{ kind: 'repeated', exchanges: 1 }] },
  ])
})

const overloaded = [event.start(), event.error]

test.each<[what: string, first: Partial<Piped>, because: string]>([
  [
    'an error event',
    { came: answered(eventStream(overloaded), { headers: [['content-type', 'text/event-stream']] }) },
    'an error within a 200',
  ],
  ['its own hang-up', { came: { kind: 'nothing', failure: 'interrupted', detail: '' } }, 'the client left'],
  [
    'its own hang-up in mid-answer',
    {
      came: {
        ...answered(eventStream([event.start()]), { headers: [['content-type', 'text/event-stream']] }),
        ends: 'hung-up',
      },
    },
    'the client left',
  ],
])('what is asked again after %s is asked again', (_, first, because) => {
  const { take, end } = tap()
  const stream = { asks: { ...asks, stream: true } }
  expect(take(piped({ ...stream, ...first })).did).toEqual([])
  expect(take(piped({ number: 2, began: 10 })).did).toMatchObject([{ kind: 'fell-back', after: 'tap/1', because }])
  expect(end().clients).toMatchObject([{ did: [{ kind: 'fell-back' }] }])
})

test('what a client makes of a call that reads as a last word is said: it goes on, or leaves it', () => {
  const { take, end } = tap()
  const call = { type: 'tool_use', id: 'toolu_01', name: 'read', input: {} }
  const turn = { ...message, model: 'claude-x', content: [call], stop_reason: 'end_turn' }
  const tools = [{ name: 'read', input_schema: { type: 'object' } }]
  const asked = { ...asks, tools }
  const broken = (number: number): Piped =>
    piped({ number, began: number * 10, asks: asked, came: answered(turn, { headers: json }) })
  expect(take(broken(1)).verdict).toMatchObject({ ids: expect.arrayContaining(['tools/stop-reason']) })
  const result = { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'toolu_01', content: 'x' }] }
  const messages = [...asks.messages, { role: 'assistant', content: [call] }, result]
  const on = take(piped({ number: 2, began: 20, asks: { ...asked, messages } }))
  const because = 'broken tools/stop-reason'
  expect(on.did).toMatchObject([{ kind: 'went-on', after: 'tap/1', because }])
  take({ ...broken(3), headers: [] })
  expect(end().clients.map(({ client, did }) => [client, did])).toEqual([
    ['curl/8', [{ kind: 'went-on', because, changed: [], exchanges: 1, first: 'tap/2', after: 'tap/1' }]],
    ['unnamed', [{ kind: 'left', because, changed: [], exchanges: 1, first: 'tap/3', after: 'tap/3' }]],
  ])
})

test('what was larger than is kept is not judged, and nor is what its client left', () => {
  const { take, written, end } = tap()
  expect(take(piped({ whole: false })).verdict).toEqual({ is: 'not-judged', why: 'too-large' })
  expect(written[0]).toMatchObject({ sent: { body: null }, leftOut: {} })
  expect(take(piped({ number: 2, came: { kind: 'nothing', failure: 'interrupted', detail: '' } })).verdict).toEqual({
    is: 'not-judged',
    why: 'hung-up',
  })
  expect(end().clients).toMatchObject([{ exchanges: 2, judged: 0, unseen: 1 }])
})

test('what is not looked at is counted', () => {
  const { missed, end } = tap()
  missed({ client: 'curl/8' })
  expect(end().clients).toMatchObject([{ client: 'curl/8', exchanges: 1, judged: 0, behind: 1 }])
})

test('a request that was sent packed is read', () => {
  const { take, end } = tap()
  const headers = [['content-encoding', 'gzip']] as const
  take(piped({ headers, body: gzipSync(JSON.stringify(asks)) }))
  expect(end().models).toEqual(['claude-x'])
})

test('who says to be another one each time takes no more than so much memory', () => {
  const { take, end } = tap()
  for (let number = 1; number <= 60; number++) take(piped({ number, headers: [['user-agent', `c/${number}`]] }))
  const { clients } = end()
  expect(clients).toHaveLength(51)
  expect(clients.at(-1)).toMatchObject({ client: 'others', exchanges: 10 })
})

test('nothing is judged of what a busy gateway said, by whichever status', () => {
  const { take, end } = tap()
  const headers = [
    ['content-type', 'text/event-stream'],
    ['request-id', 'req_1'],
  ] as const
  const came = answered(eventStream(overloaded), { headers })
  expect(take(piped({ asks: { ...asks, stream: true }, came })).verdict).toEqual({ is: 'not-judged', why: 'busy' })
  expect(end().clients).toMatchObject([{ judged: 0, unserved: [{ kind: 'busy', status: 200 }] }])
})

test('a gateway that is down for long is counted whole, and remembered in part', () => {
  const { take, end } = tap()
  take(piped())
  for (let number = 2; number <= 151; number++) take(piped({ number, came: failed(529, 'overloaded_error') }))
  const { judged, clients } = end()
  expect(clients).toMatchObject([{ exchanges: 151, unserved: [{ kind: 'busy', exchanges: 150 }] }])
  const silent = judged.verdicts.map(({ counts }) => counts?.silent.length ?? 0)
  expect(Math.max(...silent)).toBe(100)
})
