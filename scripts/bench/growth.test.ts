import { expect, test } from 'vitest'
import { exponentOf, growth } from './growth.ts'

test.for<[exponent: number, more: number]>([
  [0, 3],
  [1, 30],
  [2, 300],
])('the exponent is %s where ten times as much costs %s instead of 3', ([exponent, more]) => {
  expect(exponentOf([10, 3], [100, more])).toBeCloseTo(exponent)
})

test('what is done without any is no part of the growth, nor is the slower one of two tries', async () => {
  const tries = new Map<number, number>()
  const cost = (size: number): Promise<number> => {
    tries.set(size, (tries.get(size) ?? 0) + 1)
    return Promise.resolve(5000 + size * size * (tries.get(size) === 2 ? 1 : 7))
  }
  expect(await growth([{ what: 'squaring: numbers', sizes: [1, 10, 100], cost }])).toEqual([
    {
      what: 'growth of squaring: numbers',
      ours: '^2.00',
      compared: '1: 5.00 s, 10: 5.10 s, 100: 15.00 s; at most ^1.1',
      ratio: null,
    },
  ])
})
