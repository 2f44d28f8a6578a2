import type { Message, MessageRequest } from './types.ts'

// The least that is right, of each shape.

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
  conclusion: { exitCode: 0, conformant: true, reached: 'sdk', reasons: [] },
  complete: true,
}
