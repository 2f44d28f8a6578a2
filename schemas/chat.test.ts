import { accepts, refuses } from './cases.ts'

/* Chat Completions, as translators speak it to their upstream. */

const asked = { model: 'm', messages: [{ role: 'user', content: 'Hello.' }] }
const says = (...messages: object[]) => ({ ...asked, messages })
const call = { id: 'call_1', type: 'function', function: { name: 'go', arguments: '{}' } }
const completion = {
  id: 'chatcmpl-1',
  object: 'chat.completion',
  created: 0,
  model: 'm',
  choices: [{ index: 0, message: { role: 'assistant', content: 'Hello.' }, finish_reason: 'stop' }],
}
const chunk = { id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 0, model: 'm' }
const grows = (delta: object) => ({ ...chunk, choices: [{ index: 0, delta, finish_reason: null }] })
const usage = { prompt_tokens: 3, completion_tokens: 1, total_tokens: 4 }

accepts([
  ['nothing but what is required', 'ChatRequest', asked],
  ['a field of a vendor', 'ChatRequest', { ...asked, chat_template_kwargs: {} }],
  ['a null wherever it says nothing', 'ChatRequest', { ...asked, stop: null, stream: null, temperature: null }],
  ['a stop that is one text', 'ChatRequest', { ...asked, stop: 'END' }],
  [
    'a tool that must be called',
    'ChatRequest',
    { ...asked, tool_choice: { type: 'function', function: { name: 'go' } } },
  ],
  ['a tool without parameters', 'ChatRequest', { ...asked, tools: [{ type: 'function', function: { name: 'go' } }] }],
  ['a turn of calls alone', 'ChatRequest', says({ role: 'assistant', content: null, tool_calls: [call] })],
  ['reasoning sent back', 'ChatRequest', says({ role: 'assistant', content: 'x', reasoning_content: 'y' })],
  ['a result that is nothing', 'ChatRequest', says({ role: 'tool', tool_call_id: 'call_1', content: null })],
  [
    'a picture and a file',
    'ChatRequest',
    says({
      role: 'user',
      content: [
        { type: 'image_url', image_url: { url: 'data:image/png;base64,AA==' } },
        { type: 'file', file: { filename: 'a.pdf', file_data: 'data:application/pdf;base64,AA==' } },
      ],
    }),
  ],
  ['an answer without usage', 'ChatCompletion', completion],
  ['an answer with it', 'ChatCompletion', { ...completion, usage: { ...usage, prompt_tokens_details: null } }],
  ['a delta', 'ChatChunk', grows({ role: 'assistant', content: '' })],
  ['arguments that go on', 'ChatChunk', grows({ tool_calls: [{ index: 0, function: { arguments: '{' } }] })],
  ['a chunk that counts', 'ChatChunk', { ...chunk, choices: [], usage }],
  ['usage that is null until then', 'ChatChunk', { ...grows({}), usage: null }],
  ['an error with nothing but words', 'ChatError', { error: { message: 'no', type: null } }],
])

refuses([
  ['no message', 'ChatRequest', { ...asked, messages: [] }, '/messages must NOT have fewer than 1 items'],
  [
    'a role of nobody',
    'ChatRequest',
    says({ role: 'ipython', content: 'x' }),
    '/messages/0 value of tag "role" must be in oneOf',
  ],
  [
    'a block of Messages',
    'ChatRequest',
    says({ role: 'user', content: [{ type: 'image', source: {} }] }),
    '/messages/0/content/0 value of tag "type" must be in oneOf',
  ],
  [
    'a result without its call',
    'ChatRequest',
    says({ role: 'tool', content: 'x' }),
    "/messages/0 must have required property 'tool_call_id'",
  ],
  [
    'arguments that are an object',
    'ChatRequest',
    says({ role: 'assistant', tool_calls: [{ ...call, function: { name: 'go', arguments: {} } }] }),
    '/messages/0/tool_calls/0/function/arguments must be string',
  ],
  [
    'a call that is still a block',
    'ChatRequest',
    says({ role: 'assistant', tool_calls: [{ type: 'tool_use', id: 'x', name: 'go', input: {} }] }),
    '/messages/0/tool_calls/0 value of tag "type" must be in oneOf',
  ],
  [
    'a tool without its wrapper',
    'ChatRequest',
    { ...asked, tools: [{ name: 'go', input_schema: {} }] },
    '/tools/0 tag "type" must be string',
  ],
  [
    'a choice by the word of Messages',
    'ChatRequest',
    { ...asked, tool_choice: 'any' },
    '/tool_choice must be equal to one of the allowed values',
  ],
  [
    'a choice by the object of Messages',
    'ChatRequest',
    { ...asked, tool_choice: { type: 'any' } },
    '/tool_choice value of tag "type" must be in oneOf',
  ],
  [
    'a stop reason of Messages',
    'ChatCompletion',
    { ...completion, choices: [{ ...completion.choices[0], finish_reason: 'end_turn' }] },
    '/choices/0/finish_reason must be equal to one of the allowed values',
  ],
  ['a chunk without choices', 'ChatChunk', { ...chunk, usage }, "must have required property 'choices'"],
  [
    'half a count',
    'ChatChunk',
    { ...chunk, choices: [], usage: { prompt_tokens: 3, completion_tokens: 1 } },
    "/usage must have required property 'total_tokens'",
  ],
  ['an error that is a text', 'ChatError', { error: 'no' }, '/error must be object'],
])
