import { expect, test } from 'vitest'
import { message } from '../../../schemas/examples.ts'
import { answered, exchange, hello, streamed } from '../../harness/views/examples.ts'
import { see } from '../../harness/views/views.ts'
import { shapeOf, shapesOf, withoutBodies } from './shapes.ts'

test("texts are lengths, words of the format and numbers stay, what is somebody's own is counted", () => {
  const asks = {
    model: 'claude-x',
    max_tokens: 9,
    stream: true,
    system: [{ type: 'text', text: 'secret plan', cache_control: { type: 'ephemeral', ttl: '5m' } }],
    messages: [{ role: 'user', content: 'my code' }],
    tools: [{ name: 'theirs', input_schema: { type: 'object', properties: { secret: {} } } }],
    metadata: { user_id: 'me' },
    'a key with blanks': 'x',
    tool_choice: { type: 'words with blanks are no word' },
  }
  expect(shapeOf(asks)).toEqual({
    model: 'claude-x',
    max_tokens: 9,
    stream: true,
    system: [{ type: 'text', text: '11 characters', cache_control: { type: 'ephemeral', ttl: '5m' } }],
    messages: [{ role: 'user', content: '7 characters' }],
    tools: [{ name: '6 characters', input_schema: '2 fields' }],
    metadata: '1 field',
    '17 characters': '1 character',
    tool_choice: { type: '29 characters' },
  })
})

test('of a long list, the first and the last', () => {
  const shape = shapeOf(Array.from({ length: 1000 }, (_, index) => index))
  expect(shape).toHaveLength(40)
  expect(shape).toEqual(expect.arrayContaining([0, 999]))
})

test('of a stream, its events; of anything else that is no JSON, its length', () => {
  expect(shapesOf(streamed(hello, { model: 'm' }))).toEqual({
    asked: { model: 'm', stream: true },
    answered: {
      events: {
        message_start: 1,
        content_block_start: 1,
        content_block_delta: 1,
        content_block_stop: 1,
        message_delta: 1,
        message_stop: 1,
      },
    },
  })
  expect(shapesOf(exchange(answered('<html>')))).toMatchObject({ answered: '6 characters' })
  expect(shapesOf(exchange(answered('event: a secret\ndata: 1\n\n')))).toMatchObject({
    answered: { events: { unnamed: 1 } },
  })
})

test('without its bodies an exchange is as long as it was, and is read as nothing', () => {
  const bare = withoutBodies(exchange(answered(message), { asks: { model: 'm' } }))
  expect(JSON.stringify(bare)).not.toContain('Hello')
  expect(bare.came.kind === 'answer' && bare.came.body.length).toBe(JSON.stringify(message).length)
  expect(bare.sent.body).toBe(null)
  expect(see(bare, 'answer')).toEqual({ is: 'absent', why: 'not-recorded' })
  expect(see(bare, 'message')).toEqual({ is: 'absent', why: 'not-recorded' })
})
