import type { ClientStatus, CapabilityState, Matrix, MatrixArea, MatrixRow } from '../../../schemas/types.ts'
import { areas as inOrder } from '../../../suites/areas.ts'
import { own } from '../../../suites/harness/wire/json.ts'
import { nameOf, namesAmong } from '../../matrix/matrix.ts'
import { markup, nothing, type Markup } from '../markup.ts'
import { pageOf } from '../page.ts'
import type { Words } from '../words/en.ts'
import { countsOf, keysOf, marksOf, missingOf, sentenceOf, stateOf, whyOf } from './said.ts'
import { attributes, linked, when } from './row.ts'
import { script } from './script.ts'
import { style } from './style.ts'
import { runsStrip, trends } from './trends.ts'

/** Several targets as a page: who is broken, which client breaks with whom, and since when. */
export function matrixHtml(matrix: Matrix, words: Words): string {
  const { rows, tool } = matrix
  const { title } = words.matrix
  const header = markup`<p class="soft">messages-conformance ${tool.version}</p>
<h1>${title}</h1>`
  const main = markup`${conclusion(matrix, words)}
${filters(rows, words)}
${overview(rows, words)}
<div class="flow">
${clients(rows, words)}
${areas(rows, words)}
${capabilities(rows, words)}
</div>
${everywhere(rows, words)}
${trends(rows, words)}`
  return pageOf({ title: `messages-conformance${words.colon}${title}`, header, main, style, script }, words)
}

function conclusion(matrix: Matrix, words: Words): Markup {
  const { exitCode, kept, broken, notProven } = matrix.conclusion
  const missing = missingOf(matrix, words)
  const share = (tone: string, count: number): Markup =>
    count > 0 ? markup`<i class="${tone}" style="flex:${count}"></i>` : nothing
  return markup`<div class="verdict exit-${exitCode}"><strong>${sentenceOf(matrix, words)}</strong> <span class="soft">${words.html.exitCode(exitCode)}</span>
<div class="share" aria-hidden="true">${share('bad', broken)}${share('warn', notProven + missing.length)}${share('good', kept)}</div><span>${countsOf(matrix, words)}</span>${missing.length > 0 ? markup`<ul>${missing.map((line) => markup`<li>${line}</li>`)}</ul>` : nothing}</div>`
}

function filters(rows: readonly MatrixRow[], words: Words): Markup {
  const { filter, find, findWhat, showAll, shown, exits } = words.matrix
  const boxes = ([1, 2, 0] as const)
    .filter((code) => rows.some(({ exitCode }) => exitCode === code))
    .map((code) => markup`<label><input type="checkbox" name="exit" value="${code}" checked> ${exits[code]}</label>`)
  return markup`<form hidden aria-label="${filter}"><label>${find} <input type="search" name="text" placeholder="${findWhat}"></label>${boxes}<button type="reset">${showAll}</button><output id="count" class="soft" data-says="${shown}"></output></form>`
}

const tones = { 0: 'good', 1: 'bad', 2: 'warn' } as const
const signs = { 0: '✓', 1: '✗', 2: '?' } as const

function overview(rows: readonly MatrixRow[], words: Words): Markup {
  const { target, exit, reached, brokenHeading, lastRun, worseHeading } = words.matrix
  const lines = rows.map((row, index) => {
    const { worse, flapping } = marksOf(row)
    const { baseUrl, model } = row.target
    const address = baseUrl !== undefined && baseUrl !== nameOf(row) ? markup` title="${baseUrl}"` : nothing
    const failing = row.broken.filter(({ fails }) => fails)
    const shown = failing.slice(0, mostNamed).map(({ id }, index) => {
      const mark = worse.includes(id)
        ? markup` <span class="new">${worseHeading}</span>`
        : flapping.has(id)
          ? markup` <span class="soft">${words.aside(words.matrix.flapping).trim()}</span>`
          : nothing
      return markup`${index > 0 ? words.comma : ''}<span class="id">${linked(row, id, id)}</span>${mark}`
    })
    const more =
      failing.length > mostNamed
        ? markup` ${linked(row, 'broken', words.matrix.more(failing.length - mostNamed))}`
        : nothing
    const because = whyOf(row, words)
    const why = because === null ? nothing : markup`${because}${failing.length > 0 ? words.semicolon : ''}`
    const now = new Set(failing.map(({ id }) => id))
    const flaps = [...flapping].filter((id) => !now.has(id))
    const also =
      flaps.length > 0
        ? markup` <span class="soft">${words.matrix.flapping}${words.colon}${flaps.join(words.comma)}</span>`
        : nothing
    return markup`<tr ${attributes(row, index)}><td${address}><strong>${linked(row, '', nameOf(row))}</strong> <span class="model id">${model}</span></td><td class="word ${tones[row.exitCode]}">${signs[row.exitCode]} ${stateOf(row, words)}</td><td>${row.reached ?? '-'} <span class="soft">/ ${row.profile}</span></td><td>${why}${shown}${more}${also}</td><td class="soft">${when(row.started)} ${runsStrip(row, words)}</td></tr>`
  })
  return markup`<div class="scroll" tabindex="0" role="region" aria-label="${target}"><table class="fleet stack"><thead><tr><th>${target}</th><th>${exit}</th><th>${reached} <span class="soft">/ ${words.matrix.profile}</span></th><th>${brokenHeading}</th><th>${lastRun}</th></tr></thead><tbody>${lines}</tbody></table></div>`
}

const mostNamed = 5

interface Cell {
  readonly tone: string
  readonly sign: string
  /** What it means, for whoever cannot see its colour. */
  readonly says: string
  /** The place of the report that it leads to. */
  readonly place: string
}

/** A table of small cells, a column a name; nothing where there is no column. */
function cells(
  rows: readonly MatrixRow[],
  heading: string,
  names: readonly string[],
  cell: (row: MatrixRow, name: string) => Cell | null,
  words: Words,
): Markup {
  if (names.length === 0) return nothing
  const called = namesAmong(rows)
  const lines = rows.map(
    (row, index) =>
      markup`<tr ${attributes(row, index)}><td>${called(row)}</td>${names.map((name) => {
        const found = cell(row, name)
        if (found === null) return markup`<td class="soft">&#160;</td>`
        return markup`<td class="${found.tone}" title="${name}${words.colon}${found.says}">${linked(row, found.place, markup`<span class="sign" role="img" aria-label="${name}${words.colon}${found.says}">${found.sign}</span>`)}</td>`
      })}</tr>`,
  )
  return markup`<section><h2>${heading}</h2><div class="scroll" tabindex="0" role="region" aria-label="${heading}"><table class="cells"><thead><tr><th>${words.matrix.target}</th>${names.map((name) => markup`<th><span>${name}</span></th>`)}</tr></thead><tbody>${lines}</tbody></table></div></section>`
}

function clients(rows: readonly MatrixRow[], words: Words): Markup {
  const looks: Readonly<Record<ClientStatus, readonly [tone: string, sign: string]>> = {
    works: ['good', '✓'],
    'works-with': ['warn', '✓'],
    recovers: ['warn', '✓'],
    breaks: ['bad', '✗'],
    'not-shown': ['soft', '·'],
  }
  return cells(
    rows,
    words.matrix.clients,
    keysOf(rows.map((row) => row.clients)),
    (row, name) => {
      const found = own(row.clients, name)
      if (!found) return null
      const [tone, sign] = looks[found.status]
      return { tone, sign, says: words.status(found.status), place: found.ids[0] ?? 'clients' }
    },
    words,
  )
}

function areas(rows: readonly MatrixRow[], words: Words): Markup {
  const there = new Set(rows.flatMap((row) => row.areas.map(({ area }) => area)))
  const names = [...inOrder.filter((area) => there.delete(area)), ...there]
  return cells(
    rows,
    words.matrix.areas,
    names,
    (row, name) => {
      const found = row.areas.find(({ area }) => area === name)
      return found ? areaCell(found, row, words) : null
    },
    words,
  )
}

function areaCell(found: MatrixArea, row: MatrixRow, words: Words): Cell {
  const { area, holds, broken, unjudged } = found
  const others = unjudged + found['not-applicable'] + found.noted
  const fails = row.broken.find(({ id, fails: counts }) => counts && id.startsWith(`${area}/`))
  const says = words.matrix.areaCell(broken, holds, others)
  if (broken > 0) {
    const first = fails ?? row.broken.find(({ id }) => id.startsWith(`${area}/`))
    return { tone: fails ? 'bad' : 'warn', sign: String(broken), says, place: first?.id ?? 'all' }
  }
  return holds > 0 ? { tone: 'good', sign: '✓', says, place: 'all' } : { tone: 'soft', sign: '·', says, place: 'all' }
}

function capabilities(rows: readonly MatrixRow[], words: Words): Markup {
  const looks: Readonly<Record<CapabilityState, readonly [tone: string, sign: string]>> = {
    shown: ['good', '✓'],
    declined: ['soft', '–'],
    'not-shown': ['warn', '?'],
    broken: ['bad', '✗'],
    'not-asked': ['soft', '·'],
  }
  return cells(
    rows,
    words.matrix.capabilities,
    keysOf(rows.map((row) => row.capabilities)),
    (row, name) => {
      const state = own(row.capabilities, name)
      if (state === undefined) return null
      const [tone, sign] = looks[state]
      return { tone, sign, says: words.state(state), place: 'capabilities' }
    },
    words,
  )
}

/** Each requirement that counts against somebody, with whom: what is broken everywhere has one cause. */
function everywhere(rows: readonly MatrixRow[], words: Words): Markup {
  const where = new Map<string, MatrixRow[]>()
  for (const row of rows)
    for (const { id, fails } of row.broken) {
      if (!fails) continue
      const who = where.get(id)
      if (who) who.push(row)
      else where.set(id, [row])
    }
  if (where.size === 0) return nothing
  const called = namesAmong(rows)
  const lines = [...where]
    .toSorted(([, a], [, b]) => b.length - a.length)
    .map(
      ([id, who]) =>
        markup`<tr><td><span class="id">${id}</span><br><span class="soft">${words.title(id)}</span></td><td class="number">${who.length}</td><td>${who.map((row, index) => markup`${index > 0 ? words.comma : ''}${linked(row, id, called(row))}`)}</td></tr>`,
    )
  const { everywhere: heading, requirement, targets } = words.matrix
  return markup`<section><h2>${heading}</h2><table class="stack"><thead><tr><th>${requirement}</th><th colspan="2">${targets}</th></tr></thead><tbody>${lines}</tbody></table></section>`
}
