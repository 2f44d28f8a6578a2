import { expect, test } from 'vitest'
import { columns, fitted, padded, wrapped } from './width.ts'

test.for<[line: string, wide: number]>([
  ['', 0],
  ['abc', 3],
  ['网关', 4],
  ['（a）', 5],
  ['✗ 违反', 6],
  ['가', 2],
  ['😀', 2],
])('%s takes its columns', ([line, wide]) => {
  expect(columns(line)).toBe(wide)
})

test('what is padded ends in the same column', () => {
  expect(padded('网关', 6)).toBe('网关  ')
  expect(padded('gateway', 6)).toBe('gateway')
})

test('what does not fit is cut before the column, never in a character', () => {
  expect(fitted('网关网关', 8)).toBe('网关网关')
  expect(fitted('网关网关网', 8)).toBe('网关...')
  expect(fitted('a😀😀😀', 6)).toBe('a😀...')
})

test('words stay whole, Chinese is broken anywhere but before its punctuation', () => {
  expect(wrapped('one two three', 2, 8)).toEqual(['one two', '  three'])
  expect(wrapped('流以一个 message_stop 结束，或以 error 结束', 2, 12)).toEqual([
    '流以一个',
    '  message_stop',
    '  结束，或以',
    '  error 结束',
  ])
  expect(wrapped('网关网关，网关（网关）', 0, 8)).toEqual(['网关网', '关，网关', '（网关）'])
  expect(wrapped('  网关', 4, 60)).toEqual(['  网关'])
})
