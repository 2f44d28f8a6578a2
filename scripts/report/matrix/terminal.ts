import { styleText } from 'node:util'
import type { Matrix, MatrixRow } from '../../../schemas/types.ts'
import { brokenMusts, nameOf, namesAmong, wasJudged } from '../../matrix/matrix.ts'
import { printable } from '../printable.ts'
import { columns, padded, wrapped } from '../width.ts'
import type { Words } from '../words/en.ts'
import { countsOf, marksOf, missingOf, sentenceOf, whyOf } from './said.ts'

/** Several targets as a person reads them on a terminal: a line each, what is wrong with whom, and the one sentence. */
export function matrixOnTerminal(matrix: Matrix, words: Words, width: number): string {
  const called = namesAmong(matrix.rows)
  const named = (rows: readonly MatrixRow[], says: (row: MatrixRow) => string): string[] => {
    const names = rows.map((row) => printable(called(row)))
    const widest = Math.min(32, Math.max(0, ...names.map(columns)))
    return rows.flatMap((row, index) =>
      wrapped(`  ${padded(names[index] ?? '', widest)}  ${printable(says(row))}`, widest + 4, Math.max(60, width)),
    )
  }
  const { worseHeading, brokenHeading, notProvenHeading, missingHeading, clients, unlike } = words.matrix
  const worse = matrix.rows.filter((row) => marksOf(row).worse.length > 0)
  const parts = [
    table(matrix.rows, words),
    section(
      styleText('red', worseHeading),
      named(worse, (row) => some(marksOf(row).worse, words)),
    ),
    section(
      brokenHeading,
      named(
        matrix.rows.filter(({ exitCode }) => exitCode === 1),
        (row) => whyOf(row, words) ?? brokenIn(row, words),
      ),
    ),
    section(
      notProvenHeading,
      named(
        matrix.rows.filter(({ exitCode }) => exitCode === 2),
        (row) => whyOf(row, words) ?? '',
      ),
    ),
    section(
      missingHeading,
      missingOf(matrix, words).map((line) => `  ${printable(line)}`),
    ),
    section(
      clients,
      states(
        matrix.rows,
        (row) => Object.entries(row.clients).map(([name, { status }]) => [name, status]),
        { quiet: ['works', 'works-with'], say: words.status },
        words,
        width,
      ),
    ),
    section(
      unlike,
      states(
        matrix.rows,
        (row) => Object.entries(row.capabilities),
        { quiet: ['shown', 'not-asked'], say: words.state },
        words,
        width,
      ),
    ),
    [countsOf(matrix, words), coloured(matrix, words)].join('\n'),
  ]
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`
}

function section(heading: string, lines: readonly string[]): string {
  return lines.length > 0 ? `${heading}\n${lines.join('\n')}` : ''
}

function table(rows: readonly MatrixRow[], { matrix: heads }: Words): string {
  const cells = [
    [heads.target, heads.model, heads.exit, heads.reached, heads.broken],
    ...rows.map((row) => [
      printable(nameOf(row)),
      printable(row.target.model),
      String(row.exitCode),
      row.reached ?? '-',
      wasJudged(row) ? String(brokenMusts(row)) : '-',
    ]),
  ]
  const widths = [0, 1, 2, 3, 4].map((column) => Math.max(...cells.map((row) => columns(row[column] ?? ''))))
  const lines = cells.map((row) =>
    row
      .map((cell, column) => padded(cell, widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  )
  const [head = '', ...others] = lines
  return [styleText('bold', head), ...others].join('\n')
}

/**
 * `python-sdk, go-sdk: works with 9; breaks: acme, 生产`: who is not as all should be stands there by name. What is well with all is left
 * out, and so are targets of which nothing was judged.
 */
function states<State extends string>(
  rows: readonly MatrixRow[],
  statesIn: (row: MatrixRow) => readonly (readonly [name: string, state: State])[],
  { quiet, say }: { readonly quiet: readonly State[]; readonly say: (state: State) => string },
  words: Words,
  width: number,
): string[] {
  const judged = rows.filter(wasJudged)
  const called = namesAmong(rows)
  const found = new Map<string, Map<State, string[]>>()
  for (const row of judged)
    for (const [name, state] of statesIn(row)) {
      const by = found.get(name) ?? new Map<State, string[]>()
      const who = by.get(state) ?? []
      who.push(called(row))
      found.set(name, by.set(state, who))
    }
  const lines = new Map<string, string[]>()
  for (const [name, by] of found) {
    if ([...by.keys()].every((state) => quiet.includes(state))) continue
    const said = [...by]
      .toSorted(([a], [b]) => Number(quiet.includes(b)) - Number(quiet.includes(a)))
      .map(([state, who]) =>
        quiet.includes(state) || who.length === judged.length
          ? words.matrix.withCount(say(state), who.length)
          : words.matrix.with(say(state), some(who, words)),
      )
      .join(words.semicolon)
    lines.set(said, [...(lines.get(said) ?? []), name])
  }
  return [...lines].flatMap(([said, names]) =>
    wrapped(`  ${names.join(words.comma)}${words.colon}${printable(said)}`, 4, Math.max(60, width)),
  )
}

function brokenIn(row: MatrixRow, words: Words): string {
  const { flapping } = marksOf(row)
  const ids = row.broken.filter(({ fails }) => fails).map(({ id }) => id)
  return some(
    ids.map((id) => (flapping.has(id) ? id + words.aside(words.matrix.flapping) : id)),
    words,
  )
}

function some(all: readonly string[], { comma, matrix: words }: Words): string {
  const most = 6
  return [...all.slice(0, most), ...(all.length > most ? [words.more(all.length - most)] : [])].join(comma)
}

function coloured(matrix: Matrix, words: Words): string {
  const color = ({ 0: 'green', 1: 'red', 2: 'yellow' } as const)[matrix.conclusion.exitCode]
  return styleText(color, sentenceOf(matrix, words))
}

/** The trend of each target as lines: what broke since when, what was mended, what flaps. */
export function trendOnTerminal({ rows }: Matrix, words: Words): string {
  const parts = rows.flatMap(({ trend }) => {
    if (!trend) return []
    const { runs, requirements } = trend
    const widest = Math.max(0, ...requirements.map(({ id }) => id.length))
    const day = (at: number): string => (runs[at]?.started ?? '').slice(0, 10)
    const lines = requirements.map(
      (one) =>
        `  ${one.id.padEnd(widest)}  ${one.outcomes.map((outcome) => stripMarks[outcome]).join('')}  ${words.matrix.since(one, words.matrix.run(one.since + 1, runs.length), day(one.since))}`,
    )
    const head = `${words.matrix.trend}${words.colon}${words.matrix.runs(runs.length, day(0), day(runs.length - 1))}`
    return [
      section(
        head,
        lines.length > 0
          ? lines
          : [`  ${runs.every(({ exitCode }) => exitCode === 2) ? words.matrix.noneProven : words.matrix.nothingBroke}`],
      ),
    ]
  })
  return parts.length > 0 ? `${parts.join('\n\n')}\n` : ''
}

const stripMarks = { holds: '✓', broken: '✗', '-': '·' } as const
