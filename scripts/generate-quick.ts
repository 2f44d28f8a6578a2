import { readFileSync, writeFileSync } from 'node:fs'
import { quick } from './generate/quick.ts'

/* Writes suites/quick.ts; with --check it only says whether that would change it. Slow: it runs the whole proof. */

const file = new URL('../suites/quick.ts', import.meta.url)
const text = await quick()
if (!process.argv.includes('--check')) writeFileSync(file, text)
else if (readFileSync(file, 'utf8') !== text) {
  process.stderr.write('suites/quick.ts is stale: npm run generate:quick\n')
  process.exitCode = 1
}
