import type { ClientStatus } from '../../schemas/types.ts'
import { requirementOf } from '../../suites/catalogue.ts'
import type { Change, Comparison } from '../../suites/harness/compare/compare.ts'
import { text } from './markdown.ts'
import { printable } from './printable.ts'
import type { Words } from './words/en.ts'

/** What is known of two runs besides: the clients that fare otherwise now, and how often what flaps has changed. */
export interface Besides {
  readonly clients?: readonly ClientChange[]
  /** By requirement, how often it broke or was mended in its history. */
  readonly flapping?: ReadonlyMap<string, number>
}

export interface ClientChange {
  readonly name: string
  readonly before: ClientStatus
  readonly now: ClientStatus
}

/** Two runs compared, as a person reads it; the last sentence agrees with the exit code. */
export function asTerminal(comparison: Comparison, words: Words, besides: Besides = {}): string {
  const parts = sections(comparison, words, besides).map(
    ({ title, lines }) => `${title}\n${lines.map((line) => `  ${printable(line)}`).join('\n')}`,
  )
  return `${[...parts, sentence(comparison, words.diff)].join('\n\n')}\n`
}

/** The same for a pull request. Whatever a gateway said stays text. */
export function asMarkdown(comparison: Comparison, words: Words, besides: Besides = {}): string {
  const parts = sections(comparison, words, besides).map(
    ({ title, lines }) => `### ${title}\n\n${lines.map((line) => `- ${text(line)}`).join('\n')}`,
  )
  return `${[`## messages-conformance: ${sentence(comparison, words.diff)}`, ...parts].join('\n\n')}\n`
}

function sections(
  comparison: Comparison,
  { diff: words, ...all }: Words,
  { clients = [], flapping = new Map() }: Besides,
): { title: string; lines: readonly string[] }[] {
  const { nowBroken, nowHolds, noLongerJudged, newlyJudged, capabilities } = comparison
  return [
    { title: words.nowBroken, lines: nowBroken.map((change) => broken(change, flapping, words)) },
    {
      title: all.clients,
      lines: clients.map(({ name, before, now }) => words.change(name, all.status(before), all.status(now))),
    },
    {
      title: all.capabilities,
      lines: capabilities.map(({ name, before, now }) =>
        words.change(name, all.stateListed(before), all.stateListed(now)),
      ),
    },
    {
      title: words.noLongerJudged,
      lines: noLongerJudged.map(({ id, before, now }) => words.change(id, words.said(before), words.said(now))),
    },
    { title: words.nowHolds, lines: nowHolds.map(({ id }) => id + flaps(id, flapping, words)) },
    { title: words.newlyJudged, lines: newlyJudged.map(({ id, now }) => words.newly(id, words.said(now))) },
    { title: words.drift, lines: words.notes(comparison) },
    { title: words.cannotBeTold, lines: words.doubts(comparison) },
  ].filter(({ lines }) => lines.length > 0)
}

function broken({ id, finding }: Change, flapping: ReadonlyMap<string, number>, words: Words['diff']): string {
  const said = finding ? words.broken(id, finding.at, finding.fixture, finding.expected, finding.actual) : id
  const breaks = requirementOf(id)?.breaks ?? []
  return `${said}${breaks.length > 0 ? words.breaks(breaks) : ''}${flaps(id, flapping, words)}`
}

/** What flaps is news of nothing. */
function flaps(id: string, flapping: ReadonlyMap<string, number>, words: Words['diff']): string {
  const changes = flapping.get(id)
  return changes === undefined ? '' : words.flapping(changes)
}

function sentence({ exitCode, nowBroken, nowHolds, notes }: Comparison, words: Words['diff']): string {
  if (exitCode === 1) return words.worse(nowBroken.length)
  if (exitCode === 2) return words.notProven
  if (nowHolds.length > 0) return words.better(nowHolds.length)
  return notes.length > 0 ? words.drifted : words.same
}
