import { areaOf } from '../areas.ts'
import type { Requirement } from '../harness/judge/requirement.ts'

/** By exchange, the requirements that say whether it is served: those that read it as answer, and the gate it is a probe of. */
function answerReaders(catalogue: readonly Requirement[]): ReadonlyMap<string, readonly string[]> {
  const readers = new Map<string, readonly string[]>()
  for (const requirement of catalogue)
    for (const name of answersRead(requirement)) readers.set(name, [...(readers.get(name) ?? []), requirement.id])
  return readers
}

function answersRead(requirement: Requirement): readonly string[] {
  if ('gates' in requirement) return requirement.probe
  if (!('reads' in requirement)) return []
  return Object.entries(requirement.reads).flatMap(([name, view]) => (view === 'answer' ? [name] : []))
}

/**
 * What is wrong with who says that each of some exchanges is served, which exactly one requirement has to say: were it none, a
 * refusal would break nothing, and were it two, one refusal would break both. A sentence each, with the remedy.
 */
export function misread(names: readonly string[], catalogue: readonly Requirement[]): readonly string[] {
  const readers = answerReaders(catalogue)
  return names.flatMap((name) => {
    const [first, ...others] = readers.get(name) ?? []
    if (first === undefined) return [`${name} is read as answer by no requirement: ${remedy(name, catalogue)}.`]
    if (others.length === 0) return []
    return [`${name} is read as answer by ${[first, ...others].join(' and ')}: let all but one read it as message.`]
  })
}

function remedy(name: string, catalogue: readonly Requirement[]): string {
  const area = areaOf(name)
  const served = catalogue.filter((one) => 'reads' in one && areaOf(one.id) === area && one.id.endsWith('served'))
  const begin = `begin one with npm run new -- ${area}/WHAT-served --reads ${name}`
  return served.length === 0 ? begin : `add it to the reads of ${served.map(({ id }) => id).join(' or ')}, or ${begin}`
}
