import type { Report, ReportedVerdict } from '../../schemas/types.ts'
import { requirementOf } from '../../suites/catalogue.ts'
import { code, text } from './markdown.ts'
import { inWords } from './printable.ts'
import { lastSentence } from './terminal.ts'
import { asidesOf, brokenByLevel, byArea, byReason, cellOf, judgedOf } from './verdicts.ts'

/** A run as Markdown, for a pull request or the summary of a CI job. Whatever a gateway said stays text. */
export function summary(report: Report): string {
  const { target, conclusion, verdicts, notes = [] } = report
  const what =
    target.kind === 'reference'
      ? `the built-in reference${target.fault ? `, with the fault ${target.fault}` : ''}`
      : `${code(target.baseUrl)}, model ${code(target.model)}`
  const broken = brokenByLevel(report)
  const parts = [
    `## messages-conformance: ${what}`,
    `**${lastSentence(report)}**`,
    [...conclusion.reasons, ...notes].map((line) => `- ${text(line)}`).join('\n'),
    // Where nothing came of a run, its reason is all there is to say.
    ...(judgedOf(verdicts).length === 0
      ? []
      : [
          areas(report),
          broken.length > 0 ? `### Broken\n\n${broken.map((verdict) => entry(verdict, verdicts)).join('\n')}` : '',
          unjudgedMusts(verdicts),
          clients(report),
          waived(verdicts),
        ]),
  ]
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`
}

function areas({ verdicts }: Report): string {
  const rows = byArea(verdicts).map(([area, own]) => {
    const counts = (['holds', 'broken', 'unjudged', 'not-applicable', 'noted'] as const).map((outcome) =>
      cellOf(own, outcome),
    )
    return `| ${[area, ...counts].join(' | ')} |`
  })
  return `| area | holds | broken | not judged | not applicable | noted |\n|---|---|---|---|---|---|\n${rows.join('\n')}`
}

function entry(verdict: ReportedVerdict, verdicts: Report['verdicts']): string {
  const { id, level, waived: waiver, findings } = verdict
  const [finding] = findings
  const asides = asidesOf(verdict, verdicts)
  const where = finding
    ? `: at ${code(finding.at)} of ${code(finding.fixture)}, expected ${code(finding.expected)}, got ${code(finding.actual)}`
    : ''
  return `- **${level}** \`${id}\`${waiver ? ' (waived)' : ''}: ${text(requirementOf(id)?.title ?? '')}${where}${asides.length > 0 ? ` (${text(asides.join('; '))})` : ''}`
}

/** Each must that was not judged, by its reason. */
function unjudgedMusts(verdicts: Report['verdicts']): string {
  const lines = byReason(verdicts.filter(({ level }) => level === 'must')).map(
    ([reason, ids]) => `- ${text(reason)}: ${ids.map((id) => `\`${id}\``).join(', ')}`,
  )
  return lines.length > 0 ? `### Not judged\n\n${lines.join('\n')}` : ''
}

function clients(report: Report): string {
  const rows = Object.entries(report.clients).map(
    ([name, { status, ids, sees, workaround }]) =>
      `| ${name} | ${inWords(status)} | ${ids.map((id) => `\`${id}\``).join(', ')}${sees === undefined ? '' : `. ${text(sees)}`} | ${text(workaround ?? '')} |`,
  )
  return rows.length > 0 ? `| client | | because of | workaround |\n|---|---|---|---|\n${rows.join('\n')}` : ''
}

function waived(verdicts: readonly ReportedVerdict[]): string {
  const lines = verdicts.flatMap(({ waived: waiver }) =>
    waiver ? [`- \`${waiver.id}\`: ${text(waiver.because)}, until ${waiver.until}`] : [],
  )
  return lines.length > 0 ? `### Waived\n\n${lines.join('\n')}` : ''
}
