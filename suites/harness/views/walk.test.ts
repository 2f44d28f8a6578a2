import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { deltasByBlock } from '../../../schemas/values.ts'
import type { RequirementId } from '../../ids.ts'
import type { JsonObject } from '../wire/json.ts'
import { event, hello, numbered } from './examples.ts'
import { alterations, legalStream, words, type LegalStream } from './legal-stream.ts'
import { walk, type Walked } from './walk.ts'

const { start, block, delta, stop, end, last, ping, error } = event
const text = { type: 'text', text: 'a' }

function walked(events: readonly JsonObject[], continues = false): Walked {
  const result = walk(numbered(events), continues)
  if ('by' in result) throw new Error(`${result.by}: ${JSON.stringify(result.finding)}`)
  return result
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
        { index: 0, start: block(0).content_block, startedBy: 3, deltas: [all[3], all[5]], stoppedBy: 7 },
        { index: 1, start: block(1).content_block, startedBy: 8, deltas: [], stoppedBy: 9 },
      ],
      messageDeltas: [all[9]],
      error: null,
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

  test('that an error ended has that error, and the blocks that were finished', () => {
    const events = [...hello.slice(0, 4), block(1), delta(1), error]
    expect(walked(events)).toMatchObject({ error: { number: 7, type: 'error' }, blocks: [{ index: 0 }] })
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
    walk(numbered([start(), block(0, { type }), delta(0, { type: by }), stop(0), end(), last]))

  test.for([...deltasByBlock])('%s: %j, and no other that is known', ([type, fits]) => {
    const taken = [...deltas].filter((by) => !('by' in growing(type, by)))
    expect(taken.toSorted()).toEqual([...fits].toSorted())
  })

  test.for<[type: string, by: string]>([
    ...words.map((word): [string, string] => ['text', word]),
    ...words.map((word): [string, string] => [word, 'text_delta']),
    ['redacted_thinking', 'hologram_delta'],
    ['advisor_tool_result', 'input_json_delta'],
  ])('of %s with %s nothing is known', ([type, by]) => {
    expect(growing(type, by)).not.toHaveProperty('by')
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
    ['streaming/indexes', 'a first index of 1', [start(), block(1)], 'event 2', 'index 0', 'index 1'],
    ['streaming/indexes', 'an index twice', [start(), block(0), stop(0), block(0)], 'event 4', 'index 1', 'index 0'],
    ['streaming/indexes', 'an index left out', [start(), block(0), stop(0), block(2)], 'event 4', 'index 1', 'index 2'],
    ['streaming/indexes', 'an index in words', [start(), block('0')], 'event 2', 'index 0', 'index "0"'],
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
    expect(walk(numbered(events))).toEqual({ by, finding: { at, expected, actual } })
  })

  test.for<[about: string, begun: readonly object[], indexes: readonly number[], due: number]>([
    ['between those that count and those that do not', [text, text], [1], 2],
    ['beyond those that were begun', [text, text], [3], 2],
    ['counting anew in the middle', [text, text], [2, 0], 3],
    ['counting those that were begun in the middle', [text, text], [0, 3], 1],
    ['where none was begun', [], [1], 0],
  ])('by its index, where code goes on: %s', ([, begun, indexes, due]) => {
    const blocks = indexes.flatMap((index) => [block(index), stop(index)])
    expect(walk(numbered([start(begun), ...blocks, end(), last]), true)).toMatchObject({
      by: 'streaming/indexes',
      finding: { at: `event ${2 * indexes.length}`, expected: `index ${due}`, actual: `index ${indexes.at(-1)}` },
    })
  })

  test('only the first is told', () => {
    expect(walk(numbered([start(), block(7), block(8), last]))).toMatchObject({ finding: { at: 'event 2' } })
  })

  test('what is no object has no content and fits', () => {
    const bare = { type: 'content_block_start', index: 0, content_block: [] }
    const events = [{ type: 'message_start', message: 'x' }, bare, { ...delta(0), delta: 7 }, stop(0), end(), last]
    expect(walked(events)).toMatchObject({ start: { message: {} }, blocks: [{ start: {}, deltas: [{}] }] })
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
          expect([events[startedBy - 1], events[stoppedBy - 1]]).toMatchObject([block(index, {}), stop(index)])
        for (const one of [...messageDeltas, ...(error ? [error] : [])]) expect(typeOf(one.number)).toBe(one.type)
      }),
    )
  })

  test('altered, it is refused, if at all, for an event that is there, and not before the first that was altered', () => {
    fc.assert(
      fc.property(legalStream, alterations, ({ events, continues }, alter) => {
        const altered = alter(events)
        const result = walk(numbered(altered), continues)
        if (!('by' in result)) return
        const [, after, number] = /^(after )?event (\d+)$/.exec(result.finding.at) ?? []
        const place = Number(number)
        const firstAltered = altered.findIndex((one, at) => one !== events[at])
        if (after) expect(place).toBe(altered.length)
        else if (altered.length === 0) expect(place).toBe(1)
        else expect(altered.map((_, at) => at + 1)).toContain(place)
        expect(after ? place + 1 : place).toBeGreaterThan(firstAltered < 0 ? altered.length : firstAltered)
      }),
      { numRuns: 500 },
    )
  })
})
