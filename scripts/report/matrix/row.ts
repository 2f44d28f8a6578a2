import type { MatrixRow } from '../../../schemas/types.ts'
import { wasJudged } from '../../matrix/matrix.ts'
import { markup, type Markup } from '../markup.ts'

/* What every table of index.html says of a row alike. */

/** What the filter reads of a row, in each table that has it, by its place among all. */
export function attributes({ target, broken, exitCode }: MatrixRow, index: number): Markup {
  const find = [target.name, target.baseUrl, target.model, ...broken.map(({ id }) => id)].join(' ').toLowerCase()
  return markup`data-row="${index}" data-exit="${exitCode}" data-find="${find}"`
}

/** A link to a place of the report of a row, or to the report where nothing was judged; the text alone where it has none. */
export function linked(row: MatrixRow, place: string, text: Markup | string): Markup {
  if (row.report === undefined) return markup`${text}`
  return markup`<a href="${row.report}${place === '' || !wasJudged(row) ? '' : `#${place}`}">${text}</a>`
}

/** A date as all of the page writes it: to the minute, in UTC. */
export function when(started: string): string {
  return new Date(started).toISOString().slice(0, 16).replace('T', ' ')
}
