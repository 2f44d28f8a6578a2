import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { dearest } from './bulky.ts'
import { checks, recordedRun, slowGateway } from './checks.ts'
import { prices } from './prices.ts'
import { hiddenDefects } from './hidden.ts'
import { judging, reader } from './readings.ts'
import { startUps } from './start-ups.ts'
import { table } from './table.ts'
import { taps } from './taps.ts'

/* npm run bench: how fast it is, each figure beside what it is compared with, measured in turn in one run. Nothing here is a test. */

const root = fileURLToPath(new URL('../..', import.meta.url))
const main = join(root, 'dist/main.js')
const folder = mkdtempSync(join(tmpdir(), 'bench-'))

try {
  execFileSync('npm', ['run', '--silent', 'build'], { cwd: root, stdio: 'inherit' })
  const rows = [
    ...(await startUps(main)),
    ...(await checks(main, folder)),
    ...(await slowGateway(main)),
    ...(await judging(main, folder, await recordedRun(main, folder))),
    ...(await reader()),
    ...(await dearest()),
    ...(await taps(main, folder)),
    ...prices(),
    ...(await hiddenDefects()),
  ]
  process.stdout.write(
    `Node ${process.versions.node}, ${new Date().toISOString().slice(0, 10)}; medians, measured in turn\n\n${table(rows)}`,
  )
} finally {
  rmSync(folder, { recursive: true })
}
