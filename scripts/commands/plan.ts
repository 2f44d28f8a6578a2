import { planFor } from '../../suites/run/selection.ts'
import type { Plan } from '../../suites/harness/gather/plan.ts'
import type { Io } from '../io.ts'
import { counted, thousands } from '../../suites/harness/wire/counted.ts'
import type { Typed } from '../options.ts'
import { selectionOf } from '../selection.ts'

/** Prints the plan. Returns the exit code. */
export async function run(typed: Typed, io: Io): Promise<number> {
  const plan = planFor(selectionOf(typed))
  io.out(typed.flags.has('json') ? `${JSON.stringify(asJson(plan), null, 2)}\n` : asText(plan))
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
  return `${counted(requests, 'request')}, ${free} of them free, at most ${thousands(inputTokens)} input and ${thousands(outputTokens)} output tokens; a model that does not get there is asked once more.`
}
