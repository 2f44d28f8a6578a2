import type { RequirementId } from '../../ids.ts'
import { firstFindings, takeFindings, type Finding } from '../views/finding.ts'
import { attempt, holeAt } from '../views/holes.ts'
import { see, type Seen, type Views } from '../views/views.ts'
import type { Exchange } from '../wire/exchange.ts'
import { isObject } from '../wire/json.ts'
import type { Each, OverEach } from './over-each.ts'
import type { EverySubject, Requirement, VouchesSubject } from './requirement.ts'
import type { OnExchange } from './verdict.ts'

/** One requirement on one exchange. `seen` remembers those of the same exchange that others come after. */
export function onExchange(
  one: OverEach,
  exchange: Exchange,
  each: Each,
  seen: Map<RequirementId, OnExchange>,
): OnExchange {
  if (!one.isAwaited) return attempted(one, exchange, each, seen)
  const known = seen.get(one.id)
  if (known) return known
  const result = attempted(one, exchange, each, seen)
  seen.set(one.id, result)
  return result
}

/** A check that throws says nothing of the gateway. */
function attempted(
  { requirement, view }: OverEach,
  exchange: Exchange,
  each: Each,
  seen: Map<RequirementId, OnExchange>,
): OnExchange {
  try {
    const subject = see(exchange, view)
    if (subject.is === 'absent') return { is: 'no-subject', why: subject.why }
    if ('vouches' in requirement) return vouched(requirement, subject)
    if (subject.is === 'refused') return { is: 'blocked', by: subject.refusals.map(({ by }) => by) }
    return checked(requirement as Requirement & EverySubject, subject.value, exchange, each, seen)
  } catch (error) {
    return { is: 'failed', error }
  }
}

function vouched(
  { id, part }: Requirement & VouchesSubject,
  view: Exclude<Seen<unknown>, { is: 'absent' }>,
): OnExchange {
  const all = view.is === 'there' ? view.found : [...view.refusals, ...view.found]
  const own = all.filter(({ by }) => by === id)
  if (own.length > 0) return { is: 'broken', findings: firstFindings(own.map(({ finding }) => finding)) }
  if (view.is === 'refused') return { is: 'blocked', by: view.refusals.map(({ by }) => by) }
  // What its part of the value would be is not there to be looked at.
  const hole = part !== undefined && isObject(view.value) ? holeAt(view.value, part) : null
  return hole ? { is: 'blocked', by: hole } : holds
}

function checked(
  requirement: Requirement & EverySubject,
  value: Views[keyof Views],
  exchange: Exchange,
  each: Each,
  seen: Map<RequirementId, OnExchange>,
): OnExchange {
  const { where, unless, check } = requirement
  const findings: Finding[] = []
  const run = attempt((): OnExchange => {
    if (where && !where(value, exchange)) return nothingOfItsKind
    const inTheWay = inTheWayOf(requirement, exchange, each, seen)
    if (inTheWay.length > 0) return { is: 'blocked', by: inTheWay }
    if (unless?.(value, exchange)) return { is: 'no-subject', why: 'model' }
    takeFindings(check(value, exchange), findings)
    return holds
  })
  // What was found before it came to a hole was found all the same.
  if (findings.length > 0) return { is: 'broken', findings }
  return run.ok ? run.value : { is: 'blocked', by: run.by }
}

const holds: OnExchange = { is: 'holds' }
const nothingOfItsKind: OnExchange = { is: 'no-subject', why: 'nothing-of-its-kind' }

/**
 * Who stands in the way of a requirement on this exchange, of those it comes after that are judged on every exchange: such a one
 * where it is broken, and where it is itself blocked those who block it.
 */
export function inTheWayOf(
  { after = [] }: Requirement,
  exchange: Exchange,
  each: Each,
  seen: Map<RequirementId, OnExchange>,
): readonly RequirementId[] {
  return after.flatMap((id) => {
    const before = each.get(id)
    if (!before) return []
    const on = onExchange(before, exchange, each, seen)
    if (on.is === 'blocked') return on.by
    return on.is === 'broken' || on.is === 'failed' ? [id] : []
  })
}
