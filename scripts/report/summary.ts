import type { Report, ReportedVerdict } from '../../schemas/types.ts'
import { requirementOf } from '../../suites/catalogue.ts'
import { code, text } from './markdown.ts'
import type { ToShow } from './shown.ts'
import { metBy, nameOf } from './tapped.ts'
import { lastSentence } from './terminal.ts'
import { asidesOf, brokenByLevel, byArea, byReason, cellOf, judgedOf, passageNotes } from './verdicts.ts'
import type { Words } from './words/en.ts'

/** A run as Markdown, for a pull request or the summary of a CI job. Whatever a gateway said stays text. */
export function summary({ report, target: asked, words }: Pick<ToShow, 'report' | 'target' | 'words'>): string {
  const { target, verdicts, notes = [] } = report
  const what =
    target.kind === 'reference' ? words.reference(target.fault) : words.model(code(target.baseUrl), code(target.model))
  const broken = brokenByLevel(report)
  const parts = [
    `## messages-conformance: ${what}`,
    `**${lastSentence(report, words)}**`,
    [...words.reasons(report, asked), ...notes, ...passageNotes(report, words)]
      .map((line) => `- ${text(line)}`)
      .join('\n'),
    // Where nothing came of a run, its reason is all there is to say.
    ...(judgedOf(verdicts).length === 0
      ? []
      : [
          areas(report, words),
          broken.length > 0
            ? `### ${words.brokenHeading}\n\n${broken.map((verdict) => entry(verdict, verdicts, words)).join('\n')}`
            : '',
          unjudgedMusts(verdicts, words),
          clients(report, words),
          waived(verdicts, words),
        ]),
    tapped(report, words),
  ]
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`
}

function areas({ verdicts }: Report, words: Words): string {
  const rows = byArea(verdicts).map(([area, own]) => {
    return `| ${[area, ...outcomes.map((outcome) => cellOf(own, outcome))].join(' | ')} |`
  })
  const heads = [words.area, ...outcomes.map((outcome) => words.outcomes[outcome])]
  return `| ${heads.join(' | ')} |\n|---|---|---|---|---|---|\n${rows.join('\n')}`
}

const outcomes = ['holds', 'broken', 'unjudged', 'not-applicable', 'noted'] as const

function entry(verdict: ReportedVerdict, verdicts: Report['verdicts'], words: Words): string {
  const { id, level, waived: waiver, findings } = verdict
  const [finding] = findings
  const asides = asidesOf(verdict, verdicts, words)
  const { compares } = requirementOf(id) ?? {}
  const where = finding
    ? (compares ? words.entryOf[compares] : words.entry)(
        code(finding.at),
        code(finding.fixture),
        code(finding.expected),
        code(finding.actual),
      )
    : ''
  return `- **${level}** \`${id}\`${waiver ? words.aside(words.waived) : ''}${words.colon}${text(words.title(id))}${where}${asides.length > 0 ? words.aside(text(asides.join(words.semicolon))) : ''}`
}

/** Each must that was not judged, by its reason. */
function unjudgedMusts(verdicts: Report['verdicts'], words: Words): string {
  const lines = byReason(
    verdicts.filter(({ level }) => level === 'must'),
    words,
  ).map(([reason, ids]) => `- ${text(reason)}${words.colon}${ids.map((id) => `\`${id}\``).join(words.comma)}`)
  return lines.length > 0 ? `### ${words.notJudged}\n\n${lines.join('\n')}` : ''
}

function clients(report: Report, words: Words): string {
  const rows = Object.entries(report.clients).map(
    ([name, { status, ids, sees, recovers = [], how, source, workaround }]) =>
      `| ${name} | ${words.status(status)}${status === 'breaks' && source === 'opinion' ? words.aside(words.notMeasured) : ''} | ${[...ids, ...recovers].map((id) => `\`${id}\``).join(words.comma)}${how === undefined ? '' : words.colon + text(words.recovery(name, how))}${sees === undefined ? '' : words.stop + text(words.sees(ids, sees))} | ${text(workaround === undefined ? '' : words.workaround(name, workaround))} |`,
  )
  return rows.length > 0
    ? `|${words.clientColumns.map((head) => (head === '' ? ' ' : ` ${head} `)).join('|')}|\n|---|---|---|---|\n${rows.join('\n')}`
    : ''
}

/** What each client of a tap met. */
function tapped({ tapped: found = [] }: Report, words: Words): string {
  const parts = found.map((client) => {
    const met = metBy(client, words).map(({ what, where }) => `- ${text(`${what}${words.comma}${where}`)}`)
    return [`**${text(words.tap.client(nameOf(client, words), client))}**`, met.join('\n')].join('\n\n').trim()
  })
  return found.length > 0 ? [`### ${words.tap.clients}`, ...parts].join('\n\n') : ''
}

function waived(verdicts: readonly ReportedVerdict[], words: Words): string {
  const lines = verdicts.flatMap(({ waived: waiver }) =>
    waiver ? [`- \`${waiver.id}\`${words.colon}${words.waiver(text(waiver.because), waiver.until)}`] : [],
  )
  return lines.length > 0 ? `### ${words.waivedHeading}\n\n${lines.join('\n')}` : ''
}
