import { show, type Finding } from '../harness/views/finding.ts'
import { isObject, own, type JsonObject } from '../harness/wire/json.ts'

/* What of a value is not in what became of it on the way. */

/** A finding at a place: what was sent, and what arrived there. */
export function changed(at: string, sent: unknown, arrived: unknown): Finding {
  return { at, expected: show(sent), actual: arrived === undefined ? 'absent' : show(arrived) }
}

/**
 * Everything of `sent` that is missing or different in `arrived`, the place of each below `at`. What was added is legal, and so are
 * another order of keys, null for what is absent, and a text as the one block it stands for. Breakpoints of the prompt cache are
 * looked at elsewhere.
 */
export function* lost(sent: unknown, arrived: unknown, at: string): Iterable<Finding> {
  if (Array.isArray(sent) || (typeof sent === 'string' && Array.isArray(arrived))) yield* lostOfList(sent, arrived, at)
  else if (isObject(sent)) yield* lostOfObject(sent, arrived, at)
  else if (sent !== arrived && !(sent === null && arrived === undefined)) yield changed(at, sent, arrived)
}

function* lostOfList(sent: string | readonly unknown[], arrived: unknown, at: string): Iterable<Finding> {
  const [from, to] = [blocksOf(sent), blocksOf(arrived)]
  if (!to || from?.length !== to.length) return yield changed(at, outline(from), to ? outline(to) : arrived)
  for (const [index, item] of from.entries()) yield* lost(item, to[index], `${at}/${index}`)
}

function* lostOfObject(sent: JsonObject, arrived: unknown, at: string): Iterable<Finding> {
  if (!isObject(arrived)) return yield changed(at, sent, arrived)
  for (const [key, value] of Object.entries(sent))
    if (key !== 'cache_control') yield* lost(value, own(arrived, key), `${at}/${key}`)
}

/** A list as it is, and a text as the block it is short for; null for what is neither. */
export function blocksOf(content: unknown): readonly unknown[] | null {
  if (typeof content === 'string') return [{ type: 'text', text: content }]
  return Array.isArray(content) ? content : null
}

/** What a list holds, by the kinds of its items where they have one. */
function outline(list: readonly unknown[] | null): unknown {
  return list?.map((item) => (isObject(item) ? (item['type'] ?? item['role'] ?? item['name'] ?? item) : item))
}
