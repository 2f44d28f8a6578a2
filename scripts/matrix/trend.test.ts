import { describe, expect, test } from 'vitest'
import type { RunRecord } from '../../schemas/types.ts'
import { newlyBroken, trendOf } from './trend.ts'

/** A run of one target on a day: what holds is `+`, what is broken `-`. */
function record(day: number, verdicts: string): RunRecord {
  const ids = (sign: string): string[] =>
    verdicts.split(' ').flatMap((one) => (one.startsWith(sign) ? [one.slice(1)] : []))
  return {
    format: 1,
    tool: { name: 'messages-conformance', version: '0.0.0' },
    target: { kind: 'gateway', baseUrl: 'https://gateway.example', model: 'm' },
    profile: 'sdk',
    started: new Date(Date.UTC(2026, 0, day)).toISOString(),
    ending: 'complete',
    exitCode: verdicts.includes('-') ? 1 : 0,
    holds: ids('+'),
    broken: ids('-'),
  }
}

/** A requirement over the days, a sign a run: `+` holds, `-` broken, `.` not judged. */
const over = (signs: string) =>
  trendOf([...signs].map((sign, at) => record(at + 1, sign === '.' ? '' : `${sign}a/b`)))?.requirements[0]

describe('a requirement over the runs of a target', () => {
  test.for<[signs: string, is: string, since: number, changes: number]>([
    ['+++-------', 'broken', 3, 1],
    ['---++', 'mended', 3, 1],
    ['+-+-+-+-+-', 'flapping', 9, 9],
    ['+-+-', 'flapping', 3, 3],
    ['+-+', 'mended', 2, 2],
    ['----', 'broken', 0, 0],
    ['+..-.-', 'broken', 3, 1],
    ['-.+.+', 'mended', 2, 1],
    ['.-', 'broken', 1, 0],
  ])('%s is %s since run %i', ([signs, is, since, changes]) => {
    expect(over(signs)).toMatchObject({ is, since, changes })
  })

  test('that was never broken is none of its trend', () => {
    expect(over('+++')).toBeUndefined()
    expect(over('...')).toBeUndefined()
  })

  test('says of each run what it came to', () => {
    expect(over('+.-')?.outcomes).toEqual(['holds', '-', 'broken'])
  })
})

test('one run has no trend, whatever it is handed in as', () => {
  expect(trendOf([])).toBeNull()
  expect(trendOf([record(1, '-a/b'), record(1, '-a/b')])).toBeNull()
})

test('runs come in any order, and only the last twenty count', () => {
  const days = Array.from({ length: 25 }, (_, at) => record(at + 1, at < 4 ? '-old/one' : at < 24 ? '+a/b' : '-a/b'))
  const trend = trendOf(days.toReversed())
  expect(trend?.runs.map(({ started }) => started.slice(8, 10))).toEqual(
    Array.from({ length: 20 }, (_, at) => String(at + 6).padStart(2, '0')),
  )
  expect(trend?.requirements.map(({ id }) => id)).toEqual(['a/b'])
})

test('what is broken stands before what flaps, and that before what is mended', () => {
  const trend = trendOf([
    record(1, '+new/one -old/one +flaps/one -mended/one'),
    record(2, '+new/one -old/one -flaps/one -mended/one'),
    record(3, '+new/one -old/one +flaps/one +mended/one'),
    record(4, '-new/one -old/one -flaps/one +mended/one'),
  ])
  expect(trend?.requirements.map(({ id }) => id)).toEqual(['new/one', 'old/one', 'flaps/one', 'mended/one'])
  expect(trend && newlyBroken(trend)).toEqual(['new/one'])
})
