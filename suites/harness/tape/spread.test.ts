import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { spread } from './spread.ts'

/** The texts that are put together from a body. */
function texts(body: string): string[] {
  return Buffer.from(spread(Buffer.from(body)).text)
    .toString('latin1')
    .split('\xff')
    .slice(0, -1)
}

const delta = (index: number, text: string): string =>
  `event: content_block_delta\ndata: ${JSON.stringify({ type: 'd', index, delta: { type: 't', text } })}\n\n`

describe('texts in pieces', () => {
  test('the deltas of a stream, by index and name', () => {
    expect(texts(delta(0, 'a') + delta(1, 'x') + delta(0, 'b') + delta(1, 'y'))).toEqual(
      expect.arrayContaining(['ab', 'xy']),
    )
  })

  test('the strings of one name in a JSON text, on one line or on many', () => {
    const value = { content: [{ text: 'a' }, { text: 'b' }], stop: ['x', 'y'] }
    for (const indent of [0, 2]) expect(texts(JSON.stringify(value, null, indent))).toEqual(['ab', 'xy'])
  })

  test('the deltas of a stream by name alone too, where their indexes differ', () => {
    const wrong = delta(0, 'b').replace('"index":0', '"index":[]')
    expect(texts(delta(0, 'a') + wrong + delta(0, 'c'))).toEqual(expect.arrayContaining(['abc', 'ac']))
    expect(texts(delta(0, 'a') + delta(1, 'b') + delta(2, 'c'))).toContain('abc')
    expect(texts(delta(0, 'a') + delta(0, 'b')).filter((text) => text === 'ab')).toHaveLength(1)
  })

  test.each([
    ['in one line', 0],
    ['on many lines', 2],
  ])('the events of a stream as one JSON text, %s', (_, indent) => {
    const event = (index: number, text: string) => ({ index, delta: { text } })
    const events = [event(0, 'a'), event(1, 'x'), event(0, 'b'), event(0, 'c'), event(1, 'y')]
    expect(texts(JSON.stringify(events, null, indent))).toEqual(expect.arrayContaining(['abc', 'xy', 'axbcy']))
  })

  test('as they are written, escapes and all', () => {
    expect(texts('{"t":"a\\"","t" : "\\u0062"}')).toEqual(['a\\"\\u0062'])
  })

  test('none where a name comes once, where strings are empty, and in what is no JSON', () => {
    expect(texts('{"a":"x","b":"","b":"","c":"y"}')).toEqual([])
    expect(texts('<a href="x">it\'s "open\n"')).toEqual([])
    expect(texts('')).toEqual([])
  })

  test('a quote that is never closed ends with its line', () => {
    expect(texts('{"t":"a"}\n{"t":"b\n{"t":"c"}\r{"t":"d"}')).toEqual(['acd'])
  })

  test('more names than anybody uses are no more than can be kept', () => {
    const many = Array.from({ length: 5000 }, (_, number) => `"${number}":"x","${number}":"y"`).join(',')
    expect(texts(many)).toHaveLength(1000)
  })
})

test('a span of what was put together is found in each of its pieces', () => {
  const pieces = fc.array(fc.stringMatching(/^[a-z]{1,3}$/), { minLength: 2, maxLength: 9 })
  fc.assert(
    fc.property(pieces, fc.nat(), fc.nat(), (parts, one, other) => {
      const bytes = Buffer.from(parts.map((part) => delta(7, part)).join(''))
      const { text, placesOf } = spread(bytes)
      const joined = parts.join('')
      const from = Buffer.from(text).indexOf(joined)
      const [start, end] = [one % joined.length, other % joined.length].sort((a, b) => a - b) as [number, number]
      const found = placesOf([from + start, from + end])
      expect(found.map(([first, last]) => bytes.subarray(first, last).toString()).join('')).toBe(
        joined.slice(start, end),
      )
    }),
  )
})
