import type { ByClient, Measured } from '../../suites/clients/measured.ts'
import type { Client } from '../../suites/harness/judge/clients.ts'
import type { ByGroup } from './measure.ts'

/** What one client came to, by gateway. */
export interface Measurement {
  readonly client: Client
  readonly version: string
  readonly faults: ReadonlyMap<string, ByGroup>
  /** The control; null where it was not measured anew. */
  readonly variants: ReadonlyMap<string, ByGroup> | null
}

/**
 * What was measured before, with a measurement in the place of what stood there of its client. Gateways that there are no more are left
 * out, clients that were not measured anew stay; and the day stays where the same was found as on that day.
 */
export function updated(before: Measured, { client, version, faults, variants }: Measurement, today: string): Measured {
  const known = before.clients[client]
  const next = {
    faults: merged(before.faults, client, faults),
    variants: variants ? merged(before.variants, client, variants) : before.variants,
  }
  const isSame = known?.version === version && textOf({ ...before, ...next }) === textOf(before)
  return { clients: { ...before.clients, [client]: isSame ? known : { version, date: today } }, ...next }
}

function merged(
  before: Measured['faults'],
  client: Client,
  now: ReadonlyMap<string, ByGroup>,
): Record<string, ByClient> {
  return Object.fromEntries([...now].map(([id, byGroup]) => [id, { ...before[id], [client]: byGroup }]))
}

/** The file: a line a gateway, so that a change shows as one. */
export function textOf({ clients, faults, variants }: Measured): string {
  const lines = (table: object): string =>
    Object.entries(table)
      .map(([name, value]) => `    ${JSON.stringify(name)}: ${JSON.stringify(value)}`)
      .join(',\n')
  const sections = Object.entries({ clients, faults, variants })
  return `{\n${sections.map(([name, table]) => `  "${name}": {\n${lines(table)}\n  }`).join(',\n')}\n}\n`
}
