import { InputError } from '../../suites/harness/wire/input-error.ts'
import { parseTyped, runScript } from '../checkout.ts'
import { fuzz, saidOf } from './fuzz.ts'
import { undone } from './undone/undone.ts'

/*
 * npm run fuzz: what the proof records is changed in ways nobody thought of, and whatever comes of it, nothing throws, all outputs
 * are what they have to be, no secret leaves, and no word is judged by its being known to JavaScript.
 */

const usage = 'npm run fuzz -- [--seed N] [--count N] [--case N | --secrets | --undone [--only ID,...]] [--unmeasured]'

/** A whole number that was typed. Throws an InputError. */
function numberOf(name: string, text: string | undefined, otherwise: number, least: number): number {
  const number = text === undefined ? otherwise : Number(text)
  if (!Number.isSafeInteger(number) || number < least || text === '')
    throw new InputError(`--${name} takes a whole number of at least ${least}. It is: ${usage}`)
  return number
}

async function main(): Promise<number> {
  const { values, positionals } = parseTyped(
    process.argv.slice(2),
    {
      seed: { type: 'string' },
      count: { type: 'string' },
      case: { type: 'string' },
      undone: { type: 'boolean' },
      only: { type: 'string' },
      unmeasured: { type: 'boolean' },
      secrets: { type: 'boolean' },
    },
    usage,
  )
  if (positionals.length > 0) throw new InputError(`fuzz takes options only. It is: ${usage}`)
  if ([values.case, values.secrets, values.undone].filter(Boolean).length > 1)
    throw new InputError(`fuzz takes one of --case, --secrets and --undone. It is: ${usage}`)
  const seed = numberOf('seed', values.seed, 1, 0)
  const only = values.case === undefined ? null : numberOf('case', values.case, 0, 0)
  const count = only === null ? numberOf('count', values.count, 2000, 1) : 1
  if (values.undone) {
    const ids = values.only?.split(',') ?? []
    return (await undone({ seed, count, only: ids, say: (line) => process.stdout.write(`${line}\n`) })) ? 0 : 1
  }
  const onDone = (done: number): boolean => process.stdout.write(`${done} of ${count} cases of seed ${seed}\n`)
  const { unmeasured = false, secrets: secretsOnly = false } = values
  const failed = await fuzz({ seed, from: only ?? 0, count, measured: !unmeasured, secretsOnly, onDone })
  if (failed) {
    process.stderr.write(saidOf(failed, seed))
    return 1
  }
  const tried = secretsOnly
    ? `Of ${count} cases of seed ${seed} those that say a secret`
    : `${count} cases of seed ${seed}`
  process.stdout.write(`${tried}: all is as it has to be.\n`)
  return 0
}

await runScript(main)
