import type { Matrix, MatrixRow } from '../../../schemas/types.ts'
import { brokenMusts, nameOf, wasJudged } from '../../matrix/matrix.ts'
import { code, text } from '../markdown.ts'
import type { Words } from '../words/en.ts'
import { countsOf, marksOf, missingOf, sentenceOf, stateOf, whyOf } from './said.ts'

/** Several targets as Markdown, for the summary of a CI job. Whatever they chose stays text. */
export function matrixSummary(matrix: Matrix, words: Words): string {
  const { rows } = matrix
  const heads = [
    words.matrix.target,
    words.matrix.model,
    '',
    words.matrix.exit,
    words.matrix.reached,
    words.matrix.broken,
    words.brokenHeading,
  ]
  const lines = rows.map((row) => `| ${cells(row, words).join(' | ')} |`)
  const table =
    rows.length > 0
      ? [`| ${heads.map((head) => head || ' ').join(' | ')} |`, `|${'---|'.repeat(heads.length)}`, ...lines].join('\n')
      : ''
  const parts = [
    `## messages-conformance${words.colon}${words.matrix.title}`,
    `**${sentenceOf(matrix, words)}** ${countsOf(matrix, words)}`,
    missingOf(matrix, words)
      .map((line) => `- ${text(line)}`)
      .join('\n'),
    table,
  ]
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`
}

function cells(row: MatrixRow, words: Words): readonly string[] {
  const { worse, flapping } = marksOf(row)
  const name = text(nameOf(row))
  const failing = row.broken.filter(({ fails }) => fails).map(({ id }) => id)
  const marked = failing.slice(0, mostNamed).map((id) => {
    const aside = worse.includes(id) ? words.matrix.worseHeading : flapping.has(id) ? words.matrix.flapping : null
    return `\`${text(id)}\`${aside === null ? '' : words.aside(aside)}`
  })
  const more = failing.length > mostNamed ? [words.matrix.more(failing.length - mostNamed)] : []
  return [
    row.report === undefined ? name : `[${name}](${row.report})`,
    code(row.target.model),
    `${signs[row.exitCode]} ${stateOf(row, words)}`,
    String(row.exitCode),
    row.reached ?? '-',
    wasJudged(row) ? String(brokenMusts(row)) : '-',
    whyOf(row, words) ?? ([...marked, ...more].join(words.comma) || ' '),
  ]
}

const mostNamed = 8
const signs = { 0: '✓', 1: '✗', 2: '?' } as const
