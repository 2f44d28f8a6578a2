import { InputError } from '../../suites/harness/wire/input-error.ts'
import { parseTyped } from '../checkout.ts'
import type { Wanted } from './begin.ts'

const usage = 'npm run new -- area/what-holds --every VIEW | --reads FIXTURE... | --gates CAPABILITY [--chapter FILE]'

export const help = `${usage}

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

/** The requirement that was asked for; null where help was. Throws an InputError where neither is clear. */
export function wantedOf(args: readonly string[]): Wanted | null {
  const { values, positionals } = parseTyped(args, options, usage)
  if (values.help) return null
  const [id, ...more] = positionals
  if (id === undefined || more.length > 0)
    throw new InputError(`One id is needed, as in streaming/ends. It is: ${usage}`)
  const { every, reads, gates, chapter } = values
  const given = [every !== undefined && { every }, reads !== undefined && { reads }, gates !== undefined && { gates }]
  const [on, ...others] = given.filter((one) => one !== false)
  if (!on || others.length > 0) throw new InputError(`One of --every, --reads and --gates is needed. It is: ${usage}`)
  return { id, on, chapter }
}
