import type { RequirementId } from '../../ids.ts'
import { firstFindings, takeFindings, type Finding } from '../views/finding.ts'
import { holeAt, Unreadable } from '../views/holes.ts'
import { see, type Seen, type Views } from '../views/views.ts'
import type { Exchange } from '../wire/exchange.ts'
import { isObject } from '../wire/json.ts'
import type { Each, OverEach } from './over-each.ts'
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
function attempted(one: OverEach, exchange: Exchange, each: Each, seen: Map<RequirementId, OnExchange>): OnExchange {
  try {
    const view = see(exchange, one.view)
    if (view.is === 'absent') return { is: 'no-subject', why: view.why }
    if (one.subject === null) return vouched(one, view)
    if (view.is === 'refused') return { is: 'blocked', by: view.refusals.map(({ by }) => by) }
    return checked(one, one.subject, view.value, exchange, each, seen)
  } catch (error) {
    return { is: 'failed', error }
  }
}

/** Comes to a hole in the value, or does not; what is thrown else is thrown on. */
function checked(
  { after }: OverEach,
  { where, unless, check }: NonNullable<OverEach['subject']>,
  value: Views[keyof Views],
  exchange: Exchange,
  each: Each,
  seen: Map<RequirementId, OnExchange>,
): OnExchange {
  const findings: Finding[] = []
  try {
    if (where && !where(value, exchange)) return nothingOfItsKind
    const inTheWay = inTheWayOf(after, exchange, each, seen)
    if (inTheWay.length > 0) return { is: 'blocked', by: inTheWay }
    if (unless?.(value, exchange)) return { is: 'no-subject', why: 'model' }
    takeFindings(check(value, exchange), findings)
    return findings.length > 0 ? { is: 'broken', findings } : holds
  } catch (thrown) {
    if (!(thrown instanceof Unreadable)) throw thrown
    // What was found before it came to a hole was found all the same.
    return findings.length > 0 ? { is: 'broken', findings } : { is: 'blocked', by: thrown.by }
  }
}

function vouched({ id, part }: OverEach, view: Exclude<Seen<unknown>, { is: 'absent' }>): OnExchange {
  const all = view.is === 'there' ? view.found : [...view.refusals, ...view.found]
  const own = all.filter(({ by }) => by === id)
  if (own.length > 0) return { is: 'broken', findings: firstFindings(own.map(({ finding }) => finding)) }
  if (view.is === 'refused') return { is: 'blocked', by: view.refusals.map(({ by }) => by) }
  // What its part of the value would be is not there to be looked at.
  const hole = part !== undefined && isObject(view.value) ? holeAt(view.value, part) : null
  return hole ? { is: 'blocked', by: hole } : holds
}

const holds: OnExchange = { is: 'holds' }
const nothingOfItsKind: OnExchange = { is: 'no-subject', why: 'nothing-of-its-kind' }

/**
 * Who stands in the way of a requirement on this exchange, of those it comes after that are judged on every exchange: such a one
 * where it is broken, and where it is itself blocked those who block it.
 */
export function inTheWayOf(
  after: readonly RequirementId[],
  exchange: Exchange,
  each: Each,
  seen: Map<RequirementId, OnExchange>,
): readonly RequirementId[] {
  if (after.length === 0) return after
  return after.flatMap((id) => {
    const before = each.get(id)
    if (!before) return []
    const on = onExchange(before, exchange, each, seen)
    if (on.is === 'blocked') return on.by
    return on.is === 'broken' || on.is === 'failed' ? [id] : []
  })
}
