import { createHash } from 'node:crypto'
import type { Report, ReportedFinding, ReportedVerdict } from '../../schemas/types.ts'
import { profiles } from '../../schemas/values.ts'
import { requirementOf } from '../../suites/catalogue.ts'
import { clip } from '../../suites/harness/views/finding.ts'
import { decode } from '../../suites/harness/wire/body.ts'
import type { Exchange, HeaderList } from '../../suites/harness/wire/exchange.ts'
import { beginningOfJson, parseJson } from '../../suites/harness/wire/json.ts'
import { counted, thousands } from '../../suites/harness/wire/counted.ts'
import { promiseOf } from '../../suites/harness/judge/profiles.ts'
import { quoteOf, ruleOf, type Source } from '../../suites/harness/judge/source.ts'
import { againCommand, curlCommand } from './again.ts'
import { script } from './html-script.ts'
import { style } from './html-style.ts'
import { markup, nothing, trusted, type Markup } from './markup.ts'
import { inWords } from './printable.ts'
import type { ToShow } from './shown.ts'
import { lastSentence } from './terminal.ts'
import { timeline } from './timeline.ts'
import { asidesOf, brokenByLevel, byArea, cellOf, extentOf, whyNotApplicable, whyUnjudged } from './verdicts.ts'

/** So much of one body is shown; the tape has all of it. Of a longer one its beginning as it came, since it is shown at every place. */
const mostText = 20_000
const mostPretty = 200_000

/** So many headers, and so much of each. */
const mostHeaders = 100
const mostHeader = 1000

/**
 * A run as one HTML file that opens offline. Whatever a gateway said is text in it, and a content security policy lets no script run
 * but the one that filters.
 */
export function html(run: ToShow): string {
  const { report } = run
  const broken = brokenByLevel(report)
  const hash = createHash('sha256').update(script).digest('base64')
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-${trusted(hash)}'; base-uri 'none'; form-action 'none'">
<title>${`messages-conformance: ${whose(report)}`}</title>
<style>${trusted(style)}</style>
</head>
<body>
<header>
<p class="soft">messages-conformance ${report.tool.version}, ${report.started.slice(0, 16).replace('T', ' ')} UTC</p>
<h1>${whose(report)}</h1>
</header>
<main>
${conclusion(report)}
<div class="columns">
<section><h2>Clients</h2>${clients(report)}</section>
<section><h2>The ladder</h2>${ladder(report)}</section>
</div>
${filters(report)}
<section><h2 id="broken">Broken</h2>${
    broken.length === 0 ? markup`<p>Nothing.</p>` : broken.map((verdict, index) => finding(verdict, run, index === 0))
  }</section>
<div class="columns">
<section><h2>Capabilities</h2>${capabilities(report)}</section>
<section><h2>Areas</h2>${areas(report)}</section>
</div>
<section><h2>All requirements</h2>${all(report)}</section>
</main>
<script>${trusted(script)}</script>
</body>
</html>
`.markup
}

function whose({ target }: Report): string {
  if (target.kind === 'gateway')
    return `${target.name ? `${target.name}: ` : ''}${target.baseUrl}, model ${target.model}`
  return `the built-in reference${target.fault ? `, with the fault ${target.fault}` : ''}`
}

function conclusion(report: Report): Markup {
  const { exitCode, conformant, reasons } = report.conclusion
  const { requests, inputTokens, outputTokens } = report.sent
  const lines = [...reasons.map(linked), ...(report.notes ?? []).map((note) => markup`${note}`)]
  const list = lines.length > 0 ? markup`<ul>${lines.map((line) => markup`<li>${line}</li>`)}</ul>` : nothing
  const spent =
    requests > 0
      ? markup`<p class="soft">${counted(requests, 'request')}, at most ${thousands(inputTokens)} input and ${thousands(outputTokens)} output tokens.</p>`
      : nothing
  const kind = exitCode === 0 && conformant === null ? 'partial' : `exit-${exitCode}`
  return markup`<div class="verdict ${kind}"><strong>${lastSentence(report)}</strong> <span class="soft">Exit code ${exitCode}.</span>${list}</div>${spent}`
}

/** A reason, its requirement a link. */
function linked(reason: string): Markup {
  const [id = '', ...rest] = reason.split(' ')
  return requirementOf(id) ? markup`<a class="id" href="#${id}">${id}</a> ${rest.join(' ')}` : markup`${reason}`
}

function clients({ clients: found }: Report): Markup {
  const rows = Object.entries(found).map(([name, { status, ids, sees, workaround }]) => {
    const tone = { works: 'good', 'works-with': 'warn', breaks: 'bad', 'not-shown': 'soft' }[status]
    return markup`<tr><td>${name}</td><td class="word ${tone}">${inWords(status)}</td><td>${links(ids)}${sees ? markup`<br>${sees}` : nothing}${workaround ? markup`<br>${workaround}` : nothing}</td></tr>`
  })
  return markup`<table class="stack"><thead><tr><th>client</th><th>state</th><th>because of</th></tr></thead><tbody>${rows}</tbody></table>`
}

function links(ids: readonly string[]): Markup[] {
  return ids.map((id, index) => markup`${index > 0 ? ', ' : ''}<a class="id" href="#${id}">${id}</a>`)
}

function ladder({ profile, conclusion: { reached, conformant, exitCode } }: Report): Markup {
  const asked = profiles.indexOf(profile)
  const top = reached === null ? -1 : profiles.indexOf(reached)
  const rows = profiles.map((rung, index) => {
    const [tone, state] =
      index > asked
        ? ['soft', 'not asked']
        : conformant === null
          ? ['soft', exitCode === 2 ? 'not proven' : 'looked at in part']
          : index <= top
            ? ['good', 'reached']
            : ['bad', 'not reached']
    return markup`<tr><td>${rung}</td><td class="word ${tone ?? ''}">${state ?? ''}</td><td>${promiseOf[rung]}</td></tr>`
  })
  return markup`<table class="stack"><thead><tr><th>profile</th><th>state</th><th>promise</th></tr></thead><tbody>${rows}</tbody></table>`
}

function capabilities({ capabilities: found }: Report): Markup {
  const tones = { shown: 'good', declined: 'soft', 'not-shown': 'warn', broken: 'bad', 'not-asked': 'soft' } as const
  const rows = Object.entries(found).map(
    ([name, { state }]) => markup`<tr><td>${name}</td><td class="word ${tones[state]}">${inWords(state)}</td></tr>`,
  )
  return markup`<table><thead><tr><th>capability</th><th>state</th></tr></thead><tbody>${rows}</tbody></table>`
}

function areas({ verdicts }: Report): Markup {
  const rows = byArea(verdicts).map(
    ([area, own]) =>
      markup`<tr><td><a href="#all" data-area="${area}">${area}</a></td><td class="number">${cellOf(own, 'holds')}</td><td class="number bad">${cellOf(own, 'broken')}</td><td class="number">${cellOf(own, 'unjudged')}</td><td class="number">${cellOf(own, 'not-applicable')}</td><td class="number">${cellOf(own, 'noted')}</td></tr>`,
  )
  return markup`<div class="scroll"><table><thead><tr><th>area</th><th class="number">holds</th><th class="number">broken</th><th class="number">not judged</th><th class="number">not applicable</th><th class="number">noted</th></tr></thead><tbody>${rows}</tbody></table></div>`
}

const outcomes = ['broken', 'holds', 'unjudged', 'not-applicable', 'noted'] as const

function filters({ verdicts }: Report): Markup {
  const box = (name: string, value: string): Markup =>
    markup`<label><input type="checkbox" name="${name}" value="${value}" checked> ${inWords(value)}</label>`
  const there = outcomes.filter((outcome) => verdicts.some((verdict) => verdict.outcome === outcome))
  return markup`<form hidden aria-label="Filter requirements"><label>Find <input type="search" name="text" placeholder="id or words"></label>${there.map((outcome) => box('outcome', outcome))}${(['must', 'should', 'may'] as const).map((level) => box('level', level))}<button type="reset">Show all</button><output id="count" class="soft"></output></form>`
}

function attributes({ id, outcome, level }: ReportedVerdict): Markup {
  return markup`data-id="${id}" data-outcome="${outcome}" data-level="${level}" data-words="${requirementOf(id)?.title ?? ''}"`
}

function finding(verdict: ReportedVerdict, run: ToShow, open: boolean): Markup {
  const { id, level, waived, hint, findings } = verdict
  const fails = run.report.conclusion.failing.includes(id)
  const requirement = requirementOf(id)
  const places = new Map<string, ReportedFinding[]>()
  for (const one of findings) places.set(one.fixture, [...(places.get(one.fixture) ?? []), one])
  const firstPlaces = [...places].slice(0, laidOut)
  const otherPlaces = [...places].slice(laidOut)
  const asides = asidesOf(verdict, run.report.verdicts)
  const mark = waived ? 'waived' : hint ? 'a hint' : fails ? '' : 'advice'
  return markup`<details class="finding${fails ? ' fails' : ''}" id="${id}" ${attributes(verdict)}${open ? markup` open` : nothing}>
<summary><span class="word ${fails ? 'bad' : 'warn'}">${level.toUpperCase()}</span> <h3 class="id">${id}</h3>${mark ? markup` <span class="soft">(${mark})</span>` : nothing}<br>${requirement?.title ?? ''}${asides.length > 0 ? markup`<br><span class="soft">${asides.join('; ')}</span>` : nothing}</summary>
<dl>
${requirement ? markup`<dt>why</dt><dd>${requirement.because}</dd>` : nothing}
${requirement && requirement.breaks.length > 0 ? markup`<dt>breaks</dt><dd>${requirement.breaks.join(', ')}</dd>` : nothing}
${requirement ? markup`<dt>rule</dt><dd>${rule(requirement.source)}</dd>` : nothing}
${waived ? markup`<dt>waived</dt><dd>${waived.because}, until ${waived.until}</dd>` : nothing}
</dl>
${firstPlaces.map(([fixture, here]) => place(id, fixture, here, run))}
${otherPlaces.length > 0 ? markup`<details><summary>${otherPlaces.length} more ${otherPlaces.length === 1 ? 'exchange' : 'exchanges'}</summary>${otherPlaces.map(([fixture, here]) => place(id, fixture, here, run))}</details>` : nothing}
</details>`
}

/** So many exchanges are laid out for one requirement; the others are folded away. */
const laidOut = 2

function rule(source: Source): Markup {
  if (!('url' in source)) return markup`${ruleOf(source)}`
  const quote = quoteOf(source)
  return markup`<a href="${source.url}" rel="noreferrer">${source.url}</a>${quote === null ? nothing : markup`<br><q>${quote}</q>`}`
}

function place(id: string, fixture: string, findings: readonly ReportedFinding[], run: ToShow): Markup {
  const exchange = run.exchanges.get(fixture)
  const { command, target, selection } = run
  const commands =
    run.report.ending === 'recorded'
      ? []
      : [againCommand(command, id, fixture, target, selection), curlCommand(fixture, target)].filter(
          (one) => one !== null,
        )
  return markup`<div class="place"><p class="id"><strong>${fixture}</strong></p>
${findings.map(({ at, expected, actual }) => markup`<dl><dt>at</dt><dd>${at}</dd><dt>expected</dt><dd>${expected}</dd><dt>actual</dt><dd>${actual}</dd></dl>`)}
${exchange ? shown(exchange, findings) : nothing}
${commands.length > 0 ? markup`<details><summary>See it again</summary>${commands.map((command) => markup`<pre tabindex="0">${command}</pre>`)}</details>` : nothing}
</div>`
}

/** What was asked and what came back; of a stream, its events over time. */
function shown(exchange: Exchange, findings: readonly ReportedFinding[]): Markup {
  const { sent, came } = exchange
  const request = markup`<details><summary>The request</summary><pre tabindex="0">${`${sent.method} ${sent.path}\n${headers(sent.headers)}\n\n${pretty(sent.body ?? '')}`}</pre></details>`
  if (came.kind === 'nothing')
    return markup`${request}<p>No answer came: ${came.failure}${came.detail ? `, ${came.detail}` : ''}.</p>`
  const decoded = decode(came)
  const text = decoded.ok
    ? pretty(decoded.text)
    : `${came.body.length} bytes that cannot be read: ${clip(decoded.detail)}`
  const events = timeline(
    { ...exchange, came },
    findings.map(({ at }) => at),
  )
  const isStream = events !== nothing
  return markup`${request}${events}<details${isStream ? nothing : markup` open`}><summary>The answer${isStream ? ', as it came' : ''}</summary><pre tabindex="0">${`${came.status}\n${headers(came.headers)}\n\n${text}`}</pre></details>`
}

function headers(list: HeaderList): string {
  const lines = list
    .slice(0, mostHeaders)
    .map(([name, value]) => upTo(mostHeader, `${name}: ${value}`, ' ... and more'))
  if (list.length > mostHeaders) lines.push(`... and ${list.length - mostHeaders} more, on the tape`)
  return lines.join('\n')
}

function pretty(text: string): string {
  const value = /^[{[]/.test(text) && text.length <= mostPretty ? parseJson(text) : undefined
  const shown = value === undefined ? text : beginningOfJson(value, mostText, 2)
  return upTo(mostText, shown, '\n... and more, on the tape')
}

function upTo(most: number, text: string, more: string): string {
  return text.length > most ? `${text.slice(0, most)}${more}` : text
}

function all(report: Report): Markup {
  const {
    verdicts,
    conclusion: { failing },
  } = report

  const tones = { holds: 'good', broken: 'bad', unjudged: 'soft', 'not-applicable': 'soft', noted: 'soft' } as const
  const rows = verdicts.map((verdict) => {
    const { id, level, outcome, findings } = verdict
    const tone = outcome === 'broken' && !failing.includes(id) ? 'warn' : tones[outcome]
    const name =
      outcome === 'broken' ? markup`<a class="id" href="#${id}">${id}</a>` : markup`<span class="id">${id}</span>`
    const own = outcome === 'broken' ? nothing : markup` id="${id}"`
    const note =
      outcome === 'unjudged' || outcome === 'not-applicable'
        ? markup`<br><span class="soft">${outcome === 'unjudged' ? whyUnjudged(verdict) : whyNotApplicable(verdict, report)}</span>`
        : outcome === 'noted' && findings[0]
          ? markup`<br><span class="soft">${findings[0].actual}</span>`
          : outcome === 'holds' && extentOf(verdict).length > 0
            ? markup`<br><span class="soft">${extentOf(verdict).join('; ')}</span>`
            : nothing
    return markup`<tr${own} ${attributes(verdict)}><td class="word ${tone}">${inWords(outcome)}</td><td>${level}</td><td>${name}<br>${requirementOf(id)?.title ?? ''}${note}</td></tr>`
  })
  return markup`<table id="all" class="stack"><thead><tr><th>outcome</th><th>level</th><th>requirement</th></tr></thead><tbody>${rows}</tbody></table>`
}
