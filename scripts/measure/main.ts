import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import packageJson from '../../package.json' with { type: 'json' }
import { faults } from '../../fixtures/gateways/faults/faults.ts'
import { measured } from '../../suites/clients/measured.ts'
import { InputError } from '../../suites/harness/wire/input-error.ts'
import { parseTyped, runScript } from '../checkout.ts'
import type { ByGroup } from './measure.ts'
import { textOf, updated, type Measurement } from './measured-file.ts'
import { lines, type Line } from './typescript.ts'

/*
 * npm run measure: what the TypeScript SDK comes to on every fault and variant, written to suites/clients/measured.json. With --check it
 * writes nothing, leaves the variants out (they are the control), and says whether that file is stale: exit 1.
 */

const usage = 'npm run measure [-- --check]'
const path = fileURLToPath(new URL('../../suites/clients/measured.json', import.meta.url))
const { devDependencies } = packageJson
const versions: Readonly<Record<Line, string>> = {
  'typescript-sdk': devDependencies['@anthropic-ai/sdk'],
  'typescript-sdk-0': devDependencies['anthropic-sdk-0'].replace(/^npm:.*@/, ''),
}

/** Measures one line in a process of its own. Throws where that fails: nothing was measured then. */
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

await runScript(async () => {
  const options = { check: { type: 'boolean', default: false } } as const
  const { values, positionals } = parseTyped(process.argv.slice(2), options, usage)
  if (positionals.length > 0) throw new InputError(`${positionals[0]} cannot be measured. It is: ${usage}`)
  const [day = ''] = new Date().toISOString().split('T')
  const found = await Promise.all((Object.keys(lines) as Line[]).map((line) => measureLine(line, !values.check)))
  const text = textOf(found.reduce((before, one) => updated(before, one, day), measured))
  if (text === readFileSync(path, 'utf8')) return 0
  if (values.check) {
    process.stdout.write('suites/clients/measured.json is stale. Run: npm run measure\n')
    return 1
  }
  writeFileSync(path, text)
  process.stdout.write('suites/clients/measured.json was written.\n')
  return 0
})
