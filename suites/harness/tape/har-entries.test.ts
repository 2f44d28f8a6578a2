import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { InputError } from '../wire/input-error.ts'
import { isObject, objects } from '../wire/json.ts'
import { entriesIn } from './har-entries.ts'

/** Pieces that all stand in one place, as those of a file that is read do. */
function* pieces(text: string, length: number): Generator<Uint8Array> {
  const bytes = Buffer.from(text)
  const place = Buffer.alloc(length)
  for (let at = 0; at < bytes.length; at += length)
    yield place.subarray(0, bytes.copy(place, 0, at, Math.min(at + length, bytes.length)))
}

const read = (text: string, length = 7, most?: number): readonly unknown[] => [...entriesIn(pieces(text, length), most)]

/** What JSON.parse makes of it; null where that is no HAR. */
function expected(text: string): readonly unknown[] | null {
  try {
    const har: unknown = JSON.parse(text)
    const log = isObject(har) ? har['log'] : null
    return isObject(log) && Array.isArray(log['entries']) ? objects(log['entries']) : null
  } catch {
    return null
  }
}

function readOrNull(text: string, length: number): readonly unknown[] | null {
  try {
    return read(text, length)
  } catch (error) {
    expect(error).toBeInstanceOf(InputError)
    return null
  }
}

/** Values in which the names that matter stand where they do not matter, and strings hold what looks like an end. */
const values = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom<unknown>(null, true, -1.5e3, '', '}', ']', '"', '\\', '{"log":[', 'é\u{1f600}\ud800', 'log'),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.constantFrom('log', 'entries', 'a', '"log', '\\'), tie('value'), { maxKeys: 4 }),
  ),
})).value
const hars = fc
  .record({ before: values, pages: values, entries: fc.array(values, { maxLength: 5 }), after: values, last: values })
  .map(({ before, pages, entries, after, last }) => ({ before, log: { pages, entries, after }, last }))
const texts = fc
  .tuple(hars, fc.constantFrom(undefined, 2, '\t'))
  .map(([har, indent]) => JSON.stringify(har, null, indent))
const lengths = fc.integer({ min: 1, max: 40 })

describe('entries are those that JSON.parse finds', () => {
  test('wherever the pieces are cut', () => {
    fc.assert(
      fc.property(texts, lengths, (text, length) => {
        expect(read(text, length)).toEqual(expected(text))
      }),
    )
  })

  test('and what is no JSON, or no HAR, is refused as it would be', () => {
    const marks = fc.constantFrom('', '{', '}', '[', ']', '"', ',', ':', '\\', '0', ' ', 'é')
    fc.assert(
      fc.property(
        fc.oneof(
          texts,
          values.map((value) => JSON.stringify(value)),
        ),
        fc.nat(),
        marks,
        lengths,
        (text, at, mark, length) => {
          const place = at % (text.length + 1)
          // Half of a pair that was cut in two is no text that a file could hold.
          const mutated = `${text.slice(0, place)}${mark}${text.slice(place + 1)}`.replaceAll(/\p{Cs}/gu, '?')
          expect(readOrNull(mutated, length)).toEqual(expected(mutated))
        },
      ),
      { numRuns: 1000 },
    )
  })

  test('behind a byte order mark too', () => {
    expect(read('\uFEFF{"log":{"entries":[{"a":1}]}}', 2)).toEqual([{ a: 1 }])
  })
})

describe('an entry that is too large', () => {
  const large = { a: 'x'.repeat(100), b: [{ c: '}' }] }
  const text = JSON.stringify({ log: { entries: [{ a: 1 }, large, { a: 2 }] } })

  test('is left out, and the others are not', () => {
    expect(read(text, 7, 50)).toEqual([{ a: 1 }, null, { a: 2 }])
    expect(read(text, 1000, 50)).toEqual([{ a: 1 }, null, { a: 2 }])
  })

  // Never once more: what a first try that failed has left to be collected would make up for the second.
  test('is not kept while its end is looked for', { retry: 0 }, () => {
    const piece = Buffer.alloc(1024 * 1024, 'x')
    const before = process.memoryUsage().arrayBuffers
    let most = 0
    function* endless(): Generator<Uint8Array> {
      yield Buffer.from('{"log":{"entries":[{"a":"')
      for (let count = 0; count < 100; count++) {
        yield piece
        most = Math.max(most, process.memoryUsage().arrayBuffers - before)
      }
      yield Buffer.from('"}]}}')
    }
    expect([...entriesIn(endless(), 1024 * 1024)]).toEqual([null])
    expect(most).toBeLessThan(50 * 1024 * 1024)
  })

  test('is one byte larger than the largest', () => {
    const size = JSON.stringify(large).length
    expect(read(text, 7, size)).toEqual([{ a: 1 }, large, { a: 2 }])
    expect(read(text, 7, size - 1)).toEqual([{ a: 1 }, null, { a: 2 }])
  })
})

test('more beside the entries than a HAR has is refused before it fills memory', () => {
  const piece = Buffer.alloc(1024 * 1024, ' ')
  function* blanks(): Generator<Uint8Array> {
    yield Buffer.from('{"log":{"entries":[')
    for (let count = 0; count < 1000; count++) yield piece
  }
  expect(() => [...entriesIn(blanks())]).toThrow(new InputError('This is no HAR: too much stands beside its entries.'))
})
