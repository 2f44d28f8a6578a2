import { asked, askedTools } from './asked.ts'
import type { Exchange } from '../wire/exchange.ts'
import { clip, type Refusal } from './finding.ts'
import type { StreamedEvent, Walked, WalkedBlock } from './walk.ts'
import { parseJson, isObject, type JsonObject } from '../wire/json.ts'

/**
 * The Message that a stream in legal order adds up to, as official clients build it: text and thinking are joined, a signature is
 * overwritten, tool input is the JSON of all fragments, a compaction is what its delta says, and usage of message_delta replaces
 * that of message_start where present.
 * Refuses a tool call whose fragments are no JSON object, unless it was cut by max_tokens or asked for unchecked.
 */
export function accumulate(walked: Walked, exchange: Exchange): { readonly message: JsonObject } | Refusal {
  if (!walked.start) return { message: {} }
  const ending = endOf(walked.messageDeltas)
  const begun = walked.start.message['content']
  const content: unknown[] = Array.isArray(begun) ? [...begun] : []
  for (const block of walked.blocks) {
    const finished = finish(block)
    if (finished.ok) content.push(finished.block)
    else if (mayBeCut(exchange, block, ending['stop_reason'])) content.push({ ...block.start, input: {} })
    else return finished.refusal
  }
  const started = isObject(walked.start.message['usage']) ? walked.start.message['usage'] : {}
  const { usage, ...delta } = ending
  return { message: { ...walked.start.message, ...delta, content, usage: { ...started, ...present(usage) } } }
}

/** The keys that the message_deltas leave behind: each overwrites what came before, so a null erases. */
function endOf(deltas: readonly StreamedEvent[]): JsonObject {
  const end = new Map<string, unknown>()
  const usage = new Map<string, unknown>()
  for (const { data } of deltas) {
    for (const [key, value] of Object.entries(isObject(data['delta']) ? data['delta'] : {})) end.set(key, value)
    for (const [key, value] of Object.entries(present(data['usage']))) usage.set(key, value)
  }
  return { ...Object.fromEntries(end), usage: Object.fromEntries(usage) }
}

function present(usage: unknown): JsonObject {
  if (!isObject(usage)) return {}
  return Object.fromEntries(Object.entries(usage).filter(([, value]) => value !== null))
}

type Finished = { readonly ok: true; readonly block: JsonObject } | { readonly ok: false; readonly refusal: Refusal }

function finish(block: WalkedBlock): Finished {
  const joined = { text: '', thinking: '', partial_json: '' }
  let signature: unknown
  const citations: unknown[] = []
  for (const { data } of block.deltas) {
    const delta = isObject(data['delta']) ? data['delta'] : {}
    for (const key of ['text', 'thinking', 'partial_json'] as const)
      if (typeof delta[key] === 'string') joined[key] += delta[key]
    if (delta['type'] === 'signature_delta') signature = delta['signature']
    if (delta['type'] === 'citations_delta') citations.push(delta['citation'])
  }
  const { start } = block
  switch (start['type']) {
    case 'text':
      return finishedAs({
        ...start,
        text: String(start['text'] ?? '') + joined.text,
        ...(citations.length > 0 && { citations: [...listed(start['citations']), ...citations] }),
      })
    case 'thinking':
      return finishedAs({
        ...start,
        thinking: String(start['thinking'] ?? '') + joined.thinking,
        ...(signature !== undefined && { signature }),
      })
    case 'tool_use':
    case 'server_tool_use':
    case 'mcp_tool_use':
      return joined.partial_json === '' ? finishedAs(start) : withInput(block, joined.partial_json)
    case 'compaction':
      return finishedAs({ ...start, ...present(block.deltas.at(-1)?.data['delta']), type: 'compaction' })
    default:
      return finishedAs(start)
  }
}

function finishedAs(block: JsonObject): Finished {
  return { ok: true, block }
}

function withInput(block: WalkedBlock, text: string): Finished {
  const input = parseJson(text)
  if (isObject(input)) return finishedAs({ ...block.start, input })
  const expected = 'partial_json fragments that join to one JSON object'
  return {
    ok: false,
    refusal: { by: 'tools/input-json', finding: { at: `event ${block.stoppedBy}`, expected, actual: clip(text) } },
  }
}

/** Fragments may stop anywhere when max_tokens cut the answer, or when the tool asked for its input unchecked. */
function mayBeCut(exchange: Exchange, block: WalkedBlock, stopReason: unknown): boolean {
  const eager = askedTools(exchange).some(
    (tool) => tool['name'] === block.start['name'] && tool['eager_input_streaming'] === true,
  )
  const fineGrained = exchange.sent.headers.some(
    ([name, value]) => name.toLowerCase() === 'anthropic-beta' && value.includes('fine-grained-tool-streaming'),
  )
  return stopReason === 'max_tokens' || eager || fineGrained || asked(exchange).body['eager_input_streaming'] === true
}

function listed(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}
