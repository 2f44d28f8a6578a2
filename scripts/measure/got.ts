import { isObject, objects, type JsonObject } from '../../suites/harness/wire/json.ts'

/* What a program acts on in what an SDK gave it, and what it at most writes down. Nothing that came is taken to be of any shape. */

export interface Said {
  readonly acts: unknown
  readonly books: unknown
}

/** Of a Message: its content and why it ended; and what was heard of it while it came. */
export function messageOf(message: unknown, heard?: string): Said {
  if (!isObject(message)) return { acts: message ?? null, books: null }
  const { content, stop_reason, id, type, role, model, stop_sequence, usage, _request_id } = message
  const blocks = Array.isArray(content) ? content.map((block) => (isObject(block) ? blockOf(block) : block)) : content
  const ids = objects(content).map(({ id, tool_use_id, signature }) => [id, tool_use_id, signature].map(kindOf))
  return {
    acts: { blocks, stop_reason, heard },
    books: [kindOf(id), type, role, model, stop_sequence, usage, kindOf(_request_id), ids],
  }
}

function blockOf({ type, text, thinking, name, input, citations }: JsonObject): JsonObject {
  return { type, text, thinking, name, input, cited: Array.isArray(citations) ? citations.length : 0 }
}

/** Whether there is an id at all: which one it is, is the gateway's own business. */
function kindOf(value: unknown): string {
  return value === '' ? 'empty' : typeof value
}

/** The text of a Message. */
export function textOf(message: unknown): unknown {
  return isObject(message) ? objects(message['content']).map(({ text }) => text) : message
}

/** Of a stream read event by event: the text, the arguments, why it ended; and which events there were. */
export function eventsOf(events: readonly JsonObject[]): Said {
  const deltas = events.flatMap(({ delta }) => (isObject(delta) ? [delta] : []))
  const all = (field: string): string => deltas.map((delta) => delta[field] ?? '').join('')
  const counts: Record<string, number> = {}
  for (const { type } of events) counts[String(type)] = (counts[String(type)] ?? 0) + 1
  const ended = deltas.findLast(({ stop_reason }) => stop_reason !== undefined)?.['stop_reason']
  return {
    acts: { text: all('text'), thinking: all('thinking'), input: all('partial_json'), ended },
    books: Object.entries(counts).toSorted(),
  }
}

export function countIn(count: unknown): Said {
  return { acts: isObject(count) ? (count['input_tokens'] ?? null) : null, books: null }
}

export function modelOf(model: unknown): unknown {
  if (!isObject(model)) return model
  const { id, type, display_name, created_at } = model
  return { id, type, display_name, created_at }
}
