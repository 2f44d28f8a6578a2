import type { Client } from '../harness/judge/clients.ts'
import type { Requirement } from '../harness/judge/requirement.ts'
import file from './measured.json' with { type: 'json' }
import type { Group, Outcome } from './outcomes.ts'

/** What was measured, as it stands in measured.json: the calls of each client, on each gateway that is not quite the right one. */
export interface Measured {
  /** Which version of each client, and when. */
  readonly clients: Readonly<Record<string, { readonly version: string; readonly date: string }>>
  /** By fault, and by legal variant: those are the control. */
  readonly faults: Readonly<Record<string, ByClient>>
  readonly variants: Readonly<Record<string, ByClient>>
}

/** By client and group of calls; a group that is not named met nothing of it. */
export type ByClient = Readonly<Record<string, Readonly<Partial<Record<Group, Outcome>>>>>

/** measured.json, which `npm run measure` writes; a test holds that it is what its type says. */
export const measured = file as Measured

/** What a client was measured to come to where a requirement is broken. */
export type Suffers = 'breaks' | 'recovers' | 'is-unharmed'

const hurts: ReadonlySet<Outcome> = new Set(['raises', 'another-error', 'silently-other', 'hangs'])

/**
 * What a client comes to where a requirement is broken, by some faults that break it: it breaks if any call of it does; else it recovers
 * if any does. Null where it was not measured, or met none of these faults.
 */
export function suffers(
  client: Client,
  id: Requirement['id'],
  faults: readonly { readonly id: string; readonly breaks: readonly string[] }[],
  { faults: found }: Pick<Measured, 'faults'> = measured,
): Suffers | null {
  const own = faults.filter(({ breaks }) => breaks.includes(id))
  const met = own.flatMap((fault) => Object.values(found[fault.id]?.[client] ?? {}))
  if (met.length === 0) return null
  if (met.some((outcome) => hurts.has(outcome))) return 'breaks'
  return met.includes('recovers') ? 'recovers' : 'is-unharmed'
}
