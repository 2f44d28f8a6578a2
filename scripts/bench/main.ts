import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { dearest } from './bulky.ts'
import { bothSides, checks, recordedRun, slowGateway } from './checks.ts'
import { growing } from './growing.ts'
import { growth } from './growth.ts'
import { prices } from './prices.ts'
import { hiddenDefects } from './hidden.ts'
import { judging, reader } from './readings.ts'
import { startUps } from './start-ups.ts'
import { parseTyped, runScript } from '../checkout.ts'
import { eachOf } from '../options.ts'
import { table, type Row } from './table.ts'
import { taps } from './taps.ts'
import { tests } from './tests.ts'

/*
 * npm run bench: how fast it is, each figure beside what it is compared with, measured in turn in one run; `npm run bench -- taps` of the
 * parts that are named alone, `-- --growth` of all, also those that take minutes. Nothing here is a test.
 */

const root = fileURLToPath(new URL('../..', import.meta.url))
const main = join(root, 'dist/main.cjs')
const folder = mkdtempSync(join(tmpdir(), 'bench-'))

type Part = () => Promise<readonly Row[]> | readonly Row[]

const parts: ReadonlyMap<string, Part> = new Map<string, Part>([
  ['start-ups', () => startUps(main)],
  ['checks', () => checks(main, folder)],
  ['slow-gateway', () => slowGateway(main)],
  ['both-sides', () => bothSides(main, folder)],
  ['judging', async () => judging(main, folder, await recordedRun(main, folder))],
  ['reader', reader],
  ['dearest', dearest],
  ['taps', () => taps(main, folder)],
  ['prices', prices],
  ['hidden', hiddenDefects],
])

/** Parts that take minutes: by name, or with --growth. */
const longParts: ReadonlyMap<string, Part> = new Map<string, Part>([
  ['growth', async () => growth(await growing(main, folder))],
  ['tests', () => tests(root)],
])

await runScript(async () => {
  try {
    const known = [...parts.keys(), ...longParts.keys()]
    const usage = `npm run bench [-- --growth | ${known.join(' | ')}]`
    const options = { growth: { type: 'boolean', default: false } } as const
    const { positionals, values } = parseTyped(process.argv.slice(2), options, usage)
    const named = eachOf(positionals, known, 'part of the bench')
    execFileSync('npm', ['run', '--silent', 'build'], { cwd: root, stdio: 'inherit' })
    const rows: Row[] = []
    const asked = named.length === 0 && !values.growth ? parts : new Map([...parts, ...longParts])
    for (const [name, part] of asked) if (named.length === 0 || named.includes(name)) rows.push(...(await part()))
    process.stdout.write(
      `Node ${process.versions.node}, ${new Date().toISOString().slice(0, 10)}; medians, measured in turn\n\n${table(rows)}`,
    )
    return 0
  } finally {
    rmSync(folder, { recursive: true })
  }
})
