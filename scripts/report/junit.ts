import type { Report, ReportedVerdict } from '../../schemas/types.ts'
import { requirementOf } from '../../suites/catalogue.ts'
import { exchangesOf } from '../../suites/harness/gather/plan.ts'
import { own } from '../../suites/harness/wire/json.ts'
import { escaped } from './printable.ts'
import { en } from './words/en.ts'
import { byArea, extentOf, whyNotApplicable, whyUnjudged } from './verdicts.ts'

/**
 * The report as JUnit XML: one suite an area, one case a requirement, and a last one for the conclusion, which fails unless the exit
 * code is 0. A breach that counts is a failure; what is waived, advice or a hint is a case that passes and says what it saw.
 */
export function junit(report: Report): string {
  const classname = report.target.kind === 'reference' ? 'reference' : 'gateway'
  const suites = byArea(report.verdicts).map(([area, verdicts]) =>
    testSuite(
      area,
      report.started,
      verdicts.map((verdict) =>
        testCase(`${classname}.${area}`, verdict.id, saidOf(verdict, report), secondsOf(verdict, report)),
      ),
    ),
  )
  const name =
    report.target.kind === 'reference'
      ? 'messages-conformance (built-in reference)'
      : `messages-conformance ${report.target.baseUrl}`
  return testSuites(name, [...suites, concluding(report, classname)])
}

/** One case: what it has to say, if anything. */
export type Said =
  | { readonly failure: readonly string[] }
  | { readonly skipped: string }
  | { readonly out: readonly string[] }

/** A case as XML, and how it counts. */
export interface TestCase {
  readonly is: 'failure' | 'skipped' | 'passed'
  readonly xml: string
  readonly seconds: number
}

export function testCase(classname: string, name: string, said: Said | null, seconds = 0): TestCase {
  const head = `    <testcase classname="${escape(classname)}" name="${escape(name)}" time="${shown(seconds)}"`
  const inner = said === null ? '' : contentOf(said)
  const is = said === null || 'out' in said ? 'passed' : 'failure' in said ? 'failure' : 'skipped'
  return { is, seconds, xml: inner === '' ? `${head}/>\n` : `${head}>\n${inner}    </testcase>\n` }
}

export function testSuite(name: string, started: string, cases: readonly TestCase[]): string {
  const count = (is: TestCase['is']): number => cases.filter((one) => one.is === is).length
  const seconds = cases.reduce((sum, one) => sum + one.seconds, 0)
  const head = `  <testsuite name="${escape(name)}" tests="${cases.length}" failures="${count('failure')}" skipped="${count('skipped')}" time="${shown(seconds)}" timestamp="${started}">`
  return `${head}\n${cases.map(({ xml }) => xml).join('')}  </testsuite>\n`
}

export function testSuites(name: string, suites: readonly string[]): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="${escape(name)}">\n${suites.join('')}</testsuites>\n`
}

function contentOf(said: Said): string {
  if ('skipped' in said) return `      <skipped message="${escape(said.skipped)}"/>\n`
  if ('failure' in said)
    return `      <failure message="${escape(said.failure[0] ?? '')}">${escape(said.failure.join('\n'))}</failure>\n`
  const text = escape(said.out.join('\n'))
  return text === '' ? '' : `      <system-out>${text}</system-out>\n`
}

function saidOf(verdict: ReportedVerdict, report: Report): Said {
  const lines = verdict.findings.map(
    ({ fixture, at, expected, actual }) => `${fixture}: at ${at}, expected ${expected}, actual ${actual}`,
  )
  const text = [...lines, ...extentOf(verdict, en)]
  if (report.conclusion.failing.includes(verdict.id)) return { failure: text }
  if (verdict.outcome === 'unjudged') return { skipped: `unjudged: ${verdict.why}: ${whyUnjudged(verdict, en)}` }
  if (verdict.outcome === 'not-applicable')
    return { skipped: `not applicable: ${whyNotApplicable(verdict, report, en)}` }
  return { out: text }
}

/** How long the exchanges took that a verdict rests on: what seeing it again would take. None, where it was not judged. */
function secondsOf({ id, outcome }: ReportedVerdict, { timing }: Report): number {
  const requirement = requirementOf(id)
  if (!timing || !requirement || outcome === 'unjudged' || outcome === 'not-applicable') return 0
  return exchangesOf(requirement).reduce((sum, name) => sum + (own(timing.exchanges, name) ?? 0), 0) / 1000
}

/** Seconds as JUnit writes them. */
function shown(seconds: number): string {
  return String(Math.round(seconds * 1000) / 1000)
}

function concluding({ conclusion: { exitCode, reasons }, started }: Report, classname: string): string {
  const failure = reasons.length > 0 ? reasons : [`exit code ${exitCode}`]
  return testSuite('conclusion', started, [testCase(classname, 'conclusion', exitCode === 0 ? null : { failure })])
}

/** Escaped, and what XML 1.0 has no place for replaced. */
function escape(text: string): string {
  return escaped(text).replaceAll(/[^\n\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '\uFFFD')
}
