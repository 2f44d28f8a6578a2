import fc from 'fast-check'
import { blocks as examples, deltas } from '../../../schemas/examples.ts'
import { betaContentBlockTypes, deltasByBlock } from '../../../schemas/values.ts'
import { isObject, type JsonObject } from '../wire/json.ts'
import { event } from './examples.ts'

/** A block, and what it grows by. */
export interface LegalBlock {
  readonly start: JsonObject
  readonly deltas: readonly JsonObject[]
}

/** A stream in legal order, and what was put into it. */
export interface LegalStream {
  readonly events: readonly JsonObject[]
  /** The answer goes on running code: message_start may carry blocks. */
  readonly continues: boolean
  readonly start: JsonObject | null
  /** The blocks that were begun, and their deltas as far as they came before an error ended the stream. */
  readonly blocks: readonly (LegalBlock & { readonly index: number })[]
  readonly ends: readonly JsonObject[]
  readonly error: JsonObject | null
}

/** Words that objects of JavaScript know without having been told, and one that nobody knows. */
export const words = ['toString', '__proto__', 'constructor', 'hasOwnProperty', 'hologram'] as const

const word = fc.constantFrom<string>(...words)

/** What may stand anywhere, also before the start and after the end. */
const interjection: fc.Arbitrary<JsonObject> = fc.oneof(
  fc.constant(event.ping),
  word.map((type) => ({ type, index: 0, delta: null })),
)

const knownBlock = fc.constantFrom<JsonObject>(
  ...examples.map((block) => ({ ...block })),
  ...betaContentBlockTypes.map((type) => ({ type })),
)
const block: fc.Arbitrary<JsonObject> = fc.oneof(
  { weight: 5, arbitrary: knownBlock },
  { weight: 1, arbitrary: word.map((type) => ({ type })) },
)

const knownDeltas: readonly JsonObject[] = [...deltas.map((delta) => ({ ...delta })), { type: 'compaction_delta' }]

/** Deltas that fit a block: those of its type, any for a type that is not listed, and unknown ones for all. */
function fitting({ type }: JsonObject): fc.Arbitrary<JsonObject> {
  const listed = deltasByBlock.get(String(type))
  const fits = knownDeltas.filter((delta) => !listed || listed.includes(String(delta['type'])))
  return fc.oneof(
    ...fits.map((delta) => fc.constant(delta).map((one) => ({ ...one }))),
    word.map((type) => ({ type })),
  )
}

const grown: fc.Arbitrary<LegalBlock> = block.chain((start) =>
  fc.array(fitting(start), { maxLength: 3 }).map((given) => ({ start, deltas: joining(given) })),
)

/** The fragments among these deltas join to one JSON object. */
function joining(given: readonly JsonObject[]): readonly JsonObject[] {
  const fragments = given.filter(({ type }) => type === 'input_json_delta')
  const pieces = fragments.length > 1 ? ['{"city"', ':"Oslo"}'] : ['{"city":"Oslo"}']
  return given.map((delta) => {
    const at = fragments.indexOf(delta)
    return at < 0 ? delta : { ...delta, partial_json: pieces[at] ?? '' }
  })
}

const usage: fc.Arbitrary<JsonObject> = fc.record(
  { output_tokens: fc.nat(9), input_tokens: fc.option(fc.nat(9)), cache_read_input_tokens: fc.option(fc.nat(9)) },
  { requiredKeys: ['output_tokens'] },
)
const end = fc
  .tuple(fc.constantFrom<JsonObject>({ stop_reason: 'end_turn' }, {}), usage)
  .map((one) => event.end(...one))

/** Any stream in legal order: `message_start (start delta* stop)* message_delta+ message_stop`, or cut short by an error. */
export const legalStream: fc.Arbitrary<LegalStream> = fc
  .record({
    continues: fc.boolean(),
    begun: fc.array(knownBlock, { maxLength: 2 }),
    /** Blocks that message_start carried count, or not. */
    anew: fc.boolean(),
    blocks: fc.array(grown, { maxLength: 4 }),
    ends: fc.array(end, { minLength: 1, maxLength: 3 }),
    /** How many of the events came before an error did. */
    cut: fc.option(fc.nat(20), { freq: 2 }),
    between: fc.array(fc.tuple(fc.nat(), interjection), { maxLength: 5 }),
  })
  .map(({ continues, begun, anew, blocks, ends, cut, between }) => {
    const content = continues ? begun : []
    const first = anew ? 0 : content.length
    const start = event.start(content)
    const placed = blocks.map((one, index) => ({ ...one, index: first + index }))
    const whole: readonly JsonObject[] = [
      start,
      ...placed.flatMap(({ index, start, deltas }) => [
        event.block(index, start),
        ...deltas.map((delta) => event.delta(index, delta)),
        event.stop(index),
      ]),
      ...ends,
      event.last,
    ]
    const kept = cut === null ? whole : whole.slice(0, Math.min(cut, whole.length - 1))
    const core = cut === null ? kept : [...kept, event.error]
    const events = between.reduce((all, [at, one]) => all.toSpliced(at % (all.length + 1), 0, one), core)
    const isKept = (one: JsonObject) => kept.includes(one)
    return {
      events,
      continues,
      start: isKept(start) ? start.message : null,
      blocks: begunOf(kept, first),
      ends: ends.filter(isKept),
      error: cut === null ? null : event.error,
    }
  })

/** The blocks of events in legal order. */
function begunOf(events: readonly JsonObject[], first: number): LegalStream['blocks'] {
  const blocks: (LegalBlock & { readonly index: number; readonly deltas: JsonObject[] })[] = []
  for (const { type, content_block: start, delta } of events) {
    if (type === 'content_block_start')
      blocks.push({ index: first + blocks.length, start: objectOf(start), deltas: [] })
    if (type === 'content_block_delta') blocks.at(-1)?.deltas.push(objectOf(delta))
  }
  return blocks
}

function objectOf(value: unknown): JsonObject {
  return isObject(value) ? value : {}
}

const change = fc.record({ at: fc.nat(), to: fc.nat() })
const index = fc.oneof(fc.integer({ min: -1, max: 4 }), fc.constantFrom(0.5, '0', null, undefined, '__proto__'))
const anyType = fc.oneof(
  word,
  fc.constantFrom(
    'message_start',
    'content_block_start',
    'content_block_delta',
    'content_block_stop',
    'message_delta',
    'message_stop',
    'error',
    'ping',
  ),
)
const innerType = fc.oneof(
  word,
  fc.constantFrom<string>(...deltasByBlock.keys(), ...[...deltasByBlock.values()].flat()),
)

type Alter = (events: readonly JsonObject[]) => readonly JsonObject[]

/** A change of one event, or of the place of one. */
const alteration: fc.Arbitrary<Alter> = fc.oneof(
  change.map(
    ({ at }): Alter =>
      (events) =>
        events.toSpliced(at % events.length, 1),
  ),
  change.map(
    ({ at, to }): Alter =>
      (events) =>
        events.toSpliced(to % events.length, 0, ...events.slice(at % events.length).slice(0, 1)),
  ),
  change.map(
    ({ at, to }): Alter =>
      (events) =>
        swapped(events, at % events.length, to % events.length),
  ),
  alter(index, (one, index) => ({ ...one, index })),
  alter(anyType, (one, type) => ({ ...one, type })),
  alter(innerType, (one, type) => ({ ...one, content_block: { ...inner(one), type } })),
  alter(innerType, (one, type) => ({ ...one, delta: { ...inner(one), type } })),
  alter(fc.tuple(word, fc.jsonValue({ maxDepth: 1 })), (one, [key, value]) => ({ ...one, usage: own(key, value) })),
  alter(fc.tuple(word, fc.jsonValue({ maxDepth: 1 })), (one, [key, value]) => ({ ...one, delta: own(key, value) })),
  alter(fc.jsonValue({ maxDepth: 2 }), (one, message) => ({ ...one, message })),
)

/** Places in a stream, and pointers to what could not be read of the event there. */
export const holes: fc.Arbitrary<readonly (readonly [at: number, path: string])[]> = fc.array(
  fc.tuple(
    fc.nat(20),
    fc.constantFrom(
      ...['/index', '/content_block', '/content_block/type', '/content_block/text', '/delta', '/delta/type'],
      ...['/delta/text', '/delta/stop_reason', '/message', '/message/content', '/message/usage/input_tokens'],
      ...['/usage', '/usage/output_tokens', '/error', '/error/type', '/__proto__', '/delta/constructor'],
    ),
  ),
  { minLength: 1, maxLength: 4 },
)

/** One to three of them. */
export const alterations: fc.Arbitrary<Alter> = fc
  .array(alteration, { minLength: 1, maxLength: 3 })
  .map((all) => (events) => all.reduce((altered, one) => (altered.length > 0 ? one(altered) : altered), events))

function alter<T>(value: fc.Arbitrary<T>, make: (one: JsonObject, value: T) => JsonObject): fc.Arbitrary<Alter> {
  return fc.tuple(fc.nat(), value).map(
    ([at, to]): Alter =>
      (events) =>
        events.map((one, place) => (place === at % events.length ? make(one, to) : one)),
  )
}

function swapped(events: readonly JsonObject[], one: number, other: number): readonly JsonObject[] {
  const place = (at: number) => (at === one ? other : at === other ? one : at)
  return events.map((event, at) => events[place(at)] ?? event)
}

function inner(one: JsonObject): object {
  const value = one['content_block'] ?? one['delta']
  return typeof value === 'object' && value !== null ? value : {}
}

/** An object that has this key itself, also where it is `__proto__`. */
function own(key: string, value: unknown): JsonObject {
  return Object.fromEntries([[key, value]])
}
