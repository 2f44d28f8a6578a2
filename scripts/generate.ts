import { refresh } from './generate/refresh.ts'
import { stages } from './generate/stages.ts'
import { parseTyped, runScript } from './checkout.ts'
import { InputError } from '../suites/harness/wire/input-error.ts'

/* npm run generate: writes everything that is generated. With --check it writes nothing, and says what is stale: exit 1. */

const usage = 'npm run generate [-- --check]'

await runScript(async () => {
  const { values, positionals } = parseTyped(
    process.argv.slice(2),
    { check: { type: 'boolean', default: false } },
    usage,
  )
  if (positionals.length > 0)
    throw new InputError(`Everything is generated, not only ${positionals[0]}. It is: ${usage}`)
  let stale = 0
  for await (const line of refresh(stages(), new URL('..', import.meta.url), values.check)) {
    process.stdout.write(`${line}\n`)
    stale++
  }
  return values.check && stale > 0 ? 1 : 0
})
