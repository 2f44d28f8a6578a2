import { validateStreamEvent } from '../../../schemas/validators.js'
import type { RequirementId } from '../../ids.ts'
import { encodings } from '../wire/body.ts'
import { beginsWithMark, framesOf, type Frame, type FramingFault } from './event-stream.ts'
import type { Exchange } from '../wire/exchange.ts'
import { clip, show, type Refusal } from './finding.ts'
import { shapeRefusals, type ShapeOwner } from './shape.ts'
import type { StreamedEvent } from './walk.ts'
import { parseJson, isObject, type JsonObject } from '../wire/json.ts'

/** An event stream whose frames all hold one named JSON object of its documented shape. */
export interface Streamed {
  readonly events: readonly StreamedEvent[]
  /** It begins with a byte order mark. */
  readonly bom: boolean
}

/**
 * Reads a body as the events of a stream. It stops at the first frame that clients would stumble over, and names the requirement
 * that owns the fault; a frame that is right by itself is never refused for what the others are.
 */
export function readStream(text: string, exchange: Exchange): Streamed | { readonly refusals: readonly Refusal[] } {
  if (/^\s*[{[<]/.test(text))
    return one('streaming/served', 'body', 'an event stream, since stream is true', clip(text))
  const faults: FramingFault[] = []
  const events: StreamedEvent[] = []
  const times = clock(exchange)
  for (const frame of framesOf(text, faults)) {
    if (faults[0]) break
    const data = eventOf(frame)
    if ('refusals' in data) return data
    events.push({ number: frame.number, type: data.type, data: data.body, at: times(frame.end) })
  }
  return faults[0] ? { refusals: [framing(faults[0])] } : { events, bom: beginsWithMark(text) }
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

function eventOf(frame: Frame): { type: string; body: JsonObject } | { refusals: readonly Refusal[] } {
  const at = `event ${frame.number}`
  if (frame.data.trim() === '[DONE]')
    return one('streaming/no-done', at, 'message_stop as the last word', '[DONE], which belongs to another protocol')
  if (frame.event === null) return one('streaming/named', at, 'an event line', `data only: ${clip(frame.data)}`)
  const body = parseJson(frame.data)
  if (!isObject(body)) return one('streaming/data-json', `${at} data`, 'one JSON object', clip(frame.data))
  if (body['type'] !== frame.event)
    return one(
      'streaming/name-is-type',
      at,
      `type ${frame.event}, as the event line says`,
      `type ${show(body['type'])}`,
    )
  const event: JsonObject = body
  if (validateStreamEvent(body)) return { type: frame.event, body: event }
  return { refusals: shapeRefusals(validateStreamEvent.errors, body, eventOwner, (path) => `${at} ${path}`.trim()) }
}

/** The requirement that owns a part of an event. */
const eventOwner: ShapeOwner = (path, body) => {
  if (path === '/index') return 'streaming/indexes'
  const event = isObject(body) ? body : {}
  switch (event['type']) {
    case 'message_start':
      return path.startsWith('/message/usage') ? 'usage/message-start' : 'streaming/message-start-shape'
    case 'content_block_start':
      return blockOwner(event['content_block'])
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

function blockOwner(block: unknown): RequirementId {
  const type = isObject(block) ? block['type'] : undefined
  if (type === 'tool_use') return 'tools/block-start-shape'
  return type === 'thinking' ? 'thinking/block-start-shape' : 'streaming/block-start-shape'
}

/** At which millisecond a byte of the body had come. */
export function clock({ came }: Exchange): (end: number) => number | null {
  // Chunks count bytes before decoding, events after it: of a compressed body nobody can tell when an event came.
  if (came.kind !== 'answer' || came.chunks.length === 0 || encodings(came.headers).length > 0) return () => null
  let chunk = 0
  let upTo = came.chunks[0]?.[1] ?? 0
  return (end) => {
    while (upTo < end && chunk < came.chunks.length - 1) upTo += came.chunks[++chunk]?.[1] ?? 0
    return came.chunks[chunk]?.[0] ?? null
  }
}

function one(by: RequirementId, at: string, expected: string, actual: string): { refusals: readonly Refusal[] } {
  return { refusals: [{ by, finding: { at, expected, actual } }] }
}
