import type { Level } from '../../../schemas/types.ts'
import type { RequirementId } from '../../ids.ts'
import type { Exchange } from '../wire/exchange.ts'
import { onExchange } from './on-exchange.ts'
import { overEach } from './over-each.ts'
import type { Requirement } from './requirement.ts'
import type { OnExchange } from './verdict.ts'

/** What one exchange shows by itself. */
export interface Alone {
  /** Each must before each should; neither hints nor what is only noted. */
  readonly broken: readonly { readonly id: RequirementId; readonly level: Level }[]
  readonly holds: number
  /** A mistake of ours, where one was made. */
  readonly failure?: unknown
}

/**
 * Judges exchanges one by one, each by all that is judged on every exchange and by nothing that another one showed: what is broken
 * in one hides nothing of the next. `catalogue`: all requirements; `selected`: those that are looked at.
 */
export function judgingAlone(
  catalogue: readonly Requirement[],
  selected: ReadonlySet<RequirementId>,
): (exchange: Exchange) => Alone {
  const each = overEach(catalogue)
  const looked = [...each.values()].filter(
    ({ id, requirement: { level, hint } }) => selected.has(id) && level !== 'may' && hint !== true,
  )
  return (exchange) => {
    const seen = new Map<RequirementId, OnExchange>()
    const all = looked.map((one) => ({
      id: one.id,
      level: one.requirement.level,
      on: onExchange(one, exchange, each, seen),
    }))
    const broken = all.filter(({ on }) => on.is === 'broken').map(({ id, level }) => ({ id, level }))
    const failed = all.flatMap(({ on }) => (on.is === 'failed' ? [on.error] : []))
    return {
      broken: [...broken.filter(({ level }) => level === 'must'), ...broken.filter(({ level }) => level !== 'must')],
      holds: all.filter(({ on }) => on.is === 'holds').length,
      ...(failed.length > 0 && { failure: failed[0] }),
    }
  }
}
