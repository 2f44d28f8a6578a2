import { createParser } from 'eventsource-parser'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readEventStream } from './event-stream.ts'

const names = (text: string) => readEventStream(text).frames.map(({ event, data }) => [event, data])
const faults = (text: string) => readEventStream(text).faults

describe('frames', () => {
  test('an event as the official API writes it, with its place in the body', () => {
    const text = 'event: ping\ndata: {"type":"ping"}\n\nevent: message_stop\ndata: {}\n\n'
    expect(readEventStream(text)).toEqual({
      frames: [
        { number: 1, event: 'ping', data: '{"type":"ping"}', start: 0, end: 35 },
        { number: 2, event: 'message_stop', data: '{}', start: 35, end: 65 },
      ],
      faults: [],
      bom: false,
    })
  })

  test.each([
    ['LF', 'event: a\ndata: 1\n\nevent: b\ndata: 2\n\n'],
    ['CRLF', 'event: a\r\ndata: 1\r\n\r\nevent: b\r\ndata: 2\r\n\r\n'],
    ['CR', 'event: a\rdata: 1\r\revent: b\rdata: 2\r\r'],
    ['mixed', 'event: a\r\ndata: 1\n\revent: b\rdata: 2\n\n'],
    ['no space after the colon', 'event:a\ndata:1\n\nevent:b\ndata:2\n\n'],
    ['data before the name', 'data: 1\nevent: a\n\ndata: 2\nevent: b\n\n'],
    ['comments', ': hello\nevent: a\n: keep-alive\ndata: 1\n\n:\n\nevent: b\ndata: 2\n\n: bye'],
    ['many blank lines', '\n\n\nevent: a\ndata: 1\n\n\n\nevent: b\ndata: 2\n\n\n'],
    ['fields that mean nothing here', 'id: 1\nretry: 500\nevent: a\ndata: 1\nx-trace: 9\n\nid\nevent: b\ndata: 2\n\n'],
  ])('reads %s alike, without a fault', (_, text) => {
    expect(names(text)).toEqual([
      ['a', '1'],
      ['b', '2'],
    ])
    expect(faults(text)).toEqual([])
  })

  test('joins data lines by a line feed and keeps all but one leading space', () => {
    expect(names('event: a\ndata: 1\ndata\ndata:  2 \n\n')).toEqual([['a', '1\n\n 2 ']])
  })

  test('an empty data line is an event, an empty name is none', () => {
    expect(names('event:\ndata:\n\ndata: 1\n\n')).toEqual([
      [null, ''],
      [null, '1'],
    ])
  })

  test('a field name is exact: neither a longer nor a capitalised one counts', () => {
    expect(names('event: a\ndatum: 1\nData: 1\ndata: 2\n\n')).toEqual([['a', '2']])
  })

  test('counts in bytes of UTF-8, whatever the characters', () => {
    const text = '\uFEFFevent: a\ndata: "é漢😀"\n\nevent: b\ndata: ü\n\n'
    const { frames, bom } = readEventStream(text)
    const bytes = Buffer.from(text)
    expect(bom).toBe(true)
    expect(frames.map(({ start, end }) => bytes.subarray(start, end).toString())).toEqual([
      'event: a\ndata: "é漢😀"\n\n',
      'event: b\ndata: ü\n\n',
    ])
  })

  test('a byte order mark is told, and stripped only where it is first', () => {
    expect(readEventStream('\uFEFFevent: a\ndata: 1\n\n').bom).toBe(true)
    expect(faults('\n\uFEFFevent: a\ndata: 1\n\n')).toEqual([
      { kind: 'stray-line', line: '\uFEFFevent: a', frame: 1, at: 1 },
    ])
  })

  test('nothing in, nothing out', () => {
    expect(readEventStream('')).toEqual({ frames: [], faults: [], bom: false })
  })
})

describe('faults that a tolerant reader hides', () => {
  test('a name without data, which is never dispatched', () => {
    const text = 'event: a\ndata: 1\n\nevent: ping\n\nevent: b\ndata: 2\n\n'
    expect(names(text)).toEqual([
      ['a', '1'],
      ['b', '2'],
    ])
    expect(faults(text)).toEqual([{ kind: 'no-data', name: 'ping', rest: null, frame: 2, at: 18 }])
  })

  test.each([
    ['nothing', '', null],
    ['a comment', ': 1\n', null],
    ['one line', '{}\n', '{}'],
    ['several lines', '{\r\n}\r\n', '{\r\n}'],
    ['a field that means nothing here', 'Data: {}\n', 'Data: {}'],
    ['lines around another', '{\n: 1\n}\n', '{\n: 1\n}'],
  ])('what stands beside a name without data: %s', (_, lines, rest) => {
    const text = `event: a\n{}\ndata: 1\n\nevent: b\n${lines}`
    const told = faults(`${text}\n`).filter(({ kind }) => kind === 'no-data')
    expect(told).toMatchObject([{ name: 'b', rest, frame: 2 }])
    expect(faults(text).filter(({ kind }) => kind === 'unterminated')).toMatchObject([{ name: 'b', rest, frame: 2 }])
  })

  test.each([
    ['no blank line', 'event: b\ndata: 2\n'],
    ['no line end at all', 'event: b\ndata: 2'],
  ])('a last event with %s is lost', (_, last) => {
    const text = `event: a\ndata: 1\n\n${last}`
    expect(names(text)).toEqual([['a', '1']])
    expect(faults(text)).toEqual([{ kind: 'unterminated', name: 'b', data: '2', rest: null, frame: 2, at: 18 }])
  })

  test('a last name without data is lost too', () => {
    expect(faults('event: a\n')).toEqual([{ kind: 'unterminated', name: 'a', data: null, rest: null, frame: 1, at: 0 }])
  })

  test.each(['{"type":"ping"}', 'Hello', '<html lang="en">', ' data: 1', '[DONE]', 'data : 1'])(
    'a line that is no field: %s',
    (line) => {
      expect(faults(`event: a\ndata: 1\n\n${line}\n\n`)).toEqual([{ kind: 'stray-line', line, frame: 2, at: 18 }])
    },
  )

  test('a NUL, wherever it stands', () => {
    expect(faults('event: a\ndata: 1\n\nevent: b\ndata: 2\0\n\n')).toEqual([{ kind: 'nul', frame: 2, at: 34 }])
    expect(faults(': \0\n\n')).toEqual([{ kind: 'nul', frame: 1, at: 2 }])
  })

  test('a body that is no stream at all gives a hundred faults, not a million', () => {
    expect(faults('nonsense\n'.repeat(10_000))).toHaveLength(100)
  })
})

/** Streams of everything the grammar knows, and of what it does not. */
const line = fc
  .oneof(
    {
      weight: 4,
      arbitrary: fc.tuple(
        fc.constantFrom('data', 'event'),
        fc.constantFrom(':', ': ', ':  '),
        fc.string({ unit: 'grapheme' }),
      ),
    },
    { weight: 2, arbitrary: fc.constant(['', '', '']) },
    {
      weight: 1,
      arbitrary: fc.tuple(
        fc.constantFrom('id', 'retry', 'x', 'dat', 'events', ''),
        fc.constantFrom(':', ': '),
        fc.string({ unit: 'grapheme' }),
      ),
    },
    {
      weight: 1,
      arbitrary: fc.tuple(fc.constantFrom('data', 'event', 'id', '{"a":1}', 'é漢'), fc.constant(''), fc.constant('')),
    },
  )
  .map((parts) => parts.join('').replaceAll(/[\r\n]/g, ' '))

const stream = fc
  .array(fc.tuple(line, fc.constantFrom('\n', '\r', '\r\n')), { maxLength: 40 })
  .map((lines) => lines.flat().join(''))

function oracle(pieces: readonly string[]): [string | null, string][] {
  const events: [string | null, string][] = []
  const parser = createParser({ onEvent: ({ event, data }) => events.push([event ?? null, data]) })
  for (const piece of pieces) parser.feed(piece)
  // It waits after a final CR, since an LF may follow; the pair is one line end, so this changes nothing else.
  if (pieces.at(-1)?.endsWith('\r')) parser.feed('\n')
  return events
}

test('agrees with eventsource-parser on every event', () => {
  fc.assert(
    fc.property(stream, fc.array(fc.nat(), { maxLength: 4 }), (text, cuts) => {
      const at = [0, ...cuts.map((cut) => cut % (text.length + 1)), text.length].sort((a, b) => a - b)
      const pieces = at.slice(1).map((end, index) => text.slice(at[index], end))
      expect(names(text)).toEqual(oracle(pieces.filter((piece) => piece !== '')))
    }),
    { numRuns: 2_000 },
  )
})

test('what it says of a place is what stands there, read again alone', () => {
  fc.assert(
    fc.property(stream, (text) => {
      const bytes = Buffer.from(text)
      let before = 0
      for (const { event, data, start, end } of readEventStream(text).frames) {
        expect(start).toBeGreaterThanOrEqual(before)
        expect(names(bytes.subarray(start, end).toString())).toEqual([[event, data]])
        before = end
      }
    }),
  )
})
