import { expect, test } from 'vitest'
import { message } from '../../../schemas/examples.ts'
import { answered, event, exchange, failed, hello, streamed, unanswered } from './examples.ts'
import { rawContent } from './raw-content.ts'

const text = { type: 'text', text: 'Hello!' }
const call = { type: 'tool_use', id: 'toolu_01', name: 'get_weather', input: { city: 'Oslo' }, of_its_own: null }

test.for([
  ['of a Message', exchange(answered({ ...message, content: [text, call] })), [text, call]],
  ['of a Message without usage', exchange(answered({ content: [call] })), [call]],
  ['of an error that has some', exchange(answered({ content: [call] }, { status: 500 })), [call]],
  ['without what is no block', exchange(answered({ content: ['Hello', text, null] })), [text]],
  ['of a stream', streamed(hello), [text]],
  [
    'of a stream whose message lacks what it should have',
    streamed([event.start(), event.block(0, call), event.stop(0), event.end({}), event.last]),
    [call],
  ],
  ['of a stream that ended in an error', streamed([...hello.slice(0, 4), event.error]), [text]],
] as const)('the blocks %s', ([, one, blocks]) => {
  expect(rawContent(one)).toEqual(blocks)
})

const fragment = event.delta(0, { type: 'input_json_delta', partial_json: '{"ci' })
test.for([
  ['nothing came', exchange(unanswered)],
  ['an error came', exchange(failed(500))],
  ['a page came', exchange(answered('<html>'))],
  ['a list came', exchange(answered([text]))],
  ['the content is a text', exchange(answered({ content: 'Hello!' }))],
  ['the content is empty', exchange(answered({ content: [] }))],
  ['the body was cut', exchange(answered({ content: [text] }, { ends: 'cut' }))],
  ['a Message came for a stream', exchange(answered(message), { asks: { stream: true } })],
  ['the stream is out of order', streamed([event.last])],
  [
    'a call is no JSON',
    streamed([event.start(), event.block(0, call), fragment, event.stop(0), event.end(), event.last]),
  ],
  ['the stream is a lone error', streamed([event.error])],
] as const)('none where %s', ([, one]) => {
  expect(rawContent(one)).toBeNull()
})
