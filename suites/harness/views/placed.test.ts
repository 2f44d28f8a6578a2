import { describe, expect, test } from 'vitest'
import type { RequirementId } from '../../ids.ts'
import { answered, failed as failure } from './examples.ts'
import type { Finding } from './finding.ts'
import { attempt, pierced } from './holes.ts'
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

describe('where one cannot be looked at', () => {
  const value = (text: string) => ({ text })
  const torn = (by: RequirementId) => pierced(value('x'), [{ path: '/text', by: [by] }])
  const looked = (read: Record<string, { text: string }>) => {
    const found: string[] = []
    const tried = attempt(() => {
      for (const { fixture } of each(read, ({ text }) => (text === 'bad' ? [here] : []))) found.push(fixture)
    })
    return { found, tried }
  }

  test('the others are, and then it is said which could not be', () => {
    const read = { 'a/bad': value('bad'), 'a/torn': torn('usage/shape'), 'a/late': value('bad'), 'a/good': value('') }
    expect(looked(read)).toEqual({
      found: ['a/bad', 'a/late'],
      tried: { ok: false, by: ['usage/shape'], among: new Map([['a/torn', ['usage/shape']]]) },
    })
  })

  test('where none can be, who found why is named once', () => {
    const read = { 'a/one': torn('usage/shape'), 'a/two': torn('messages/shape'), 'a/three': torn('usage/shape') }
    expect(looked(read)).toEqual({
      found: [],
      tried: { ok: false, by: ['usage/shape', 'messages/shape'], among: null },
    })
  })

  test('where all can be, nothing is said', () => {
    expect(looked({ 'a/good': value('') })).toEqual({ found: [], tried: { ok: true, value: undefined } })
  })
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
