import { catalogue } from '../../suites/catalogue.ts'
import { InputError } from '../../suites/harness/wire/input-error.ts'
import { parseTyped, runScript } from '../checkout.ts'
import { openFolder } from './folder.ts'
import { missingFrom, quotesOf } from './sources.ts'

/* npm run sources: every quote of the catalogue, looked up in the documentation and in the clients' code. */

const usage = 'npm run sources -- FOLDER'

const quotes = quotesOf(catalogue)

function main(): number {
  const { positionals } = parseTyped(process.argv.slice(2), {}, usage)
  const [name, ...others] = positionals
  if (name === undefined || others.length > 0)
    throw new InputError(`sources takes one folder with the documentation as Markdown. It is: ${usage}`)
  const missing = missingFrom(quotes, openFolder(name), new URL('../../node_modules/', import.meta.url))
  for (const { id, source, because } of missing)
    process.stdout.write(`${id} ${source.url}\n  "${source.quote}"\n  ${because}\n`)
  process.stdout.write(`${quotes.length - missing.length} of ${quotes.length} found\n`)
  return missing.length === 0 ? 0 : 1
}

await runScript(main)
