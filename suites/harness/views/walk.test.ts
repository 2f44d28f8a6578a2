import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { deltasByBlock } from '../../../schemas/values.ts'
import type { RequirementId } from '../../ids.ts'
import type { JsonObject } from '../wire/json.ts'
import { event, hello, numbered } from './examples.ts'
import { pierced, stripped } from './holes.ts'
import { alterations, holes, legalStream, words, type LegalStream } from './legal-stream.ts'
import { walk, type Walked } from './walk.ts'

const { start, block, delta, stop, end, last, ping, error } = event
const text = { type: 'text', text: 'a' }

const found = (events: readonly JsonObject[], continues = false) =>
  walk(numbered(events), { beginsWithBlocks: continues }).found

/** A stream in which nothing is wrong. */
function walked(events: readonly JsonObject[], continues = false): Walked {
  const result = walk(numbered(events), { beginsWithBlocks: continues })
  expect(result.found).toEqual([])
  return result.walked
}

describe('a stream in legal order', () => {
  test('is handed on as it is, with what it is made of', () => {
    const [first, second] = [delta(0), delta(0)]
    const events = [start(), ping, block(0), first, ping, second, stop(0), block(1), stop(1), end(), last]
    const all = numbered(events)
    expect(walked(events)).toEqual({
      events: all,
      start: { number: 1, message: start().message },
      blocks: [
        { index: 0, start: block(0).content_block, startedBy: 3, deltas: [all[3], all[5]], stoppedBy: 7, unsure: [] },
        { index: 1, start: block(1).content_block, startedBy: 8, deltas: [], stoppedBy: 9, unsure: [] },
      ],
      messageDeltas: [all[9]],
      error: null,
      isSaid: true,
      lacks: { start: [], delta: [], rest: [] },
      startsFilled: false,
    })
  })

  test.for<[about: string, events: readonly JsonObject[]]>([
    ['no block', [start(), end(), last]],
    ['several message_deltas', [start(), end(), end(), end(), last]],
    ['pings everywhere', hello.flatMap((one) => [ping, one, ping])],
    ['events nobody knows everywhere', hello.flatMap((one) => [...words.map((type) => ({ type })), one, { type: '' }])],
    ['an error in a block', [start(), block(0), delta(0), error]],
    ['an error between blocks', [...hello.slice(0, 4), error, ping]],
    ['an error before the last word', [start(), end(), error]],
    ['a lone error', [error]],
    ['a lone error behind a ping', [ping, error]],
  ])('with %s', ([, events]) => {
    expect(walked(events).events).toHaveLength(events.length)
  })

  test('that an error ended has that error, and the blocks as far as they came', () => {
    const events = [...hello.slice(0, 4), block(1), delta(1), error]
    expect(walked(events)).toMatchObject({ error: { number: 7 }, blocks: [{ index: 0, stoppedBy: 4 }, { index: 1 }] })
    expect(walked([error])).toMatchObject({ error: { number: 1 }, start: null, blocks: [], messageDeltas: [] })
  })

  test.for<[about: string, begun: readonly object[], indexes: readonly number[]]>([
    ['none was begun', [], [0, 1]],
    ['those that were begun count', [text, text], [2, 3]],
    ['those that were begun do not count', [text, text], [0, 1]],
  ])('with indexes of code that goes on, where %s', ([, begun, indexes]) => {
    const blocks = indexes.flatMap((index) => [block(index), stop(index)])
    expect(walked([start(begun), ...blocks, end(), last], true).blocks.map(({ index }) => index)).toEqual(indexes)
  })
})

describe('which delta fits which block', () => {
  const deltas = new Set([...deltasByBlock.values()].flat())
  const growing = (type: string, by: string) =>
    found([start(), block(0, { type }), delta(0, { type: by }), stop(0), end(), last]).map((one) => one.by)

  test.for([...deltasByBlock])('%s: %j, and no other that is known', ([type, fits]) => {
    const taken = [...deltas].filter((by) => growing(type, by).length === 0)
    expect(taken.toSorted()).toEqual([...fits].toSorted())
    for (const by of deltas) if (!fits.includes(by)) expect(growing(type, by)).toEqual(['streaming/delta-fits'])
  })

  test.for<[type: string, by: string]>([
    ...words.map((word): [string, string] => ['text', word]),
    ...words.map((word): [string, string] => [word, 'text_delta']),
    ['redacted_thinking', 'hologram_delta'],
    ['advisor_tool_result', 'input_json_delta'],
  ])('of %s with %s nothing is known', ([type, by]) => {
    expect(growing(type, by)).toEqual([])
  })
})

describe('an event that leaves the order', () => {
  type Place = readonly [at: string, expected: string, actual: string]
  test.for<[by: RequirementId, about: string, events: readonly JsonObject[], ...Place]>([
    ['streaming/begins', 'nothing at all', [], 'event 1', 'message_start', 'no event'],
    ['streaming/begins', 'only pings', [ping, ping], 'after event 2', 'message_start', 'the end, after ping'],
    ['streaming/begins', 'a block first', [ping, block(0)], 'event 2', 'message_start first', 'content_block_start'],
    ['streaming/begins', 'the end first', [last], 'event 1', 'message_start first', 'message_stop'],
    [
      'streaming/begins',
      'two starts',
      [start(), start()],
      'event 2',
      'exactly one message_start',
      'another message_start',
    ],
    [
      'streaming/starts-empty',
      'a block in message_start',
      [start([text])],
      'event 1',
      '/message/content []',
      '1 block',
    ],
    [
      'streaming/starts-empty',
      'blocks in message_start',
      [start([text, text])],
      'event 1',
      '/message/content []',
      '2 blocks',
    ],
    [
      'streaming/one-block-at-a-time',
      'a block in a block',
      [start(), block(0), block(1)],
      'event 3',
      'content_block_stop of index 0 first',
      'content_block_start with index 1',
    ],
    [
      'streaming/one-block-at-a-time',
      'a block in a block, by an index in words',
      [start(), block(0), block('1')],
      'event 3',
      'content_block_stop of index 0 first',
      'content_block_start with index "1"',
    ],
    [
      'streaming/indexes',
      'a first index of 1, where nothing is said of content',
      [{ type: 'message_start', message: {} }, block(1)],
      'event 2',
      'index 0',
      'index 1',
    ],
    ['streaming/indexes', 'a first index of 1', [start(), block(1)], 'event 2', 'index 0', 'index 1'],
    ['streaming/indexes', 'an index twice', [start(), block(0), stop(0), block(0)], 'event 4', 'index 1', 'index 0'],
    ['streaming/indexes', 'an index left out', [start(), block(0), stop(0), block(2)], 'event 4', 'index 1', 'index 2'],
    [
      'streaming/open-block',
      'a delta outside',
      [start(), delta(0)],
      'event 2',
      'content_block_start first: no block is open',
      'content_block_delta with index 0',
    ],
    [
      'streaming/open-block',
      'a delta of another',
      [start(), block(0), delta(1)],
      'event 3',
      'index 0, the open block',
      'content_block_delta with index 1',
    ],
    [
      'streaming/open-block',
      'a delta behind the stop',
      [start(), block(0), stop(0), delta(0)],
      'event 4',
      'content_block_start first: no block is open',
      'content_block_delta with index 0',
    ],
    [
      'streaming/open-block',
      'a delta without index',
      [start(), delta(undefined)],
      'event 2',
      'content_block_start first: no block is open',
      'content_block_delta with index missing',
    ],
    [
      'streaming/open-block',
      'a stop outside',
      [start(), stop(0)],
      'event 2',
      'content_block_start first: no block is open',
      'content_block_stop with index 0',
    ],
    [
      'streaming/open-block',
      'a stop of another',
      [start(), block(0), stop(1)],
      'event 3',
      'index 0, the open block',
      'content_block_stop with index 1',
    ],
    [
      'streaming/delta-fits',
      'thinking in a text',
      [start(), block(0), delta(0, { type: 'thinking_delta' })],
      'event 3',
      'text_delta or citations_delta',
      'thinking_delta in a text block',
    ],
    [
      'streaming/delta-fits',
      'text in what comes complete',
      [start(), block(0, { type: 'redacted_thinking' }), delta(0)],
      'event 3',
      'no delta in a redacted_thinking block',
      'text_delta in a redacted_thinking block',
    ],
    [
      'streaming/blocks-closed',
      'message_delta in a block',
      [start(), block(0), end()],
      'event 3',
      'content_block_stop of index 0 first',
      'message_delta',
    ],
    [
      'streaming/blocks-closed',
      'message_stop in a block',
      [start(), block(0), last],
      'event 3',
      'content_block_stop of index 0 first',
      'message_stop',
    ],
    [
      'streaming/message-delta',
      'a block behind message_delta',
      [start(), end(), block(0)],
      'event 3',
      'no block after message_delta',
      'content_block_start',
    ],
    [
      'streaming/message-delta',
      'no message_delta',
      [start(), last],
      'event 2',
      'a message_delta before message_stop',
      'none',
    ],
    [
      'streaming/ends',
      'no end',
      [start(), end()],
      'after event 2',
      'message_stop, or an error event',
      'the end, after message_delta',
    ],
    [
      'streaming/ends',
      'no end of a block',
      [start(), block(0), ping],
      'after event 3',
      'message_stop, or an error event',
      'the end, after ping',
    ],
    [
      'streaming/ends',
      'more behind the end',
      [start(), end(), last, end()],
      'event 4',
      'nothing after message_stop',
      'message_delta',
    ],
    [
      'streaming/ends',
      'an error behind the end',
      [start(), end(), last, error],
      'event 4',
      'nothing after message_stop',
      'error',
    ],
    [
      'streaming/nothing-after-error',
      'more behind an error',
      [start(), error, ping, last],
      'event 4',
      'nothing after the error event',
      'message_stop',
    ],
    [
      'streaming/nothing-after-error',
      'a start behind an error',
      [error, start()],
      'event 2',
      'nothing after the error event',
      'message_start',
    ],
    [
      'streaming/nothing-after-error',
      'two errors',
      [error, error],
      'event 2',
      'nothing after the error event',
      'error',
    ],
  ])('%s: %s', ([by, , events, at, expected, actual]) => {
    expect(found(events).filter((one) => one.by === by)).toEqual([{ by, finding: { at, expected, actual } }])
  })

  test.for<[about: string, begun: readonly object[], indexes: readonly number[], due: number]>([
    ['between those that count and those that do not', [text, text], [1], 2],
    ['beyond those that were begun', [text, text], [3], 2],
    ['counting anew in the middle', [text, text], [2, 0], 3],
    ['counting those that were begun in the middle', [text, text], [0, 3], 1],
    ['where none was begun', [], [1], 0],
  ])('by its index, where code goes on: %s', ([, begun, indexes, due]) => {
    const blocks = indexes.flatMap((index) => [block(index), stop(index)])
    expect(found([start(begun), ...blocks, end(), last], true)).toEqual([
      {
        by: 'streaming/indexes',
        finding: { at: `event ${2 * indexes.length}`, expected: `index ${due}`, actual: `index ${indexes.at(-1)}` },
      },
    ])
  })

  test('once, at the first place, and what else is wrong beside it', () => {
    const events = [start(), block(7), delta(3), stop(7), block(9), delta(4), stop(9), last]
    expect(found(events).map(({ by, finding }) => `${by} at ${finding.at}`)).toEqual([
      'streaming/indexes at event 2',
      'streaming/open-block at event 3',
      'streaming/message-delta at event 8',
    ])
  })

  test('is not the end of a stream that somebody found to be cut', () => {
    const { walked, found } = walk(numbered(hello.slice(0, 3)), { cut: ['transport/whole'] })
    expect(found).toEqual([])
    expect(walked.lacks).toEqual({ start: [], delta: [], rest: ['transport/whole'] })
    expect(walked.blocks).toMatchObject([{ index: 0, deltas: [{ number: 3 }] }])
  })

  test('nor one that said all it had to say', () => {
    const { walked, found } = walk(numbered(hello.slice(0, -1)), { cut: ['transport/whole'] })
    expect(found).toEqual([])
    expect(walked.lacks.rest).toEqual([])
    expect(walk(numbered(hello.slice(0, -1))).walked.lacks.rest).toEqual([])
  })

  test('a delta that does not fit leaves open what its block brings, and no other block', () => {
    const misfit = delta(0, { type: 'thinking_delta' })
    const events = [start(), block(0), misfit, misfit, stop(0), block(1), delta(1), stop(1), end(), last]
    const { walked, found } = walk(numbered(events))
    expect(found.map(({ by, finding }) => `${by} at ${finding.at}`)).toEqual(['streaming/delta-fits at event 3'])
    expect(walked.blocks.map(({ unsure }) => unsure)).toEqual([['streaming/delta-fits'], []])
  })

  test('what is no object has no content and fits', () => {
    const bare = { type: 'content_block_start', index: 0, content_block: [] }
    const events = [{ type: 'message_start', message: 'x' }, bare, { ...delta(0), delta: 7 }, stop(0), end(), last]
    const { start, blocks } = walked(events)
    expect(start).toEqual({ number: 1, message: {} })
    expect(blocks).toEqual([
      { index: 0, start: {}, startedBy: 2, deltas: [numbered(events)[2]], stoppedBy: 4, unsure: [] },
    ])
  })
})

describe('of any legal stream', () => {
  const putIn = ({ start, blocks, ends, error }: LegalStream) => ({
    start,
    blocks: blocks.map(({ index, start, deltas }) => ({ index, start, deltas })),
    ends,
    error,
  })
  const takenOut = ({ start, blocks, messageDeltas, error }: Walked) => ({
    start: start?.message ?? null,
    blocks: blocks.map(({ index, start, deltas }) => ({
      index,
      start,
      deltas: deltas.map(({ data }) => data['delta']),
    })),
    ends: messageDeltas.map(({ data }) => data),
    error: error?.data ?? null,
  })

  test('what was put in is what comes out', () => {
    fc.assert(
      fc.property(legalStream, (stream) => {
        expect(takenOut(walked(stream.events, stream.continues))).toEqual(putIn(stream))
      }),
      { numRuns: 200 },
    )
  })

  test('each number is that of the event it speaks of', () => {
    fc.assert(
      fc.property(legalStream, ({ events, continues }) => {
        const { start, blocks, messageDeltas, error } = walked(events, continues)
        const typeOf = (number: number) => events[number - 1]?.['type']
        if (start) expect(typeOf(start.number)).toBe('message_start')
        for (const { index, startedBy, stoppedBy } of blocks)
          if (error && stoppedBy === startedBy) expect(events[startedBy - 1]).toMatchObject(block(index, {}))
          else expect([events[startedBy - 1], events[stoppedBy - 1]]).toMatchObject([block(index, {}), stop(index)])
        for (const one of [...messageDeltas, ...(error ? [error] : [])]) expect(typeOf(one.number)).toBe(one.type)
      }),
    )
  })

  test('it is handed on as it is, and nothing is found in it', () => {
    fc.assert(
      fc.property(legalStream, ({ events, continues }) => {
        const all = numbered(events)
        const { walked, found } = walk(all, { beginsWithBlocks: continues })
        expect(found).toEqual([])
        expect(walked.events).toBe(all)
        expect(walked.lacks).toEqual({ start: [], delta: [], rest: [] })
        expect(walked.blocks.flatMap(({ unsure }) => unsure)).toEqual([])
      }),
      { numRuns: 200 },
    )
  })

  test('altered, it is read; what is found is found once, of an event that is there, and not before the first that was altered', () => {
    fc.assert(
      fc.property(legalStream, alterations, ({ events, continues }, alter) => {
        const altered = alter(events)
        const { walked, found } = walk(numbered(altered), { beginsWithBlocks: continues })
        expect(walked.events).toHaveLength(altered.length)
        expect(new Set(found.map(({ by }) => by)).size).toBe(found.length)
        const firstAltered = altered.findIndex((one, at) => one !== events[at])
        for (const { finding } of found) {
          const [, after, number] = /^(after )?event (\d+)$/.exec(finding.at) ?? []
          const place = Number(number)
          if (after) expect(place).toBe(altered.length)
          else if (altered.length === 0) expect(place).toBe(1)
          else expect(altered.map((_, at) => at + 1)).toContain(place)
          expect(after ? place + 1 : place).toBeGreaterThan(firstAltered < 0 ? altered.length : firstAltered)
        }
      }),
      { numRuns: 500 },
    )
  })

  test('altered and with holes, it is read, and whoever dug them is all that is named beside what is found', () => {
    const by: readonly RequirementId[] = ['streaming/data-json']
    fc.assert(
      fc.property(legalStream, alterations, holes, ({ events, continues }, alter, dug) => {
        const altered = numbered(alter(events)).map((one, at) => {
          const voids = dug.flatMap(([place, path]) => (place % events.length === at ? [{ path, by }] : []))
          return voids.length === 0 ? one : { ...one, data: pierced<JsonObject>(one.data, voids), holed: true as const }
        })
        const { walked, found } = walk(altered, { beginsWithBlocks: continues })
        const known = new Set<RequirementId>([...found.map((one) => one.by), ...by])
        const named = [...Object.values(walked.lacks).flat(), ...walked.blocks.flatMap(({ unsure }) => unsure)]
        for (const one of named) expect(known).toContain(one)
        for (const { finding } of found) {
          const place = Number(/\d+$/.exec(finding.at)?.[0])
          expect(altered.some(({ number }) => number === place) || altered.length === 0).toBe(true)
        }
      }),
      { numRuns: 500 },
    )
  })
})

describe('what could not be read of an event', () => {
  const by: readonly RequirementId[] = ['streaming/data-json']
  /** A stream whose event `number` lost what these pointers name. */
  const losing = (events: readonly JsonObject[], number: number, ...paths: readonly string[]) =>
    walk(
      numbered(events).map((one) =>
        one.number === number
          ? {
              ...one,
              data: pierced<JsonObject>(
                one.data,
                paths.map((path) => ({ path, by })),
              ),
              holed: true as const,
            }
          : one,
      ),
    )

  test.for<[about: string, number: number, paths: readonly string[]]>([
    ['the index of a start', 2, ['/index']],
    ['the index of a delta', 3, ['/index']],
    ['the index of a stop', 4, ['/index']],
  ])('%s: it is the one that is due, or open', ([, number, paths]) => {
    const { walked, found } = losing(hello, number, ...paths)
    expect(found).toEqual([])
    expect(walked.blocks).toMatchObject([{ index: 0, startedBy: 2, stoppedBy: 4, deltas: [{ number: 3 }], unsure: [] }])
  })

  test.for<[about: string, number: number, path: string]>([
    ['a start', 2, '/content_block'],
    ['a delta', 3, '/delta'],
    ['the text of a delta', 3, '/delta/text'],
  ])('%s: what the block brings cannot be told', ([, number, path]) => {
    const { walked, found } = losing(hello, number, path)
    expect(found).toEqual([])
    expect(walked.blocks).toMatchObject([{ index: 0, unsure: by }])
  })

  test('the message of message_start: the beginning', () => {
    const { walked, found } = losing(hello, 1, '/message')
    expect(found).toEqual([])
    expect(walked).toMatchObject({ start: { number: 1, message: {} }, lacks: { start: by, delta: [], rest: [] } })
  })

  test('a start without an index, where another block is open: found and read', () => {
    const events = [start(), block(0), delta(0), block(1), delta(1), stop(1), stop(0), end(), last]
    const { walked, found } = losing(events, 4, '/index')
    expect(found.map((one) => one.by)).toEqual(['streaming/one-block-at-a-time'])
    expect(walked.blocks.map(({ index, stoppedBy }) => [index, stoppedBy])).toEqual([
      [0, 7],
      [1, 6],
    ])
  })
})

test('of a block in doubt already, what does not fit is no finding, and nobody else is in the way', () => {
  const by: readonly RequirementId[] = ['streaming/data-json']
  const torn = { data: pierced<JsonObject>(delta(0), [{ path: '/delta', by }]), holed: true as const }
  const all = numbered([...hello.slice(0, 3), delta(0, { type: 'thinking_delta' }), ...hello.slice(3)])
  const { walked, found } = walk(all.map((one) => (one.number === 3 ? { ...one, ...torn } : one)))
  expect(found).toEqual([])
  expect(walked.blocks).toMatchObject([{ unsure: by }])
})

test.for<[about: string, events: readonly JsonObject[], lacks: Partial<Walked['lacks']>]>([
  ['the start', hello.slice(1), { start: ['streaming/begins'] }],
  ['no start that came late', [ping, block(0), start(), ...hello.slice(2)], {}],
  ['the message_delta', hello.toSpliced(4, 1), { delta: ['streaming/message-delta'] }],
  ['the rest', hello.slice(0, 4), { rest: ['streaming/ends'] }],
  ['the rest of an open block', [start(), block(0), end()], { rest: ['streaming/ends'] }],
  ['nothing but message_stop', hello.slice(0, -1), {}],
])('who found that something is lacking: %s', ([, events, lacks]) => {
  expect(walk(numbered(events)).walked.lacks).toEqual({ start: [], delta: [], rest: [], ...lacks })
})

test.for<[about: string, events: readonly JsonObject[]]>([
  ['an error', [start(), block(0), delta(0), error]],
  ['message_stop', [start(), block(0), delta(0), stop(0), end(), last]],
])('what stands behind %s is left out', ([, events]) => {
  const after = [delta(0), block(1), end(), error, start()]
  const { walked, found } = walk(numbered([...events, ...after]))
  const { events: _, ...whole } = walk(numbered(events)).walked
  expect(walked).toMatchObject(whole)
  expect(walked.blocks.map(({ deltas }) => deltas.length)).toEqual([1])
  expect(found.map(({ finding }) => finding.at)).toEqual([`event ${events.length + 1}`])
})

describe('a block that is open no more, or was never open', () => {
  test('deltas and stops of blocks in each other find theirs by their index', () => {
    const events = [start(), block(0), block(1), delta(0), delta(1), delta(0), stop(0), delta(1), stop(1), end(), last]
    const { walked, found } = walk(numbered(events))
    expect(found.map(({ by }) => by)).toEqual(['streaming/one-block-at-a-time'])
    expect(walked.blocks.map(({ deltas }) => deltas.map(({ number }) => number))).toEqual([
      [4, 6],
      [5, 8],
    ])
  })

  test('a delta behind the stop of its block is put into it', () => {
    const events = [start(), block(0), stop(0), delta(0), end(), last]
    const { walked, found } = walk(numbered(events))
    expect(found.map(({ by }) => by)).toEqual(['streaming/open-block'])
    expect(walked.blocks).toMatchObject([{ deltas: [{ number: 4 }], unsure: [] }])
  })

  test.for<[delta: string, start: JsonObject]>([
    ['text_delta', { type: 'text', text: '' }],
    ['thinking_delta', { type: 'thinking', thinking: '' }],
    ['signature_delta', { type: 'thinking', thinking: '' }],
  ])('a lost start of what a %s belongs to', ([type, begun]) => {
    const { walked, found } = walk(numbered([start(), delta(0, { type }), delta(0, { type }), stop(0), end(), last]))
    expect(found.map(({ by }) => by)).toEqual(['streaming/open-block'])
    expect(walked.blocks).toMatchObject([{ index: 0, start: begun, startedBy: 2, stoppedBy: 4, unsure: [] }])
    expect(walked.blocks[0]?.deltas).toHaveLength(2)
  })

  test.for(['input_json_delta', 'citations_delta', ...words])('a lost start of what a %s may belong to', (type) => {
    const { walked, found } = walk(numbered([start(), delta(0, { type }), stop(0), end(), last]))
    expect(found.map(({ by }) => by)).toEqual(['streaming/open-block'])
    expect(stripped(walked.blocks[0]?.start ?? {}).voids.map(({ path }) => path)).toEqual(['/type', '/id', '/name'])
  })

  test('as many of them as there may be: each event is looked at once', () => {
    const many = 20_000
    const blocks = Array.from({ length: many }, (_, index) => block(index))
    const deltas = Array.from({ length: many }, () => delta(0))
    const foreign = Array.from({ length: many }, () => delta(-7))
    const stops = Array.from({ length: many }, (_, index) => stop(index))
    let looked = 0
    const counted = numbered([start(), ...blocks, ...deltas, ...foreign, ...stops, end(), last]).map((one) => ({
      ...one,
      get data() {
        looked++
        return one.data
      },
    }))
    const { walked, found } = walk(counted)
    expect(found.map(({ by }) => by)).toEqual(['streaming/one-block-at-a-time', 'streaming/open-block'])
    expect(walked.blocks).toHaveLength(many)
    expect(walked.blocks[0]?.deltas).toHaveLength(many)
    expect(walked.blocks.at(-1)?.deltas).toHaveLength(many)
    expect(looked).toBeLessThan(10 * counted.length)
  })
})
