import { describe, expect, test } from 'vitest'
import { message } from '../../../schemas/examples.ts'
import type { Settlement } from '../../../schemas/types.ts'
import { settlements } from '../../../schemas/values.ts'
import { answered, event, exchange, failed, hello, streamed, unanswered } from './examples.ts'
import { reached, settling } from './settles.ts'

const text = { type: 'text', text: 'Hello!' }
const call = { type: 'tool_use', id: 'toolu_01', name: 'get_weather', input: {} }
const serverCall = { type: 'server_tool_use', id: 'srvtoolu_01', name: 'web_search', input: {} }
const thought = { type: 'thinking', thinking: '', signature: 'c2ln' }
const hidden = { type: 'redacted_thinking', data: 'ZGF0YQ==' }
const citation = { type: 'page_location', cited_text: '', document_index: 0, start_page_number: 1, end_page_number: 2 }
const usage = message.usage

/** What an answer must and must not be like, for each thing that a fixture can ask its exchange to reach. */
const answers: Readonly<Record<Settlement, { readonly reach: readonly object[]; readonly miss: readonly object[] }>> = {
  tool_use: {
    reach: [{ content: [call] }, { content: [text, call] }],
    miss: [{ content: [text] }, { content: [] }, { content: [serverCall] }, { stop_reason: 'tool_use' }],
  },
  two_tool_uses: {
    reach: [{ content: [call, call] }, { content: [call, text, call, call] }],
    miss: [{ content: [call, text] }, { content: [call, serverCall] }, { content: [] }],
  },
  thinking: {
    reach: [{ content: [thought, text] }, { content: [text, hidden] }],
    miss: [{ content: [text] }, { content: [] }],
  },
  redacted_thinking: {
    reach: [{ content: [hidden, text] }, { content: [thought, hidden] }],
    miss: [{ content: [thought, text] }, { content: [] }],
  },
  server_tool_use: {
    reach: [{ content: [text, serverCall] }],
    miss: [{ content: [call] }, { content: [] }],
  },
  citations: {
    reach: [{ content: [text, { ...text, citations: [citation] }] }],
    miss: [{ content: [text] }, { content: [{ ...text, citations: [] }] }, { content: [{ ...text, citations: null }] }],
  },
  refusal: {
    reach: [{ stop_reason: 'refusal', content: [] }],
    miss: [{ stop_reason: 'end_turn' }],
  },
  cache_read: {
    reach: [{ usage: { ...usage, cache_read_input_tokens: 1 } }],
    miss: [
      { usage },
      { usage: { ...usage, cache_read_input_tokens: 0 } },
      { usage: { ...usage, cache_read_input_tokens: null } },
      { usage: { ...usage, cache_creation_input_tokens: 9 } },
    ],
  },
}

describe.for(settlements)('%s', (settles) => {
  const asking = (answer: object) => exchange(answered({ ...message, ...answer }), { settles })

  test.for(answers[settles].reach)('is reached by %j', (answer) => {
    expect(reached(asking(answer))).toBe(true)
  })

  test.for(answers[settles].miss)('is missed by %j', (answer) => {
    expect(reached(asking(answer))).toBe(false)
  })
})

test('a stream reaches what it adds up to', () => {
  const calls = [event.start(), event.block(0, call), event.stop(0), event.end(), event.last]
  expect(reached({ ...streamed(calls), settles: 'tool_use' })).toBe(true)
  expect(reached({ ...streamed(hello), settles: 'tool_use' })).toBe(false)
})

test.for([
  ['nothing', unanswered],
  ['an error', failed(400)],
  ['a Message that is none', answered({ content: [], stop_reason: 'tool_use' })],
  ['one whose block is of a type that cannot be told', answered({ ...message, content: [{ ...call, type: 7 }] })],
  ['one whose content cannot be told', answered({ ...message, content: call })],
] as const)('%s reaches nothing', ([, came]) => {
  expect(reached(exchange(came, { settles: 'tool_use' }))).toBe(false)
})

test('what else is wrong with a Message is in nobody’s way', () => {
  const came = answered({ content: [call] })
  expect(reached(exchange(came, { settles: 'tool_use' }))).toBe(true)
  expect(reached(exchange(came, { settles: 'cache_read' }))).toBe(false)
  expect(reached(exchange(came, { settles: 'refusal' }))).toBe(false)
})

test('where nothing is to be reached, it is', () => {
  expect(settling(exchange(unanswered))).toBe(false)
  expect(reached(exchange(unanswered))).toBe(true)
  expect(settling(exchange(unanswered, { settles: 'thinking' }))).toBe(true)
})
