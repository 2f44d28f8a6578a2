import { expect, test } from 'vitest'
import { answered, failed as failure } from './examples.ts'
import type { Finding } from './finding.ts'
import { each, failed, otherStatus, wrongStatus } from './placed.ts'

const here: Finding = { at: '/here', expected: 'a', actual: 'b' }
const there: Finding = { at: '/there', expected: 'c', actual: 'd' }

test('each finding is placed where it was made, in the order the fixtures are named in', () => {
  const findings = { 'b/many': [here, there], 'a/none': [], 'a/one': [there] }
  expect([...each(findings, (own) => own)]).toEqual([
    { ...here, fixture: 'b/many' },
    { ...there, fixture: 'b/many' },
    { ...there, fixture: 'a/one' },
  ])
})

test('whoever looks knows the name, to look at the exchange as well', () => {
  const looked: [string, number][] = []
  const look = (value: number, fixture: string): Iterable<Finding> => {
    looked.push([fixture, value])
    return []
  }
  expect([...each({ 'b/one': 1, 'a/two': 2 }, look)]).toEqual([])
  expect(looked).toEqual([
    ['b/one', 1],
    ['a/two', 2],
  ])
})

test('findings that were made before a check throws are there', () => {
  const found = each({ 'a/one': 1, 'a/two': 2 }, function* (value) {
    if (value === 2) throw new TypeError('ours')
    yield here
  })[Symbol.iterator]()
  expect(found.next().value).toEqual({ ...here, fixture: 'a/one' })
  expect(() => found.next()).toThrow('ours')
})

const answers = {
  'a/served': answered({}),
  'a/refused': failure(400),
  'a/unknown': failure(404),
  'a/failed': failure(500),
  'a/busy': failure(529),
}

test.for<[name: string, findings: Iterable<Finding & { fixture: string }>, expected: string, found: string[]]>([
  [
    'another status than one',
    otherStatus(answers, 400),
    '400',
    ['served 200', 'unknown 404', 'failed 500', 'busy 529'],
  ],
  ['another status than two', otherStatus(answers, 200, 400), '200 or 400', ['unknown 404', 'failed 500', 'busy 529']],
  ['a failure', failed(answers, 'a 4xx'), 'a 4xx', ['failed 500', 'busy 529']],
  [
    'a status that is not right',
    wrongStatus(answers, 'odd', (status) => status === 529),
    'odd',
    ['served 200', 'refused 400', 'unknown 404', 'failed 500'],
  ],
])('%s', ([, findings, expected, found]) => {
  expect([...findings]).toEqual(
    found.map((one) => {
      const [name = '', actual] = one.split(' ')
      return { fixture: `a/${name}`, at: 'status', expected, actual }
    }),
  )
})
