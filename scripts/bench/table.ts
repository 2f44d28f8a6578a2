/** One figure beside what it is compared with, and how many times as much it is; null where there is nothing to divide by. */
export interface Row {
  readonly what: string
  readonly ours: string
  readonly compared: string
  readonly ratio: number | null
}

export const ms = (milliseconds: number): string => `${Math.round(milliseconds)} ms`

/** The rows in columns, a line each. */
export function table(rows: readonly Row[]): string {
  const cells = rows.map(({ what, ours, compared, ratio }) => ({
    what,
    ours,
    compared,
    ratio: ratio === null ? '' : `${ratio.toFixed(2)}x`,
  }))
  const widest = (column: 'what' | 'ours' | 'compared'): number => Math.max(...cells.map((row) => row[column].length))
  const [what, ours, compared] = [widest('what'), widest('ours'), widest('compared')]
  return cells
    .map(
      (row) => `${row.what.padEnd(what)}  ${row.ours.padStart(ours)}  ${row.compared.padEnd(compared)}  ${row.ratio}\n`,
    )
    .join('')
}
