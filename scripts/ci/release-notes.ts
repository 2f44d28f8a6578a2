import { readFileSync } from 'node:fs'
import { InputError } from '../../suites/harness/wire/input-error.ts'
import { runScript } from '../checkout.ts'
import { tool } from '../tool.ts'
import { notesOf } from './notes.ts'

/* npm run release-notes -- TAG: what the changelog says of the version that is released by this tag. */

await runScript(() => {
  const [tag, ...more] = process.argv.slice(2)
  if (tag === undefined || more.length > 0) throw new InputError('It is: npm run release-notes -- v1.2.3')
  const changelog = readFileSync(new URL('../../CHANGELOG.md', import.meta.url), 'utf8')
  process.stdout.write(notesOf(tag, tool.version, changelog))
  return 0
})
