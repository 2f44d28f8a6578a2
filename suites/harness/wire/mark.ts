import { isObject, objects, parseJson, type JsonObject } from './json.ts'

/*
 * A word by which a request is known again at the upstream: time and content alone do not do, since many requests say the same, a
 * gateway may answer from a cache, ask twice, or quote a prompt to another model first.
 */

/** The mark of the request of that number; all of a run are of one length, so that they count alike as tokens. */
export function markOf(number: number): string {
  return `[r${String(number).padStart(5, '0')}q]`
}

const marks = /\[r\d{5,}q\]/g

/** The mark a text was sent with, its history's aside: each request of a conversation has a later one than those before. */
export function lastMark(text: string): string | null {
  return text.match(marks)?.toSorted().at(-1) ?? null
}

/**
 * A request body with a mark before the last text that its user says, in a result of a tool where a turn has no text of its own; as
 * it is, where nothing is said at all.
 */
export function marked(body: string | null, mark: string): string | null {
  const parsed = body === null ? null : parseJson(body)
  if (!isObject(parsed) || !Array.isArray(parsed['messages'])) return body
  const messages: readonly unknown[] = parsed['messages']
  for (const [index, message] of [...messages.entries()].toReversed()) {
    const turn = isObject(message) && message['role'] === 'user' ? withMark(message, mark) : null
    if (turn) return JSON.stringify({ ...parsed, messages: messages.with(index, turn) })
  }
  return body
}

function withMark(saying: JsonObject, mark: string): JsonObject | null {
  const { content } = saying
  if (typeof content === 'string') return says(content) ? { ...saying, content: `${mark} ${content}` } : null
  if (!Array.isArray(content)) return null
  const blocks = objects(content)
  if (blocks.length < content.length) return null
  const text = blocks.findLastIndex((block) => block['type'] === 'text' && says(block['text']))
  const result = blocks.findLastIndex((block) => block['type'] === 'tool_result')
  const [at, block] =
    text >= 0 ? [text, textWithMark(blocks[text], mark)] : [result, resultWithMark(blocks[result], mark)]
  return block && { ...saying, content: content.with(at, block) }
}

/** What is blank stays so: that may be what is wrong with a request. */
function says(text: unknown): boolean {
  return typeof text === 'string' && text.trim() !== ''
}

function textWithMark(block: JsonObject | undefined, mark: string): JsonObject | null {
  return block ? { ...block, text: `${mark} ${String(block['text'])}` } : null
}

function resultWithMark(block: JsonObject | undefined, mark: string): JsonObject | null {
  return block ? withMark(block, mark) : null
}
