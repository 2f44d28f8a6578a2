import { expect, test } from 'vitest'
import { faults } from '../../fixtures/gateways/faults/faults.ts'
import { saying, served } from '../../suites/self/by-hand.ts'
import { isGone, leavesNothing, pairOf, pairs, reasons } from './hidden.ts'

test('what leaves nothing to read is a fault, and there are few of them', () => {
  const ids = faults.map(({ id }) => id)
  expect(Object.keys(leavesNothing).filter((id) => !ids.includes(id))).toEqual([])
  expect(Object.keys(leavesNothing).length).toBeLessThanOrEqual(12)
})

const known = (id: string) => faults.find((one) => one.id === id)!

test.for([
  ['caching/double', 'messages/stream-for-json'],
  ['vision/dropped-in-stream', 'tools/result-blocks-dropped'],
  ['thinking/signature-in-pieces', 'thinking/fails'],
  ['chat/no-arguments', 'tools/single-refused-in-stream'],
  ['streaming/stop-reason-erased', 'tools/optional-null-in-stream'],
  ['streaming/stop-reason-erased', 'tools/text-as-numbers-in-stream'],
  ['streaming/raw-json-lines', 'usage/cache-negative'],
  ['output/role-system-fails', 'auth/bearer-fails'],
  ['clients/large-output-refused', 'auth/bearer-fails'],
  ['validation/unprocessable', 'validation/empty-text-fails'],
  ['tokens/nothing-counted', 'tokens/unknown-model-fails'],
] as const)('%s and %s are both told in full', async ([one, other]) => {
  expect(await pairOf(known(one), known(other))).toMatchObject({ untold: [], gone: [] })
})

test.for([
  ['thinking/signature-empty', 'tools/call-dropped', ['thinking/taken-back', 'thinking/omitted-taken-back']],
  ['thinking/empty-refused', 'tools/start-without-id', ['thinking/omitted-taken-back']],
] as const)('of %s and %s one takes away what the other alters', async ([one, other, gone]) => {
  const pair = await pairOf(known(one), known(other))
  expect(pair).toMatchObject({ untold: gone, gone })
  expect(reasons(pair ? [pair] : [])).toEqual({ gone: [pair], named: [], unnamed: [] })
})

test('what one fault alters is gone where both say there what the other says alone, and nowhere else', () => {
  const [hello, other] = [served('messages/hello'), served('messages/hello', saying('other'))]
  const there = new Set(['messages/hello'])
  expect(isGone(there, [hello], [hello])).toBe(true)
  expect(isGone(there, [], [])).toBe(true)
  // Ids that are minted tell nothing but how many came before.
  const minted = ['1', '2'].map((last) => served('messages/hello', saying(`msg_ref00000${last}`)))
  expect(isGone(there, minted.slice(0, 1), minted.slice(1))).toBe(true)
  expect(isGone(there, [hello], [other])).toBe(false)
  expect(isGone(there, [], [hello])).toBe(false)
  expect(isGone(there, [hello, served('messages/cut')], [hello])).toBe(true)
  // What was found nowhere cannot have gone.
  expect(isGone(new Set(), [hello], [hello])).toBe(false)
})

// Every new fault draws other pairs: how many are told is a figure of the bench, and no test pins it.
test('of two faults at once nearly always both are told in full', async () => {
  const drawn = await pairs(12, 3)
  expect(new Set(drawn.map(({ faults: [outer, inner] }) => `${outer.id} ${inner.id}`)).size).toBe(12)
  expect(drawn.filter(({ untold }) => untold.length === 0).length).toBeGreaterThan(8)
})
