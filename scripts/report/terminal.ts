import { fixtureFacts } from '../../fixtures/facts.ts'
import { styleText } from 'node:util'
import type { Report, ReportedVerdict } from '../../schemas/types.ts'
import { profiles } from '../../schemas/values.ts'
import { isPart, planFor, type Selection } from '../../suites/run/selection.ts'
import type { Recording } from '../../suites/harness/tape/recording.ts'
import type { Target } from '../../suites/harness/wire/target.ts'
import { requirementOf } from '../../suites/catalogue.ts'
import { printable } from './printable.ts'
import { sufferingOf } from './suffering.ts'
import { clientsTapped } from './tapped.ts'
import { againCommand, curlCommand } from './again.ts'
import {
  asidesOf,
  brokenByLevel,
  byArea,
  byReason,
  judgedOf,
  outcomesCounted,
  passageNotes,
  quirkDuring,
  sidesOf,
} from './verdicts.ts'
import { columns, fitted, padded, wrapped } from './width.ts'
import type { Words } from './words/en.ts'

export interface ToRender {
  readonly report: Report
  readonly target: Target
  readonly selection: Selection
  /** How check is typed here. */
  readonly command: string
  readonly words: Words
  readonly width: number
  /** The curl of a breach would fill a screen. */
  readonly withoutCurl?: boolean
}

const marks = { holds: '✓', broken: '✗', unjudged: '·', 'not-applicable': '-', noted: '○' } as const

/** A run as a person reads it: what was judged, what is broken and how to see it again, and one sentence that agrees with the exit code. */
export function renderRun(run: ToRender): string {
  const { report } = run
  const parts = [headline(run)]
  if (!isJudged(report)) parts.push(cause(run))
  else
    parts.push(
      areas(run),
      ...brokenBlocks(run),
      curlElsewhere(run),
      uncompared(run),
      waiting(run),
      passages(run),
      offers(run),
      clientLines(run),
      higher(run),
      expiring(run),
    )
  parts.push(lastWords(run))
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`
}

/** A recording, judged again: the same, without anything that only makes sense for a run. */
export function renderJudged(
  run: ToRender & { readonly recording: Pick<Recording, 'exchanges'>; readonly file: string },
): string {
  const { report, recording, file, words } = run
  const isWhole =
    report.ending === 'recorded' || report.ending === 'complete' || report.diagnosis?.kind === 'interrupted'
  const head = words.recording(printable(file), recording.exchanges, isWhole ? null : report.ending)
  const parts = [
    [head, ...noted(run)].join('\n'),
    ...(report.diagnosis && !isJudged(report) ? [cause(run)] : [areas(run), ...brokenBlocks(run), waiting(run)]),
    lastWords(run),
  ]
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`
}

/** What passed a tap: the same, with what each client met, and without what no client asked. */
export function renderTapped(run: ToRender): string {
  const { report } = run
  const asked = report.verdicts.filter(({ why }) => why !== 'not-asked' && why !== 'nothing-of-its-kind')
  const seen = { ...run, report: { ...report, verdicts: asked } }
  const parts = [
    headline(run),
    ...(isJudged(report) ? [areas(seen), ...brokenBlocks(seen), waiting(seen)] : [cause(run)]),
    clientsTapped(report, run.words),
    lastWords(run),
  ]
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`
}

/** What of a recording was not judged, or not as it stands there. */
function noted(run: ToRender): string[] {
  return (run.report.notes ?? []).flatMap((note) => wrapped(`- ${printable(note)}`, 2, room(run)))
}

/** Whether anything came of a run: one that ended with its first exchange has only its diagnosis to show. */
function isJudged({ verdicts }: Report): boolean {
  return judgedOf(verdicts).length > 0
}

/** Why a run ended before anything came of it. */
function cause({ report, target, words }: ToRender): string {
  return report.diagnosis ? printable(words.diagnosis(report.diagnosis, report, target)) : ''
}

function headline({ report: { target }, words }: ToRender): string {
  if (target.kind === 'gateway') return `${printable(target.baseUrl)}  ${printable(target.model)}`
  return words.noGateway(target.fault)
}

/** One line an area: a mark a requirement, and how many of those judged hold. */
function areas({ report: { verdicts }, words }: ToRender): string {
  const areas = byArea(verdicts)
  const widest = Math.max(...areas.map(([area]) => area.length))
  const lines = areas
    .map(([area, own]) => {
      return `${area.padEnd(widest)}  ${own.map(mark).join('')}  ${outcomesCounted(own, words)}`
    })
    .join('\n')
  return `${lines}\n${legend(verdicts, words)}`
}

/** The eye is led to what is broken. */
function mark({ outcome, level }: ReportedVerdict): string {
  return outcome === 'broken' ? styleText(level === 'must' ? 'red' : 'yellow', marks.broken) : marks[outcome]
}

const outcomes = Object.keys(marks) as (keyof typeof marks)[]

/** What the marks mean that are there. */
function legend(verdicts: readonly ReportedVerdict[], words: Words): string {
  return outcomes
    .map((outcome) => [outcome, countOf(verdicts, outcome)] as const)
    .flatMap(([outcome, count]) => (count > 0 ? [`${marks[outcome]} ${words.outcomeCounted(outcome, count)}`] : []))
    .join('   ')
}

function countOf(verdicts: readonly ReportedVerdict[], outcome: ReportedVerdict['outcome']): number {
  return verdicts.filter((verdict) => verdict.outcome === outcome).length
}

function brokenBlocks(run: ToRender): string[] {
  return brokenByLevel(run.report).map((verdict) => block(verdict, run))
}

/** Twelve lines at most: the promise, where it is broken, who breaks on it, the rule, and how to see it again. */
function block(verdict: ReportedVerdict, run: ToRender): string {
  const { words } = run
  const requirement = requirementOf(verdict.id)
  const [finding] = verdict.findings
  const more = verdict.findings.length - 1
  const sides = sidesOf(verdict.id)
  const color = verdict.level === 'must' ? 'red' : 'yellow'
  const lines = [
    styleText(
      color,
      `${marks.broken} ${verdict.level.toUpperCase()} ${verdict.id}${verdict.waived ? words.aside(words.waived) : ''}`,
    ),
    ...aside(asidesOf(verdict, run.report.verdicts, words), run),
    ...wrapped(`  ${words.title(verdict.id)}`, 2, room(run)),
    '',
  ]
  if (finding) {
    lines.push(
      field('at', words.place(finding.at, finding.fixture, more), run),
      field(sides[0], finding.expected, run),
      field(sides[1], finding.actual, run),
    )
    const quirk = quirkDuring(finding.fixture)
    if (quirk) lines.push(field('while', words.whileUpstream(quirk.about), run))
  }
  const suffering = requirement ? sufferingOf(requirement, words) : ''
  if (suffering !== '') lines.push(...wrapped(`  ${padded(words.fields.breaks, 10)}${suffering}`, 12, room(run)))
  if (requirement) lines.push(field('rule', words.rule(requirement.source), run))
  if (finding && run.report.ending !== 'recorded') {
    const again = againCommand(run.command, verdict.id, finding.fixture, run.target, run.selection)
    if (again !== null) lines.push(`  ${padded(words.fields.again, 10)}${again}${words.option}`)
    const curl = curlCommand(finding.fixture, run.target)
    if (curl && run.withoutCurl !== true) lines.push(`  ${padded(words.fields.curl, 10)}${curl}`)
  }
  return lines.join('\n')
}

/** Where the curl of each breach is, where it is not shown. */
function curlElsewhere({ report, withoutCurl, words }: ToRender): string {
  const isMissed = withoutCurl === true && report.target.kind === 'gateway' && brokenByLevel(report).length > 0
  return isMissed ? words.curlElsewhere : ''
}

function aside(parts: readonly string[], run: ToRender): string[] {
  const { words } = run
  const text = words.aside(printable(parts.join(words.semicolon))).trim()
  return parts.length > 0 ? wrapped(`  ${text}`, 3, room(run)) : []
}

/** The columns there are: of a terminal that is narrower, lines run over. */
function room({ width }: Pick<ToRender, 'width'>): number {
  return Math.max(60, width)
}

function field(name: Exclude<keyof Words['fields'], 'again' | 'curl'>, text: string, run: ToRender): string {
  const line = printable(text)
  return `  ${padded(run.words.fields[name], 10)}${line.startsWith('http') ? line : fitted(line, room(run) - 12)}`
}

/** What was not judged, by its reason: each must; of the others, what was not simply absent. */
function waiting(run: ToRender): string {
  const { words } = run
  const told = run.report.verdicts.filter(
    ({ level, why }) =>
      level === 'must' || (level === 'should' && why !== 'nothing-of-its-kind' && why !== 'not-recorded'),
  )
  const lines = byReason(told, words).flatMap(([reason, ids]) =>
    wrapped(`  ${marks.unjudged} ${words.unjudgedLine(reason, ids)}`, 4, room(run)),
  )
  return lines.length > 0 ? `${words.notJudged}\n${lines.join('\n')}` : ''
}

/** Why Chat Completions was not compared, where that was asked for and could not be. */
function uncompared({ report: { verdicts }, words }: ToRender): string {
  const [found] = verdicts.find(({ id }) => id === 'chat/served')?.findings ?? []
  return found ? words.nothingCompared(printable(found.actual)) : ''
}

/** What was looked at from both sides of the gateway, and what it is said to change there on purpose. */
function passages(run: ToRender): string {
  return wrappedAll(passageNotes(run.report, run.words).map(printable), run)
}

function wrappedAll(lines: readonly string[], run: ToRender): string {
  return lines.flatMap((line) => wrapped(line, 2, room(run))).join('\n')
}

function offers(run: ToRender): string {
  const { words } = run
  const { capabilities } = run.report
  const by = (state: string): string[] =>
    Object.entries(capabilities).flatMap(([name, one]) => (one.state === state ? [name] : []))
  const lines = (['shown', 'declined', 'not-shown', 'broken'] as const).flatMap((state) =>
    by(state).length > 0
      ? wrapped(`  ${padded(words.stateListed(state), 10)}${by(state).join(words.comma)}`, 12, room(run))
      : [],
  )
  return lines.length > 0 ? `${words.capabilities}\n${lines.join('\n')}` : ''
}

/** Which client works, which breaks and what helps it. */
function clientLines(run: ToRender): string {
  const { words } = run
  const { clients, conclusion } = run.report
  if (conclusion.conformant === null) return ''
  const entries = Object.entries(clients)
  const widest = Math.max(0, ...entries.map(([name]) => name.length))
  const lines = entries.flatMap(([name, { status, ids, sees, recovers = [], how, source, workaround }]) => {
    const because =
      status === 'breaks'
        ? words.brokenOn(some(ids, words)) + (source === 'opinion' ? words.aside(words.notMeasured) : '')
        : status === 'recovers'
          ? words.recoversFrom(some(recovers, words)) + words.colon + words.recovery(name, how ?? '')
          : ''
    const help =
      workaround === undefined
        ? ''
        : (status === 'works-with' ? words.colon : words.semicolon) + words.workaround(name, workaround)
    const met = sees === undefined ? '' : words.stop + words.sees(ids, sees)
    return wrapped(`  ${name.padEnd(widest)}  ${words.status(status)}${because}${help}${met}`, widest + 4, room(run))
  })
  return lines.length > 0 ? `${words.clients}\n${lines.join('\n')}` : ''
}

/** The rungs above, which were not asked, and what asking them would cost. */
function higher({ report, selection, words }: ToRender): string {
  if (report.conclusion.exitCode !== 0 || report.conclusion.conformant === null) return ''
  const above = profiles.slice(profiles.indexOf(report.profile) + 1)
  const lines = above.map((profile) => {
    const { cost } = planFor({ ...selection, profile }, fixtureFacts)
    return `  --profile ${profile}${words.colon}${words.costOf(cost)}`
  })
  return lines.length > 0 ? `${words.notAsked}\n${lines.join('\n')}` : ''
}

/** Waivers that end within two weeks. */
function expiring({ report, words }: ToRender): string {
  const soon = new Date(Date.parse(report.started) + 14 * 86_400_000).toISOString().slice(0, 10)
  const lines = report.verdicts.flatMap(({ waived }) =>
    waived && waived.until <= soon ? [words.waiverEnds(waived.id, waived.until)] : [],
  )
  return lines.join('\n')
}

function lastWords(run: ToRender): string {
  const { report, selection, target, command, words } = run
  const { sent } = report
  // Where there is nothing else to show, the diagnosis stands above already.
  const reasons = words.reasons(report, target).map(printable)
  const reference = report.target.kind === 'reference'
  const lines = [
    sent.requests > 0 ? words.sent(sent.requests) : '',
    ...reasons.filter((reason) => isJudged(report) || reason !== cause(run)).map((reason) => `- ${reason}`),
    rungReached(report, words),
    colored(report, words),
  ].filter((line) => line !== '')
  if (reference && target.fault === undefined && !isPart(selection) && sent.requests > 0)
    lines.push('', nextSteps(command, words))
  return lines.join('\n')
}

/** Where what was asked for does not hold: the highest rung that does. */
function rungReached({ profile, conclusion: { conformant, reached } }: Report, words: Words): string {
  if (conformant !== false || reached === profile) return ''
  return reached === null ? words.nothingHolds : words.whatHolds(reached)
}

/** The one sentence a run comes to; it agrees with the exit code. */
export function lastSentence({ conclusion, profile, target, verdicts, clients }: Report, words: Words): string {
  const isReference = target.kind === 'reference'
  const judged = judgedOf(verdicts).length
  const broken = conclusion.failing.length
  if (conclusion.exitCode === 2 && judged === 0) return words.nothingKnown(isReference)
  if (conclusion.exitCode === 2)
    return words.notProven(countOf(verdicts, 'holds'), countOf(verdicts, 'broken'), countOf(verdicts, 'unjudged'))
  if (conclusion.conformant === null) return words.partialLook(judged, verdicts.length, broken)
  if (conclusion.exitCode === 1 && conclusion.reached === profile) return words.waiversOutOfDate(isReference, profile)
  if (conclusion.exitCode === 1) return words.broken(isReference, profile)
  const help = profile === 'minimum' || profile === 'sdk' ? undefined : clients['claude-code']?.workaround
  return words.kept(isReference, profile, help === undefined ? undefined : words.workaround('claude-code', help))
}

function colored(report: Report, words: Words): string {
  const { exitCode, conformant } = report.conclusion
  const text = lastSentence(report, words)
  if (exitCode === 2) return styleText('yellow', text)
  return conformant === null ? text : styleText(exitCode === 1 ? 'red' : 'green', text)
}

function nextSteps(command: string, { judgeYours, seeItFail, option }: Words): string {
  const wide = Math.max(columns(judgeYours), columns(seeItFail))
  return `  ${padded(judgeYours, wide)}GATEWAY_API_KEY=... ${command} --base-url https://... --model ...${option}
  ${padded(seeItFail, wide)}${command} --fault messages/stop-reason-foreign${option}`
}

function some(ids: readonly string[], { comma }: Words): string {
  return (ids.length > 4 ? [...ids.slice(0, 4), '...'] : ids).join(comma)
}
