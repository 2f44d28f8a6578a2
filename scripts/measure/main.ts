import { fileURLToPath } from 'node:url'
import { eachOf } from '../options.ts'
import { parseTyped, runScript } from '../checkout.ts'
import type { Measurement } from './measured-file.ts'
import { renew } from './renew.ts'

/*
 * npm run measure: what clients come to on every fault and variant, written to suites/clients/measured.json. The TypeScript SDK where
 * nobody is named; the others are installed for it, into a scratch folder. With --check it writes nothing, leaves the variants out (they
 * are the control), and says whether that file is stale: exit 1.
 */

type Driver = (control: boolean) => Promise<readonly Measurement[]>

const drivers: Readonly<Record<string, () => Promise<Driver>>> = {
  typescript: async () => (await import('./drive-typescript.ts')).driveTypescript,
  python: async () => (await import('./drive-python.ts')).drivePython,
  'claude-code': async () => (await import('./drive-claude-code.ts')).driveClaudeCode,
}
const usage = `npm run measure [-- ${Object.keys(drivers).join(' | ')}] [--check]`

await runScript(async () => {
  const options = { check: { type: 'boolean', default: false } } as const
  const { values, positionals } = parseTyped(process.argv.slice(2), options, usage)
  const named =
    positionals.length > 0 ? eachOf(positionals, Object.keys(drivers), 'client that is measured') : ['typescript']
  const measuring = async (control: boolean): Promise<readonly Measurement[]> => {
    const found: Measurement[] = []
    for (const name of named) found.push(...((await (await drivers[name]?.())?.(control)) ?? []))
    return found
  }
  const [today = ''] = new Date().toISOString().split('T')
  const path = fileURLToPath(new URL('../../suites/clients/measured.json', import.meta.url))
  return renew({ path, check: values.check, today, say: (line) => process.stdout.write(`${line}\n`) }, measuring)
})
