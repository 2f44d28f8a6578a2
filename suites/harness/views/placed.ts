import type { Answered } from '../wire/exchange.ts'
import type { RequirementId } from '../../ids.ts'
import type { Finding } from './finding.ts'
import { attempt, Unreadable } from './holes.ts'

/* Findings on several fixtures at once: whoever reads some by name need not name them again. */

/** A finding and the fixture it was made on. */
export type PlacedFinding<N extends string = string> = Finding & { readonly fixture: N }

/**
 * The findings on each of what was read, in the order it is named in, and placed there. Where one cannot be looked at for its holes,
 * the others are; and only then it is said which could not be.
 */
export function* each<N extends string, T>(
  read: Readonly<Record<N, T>>,
  find: (value: T, fixture: N) => Iterable<Finding>,
): Iterable<PlacedFinding<N>> {
  const unread = new Map<N, readonly RequirementId[]>()
  const names = Object.keys(read) as N[]
  for (const fixture of names) {
    const found = attempt(() => [...find(read[fixture], fixture)])
    if (!found.ok) unread.set(fixture, found.by)
    else for (const finding of found.value) yield { ...finding, fixture }
  }
  const by = [...new Set([...unread.values()].flat())]
  // oxlint-disable-next-line no-throw-literal -- caught by attempt alone
  if (unread.size > 0) throw new Unreadable(by, unread.size < names.length ? unread : null)
}

/** A finding for each answer whose status is none of these. */
export function otherStatus<N extends string>(
  answers: Readonly<Record<N, Answered>>,
  ...accepted: readonly [number, ...number[]]
): Iterable<PlacedFinding<N>> {
  return wrongStatus(answers, accepted.join(' or '), (status) => accepted.includes(status))
}

/** Whether an answer is a failure: a 5xx. Who is told so elsewhere is told nothing else of that answer. */
export function isFailure({ status }: Pick<Answered, 'status'>): boolean {
  return status >= 500
}

/** A finding for each answer that is one. `expected` says what would have been right. */
export function failed<N extends string>(
  answers: Readonly<Record<N, Answered>>,
  expected: string,
): Iterable<PlacedFinding<N>> {
  return wrongStatus(answers, expected, (status) => !isFailure({ status }))
}

/** A finding for each answer whose status is not right; `expected` says in words which is. */
export function wrongStatus<N extends string>(
  answers: Readonly<Record<N, Answered>>,
  expected: string,
  isRight: (status: number) => boolean,
): Iterable<PlacedFinding<N>> {
  return each(answers, function* ({ status }) {
    if (!isRight(status)) yield { at: 'status', expected, actual: String(status) }
  })
}
