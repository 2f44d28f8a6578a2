import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import type { RequirementId } from '../../ids.ts'
import type { Answered } from '../wire/exchange.ts'
import type { JsonObject } from '../wire/json.ts'
import { answered, event, eventStream, exchange, hello, unanswered } from './examples.ts'
import { holeAt, stripped } from './holes.ts'
import { clock, readStream, type Doubts } from './stream.ts'

const read = (text: string, came: Answered = answered(text)) => readStream(text, exchange(came))

/** What is found in a body, as `[requirement, at, expected, actual]`. */
function found(text: string): (readonly [by: RequirementId, at: string, expected: string, actual: string])[] {
  const got = read(text)
  return ('found' in got ? got.found : got.refusals).map(({ by, finding: { at, expected, actual } }) => [
    by,
    at,
    expected,
    actual,
  ])
}

/** The events of a body, each with what of it could not be read: `3 ping`, `4 content_block_delta without /index, /delta`. */
function events(text: string, doubts?: Doubts): readonly string[] {
  const got = readStream(text, exchange(answered(text)), doubts)
  if ('refusals' in got) return ['refused']
  return got.streamed.events.map(({ number, type, data, holed }) => {
    const { voids } = stripped(data)
    if (voids.length > 0) expect(holed).toBe(true)
    return `${number} ${type}${voids.length > 0 ? ` without ${voids.map(({ path }) => path).join(', ')}` : ''}`
  })
}

const ping = 'event: ping\ndata: {"type":"ping"}\n\n'

describe('a stream that can be read', () => {
  test('its events, counted, each with the time at which it was whole', () => {
    const text = eventStream([event.start(), event.ping, event.last])
    const lengths = [event.start(), event.ping, event.last].map((one) => eventStream([one]).length)
    const came = answered(text, { chunks: lengths.map((length, index) => [10 * index, length]) })
    expect(read(text, came)).toEqual({
      streamed: {
        events: [
          { number: 1, type: 'message_start', data: event.start(), at: 0 },
          { number: 2, type: 'ping', data: event.ping, at: 10 },
          { number: 3, type: 'message_stop', data: event.last, at: 20 },
        ],
        bom: false,
        cut: [],
      },
      found: [],
    })
  })

  test.for<[about: string, text: string, types: readonly string[], bom: boolean]>([
    ['none at all', '', [], false],
    ['an event of any other name', 'event: hologram\ndata: {"type":"hologram"}\n\n', ['hologram'], false],
    ['a name that objects inherit', 'event: toString\ndata: {"type":"toString"}\n\n', ['toString'], false],
    ['a byte order mark', `\uFEFF${ping}`, ['ping'], true],
    ['a list in a comment', `: [1]\n${ping}`, ['ping'], false],
    [
      'events that make no sense together',
      eventStream([event.last, event.stop(3)]),
      ['message_stop', 'content_block_stop'],
      false,
    ],
  ])('%s', ([, text, types, bom]) => {
    const got = read(text)
    expect('streamed' in got && got.streamed.events.map(({ type }) => type)).toEqual(types)
    expect(got).toMatchObject({ streamed: { bom, cut: [] }, found: [] })
  })
})

describe('what is no stream', () => {
  test.each(['{"type":"message"}', '[1]', '<html>', ' \n{}'])('%j', (text) => {
    const about = 'an event stream, since stream is true'
    expect(found(text)).toEqual([['streaming/served', 'body', about, text.trim()]])
  })
})

describe('what clients would stumble over', () => {
  const framed = 'streaming/framed'
  test.for<[about: string, text: string, ...ReturnType<typeof found>[number]]>([
    ['a name without data', 'event: ping\n\n', framed, 'event 1, byte 0', 'data after event: ping', 'a blank line'],
    [
      'an event cut short',
      `${ping}event: ping\ndata: {"ty`,
      framed,
      'event 2, byte 35',
      'a blank line after the event',
      'the end of the body, after ping',
    ],
    [
      'data cut short',
      'data: {"ty',
      framed,
      'event 1, byte 0',
      'a blank line after the event',
      'the end of the body, after data',
    ],
    [
      'a stray line',
      `${ping}Hello  there\n\n`,
      framed,
      'event 2, byte 35',
      'a field: event, data, id or retry',
      'Hello there',
    ],
    ['a NUL', `: \0\n${ping}`, framed, 'event 1, byte 2', 'text', 'a NUL character'],
    [
      '[DONE]',
      `${ping}data:  [DONE] \n\n`,
      'streaming/no-done',
      'event 2',
      'message_stop as the last word',
      '[DONE], which belongs to another protocol',
    ],
    [
      '[DONE] with a name',
      'event: done\ndata: [DONE]\n\n',
      'streaming/no-done',
      'event 1',
      'message_stop as the last word',
      '[DONE], which belongs to another protocol',
    ],
    [
      'no name',
      'data: {"type":  "ping"}\n\n',
      'streaming/named',
      'event 1',
      'an event line',
      'data only: {"type": "ping"}',
    ],
    ['no JSON', 'event: ping\ndata: pong\n\n', 'streaming/data-json', 'event 1 data', 'one JSON object', 'pong'],
    ['no object', 'event: ping\ndata: [1]\n\n', 'streaming/data-json', 'event 1 data', 'one JSON object', '[1]'],
    [
      'no data in the data',
      'event: ping\ndata:\n\n',
      'streaming/data-json',
      'event 1 data',
      'one JSON object',
      'nothing',
    ],
    [
      'two names',
      `${ping}event: ping\ndata: {"type":"pong"}\n\n`,
      'streaming/name-is-type',
      'event 2',
      'type ping, as the event line says',
      'type "pong"',
    ],
    [
      'a name and no type',
      'event: ping\ndata: {}\n\n',
      'streaming/name-is-type',
      'event 1',
      'type ping, as the event line says',
      'type missing',
    ],
  ])('%s', ([, text, ...refusal]) => {
    expect(found(text)).toEqual([refusal])
  })

  const done = 'data: [DONE]\n\n'
  const end = 'event: message_stop\ndata: {"type":"message_stop"}\n\n'
  const failure = 'event: error\ndata: {"type":"error","error":{"type":"api_error","message":"Overloaded"}}\n\n'
  test.for<[about: string, text: string, by: readonly RequirementId[], events: readonly string[]]>([
    ['a stray line before a nameless event', 'Hello\ndata: {}\n\n', ['streaming/framed', 'streaming/named'], []],
    [
      'a nameless event before a stray line',
      `data: {"type":"ping"}\n\nHello\n\n${ping}`,
      ['streaming/named', 'streaming/framed'],
      ['1 ping', '2 ping'],
    ],
    [
      'a stray line inside of an event',
      'event: ping\nHello\ndata: {"type":"ping"}\n\n',
      ['streaming/framed'],
      ['1 ping'],
    ],
    ['a stray line that tears the data apart', 'event: ping\ndata: {"ty\nHello\n\n', ['streaming/framed'], ['1 ping']],
    [
      'the same in a delta',
      `event: content_block_delta\ndata: {"ty\nHello\n\n${ping}`,
      ['streaming/framed'],
      ['1 content_block_delta without /index, /delta', '2 ping'],
    ],
    [
      'its data without being called so',
      `event: message_delta\n{"type":"message_delta",\n"delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":1}}\n\n${ping}`,
      ['streaming/framed'],
      ['1 message_delta', '1 ping'],
    ],
    ...['Data: ', 'data : ', ' data: '].map((called): [string, string, readonly RequirementId[], readonly string[]] => [
      `its data called "${called}"`,
      `event: message_stop\n${called}{"type":"message_stop"}\n\n${ping}`,
      ['streaming/framed'],
      ['1 message_stop', '1 ping'],
    ]),
    [
      'the same of a last event without its blank line',
      `${ping}event: message_delta\n{"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":1}}`,
      ['streaming/framed'],
      ['1 ping', '2 message_delta'],
    ],
    [
      'a line that is no field, and no data either',
      `event: message_delta\n{"delta":\n\n${ping}`,
      ['streaming/framed'],
      ['1 message_delta without /delta, /usage', '1 ping'],
    ],
    [
      'the data of another event without being called so',
      `event: message_delta\n{"type":"ping"}\n\n${ping}`,
      ['streaming/framed'],
      ['1 message_delta without /delta, /usage', '1 ping'],
    ],
    ['two stray lines', `Hello\nthere\n\n${ping}`, ['streaming/framed'], ['1 ping']],
    [
      'two frames that are no JSON',
      'event: message_start\ndata: x\n\nevent: error\ndata: y\n\n',
      ['streaming/data-json'],
      ['1 message_start without /message', '2 error without /error'],
    ],
    [
      'a name without data, of an event with fields',
      `event: message_delta\n\n${ping}`,
      ['streaming/framed'],
      ['1 message_delta without /delta, /usage', '1 ping'],
    ],
    ['[DONE] instead of an end', `${ping}${done}`, ['streaming/no-done'], ['1 ping', '2 done']],
    ['[DONE] behind the end', `${end}${done}`, ['streaming/no-trailing-done'], ['1 message_stop', '2 done']],
    ['[DONE] behind an error', `${failure}${done}`, ['streaming/no-trailing-done'], ['1 error', '2 done']],
    [
      '[DONE] behind the end, without a blank line',
      `${end}data: [DONE]\n`,
      ['streaming/no-trailing-done'],
      ['1 message_stop', '2 done'],
    ],
    ['[DONE] instead of an end, without a blank line', `${ping}data: [DONE]\n`, ['streaming/framed'], ['1 ping']],
    [
      '[DONE] behind the end, with a name',
      `${end}event: done\n${done}`,
      ['streaming/no-done'],
      ['1 message_stop', '2 done'],
    ],
    [
      '[DONE] before the end and behind it',
      `${done}${end}${done}`,
      ['streaming/no-done', 'streaming/no-trailing-done'],
      ['1 done', '2 message_stop', '3 done'],
    ],
    ['[DONE] twice', `${done}${done}${ping}`, ['streaming/no-done'], ['1 done', '2 done', '3 ping']],
    [
      'names that say what the data does not',
      'event: message_stop\ndata: {}\n\nevent: ping\ndata: {"type":"message_stop"}\n\n',
      ['streaming/name-is-type'],
      ['1 message_stop', '2 message_stop'],
    ],
    [
      'data of a type nobody knows under a name that is known',
      'event: content_block_stop\ndata: {"type":"stop","index":0}\n\n',
      ['streaming/name-is-type'],
      ['1 content_block_stop'],
    ],
    [
      'a word that objects inherit, under another',
      'event: toString\ndata: {"type":"constructor"}\n\n',
      ['streaming/name-is-type'],
      ['1 constructor'],
    ],
    [
      'the last event without its blank line, which is whole',
      `${ping}event: message_stop\ndata: {"type":"message_stop"}`,
      ['streaming/framed'],
      ['1 ping', '2 message_stop'],
    ],
    ['the last event, half of it', `${ping}event: message_stop\ndata: {"ty`, ['streaming/framed'], ['1 ping']],
    [
      'the last event, wrong beside that',
      `${ping}event: message_stop\ndata: {"type":"ping"}`,
      ['streaming/framed'],
      ['1 ping'],
    ],
  ])('is found once a kind, and read past: %s', ([, text, by, read]) => {
    expect(found(text).map(([owner]) => owner)).toEqual(by)
    expect(events(text)).toEqual(read.length > 0 ? read : ['refused'])
  })

  test.for<[about: string, text: string, cut: readonly RequirementId[]]>([
    ['whole', ping, []],
    ['whole but for a blank line', ping.trimEnd(), []],
    ['half an event', `${ping}event: ping\ndata: {"ty`, ['streaming/framed']],
    ['a nameless event that is no JSON', `${ping}data: x\n\n`, ['streaming/data-json']],
    ['an event without any name', `${ping}data: {}\n\n`, ['streaming/named']],
  ])('who says that the rest did not come: %s', ([, text, cut]) => {
    const got = read(text)
    expect('streamed' in got && got.streamed.cut).toEqual(cut)
  })

  test('of a body that was cut, its end is no finding', () => {
    const got = readStream(`${ping}event: ping\ndata: {"ty`, exchange(unanswered), { cut: ['transport/whole'] })
    expect(got).toMatchObject({ streamed: { events: [{ number: 1 }], cut: ['transport/whole'] }, found: [] })
  })

  test('where characters had to be guessed, only what is ASCII is told', () => {
    const text = eventStream(hello.with(2, event.delta(0, { type: 'text_delta', text: 'Hé' })))
    expect(events(text, { guessed: ['transport/readable'] })).toEqual([
      '1 message_start',
      '2 content_block_start',
      '3 content_block_delta without /index, /delta',
      '4 content_block_stop',
      '5 message_delta',
      '6 message_stop',
    ])
    const got = readStream(text, exchange(unanswered), { guessed: ['transport/readable'] })
    expect('found' in got && got.found).toEqual([])
    expect('streamed' in got && holeAt(got.streamed.events[2]?.data, 'delta')).toEqual(['transport/readable'])
  })
})

test('a message_start without stop_reason is found, and loses nothing by it', () => {
  const { stop_reason: _, ...message } = event.start().message
  const text = eventStream([{ type: 'message_start', message }, event.last])
  expect(found(text)).toEqual([
    ['streaming/stop-reason-at-start', 'event 1 /message/stop_reason', 'to be there', 'missing'],
  ])
  expect(events(text)).toEqual(['1 message_start', '2 message_stop'])
})

describe('the requirement that owns a part of an event', () => {
  const { message } = event.start()
  const omit = (value: object, key: string): JsonObject => ({ ...value, [key]: undefined })
  const block = (content_block: JsonObject) => event.block(0, content_block)

  test.for<[data: JsonObject, by: RequirementId, at: string]>([
    [omit(event.start(), 'message'), 'streaming/message-start-shape', '/message'],
    [{ ...event.start(), message: omit(message, 'id') }, 'streaming/message-start-shape', '/message/id'],
    [
      { ...event.start(), message: { ...message, stop_reason: 7 } },
      'streaming/message-start-shape',
      '/message/stop_reason',
    ],
    [{ ...event.start(), message: omit(message, 'usage') }, 'usage/message-start', '/message/usage'],
    [event.start([], { output_tokens: 1 }), 'usage/message-start', '/message/usage/input_tokens'],
    [{ ...event.block(0), index: '0' }, 'streaming/indexes', '/index'],
    [omit(event.delta(0), 'index'), 'streaming/indexes', '/index'],
    [event.stop(-1), 'streaming/indexes', '/index'],
    [block({ type: 'text' }), 'streaming/block-start-shape', '/content_block/text'],
    [block({ type: 'tool_use', id: 't', input: {} }), 'tools/block-start-shape', '/content_block/name'],
    [block({ type: 'thinking' }), 'thinking/block-start-shape', '/content_block/thinking'],
    [block({ type: 'redacted_thinking' }), 'streaming/block-start-shape', '/content_block/data'],
    [omit(event.block(0), 'content_block'), 'streaming/block-start-shape', '/content_block'],
    [event.delta(0, { type: 'text_delta' }), 'streaming/delta-shape', '/delta/text'],
    [omit(event.delta(0), 'delta'), 'streaming/delta-shape', '/delta'],
    [omit(event.end(), 'delta'), 'streaming/message-delta-shape', '/delta'],
    [event.end({ stop_reason: 7 }), 'streaming/message-delta-shape', '/delta/stop_reason'],
    [omit(event.end(), 'usage'), 'usage/message-delta', '/usage'],
    [event.end({}, { output_tokens: '6' }), 'usage/message-delta', '/usage/output_tokens'],
    [{ type: 'error', message: 'Overloaded' }, 'errors/in-stream-envelope', '/error'],
    [{ type: 'error', error: { type: 'api_error' } }, 'errors/in-stream-envelope', '/error/message'],
  ])('%j', ([data, by, at]) => {
    const text = eventStream([event.ping, data, event.last])
    expect(found(text).map(([owner, place]) => [owner, place])).toEqual([[by, `event 2 ${at}`]])
    expect(events(text)).toEqual(['1 ping', `2 ${String(data['type'])} without ${at}`, '3 message_stop'])
  })

  test('the same fault in every event is told once, and each has its hole', () => {
    const text = eventStream([event.delta(0, { type: 'text_delta' }), event.delta(1, { type: 'text_delta', text: 7 })])
    expect(found(text).map(([owner, place]) => [owner, place])).toEqual([
      ['streaming/delta-shape', 'event 1 /delta/text'],
    ])
    expect(events(text)).toEqual([
      '1 content_block_delta without /delta/text',
      '2 content_block_delta without /delta/text',
    ])
  })

  test('an event that is wrong twice is told twice', () => {
    const data = { ...event.end({ stop_reason: 7 }), usage: {} }
    expect(found(eventStream([data])).map(([by]) => by)).toEqual([
      'streaming/message-delta-shape',
      'usage/message-delta',
    ])
  })
})

describe('when a byte of the body had come', () => {
  const chunks = [
    [5, 10],
    [7, 0],
    [9, 10],
    [30, 1],
  ] as const
  const at = (came: Parameters<typeof exchange>[0], ...ends: number[]) => ends.map(clock(exchange(came)))

  test('is when its chunk came', () => {
    const headers = [['content-type', 'text/event-stream']] as const
    expect(at(answered('', { chunks, headers }), 1, 10, 11, 20, 21)).toEqual([5, 5, 9, 9, 30])
    expect(at(answered('', { chunks: [[5, 10]] }), 1, 10)).toEqual([5, 5])
  })

  test('bytes beyond all chunks came with the last', () => {
    expect(at(answered('', { chunks }), 22, 99)).toEqual([30, 30])
  })

  test.for([
    ['nothing came', unanswered],
    ['no times were kept', answered('x', { chunks: [] })],
    ['the body is compressed', answered('x', { chunks, headers: [['Content-Encoding', 'gzip']] })],
  ] as const)('nobody can tell where %s', ([, came]) => {
    expect(at(came, 1)).toEqual([null])
  })

  test('of a compressed stream the events have no times', () => {
    const text = eventStream(hello)
    const packed = gzipSync(text)
    const came = { ...answered(''), body: packed, headers: [['content-encoding', 'gzip']] as const }
    const got = read(text, came)
    expect('streamed' in got && new Set(got.streamed.events.map((one) => one.at))).toEqual(new Set([null]))
  })
})
