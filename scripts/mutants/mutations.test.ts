import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { altered, staleness, type Mutation } from './mutation.ts'
import { mutations } from './mutations.ts'
import { read } from './trial.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

test.for(mutations.map((mutation) => [mutation.id, mutation] as const))('%s is not stale', ([, mutation]) => {
  expect(staleness(mutation, readFileSync(root + mutation.file, 'utf8'))).toBeNull()
  expect(mutation.tests.filter((path) => !path.endsWith('.test.ts') || !existsSync(root + path))).toEqual([])
})

test('each has an id of its own, a test and a reason', () => {
  expect(new Set(mutations.map(({ id }) => id)).size).toBe(mutations.length)
  for (const { tests, because } of mutations) {
    expect(tests).not.toEqual([])
    expect(because).toMatch(/^\S.*\.$/)
  }
})

test('a mutation is stale where its place is gone, doubled, or left as it is', () => {
  const one: Mutation = { id: 'a/b', file: 'a.ts', find: 'x', replace: '$&y', tests: [], because: '' }
  expect(staleness(one, 'a x b')).toBeNull()
  expect(altered(one, 'a x b')).toBe('a $&y b')
  expect(staleness(one, 'a b')).toBe('a/b is stale: what it alters stands 0 times in a.ts, not once.')
  expect(staleness(one, 'x x')).toBe('a/b is stale: what it alters stands 2 times in a.ts, not once.')
  expect(staleness({ ...one, replace: 'x' }, 'a x b')).toBe('a/b alters nothing.')
})

test('only a test that failed kills', () => {
  const report = (statuses: readonly string[], message = ''): string =>
    JSON.stringify({
      numPassedTests: statuses.filter((status) => status === 'passed').length,
      testResults: [{ message, assertionResults: statuses.map((status, index) => ({ status, fullName: `${index}` })) }],
    })
  expect(read(1, report(['passed', 'failed', 'failed']))).toEqual({ is: 'failed', by: '1' })
  expect(read(0, report(['passed']))).toEqual({ is: 'passed' })
  expect(read(0, report(['skipped']))).toEqual({ is: 'not-run', because: 'no test ran' })
  expect(read(1, report(['passed']))).toMatchObject({ is: 'not-run' })
  expect(read(1, report([], 'SyntaxError: x\n at y'))).toEqual({ is: 'not-run', because: 'SyntaxError: x' })
})
