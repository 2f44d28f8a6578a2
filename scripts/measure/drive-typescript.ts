import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import packageJson from '../../package.json' with { type: 'json' }
import { faults } from '../../fixtures/gateways/faults/faults.ts'
import type { ByGroup } from './measure.ts'
import type { Measurement } from './measured-file.ts'
import { lines, type Line } from './typescript.ts'

const { devDependencies } = packageJson
const versions: Readonly<Record<Line, string>> = {
  'typescript-sdk': devDependencies['@anthropic-ai/sdk'],
  'typescript-sdk-0': devDependencies['anthropic-sdk-0'].replace(/^npm:.*@/, ''),
}

/** Measures both lines of the TypeScript SDK, each in a process of its own. Throws where that fails: nothing was measured then. */
export function driveTypescript(control: boolean): Promise<readonly Measurement[]> {
  return Promise.all((Object.keys(lines) as Line[]).map((line) => measureLine(line, control)))
}

async function measureLine(client: Line, control: boolean): Promise<Measurement> {
  const script = fileURLToPath(new URL('line.ts', import.meta.url))
  const child = spawn(process.execPath, ['--import', 'tsx', script, client, ...(control ? ['control'] : [])], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = once(child, 'close')
  const found = { faults: new Map<string, ByGroup>(), variants: new Map<string, ByGroup>() }
  for await (const line of createInterface(child.stdout)) {
    const [id, byGroup] = JSON.parse(line) as [string, ByGroup]
    found[faults.some((fault) => fault.id === id) ? 'faults' : 'variants'].set(id, byGroup)
  }
  const [code] = (await ended) as [number | null]
  if (code !== 0) throw new Error(`The measurement of ${client} ended with ${code}.`)
  return { client, version: versions[client], faults: found.faults, variants: control ? found.variants : null }
}
