import { eventsOf } from '../../fixtures/gateways/reference/stream.ts'
import { message } from '../../schemas/examples.ts'
import type { ContentBlock } from '../../schemas/types.ts'
import { event, streamed } from '../harness/views/examples.ts'
import { attempt } from '../harness/views/holes.ts'
import { see } from '../harness/views/views.ts'
import { isObject, type JsonObject } from '../harness/wire/json.ts'

/* What our reader of streams makes of a word of the format, and what the reference's writer, its counterpart, says. */

/** The events of a Message with this content, as the reference streams it. */
function written(...content: readonly ContentBlock[]): readonly JsonObject[] {
  return eventsOf({ ...message, content: [...content] }).flatMap(({ data }) => (isObject(data) ? [data] : []))
}

/** The types of the deltas by which the reference streams a block. */
export function deltasWritten(block: ContentBlock): string[] {
  const types = written(block).flatMap(({ delta }) => (isObject(delta) ? (delta['type'] ?? []) : []))
  return [...new Set(types.map(String))]
}

/** A block as it comes out of the stream that the reference makes of it; undefined where nothing does. */
export function readBack(block: ContentBlock): unknown {
  const seen = see(streamed(written(block)), 'message')
  return seen.is === 'there' && seen.found.length === 0 ? seen.value.content[0] : undefined
}

/** Fields enough for any block to begin with. */
const bare = { text: '', thinking: '', signature: '', id: 'toolu_01', name: 'get_weather', input: {} }

/** Whether a delta in a block of some type makes another message of a stream, or none. */
export function changes(type: string, delta: object): boolean {
  const read = (...deltas: readonly JsonObject[]): string => {
    const block = [event.block(0, { ...bare, type }), ...deltas, event.stop(0)]
    const seen = see(streamed([event.start(), ...block, event.end(), event.last]), 'message')
    // What the delta leaves unreadable, it has changed as well.
    return JSON.stringify(seen.is === 'there' ? [seen.found, attempt(() => JSON.stringify(seen.value))] : seen)
  }
  return read(event.delta(0, { ...delta })) !== read()
}

/** Whether an event has its place in a stream: behind the last one it is found. */
export function hasItsPlace(type: string, example: object): boolean {
  const seen = see(streamed([...written(), { ...example, type }]), 'events')
  return seen.is === 'there' && seen.found.length > 0
}

/** The requirements whose finding it is where an event lacks what it needs beside these fields; none where it needs nothing. */
export function ownersOf(type: string, fields: JsonObject = {}): readonly string[] {
  const seen = see(streamed([event.start(), { ...fields, type }]), 'stream')
  if (seen.is === 'absent') return []
  return [...(seen.is === 'refused' ? seen.refusals : []), ...seen.found].map(({ by }) => by)
}
