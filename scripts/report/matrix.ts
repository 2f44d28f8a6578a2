import type { CapabilityState, Report } from '../../schemas/types.ts'
import { printable } from './printable.ts'
import { columns, padded } from './width.ts'
import type { Words } from './words/en.ts'

/** Several gateways side by side: what each of them reached, and its capabilities. `asked` counts those not come to as well. */
export function matrix(reports: readonly Report[], asked: number, words: Words): string {
  const names = [...new Set(reports.flatMap(({ capabilities }) => Object.keys(capabilities)))]
  const heads = words.matrix
  const cell = (state: CapabilityState): string => (state === 'not-asked' ? '-' : words.state(state))
  const rows = [
    [heads.target, heads.model, heads.exit, heads.reached, heads.broken, ...names],
    ...reports.map((report) => [
      printable(report.target.name ?? report.target.baseUrl),
      printable(report.target.model),
      String(report.conclusion.exitCode),
      report.conclusion.reached ?? '-',
      String(brokenMusts(report)),
      ...names.map((name) => cell(report.capabilities[name]?.state ?? 'not-asked')),
    ]),
  ]
  const head = (rows[0] ?? []).slice(0, 5)
  const widths = head.map((_, column) => Math.max(...rows.map((row) => columns(row[column] ?? ''))))
  const lines = rows.map((row) =>
    head
      .map((_, column) => padded(row[column] ?? '', widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  )
  const widest = Math.max(0, ...names.map((name) => name.length))
  const offers = names.map(
    (name, index) =>
      `${name.padEnd(widest)}  ${rows
        .slice(1)
        .map((row) => padded(row[5 + index] ?? '', 9))
        .join('  ')
        .trimEnd()}`,
  )
  const missing = asked > reports.length ? [words.notComeTo(asked - reports.length, asked)] : []
  const verdict = sentence(worst(reports, asked), reports, words)
  return `${[...lines, '', ...offers, '', ...missing, verdict].join('\n')}\n`
}

/** The exit code of several runs: one that could not be carried out makes it 2, else 1 beats 2 beats 0. */
export function worst(reports: readonly Report[], asked: number): 0 | 1 | 2 {
  const codes = reports.map(({ conclusion }) => conclusion.exitCode)
  if (reports.length < asked || reports.some(({ ending }) => ending !== 'complete')) return 2
  return codes.includes(1) ? 1 : codes.includes(2) ? 2 : 0
}

function sentence(code: 0 | 1 | 2, reports: readonly Report[], words: Words): string {
  if (code === 2) return words.notEveryTarget
  const failing = reports.filter(({ conclusion }) => conclusion.exitCode === 1).length
  const partial = reports.some(({ conclusion: { exitCode, conformant } }) => exitCode !== 2 && conformant === null)
  if (partial) return words.targetsInPart(failing, reports.length)
  return code === 1 ? words.targetsBroken(failing, reports.length) : words.targetsKept(reports.length)
}

function brokenMusts({ verdicts }: Report): number {
  return verdicts.filter(({ outcome, level, waived }) => outcome === 'broken' && level === 'must' && !waived).length
}
