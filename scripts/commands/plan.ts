import { planFor } from '../../suites/run/selection.ts'
import type { Plan } from '../../suites/harness/gather/plan.ts'
import type { Io } from '../io.ts'
import { wordsFor } from '../language.ts'
import type { Typed } from '../options.ts'
import { columns, padded } from '../report/width.ts'
import type { Words } from '../report/words/en.ts'
import { selectionOf } from '../selection.ts'

/** Prints the plan. Returns the exit code. */
export async function run(typed: Typed, io: Io): Promise<number> {
  const words = await wordsFor(typed)
  const plan = planFor(selectionOf(typed))
  io.out(typed.flags.has('json') ? `${JSON.stringify(asJson(plan), null, 2)}\n` : asText(plan, words))
  return 0
}

function asJson({ steps, cost }: Plan) {
  return {
    ...cost,
    steps: steps.map(({ name, paid, inputTokens, outputTokens, dependsOn, quirk }) => ({
      name,
      ...(quirk && { quirk: quirk.id }),
      paid,
      inputTokens,
      outputTokens,
      dependsOn,
    })),
  }
}

function asText({ steps, cost }: Plan, { plan: words, whileUpstream }: Words): string {
  const widest = Math.max(...steps.map(({ name }) => name.length), 7)
  const line = (name: string, input: string, output: string, note: string): string =>
    `${padded(name, widest)}  ${atTheRight(input)}  ${atTheRight(output)}  ${note}`.trimEnd()
  const rows = steps.map(({ name, paid, inputTokens, outputTokens, fixture, quirk }) =>
    line(
      name,
      paid ? String(inputTokens) : '-',
      paid ? String(outputTokens) : '-',
      paid ? fixture.about : words.free(quirk ? whileUpstream(quirk.about) : fixture.about),
    ),
  )
  const head = line(words.request, words.input, words.output, '')
  return `${head}\n${rows.join('\n')}\n\n${words.cost(cost, cost.requests - cost.paidRequests)}\n`
}

function atTheRight(number: string): string {
  return ' '.repeat(Math.max(0, 7 - columns(number))) + number
}
