import { expect, test } from 'vitest'
import { keeping } from './pieces.ts'

const filled = (length: number, byte: number): Buffer => Buffer.alloc(length, byte)

test.for<[about: string, lengths: readonly number[]]>([
  ['nothing', []],
  ['small ones', [1, 2, 3]],
  ['one that is empty', [0, 5, 0]],
  ['more small ones than a block holds', Array.from({ length: 500 }, (_, index) => index % 97)],
  ['large ones between small ones', [5, 20_000, 7, 16_384, 16_383, 1, 100_000, 2]],
])('%s come whole, in their order', ([, lengths]) => {
  const pieces = keeping()
  const all = lengths.map((length, index) => filled(length, index))
  for (const bytes of all) pieces.add(bytes)
  expect(pieces.whole().equals(Buffer.concat(all))).toBe(true)
})

test('of a small piece its memory is not held: what becomes of that later changes nothing', () => {
  const pieces = keeping()
  const read = filled(100, 1)
  pieces.add(read)
  read.fill(2)
  expect(pieces.whole().equals(filled(100, 1))).toBe(true)
})

test('what is whole goes on growing', () => {
  const pieces = keeping()
  pieces.add(filled(3, 1))
  expect(pieces.whole()).toHaveLength(3)
  pieces.add(filled(4, 2))
  expect(pieces.whole().equals(Buffer.concat([filled(3, 1), filled(4, 2)]))).toBe(true)
})
