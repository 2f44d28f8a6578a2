import type { Dialect, Report, ReportedVerdict } from '../../schemas/types.ts'

/** One check of one gateway over one protocol. */
export interface Run {
  readonly gateway: string
  readonly version: string
  readonly dialect: Dialect
  /** Null where check could not begin. */
  readonly report: Pick<Report, 'conclusion' | 'verdicts'> | null
}

/** Each run as a line, and below them what each of them broke. */
export function table(runs: readonly Run[]): string {
  const rows = [['gateway', 'version', 'over', 'exit code', 'broken'], ...runs.map(cells)]
  const widths = cellWidths(rows)
  const lines = rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  )
  return `${[lines.join('\n'), ...runs.map(inFull)].join('\n\n')}\n`
}

function cells({ gateway, version, dialect, report }: Run): readonly string[] {
  const broken = `${brokenOf(report, 'must').length} must, ${brokenOf(report, 'should').length} should`
  return [gateway, version, dialect, String(report?.conclusion.exitCode ?? 2), report ? broken : '']
}

function cellWidths(rows: readonly (readonly string[])[]): readonly number[] {
  return (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
}

function inFull({ gateway, version, dialect, report }: Run): string {
  const reasons = report?.conclusion.exitCode === 2 ? report.conclusion.reasons : []
  const broken = (['must', 'should'] as const).flatMap((level) =>
    brokenOf(report, level).map(({ id, findings }) => `${level.padEnd(6)}  ${id} (${findings.length})`),
  )
  return [`${gateway} ${version} over ${dialect}`, ...[...reasons, ...broken].map((line) => `  ${line}`)].join('\n')
}

function brokenOf(report: Run['report'], level: ReportedVerdict['level']): readonly ReportedVerdict[] {
  return report?.verdicts.filter((verdict) => verdict.outcome === 'broken' && verdict.level === level) ?? []
}
