import { expect, test } from 'vitest'
import type { Call } from './calls.ts'
import { gotOf } from './drive-python.ts'

const asked = { body: {}, headers: {} }
const create: Call = { name: 'messages/hello', group: 'create', does: 'create', ...asked }
const runner: Call = { name: 'tools/single', group: 'runner', does: 'runner', stream: false, ...asked }
const message = { id: 'msg_1', role: 'assistant', content: [{ type: 'text', text: 'Hello' }], stop_reason: 'end_turn' }

test('of a Message a program acts on its content and why it ended, and at most writes down the rest', () => {
  expect(gotOf(create, { is: 'result', value: message }, 1)).toMatchObject({
    is: 'result',
    acts: { blocks: [{ type: 'text', text: 'Hello' }], stop_reason: 'end_turn' },
    requests: 1,
  })
})

test('of a tool runner it acts on what the tools were run with as well', () => {
  const inputs = [['record_word', { word: 'hello' }]]
  expect(gotOf(runner, { is: 'result', value: [inputs, message] }, 2)).toMatchObject({
    acts: [inputs, { stop_reason: 'end_turn' }],
    requests: 2,
  })
})

test('an error is known by its name, status and type', () => {
  const error = { name: 'NotFoundError', status: 404, type: 'not_found_error', words: 'no, req_ref000017' }
  expect(gotOf(create, { is: 'error', error }, 1)).toEqual({
    is: 'error',
    error: { ...error, words: 'no, req' },
    requests: 1,
  })
  expect(gotOf(create, { is: 'hung' }, 3)).toEqual({ is: 'hung', requests: 3 })
})
