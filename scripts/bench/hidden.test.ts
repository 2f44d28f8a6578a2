import { expect, test } from 'vitest'
import { faults } from '../../fixtures/gateways/faults/faults.ts'
import { leavesNothing, pairs } from './hidden.ts'

test('what leaves nothing to read is a fault, and there are few of them', () => {
  const known = faults.map(({ id }) => id)
  expect(Object.keys(leavesNothing).filter((id) => !known.includes(id))).toEqual([])
  expect(Object.keys(leavesNothing).length).toBeLessThanOrEqual(12)
})

test('of two faults at once both are told in full, but where one is known to leave nothing to read', async () => {
  const drawn = await pairs(40, 3)
  expect(drawn).toHaveLength(40)
  const untold = drawn.filter(
    ({ untold, faults: both }) => untold.length > 0 && !both.some(({ id }) => Object.hasOwn(leavesNothing, id)),
  )
  expect(
    untold.map(({ faults: [outer, inner], untold }) => `${outer.id} in front of ${inner.id}: ${untold.join(', ')}`),
  ).toEqual([])
})
