import type { Report, ReportedVerdict } from '../../schemas/types.ts'
import { requirementOf } from '../../suites/catalogue.ts'
import { shortened } from '../../suites/harness/views/finding.ts'
import { markup, nothing, type Markup } from './markup.ts'
import { brokenByLevel, byArea, hiddenBy, sidesOf } from './verdicts.ts'
import type { Words } from './words/en.ts'

/* The first screen of report.html: how many of what, what is wrong and who breaks, and a bar an area. */

/** The counts of a run as figures; what is broken counts by its level. */
export function counts({ verdicts }: Report, words: Words): Markup {
  const { brokenOf } = words.html
  const of = (wanted: (verdict: ReportedVerdict) => boolean): number => verdicts.filter(wanted).length
  const outcome = (name: ReportedVerdict['outcome']): number => of((verdict) => verdict.outcome === name)
  const broken = (level: ReportedVerdict['level']): number =>
    of((verdict) => verdict.outcome === 'broken' && verdict.level === level)
  const figures: readonly (readonly [count: number, says: string, tone: string])[] = [
    [broken('must'), brokenOf('must'), 'bad'],
    [broken('should'), brokenOf('should'), 'warn'],
    [outcome('holds'), words.outcomeCounted('holds', outcome('holds')), 'good'],
    [outcome('unjudged'), words.outcomes.unjudged, 'soft'],
    [outcome('not-applicable'), words.outcomes['not-applicable'], 'soft'],
    [outcome('noted'), words.outcomes.noted, 'soft'],
  ]
  return markup`<ul class="counts">${figures.map(([count, says, tone]) => markup`<li><b${count > 0 ? markup` class="${tone}"` : nothing}>${count}</b> ${says}</li>`)}</ul>`
}

/** So many causes are on the first screen; all of them are below it. */
const mostCauses = 8
/** Characters of what was expected and came. */
const mostSaid = 90
/** Clients that are named beside what they break on: all of them stand in a table of their own, and in what it leads to. */
const mostNamed = 4

/** What is wrong, each with whom it breaks and, folded, what could not be judged for its sake: the tree of causes. */
export function causes(report: Report, words: Words): Markup {
  const { failing } = report.conclusion
  const hidden = hiddenBy(report.verdicts)
  const broken = brokenByLevel(report).toSorted(
    (a, b) => Number(failing.includes(b.id)) - Number(failing.includes(a.id)),
  )
  if (broken.length === 0) return markup`<p>${words.html.nothing}</p>`
  const more = broken.length - mostCauses
  return markup`<ol class="causes">${broken.slice(0, mostCauses).map((verdict) => cause(verdict, hidden.get(verdict.id) ?? [], failing, words))}</ol>${more > 0 ? markup`<p><a href="#broken">${words.html.moreBroken(more)}</a></p>` : nothing}`
}

function cause(verdict: ReportedVerdict, hides: readonly string[], failing: readonly string[], words: Words): Markup {
  const { id, level, waived, hint, findings } = verdict
  const [first] = findings
  const fails = failing.includes(id)
  const mark = waived ? words.waived : hint ? words.hint : fails ? '' : words.advice
  const [ours, theirs] = sidesOf(id)
  const said = first
    ? markup`<div class="said"><code>${shortened(first.at, mostSaid)}</code>${words.colon}<span class="soft">${words.fields[ours]}</span> ${shortened(first.expected, mostSaid)} <span class="soft">${words.fields[theirs]}</span> <strong>${shortened(first.actual, mostSaid)}</strong></div>`
    : nothing
  const breaks = requirementOf(id)?.breaks ?? []
  const others = breaks.length > mostNamed ? ` +${breaks.length - mostNamed}` : ''
  const who =
    breaks.length > 0
      ? markup`<span title="${breaks.join(words.comma)}"><span class="soft">${words.fields.breaks}</span> ${breaks.slice(0, mostNamed).join(words.comma)}${others}</span>`
      : nothing
  const tree =
    hides.length > 0
      ? markup`<details><summary>${words.html.hides(hides.length)}</summary><ul>${hides.map((one) => markup`<li><a class="id" href="#${one}">${one}</a></li>`)}</ul></details>`
      : nothing
  return markup`<li${fails ? markup` class="fails"` : nothing}><span class="word ${fails ? 'bad' : 'warn'}">${level.toUpperCase()}</span> <a class="id" href="#${id}">${id}</a>${mark ? markup` <span class="soft">${words.aside(mark).trim()}</span>` : nothing}<div>${words.title(id)}</div>${said}<div class="whom">${who}${tree}</div></li>`
}

/** A bar an area, each as long as the others: what holds, what is broken, and the rest. Its name filters what is below. */
export function areaBars({ verdicts }: Report, words: Words): Markup {
  const rows = byArea(verdicts).map(([area, own]) => {
    const count = (outcome: ReportedVerdict['outcome']): number =>
      own.filter((verdict) => verdict.outcome === outcome).length
    const [holds, broken] = [count('holds'), count('broken')]
    const part = (tone: string, size: number): Markup =>
      size > 0 ? markup`<i class="${tone}" style="flex:${size}"></i>` : nothing
    const rest = own.length - holds - broken
    return markup`<tr><td><a href="#area-${area}" data-area="${area}">${area}</a></td><td><div class="share" aria-hidden="true">${part('bad', broken)}${part('good', holds)}${part('rest', rest)}</div></td><td class="number bad">${broken || ''}</td><td class="number">${holds || ''}</td><td class="number soft">${rest || ''}</td></tr>`
  })
  const { area, outcomes, html } = words
  return markup`<table class="bars"><thead><tr><th>${area}</th><td></td><th class="number">${outcomes.broken}</th><th class="number">${outcomes.holds}</th><th class="number">${html.rest}</th></tr></thead><tbody>${rows}</tbody></table>`
}
