import { expect, test } from 'vitest'
import { accepts, needsAll, refuses } from './cases.ts'
import { batch, blocks, citations, deltas, events, message, model, serverToolResults } from './examples.ts'
import { validateMessage } from './validators.js'

const withBlock = (block: object) => ({ ...message, content: [block] })
const starts = (block: object) => ({ type: 'content_block_start', index: 0, content_block: block })
const delta = (fields: object) => ({ type: 'content_block_delta', index: 0, delta: fields })
const result = (content: unknown) => withBlock({ type: 'web_search_tool_result', tool_use_id: 'srvtoolu_01', content })
const cites = (citation: object) => withBlock({ type: 'text', text: 'x', citations: [citation] })

accepts([
  ['nothing but what is required', 'Message', message],
  ['no content at all', 'Message', { ...message, content: [] }],
  ['a stop_reason nobody knows yet', 'Message', { ...message, stop_reason: 'tired' }],
  ['a stop_sequence that is null', 'Message', { ...message, stop_sequence: null, stop_details: null }],
  ['a field nobody knows yet', 'Message', { ...message, usage: { ...message.usage, mood: 'good' } }],
  [
    'usage full of nulls',
    'Message',
    { ...message, usage: { ...message.usage, cache_creation: null, server_tool_use: null, service_tier: null } },
  ],
  ['a block nobody knows yet', 'Message', withBlock({ type: 'hologram', text: 5 })],
  ['thinking that is not shown', 'Message', withBlock({ type: 'thinking', thinking: '', signature: 'c2ln' })],
  [
    'a tool call by running code',
    'Message',
    withBlock({ type: 'tool_use', id: 't', name: 'n', input: {}, caller: { type: 'code_execution_20260120' } }),
  ],
  [
    'a tool of the server that failed',
    'Message',
    result({ type: 'web_search_tool_result_error', error_code: 'unavailable' }),
  ],
  ['a result nobody knows yet', 'Message', result([{ type: 'web_hologram' }])],
  ['a citation nobody knows yet', 'Message', cites({ type: 'hologram_location' })],
  ['the beginning of a stream', 'StreamEvent', { type: 'message_start', message: { ...message, stop_reason: null } }],
  ['thinking before its signature', 'StreamEvent', starts({ type: 'thinking', thinking: '' })],
  ['a delta nobody knows yet', 'StreamEvent', delta({ type: 'hologram_delta' })],
  ['an event nobody knows yet', 'StreamEvent', { type: 'hologram' }],
  [
    'a message_delta without a stop_reason',
    'StreamEvent',
    { type: 'message_delta', delta: {}, usage: { output_tokens: 0 } },
  ],
  ['an error in a stream', 'StreamEvent', { type: 'error', error: { type: 'overloaded_error', message: '' } }],
  [
    'details that are null',
    'ErrorResponse',
    { type: 'error', error: { type: 'api_error', message: 'x', details: null } },
  ],
  ['an empty page', 'ModelsPage', { data: [], has_more: false, first_id: null, last_id: null }],
  ['one model', 'Model', model],
  ['a count', 'TokenCount', { input_tokens: 0 }],
  ['a batch', 'MessageBatch', batch],
  ['a result of a batch', 'BatchLine', { custom_id: 'a', result: { type: 'succeeded', message } }],
])

test('a list that has shown enough wrong is not looked at to its end, and what stands beside it is', () => {
  const wrong = { ...message, content: Array.from({ length: 100_000 }, () => 0), usage: {} }
  expect(validateMessage(wrong)).toBe(false)
  const errors = validateMessage.errors ?? []
  expect(errors.length).toBeLessThan(2100)
  expect(errors.map(({ instancePath }) => instancePath)).toEqual(expect.arrayContaining(['/content/0', '/usage']))
})

needsAll([message], 'Message', (it) => it)
needsAll(blocks, 'Message', withBlock)
needsAll(serverToolResults, 'Message', (it) => result([it]))
needsAll(citations, 'Message', cites)
needsAll(events, 'StreamEvent', (it) => it)
needsAll(deltas, 'StreamEvent', delta)
needsAll([model], 'Model', (it) => it)
needsAll([batch], 'MessageBatch', (it) => it)

refuses([
  ['a number as text', 'Message', withBlock({ type: 'text', text: 5 }), '/content/0/text must be string'],
  ['a block without a type', 'Message', withBlock({ text: 'x' }), "/content/0 must have required property 'type'"],
  ['a block that is a string', 'Message', { ...message, content: ['x'] }, '/content/0 must be object'],
  ['content that is a string', 'Message', { ...message, content: 'x' }, '/content must be array'],
  [
    'a signature left out',
    'Message',
    withBlock({ type: 'thinking', thinking: '' }),
    "/content/0 must have required property 'signature'",
  ],
  [
    'input as JSON text',
    'Message',
    withBlock({ type: 'tool_use', id: 't', name: 'n', input: '{}' }),
    '/content/0/input must be object',
  ],
  [
    'a result without its place',
    'Message',
    result([{ type: 'web_search_result', title: '', encrypted_content: '' }]),
    "/content/0/content/0 must have required property 'url'",
  ],
  [
    'a citation of a page 1.5',
    'Message',
    cites({ type: 'page_location', cited_text: '', document_index: 0, start_page_number: 1.5, end_page_number: 2 }),
    '/content/0/citations/0/start_page_number must be integer',
  ],
  [
    'tokens as text',
    'Message',
    { ...message, usage: { input_tokens: '12', output_tokens: 6 } },
    '/usage/input_tokens must be integer',
  ],
  ['another role', 'Message', { ...message, role: 'model' }, '/role must be equal to constant'],
  [
    'a delta without its text',
    'StreamEvent',
    delta({ type: 'text_delta', content: 'x' }),
    "/delta must have required property 'text'",
  ],
  [
    'partial_json as an object',
    'StreamEvent',
    delta({ type: 'input_json_delta', partial_json: {} }),
    '/delta/partial_json must be string',
  ],
  [
    'text that begins without text',
    'StreamEvent',
    starts({ type: 'text' }),
    "/content_block must have required property 'text'",
  ],
  ['an index as text', 'StreamEvent', { type: 'content_block_stop', index: '0' }, '/index must be integer'],
  [
    'a message_delta without usage',
    'StreamEvent',
    { type: 'message_delta', delta: {} },
    "must have required property 'usage'",
  ],
  ['an event without a type', 'StreamEvent', { delta: {} }, "must have required property 'type'"],
  ['an error that is a string', 'ErrorResponse', { type: 'error', error: 'no' }, '/error must be object'],
  [
    'a model without a name',
    'ModelsPage',
    { data: [{ ...model, display_name: undefined }], has_more: false, first_id: null, last_id: null },
    "/data/0 must have required property 'display_name'",
  ],
  [
    'a date in words',
    'MessageBatch',
    { ...batch, created_at: 'yesterday' },
    '/created_at must match format "date-time"',
  ],
])
