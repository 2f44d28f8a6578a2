import type { CapabilityState, Report } from '../../schemas/types.ts'
import { inWords, printable } from './printable.ts'

/** Several gateways side by side: what each of them reached, and its capabilities. `asked` counts those not come to as well. */
export function matrix(reports: readonly Report[], asked: number): string {
  const names = [...new Set(reports.flatMap(({ capabilities }) => Object.keys(capabilities)))]
  const rows = [
    ['target', 'model', 'exit', 'reached', 'broken', ...names],
    ...reports.map((report) => [
      printable(report.target.name ?? report.target.baseUrl),
      printable(report.target.model),
      String(report.conclusion.exitCode),
      report.conclusion.reached ?? '-',
      String(brokenMusts(report)),
      ...names.map((name) => cell(report.capabilities[name]?.state ?? 'not-asked')),
    ]),
  ]
  const columns = rows[0] ?? []
  const head = columns.slice(0, 5)
  const widths = head.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  const lines = rows.map((row) =>
    head
      .map((_, column) => (row[column] ?? '').padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  )
  const widest = Math.max(0, ...names.map((name) => name.length))
  const offers = names.map(
    (name, index) =>
      `${name.padEnd(widest)}  ${rows
        .slice(1)
        .map((row) => (row[5 + index] ?? '').padEnd(9))
        .join('  ')
        .trimEnd()}`,
  )
  const missing =
    asked > reports.length
      ? [`${asked - reports.length} of ${asked} targets ${asked - reports.length === 1 ? 'was' : 'were'} not come to.`]
      : []
  const verdict = sentence(worst(reports, asked), reports)
  return `${[...lines, '', ...offers, '', ...missing, verdict].join('\n')}\n`
}

function cell(state: CapabilityState): string {
  return state === 'not-asked' ? '-' : inWords(state)
}

/** The exit code of several runs: one that could not be carried out makes it 2, else 1 beats 2 beats 0. */
export function worst(reports: readonly Report[], asked: number): 0 | 1 | 2 {
  const codes = reports.map(({ conclusion }) => conclusion.exitCode)
  if (reports.length < asked || reports.some(({ ending }) => ending !== 'complete')) return 2
  return codes.includes(1) ? 1 : codes.includes(2) ? 2 : 0
}

function sentence(code: 0 | 1 | 2, reports: readonly Report[]): string {
  if (code === 2) return 'Not proven: not every target could be judged.'
  const failing = reports.filter(({ conclusion }) => conclusion.exitCode === 1).length
  const partial = reports.some(({ conclusion: { exitCode, conformant } }) => exitCode !== 2 && conformant === null)
  if (partial)
    return `${failing === 0 ? 'None' : failing} of ${reports.length} targets ${failing === 1 ? 'breaks' : 'break'} something that was looked at: a partial look.`
  if (code === 1) return `${failing} of ${reports.length} targets do not keep their promises.`
  return `All ${reports.length} targets keep the promises they were asked for.`
}

function brokenMusts({ verdicts }: Report): number {
  return verdicts.filter(({ outcome, level, waived }) => outcome === 'broken' && level === 'must' && !waived).length
}
