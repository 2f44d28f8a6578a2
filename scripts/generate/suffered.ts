import { faults } from '../../fixtures/gateways/faults/faults.ts'
import { measured, suffers } from '../../suites/clients/measured.ts'
import type { Suffers } from '../../suites/clients/suffers.ts'
import type { Client } from '../../suites/harness/judge/clients.ts'

/**
 * What measured.json comes to, by requirement: the text of suites/clients/suffered.ts. The catalogue reads that, and neither the faults
 * nor each call that was measured.
 */
export function suffered(): string {
  const clients = Object.entries(measured.clients)
  const versions = clients.map(
    ([client, { version, date }]) => `  '${client}': { version: '${version}', date: '${date}' },\n`,
  )
  const ids = [...new Set(faults.flatMap(({ breaks }) => breaks))].toSorted()
  const lines = ids.flatMap((id) => {
    const found = clients.flatMap(([client]): [string, Suffers][] => {
      const state = suffers(client as Client, id, faults)
      return state === null ? [] : [[client, state]]
    })
    const told = found.map(([client, state]) => `'${client}': '${state}'`).join(', ')
    return found.length === 0 ? [] : [`  '${id}': { ${told} },\n`]
  })
  return [
    `import type { Client } from '../harness/judge/clients.ts'\nimport type { Measurement, Suffers } from './suffers.ts'\n\n`,
    `/** The clients that were measured: which version, and when. */\n`,
    `export const measurements: { readonly [C in Client]?: Measurement } = {\n${versions.join('')}}\n\n`,
    `/** What each came to where a requirement is broken, by its id; who is not named met nothing of it. */\n`,
    `export const suffered: { readonly [id: string]: { readonly [C in Client]?: Suffers } } = {\n${lines.join('')}}\n`,
  ].join('')
}
