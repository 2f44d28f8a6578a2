import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { InputError } from '../suites/harness/wire/input-error.ts'
import { parseTyped, runScript } from './checkout.ts'
import { begin, type Wanted } from './new/begin.ts'

/* npm run new -- area/what-holds ...: begins a requirement and all that its kind needs. The self tests are red until it is filled in. */

const usage = 'npm run new -- area/what-holds --every VIEW | --reads FIXTURE... | --gates CAPABILITY [--chapter FILE]'

const help = `${usage}

  --every VIEW         judged on each exchange that has this view, whatever sent it: message, events, error, ...
  --reads FIXTURE      judged on this exchange, as in tools/single or tools/single:stream, or on several; one that is not there is begun
  --gates CAPABILITY   says that a capability, a new one as a rule, is served or politely declined
  --chapter FILE       the chapter of the area it belongs to (default: the one named like the area, else the first)

Writes the id, the requirement and a fault in their places, and a fixture, a variant and a word of the vocabulary where its kind needs
one. Each TODO says what belongs there; what is still missing then, the self tests say.
`

const options = {
  every: { type: 'string' },
  reads: { type: 'string', multiple: true },
  gates: { type: 'string' },
  chapter: { type: 'string' },
  help: { type: 'boolean' },
} as const

await runScript(() => {
  const { values, positionals } = parseTyped(process.argv.slice(2), options, usage)
  if (values.help) {
    process.stdout.write(help)
    return 0
  }
  const [id, ...more] = positionals
  if (id === undefined || more.length > 0)
    throw new InputError(`One id is needed, as in streaming/ends. It is: ${usage}`)
  const root = fileURLToPath(new URL('..', import.meta.url))
  const changes = begin({ id, on: judgedOn(values), chapter: values.chapter }, root)
  for (const { path, text, about } of changes) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
    process.stdout.write(`${path}: ${about.join('; ')}\n`)
  }
  process.stdout.write('\nFill in each TODO, then: npm run format && npm run generate && npm test\n')
  return 0
})

function judgedOn({ every, reads, gates }: { every?: string; reads?: string[]; gates?: string }): Wanted['on'] {
  const given = [every !== undefined && { every }, reads !== undefined && { reads }, gates !== undefined && { gates }]
  const [one, ...others] = given.filter((on) => on !== false)
  if (!one || others.length > 0) throw new InputError(`One of --every, --reads and --gates is needed. It is: ${usage}`)
  return one
}
