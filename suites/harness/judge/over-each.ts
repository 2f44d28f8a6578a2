import type { RequirementId } from '../../ids.ts'
import type { Views } from '../views/views.ts'
import type { EverySubject, Requirement, VouchesSubject } from './requirement.ts'

/** A requirement that is judged on each exchange. */
export interface OverEach {
  readonly id: RequirementId
  readonly requirement: Requirement & (EverySubject | VouchesSubject)
  readonly view: keyof Views
  /** Others come after it: what it comes to on an exchange is asked again. */
  readonly isAwaited: boolean
}

/** Of a catalogue, those that are judged on each exchange, by id. */
export type Each = ReadonlyMap<RequirementId, OverEach>

export function overEach(catalogue: readonly Requirement[]): Each {
  const awaited = new Set(catalogue.flatMap(({ after = [] }) => after))
  const each = catalogue.flatMap((requirement): OverEach[] => {
    if (!('every' in requirement || 'vouches' in requirement)) return []
    const { id } = requirement
    const view = 'every' in requirement ? requirement.every : requirement.vouches
    return [{ id, requirement, view, isAwaited: awaited.has(id) }]
  })
  return new Map(each.map((one) => [one.id, one]))
}
