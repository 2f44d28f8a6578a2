import { describe, expect, test } from 'vitest'
import type { TargetEntry } from '../schemas/types.ts'
import { inShard, mostShards, shardMeant } from './shard.ts'
import { pairsOf } from './target-file.ts'

const entry = (name: string, key: string | null, more: Partial<TargetEntry> = {}): TargetEntry => ({
  name,
  baseUrl: 'https://gateway.example',
  model: 'm',
  ...(key === null ? { auth: 'none' } : { key: { env: key } }),
  ...more,
})
const { model: _, ...twoModels } = entry('acme', 'A', { models: ['large', 'small'] })
const targets: TargetEntry[] = [
  twoModels,
  entry('测试', 'T'),
  entry('beta', 'A'),
  entry('local', null),
  entry('other', 'O', { headers: { 'x-pass': { env: 'T' } } }),
  entry('生产', 'P'),
  entry('open', null),
]
const pairs = pairsOf({ targets })
const said = (some: readonly (typeof pairs)[number][]): string[] => some.map((one) => `${one.entry.name} ${one.model}`)
const shards = (of: number, all = pairs) => Array.from({ length: of }, (_, at) => inShard(all, { index: at + 1, of }))

describe.for([1, 2, 3, 4, 5])('%i shards', (of) => {
  test('together are the whole, each pair once', () => {
    expect(shards(of).flatMap(said).toSorted()).toEqual(said(pairs).toSorted())
  })

  test('are the same in whatever order the file has its targets', () => {
    const turned = pairsOf({ targets: targets.toReversed() })
    expect(shards(of, turned).map((some) => said(some).toSorted())).toEqual(
      shards(of).map((some) => said(some).toSorted()),
    )
  })

  test('have what shares a key, or a secret header, in one', () => {
    const where = (name: string): number[] =>
      shards(of).flatMap((some, at) => (some.some((one) => one.entry.name === name) ? [at] : []))
    expect(where('acme')).toEqual(where('beta'))
    expect(where('测试')).toEqual(where('other'))
    expect(where('acme')).toHaveLength(1)
  })

  test('have something to do, and about as much', () => {
    const sizes = shards(of).map(({ length }) => length)
    expect(Math.min(...sizes)).toBeGreaterThan(0)
    // Three share a key.
    expect(Math.max(...sizes)).toBeLessThanOrEqual(Math.max(3, Math.ceil(pairs.length / of)))
  })
})

test('there is work for as many as share no key', () => {
  expect(mostShards(pairs)).toBe(5)
  expect(shards(6).filter(({ length }) => length === 0)).toHaveLength(1)
})

describe('--shard', () => {
  test.for<[typed: string, environment: Record<string, string>, index: number, of: number]>([
    ['2/3', {}, 2, 3],
    ['auto', { CI_NODE_INDEX: '1', CI_NODE_TOTAL: '4' }, 1, 4],
    ['auto/3', { JOB_COMPLETION_INDEX: '0' }, 1, 3],
    ['auto', { JOB_COMPLETION_INDEX: '2', JOB_COMPLETIONS: '3' }, 3, 3],
    ['auto', { STRATEGY_JOB_INDEX: '1', STRATEGY_JOB_TOTAL: '2' }, 2, 2],
  ])('%s with %o', ([typed, environment, index, of]) => {
    expect(shardMeant(typed, environment)).toEqual({ index, of })
  })

  test('is not read from the environment unasked', () => {
    expect(shardMeant(undefined, { CI_NODE_INDEX: '1', CI_NODE_TOTAL: '4' })).toBeNull()
  })

  test.for<[typed: string, environment: Record<string, string>, says: RegExp]>([
    ['0/3', {}, /counts from 1/],
    ['4/3', {}, /counts from 1/],
    ['1/0', {}, /counts from 1/],
    ['3', {}, /--shard takes/],
    ['two/3', {}, /--shard takes/],
    ['auto', {}, /none of them is set/],
    ['auto', { JOB_COMPLETION_INDEX: '2' }, /set JOB_COMPLETIONS, or type --shard auto\/N/],
    ['auto', { CI_NODE_INDEX: 'x', CI_NODE_TOTAL: '4' }, /CI_NODE_INDEX holds no number/],
    ['auto/2', { JOB_COMPLETION_INDEX: '2' }, /counts from 1/],
  ])('%s with %o is refused', ([typed, environment, says]) => {
    expect(() => shardMeant(typed, environment)).toThrow(says)
  })
})
