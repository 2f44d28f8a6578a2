import type { Report, ReportedVerdict } from '../../schemas/types.ts'
import { escaped } from './printable.ts'
import { en } from './words/en.ts'
import { byArea, extentOf, whyNotApplicable, whyUnjudged } from './verdicts.ts'

/**
 * The report as JUnit XML: one suite an area, one case a requirement, and a last one for the conclusion, which fails unless the exit
 * code is 0. A breach that counts is a failure; what is waived, advice or a hint is a case that passes and says what it saw.
 */
export function junit(report: Report): string {
  const suites = byArea(report.verdicts).map(([area, verdicts]) => suiteOf(area, verdicts, report))
  const name =
    report.target.kind === 'reference'
      ? 'messages-conformance (built-in reference)'
      : `messages-conformance ${report.target.baseUrl}`
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="${escape(name)}">\n${suites.join('')}${concluding(report)}</testsuites>\n`
}

function suiteOf(area: string, verdicts: readonly ReportedVerdict[], report: Report): string {
  const failures = verdicts.filter(({ id }) => report.conclusion.failing.includes(id)).length
  const skipped = verdicts.filter(({ outcome }) => outcome === 'unjudged' || outcome === 'not-applicable').length
  const head = `  <testsuite name="${escape(area)}" tests="${verdicts.length}" failures="${failures}" skipped="${skipped}" timestamp="${report.started}">`
  const classname = report.target.kind === 'reference' ? 'reference' : 'gateway'
  return `${head}\n${verdicts.map((verdict) => caseOf(verdict, `${classname}.${area}`, report)).join('')}  </testsuite>\n`
}

function caseOf(verdict: ReportedVerdict, classname: string, report: Report): string {
  const head = `    <testcase classname="${escape(classname)}" name="${escape(verdict.id)}" time="0"`
  const inner = contentOf(verdict, report)
  return inner === '' ? `${head}/>\n` : `${head}>\n${inner}    </testcase>\n`
}

function contentOf(verdict: ReportedVerdict, report: Report): string {
  const fails = report.conclusion.failing.includes(verdict.id)
  const lines = verdict.findings.map(
    ({ fixture, at, expected, actual }) => `${fixture}: at ${at}, expected ${expected}, actual ${actual}`,
  )
  const text = escape([...lines, ...extentOf(verdict, en)].join('\n'))
  if (fails) return `      <failure message="${escape(lines[0] ?? '')}">${text}</failure>\n`
  if (verdict.outcome === 'unjudged')
    return `      <skipped message="${escape(`unjudged: ${verdict.why}: ${whyUnjudged(verdict, en)}`)}"/>\n`
  if (verdict.outcome === 'not-applicable')
    return `      <skipped message="${escape(`not applicable: ${whyNotApplicable(verdict, report, en)}`)}"/>\n`
  return text === '' ? '' : `      <system-out>${text}</system-out>\n`
}

function concluding({ conclusion, started, target }: Report): string {
  const classname = target.kind === 'reference' ? 'reference' : 'gateway'
  const { exitCode, reasons } = conclusion
  const failure =
    exitCode === 0
      ? '/>'
      : `>\n      <failure message="${escape(reasons[0] ?? `exit code ${exitCode}`)}">${escape(reasons.join('\n'))}</failure>\n    </testcase>`
  const failures = exitCode === 0 ? 0 : 1
  return `  <testsuite name="conclusion" tests="1" failures="${failures}" skipped="0" timestamp="${started}">\n    <testcase classname="${classname}" name="conclusion" time="0"${failure}\n  </testsuite>\n`
}

/** Escaped, and what XML 1.0 has no place for replaced. */
function escape(text: string): string {
  return escaped(text).replaceAll(/[^\n\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '\uFFFD')
}
