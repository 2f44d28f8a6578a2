import { styleText } from 'node:util'
import type { Report, ReportedVerdict } from '../../schemas/types.ts'
import { profiles } from '../../schemas/values.ts'
import { shortened } from '../../suites/harness/views/finding.ts'
import { promiseOf } from '../../suites/harness/judge/profiles.ts'
import { ruleOf } from '../../suites/harness/judge/source.ts'
import { isPart, planFor, type Selection } from '../../suites/run/selection.ts'
import type { Recording } from '../../suites/harness/tape/recording.ts'
import type { Target } from '../../suites/harness/wire/target.ts'
import { requirementOf } from '../../suites/catalogue.ts'
import { inWords, printable } from './printable.ts'
import { counted, thousands } from '../../suites/harness/wire/counted.ts'
import { againCommand, curlCommand } from './again.ts'
import { asidesOf, brokenByLevel, byArea, byReason, judgedOf } from './verdicts.ts'

export interface ToRender {
  readonly report: Report
  readonly target: Target
  readonly selection: Selection
  /** How check is typed here. */
  readonly command: string
  readonly width: number
}

const marks = { holds: '✓', broken: '✗', unjudged: '·', 'not-applicable': '-', noted: '○' } as const

/** A run as a person reads it: what was judged, what is broken and how to see it again, and one sentence that agrees with the exit code. */
export function renderRun(run: ToRender): string {
  const { report } = run
  const parts = [headline(report)]
  if (!isJudged(report)) parts.push(printable(report.diagnosis?.sentence ?? ''))
  else
    parts.push(
      areas(report),
      ...brokenBlocks(run),
      uncompared(run.report),
      waiting(run),
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
  const { report, recording, file } = run
  const cut =
    report.ending === 'recorded' || report.ending === 'complete' || report.diagnosis?.kind === 'interrupted'
      ? ''
      : ` The run it is of ended early: ${report.ending}.`
  const parts = [
    [`${printable(file)}: ${counted(recording.exchanges, 'exchange')}.${cut}`, ...noted(run)].join('\n'),
    ...(report.diagnosis && !isJudged(report)
      ? [printable(report.diagnosis.sentence)]
      : [areas(report), ...brokenBlocks(run), waiting(run)]),
    lastWords(run),
  ]
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`
}

/** What of a recording was not judged, or not as it stands there. */
function noted(run: ToRender): string[] {
  return (run.report.notes ?? []).flatMap((note) => wrapped(`- ${printable(note)}`, 2, run))
}

/** Whether anything came of a run: one that ended with its first exchange has only its diagnosis to show. */
function isJudged({ verdicts }: Report): boolean {
  return judgedOf(verdicts).length > 0
}

function headline({ target }: Report): string {
  if (target.kind === 'gateway') return `${printable(target.baseUrl)}  ${printable(target.model)}`
  const fault = target.fault ? `, with the fault ${target.fault} in front of it` : ''
  return `No gateway was named, so this judges the built-in reference${fault}.`
}

/** One line an area: a mark a requirement, and how many of those judged hold. */
function areas({ verdicts }: Report): string {
  const areas = byArea(verdicts)
  const widest = Math.max(...areas.map(([area]) => area.length))
  const lines = areas
    .map(([area, own]) => {
      return `${area.padEnd(widest)}  ${own.map(({ outcome }) => marks[outcome]).join('')}  ${countsOf(own)}`
    })
    .join('\n')
  return `${lines}\n${legend(verdicts)}`
}

const outcomes = Object.keys(marks) as (keyof typeof marks)[]

/** `9 hold, 1 broken, 2 not judged`: they add up to the marks. */
function countsOf(own: readonly ReportedVerdict[]): string {
  const count = (outcome: string): number => own.filter((verdict) => verdict.outcome === outcome).length
  return outcomes
    .flatMap((outcome) => (count(outcome) > 0 ? [`${count(outcome)} ${outcomeWords[outcome]}`] : []))
    .join(', ')
}

const outcomeWords = {
  holds: 'hold',
  broken: 'broken',
  unjudged: 'not judged',
  'not-applicable': 'not applicable',
  noted: 'noted',
} as const

/** What the marks mean that are there. */
function legend(verdicts: readonly ReportedVerdict[]): string {
  const there = outcomes.filter((outcome) => verdicts.some((verdict) => verdict.outcome === outcome))
  return there.map((outcome) => `${marks[outcome]} ${outcomeWords[outcome]}`).join('   ')
}

function brokenBlocks(run: ToRender): string[] {
  return brokenByLevel(run.report).map((verdict) => block(verdict, run))
}

/** Twelve lines at most: the promise, where it is broken, who breaks on it, the rule, and how to see it again. */
function block(verdict: ReportedVerdict, run: ToRender): string {
  const requirement = requirementOf(verdict.id)
  const [finding] = verdict.findings
  const more = verdict.findings.length - 1
  const color = verdict.level === 'must' ? 'red' : 'yellow'
  const lines = [
    styleText(
      color,
      `${marks.broken} ${verdict.level.toUpperCase()} ${verdict.id}${verdict.waived ? ' (waived)' : ''}`,
    ),
    ...aside(asidesOf(verdict, run.report.verdicts), run),
    ...wrapped(`  ${requirement?.title ?? ''}`, 2, run),
    '',
  ]
  if (finding) {
    lines.push(
      field('at', `${finding.at}, of ${finding.fixture}${more > 0 ? ` (and ${more} more)` : ''}`, run),
      field('expected', finding.expected, run),
      field('actual', finding.actual, run),
    )
  }
  if (requirement && requirement.breaks.length > 0) lines.push(field('breaks', requirement.breaks.join(', '), run))
  if (requirement) lines.push(field('rule', ruleOf(requirement.source), run))
  if (finding && run.report.ending !== 'recorded') {
    const again = againCommand(run.command, verdict.id, finding.fixture, run.target, run.selection)
    if (again !== null) lines.push(`  again     ${again}`)
    const curl = curlCommand(finding.fixture, run.target)
    if (curl) lines.push(`  curl      ${curl}`)
  }
  return lines.join('\n')
}

function aside(parts: readonly string[], run: ToRender): string[] {
  return parts.length > 0 ? wrapped(`  (${printable(parts.join('; '))})`, 3, run) : []
}

/** Words on lines no wider than the terminal, those behind the first one indented. */
function wrapped(text: string, indent: number, { width }: Pick<ToRender, 'width'>): string[] {
  const room = Math.max(60, width)
  const lines: string[] = []
  let line = ''
  for (const word of text.split(/(?<=\S) /)) {
    if (line !== '' && line.length + 1 + word.length > room) {
      lines.push(line)
      line = ' '.repeat(indent) + word
    } else line = line === '' ? word : `${line} ${word}`
  }
  return [...lines, line]
}

function field(name: string, text: string, { width }: ToRender): string {
  const room = Math.max(60, width) - 12
  const line = printable(text)
  return `  ${name.padEnd(10)}${line.startsWith('http') ? line : shortened(line, room)}`
}

/** What was not judged, by its reason: each must; of the others, what was not simply absent. */
function waiting(run: ToRender): string {
  const told = run.report.verdicts.filter(
    ({ level, why }) =>
      level === 'must' || (level === 'should' && why !== 'nothing-of-its-kind' && why !== 'not-recorded'),
  )
  const lines = byReason(told).flatMap(([reason, ids]) =>
    wrapped(`  ${marks.unjudged} ${reason} (${ids.length}): ${ids.join(', ')}`, 4, run),
  )
  return lines.length > 0 ? `Not judged\n${lines.join('\n')}` : ''
}

/** Why Chat Completions was not compared, where that was asked for and could not be. */
function uncompared({ verdicts }: Report): string {
  const [found] = verdicts.find(({ id }) => id === 'chat/served')?.findings ?? []
  return found ? `Nothing was compared: /v1/chat/completions answered ${printable(found.actual)}.` : ''
}

function offers(run: ToRender): string {
  const { capabilities } = run.report
  const by = (state: string): string[] =>
    Object.entries(capabilities).flatMap(([name, one]) => (one.state === state ? [name] : []))
  const lines = (['shown', 'declined', 'not-shown', 'broken'] as const).flatMap((state) =>
    by(state).length > 0 ? wrapped(`  ${state.padEnd(10)}${by(state).join(', ')}`, 12, run) : [],
  )
  return lines.length > 0 ? `Capabilities\n${lines.join('\n')}` : ''
}

/** Which client works, which breaks and what helps it. */
function clientLines(run: ToRender): string {
  const { clients, conclusion } = run.report
  if (conclusion.conformant === null) return ''
  const entries = Object.entries(clients)
  const widest = Math.max(0, ...entries.map(([name]) => name.length))
  const lines = entries.flatMap(([name, { status, ids, sees, workaround }]) => {
    const because = status === 'breaks' ? ` on ${some(ids)}` : ''
    const met = sees === undefined ? '' : `. ${sees}`
    const help = workaround === undefined ? '' : status === 'works-with' ? `: ${workaround}` : `; ${workaround}`
    return wrapped(`  ${name.padEnd(widest)}  ${inWords(status)}${because}${help}${met}`, widest + 4, run)
  })
  return lines.length > 0 ? `Clients\n${lines.join('\n')}` : ''
}

/** The rungs above, which were not asked, and what asking them would cost. */
function higher({ report, selection }: ToRender): string {
  if (report.conclusion.exitCode !== 0 || report.conclusion.conformant === null) return ''
  const above = profiles.slice(profiles.indexOf(report.profile) + 1)
  const lines = above.map((profile) => {
    const { cost } = planFor({ ...selection, profile })
    return `  --profile ${profile}: ${counted(cost.requests, 'request')}, ${cost.paidRequests} of them paid, at most ${thousands(cost.outputTokens)} output tokens`
  })
  return lines.length > 0 ? `Not asked\n${lines.join('\n')}` : ''
}

/** Waivers that end within two weeks. */
function expiring({ report }: ToRender): string {
  const soon = new Date(Date.parse(report.started) + 14 * 86_400_000).toISOString().slice(0, 10)
  const lines = report.verdicts.flatMap(({ waived }) =>
    waived && waived.until <= soon ? [`The waiver for ${waived.id} ends on ${waived.until}.`] : [],
  )
  return lines.join('\n')
}

function lastWords({ report, selection, target, command }: ToRender): string {
  const { conclusion, sent, diagnosis } = report
  // Where there is nothing else to show, the diagnosis stands above already.
  const reasons = conclusion.reasons.filter((reason) => isJudged(report) || reason !== diagnosis?.sentence)
  const reference = report.target.kind === 'reference'
  const spent =
    sent.requests > 0 ? `${counted(sent.requests, 'request')} ${sent.requests === 1 ? 'was' : 'were'} sent.` : ''
  const lines = [
    spent,
    ...reasons.map((reason) => `- ${printable(reason)}`),
    rungReached(report),
    colored(report),
  ].filter((line) => line !== '')
  if (reference && target.fault === undefined && !isPart(selection) && sent.requests > 0)
    lines.push('', nextSteps(command))
  return lines.join('\n')
}

/** Where what was asked for does not hold: the highest rung that does. */
function rungReached({ profile, conclusion: { conformant, reached } }: Report): string {
  if (conformant !== false || reached === profile) return ''
  return reached === null ? 'No profile holds.' : `What holds is ${reached}: ${promiseOf[reached]}.`
}

/** The one sentence a run comes to; it agrees with the exit code. */
export function lastSentence({ conclusion, profile, target, verdicts }: Report): string {
  const what = target.kind === 'reference' ? 'The built-in reference' : 'This gateway'
  const judged = judgedOf(verdicts).length
  const broken = conclusion.failing.length
  if (conclusion.exitCode === 2 && judged === 0)
    return `Not proven: nothing can be said of ${target.kind === 'reference' ? 'the reference' : 'this gateway'}.`
  if (conclusion.exitCode === 2) return `Not proven: ${proven(verdicts)}.`
  if (conclusion.conformant === null)
    return `${judged} of ${verdicts.length} judged, ${broken === 0 ? 'none' : broken} broken: a partial look.`
  if (conclusion.exitCode === 1 && conclusion.reached === profile)
    return `${what} keeps the promises of ${profile}, but its waivers are out of date.`
  if (conclusion.exitCode === 1) return `${what} does not keep the promises of ${profile}.`
  return `${what} keeps the promises of ${profile}: ${promiseOf[profile]}.`
}

/** What is known of a run that proved nothing as a whole: `84 hold, 2 are broken, 49 were not judged`. */
function proven(verdicts: Report['verdicts']): string {
  const count = (outcome: string): number => verdicts.filter((verdict) => verdict.outcome === outcome).length
  const broken = count('broken')
  const [holding, unjudged] = [count('holds'), count('unjudged')]
  return `${holding === 1 ? '1 holds' : `${holding} hold`}, ${broken === 1 ? '1 is' : `${broken} are`} broken, ${unjudged === 1 ? '1 was' : `${unjudged} were`} not judged`
}

function colored(report: Report): string {
  const { exitCode, conformant } = report.conclusion
  const text = lastSentence(report)
  if (exitCode === 2) return styleText('yellow', text)
  return conformant === null ? text : styleText(exitCode === 1 ? 'red' : 'green', text)
}

const nextSteps = (
  command: string,
): string => `  Judge yours:   GATEWAY_API_KEY=... ${command} --base-url https://... --model ...
  See it fail:   ${command} --fault messages/stop-reason-foreign`

function some(ids: readonly string[]): string {
  return ids.length > 4 ? `${ids.slice(0, 4).join(', ')}, ...` : ids.join(', ')
}
