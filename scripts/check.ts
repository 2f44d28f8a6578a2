import { createReference } from '../fixtures/gateways/reference/reference.ts'
import { serve } from '../fixtures/gateways/serve.ts'
import { auths } from '../schemas/values.ts'
import { examine, referenceIdleTimeout } from '../suites/harness/examine.ts'
import { usualLimits, type Limits } from '../suites/harness/gather.ts'
import { referenceTarget } from '../suites/harness/reference-target.ts'
import type { Selection } from '../suites/harness/run.ts'
import type { Target } from '../suites/harness/target.ts'
import { anthropicHint, whichTarget } from '../suites/harness/which-target.ts'
import { faultNamed } from './named-gateways.ts'
import type { Io } from './io.ts'
import { helpLines, oneOf, parseOptions, wholeNumber, type OptionName, type Typed } from './options.ts'
import { openOut } from './out.ts'
import { commandWord } from './report/again.ts'
import { reportOf } from './report/report.ts'
import { renderRun } from './report/terminal.ts'
import { selectionOf, selectionOptions } from './selection.ts'

const targetOptions: readonly OptionName[] = [
  'base-url',
  'model',
  'key-env',
  'auth',
  'header',
  'header-env',
  'api-version',
  'small-model',
]
const budgetOptions: readonly OptionName[] = ['max-requests', 'max-input-tokens', 'max-output-tokens']
const allowed: readonly OptionName[] = [
  ...targetOptions,
  ...selectionOptions,
  'concurrency',
  'timeout',
  ...budgetOptions,
  'out',
  'fault',
  'help',
]

const help = `check: sends a small set of requests to a gateway and judges what comes back

  messages-conformance check --base-url https://gateway.example --model NAME
  messages-conformance check                      judges the built-in reference gateway

${helpLines(allowed).join('\n')}
`

/** Plan, gather, judge, conclude. Returns the exit code. */
export async function run(argv: readonly string[], io: Io): Promise<number> {
  const typed = parseOptions(argv, allowed, 'check')
  if (typed.flags.has('help')) {
    io.out(help)
    return 0
  }
  const selection = selectionOf(typed)
  const target = meantTarget(typed, io)
  return target ? judgeTarget(target, selection, typed, io) : judgeReference(selection, typed, io)
}

function meantTarget(typed: Typed, io: Io): Target | null {
  const { values, lists, words } = typed
  return whichTarget(
    {
      baseUrl: values['base-url'],
      model: values.model,
      smallModel: values['small-model'],
      keyEnv: values['key-env'],
      auth: oneOf(typed, 'auth', auths),
      headers: lists.header,
      headersEnv: lists['header-env'],
      apiVersion: values['api-version'],
      fault: values.fault,
      words,
    },
    io.environment,
    'check',
  )
}

async function judgeReference(selection: Selection, typed: Typed, io: Io): Promise<number> {
  const hint = anthropicHint(io.environment)
  if (hint) io.err(`${hint}\n`)
  const fault = typed.values.fault === undefined ? undefined : faultNamed(typed.values.fault)
  const reference = createReference()
  const server = await serve(fault ? fault.over(reference) : reference)
  try {
    return await judgeTarget(referenceTarget(server.url, fault?.id), selection, typed, io)
  } finally {
    await server.close()
  }
}

async function judgeTarget(target: Target, selection: Selection, typed: Typed, io: Io): Promise<number> {
  const started = new Date()
  const out = typed.values.out === undefined ? null : openOut(typed.values.out)
  const tape = out?.tape({ target, profile: selection.profile, started })
  const interrupt = new AbortController()
  const onSignal = (): void => interrupt.abort()
  process.once('SIGINT', onSignal).once('SIGTERM', onSignal)
  const examined = await examine(target, selection, limitsOf(typed, target), {
    record: (exchange) => tape?.write(exchange),
    signal: interrupt.signal,
    today: started.toISOString().slice(0, 10),
  }).finally(() => process.removeListener('SIGINT', onSignal).removeListener('SIGTERM', onSignal))
  const { gathered, outcome, stoppedBy } = examined
  if (examined.target.auth !== target.auth)
    io.out(`${target.baseUrl} accepts the key as ${examined.target.auth} only, and was judged with that.\n\n`)
  tape?.end(gathered)
  const report = reportOf({ target: examined.target, selection, started, gathered, outcome })
  out?.write(report)
  io.out(
    renderRun({
      report,
      target: examined.target,
      selection,
      stoppedBy,
      command: commandWord(io.environment),
      width: io.width,
    }),
  )
  return outcome.conclusion.exitCode
}

function limitsOf(typed: Typed, target: Target): Limits {
  const seconds = wholeNumber(typed, 'timeout', 1)
  const usual = target.kind === 'reference' ? referenceIdleTimeout : usualLimits.idleTimeout
  return {
    ...usualLimits,
    idleTimeout: seconds === undefined ? usual : seconds * 1000,
    concurrency: wholeNumber(typed, 'concurrency', 1) ?? usualLimits.concurrency,
    budget: {
      requests: wholeNumber(typed, 'max-requests', 0) ?? Infinity,
      inputTokens: wholeNumber(typed, 'max-input-tokens', 0) ?? Infinity,
      outputTokens: wholeNumber(typed, 'max-output-tokens', 0) ?? Infinity,
    },
  }
}
