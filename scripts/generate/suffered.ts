import { faults } from '../../fixtures/gateways/faults/faults.ts'
import { measured, suffers } from '../../suites/clients/measured.ts'
import type { Suffers } from '../../suites/clients/suffers.ts'
import type { Client } from '../../suites/harness/judge/clients.ts'
import { asText } from './as-text.ts'

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
    return found.length === 0 ? [] : [`  '${id}': ${asText(Object.fromEntries(found))},\n`]
  })
  return [
    `import type { Client } from '../harness/judge/clients.ts'\nimport { own } from '../harness/wire/json.ts'\nimport type { Measurement, Suffers } from './suffers.ts'\n\n`,
    `/** The clients that were measured: which version, and when. */\n`,
    `export const measurements: { readonly [C in Client]?: Measurement } = {\n${versions.join('')}}\n\n`,
    `export type BySuffering = { readonly [C in Client]?: Suffers }\n\n`,
    `const texts: Readonly<Record<string, string>> = {\n${lines.join('')}}\n\n`,
    `/** What each came to where a requirement is broken; who is not named met nothing of it. */\n`,
    `export function sufferedBy(id: string): BySuffering {\n`,
    `  return JSON.parse(own(texts, id) ?? '{}') as BySuffering // It was written by \`npm run generate\`.\n}\n`,
  ].join('')
}
