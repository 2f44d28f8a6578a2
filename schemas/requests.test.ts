import { accepts, needsAll, refuses } from './cases.ts'
import { blockParams, request, tool, typedTools } from './examples.ts'

const withParam = (block: object) => ({ ...request, messages: [{ role: 'user', content: [block] }] })

accepts([
  ['the least request', 'MessageRequest', request],
  [
    'what Claude Code sends',
    'MessageRequest',
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
    'MessageRequest',
    withParam({ type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'iVBO' } }),
  ],
  ['a request to count', 'CountTokensRequest', { model: 'm', messages: request.messages, tools: [tool] }],
])

needsAll(blockParams, 'MessageRequest', withParam)
accepts(typedTools.map((it) => [it.type, 'MessageRequest', { ...request, tools: [it] }]))

refuses([
  ['a field that is no field', 'MessageRequest', { ...request, max_token: 5 }, 'must NOT have additional properties'],
  [
    'a block that is no block',
    'MessageRequest',
    withParam({ type: 'hologram' }),
    '/messages/0/content/0 value of tag "type" must be in oneOf',
  ],
  [
    'a block param without a type',
    'MessageRequest',
    withParam({ text: 'x' }),
    '/messages/0/content/0 tag "type" must be string',
  ],
  [
    'a picture as tiff',
    'MessageRequest',
    withParam({ type: 'image', source: { type: 'base64', media_type: 'image/tiff', data: 'x' } }),
    '/messages/0/content/0/source/media_type must be equal to one of the allowed values',
  ],
  [
    'a role that is no role',
    'MessageRequest',
    { ...request, messages: [{ role: 'tool', content: '' }] },
    '/messages/0 value of tag "role" must be in oneOf',
  ],
  ['no messages', 'MessageRequest', { ...request, messages: [] }, '/messages must NOT have fewer than 1 items'],
  [
    'a tool with a blank name',
    'MessageRequest',
    { ...request, tools: [{ ...tool, name: 'a b' }] },
    '/tools/0/name must match pattern "^[a-zA-Z0-9_-]{1,128}$"',
  ],
  [
    'a tool that is no tool',
    'MessageRequest',
    { ...request, tools: [{ type: 'hologram_20270101', name: 'x' }] },
    '/tools/0 value of tag "type" must be in oneOf',
  ],
  [
    'a blank stop sequence',
    'MessageRequest',
    { ...request, stop_sequences: [' '] },
    '/stop_sequences/0 must match pattern "\\S"',
  ],
  ['max_tokens to count', 'CountTokensRequest', request, 'must NOT have additional properties'],
])
