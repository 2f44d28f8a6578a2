import { expect, test } from 'vitest'
import { faults } from '../../fixtures/gateways/faults/faults.ts'
import { leavesNothing, pairs } from './hidden.ts'

test('what leaves nothing to read is a fault, and there are few of them', () => {
  const known = faults.map(({ id }) => id)
  expect(Object.keys(leavesNothing).filter((id) => !known.includes(id))).toEqual([])
  expect(Object.keys(leavesNothing).length).toBeLessThanOrEqual(12)
})

// Every new fault draws other pairs: how many are told is a figure of the bench, and no test pins it.
test('of two faults at once nearly always both are told in full', async () => {
  const drawn = await pairs(12, 3)
  expect(new Set(drawn.map(({ faults: [outer, inner] }) => `${outer.id} ${inner.id}`)).size).toBe(12)
  expect(drawn.filter(({ untold }) => untold.length === 0).length).toBeGreaterThan(8)
})
