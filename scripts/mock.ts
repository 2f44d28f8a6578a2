import { defaultKey, defaultModel } from '../fixtures/gateways/reference/identity.ts'
import { createReference } from '../fixtures/gateways/reference/reference.ts'
import { serve } from '../fixtures/gateways/serve.ts'
import { InputError } from '../suites/harness/input-error.ts'
import { faultNamed, variantNamed } from './named-gateways.ts'
import type { Io } from './io.ts'
import { helpLines, parseOptions, wholeNumber, type OptionName } from './options.ts'

const allowed: readonly OptionName[] = ['port', 'key', 'any-model', 'fault', 'variant', 'help']

const help = `mock: serves the built-in reference gateway on loopback, until it is interrupted

  messages-conformance mock --port 4010
  messages-conformance mock --fault streaming/no-message-stop

Its first line is the Base URL; then the key and the model. Any other key gets 401, any other model 404.

${helpLines(allowed).join('\n')}
`

/** Serves until SIGINT or SIGTERM. Returns the exit code. */
export async function run(argv: readonly string[], io: Io): Promise<number> {
  const typed = parseOptions(argv, allowed, 'mock')
  if (typed.flags.has('help')) {
    io.out(help)
    return 0
  }
  if (typed.words.length > 0) throw new InputError('mock takes options only. See: mock --help')
  const key = typed.values.key ?? defaultKey
  const reference = createReference({ key, anyModel: typed.flags.has('any-model') })
  const { fault, variant } = typed.values
  const varied = variant === undefined ? reference : variantNamed(variant).over(reference)
  const gateway = fault === undefined ? varied : faultNamed(fault).over(varied)
  const server = await serve(gateway, { port: wholeNumber(typed, 'port', 0) ?? 0 })
  io.out(`${server.url}\nkey    ${key}\nmodel  ${defaultModel}\n`)
  await new Promise<void>((resolve) => {
    process.once('SIGINT', () => resolve())
    process.once('SIGTERM', () => resolve())
  })
  await server.close()
  return 0
}
