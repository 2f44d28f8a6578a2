import { validateReport, validateTapeLine } from '../../schemas/validators.js'
import type { Report } from '../../schemas/types.ts'
import { collecting } from '../../suites/harness/compare/drift.ts'
import { compare } from '../../suites/harness/compare/compare.ts'
import { redacted } from '../../suites/harness/tape/as-it-came.ts'
import { redactor } from '../../suites/harness/tape/redact.ts'
import { fromLine, toLine } from '../../suites/harness/tape/tape.ts'
import type { Judged, Verdict } from '../../suites/harness/judge/judge.ts'
import { mostFindings } from '../../suites/harness/views/finding.ts'
import { rawContent } from '../../suites/harness/views/raw-content.ts'
import { lastWord } from '../../suites/harness/views/last-word.ts'
import type { Exchange } from '../../suites/harness/wire/exchange.ts'
import { isObject, toJson } from '../../suites/harness/wire/json.ts'
import type { Target } from '../../suites/harness/wire/target.ts'
import { diagnose } from '../../suites/run/diagnose.ts'
import { secretsOf } from '../../suites/run/secrets.ts'
import { concludeFor, judgingFor } from '../../suites/run/judging.ts'
import { everything } from '../../suites/self/proof.ts'
import { asMarkdown, asTerminal } from '../report/difference.ts'
import { guarded } from '../guarded.ts'
import { annotations } from '../report/annotations.ts'
import { rendered } from '../report/renderings.ts'
import { renderedFiles, type RenderedFile } from '../report/files.ts'
import { identityOf, reportOf } from '../report/report.ts'
import { tool } from '../tool.ts'
import { renderRun } from '../report/terminal.ts'
import { en } from '../report/words/en.ts'
import { faultInHtml, faultInPrinted, faultInSummary, faultInXml } from './wellformed.ts'
import { masked, secret } from './words.ts'

/** Why a case fails: what was demanded, and what is there instead. */
class Unmet extends Error {
  override readonly name = 'Unmet'
}

/** Fails the case, where there is a fault. */
export function demand(fault: string | null, what: string): void {
  if (fault !== null) throw new Unmet(`${what}: ${fault}`)
}

/** What one way leads to: what was recorded, what was judged, and all that leaves the program, by name. */
export interface Came {
  readonly judged: Judged
  readonly report: Report
  readonly outputs: ReadonlyMap<string, string>
}

/**
 * Takes exchanges the way of a run: redacted, recorded, judged, concluded, reported, rendered into these files and the terminal.
 * Throws where something throws on the way, or an output is not what it has to be.
 */
export function taken(
  exchanges: readonly Exchange[],
  target: Target,
  files: readonly RenderedFile[] = renderedFiles,
): Came {
  const clean = redactor(secretsOf(target, {}))
  const tape = exchanges.map((exchange) => redacted(exchange, clean))
  const judged = judgedAs(tape)
  const [first] = tape
  const diagnosis = first ? diagnose({ exchange: first, auth: target.auth, refusedToo: null }, target) : null
  const outcome = concludeFor(everything, judged, { ending: 'complete', today: '2026-01-01' })
  const gathered = { ending: 'complete', sent: { requests: tape.length, inputTokens: 0, outputTokens: 0 } } as const
  const report = reportOf({ target, selection: everything, started: new Date(0), gathered, outcome, diagnosis })
  const shown = {
    report,
    target,
    selection: everything,
    command: 'messages-conformance check',
    words: en,
    exchanges: new Map(tape.map((one) => [one.fixture, one])),
  }
  const header = {
    kind: 'header',
    format: 1,
    tool,
    target: identityOf(target),
    profile: 'full',
    started: report.started,
  }
  // Who uses the library is handed the report itself.
  const outputs = new Map([['the report', JSON.stringify(report)]])
  for (const file of files) outputs.set(file, rendered(file, shown) ?? '')
  outputs.set('stdout', printedOf(target, renderRun({ ...shown, width: 100 })))
  outputs.set('annotations', printedOf(target, annotations(report)))
  outputs.set('tape.jsonl', [header, ...tape.map(toLine)].map((line) => `${toJson(line)}\n`).join(''))
  hold({ judged, report, outputs })
  return { judged, report, outputs }
}

/** What is printed, as a command prints it that withholds the secrets of its target. */
export function printedOf(target: Target, text: string, by: 'out' | 'err' = 'out'): string {
  let out = ''
  const print = (more: string): void => void (out += more)
  const silent = {
    environment: {},
    width: 100,
    onTerminal: false,
    terminal: false,
    ask: null,
    out: print,
    err: print,
  } as const
  const io = guarded({ ...silent, read: () => Promise.resolve(''), flush: () => Promise.resolve(null) })
  io.withhold(secretsOf(target, {}))
  io[by](text)
  return out
}

/** Judges a tape. Throws where judging some of it was a mistake of ours. */
export function judgedAs(tape: readonly Exchange[]): Judged {
  const judging = judgingFor(everything)
  for (const exchange of tape) judging.add(exchange)
  const judged = judging.verdicts()
  const [failure] = judged.failures
  if (failure)
    throw new Unmet(
      `judging ${failure.id}: ${failure.error instanceof Error ? failure.error.stack : String(failure.error)}`,
    )
  return judged
}

/** What is wrong with an output by its name, whatever it says. */
const faultIn: ReadonlyMap<string, (text: string) => string | null> = new Map([
  [
    'report.json',
    (text) => (validateReport(JSON.parse(text)) ? null : JSON.stringify(validateReport.errors?.slice(0, 3))),
  ],
  ['junit.xml', faultInXml],
  ['report.html', faultInHtml],
  ['summary.md', faultInSummary],
])

function hold({ judged, report, outputs }: Came): void {
  for (const [name, text] of outputs) {
    demand(faultIn.get(name)?.(text) ?? null, `${name} is what it has to be`)
    if (name !== 'the report') demand(faultInPrinted(text), `${name} commands nothing`)
    demand(secretIn(name, text), `no secret in ${name}`)
  }
  for (const { id, findings } of judged.verdicts)
    demand(findings.length > mostFindings ? String(findings.length) : null, `few findings of ${id}`)
  demand(report.complete ? null : 'false', 'the report is complete')
}

/** Where a secret stands in an output as whoever reads it gets to see it; null where it does not. */
function secretIn(name: string, text: string): string | null {
  const place = text.indexOf(secret)
  if (place >= 0) return text.slice(Math.max(0, place - 80), place)
  if (name === 'tape.jsonl')
    return (
      text
        .split('\n')
        .map(secretOnLine)
        .find((found) => found !== null) ?? null
    )
  if (/\.(?:html|xml|md)$/.test(name) && unmarked(text).includes(secret)) return 'behind its escapes'
  return null
}

/** In what a line of a tape holds: also where its body escapes it, or says it in pieces. */
function secretOnLine(line: string): string | null {
  if (line === '') return null
  const { came, sent } = JSON.parse(line) as { came?: { body?: { text?: string } }; sent?: { body: string | null } }
  const texts = [came?.body?.text ?? '', sent?.body ?? '']
  return texts.some((text) => meant(text).includes(secret)) ? 'in what its body means' : null
}

/** What the strings of a body mean: those of its JSON, and of the data of its events, those of one name behind each other. */
function meant(text: string): string {
  const byName = new Map<string, string>()
  const values = [text, ...text.split(/\r\n|[\r\n]/).map((line) => line.replace(/^data: ?/, ''))].map(parsed)
  for (const value of values) gather(value, '', byName)
  return [...byName.keys(), ...byName.values()].join('\n')
}

function gather(value: unknown, name: string, byName: Map<string, string>): void {
  if (typeof value === 'string') byName.set(name, (byName.get(name) ?? '') + value)
  else if (Array.isArray(value)) for (const inner of value) gather(inner, name, byName)
  else if (isObject(value)) for (const [key, inner] of Object.entries(value)) gather(inner, key, byName)
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

function unmarked(text: string): string {
  return text
    .replaceAll(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)))
    .replaceAll(/&#x([0-9a-f]+);/gi, (_, code: string) => String.fromCodePoint(Number.parseInt(code, 16)))
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&')
}

/** A tape says the same when it is read back as it did when it was gathered, but of what is not on it. */
export function holdOnTape({ judged, outputs }: Came): void {
  const [, ...lines] = (outputs.get('tape.jsonl') ?? '').split('\n').filter((line) => line !== '')
  const tape = lines.map((line) => {
    const value: unknown = JSON.parse(line)
    if (!validateTapeLine(value) || value.kind !== 'exchange')
      throw new Unmet(`a line of the tape by its schema: ${JSON.stringify(validateTapeLine.errors?.slice(0, 3))}`)
    return fromLine(value)
  })
  const isWhole = tape.every(({ came }) => came.kind === 'nothing' || !came.withheld)
  if (isWhole) demand(difference(judged, judgedAs(tape)), 'the tape is judged as the run was')
}

/** The first verdict that is another, as far as `said` tells; null where none is. */
export function difference(before: Judged, after: Judged, said: (verdict: Verdict) => string = inShort): string | null {
  const [one, other] = [before, after].map(({ verdicts }) => verdicts.map(said))
  const at = one?.findIndex((text, index) => text !== other?.[index]) ?? -1
  return at < 0 ? null : `${one?.[at]}, then ${other?.[at]}`
}

function inShort({ id, outcome, why }: Verdict): string {
  return `${id} ${outcome} ${why}`
}

/** With its counts, and its findings but for the letters and numbers in them. */
export function inDetail(verdict: Verdict): string {
  const { holds, broken, blocked } = verdict.counts ?? {}
  const findings = verdict.findings.map(({ at, expected, actual }) => masked(` | ${at} | ${expected} | ${actual}`))
  return `${inShort(verdict)} ${holds} ${broken} ${blocked}${findings.join('')}`
}

/** What else reads an exchange never throws: what is sent back of it, what is listened for in it, and what it drifted from. */
export function readOtherwise(exchange: Exchange, beside: readonly Exchange[]): void {
  rawContent(exchange)
  if (exchange.came.kind === 'answer') lastWord().hears(exchange.came.body)
  const sides = [beside, [...beside, exchange]].map((tape) => {
    const collected = collecting()
    for (const one of tape) collected.add(one)
    return { ...judgedAs(tape), ending: 'complete' as const, features: collected.features() }
  })
  const [old, now] = sides
  if (!old || !now) return
  const comparison = compare(old, now)
  for (const text of [asTerminal(comparison, en), asMarkdown(comparison, en)])
    demand(faultInPrinted(text), 'what diff prints commands nothing')
}
