import { expect, test } from 'vitest'
import { message } from '../../../schemas/examples.ts'
import { answered, event, eventStream, exchange, failed, unanswered } from '../../harness/views/examples.ts'
import type { Came } from '../../harness/wire/exchange.ts'
import { unservedValid } from './unserved.ts'

const valid = { model: 'm', max_tokens: 9, messages: [{ role: 'user', content: 'Hello' }] }
const met = (came: Came, asks: object = valid, path = '/v1/messages') =>
  unservedValid(exchange(came, { asks, sent: { path } }))

test('how it was not served, and in which words', () => {
  expect(met(failed(400, 'invalid_request_error'))).toEqual({
    kind: 'refused',
    status: 400,
    said: 'invalid_request_error: No.',
  })
  expect(met(failed(500))).toEqual({ kind: 'failed', status: 500, said: 'api_error: No.' })
  expect(met(answered('<html>', { status: 502 }))).toEqual({ kind: 'failed', status: 502, said: '' })
  expect(met(failed(429, 'rate_limit_error'))?.kind).toBe('busy')
  expect(met(failed(529, 'overloaded_error'))?.kind).toBe('busy')
  expect(met(failed(401, 'authentication_error'))?.kind).toBe('unauthorised')
  expect(met(unanswered)).toEqual({ kind: 'unanswered', said: 'socket hang up' })
})

test('the words without a key that the gateway quotes, be it of its own upstream', () => {
  const error = {
    type: 'authentication_error',
    message: 'Incorrect API key provided: sk-proj-1a2b3c4d5e6f. See above.',
  }
  expect(met(answered({ type: 'error', error }, { status: 401 }))?.said).toBe(
    'authentication_error: Incorrect API key provided: ... See above.',
  )
})

test('an error in a stream is no answer either', () => {
  const stream = answered(
    eventStream([event.start(), { type: 'error', error: { type: 'api_error', message: 'Gone.' } }]),
  )
  expect(met(stream, { ...valid, stream: true })).toEqual({ kind: 'failed', status: 200, said: 'api_error: Gone.' })
})

test.each<[string, Came, object?, string?]>([
  ['was served', answered(message)],
  ['is wrong', failed(400), { ...valid, max_tokens: 'many' }],
  ['is none of the format', failed(404), valid, '/v1/other'],
  ['was given up by its client', { kind: 'nothing', failure: 'interrupted', detail: '' }],
  ['was given up in the middle', answered('event: message_start', { ends: 'hung-up' }), { ...valid, stream: true }],
])('a request that %s is not meant', (_, came, asks, path) => {
  expect(met(came, asks, path)).toBe(null)
})

test('a count of tokens has a schema of its own', () => {
  const { max_tokens: _, ...count } = valid
  expect(met(failed(400), count, '/v1/messages/count_tokens')?.kind).toBe('refused')
})
