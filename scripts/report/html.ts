import type { Report, ReportedFinding, ReportedVerdict } from '../../schemas/types.ts'
import { profiles } from '../../schemas/values.ts'
import { requirementOf } from '../../suites/catalogue.ts'
import { clip } from '../../suites/harness/views/finding.ts'
import { see } from '../../suites/harness/views/views.ts'
import { decode } from '../../suites/harness/wire/body.ts'
import type { Answered, Exchange, HeaderList } from '../../suites/harness/wire/exchange.ts'
import { beginningOfJson, parseJson } from '../../suites/harness/wire/json.ts'
import { quoteOf, type Source } from '../../suites/harness/judge/source.ts'
import { againCommand, curlCommand } from './again.ts'
import { areaBars, causes, counts } from './html-first.ts'
import { script } from './html-script.ts'
import { style } from './html-style.ts'
import { markedJson } from './marked.ts'
import { markup, nothing, type Markup } from './markup.ts'
import { pageOf } from './page.ts'
import type { ToShow } from './shown.ts'
import { sufferingOf } from './suffering.ts'
import { metBy, nameOf } from './tapped.ts'
import { lastSentence } from './terminal.ts'
import { timeline } from './timeline.ts'
import {
  asidesOf,
  brokenByLevel,
  byArea,
  extentOf,
  judgedOf,
  outcomesCounted,
  passageNotes,
  quirkDuring,
  sidesOf,
  whyNotApplicable,
  whyUnjudged,
} from './verdicts.ts'
import type { Words } from './words/en.ts'

/** So much of one body is shown; the tape has all of it. Of a longer one its beginning as it came, since it is shown at every place. */
const mostText = 20_000
const mostPretty = 200_000

/** So many headers, and so much of each. */
const mostHeaders = 100
const mostHeader = 1000

/** A run as a page. */
export function html(run: ToShow): string {
  const { report, words } = run
  const { tool, started, sent } = report
  // Of a run that was stopped its diagnosis is all there is to say: one screen.
  const isJudged = judgedOf(report.verdicts).length > 0
  const header = markup`<p class="soft">messages-conformance ${tool.version}, ${started.slice(0, 16).replace('T', ' ')} UTC${sent.requests > 0 ? markup`<br>${words.spent(sent)}` : nothing}</p>
<h1>${whose(report, words)}</h1>`
  const main = markup`${conclusion(run)}
${isJudged ? judged(run) : markup`<details><summary>${words.html.all}</summary>${filters(report, words)}${all(report, words)}</details>`}`
  return pageOf({ title: `messages-conformance: ${whose(report, words)}`, header, main, style, script }, words)
}

function judged(run: ToShow): Markup {
  const { report, words } = run
  const broken = brokenByLevel(report)
  return markup`<div class="first">
<section><h2>${words.html.causes}</h2>${causes(report, words)}</section>
<section><h2 id="clients">${words.clients}</h2>${clients(report, words)}<h2>${words.html.ladder}</h2>${ladder(report, words)}</section>
<section><h2>${words.html.areas}</h2>${areaBars(report, words)}</section>
</div>
${tapped(report, words)}
<section><h2 id="broken">${words.brokenHeading}</h2>${filters(report, words)}${
    broken.length === 0
      ? markup`<p>${words.html.nothing}</p>`
      : broken.map((verdict, index) => finding(verdict, run, index === 0))
  }</section>
<section><h2 id="capabilities">${words.capabilities}</h2>${capabilities(report, words)}</section>
<section><h2 id="all">${words.html.all}</h2>${all(report, words)}</section>`
}

function whose({ target }: Report, words: Words): string {
  if (target.kind === 'gateway')
    return `${target.name ? target.name + words.colon : ''}${words.model(target.baseUrl, target.model)}`
  return words.reference(target.fault)
}

function conclusion({ report, target, words }: ToShow): Markup {
  const { exitCode, conformant } = report.conclusion
  // What is broken stands right below, with more than its name.
  const reasons = words
    .reasons(report, target)
    .filter((_, index) => report.conclusion.grounds?.[index]?.kind !== 'broken')
  const lines = [
    ...reasons.map(linked),
    ...[...(report.notes ?? []), ...passageNotes(report, words)].map((note) => markup`${note}`),
  ]
  const list = lines.length > 0 ? markup`<ul>${lines.map((line) => markup`<li>${line}</li>`)}</ul>` : nothing
  const kind = exitCode === 0 && conformant === null ? 'partial' : `exit-${exitCode}`
  return markup`<div class="verdict ${kind}"><strong>${lastSentence(report, words)}</strong> <span class="soft">${words.html.exitCode(exitCode)}</span>${judgedOf(report.verdicts).length > 0 ? counts(report, words) : nothing}${list}</div>`
}

/** A reason, its requirement a link. */
function linked(reason: string): Markup {
  const [id = '', ...rest] = reason.split(' ')
  return requirementOf(id) ? markup`<a class="id" href="#${id}">${id}</a> ${rest.join(' ')}` : markup`${reason}`
}

function clients({ clients: found }: Report, words: Words): Markup {
  const rows = Object.entries(found).map(([name, { status, ids, sees, recovers, how, source, workaround }]) => {
    const tone = { works: 'good', 'works-with': 'warn', recovers: 'warn', breaks: 'bad', 'not-shown': 'soft' }[status]
    const isOpinion = status === 'breaks' && source === 'opinion'
    const opinion = isOpinion ? markup`<small>${words.aside(words.notMeasured)}</small>` : nothing
    const helps = workaround ? markup`${words.workaround(name, workaround)} ` : nothing
    const does = how ? markup`${words.recovery(name, how)} ` : nothing
    return markup`<tr><td>${name}</td><td class="word ${tone}">${words.status(status)}${opinion}</td><td>${helps}${does}${breaksOn([...ids, ...(recovers ?? [])], sees, words)}</td></tr>`
  })
  return markup`<table class="stack"><thead><tr><th>${words.html.client}</th><th>${words.html.state}</th><th>${words.html.becauseOf}</th></tr></thead><tbody>${rows}</tbody></table>`
}

/** What a client breaks on, folded: the same few stand above with all they say. */
function breaksOn(ids: readonly string[], sees: string | undefined, words: Words): Markup {
  if (ids.length === 0 && sees === undefined) return nothing
  return markup`<details><summary>${words.html.on(ids.length)}</summary>${links(ids, words)}${sees ? markup`<br>${words.sees(ids, sees)}` : nothing}</details>`
}

function links(ids: readonly string[], { comma }: Words): Markup[] {
  return ids.map((id, index) => markup`${index > 0 ? comma : ''}<a class="id" href="#${id}">${id}</a>`)
}

/** What each client of a tap met. */
function tapped({ tapped: found = [] }: Report, words: Words): Markup {
  const [who, what, where] = words.tap.columns
  const rows = found.map((client) => {
    const head = markup`<tr><td colspan="3">${words.tap.client(nameOf(client, words), client)}</td></tr>`
    const met = metBy(client, words)
    return markup`${head}${met.map((one) => markup`<tr><td></td><td${one.isBreach ? markup` class="bad"` : nothing}>${one.what}</td><td>${one.where}</td></tr>`)}`
  })
  return found.length === 0
    ? nothing
    : markup`<section><h2>${words.tap.clients}</h2><div class="scroll"><table><thead><tr><th>${who}</th><th>${what}</th><th>${where}</th></tr></thead><tbody>${rows}</tbody></table></div></section>`
}

function ladder({ profile, conclusion: { reached, conformant, exitCode } }: Report, words: Words): Markup {
  const asked = profiles.indexOf(profile)
  const top = reached === null ? -1 : profiles.indexOf(reached)
  const rows = profiles.map((rung, index) => {
    const [tone, state] =
      index > asked
        ? ['soft', words.html.notAsked]
        : conformant === null
          ? ['soft', exitCode === 2 ? words.html.notProven : words.html.inPart]
          : index <= top
            ? ['good', words.html.reached]
            : ['bad', words.html.notReached]
    return markup`<tr><td>${rung}</td><td class="word ${tone ?? ''}">${state ?? ''}</td><td>${words.promise(rung)}</td></tr>`
  })
  return markup`<table class="stack"><thead><tr><th>${words.html.profile}</th><th>${words.html.state}</th><th>${words.html.promise}</th></tr></thead><tbody>${rows}</tbody></table>`
}

function capabilities({ capabilities: found }: Report, words: Words): Markup {
  const tones = { shown: 'good', declined: 'soft', 'not-shown': 'warn', broken: 'bad', 'not-asked': 'soft' } as const
  const rows = Object.entries(found).map(
    ([name, { state }]) => markup`<tr><td>${name}</td><td class="word ${tones[state]}">${words.state(state)}</td></tr>`,
  )
  return markup`<table><thead><tr><th>${words.html.capability}</th><th>${words.html.state}</th></tr></thead><tbody>${rows}</tbody></table>`
}

/** In the order of the filters. */
const outcomes = ['broken', 'holds', 'unjudged', 'not-applicable', 'noted'] as const

function filters({ verdicts }: Report, words: Words): Markup {
  const { filter, find, findWhat, showAll, shown } = words.html
  const box = (name: string, value: string, says: string): Markup =>
    markup`<label><input type="checkbox" name="${name}" value="${value}" checked> ${says}</label>`
  const there = outcomes.filter((outcome) => verdicts.some((verdict) => verdict.outcome === outcome))
  return markup`<form hidden aria-label="${filter}"><label>${find} <input type="search" name="text" placeholder="${findWhat}"></label>${there.map((outcome) => box('outcome', outcome, words.outcome(outcome)))}${(['must', 'should', 'may'] as const).map((level) => box('level', level, level))}<button type="reset">${showAll}</button><output id="count" class="soft" data-says="${shown}"></output></form>`
}

function attributes({ id, outcome, level }: ReportedVerdict, words: Words): Markup {
  return markup`data-id="${id}" data-outcome="${outcome}" data-level="${level}" data-words="${words.title(id)}"`
}

function finding(verdict: ReportedVerdict, run: ToShow, open: boolean): Markup {
  const { words } = run
  const { fields } = words
  const { id, level, waived, hint, findings } = verdict
  const fails = run.report.conclusion.failing.includes(id)
  const requirement = requirementOf(id)
  const suffering = requirement && sufferingOf(requirement, words)
  const places = new Map<string, ReportedFinding[]>()
  for (const one of findings) places.set(one.fixture, [...(places.get(one.fixture) ?? []), one])
  const firstPlaces = [...places].slice(0, laidOut)
  const otherPlaces = [...places].slice(laidOut)
  const asides = asidesOf(verdict, run.report.verdicts, words)
  const mark = waived ? words.waived : hint ? words.hint : fails ? '' : words.advice
  return markup`<details class="finding${fails ? ' fails' : ''}" id="${id}" ${attributes(verdict, words)}${open ? markup` open` : nothing}>
<summary><span class="word ${fails ? 'bad' : 'warn'}">${level.toUpperCase()}</span> <h3 class="id">${id}</h3>${mark ? markup` <span class="soft">${words.aside(mark).trim()}</span>` : nothing}<br>${words.title(id)}${asides.length > 0 ? markup`<br><span class="soft">${asides.join(words.semicolon)}</span>` : nothing}</summary>
<dl>
${requirement ? markup`<dt>${fields.why}</dt><dd>${words.because(id, requirement.because)}</dd>` : nothing}
${suffering ? markup`<dt>${fields.breaks}</dt><dd>${suffering}</dd>` : nothing}
${requirement ? markup`<dt>${fields.rule}</dt><dd>${rule(requirement.source, words)}</dd>` : nothing}
${waived ? markup`<dt>${fields.waived}</dt><dd>${words.waiver(waived.because, waived.until)}</dd>` : nothing}
</dl>
${firstPlaces.map(([fixture, here]) => place(id, fixture, here, run))}
${otherPlaces.length > 0 ? markup`<details><summary>${words.html.moreExchanges(otherPlaces.length)}</summary>${otherPlaces.map(([fixture, here]) => place(id, fixture, here, run))}</details>` : nothing}
</details>`
}

/** So many exchanges are laid out for one requirement; the others are folded away. */
const laidOut = 2

function rule(source: Source, words: Words): Markup {
  if (!('url' in source)) return markup`${words.rule(source)}`
  const quote = quoteOf(source)
  return markup`<a href="${source.url}" rel="noreferrer">${source.url}</a>${quote === null ? nothing : markup`<br><q>${quote}</q>`}`
}

function place(id: string, fixture: string, findings: readonly ReportedFinding[], run: ToShow): Markup {
  const exchange = run.exchanges.get(fixture)
  const { command, target, selection, words } = run
  const { fields } = words
  const [ours, theirs] = sidesOf(id)
  const quirk = quirkDuring(fixture)
  const again = againCommand(command, id, fixture, target, selection)
  const commands =
    run.report.ending === 'recorded'
      ? []
      : [again && again + words.option, curlCommand(fixture, target)].filter((one) => one !== null)
  return markup`<div class="place"><p class="id"><strong>${fixture}</strong></p>
${quirk ? markup`<dl><dt>${fields.while}</dt><dd>${words.whileUpstream(quirk.about)}</dd></dl>` : nothing}
${findings.map(({ at, expected, actual }) => markup`<dl><dt>${fields.at}</dt><dd>${at}</dd><dt>${fields[ours]}</dt><dd>${expected}</dd><dt>${fields[theirs]}</dt><dd>${actual}</dd></dl>`)}
${exchange ? ((requirementOf(id)?.compares && bothSides(exchange, words)) ?? shown(exchange, findings, words)) : nothing}
${commands.length > 0 ? markup`<details><summary>${words.html.again}</summary>${commands.map((command) => markup`<pre tabindex="0">${command}</pre>`)}</details>` : nothing}
</div>`
}

/** What went through the gateway, both ways, each side beside the other; null where nobody saw what arrived. */
function bothSides(exchange: Exchange, words: Words): Markup | null {
  const passage = see(exchange, 'passage')
  if (passage.is !== 'there') return null
  const { behind } = passage.value
  const { sent, arrived, said, received } = words.html.sides
  return markup`${sideBySide([sent, requestOf(exchange, words)], [arrived, requestOf(behind, words)])}${sideBySide([said, answerOf(behind, words)], [received, answerOf(exchange, words)])}`
}

/** Two texts with their headings; the lines that the other has not are marked. */
function sideBySide(...sides: readonly [Side, Side]): Markup {
  const [left, right] = sides.map(([, text]) => text.split('\n'))
  const panes = sides.map(([heading], index) => {
    const [own = [], other = []] = index === 0 ? [left, right] : [right, left]
    const there = new Set(other.map(bare))
    const lines = own.map((line) =>
      bare(line) === '' || there.has(bare(line)) ? markup`${line}\n` : markup`<mark>${line}</mark>\n`,
    )
    return markup`<figure><figcaption>${heading}</figcaption><pre tabindex="0">${lines}</pre></figure>`
  })
  return markup`<div class="sides">${panes}</div>`
}

type Side = readonly [heading: string, text: string]

/** A line without how deep it stands, and whether another one follows. */
function bare(line: string): string {
  return line.trim().replace(/,$/, '')
}

function requestOf({ sent }: Exchange, words: Words): string {
  return `${sent.method} ${sent.path}\n${headers(sent.headers, words)}\n\n${pretty(sent.body ?? '', words)}`
}

function answerOf({ came }: Exchange, words: Words): string {
  if (came.kind === 'nothing') return words.html.noAnswer(came.failure, came.detail)
  return `${came.status}\n${headers(came.headers, words)}\n\n${textOf(came, words)}`
}

function textOf(came: Answered, words: Words): string {
  const decoded = decode(came)
  return decoded.ok ? pretty(decoded.text, words) : words.html.unreadable(came.body.length, clip(decoded.detail))
}

/** What was asked and what came back; of a stream, its events over time. */
function shown(exchange: Exchange, findings: readonly ReportedFinding[], words: Words): Markup {
  const { came } = exchange
  const says = words.html
  const request = markup`<details><summary>${says.request}</summary><pre tabindex="0">${requestOf(exchange, words)}</pre></details>`
  if (came.kind === 'nothing') return markup`${request}<p>${says.noAnswer(came.failure, came.detail)}</p>`
  const events = timeline(
    { ...exchange, came },
    findings.map(({ at }) => at),
    words,
  )
  const isStream = events !== nothing
  const places = isStream ? [] : findings.map(({ at }) => at)
  return markup`${request}${events}<details${isStream ? nothing : markup` open`}><summary>${isStream ? says.answerAsItCame : says.answer}</summary><pre tabindex="0">${markedAnswer(came, places, words)}</pre></details>`
}

/** An answer as it came, with what findings point at marked: the status, a header, a field of its JSON. */
function markedAnswer(came: Answered, places: readonly string[], words: Words): Markup {
  const line = (text: string, isHere: boolean): Markup => (isHere ? markup`<mark>${text}</mark>\n` : markup`${text}\n`)
  const names = new Set(places.map((place) => /^header (\S+)/.exec(place)?.[1]?.toLowerCase()))
  const head = headers(came.headers, words)
    .split('\n')
    .map((text) => line(text, names.has(text.slice(0, text.indexOf(':')).toLowerCase())))
  const decoded = decode(came)
  const value = decoded.ok ? jsonOf(decoded.text) : undefined
  const body =
    value === undefined
      ? markup`${textOf(came, words)}`
      : markup`${markedJson(value, places, mostText, words.html.moreOnTape)}`
  return markup`${line(String(came.status), places.includes('status'))}${head}\n${body}`
}

function headers(list: HeaderList, { html: words }: Words): string {
  const lines = list.slice(0, mostHeaders).map(([name, value]) => upTo(mostHeader, `${name}: ${value}`, words.andMore))
  if (list.length > mostHeaders) lines.push(words.moreHeaders(list.length - mostHeaders))
  return lines.join('\n')
}

function pretty(text: string, { html: words }: Words): string {
  const value = jsonOf(text)
  const shown = value === undefined ? text : beginningOfJson(value, mostText, 2)
  return upTo(mostText, shown, `\n${words.moreOnTape}`)
}

/** The value of a text that is JSON, and short enough to be laid out. */
function jsonOf(text: string): unknown {
  return /^[{[]/.test(text) && text.length <= mostPretty ? parseJson(text) : undefined
}

function upTo(most: number, text: string, more: string): string {
  return text.length > most ? `${text.slice(0, most)}${more}` : text
}

/** Every requirement by its area; the areas in which nothing is broken are folded. */
function all(report: Report, words: Words): Markup {
  return markup`${byArea(report.verdicts).map(([area, own]) => {
    const isBroken = own.some(({ outcome }) => outcome === 'broken')
    const { requirement, outcome, level } = words.html
    return markup`<details class="area" id="area-${area}"${isBroken ? markup` open` : nothing}><summary><strong>${area}</strong> <span class="soft">${outcomesCounted(own, words)}</span></summary><table class="stack"><thead><tr><th>${outcome}</th><th>${level}</th><th>${requirement}</th></tr></thead><tbody>${own.map((verdict) => row(verdict, report, words))}</tbody></table></details>`
  })}`
}

const tones = { holds: 'good', broken: 'bad', unjudged: 'soft', 'not-applicable': 'soft', noted: 'soft' } as const

function row(verdict: ReportedVerdict, report: Report, words: Words): Markup {
  const { id, level, outcome, findings } = verdict
  const tone = outcome === 'broken' && !report.conclusion.failing.includes(id) ? 'warn' : tones[outcome]
  const name =
    outcome === 'broken' ? markup`<a class="id" href="#${id}">${id}</a>` : markup`<span class="id">${id}</span>`
  const own = outcome === 'broken' ? nothing : markup` id="${id}"`
  const note =
    outcome === 'unjudged' || outcome === 'not-applicable'
      ? markup`<br><span class="soft">${outcome === 'unjudged' ? whyUnjudged(verdict, words) : whyNotApplicable(verdict, report, words)}</span>`
      : outcome === 'noted' && findings[0]
        ? markup`<br><span class="soft">${findings[0].actual}</span>`
        : outcome === 'holds' && extentOf(verdict, words).length > 0
          ? markup`<br><span class="soft">${extentOf(verdict, words).join(words.semicolon)}</span>`
          : nothing
  return markup`<tr${own} ${attributes(verdict, words)}><td class="word ${tone}">${words.outcome(outcome)}</td><td>${level}</td><td>${name}<br>${words.title(id)}${note}</td></tr>`
}
