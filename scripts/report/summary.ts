import type { Report, ReportedVerdict } from '../../schemas/types.ts'
import { catalogue } from '../../suites/catalogue.ts'
import { printable } from './printable.ts'
import { lastSentence } from './terminal.ts'

const titles = new Map<string, string>(catalogue.map(({ id, title }) => [id, title]))

/** A run as Markdown, for a pull request or the summary of a CI job. Whatever a gateway said stays text. */
export function summary(report: Report): string {
  const { target, conclusion, verdicts } = report
  const what =
    target.kind === 'reference'
      ? `the built-in reference${target.fault ? `, with the fault ${target.fault}` : ''}`
      : `${code(target.baseUrl)}, model ${code(target.model)}`
  const broken = verdicts.filter(({ outcome }) => outcome === 'broken')
  const parts = [
    `## messages-conformance: ${what}`,
    `**${lastSentence(report)}**`,
    conclusion.reasons.map((reason) => `- ${text(reason)}`).join('\n'),
    areas(report),
    broken.length > 0 ? `### Broken\n\n${broken.map(entry).join('\n')}` : '',
    clients(report),
    waived(verdicts),
  ]
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`
}

function areas({ verdicts }: Report): string {
  const names = [...new Set(verdicts.map(({ id }) => id.split('/')[0] ?? ''))]
  const rows = names.map((name) => {
    const own = verdicts.filter(({ id }) => id.startsWith(`${name}/`))
    const count = (outcome: string): string => String(own.filter((one) => one.outcome === outcome).length || '')
    return `| ${name} | ${count('holds')} | ${count('broken')} | ${count('unjudged')} | ${count('not-applicable')} |`
  })
  return `| area | holds | broken | not judged | not applicable |\n|---|---|---|---|---|\n${rows.join('\n')}`
}

function entry({ id, level, waived: waiver, findings }: ReportedVerdict): string {
  const [finding] = findings
  const where = finding
    ? `: at ${code(finding.at)} of ${code(finding.fixture)}, expected ${code(finding.expected)}, got ${code(finding.actual)}`
    : ''
  return `- **${level}** \`${id}\`${waiver ? ' (waived)' : ''}: ${text(titles.get(id) ?? '')}${where}`
}

function clients(report: Report): string {
  const rows = Object.entries(report.clients).map(
    ([name, { status, ids, workaround }]) =>
      `| ${name} | ${status === 'not-shown' ? 'not shown' : status} | ${ids.map((id) => `\`${id}\``).join(', ')} | ${text(workaround ?? '')} |`,
  )
  return rows.length > 0 ? `| client | | because of | workaround |\n|---|---|---|---|\n${rows.join('\n')}` : ''
}

function waived(verdicts: readonly ReportedVerdict[]): string {
  const lines = verdicts.flatMap(({ waived: waiver }) =>
    waiver ? [`- \`${waiver.id}\`: ${text(waiver.because)}, until ${waiver.until}`] : [],
  )
  return lines.length > 0 ? `### Waived\n\n${lines.join('\n')}` : ''
}

/** Text that Markdown takes for nothing else, on one line. */
function text(given: string): string {
  return printable(given).replaceAll(/[\\`*_{}[\]<>#|!&~@]/g, (mark) => `&#${mark.charCodeAt(0)};`)
}

/** Code on one line, whatever backticks it holds. */
function code(given: string): string {
  const short = printable(given)
  const clipped = short.length > 300 ? `${short.slice(0, 297)}...` : short
  return `<code>${text(clipped)}</code>`
}
