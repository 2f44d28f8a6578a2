import { deltasByBlock } from '../../../schemas/values.ts'
import type { RequirementId } from '../../ids.ts'
import { counted } from '../wire/counted.ts'
import { isObject, type JsonObject } from '../wire/json.ts'
import { show, type Finding, type Refusal } from './finding.ts'
import { holeAt, peek, pierced, stripped } from './holes.ts'

/** One event of a stream. `number` counts all events from 1. What of its data could not be read is a hole in it. */
export interface StreamedEvent {
  readonly number: number
  readonly type: string
  readonly data: JsonObject
  /** Its data has holes. */
  readonly holed?: true
  /** Milliseconds since the request at which its last byte came; null where no times were kept. */
  readonly at: number | null
}

/** A block as its events left it. */
export interface WalkedBlock {
  readonly index: number
  /** The block as it was started; with holes where its start was lost. */
  readonly start: JsonObject
  readonly startedBy: number
  readonly deltas: readonly StreamedEvent[]
  readonly stoppedBy: number
  /** Who found that what the deltas bring cannot be told; empty where it can. */
  readonly unsure: readonly RequirementId[]
}

/** A stream as far as it could be read. */
export interface Walked {
  readonly events: readonly StreamedEvent[]
  /** The message of message_start; null for a stream that is a lone error, or that never began. */
  readonly start: { readonly number: number; readonly message: JsonObject } | null
  readonly blocks: readonly WalkedBlock[]
  readonly messageDeltas: readonly StreamedEvent[]
  /** The error event that ended it, where one did. */
  readonly error: StreamedEvent | null
  /** All of the answer was said, whatever ended the stream: its stop_reason, and each block to its end. */
  readonly isSaid: boolean
  /** Who found that something did not come: the beginning, the message_delta, or all from some place on. */
  readonly lacks: Readonly<Record<'start' | 'delta' | 'rest', readonly RequirementId[]>>
  /** The blocks that message_start holds are not part of the answer. */
  readonly startsFilled: boolean
}

/** How a stream is walked. */
export interface Manner {
  /** The answer goes on running code, and message_start may carry finished blocks. */
  readonly beginsWithBlocks?: boolean
  /** Who found that the body broke off: then the missing end is found already. */
  readonly cut?: readonly RequirementId[]
}

interface Block extends WalkedBlock {
  readonly deltas: StreamedEvent[]
  stoppedBy: number
  readonly unsure: RequirementId[]
}

interface State {
  readonly beginsWithBlocks: boolean
  start: Walked['start']
  readonly blocks: Block[]
  /** Blocks that were started and not stopped: one at most, in a stream that is right. */
  readonly open: Set<Block>
  /** The same in the order they were started, with others that were stopped meanwhile. */
  readonly stack: Block[]
  /** The last block of each index. */
  readonly byIndex: Map<unknown, Block>
  /** The index that the next block should have; null before the first. */
  due: number | null
  readonly messageDeltas: StreamedEvent[]
  error: StreamedEvent | null
  stopped: StreamedEvent | null
  startsFilled: boolean
  readonly lacks: { start: readonly RequirementId[]; delta: readonly RequirementId[]; rest: readonly RequirementId[] }
  readonly found: Map<RequirementId, Refusal>
}

/**
 * Walks a stream in the documented order, message_start (start delta* stop)* message_delta+ message_stop, or a lone error. What
 * leaves that order is found, once a requirement, mended where it can be, and read on: separate rules would break in chorus, and
 * one that stopped would hide all others. Pings and unknown events may stand anywhere. Linear in the number of events; never throws.
 * Source: https://platform.claude.com/docs/en/build-with-claude/streaming#event-types
 */
export function walk(
  events: readonly StreamedEvent[],
  { beginsWithBlocks = false, cut = [] }: Manner = {},
): { readonly walked: Walked; readonly found: readonly Refusal[] } {
  const state: State = {
    beginsWithBlocks,
    start: null,
    blocks: [],
    open: new Set(),
    stack: [],
    byIndex: new Map(),
    due: null,
    messageDeltas: [],
    error: null,
    stopped: null,
    startsFilled: false,
    lacks: { start: [], delta: [], rest: [] },
    found: new Map(),
  }
  for (const event of events) {
    const step = steps.get(event.type)
    if (!step || isAfterTheEnd(event, state)) continue
    beforeTheStart(event, state)
    step(event, state)
  }
  const isSaid = state.open.size === 0 && state.messageDeltas.some(saysStopReason)
  atTheEnd(events, state, isSaid, cut)
  const { start, blocks, messageDeltas, error, lacks, startsFilled } = state
  const walked = { events, start, blocks, messageDeltas, error, isSaid, lacks, startsFilled }
  return { walked, found: [...state.found.values()] }
}

type Step = (event: StreamedEvent, state: State) => void

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

/** What stands behind the end is found and left out. */
function isAfterTheEnd(event: StreamedEvent, state: State): boolean {
  if (state.error) find(state, 'streaming/nothing-after-error', event, 'nothing after the error event', event.type)
  else if (state.stopped) find(state, 'streaming/ends', event, 'nothing after message_stop', event.type)
  return state.error !== null || state.stopped !== null
}

function beforeTheStart(event: StreamedEvent, state: State): void {
  if (state.start || event.type === 'message_start' || event.type === 'error') return
  find(state, 'streaming/begins', event, 'message_start first', event.type)
  state.lacks.start = ['streaming/begins']
}

/** Only the first one counts. */
function messageStart(event: StreamedEvent, state: State): void {
  if (state.start) return find(state, 'streaming/begins', event, 'exactly one message_start', 'another message_start')
  state.lacks.start = holeAt(event.data, 'message') ?? []
  const message = objectIn(event.data, 'message')
  const content = listIn(message, 'content')
  if (content.length > 0 && !state.beginsWithBlocks) {
    find(state, 'streaming/starts-empty', event, '/message/content []', counted(content.length, 'block'))
    state.startsFilled = true
  }
  state.start = { number: event.number, message }
}

function blockStart(event: StreamedEvent, state: State): void {
  const said = peek(event.data, 'index')
  const due = dueIndex(state)
  const index = typeof said === 'number' ? said : due
  const open = lastOpen(state)
  if (open) {
    const expected = `content_block_stop of index ${open.index} first`
    find(state, 'streaming/one-block-at-a-time', event, expected, `content_block_start with index ${show(said ?? due)}`)
  }
  if (state.messageDeltas.length > 0)
    find(state, 'streaming/message-delta', event, 'no block after message_delta', 'content_block_start')
  if (index !== due && !(state.blocks.length === 0 && index === 0))
    find(state, 'streaming/indexes', event, `index ${due}`, `index ${show(index)}`)
  begin(state, event, index, objectIn(event.data, 'content_block'), holeAt(event.data, 'content_block') ?? [])
}

function begin(
  state: State,
  event: StreamedEvent,
  index: number,
  start: JsonObject,
  unsure: readonly RequirementId[] = [],
): Block {
  const { number } = event
  const block: Block = { index, start, startedBy: number, deltas: [], stoppedBy: number, unsure: [...unsure] }
  state.blocks.push(block)
  state.open.add(block)
  state.stack.push(block)
  state.byIndex.set(index, block)
  state.due = index + 1
  return block
}

function lastOpen({ open, stack }: State): Block | undefined {
  for (let block = stack.at(-1); block; block = stack.at(-1)) {
    if (open.has(block)) return block
    stack.pop()
  }
  return undefined
}

/** Blocks that message_start already carried count, or not: both were seen, and clients take both. */
function dueIndex(state: State): number {
  return state.due ?? (state.startsFilled ? 0 : listIn(state.start?.message, 'content').length)
}

/** A delta that was lost, or does not fit, leaves open what its block brings. */
function blockDelta(event: StreamedEvent, state: State): void {
  const block = blockOf(event, state) ?? lostBlock(event, state)
  block.deltas.push(event)
  const lost = holeAt(event.data, 'delta')
  if (lost) return doubt(block, lost)
  const delta = objectIn(event.data, 'delta')
  if (event.holed) for (const { by } of stripped(delta).voids) doubt(block, by)
  const kind = String(peek(block.start, 'type'))
  const type = String(peek(delta, 'type'))
  const fits = deltasByBlock.get(kind)
  if (!fits || fits.includes(type) || !knownDeltas.has(type)) return
  // Where others found what cannot be told of the block, this may follow from it.
  if (block.unsure.length > 0) return
  const expected = fits.join(' or ') || `no delta in a ${kind} block`
  find(state, 'streaming/delta-fits', event, expected, `${type} in a ${kind} block`)
  doubt(block, ['streaming/delta-fits'])
}

const knownDeltas = new Set([...deltasByBlock.values()].flat())

function doubt(block: Block, by: readonly RequirementId[]): void {
  for (const id of by) if (!block.unsure.includes(id)) block.unsure.push(id)
}

/** What kind of block a delta belongs to whose start was lost, where it goes without what only the start says. */
const plainBlocks: ReadonlyMap<string, JsonObject> = new Map<string, JsonObject>([
  ['text_delta', { type: 'text', text: '' }],
  ['thinking_delta', { type: 'thinking', thinking: '' }],
  ['signature_delta', { type: 'thinking', thinking: '' }],
])

/** A block whose start never came. */
function lostBlock(event: StreamedEvent, state: State): Block {
  const by: readonly RequirementId[] = ['streaming/open-block']
  const called = { type: '', id: '', name: '', input: {} }
  const holes = ['/type', '/id', '/name'].map((path) => ({ path, by }))
  const start =
    plainBlocks.get(String(peek(objectIn(event.data, 'delta'), 'type'))) ?? pierced<JsonObject>(called, holes)
  const said = peek(event.data, 'index')
  return begin(state, event, typeof said === 'number' ? said : dueIndex(state), start)
}

function blockStop(event: StreamedEvent, state: State): void {
  const block = blockOf(event, state) ?? lostBlock(event, state)
  block.stoppedBy = event.number
  state.open.delete(block)
}

/**
 * The block an event belongs to: the open one of its index. Else, found and mended: the one that is open, or the last one of this
 * index; null where there is none.
 */
function blockOf(event: StreamedEvent, state: State): Block | null {
  const index = peek(event.data, 'index')
  const open = lastOpen(state)
  const named = state.byIndex.get(index)
  if (named && state.open.has(named)) return named
  if (open && holeAt(event.data, 'index')) return open
  const expected = open ? `index ${open.index}, the open block` : 'content_block_start first: no block is open'
  find(state, 'streaming/open-block', event, expected, `${event.type} with index ${show(index)}`)
  return open ?? named ?? null
}

function messageDelta(event: StreamedEvent, state: State): void {
  closed(event, state)
  state.messageDeltas.push(event)
}

function messageStop(event: StreamedEvent, state: State): void {
  closed(event, state)
  state.stopped = event
  if (state.messageDeltas.length > 0) return
  find(state, 'streaming/message-delta', event, 'a message_delta before message_stop', 'none')
  state.lacks.delta = ['streaming/message-delta']
}

/** A block that was never stopped ends where something else begins. */
function closed(event: StreamedEvent, state: State): void {
  const open = lastOpen(state)
  if (open) find(state, 'streaming/blocks-closed', event, `content_block_stop of index ${open.index} first`, event.type)
}

function errorEvent(event: StreamedEvent, state: State): void {
  state.error = event
}

function saysStopReason({ data }: StreamedEvent): boolean {
  return typeof peek(objectIn(data, 'delta'), 'stop_reason') === 'string'
}

function atTheEnd(
  events: readonly StreamedEvent[],
  state: State,
  isSaid: boolean,
  cut: readonly RequirementId[],
): void {
  if (state.error || state.stopped) return
  const begun = state.start !== null || state.blocks.length > 0 || state.found.has('streaming/begins')
  const by = begun ? 'streaming/ends' : 'streaming/begins'
  if (cut.length === 0 && !state.found.has(by)) state.found.set(by, { by, finding: missing(events, begun) })
  if (!isSaid) state.lacks.rest = cut.length > 0 ? cut : [by]
}

function missing(events: readonly StreamedEvent[], begun: boolean): Finding {
  const last = events.at(-1)
  return {
    at: last ? `after event ${last.number}` : 'event 1',
    expected: begun ? 'message_stop, or an error event' : 'message_start',
    actual: last ? `the end, after ${last.type}` : 'no event',
  }
}

/** Found once a requirement: the first place tells it, and the others follow from it. */
function find(state: State, by: RequirementId, event: StreamedEvent, expected: string, actual: string): void {
  if (!state.found.has(by)) state.found.set(by, { by, finding: { at: `event ${event.number}`, expected, actual } })
}

function objectIn(value: JsonObject | undefined, key: string): JsonObject {
  const inner = peek(value, key)
  return isObject(inner) ? inner : {}
}

function listIn(value: JsonObject | undefined, key: string): readonly unknown[] {
  const inner = peek(value, key)
  return Array.isArray(inner) ? inner : []
}
