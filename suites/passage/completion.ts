import { readEventStream } from '../harness/views/event-stream.ts'
import type { Exchange } from '../harness/wire/exchange.ts'
import { isObject, objects, parseJson, type JsonObject } from '../harness/wire/json.ts'
import { callsOf, type ChatCall } from './chat-request.ts'

/** What an upstream of Chat Completions said. */
export interface Completion {
  readonly text: string
  /** What it thought, where it shows that. */
  readonly thought: string
  readonly calls: readonly ChatCall[]
  readonly finish: string | null
  readonly usage: JsonObject | null
  /** It came to its end: nothing broke off, and no error came. */
  readonly whole: boolean
}

/** The upstream's side of a passage, read in either mode; null for an error, and for what is no answer of that protocol. */
export function completionIn({ came }: Exchange): Completion | null {
  if (came.kind !== 'answer' || came.status !== 200) return null
  const text = new TextDecoder().decode(came.body)
  const json = parseJson(text)
  const chunks = isObject(json) ? [json] : saidIn(text)
  const read = addedUp(chunks.filter(isObject))
  return read && { ...read, whole: read.whole && came.ends === 'complete' }
}

/** A whole message, its calls numbered as the parts of a stream are. */
function numbered(message: unknown): unknown {
  if (!isObject(message)) return message
  return { ...message, tool_calls: objects(message['tool_calls']).map((call, index) => ({ ...call, index })) }
}

/** The chunks of a stream up to the word that ends it: what comes behind that is no part of the answer. */
function saidIn(stream: string): readonly unknown[] {
  const said = readEventStream(stream).frames.map(({ data }) => data)
  const end = said.indexOf('[DONE]')
  return said.slice(0, end < 0 ? said.length : end).map((data) => parseJson(data))
}

function addedUp(chunks: readonly JsonObject[]): Completion | null {
  const choices = chunks.flatMap((chunk) => objects(chunk['choices']).slice(0, 1))
  if (choices.length === 0) return null
  const deltas = choices.map(({ delta, message }) => delta ?? numbered(message)).filter(isObject)
  const calls = new Map<unknown, { id: unknown; name: unknown; arguments: string; whole?: unknown }>()
  for (const delta of deltas)
    for (const { index, id, function: called } of objects(delta['tool_calls'])) {
      const part = isObject(called) ? called : {}
      // Where parts are not numbered, an id begins a call, and what has none goes on with the last one.
      const key = index ?? (typeof id === 'string' && id !== '' ? id : [...calls.keys()].at(-1))
      const call = calls.get(key) ?? { id, name: part['name'], arguments: '' }
      calls.set(key, call)
      if (typeof part['arguments'] === 'string') call.arguments += part['arguments']
      else if (isObject(part['arguments'])) call.whole = part['arguments']
    }
  const finishes = choices.flatMap(({ finish_reason: finish }) => (typeof finish === 'string' ? [finish] : []))
  return {
    text: deltas.map(({ content }) => (typeof content === 'string' ? content : '')).join(''),
    thought: deltas.map(({ reasoning_content, reasoning }) => reasoning_content ?? reasoning ?? '').join(''),
    calls: [...calls.values()].flatMap(({ id, name, arguments: text, whole }) =>
      callsOf([{ id, function: { name, arguments: whole ?? text } }]),
    ),
    finish: finishes.at(-1) ?? null,
    usage: chunks.map(({ usage }) => usage).findLast(isObject) ?? null,
    whole: !chunks.some(({ error }) => isObject(error)),
  }
}
