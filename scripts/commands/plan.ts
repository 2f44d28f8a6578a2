import { fixtureFacts } from '../../fixtures/facts.ts'
import type { FixtureFacts } from '../../fixtures/fixture.ts'
import type { Dialect } from '../../schemas/types.ts'
import type { Plan } from '../../suites/harness/gather/plan.ts'
import type { RequirementId } from '../../suites/ids.ts'
import { forTarget, idsBehind, planFor, type Selection } from '../../suites/run/selection.ts'
import type { PrintingIo } from '../io.ts'
import { wordsFor } from '../language.ts'
import type { Typed } from '../options.ts'
import { printable } from '../report/printable.ts'
import { columns, padded } from '../report/width.ts'
import type { Words } from '../report/words/en.ts'
import { selectionIn, selectionOf } from '../selection.ts'

/** Prints the plan, or that of each gateway of a target file. Returns the exit code. */
export async function run(typed: Typed, io: PrintingIo): Promise<number> {
  const words = await wordsFor(typed)
  const file = typed.values.target
  const planned = file === undefined ? [{ name: null, ...planOf(selectionOf(typed)) }] : await plannedIn(file, typed)
  if (typed.flags.has('json')) {
    const all = planned.map(({ name, ...one }) => ({ ...(name !== null && { name }), ...asJson(one) }))
    io.print(`${JSON.stringify(file === undefined ? all[0] : { targets: all }, null, 2)}\n`)
  } else {
    const texts = planned.map(
      ({ name, ...one }) => `${name === null ? '' : `${printable(name)}\n\n`}${asText(one, words)}`,
    )
    io.print(texts.join('\n'))
  }
  return 0
}

interface Planned {
  readonly plan: Plan<FixtureFacts>
  /** What is seen behind the gateway; null where it is seen from the front alone. */
  readonly behind: Behind | null
}

interface Behind {
  readonly dialect: Dialect
  /** The requirements that nothing shows but the upstream. */
  readonly requirements: readonly RequirementId[]
  /** Of the requests, those that are asked again while the upstream speaks otherwise; and in how many ways that does. */
  readonly again: number
  readonly ways: number
}

function planOf(selection: Selection): Planned {
  const plan = planFor(selection, fixtureFacts)
  const { dialect } = selection
  if (dialect === undefined) return { plan, behind: null }
  const again = plan.steps.flatMap(({ quirk }) => (quirk ? [quirk.id] : []))
  const requirements = idsBehind(selection)
  return { plan, behind: { dialect, requirements, again: again.length, ways: new Set(again).size } }
}

async function plannedIn(file: string, typed: Typed): Promise<readonly (Planned & { readonly name: string })[]> {
  const { readTargetFile } = await import('../target-file.ts')
  return readTargetFile(file).targets.map((entry) => {
    const selection = forTarget(selectionOf(typed, selectionIn(entry)), { auth: entry.auth ?? 'bearer' })
    return { name: entry.name, ...planOf(selection) }
  })
}

function asJson({ plan: { steps, cost }, behind }: Planned) {
  return {
    ...cost,
    ...(behind && { behind }),
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

function asText({ plan: { steps, cost }, behind }: Planned, { plan: words, whileUpstream }: Words): string {
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
  const sums = [
    words.cost(cost, cost.requests - cost.paidRequests),
    ...(behind ? [words.behind(behind.dialect, behind.requirements.length, behind.again, behind.ways)] : []),
  ]
  return `${head}\n${rows.join('\n')}\n\n${sums.join('\n')}\n`
}

function atTheRight(number: string): string {
  return ' '.repeat(Math.max(0, 7 - columns(number))) + number
}
