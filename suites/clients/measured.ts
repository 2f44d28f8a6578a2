import type { Client } from '../harness/judge/clients.ts'
import file from './measured.json' with { type: 'json' }
import type { Group, Outcome } from './outcomes.ts'
import type { Measurement, Suffers } from './suffers.ts'

/** What was measured, as it stands in measured.json: the calls of each client, on each gateway that is not quite the right one. */
export interface Measured {
  /** Which version of each client, and when. */
  readonly clients: Readonly<Record<string, Measurement>>
  /** By fault, and by legal variant: those are the control. */
  readonly faults: Readonly<Record<string, ByClient>>
  readonly variants: Readonly<Record<string, ByClient>>
}

/** By client and group of calls; a group that is not named met nothing of it. */
export type ByClient = Readonly<Record<string, Readonly<Partial<Record<Group, Outcome>>>>>

/** measured.json, which `npm run measure` writes; a test holds that it is what its type says. */
export const measured = file as Measured

const hurts: ReadonlySet<Outcome> = new Set(['raises', 'another-error', 'silently-other', 'hangs'])

/**
 * What a client comes to where a requirement is broken, by some faults that break it: it breaks if any call of it does; else it recovers
 * if any does. Where a fault breaks it alone, only such count: what another does to a client may be for what else it breaks; what is seen
 * in front of a failing upstream only is nothing else. Null where it was not measured, or met none of these faults.
 */
export function suffers(
  client: Client,
  id: string,
  faults: readonly { readonly id: string; readonly breaks: readonly string[] }[],
  { faults: found }: Pick<Measured, 'faults'> = measured,
): Suffers | null {
  const own = faults.filter(({ breaks }) => breaks.includes(id))
  const alone = own.filter(({ breaks }) => breaks.every((one) => one === id || one.startsWith('upstream/')))
  const met = (alone.length > 0 ? alone : own).flatMap((fault) => Object.values(found[fault.id]?.[client] ?? {}))
  if (met.length === 0) return null
  if (met.some((outcome) => hurts.has(outcome))) return 'breaks'
  return met.includes('recovers') ? 'recovers' : 'is-unharmed'
}
