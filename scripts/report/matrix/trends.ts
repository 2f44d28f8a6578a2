import type { MatrixRow, Trend, TrendRequirement } from '../../../schemas/types.ts'
import { nameOf } from '../../matrix/matrix.ts'
import { markup, nothing, trusted, type Markup } from '../markup.ts'
import type { Words } from '../words/en.ts'
import { attributes } from './row.ts'

/* What the last runs of each target came to: what broke when, what was mended, what flaps, and how its streams became slower. */

/** A section of a page with the trend of each row that has one; nothing where none has. */
export function trends(rows: readonly MatrixRow[], words: Words): Markup {
  const shown = rows.flatMap((row, index) => (row.trend ? [trendOf(row, row.trend, index, words)] : []))
  return shown.length > 0 ? markup`<section><h2>${words.matrix.trend}</h2>${shown}</section>` : nothing
}

function trendOf(row: MatrixRow, trend: Trend, index: number, words: Words): Markup {
  const { runs, requirements } = trend
  const day = (at: number): string => (runs[at]?.started ?? '').slice(0, 10)
  const lines = requirements.map((one) => {
    const tone = { broken: 'bad', flapping: 'warn', mended: 'good' }[one.is]
    const said = words.matrix.since(one, words.matrix.run(one.since + 1, runs.length), day(one.since))
    return markup`<tr><td class="id">${one.id}</td><td>${strip(one, runs, words)}</td><td class="${tone}">${said}</td></tr>`
  })
  const table =
    lines.length > 0
      ? markup`<table class="stack"><tbody>${lines}</tbody></table>`
      : markup`<p class="soft">${runs.every(({ exitCode }) => exitCode === 2) ? words.matrix.noneProven : words.matrix.nothingBroke}</p>`
  return markup`<div class="trend" ${attributes(row, index)}><h3>${nameOf(row)} <span class="id soft">${row.target.model}</span></h3> <span class="soft">${words.matrix.runs(runs.length, day(0), day(runs.length - 1))}</span>${sparks(runs, words)}${table}</div>`
}

/** What the runs of a row came to, a mark each, the oldest first; nothing for one that has no trend. */
export function runsStrip({ trend }: MatrixRow, words: Words): Markup {
  if (!trend) return nothing
  const says = trend.runs.map(({ started, exitCode }) => `${started.slice(0, 10)} ${words.matrix.exits[exitCode]}`)
  const looks = { 0: 'holds', 1: 'broken', 2: 'none' } as const
  return markup`<span class="strip" role="img" aria-label="${says.join(words.comma)}" title="${words.matrix.runs(trend.runs.length, trend.runs[0]?.started.slice(0, 10) ?? '', trend.runs.at(-1)?.started.slice(0, 10) ?? '')}">${trend.runs.map(({ exitCode }) => markup`<i class="${looks[exitCode]}"></i>`)}</span>`
}

/** A mark a run, the oldest first. */
function strip({ id, outcomes }: TrendRequirement, runs: Trend['runs'], words: Words): Markup {
  const says = outcomes
    .map(
      (outcome, at) =>
        `${(runs[at]?.started ?? '').slice(0, 10)} ${outcome === '-' ? words.outcome('unjudged') : words.outcome(outcome)}`,
    )
    .join(words.comma)
  return markup`<span class="strip" role="img" aria-label="${id}${words.colon}${says}">${outcomes.map((outcome) => markup`<i class="${outcome === '-' ? 'none' : outcome}"></i>`)}</span>`
}

function sparks(runs: Trend['runs'], words: Words): Markup {
  const lines = (['firstToken', 'longestGap'] as const).flatMap((what) => {
    const values = runs.map((run) => run[what] ?? null)
    const known = values.filter((value) => value !== null)
    return known.length < 2 ? [] : [spark(words.matrix[what], values, known, words)]
  })
  return lines.length > 0 ? markup`<div class="sparks">${lines}</div>` : nothing
}

const [wide, high] = [120, 24]

/** A line over the runs, and its last value in figures: nobody has to see it to know. */
function spark(name: string, values: readonly (number | null)[], known: readonly number[], words: Words): Markup {
  const [least, most] = [Math.min(...known), Math.max(...known)]
  const points = values.flatMap((value, index) =>
    value === null
      ? []
      : [
          `${((index / (values.length - 1)) * wide).toFixed(1)},${(most === least ? high / 2 : high - ((value - least) / (most - least)) * high).toFixed(1)}`,
        ],
  )
  const { milliseconds, lastOf } = words.matrix
  const said = lastOf(milliseconds(known.at(-1) ?? 0), milliseconds(least), milliseconds(most))
  const [x = '0', y = '0'] = points.at(-1)?.split(',') ?? []
  return markup`<span>${name} ${trusted(`<svg class="spark" width="${wide}" height="${high}" viewBox="0 0 ${wide} ${high}" aria-hidden="true"><polyline points="${points.join(' ')}"/><circle cx="${x}" cy="${y}" r="2.5"/></svg>`)} <span class="soft">${said}</span></span>`
}
