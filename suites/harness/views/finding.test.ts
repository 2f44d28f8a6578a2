import { describe, expect, test } from 'vitest'
import { clip, show } from './finding.ts'

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
