import { expect, test } from 'vitest'
import { lateness } from './lateness.ts'

/** A clock that is turned by hand, and what looks at it. */
function byHand() {
  let now = 1000
  let look: (() => void) | null = null
  const late = lateness(
    () => now,
    (looks) => {
      look = looks
      return () => (look = null)
    },
  )
  return { late, looks: () => look !== null, at: (time: number) => (now = time), look: () => look?.() }
}

/** The earliest moment of each, where the clock was looked at so often before. */
function earliest(looked: readonly number[], ...reads: readonly number[]): readonly number[] {
  const { late, at, look } = byHand()
  late.watch()
  for (const time of looked) {
    at(time)
    look()
  }
  return reads.map((time) => late.earliest(time))
}

test.for<[about: string, looked: readonly number[], read: number, earliest: number]>([
  ['who looks in time was there when it came', [1025, 1050, 1075], 1080, 1080],
  ['a look that comes a little late says nothing', [1025, 1120], 1130, 1130],
  ['who did not look for long may have missed it', [1025], 1900, 1025],
  ['also where the look comes first, and the reading right behind', [1025, 1900], 1901, 1025],
  ['and a little later', [1025, 1900, 1925, 1950], 1999, 1025],
  ['after that it came when it was read', [1025, 1900, 1925, 1950, 1975, 2000], 2001, 2001],
  ['two times that are nearly one are one', [1025, 1900, 1950, 2500], 2501, 1025],
  ['the same where the second one lasts', [1025, 1900, 1950], 2501, 1025],
  ['two that lie apart are two', [1025, 1900, 1990, 2080, 2900], 2901, 2080],
])('%s', ([, looked, read, from]) => {
  expect(earliest(looked, read)).toEqual([from])
})

test('the clock is looked at while somebody waits, and no longer', () => {
  const { late, looks, at } = byHand()
  expect(looks()).toBe(false)
  const [one, other] = [late.watch(), late.watch()]
  one()
  one()
  expect(looks()).toBe(true)
  other()
  expect(looks()).toBe(false)
  // What went by while nobody waited is no time in which we were kept.
  at(9000)
  late.watch()
  expect([looks(), late.earliest(9010)]).toEqual([true, 9010])
})
