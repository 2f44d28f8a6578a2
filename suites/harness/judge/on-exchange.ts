import type { RequirementId } from '../../ids.ts'
import { firstFindings, takeFindings, type Finding } from '../views/finding.ts'
import { attempt, holeAt, type Unreadable } from '../views/holes.ts'
import { see } from '../views/views.ts'
import type { Exchange } from '../wire/exchange.ts'
import type { EverySubject, Requirement } from './requirement.ts'
import type { OnExchange } from './verdict.ts'

/** All requirements, by id. */
type Catalogue = ReadonlyMap<RequirementId, Requirement>

/** One requirement on one exchange. `seen` remembers those of the same exchange, since others may come after them. */
export function onExchange(
  requirement: Requirement,
  exchange: Exchange,
  byId: Catalogue,
  seen: Map<RequirementId, OnExchange>,
): OnExchange {
  const known = seen.get(requirement.id)
  if (known) return known
  const result = attempted(requirement, exchange, byId, seen)
  seen.set(requirement.id, result)
  return result
}

/** A check that throws says nothing of the gateway. */
function attempted(
  requirement: Requirement,
  exchange: Exchange,
  byId: Catalogue,
  seen: Map<RequirementId, OnExchange>,
): OnExchange {
  try {
    return 'vouches' in requirement ? vouched(requirement, exchange) : checked(requirement, exchange, byId, seen)
  } catch (error) {
    return { is: 'failed', error }
  }
}

function vouched(requirement: Requirement, exchange: Exchange): OnExchange {
  if (!('vouches' in requirement)) return { is: 'no-subject', why: 'nothing-of-its-kind' }
  const view = see(exchange, requirement.vouches)
  if (view.is === 'absent') return { is: 'no-subject', why: view.why }
  const all = view.is === 'there' ? view.found : [...view.refusals, ...view.found]
  const own = all.filter(({ by }) => by === requirement.id)
  if (own.length > 0) return { is: 'broken', findings: firstFindings(own.map(({ finding }) => finding)) }
  if (view.is === 'refused') return { is: 'blocked', by: view.refusals.map(({ by }) => by) }
  // What its part of the value would be is not there to be looked at.
  const hole =
    requirement.part !== undefined && typeof view.value === 'object' ? holeAt(view.value, requirement.part) : null
  return hole ? { is: 'blocked', by: hole } : { is: 'holds' }
}

function checked(
  requirement: Requirement,
  exchange: Exchange,
  byId: Catalogue,
  seen: Map<RequirementId, OnExchange>,
): OnExchange {
  if (!('every' in requirement)) return { is: 'no-subject', why: 'nothing-of-its-kind' }
  const view = see(exchange, requirement.every)
  if (view.is === 'absent') return { is: 'no-subject', why: view.why }
  if (view.is === 'refused') return { is: 'blocked', by: view.refusals.map(({ by }) => by) }
  const { where, unless, check } = requirement as EverySubject
  const subject = attempt(() => !where || where(view.value, exchange))
  if (!subject.ok) return { is: 'blocked', by: subject.by }
  if (!subject.value) return { is: 'no-subject', why: 'nothing-of-its-kind' }
  const inTheWay = inTheWayOf(requirement, exchange, byId, seen)
  if (inTheWay.length > 0) return { is: 'blocked', by: inTheWay }
  const excused = attempt(() => unless?.(view.value, exchange) ?? false)
  if (!excused.ok) return { is: 'blocked', by: excused.by }
  if (excused.value) return { is: 'no-subject', why: 'model' }
  const { findings, hole } = collect(() => check(view.value, exchange))
  if (findings.length > 0) return { is: 'broken', findings }
  return hole ? { is: 'blocked', by: hole.by } : { is: 'holds' }
}

/**
 * Who stands in the way of a requirement on this exchange, of those it comes after that are judged on every exchange: such a one
 * where it is broken, and where it is itself blocked those who block it.
 */
export function inTheWayOf(
  { after = [] }: Requirement,
  exchange: Exchange,
  byId: Catalogue,
  seen: Map<RequirementId, OnExchange>,
): readonly RequirementId[] {
  return after.flatMap((id) => {
    const before = byId.get(id)
    if (!before || !('every' in before || 'vouches' in before)) return []
    const on = onExchange(before, exchange, byId, seen)
    if (on.is === 'blocked') return on.by
    return on.is === 'broken' || on.is === 'failed' ? [id] : []
  })
}

/**
 * What a check finds until it comes to a hole, and then what that is; null where it came to none. More findings than are kept are
 * not asked for.
 */
export function collect<F extends Finding>(
  check: () => Iterable<F>,
): {
  readonly findings: readonly F[]
  readonly hole: Unreadable | null
} {
  const findings: F[] = []
  const run = attempt(() => takeFindings(check(), findings))
  return { findings, hole: run.ok ? null : run }
}
