import type { Passage } from '../harness/views/passage.ts'
import { isObject, objects, type JsonObject } from '../harness/wire/json.ts'
import { blocksOf } from './lost.ts'

/* The parts of a request for a Message, each with its place. */

/** Whether a request was handed on in the protocol it came in. */
export function relayed({ dialect }: Passage): boolean {
  return dialect === 'messages'
}

/** One block of a conversation. */
export interface Part {
  readonly at: string
  /** The turn it stands in, from 0. */
  readonly turn: number
  readonly role: string
  readonly type: string
  readonly block: JsonObject
}

/** Every block that a conversation holds, in order. Texts that follow each other in a turn say what one text would: they are one. */
export function partsOf(body: JsonObject): readonly Part[] {
  const parts: Part[] = []
  for (const [turn, { role, content }] of objects(body['messages']).entries())
    for (const [index, block] of (blocksOf(content) ?? []).entries())
      if (isObject(block))
        add(parts, {
          at: `/messages/${turn}/content/${index}`,
          turn,
          role: String(role),
          type: String(block['type']),
          block,
        })
  return parts
}

function add(parts: Part[], part: Part): void {
  const before = parts.at(-1)
  if (part.type === 'text' && before?.type === 'text' && before.turn === part.turn) {
    const text = `${textOf(before)}${textOf(part)}`
    parts[parts.length - 1] = { ...before, block: { ...before.block, text } }
  } else parts.push(part)
}

export function textOf({ block }: Pick<Part, 'block'>): string {
  return typeof block['text'] === 'string' ? block['text'] : ''
}

/** The parts of one kind. */
export function ofType(parts: readonly Part[], ...types: readonly string[]): readonly Part[] {
  return parts.filter(({ type }) => types.includes(type))
}

/** A breakpoint of the prompt cache: how long it lives, and behind what it stands. */
export interface Breakpoint {
  readonly at: string
  /** What it ends, so that it is known again where blocks were split or joined anew. */
  readonly behind: string
  readonly ttl: string
}

/** Every breakpoint of a request, in the order of the prompt. */
export function breakpointsOf(body: JsonObject): readonly Breakpoint[] {
  const lists = [
    { at: '/tools', items: objects(body['tools']) },
    { at: '/system', items: objects(blocksOf(body['system'])) },
    ...objects(body['messages']).map(({ content }, turn) => ({
      at: `/messages/${turn}/content`,
      items: objects(blocksOf(content)),
    })),
  ]
  return [
    ...breakpointAt('', body),
    ...lists.flatMap(({ at, items }) => items.flatMap((item, index) => breakpointAt(`${at}/${index}`, item))),
  ]
}

function breakpointAt(at: string, item: JsonObject): readonly Breakpoint[] {
  const control = item['cache_control']
  if (!isObject(control)) return []
  const behind = at === '' ? 'all of it' : `${at.startsWith('/tools') ? 'tool' : String(item['type'])} ${ending(item)}`
  return [{ at: `${at}/cache_control`, behind, ttl: String(control['ttl'] ?? usualTtl) }]
}

/** How long a breakpoint lives that does not say so. Source: https://platform.claude.com/docs/en/build-with-claude/prompt-caching */
const usualTtl = '5m'

/** What a block is known by: its end, since what stands before it may have been joined to it. */
function ending({ text, id, tool_use_id: resultOf, name, ...rest }: JsonObject): string {
  if (typeof text === 'string') return text.slice(-60)
  return String(id ?? resultOf ?? name ?? JSON.stringify(rest['source'] ?? rest['title'])?.slice(-60))
}
