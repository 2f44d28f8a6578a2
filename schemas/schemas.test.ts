import { readFileSync, readdirSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import formats from 'ajv-formats'
import { describe, expect, test } from 'vitest'
import {
  answer,
  batch,
  exchange,
  header,
  identity,
  message,
  model,
  report,
  request,
  sent,
  target,
  tool,
} from './examples.ts'
import * as validators from './validators.js'

const withBlock = (block: object) => ({ ...message, content: [block] })
const withParam = (block: object) => ({ ...request, messages: [{ role: 'user', content: [block] }] })
const starts = (block: object) => ({ type: 'content_block_start', index: 0, content_block: block })
const delta = (fields: object) => ({ type: 'content_block_delta', index: 0, delta: fields })
const result = (content: unknown) => withBlock({ type: 'web_search_tool_result', tool_use_id: 'srvtoolu_01', content })
const cites = (citation: object) => withBlock({ type: 'text', text: 'x', citations: [citation] })

type Name = keyof typeof validators
type Case = readonly [about: string, validator: Name, data: unknown]

const accepted: readonly Case[] = [
  ['nothing but what is required', 'validateMessage', message],
  ['no content at all', 'validateMessage', { ...message, content: [] }],
  ['a stop_reason nobody knows yet', 'validateMessage', { ...message, stop_reason: 'tired' }],
  ['a stop_sequence that is null', 'validateMessage', { ...message, stop_sequence: null, stop_details: null }],
  ['a field nobody knows yet', 'validateMessage', { ...message, usage: { ...message.usage, mood: 'good' } }],
  [
    'usage full of nulls',
    'validateMessage',
    { ...message, usage: { ...message.usage, cache_creation: null, server_tool_use: null, service_tier: null } },
  ],
  ['a block nobody knows yet', 'validateMessage', withBlock({ type: 'hologram', text: 5 })],
  ['thinking that is not shown', 'validateMessage', withBlock({ type: 'thinking', thinking: '', signature: 'c2ln' })],
  [
    'a tool call by running code',
    'validateMessage',
    withBlock({ type: 'tool_use', id: 't', name: 'n', input: {}, caller: { type: 'code_execution_20260120' } }),
  ],
  [
    'a tool of the server that failed',
    'validateMessage',
    result({ type: 'web_search_tool_result_error', error_code: 'unavailable' }),
  ],
  ['a result nobody knows yet', 'validateMessage', result([{ type: 'web_hologram' }])],
  ['a citation nobody knows yet', 'validateMessage', cites({ type: 'hologram_location' })],
  [
    'the beginning of a stream',
    'validateStreamEvent',
    { type: 'message_start', message: { ...message, stop_reason: null } },
  ],
  ['thinking before its signature', 'validateStreamEvent', starts({ type: 'thinking', thinking: '' })],
  ['a delta nobody knows yet', 'validateStreamEvent', delta({ type: 'hologram_delta' })],
  ['an event nobody knows yet', 'validateStreamEvent', { type: 'hologram' }],
  [
    'a message_delta without a stop_reason',
    'validateStreamEvent',
    { type: 'message_delta', delta: {}, usage: { output_tokens: 0 } },
  ],
  ['an error in a stream', 'validateStreamEvent', { type: 'error', error: { type: 'overloaded_error', message: '' } }],
  [
    'details that are null',
    'validateError',
    { type: 'error', error: { type: 'api_error', message: 'x', details: null } },
  ],
  ['an empty page', 'validateModelsPage', { data: [], has_more: false, first_id: null, last_id: null }],
  ['one model', 'validateModel', model],
  ['a count', 'validateTokenCount', { input_tokens: 0 }],
  ['a batch', 'validateBatch', batch],
  ['a result of a batch', 'validateBatchLine', { custom_id: 'a', result: { type: 'succeeded', message } }],
  ['the least request', 'validateRequest', request],
  [
    'what Claude Code sends',
    'validateRequest',
    {
      ...request,
      stream: true,
      system: [{ type: 'text', text: 'You are ...', cache_control: { type: 'ephemeral', ttl: '1h' } }],
      messages: [
        { role: 'user', content: 'Hello' },
        { role: 'assistant', content: [{ type: 'tool_use', id: 't', name: 'get_weather', input: {} }] },
        { role: 'user', content: [{ type: 'tool_result', tool_use_id: 't', content: [{ type: 'text', text: 'x' }] }] },
        { role: 'system', content: 'Be brief.' },
      ],
      tools: [
        { ...tool, type: 'custom', strict: true, defer_loading: true, eager_input_streaming: true },
        { ...tool, name: 'other', input_examples: [{ city: 'Paris' }], allowed_callers: ['direct'] },
        { type: 'web_search_20250305', name: 'web_search', max_uses: 3 },
      ],
      tool_choice: { type: 'auto', disable_parallel_tool_use: true },
      thinking: { type: 'adaptive' },
      output_config: { effort: 'high' },
      context_management: { edits: [{ type: 'clear_tool_uses_20250919' }] },
      metadata: { user_id: '{"device_id":"x"}' },
    },
  ],
  [
    'a picture',
    'validateRequest',
    withParam({ type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'iVBO' } }),
  ],
  ['a request to count', 'validateCountTokensRequest', { model: 'm', messages: request.messages, tools: [tool] }],
  [
    'a fixture',
    'validateFixture',
    { about: 'x', modes: ['json', 'stream'], body: request, needs: ['tools'], apiVersion: null },
  ],
  [
    'a target file',
    'validateTarget',
    { targets: [target, { name: 'b', baseUrl: 'http://b', models: ['m'], auth: 'none' }] },
  ],
  ['the header of a tape', 'validateTapeLine', header],
  ['an exchange', 'validateTapeLine', exchange],
  ['bytes that are no text', 'validateTapeLine', { ...exchange, came: { ...answer, body: { base64: '/w==' } } }],
  ['no answer', 'validateTapeLine', { ...exchange, came: { kind: 'nothing', failure: 'reset', detail: '' } }],
  [
    'the footer of a tape',
    'validateTapeLine',
    { kind: 'footer', ending: 'lost', sent, exchanges: 1, ended: header.started },
  ],
  ['a report', 'validateReport', report],
]

const refused: readonly (readonly [...Case, error: string])[] = [
  ['a number as text', 'validateMessage', withBlock({ type: 'text', text: 5 }), '/content/0/text must be string'],
  [
    'a block without a type',
    'validateMessage',
    withBlock({ text: 'x' }),
    "/content/0 must have required property 'type'",
  ],
  ['a block that is a string', 'validateMessage', { ...message, content: ['x'] }, '/content/0 must be object'],
  ['content that is a string', 'validateMessage', { ...message, content: 'x' }, '/content must be array'],
  [
    'a signature left out',
    'validateMessage',
    withBlock({ type: 'thinking', thinking: '' }),
    "/content/0 must have required property 'signature'",
  ],
  [
    'input as JSON text',
    'validateMessage',
    withBlock({ type: 'tool_use', id: 't', name: 'n', input: '{}' }),
    '/content/0/input must be object',
  ],
  [
    'a result without its place',
    'validateMessage',
    result([{ type: 'web_search_result', title: '', encrypted_content: '' }]),
    "/content/0/content/0 must have required property 'url'",
  ],
  [
    'a citation of a page 1.5',
    'validateMessage',
    cites({ type: 'page_location', cited_text: '', document_index: 0, start_page_number: 1.5, end_page_number: 2 }),
    '/content/0/citations/0/start_page_number must be integer',
  ],
  [
    'tokens as text',
    'validateMessage',
    { ...message, usage: { input_tokens: '12', output_tokens: 6 } },
    '/usage/input_tokens must be integer',
  ],
  ['another role', 'validateMessage', { ...message, role: 'model' }, '/role must be equal to constant'],
  [
    'a delta without its text',
    'validateStreamEvent',
    delta({ type: 'text_delta', content: 'x' }),
    "/delta must have required property 'text'",
  ],
  [
    'partial_json as an object',
    'validateStreamEvent',
    delta({ type: 'input_json_delta', partial_json: {} }),
    '/delta/partial_json must be string',
  ],
  [
    'text that begins without text',
    'validateStreamEvent',
    starts({ type: 'text' }),
    "/content_block must have required property 'text'",
  ],
  ['an index as text', 'validateStreamEvent', { type: 'content_block_stop', index: '0' }, '/index must be integer'],
  [
    'a message_delta without usage',
    'validateStreamEvent',
    { type: 'message_delta', delta: {} },
    "must have required property 'usage'",
  ],
  ['an event without a type', 'validateStreamEvent', { delta: {} }, "must have required property 'type'"],
  ['an error that is a string', 'validateError', { type: 'error', error: 'no' }, '/error must be object'],
  [
    'a model without a name',
    'validateModelsPage',
    { data: [{ ...model, display_name: undefined }], has_more: false, first_id: null, last_id: null },
    "/data/0 must have required property 'display_name'",
  ],
  [
    'a date in words',
    'validateBatch',
    { ...batch, created_at: 'yesterday' },
    '/created_at must match format "date-time"',
  ],
  ['a field that is no field', 'validateRequest', { ...request, max_token: 5 }, 'must NOT have additional properties'],
  [
    'a block that is no block',
    'validateRequest',
    withParam({ type: 'hologram' }),
    '/messages/0/content/0 value of tag "type"must be in oneOf',
  ],
  [
    'a block param without a type',
    'validateRequest',
    withParam({ text: 'x' }),
    '/messages/0/content/0 tag "type"must be string',
  ],
  [
    'a picture as tiff',
    'validateRequest',
    withParam({ type: 'image', source: { type: 'base64', media_type: 'image/tiff', data: 'x' } }),
    '/messages/0/content/0/source/media_type must be equal to one of the allowed values',
  ],
  [
    'a role that is no role',
    'validateRequest',
    { ...request, messages: [{ role: 'tool', content: '' }] },
    '/messages/0 value of tag "role"must be in oneOf',
  ],
  ['no messages', 'validateRequest', { ...request, messages: [] }, '/messages must NOT have fewer than 1 items'],
  [
    'a tool with a blank name',
    'validateRequest',
    { ...request, tools: [{ ...tool, name: 'a b' }] },
    '/tools/0/name must match pattern "^[a-zA-Z0-9_-]{1,64}$"',
  ],
  [
    'a tool that is no tool',
    'validateRequest',
    { ...request, tools: [{ type: 'hologram_20270101', name: 'x' }] },
    '/tools/0 value of tag "type"must be in oneOf',
  ],
  [
    'a blank stop sequence',
    'validateRequest',
    { ...request, stop_sequences: [' '] },
    '/stop_sequences/0 must match pattern "\\S"',
  ],
  ['max_tokens to count', 'validateCountTokensRequest', request, 'must NOT have additional properties'],
  [
    'a capability that is none',
    'validateFixture',
    { about: 'x', needs: ['holograms'] },
    '/needs/0 must be equal to one of the allowed values',
  ],
  [
    'both model and models',
    'validateTarget',
    { targets: [{ ...target, models: ['n'] }] },
    '/targets/0/model boolean schema is false',
  ],
  [
    'a target without a key',
    'validateTarget',
    { targets: [{ ...target, key: undefined }] },
    "/targets/0 must have required property 'key'",
  ],
  ['a key in the file', 'validateTarget', { targets: [{ ...target, key: 'sk-123' }] }, '/targets/0/key must be object'],
  ['a line of another kind', 'validateTapeLine', { kind: 'note' }, 'value of tag "kind"must be in oneOf'],
  [
    'a header without a value',
    'validateTapeLine',
    { ...exchange, came: { ...answer, headers: [['a']] } },
    '/came/headers/0 must NOT have fewer than 2 items',
  ],
  [
    'a report cut short',
    'validateReport',
    { ...report, complete: undefined },
    "must have required property 'complete'",
  ],
]

/** The files as they are, read by ajv as any other program would: no keyword means more than JSON Schema says. */
function published(): (name: Name, data: unknown) => boolean {
  const ajv = new Ajv2020({ strict: false })
  formats.default(ajv)
  const folder = new URL('./', import.meta.url)
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.schema.json')))
    ajv.addSchema(JSON.parse(readFileSync(new URL(file, folder), 'utf8')))
  return (name, data) => ajv.validate(`https://messages-conformance.dev/schemas/${files[name]}`, data)
}

const files: Readonly<Record<Name, string>> = {
  validateMessage: 'message.schema.json',
  validateStreamEvent: 'stream.schema.json',
  validateError: 'error.schema.json',
  validateTokenCount: 'count-tokens.schema.json',
  validateModelsPage: 'models.schema.json',
  validateModel: 'models.schema.json#/$defs/Model',
  validateBatch: 'batch.schema.json',
  validateBatchLine: 'batch.schema.json#/$defs/BatchLine',
  validateRequest: 'request.schema.json',
  validateCountTokensRequest: 'count-tokens-request.schema.json',
  validateFixture: 'fixture.schema.json',
  validateTarget: 'target.schema.json',
  validateTapeLine: 'tape.schema.json',
  validateReport: 'report.schema.json',
}

test('the files say the same as the validators made of them', () => {
  const valid = published()
  for (const [about, name, data] of accepted) expect(valid(name, data), about).toBe(true)
  for (const [about, name, data] of refused) expect(valid(name, data), about).toBe(false)
})

describe('what is right is accepted', () => {
  test.for(accepted)('%s (%s)', ([, name, data]) => {
    expect(problems(name, data)).toEqual([])
  })
})

describe('what is wrong is refused with one error, where it is wrong', () => {
  test.for(refused)('%s (%s)', ([, name, data, error]) => {
    expect(problems(name, data)).toEqual([error])
  })
})

function problems(name: Name, data: unknown): string[] {
  const validate = validators[name]
  return validate(data) ? [] : (validate.errors ?? []).map((it) => `${it.instancePath} ${it.message}`.trim())
}
