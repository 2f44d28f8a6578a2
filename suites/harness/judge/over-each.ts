import type { RequirementId } from '../../ids.ts'
import type { Views } from '../views/views.ts'
import type { EverySubject, Requirement } from './requirement.ts'

/**
 * A requirement that is judged on each exchange, laid out for that: whatever it says, it has the same fields as all others, since it
 * is asked for them once an exchange.
 */
export interface OverEach {
  readonly id: RequirementId
  readonly requirement: Requirement
  readonly view: keyof Views
  /** Null for one that vouches for its view, or for a part of it. */
  readonly subject: {
    readonly where: EverySubject['where'] | undefined
    readonly unless: EverySubject['unless'] | undefined
    readonly check: EverySubject['check']
  } | null
  readonly part: string | undefined
  readonly after: readonly RequirementId[]
  /** Others come after it: what it comes to on an exchange is asked again. */
  readonly isAwaited: boolean
}

/** Of a catalogue, those that are judged on each exchange, by id. */
export type Each = ReadonlyMap<RequirementId, OverEach>

export function overEach(catalogue: readonly Requirement[]): Each {
  const awaited = new Set(catalogue.flatMap(({ after = [] }) => after))
  const each = catalogue.flatMap((requirement): OverEach[] => {
    const { id, after = [] } = requirement
    const common = { id, requirement, after, isAwaited: awaited.has(id) }
    if ('vouches' in requirement) {
      const { vouches: view, part } = requirement
      return [{ ...common, view, subject: null, part }]
    }
    if (!('every' in requirement)) return []
    const { every: view, where, unless, check } = requirement as Requirement & EverySubject
    return [{ ...common, view, subject: { where, unless, check }, part: undefined }]
  })
  return new Map(each.map((one) => [one.id, one]))
}
