import type { Change, Comparison } from '../../suites/harness/compare/compare.ts'
import { text } from './markdown.ts'
import { printable } from './printable.ts'

/** Two runs compared, as a person reads it; the last sentence agrees with the exit code. */
export function asTerminal(comparison: Comparison): string {
  const parts = sections(comparison).map(
    ({ title, lines }) => `${title}\n${lines.map((line) => `  ${printable(line)}`).join('\n')}`,
  )
  return `${[...parts, sentence(comparison)].join('\n\n')}\n`
}

/** The same for a pull request. Whatever a gateway said stays text. */
export function asMarkdown(comparison: Comparison): string {
  const parts = sections(comparison).map(
    ({ title, lines }) => `### ${title}\n\n${lines.map((line) => `- ${text(line)}`).join('\n')}`,
  )
  return `${[`## messages-conformance: ${sentence(comparison)}`, ...parts].join('\n\n')}\n`
}

function sections(comparison: Comparison): { title: string; lines: readonly string[] }[] {
  const { nowBroken, nowHolds, noLongerJudged, newlyJudged, capabilities, notes, inconclusive } = comparison
  return [
    { title: 'Now broken', lines: nowBroken.map(broken) },
    { title: 'Capabilities', lines: capabilities.map(({ name, before, now }) => `${name}: was ${before}, is ${now}`) },
    {
      title: 'No longer judged',
      lines: noLongerJudged.map(({ id, before, now }) => `${id}: was ${before}, is ${now}`),
    },
    { title: 'Now holds', lines: nowHolds.map(({ id }) => id) },
    { title: 'Judged now, and not before', lines: newlyJudged.map(({ id, now }) => `${id}: ${now}`) },
    { title: 'Drift that breaks no promise', lines: notes },
    { title: 'Cannot be told', lines: inconclusive },
  ].filter(({ lines }) => lines.length > 0)
}

function broken({ id, finding }: Change): string {
  if (!finding) return id
  const { fixture, at, expected, actual } = finding
  return `${id}: at ${at}, of ${fixture}: expected ${expected}, got ${actual}`
}

function sentence({ exitCode, nowBroken, nowHolds, notes }: Comparison): string {
  if (exitCode === 1)
    return nowBroken.length > 0
      ? `Worse: ${nowBroken.length} now broken.`
      : 'Worse: a capability that was shown is gone.'
  if (exitCode === 2) return 'Not proven: the two runs cannot be compared in full.'
  if (nowHolds.length > 0)
    return `Better: ${nowHolds.length} now ${nowHolds.length === 1 ? 'holds' : 'hold'}, and nothing is worse.`
  return notes.length > 0 ? 'Nothing is worse; some things drifted.' : 'Nothing changed.'
}
