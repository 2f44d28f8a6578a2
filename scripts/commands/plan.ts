import { planFor } from '../../suites/run/selection.ts'
import type { Plan } from '../../suites/harness/gather/plan.ts'
import type { Io } from '../io.ts'
import { thousands } from '../report/thousands.ts'
import { helpLines, parseOptions, type OptionName } from '../options.ts'
import { InputError } from '../../suites/harness/wire/input-error.ts'
import { selectionOf, selectionOptions } from '../selection.ts'

const allowed: readonly OptionName[] = [...selectionOptions, 'json', 'help']

const help = `plan: what check would send, and at most what it would cost; sends nothing

  messages-conformance plan --profile claude-code

${helpLines(allowed).join('\n')}
`

/** Prints the plan. Returns the exit code. */
export async function run(argv: readonly string[], io: Io): Promise<number> {
  const typed = parseOptions(argv, allowed, 'plan')
  if (typed.words.length > 0) throw new InputError('plan takes options only. See: plan --help')
  if (typed.flags.has('help')) io.out(help)
  else {
    const plan = planFor(selectionOf(typed))
    io.out(typed.flags.has('json') ? `${JSON.stringify(asJson(plan), null, 2)}\n` : asText(plan))
  }
  return 0
}

function asJson({ steps, cost }: Plan) {
  return {
    ...cost,
    steps: steps.map(({ name, paid, inputTokens, outputTokens, dependsOn }) => ({
      name,
      paid,
      inputTokens,
      outputTokens,
      dependsOn,
    })),
  }
}

function asText({ steps, cost }: Plan): string {
  const widest = Math.max(...steps.map(({ name }) => name.length), 7)
  const line = (name: string, input: string, output: string, note: string): string =>
    `${name.padEnd(widest)}  ${input.padStart(7)}  ${output.padStart(7)}  ${note}`.trimEnd()
  const rows = steps.map(({ name, paid, inputTokens, outputTokens, fixture }) =>
    line(
      name,
      paid ? String(inputTokens) : '-',
      paid ? String(outputTokens) : '-',
      paid ? fixture.about : `free: ${fixture.about}`,
    ),
  )
  const free = cost.requests - cost.paidRequests
  return `${line('request', 'input', 'output', '')}\n${rows.join('\n')}\n\n${costSentence(cost, free)}\n`
}

/** `14 requests, 6 of them free, at most 2,000 input and 1,900 output tokens.` */
export function costSentence({ requests, inputTokens, outputTokens }: Plan['cost'], free: number): string {
  return `${requests} requests, ${free} of them free, at most ${thousands(inputTokens)} input and ${thousands(outputTokens)} output tokens; a model that does not get there is asked once more.`
}
