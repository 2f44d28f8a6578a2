import { deltasByBlock } from '../../../schemas/values.ts'
import type { RequirementId } from '../../ids.ts'
import { show, type Finding, type Refusal } from './finding.ts'
import { isObject, type JsonObject } from '../wire/json.ts'

/** One event of a stream, already framed, named and of the right shape. `number` counts all events from 1. */
export interface StreamedEvent {
  readonly number: number
  readonly type: string
  readonly data: JsonObject
  /** Milliseconds since the request at which its last byte came; null where no times were kept. */
  readonly at: number | null
}

/** A block as its events left it. */
export interface WalkedBlock {
  readonly index: number
  /** The block as it was started. */
  readonly start: JsonObject
  readonly startedBy: number
  readonly deltas: readonly StreamedEvent[]
  readonly stoppedBy: number
}

/** A stream in legal order. */
export interface Walked {
  readonly events: readonly StreamedEvent[]
  /** The message of message_start; null for a stream that is a lone error. */
  readonly start: { readonly number: number; readonly message: JsonObject } | null
  readonly blocks: readonly WalkedBlock[]
  readonly messageDeltas: readonly StreamedEvent[]
  /** The error event that ended it, where one did. */
  readonly error: StreamedEvent | null
}

interface OpenBlock {
  index: number
  start: JsonObject
  startedBy: number
  deltas: StreamedEvent[]
}

interface State {
  start: Walked['start']
  blocks: WalkedBlock[]
  open: OpenBlock | null
  messageDeltas: StreamedEvent[]
  error: StreamedEvent | null
  stopped: StreamedEvent | null
}

/**
 * Walks a stream in the documented order, message_start (start delta* stop)* message_delta+ message_stop, or a lone error, and
 * stops at the first event that leaves it: separate rules would break in chorus. Pings and unknown events may stand anywhere.
 * `beginsWithBlocks`: the answer goes on running code, and message_start may carry finished blocks.
 * Source: https://platform.claude.com/docs/en/build-with-claude/streaming#event-types
 */
export function walk(events: readonly StreamedEvent[], beginsWithBlocks = false): Walked | Refusal {
  const state: State = { start: null, blocks: [], open: null, messageDeltas: [], error: null, stopped: null }
  for (const event of events) {
    const step = steps.get(event.type)
    if (!step) continue
    const refused = afterTheEnd(event, state) ?? beforeTheStart(event, state) ?? step(event, state, beginsWithBlocks)
    if (refused) return refused
  }
  const unfinished = atTheEnd(events, state)
  if (unfinished) return unfinished
  const { start, blocks, messageDeltas, error } = state
  return { events, start, blocks, messageDeltas, error }
}

type Step = (event: StreamedEvent, state: State, beginsWithBlocks: boolean) => Refusal | null

/** A map: the words that are looked up in it are a gateway's. */
const steps: ReadonlyMap<string, Step> = new Map([
  ['message_start', messageStart],
  ['content_block_start', blockStart],
  ['content_block_delta', blockDelta],
  ['content_block_stop', blockStop],
  ['message_delta', messageDelta],
  ['message_stop', messageStop],
  ['error', errorEvent],
])

function errorEvent(event: StreamedEvent, state: State): Refusal | null {
  state.error = event
  return null
}

function afterTheEnd(event: StreamedEvent, state: State): Refusal | null {
  if (state.error) return refuse('streaming/nothing-after-error', event, 'nothing after the error event', event.type)
  if (state.stopped) return refuse('streaming/ends', event, 'nothing after message_stop', event.type)
  return null
}

function beforeTheStart(event: StreamedEvent, state: State): Refusal | null {
  if (state.start || event.type === 'message_start' || event.type === 'error') return null
  return refuse('streaming/begins', event, 'message_start first', event.type)
}

function messageStart(event: StreamedEvent, state: State, beginsWithBlocks: boolean): Refusal | null {
  if (state.start) return refuse('streaming/begins', event, 'exactly one message_start', 'another message_start')
  const message = isObject(event.data['message']) ? event.data['message'] : {}
  const content: readonly unknown[] = Array.isArray(message['content']) ? message['content'] : []
  if (content.length > 0 && !beginsWithBlocks)
    return refuse('streaming/starts-empty', event, '/message/content []', `${content.length} blocks`)
  state.start = { number: event.number, message }
  return null
}

function blockStart(event: StreamedEvent, state: State): Refusal | null {
  const index = event.data['index']
  const due = firstIndex(state) + state.blocks.length
  if (state.open) {
    const actual = `content_block_start with index ${show(index)}`
    return refuse(
      'streaming/one-block-at-a-time',
      event,
      `content_block_stop of index ${state.open.index} first`,
      actual,
    )
  }
  if (state.messageDeltas.length > 0)
    return refuse('streaming/message-delta', event, 'no block after message_delta', 'content_block_start')
  if (index !== due && !(beginsAnew(state) && index === 0))
    return refuse('streaming/indexes', event, `index ${due}`, `index ${show(index)}`)
  const start = isObject(event.data['content_block']) ? event.data['content_block'] : {}
  state.open = { index: Number(index), start, startedBy: event.number, deltas: [] }
  return null
}

/** Blocks that message_start already carried count, or not: both were seen, and clients take both. */
function firstIndex(state: State): number {
  const content = state.start?.message['content']
  const first = state.blocks[0]
  return first ? first.index : Array.isArray(content) ? content.length : 0
}

function beginsAnew(state: State): boolean {
  return state.blocks.length === 0
}

function blockDelta(event: StreamedEvent, state: State): Refusal | null {
  const misplaced = outsideOpenBlock(event, state)
  if (misplaced || !state.open) return misplaced
  const delta = isObject(event.data['delta']) ? event.data['delta'] : {}
  const kind = String(state.open.start['type'])
  const fits = deltasByBlock.get(kind)
  const type = String(delta['type'])
  if (fits && knownDeltas.has(type) && !fits.includes(type))
    return refuse(
      'streaming/delta-fits',
      event,
      fits.join(' or ') || `no delta in a ${kind} block`,
      `${type} in a ${kind} block`,
    )
  state.open.deltas.push(event)
  return null
}

const knownDeltas = new Set([...deltasByBlock.values()].flat())

function blockStop(event: StreamedEvent, state: State): Refusal | null {
  const misplaced = outsideOpenBlock(event, state)
  if (misplaced || !state.open) return misplaced
  state.blocks.push({ ...state.open, stoppedBy: event.number })
  state.open = null
  return null
}

function outsideOpenBlock(event: StreamedEvent, state: State): Refusal | null {
  const index = event.data['index']
  if (state.open && state.open.index === index) return null
  const expected = state.open
    ? `index ${state.open.index}, the open block`
    : 'content_block_start first: no block is open'
  return refuse('streaming/open-block', event, expected, `${event.type} with index ${show(index)}`)
}

function messageDelta(event: StreamedEvent, state: State): Refusal | null {
  if (state.open) {
    const expected = `content_block_stop of index ${state.open.index} first`
    return refuse('streaming/blocks-closed', event, expected, 'message_delta')
  }
  state.messageDeltas.push(event)
  return null
}

function messageStop(event: StreamedEvent, state: State): Refusal | null {
  if (state.open)
    return refuse(
      'streaming/blocks-closed',
      event,
      `content_block_stop of index ${state.open.index} first`,
      'message_stop',
    )
  if (state.messageDeltas.length === 0)
    return refuse('streaming/message-delta', event, 'a message_delta before message_stop', 'none')
  state.stopped = event
  return null
}

function atTheEnd(events: readonly StreamedEvent[], state: State): Refusal | null {
  if (state.error || state.stopped) return null
  const finding = (expected: string): Finding => {
    const last = events.at(-1)
    return {
      at: last ? `after event ${last.number}` : 'event 1',
      expected,
      actual: last ? `the end, after ${last.type}` : 'no event',
    }
  }
  if (!state.start) return { by: 'streaming/begins', finding: finding('message_start') }
  return { by: 'streaming/ends', finding: finding('message_stop, or an error event') }
}

function refuse(by: RequirementId, event: StreamedEvent, expected: string, actual: string): Refusal {
  return { by, finding: { at: `event ${event.number}`, expected, actual } }
}
