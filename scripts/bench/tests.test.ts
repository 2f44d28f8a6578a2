import { expect, test } from 'vitest'
import { slowest } from './tests.ts'

test('the slowest files stand first, then the slowest tests of all files', () => {
  const file = (name: string, took: number, durations: readonly (number | null)[]) => ({
    name: `/root/suites/${name}.test.ts`,
    startTime: 1000,
    endTime: 1000 + took,
    assertionResults: durations.map((duration, index) => ({ fullName: `test ${index}`, duration })),
  })
  const report = { testResults: [file('a', 2000, [100, 1500]), file('b', 6000, [5900, null])] }
  expect(slowest(report, '/root').map(({ what, ours, compared }) => [what, ours, compared])).toEqual([
    ['suites/b.test.ts', '6.0 s', '75 % of all test files'],
    ['suites/a.test.ts', '2.0 s', '25 % of all test files'],
    ['suites/b.test.ts: test 0', '5.9 s', '74 % of all test files'],
    ['suites/a.test.ts: test 1', '1.5 s', '19 % of all test files'],
    ['suites/a.test.ts: test 0', '0.1 s', '1 % of all test files'],
    ['suites/b.test.ts: test 1', '0.0 s', '0 % of all test files'],
  ])
})
