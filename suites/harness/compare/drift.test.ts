import { describe, expect, test } from 'vitest'
import { call, exchangeOf, refused, saying, served, silent } from '../../self/by-hand.ts'
import { message } from '../../../schemas/examples.ts'
import { answered, event, hello, streamed } from '../views/examples.ts'
import type { Exchange } from '../wire/exchange.ts'
import { collecting, type Features } from './drift.ts'

function featuresOf(...tape: readonly Exchange[]): Features {
  const { add, features } = collecting()
  for (const exchange of tape) add(exchange)
  return features()
}

/** The types met at a place. */
function types(at: string, ...tape: readonly Exchange[]): readonly string[] | undefined {
  const met = featuresOf(...tape).shape.get(at)
  return met && [...met].toSorted()
}

describe('the shape of what was answered', () => {
  test('by kind of answer, place by place', () => {
    const { shape } = featuresOf(served('messages/hello'))
    expect(Object.fromEntries([...shape].map(([at, met]) => [at, [...met]]))).toEqual({
      'message ': ['object'],
      'message /id': ['string'],
      'message /type': ['string'],
      'message /role': ['string'],
      'message /model': ['string'],
      'message /content': ['array'],
      'message /content/text': ['object'],
      'message /content/text/type': ['string'],
      'message /content/text/text': ['string'],
      'message /stop_reason': ['string'],
      'message /usage': ['object'],
      'message /usage/input_tokens': ['number'],
      'message /usage/output_tokens': ['number'],
    })
  })

  test('all types that were met at a place', () => {
    const [a, b] = [served('messages/hello'), served('messages/cut', { stop_sequence: null })]
    expect(types('message /stop_sequence', a)).toBeUndefined()
    expect(types('message /stop_sequence', a, b, served('messages/cut', { stop_sequence: 'x' }))).toEqual([
      'null',
      'string',
    ])
  })

  test('blocks are told apart by their type', () => {
    const both = served('tools/single', { content: [...saying('a').content!, ...call.content!] })
    expect(types('message /content/tool_use/name', both)).toEqual(['string'])
    expect(types('message /content/text/name', both)).toBeUndefined()
  })

  test('what has no type has no name', () => {
    expect(
      types('message /list/*', exchangeOf('messages/hello', answered({ list: [1, 'a', { a: 1 }, { type: 7 }] }))),
    ).toEqual(['number', 'object', 'string'])
  })

  test('what the model or the caller chose is left out', () => {
    expect(types('message /content/tool_use/input', served('tools/single', call))).toBeUndefined()
    for (const free of ['input', 'parsed_output', 'metadata'])
      expect(types(`message /${free}`, exchangeOf('messages/hello', answered({ [free]: { a: 1 } })))).toBeUndefined()
  })

  test('errors, counts and models are kinds of their own', () => {
    const get = (path: string, method = 'GET'): Partial<Exchange> => ({
      sent: { method, path, headers: [], body: method === 'GET' ? null : '{}' },
    })
    expect(types('error /error/type', refused('messages/hello', 400))).toEqual(['string'])
    expect(
      types(
        'count /input_tokens',
        exchangeOf('tokens/short', answered({ input_tokens: 3 }), get('/v1/messages/count_tokens', 'POST')),
      ),
    ).toEqual(['number'])
    expect(types('models /data', exchangeOf('models/list', answered({ data: [] }), get('/v1/models')))).toEqual([
      'array',
    ])
  })

  test('of a stream, event by event', () => {
    const { shape } = featuresOf(served('messages/hello:stream'))
    expect([...(shape.get('event content_block_delta /delta/text') ?? [])]).toEqual(['string'])
    expect([...(shape.get('event message_start /message/id') ?? [])]).toEqual(['string'])
    expect(shape.has('message /id')).toBe(false)
  })

  test('of an answer that has no shape, so much and no more', () => {
    const wide = Object.fromEntries(Array.from({ length: 5000 }, (_, number) => [`key ${number}`, number]))
    const met = featuresOf(exchangeOf('messages/hello', answered(wide)), served('messages/cut')).shape
    expect(met.size).toBe(2000)
    expect([...(met.get('message ') ?? [])]).toEqual(['object'])
    expect(met.has('message /id')).toBe(false)
  })

  test('another type is noted all the same of a place that is known', () => {
    const wide = (value: unknown) =>
      Object.fromEntries(Array.from({ length: 5000 }, (_, number) => [`key ${number}`, value]))
    const tape = [1, 'a'].map((value) => exchangeOf('messages/hello', answered(wide(value))))
    expect(types('message /key 0', ...tape)).toEqual(['number', 'string'])
  })

  test('twelve levels deep, and no deeper', () => {
    let nested: unknown = 1
    for (let level = 0; level < 20; level++) nested = { a: nested }
    const { shape } = featuresOf(exchangeOf('messages/hello', answered(nested)))
    expect([...shape.keys()].at(-1)).toBe(`message ${'/a'.repeat(12)}`)
  })

  test('names that a gateway chose are as long as they can be read', () => {
    const { shape } = featuresOf(exchangeOf('messages/hello', answered({ ['k'.repeat(5000)]: 1 })))
    for (const at of shape.keys()) expect(at.length).toBeLessThan(200)
  })

  test('of what is no JSON, nothing', () => {
    expect(featuresOf(exchangeOf('messages/hello', answered('<html>'))).shape.size).toBe(0)
    expect(featuresOf(exchangeOf('messages/hello', { ...answered('{'), ends: 'cut' })).shape.size).toBe(0)
  })
})

test('which event followed which; pings may stand anywhere', () => {
  expect([...featuresOf(served('messages/hello:stream')).order]).toEqual([
    'start > message_start',
    'message_start > content_block_start',
    'content_block_start > content_block_delta',
    'content_block_delta > content_block_stop',
    'content_block_stop > message_delta',
    'message_delta > message_stop',
  ])
  expect(featuresOf(served('messages/hello')).order.size).toBe(0)
})

test('the models that Messages name, and their input tokens by exchange', () => {
  const { models, inputTokens } = featuresOf(
    served('messages/hello'),
    served('messages/hello:stream', { model: 'other' }),
    refused('messages/cut', 400),
  )
  expect([...models]).toEqual(['claude-reference', 'other'])
  expect([...inputTokens]).toEqual([
    ['messages/hello', 12],
    ['messages/hello:stream', 12],
  ])
})

describe('of what could not be read, the rest', () => {
  test('of a Message', () => {
    const tape = [
      exchangeOf('messages/hello', answered({ ...message, model: 7 })),
      exchangeOf('messages/cut', answered({ ...message, usage: {} })),
    ]
    const { models, inputTokens } = featuresOf(...tape)
    expect([...models]).toEqual(['claude-reference'])
    expect([...inputTokens]).toEqual([['messages/hello', 12]])
  })

  test('of a stream', () => {
    const { shape, order, models } = featuresOf({
      ...streamed(hello.with(2, event.delta(0, { type: 'text_delta', text: 7, more: 'x' }))),
      fixture: 'messages/hello:stream',
    })
    expect([...models]).toEqual(['claude-reference'])
    expect(order.has('content_block_delta > content_block_stop')).toBe(true)
    expect([...(shape.get('event content_block_delta /delta/more') ?? [])]).toEqual(['string'])
    expect(shape.has('event content_block_delta /delta/text')).toBe(false)
  })
})

test('the time of the first byte, where times were kept', () => {
  const late = exchangeOf('messages/hello', {
    ...answered('{"a":1}'),
    chunks: [
      [7, 3],
      [9, 4],
    ],
  })
  const untimed = exchangeOf('messages/cut', { ...answered('{}'), chunks: [] })
  expect([...featuresOf(late, untimed).firstByte]).toEqual([['messages/hello', 7]])
})

test('every exchange counts, also one without an answer', () => {
  const features = featuresOf(served('messages/hello'), silent('messages/cut'))
  expect(features.exchanges).toBe(2)
  expect([...features.firstByte.keys()]).toEqual(['messages/hello'])
})

describe('of an answer without measure', () => {
  const shapeOf = (body: unknown) => featuresOf(exchangeOf('messages/hello', answered(body))).shape
  const keys = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, at) => [`k${at}`, at]))

  test('two thousand places are noted, and what is met at them', () => {
    expect(shapeOf(keys(1_999)).size).toBe(2_000)
    const { shape } = featuresOf(
      exchangeOf('messages/hello', answered(keys(3_000))),
      exchangeOf('messages/hello', answered({ k0: 'x', other: 1 })),
    )
    expect(shape.size).toBe(2_000)
    expect([...(shape.get('message /k0') ?? [])]).toEqual(['number', 'string'])
  })

  test('twelve levels are noted', () => {
    const nested = (depth: number): unknown => (depth === 0 ? 1 : { a: nested(depth - 1) })
    expect(shapeOf(nested(12)).size).toBe(13)
    expect(shapeOf(nested(13)).size).toBe(13)
  })

  test('so many pairs of events are noted', () => {
    const events = Array.from({ length: 2_100 }, (_, at) => `event: e${at}\ndata: {"type":"e${at}"}\n\n`).join('')
    expect(featuresOf(exchangeOf('messages/hello:stream', answered(events))).order.size).toBe(2_000)
  })

  test('names are shown by their beginning', () => {
    const long = 'x'.repeat(500)
    const shown = `${'x'.repeat(117)}...`
    expect([...shapeOf({ [long]: [{ type: long }] }).keys()].at(-1)).toBe(`message /${shown}/${shown}/type`)
    expect([...featuresOf(served('messages/hello', { model: long })).models]).toEqual([shown])
    const named = answered(`event: ${long}\ndata: {"type":"${long}"}\n\n`.repeat(2))
    expect([...featuresOf(exchangeOf('messages/hello:stream', named)).order]).toEqual([
      `start > ${shown}`,
      `${shown} > ${shown}`,
    ])
  })
})
