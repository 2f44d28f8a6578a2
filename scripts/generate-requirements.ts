import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { requirementsPage } from './generate/requirements-page.ts'

/* Writes REQUIREMENTS.md; with --check it only says whether that would change it. */

const file = new URL('../REQUIREMENTS.md', import.meta.url)
const text = requirementsPage()
if (!process.argv.includes('--check')) writeFileSync(file, text)
else if (!existsSync(file) || readFileSync(file, 'utf8') !== text) {
  process.stderr.write('REQUIREMENTS.md is stale: npm run generate:requirements\n')
  process.exitCode = 1
}
