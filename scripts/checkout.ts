import { parseArgs, type ParseArgsConfig } from 'node:util'
import { InputError } from '../suites/harness/wire/input-error.ts'

/* What the scripts that work on the checkout itself share: `npm run generate`, `npm run new` and others. */

/** What was typed after a script. Throws an InputError, with `usage`, where that cannot be. */
export function parseTyped<const O extends NonNullable<ParseArgsConfig['options']>>(
  args: readonly string[],
  options: O,
  usage: string,
) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true })
  } catch (error) {
    const [sentence = ''] = (error instanceof Error ? error.message : String(error)).split(/(?<=')\. /)
    throw new InputError(`${sentence.replace(/\.$/, '')}. It is: ${usage}`)
  }
}

/** Runs a script to its exit code: bad input is one sentence on stderr, and 2. */
export async function runScript(script: () => Promise<number> | number): Promise<void> {
  try {
    process.exitCode = await script()
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    process.stderr.write(`${error.message}\n`)
    process.exitCode = 2
  }
}
