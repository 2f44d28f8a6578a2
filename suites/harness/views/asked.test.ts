import { describe, expect, test } from 'vitest'
import { asked, askedTools, continuesCode, type Endpoint } from './asked.ts'
import { answered, exchange, unanswered } from './examples.ts'

const asking = (asks: unknown) => exchange(unanswered, { asks })

test.for<[method: string, path: string, endpoint: Endpoint]>([
  ['POST', '/v1/messages', 'messages'],
  ['POST', '/v1/messages?beta=true', 'messages'],
  ['POST', '/anthropic/v1/messages', 'messages'],
  ['GET', '/v1/messages', 'other'],
  ['HEAD', '/v1/messages', 'other'],
  ['POST', '/v1/messages/', 'other'],
  ['POST', '/v1/messages/count_tokens', 'count_tokens'],
  ['POST', '/v1/messages/count_tokens?beta=true', 'count_tokens'],
  ['GET', '/v1/messages/count_tokens', 'other'],
  ['POST', '/v1/messages/batches', 'batches'],
  ['GET', '/v1/messages/batches?limit=1', 'batches'],
  ['GET', '/v1/messages/batches/msgbatch_1/results', 'batches'],
  ['DELETE', '/v1/messages/batches/msgbatch_1', 'batches'],
  ['POST', '/v1/messages/batches_of_mine', 'other'],
  ['GET', '/v1/models', 'models'],
  ['GET', '/v1/models?limit=1', 'models'],
  ['POST', '/v1/models', 'other'],
  ['GET', '/v1/models/claude-reference', 'model'],
  ['GET', '/v1/models/claude-reference?beta=true', 'model'],
  ['DELETE', '/v1/models/claude-reference', 'other'],
  ['GET', '/v1/models/', 'other'],
  ['GET', '/v1/models/claude/versions', 'other'],
  ['POST', '/v1/chat/completions', 'chat-completions'],
  ['POST', '/gateway/v1/chat/completions?x=1', 'chat-completions'],
  ['POST', '/v1/completions', 'other'],
  ['HEAD', '/', 'other'],
  ['GET', '/?/v1/models', 'other'],
])('%s %s asks for %s', ([method, path, endpoint]) => {
  expect(asked(exchange(unanswered, { sent: { method, path } })).endpoint).toBe(endpoint)
})

test.for<[stream: unknown, is: boolean]>([
  [true, true],
  [false, false],
  ['true', false],
  [1, false],
  [undefined, false],
])('stream: %j asks for a stream: %j', ([stream, is]) => {
  expect(asked(asking({ stream })).stream).toBe(is)
})

test('what came back does not decide', () => {
  const page = answered('event: ping\n', { headers: [['content-type', 'text/event-stream']], status: 404 })
  expect(asked(exchange(page))).toEqual({ endpoint: 'messages', stream: false, body: {} })
})

test.for<[body: string | null, read: object]>([
  ['{"max_tokens":1}', { max_tokens: 1 }],
  ['[{"max_tokens":1}]', {}],
  ['null', {}],
  ['{"max_tokens":', {}],
  ['', {}],
  [null, {}],
])('of the body %j is read: %j', ([body, read]) => {
  expect(asked(exchange(unanswered, { sent: { body } })).body).toEqual(read)
})

test('a body is read once', () => {
  const once = asking({ model: 'm' })
  expect(asked(once)).toBe(asked(once))
})

test('tools are the objects among them', () => {
  expect(askedTools(asking({ tools: [{ name: 'a' }, 'b', null] }))).toEqual([{ name: 'a' }])
  expect(askedTools(asking({ tools: 'none' }))).toEqual([])
})

describe('running code goes on', () => {
  test.for<[asks: object, on: boolean]>([
    [{ container: 'container_1' }, true],
    [{ container: { id: 'container_1' } }, true],
    [{ container: null }, false],
    [{ tools: [{ name: 'a' }, { name: 'b', allowed_callers: [] }] }, true],
    [{ tools: [{ name: 'a' }] }, false],
    [{}, false],
  ])('%j: %j', ([asks, on]) => {
    expect(continuesCode(asking(asks))).toBe(on)
  })
})
