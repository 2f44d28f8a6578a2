import { expect, test } from 'vitest'
import { counted } from './counted.ts'

test.for([
  [0, '0 requests'],
  [1, '1 request'],
  [2, '2 requests'],
  [1000, '1,000 requests'],
  [1234567, '1,234,567 requests'],
] as const)('%i', ([count, says]) => {
  expect(counted(count, 'request')).toBe(says)
})
