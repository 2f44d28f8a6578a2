import { describe, expect, test } from 'vitest'
import { clip, firstFindings, mostFindings, shortened, show, type Finding } from './finding.ts'

const long = (length: number) => 'x'.repeat(length)

describe('a value as a finding shows it', () => {
  test.for<[value: unknown, shown: string]>([
    [undefined, 'missing'],
    [null, 'null'],
    ['', '""'],
    ['two\nlines', String.raw`"two\nlines"`],
    [{ type: 'text' }, '{"type":"text"}'],
    [long(118), `"${long(118)}"`],
    [long(119), `"${long(116)}...`],
  ])('%j', ([value, shown]) => {
    expect(show(value)).toBe(shown)
  })
})

describe('a text as a finding shows it', () => {
  test.for<[text: string, shown: string]>([
    ['Not found', 'Not found'],
    ['', 'nothing'],
    [' \r\n\t', 'nothing'],
    ['  <h1>\n\t Bad   gateway </h1>\n', '<h1> Bad gateway </h1>'],
    [long(120), long(120)],
    [long(121), `${long(117)}...`],
    // What stands beyond the first 1200 characters would be cut off anyway.
    [`${' '.repeat(1199)}ab`, 'a'],
    [`${' '.repeat(1200)}ab`, 'nothing'],
  ])('%j', ([text, shown]) => {
    expect(clip(text)).toBe(shown)
  })
})

describe('the findings that are kept', () => {
  const finding: Finding = { at: '/id', expected: 'a string', actual: '7' }

  test('are the first ones, and what is behind them is not looked for', () => {
    let asked = 0
    function* endless(): Iterable<Finding> {
      for (;;) yield { ...finding, at: `/${asked++}` }
    }
    const kept = firstFindings(endless())
    expect(kept.map(({ at }) => at)).toEqual(Array.from({ length: mostFindings }, (_, number) => `/${number}`))
    expect(asked).toBe(mostFindings)
    expect(firstFindings([finding])).toEqual([finding])
  })

  test('say no more than a few lines, whatever a gateway put into them, and keep what else they have', () => {
    const [kept] = firstFindings([{ at: long(900), expected: long(900), actual: long(900), fixture: 'messages/hello' }])
    expect(kept).toEqual({
      at: `${long(397)}...`,
      expected: `${long(397)}...`,
      actual: `${long(397)}...`,
      fixture: 'messages/hello',
    })
  })
})

test('a line that is cut keeps no half of a character', () => {
  expect(shortened('ab\u{1F600}cdef', 6)).toBe('ab...')
  expect(shortened('abc\u{1F600}', 5)).toBe('abc\u{1F600}')
})
