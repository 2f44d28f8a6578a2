import { validateStreamEvent } from '../../../schemas/validators.js'
import type { RequirementId } from '../../ids.ts'
import { decode, encodings } from '../wire/body.ts'
import type { Exchange } from '../wire/exchange.ts'
import { isObject, own, parseJson, type JsonObject } from '../wire/json.ts'
import { beginsWithMark, eachFrame, type Frame, type FramingFault } from './event-stream.ts'
import { clip, show, type Refusal } from './finding.ts'
import { pierced, type Void } from './holes.ts'
import { shapeRefusals, type ShapeOwner } from './shape.ts'
import type { StreamedEvent } from './walk.ts'

/** The events of a stream, as far as they could be read: holes where the data of one is wrong. */
export interface Streamed {
  readonly events: readonly StreamedEvent[]
  /** It begins with a byte order mark. */
  readonly bom: boolean
  /** Who found that the rest did not come; empty where the body ends as it was framed. */
  readonly cut: readonly RequirementId[]
}

/** Events with what was found wrong with them; or nothing that could be read as any. */
export type StreamRead =
  | { readonly streamed: Streamed; readonly found: readonly Refusal[] }
  | { readonly refusals: readonly Refusal[] }

/** What is known of a body before it is read. */
export interface Doubts {
  /** Who found that it broke off. */
  readonly cut?: readonly RequirementId[]
  /** Who found that its characters had to be guessed: then only what is ASCII can be told. */
  readonly guessed?: readonly RequirementId[]
}

/**
 * Reads a body as the events of a stream, and goes on behind what clients would stumble over: a frame that is no JSON is an event
 * all of whose fields are holes. Each kind of fault is found once. Refuses only what holds no event at all.
 */
export function readStream(text: string, exchange: Exchange, { cut = [], guessed = [] }: Doubts = {}): StreamRead {
  if (/^\s*[{[<]/.test(text)) return { refusals: [served(text)] }
  const faults: FramingFault[] = []
  const isGuessed = guessed.length > 0
  const reading: Reading = { events: [], found: new Map(), cut, isGuessed, ends: cut, isOver: false }
  const times = clock(exchange)
  let next = 0
  const faultsUpTo = (number: number): boolean => {
    let damaged = false
    for (let fault = faults[next]; fault && fault.frame <= number; fault = faults[++next])
      damaged = takeFault(fault, reading) || damaged
    return damaged
  }
  eachFrame(text, faults, (frame) => {
    const damaged = faultsUpTo(frame.number)
    const isTold = !isGuessed || !beyondAscii.test(frame.data)
    const event = isTold ? read(frame, { damaged, guessed, isOver: reading.isOver }) : unsaid(frame, guessed)
    take(event, frame.number, times(frame.end), reading)
  })
  faultsUpTo(Infinity)
  const { events, found, ends } = reading
  if (events.length === 0 && found.size > 0) return { refusals: [...found.values()] }
  return { streamed: { events, bom: beginsWithMark(text), cut: ends }, found: [...found.values()] }
}

const beyondAscii = /[^\0-\x7f]/

function served(text: string): Refusal {
  const finding = { at: 'body', expected: 'an event stream, since stream is true', actual: clip(text) }
  return { by: 'streaming/served', finding }
}

/** What was read so far. */
interface Reading {
  readonly events: StreamedEvent[]
  readonly found: Map<string, Refusal>
  readonly cut: readonly RequirementId[]
  /** Its characters had to be guessed. */
  readonly isGuessed: boolean
  ends: readonly RequirementId[]
  /** Its last word was said: message_stop, or an error. */
  isOver: boolean
}

/** A fault of one kind, at one kind of place, is told once. */
function add(refusal: Refusal, { found }: Reading): void {
  const kind = `${refusal.by} ${(refusal.path ?? '').replaceAll(/\d+/g, '*')}`
  if (!found.has(kind)) found.set(kind, refusal)
}

/** Takes in a fault of framing; whether it damaged the frame it stands in. */
function takeFault(fault: FramingFault, reading: Reading): boolean {
  if (fault.kind === 'unterminated') {
    // What a cut leaves behind is the cut's affair.
    if (reading.cut.length > 0) return false
    const last = {
      number: fault.frame,
      event: fault.name || null,
      data: fault.data ?? meant(fault.rest),
      start: 0,
      end: 0,
    }
    const event = read(last, { damaged: true, guessed: [], isOver: reading.isOver })
    if (event.isTrailing) {
      take(event, fault.frame, null, reading)
      return false
    }
    add(framing(fault), reading)
    if (event.data && event.found.length === 0) take(event, fault.frame, null, reading)
    else reading.ends = ['streaming/framed']
    return false
  }
  add(framing(fault), reading)
  if (fault.kind !== 'no-data') return true
  const { name, frame: number } = fault
  const body = reading.isGuessed ? null : parseJson(meant(fault.rest))
  if (isObject(body) && body['type'] === name) take(shaped(name, body, number, []), number, null, reading)
  else reading.events.push(lost(name, number, ['streaming/framed'], null))
  return false
}

/** What would have been the data of an event, had it been called so: it goes without its name, or under one that is nearly that. */
function meant(rest: string | null): string {
  return rest?.replace(/^\s*data\s*:/i, '') ?? ''
}

/** Takes in an event; one that nothing is known of ends the stream for whoever reads it. */
function take(event: Read, number: number, at: number | null, reading: Reading): void {
  for (const refusal of event.found) add(refusal, reading)
  const { type, data, holed } = event
  if (type === 'message_stop' || type === 'error') reading.isOver = true
  if (data) reading.events.push(holed ? { number, type, data, at, holed } : { number, type, data, at })
  else if (type !== '') reading.events.push(lost(type, number, event.by, at))
  else reading.ends = event.by
}

/** The fields that an event is read by. */
const fields: ReadonlyMap<string, readonly string[]> = new Map([
  ['message_start', ['message']],
  ['content_block_start', ['index', 'content_block']],
  ['content_block_delta', ['index', 'delta']],
  ['content_block_stop', ['index']],
  ['message_delta', ['delta', 'usage']],
  ['error', ['error']],
])

/** An event of which only the name is known. */
function lost(type: string, number: number, by: readonly RequirementId[], at: number | null): StreamedEvent {
  const voids = (fields.get(type) ?? []).map((key) => ({ path: `/${key}`, by }))
  return { number, type, data: pierced<JsonObject>({ type }, voids), at, holed: true }
}

function framing(fault: FramingFault): Refusal {
  const at = `event ${fault.frame}, byte ${fault.at}`
  return { by: 'streaming/framed', finding: { at, ...framingFault(fault) } }
}

function framingFault(fault: FramingFault): { expected: string; actual: string } {
  switch (fault.kind) {
    case 'no-data':
      return { expected: `data after event: ${fault.name}`, actual: 'a blank line' }
    case 'unterminated':
      return { expected: 'a blank line after the event', actual: `the end of the body, after ${fault.name ?? 'data'}` }
    case 'stray-line':
      return { expected: 'a field: event, data, id or retry', actual: clip(fault.line) }
    case 'nul':
      return { expected: 'text', actual: 'a NUL character' }
  }
}

/** One frame, read: `data` is null where it holds none, `type` empty where nothing tells it; `by` says why. */
interface Read {
  readonly type: string
  readonly data: JsonObject | null
  readonly by: readonly RequirementId[]
  readonly found: readonly Refusal[]
  readonly holed?: true
  /** It stands behind all that clients read, and they skip it. */
  readonly isTrailing?: true
}

/** What is known of a frame before it is read. */
interface Known {
  /** A fault of framing in it is found already, and what follows from that is no finding of its own. */
  readonly damaged: boolean
  readonly guessed: readonly RequirementId[]
  /** The last word of the stream was said. */
  readonly isOver: boolean
}

function unsaid(frame: Frame, by: readonly RequirementId[], found: readonly Refusal[] = []): Read {
  return { type: frame.event ?? '', data: null, by, found }
}

function read(frame: Frame, { damaged, guessed, isOver }: Known): Read {
  if (frame.data.trim() === '[DONE]') {
    const isTrailing = isOver && frame.event === null
    const by = isTrailing ? 'streaming/no-trailing-done' : 'streaming/no-done'
    const refusal = wrong(frame, by, 'message_stop as the last word', '[DONE], which belongs to another protocol')
    return { type: 'done', data: {}, by: [], found: [refusal], ...(isTrailing && { isTrailing }) }
  }
  const body = parseJson(frame.data)
  if (!isObject(body)) {
    if (guessed.length > 0) return unsaid(frame, guessed)
    if (damaged) return unsaid(frame, ['streaming/framed'])
    return unsaid(
      frame,
      ['streaming/data-json'],
      [wrong(frame, 'streaming/data-json', 'one JSON object', clip(frame.data), ' data')],
    )
  }
  const said = body['type']
  const found: Refusal[] = []
  if (frame.event === null)
    found.push(wrong(frame, 'streaming/named', 'an event line', `data only: ${clip(frame.data)}`))
  else if (said !== frame.event) {
    const expected = `type ${frame.event}, as the event line says`
    found.push(wrong(frame, 'streaming/name-is-type', expected, `type ${show(said)}`))
  }
  const type = typeOf(frame.event, said)
  if (type === null) return { type: '', data: null, by: found.map(({ by }) => by), found }
  return shaped(type, type === said ? body : { ...body, type }, frame.number, found)
}

function wrong({ number }: Frame, by: RequirementId, expected: string, actual: string, within = ''): Refusal {
  return { by, finding: { at: `event ${number}${within}`, expected, actual } }
}

/** What kind of event it is: as its data says; as its name says, where the data says nothing that is known. */
function typeOf(name: string | null, said: unknown): string | null {
  if (typeof said !== 'string') return name
  return name !== null && !fields.has(said) && fields.has(name) ? name : said
}

function shaped(type: string, body: JsonObject, number: number, found: readonly Refusal[]): Read {
  const event: JsonObject = body
  if (validateStreamEvent(body)) return { type, data: event, by: [], found }
  const place = (path: string): string => `event ${number} ${path}`.trim()
  const wrong = shapeRefusals(validateStreamEvent.errors, body, eventOwner(type), place)
  const voiding = wrong.filter(({ by }) => by !== 'streaming/stop-reason-at-start')
  return {
    type,
    data: pierced<JsonObject>(body, voidsOf(voiding)),
    by: [],
    found: [...found, ...wrong],
    holed: true,
  }
}

/** What of a value its refusals void. */
export function voidsOf(refusals: readonly Refusal[]): readonly Void[] {
  return refusals.flatMap(({ path, by }) => (path ? [{ path, by: [by] }] : []))
}

/** The requirement that owns a part of an event. */
const eventOwner =
  (type: string): ShapeOwner =>
  (path, body) => {
    if (path === '/index') return 'streaming/indexes'
    switch (type) {
      case 'message_start':
        if (path.startsWith('/message/usage')) return 'usage/message-start'
        // Absent, it is as good as null: what message_delta says replaces it.
        return path === '/message/stop_reason' && !isSaid(body, 'message', 'stop_reason')
          ? 'streaming/stop-reason-at-start'
          : 'streaming/message-start-shape'
      case 'content_block_start':
        return blockOwner(isObject(body) ? body['content_block'] : undefined)
      case 'content_block_delta':
        return 'streaming/delta-shape'
      case 'message_delta':
        return path.startsWith('/usage') ? 'usage/message-delta' : 'streaming/message-delta-shape'
      case 'error':
        return 'errors/in-stream-envelope'
      default:
        return 'streaming/data-json'
    }
  }

function isSaid(body: unknown, part: string, key: string): boolean {
  const inner = isObject(body) ? own(body, part) : undefined
  return isObject(inner) && own(inner, key) !== undefined
}

function blockOwner(block: unknown): RequirementId {
  const type = isObject(block) ? block['type'] : undefined
  if (type === 'tool_use') return 'tools/block-start-shape'
  return type === 'thinking' ? 'thinking/block-start-shape' : 'streaming/block-start-shape'
}

/** At which millisecond a byte of the body had come. */
export function clock({ came }: Exchange): (end: number) => number | null {
  // Chunks count bytes before decoding, events after it: of a compressed body nobody can tell when an event came.
  if (came.kind !== 'answer' || came.chunks.length === 0 || encodings(came.headers).length > 0) return () => null
  if (!decode(came).ok) return () => null
  let chunk = 0
  let upTo = came.chunks[0]?.[1] ?? 0
  return (end) => {
    while (upTo < end && chunk < came.chunks.length - 1) upTo += came.chunks[++chunk]?.[1] ?? 0
    return came.chunks[chunk]?.[0] ?? null
  }
}
