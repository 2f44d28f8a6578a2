import { describe, expect, test } from 'vitest'
import { message } from '../../../schemas/examples.ts'
import type { RequirementId } from '../../ids.ts'
import type { JsonObject } from '../wire/json.ts'
import { answered, event, exchange, failed, hello, streamed, unanswered } from './examples.ts'
import { rawContent, unsendable } from './raw-content.ts'

const text = { type: 'text', text: 'Hello!' }
const call = { type: 'tool_use', id: 'toolu_01', name: 'get_weather', input: { city: 'Oslo' }, of_its_own: null }

test.for([
  ['of a Message', exchange(answered({ ...message, content: [text, call] })), [text, call]],
  ['of a Message without usage', exchange(answered({ content: [call] })), [call]],
  ['of an error that has some', exchange(answered({ content: [call] }, { status: 500 })), [call]],
  ['of JSON whose length was announced wrongly', exchange(answered({ content: [text] }, { ends: 'cut' })), [text]],
  ['of a Message that came for a stream', exchange(answered(message), { asks: { stream: true } }), [text]],
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
  ['the body was cut', exchange(answered(JSON.stringify({ content: [text] }).slice(0, -1), { ends: 'cut' }))],
  ['the stream was cut', streamed(hello.slice(0, 4))],
  ['it holds what is no block', exchange(answered({ content: ['Hello', text, null] }))],
  ['a block is wrong', exchange(answered({ ...message, content: [text, { type: 'text' }] }))],
  ['the stream is out of order', streamed([event.last])],
  [
    'a call is no JSON',
    streamed([event.start(), event.block(0, call), fragment, event.stop(0), event.end(), event.last]),
  ],
  ['the stream is a lone error', streamed([event.error])],
] as const)('none where %s', ([, one]) => {
  expect(rawContent(one)).toBeNull()
})

describe('who found that a turn cannot be sent back', () => {
  const { start, block, delta, stop, end, last } = event
  test.for<[about: string, events: readonly JsonObject[], by: readonly RequirementId[]]>([
    ['nobody', hello, []],
    ['a count is missing', hello.with(4, end({ stop_reason: 'end_turn' }, {})), []],
    ['an empty text, as it came', [start(), block(0), stop(0), end(), last], []],
    [
      'a text was lost',
      hello.with(1, block(0, { type: 'text', text: 7 })).toSpliced(2, 1),
      ['streaming/block-start-shape'],
    ],
    ['a text that its deltas brought was not', hello.with(1, block(0, { type: 'text', text: 7 })), []],
    ['a delta was lost', hello.with(2, delta(0, { type: 'text_delta' })), ['streaming/delta-shape']],
    ['mended, and a text is empty', [start(), block(1), stop(1), end(), last], ['streaming/indexes']],
    ['mended, and no text is', [start(), block(1), delta(1), stop(1), end(), last], []],
    ['a late start of nothing', hello.toSpliced(4, 0, start()), []],
  ])('%s', ([, events, by]) => {
    expect(unsendable(streamed(events))).toEqual(by)
    expect(rawContent(streamed(events)) === null).toBe(by.length > 0)
  })
})
