import type {
  ContentBlock,
  ContentBlockDelta,
  ContentBlockParam,
  Message,
  MessageRequest,
  ServerToolResult,
  StreamEvent,
  TextCitation,
  TypedTool,
} from './types.ts'

// The least that is right, of each shape: whatever is left out of it, is missed.

/** As the simplest of gateways answers: nothing but what is required. */
export const message: Message = {
  id: 'msg_01',
  type: 'message',
  role: 'assistant',
  model: 'claude-reference',
  content: [{ type: 'text', text: 'Hello!' }],
  stop_reason: 'end_turn',
  usage: { input_tokens: 12, output_tokens: 6 },
}
export const request: MessageRequest = {
  model: 'claude-reference',
  max_tokens: 64,
  messages: [{ role: 'user', content: 'Hello' }],
}
export const tool = { name: 'get_weather', input_schema: { type: 'object', properties: { city: { type: 'string' } } } }
export const batch = {
  id: 'msgbatch_01',
  type: 'message_batch',
  processing_status: 'ended',
  request_counts: { processing: 0, succeeded: 1, errored: 0, canceled: 0, expired: 0 },
  created_at: '2026-11-22T10:00:00Z',
  expires_at: '2026-11-23T10:00:00.5+00:00',
}
export const model = {
  id: 'claude-reference',
  type: 'model',
  display_name: 'Reference',
  created_at: '2026-01-01T00:00:00Z',
}
export const target = { name: 'acme', baseUrl: 'https://api.acme.example', model: 'm', key: { env: 'ACME_KEY' } }
export const identity = { kind: 'gateway', baseUrl: 'https://api.acme.example', model: 'm' }
export const header = {
  kind: 'header',
  format: 1,
  tool: { name: 'messages-conformance', version: '0.1.0' },
  target: identity,
  profile: 'sdk',
  started: '2026-11-22T10:00:00Z',
}
export const sent = { requests: 1, inputTokens: 10, outputTokens: 5 }
export const answer = {
  kind: 'answer',
  status: 200,
  headers: [['content-type', 'application/json']],
  body: { text: '{}' },
  chunks: [[12.5, 2]],
  ends: 'complete',
  endedAt: 13,
}
export const exchange = {
  kind: 'exchange',
  fixture: 'messages/hello',
  attempt: 1,
  needs: [],
  values: {},
  sent: { method: 'POST', path: '/v1/messages', headers: [], body: '{}' },
  came: answer,
}
export const report = {
  tool: header.tool,
  target: identity,
  profile: 'sdk',
  started: header.started,
  ending: 'complete',
  sent,
  verdicts: [{ id: 'messages/shape', level: 'must', profile: 'minimum', outcome: 'holds', why: null, findings: [] }],
  capabilities: { tools: { state: 'declined', status: 400, said: 'no tools here' } },
  clients: { 'python-sdk': { status: 'works', ids: [] } },
  conclusion: { exitCode: 0, conformant: true, reached: 'sdk', reasons: [], failing: [] },
  complete: true,
}

export const blocks: ContentBlock[] = [
  { type: 'text', text: 'Hello!' },
  { type: 'thinking', thinking: '', signature: 'c2ln' },
  { type: 'redacted_thinking', data: 'ZGF0YQ==' },
  { type: 'tool_use', id: 'toolu_01', name: 'get_weather', input: {} },
  { type: 'server_tool_use', id: 'srvtoolu_01', name: 'web_search', input: {} },
  { type: 'web_search_tool_result', tool_use_id: 'srvtoolu_01', content: [] },
  { type: 'web_fetch_tool_result', tool_use_id: 'srvtoolu_01', content: { type: 'hologram' } as never },
  { type: 'code_execution_tool_result', tool_use_id: 'srvtoolu_01', content: [] },
  { type: 'bash_code_execution_tool_result', tool_use_id: 'srvtoolu_01', content: [] },
  { type: 'text_editor_code_execution_tool_result', tool_use_id: 'srvtoolu_01', content: [] },
  { type: 'tool_search_tool_result', tool_use_id: 'srvtoolu_01', content: [] },
  { type: 'container_upload', file_id: 'file_01' },
]

export const serverToolResults: ServerToolResult[] = [
  { type: 'web_search_result', url: 'https://example.com' },
  { type: 'web_fetch_result', content: { type: 'document' } },
  { type: 'code_execution_result', stdout: '', stderr: '' },
  { type: 'bash_code_execution_result', stdout: '', stderr: '' },
  { type: 'encrypted_code_execution_result', encrypted_stdout: '' },
  { type: 'text_editor_code_execution_view_result', content: '' },
  { type: 'text_editor_code_execution_create_result' },
  { type: 'text_editor_code_execution_str_replace_result' },
  { type: 'tool_search_tool_search_result', tool_references: [] },
  { type: 'web_fetch_tool_result_error', error_code: 'unavailable' },
]

export const citations: TextCitation[] = [
  { type: 'char_location', cited_text: '', document_index: 0, start_char_index: 0, end_char_index: 5 },
  { type: 'page_location', cited_text: '', document_index: 0, start_page_number: 1, end_page_number: 2 },
  { type: 'content_block_location', cited_text: '', document_index: 0, start_block_index: 0, end_block_index: 1 },
  {
    type: 'search_result_location',
    cited_text: '',
    search_result_index: 0,
    source: 'https://example.com',
    start_block_index: 0,
    end_block_index: 1,
  },
  { type: 'web_search_result_location', cited_text: '', url: 'https://example.com', encrypted_index: 'ZW5j' },
]

/** Blocks that hold something of all that their deltas may bring. */
export const growingBlocks: ContentBlock[] = [
  { type: 'text', text: 'Hello!', citations },
  { type: 'thinking', thinking: 'Hm.', signature: 'c2ln' },
  { type: 'tool_use', id: 'toolu_01', name: 'get_weather', input: { city: 'Oslo' } },
  { type: 'server_tool_use', id: 'srvtoolu_01', name: 'web_search', input: { query: 'Oslo' } },
]

export const deltas: ContentBlockDelta[] = [
  { type: 'text_delta', text: 'Hel' },
  { type: 'input_json_delta', partial_json: '{"ci' },
  { type: 'thinking_delta', thinking: 'Hm' },
  { type: 'signature_delta', signature: 'c2ln' },
  { type: 'citations_delta', citation: { type: 'hologram_location' } as never },
]

/** The deltas that come under an anthropic-beta header only. */
export const betaDeltas = [{ type: 'compaction_delta', content: 'What was said so far.' }]

export const events: StreamEvent[] = [
  { type: 'message_start', message: { ...message, content: [], stop_reason: null } },
  { type: 'content_block_start', index: 0, content_block: { type: 'thinking', thinking: '' } },
  { type: 'content_block_delta', index: 0, delta: { type: 'thinking_delta', thinking: 'Hm' } },
  { type: 'content_block_stop', index: 0 },
  { type: 'message_delta', delta: {}, usage: { output_tokens: 6 } },
  { type: 'message_stop' },
  { type: 'ping' },
  { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } },
]

export const blockParams: ContentBlockParam[] = [
  { type: 'text', text: 'Hello' },
  { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'iVBO' } },
  { type: 'document', source: { type: 'text', media_type: 'text/plain', data: 'x' } },
  { type: 'search_result', source: 'https://example.com', title: '', content: [{ type: 'text', text: 'x' }] },
  { type: 'thinking', thinking: '', signature: 'c2ln' },
  { type: 'redacted_thinking', data: 'ZGF0YQ==' },
  { type: 'tool_use', id: 'toolu_01', name: 'get_weather', input: {} },
  { type: 'tool_result', tool_use_id: 'toolu_01' },
  { type: 'server_tool_use', id: 'srvtoolu_01', name: 'web_search', input: {} },
  { type: 'web_search_tool_result', tool_use_id: 'srvtoolu_01', content: [] },
  { type: 'web_fetch_tool_result', tool_use_id: 'srvtoolu_01', content: {} },
  { type: 'code_execution_tool_result', tool_use_id: 'srvtoolu_01', content: {} },
  { type: 'bash_code_execution_tool_result', tool_use_id: 'srvtoolu_01', content: {} },
  { type: 'text_editor_code_execution_tool_result', tool_use_id: 'srvtoolu_01', content: {} },
  { type: 'tool_search_tool_result', tool_use_id: 'srvtoolu_01', content: {} },
  { type: 'container_upload', file_id: 'file_01' },
]

export const typedTools: TypedTool[] = [
  { type: 'bash_20250124', name: 'bash' },
  { type: 'text_editor_20250124', name: 'str_replace_editor' },
  { type: 'text_editor_20250429', name: 'str_replace_based_edit_tool' },
  { type: 'text_editor_20250728', name: 'str_replace_based_edit_tool' },
  { type: 'memory_20250818', name: 'memory' },
  { type: 'browser_toolset_20260801' },
  { type: 'computer_toolset_20260801' },
  { type: 'code_execution_20250522', name: 'code_execution' },
  { type: 'code_execution_20250825', name: 'code_execution' },
  { type: 'code_execution_20260120', name: 'code_execution' },
  { type: 'code_execution_20260521', name: 'code_execution' },
  { type: 'web_search_20250305', name: 'web_search' },
  { type: 'web_search_20260209', name: 'web_search' },
  { type: 'web_search_20260318', name: 'web_search' },
  { type: 'web_fetch_20250910', name: 'web_fetch' },
  { type: 'web_fetch_20260209', name: 'web_fetch' },
  { type: 'web_fetch_20260309', name: 'web_fetch' },
  { type: 'web_fetch_20260318', name: 'web_fetch' },
  { type: 'tool_search_tool_bm25_20251119', name: 'tool_search_tool_bm25' },
  { type: 'tool_search_tool_regex_20251119', name: 'tool_search_tool_regex' },
]
