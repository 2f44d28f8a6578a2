import { failures } from '../../fixtures/gateways/failures.ts'
import { faults } from '../../fixtures/gateways/faults/faults.ts'
import { variants } from '../../fixtures/gateways/variants.ts'
import { catalogue } from '../../suites/catalogue.ts'
import { exchangesOf } from '../../suites/harness/gather/plan.ts'
import type { Requirement } from '../../suites/harness/judge/requirement.ts'
import type { Io } from '../io.ts'
import { wordsFor } from '../language.ts'
import type { Words } from '../report/words/en.ts'
import { areas } from '../../suites/areas.ts'
import { ids } from '../../suites/ids.ts'
import { InputError } from '../../suites/harness/wire/input-error.ts'
import { noSuch } from '../nearest.ts'
import type { Typed } from '../options.ts'

/** Prints the catalogue, or what of it was named. Returns the exit code. Throws an InputError where nothing is of that name. */
export async function run(typed: Typed, io: Io): Promise<number> {
  const words = wordsFor(typed)
  const isJson = typed.flags.has('json')
  if (typed.flags.has('faults')) {
    const all = listedFaults()
    const named = all.map(({ id }) => id)
    const found = meant(typed.words, all, ({ id, breaks }) => [id, ...breaks], 'fault', named)
    io.out(isJson ? json(found) : faultLines(found, words))
  } else {
    const found = meant(typed.words, catalogue, ({ id }) => [id], 'requirement or area', [...areas, ...ids])
    io.out(isJson ? json(found.map(listed)) : requirementLines(found, words))
  }
  return 0
}

/**
 * Those of which an id has one of the words in it; without any word all of them. Throws an InputError for a word that none has in it:
 * who typed it would take the others for all there is.
 */
function meant<T>(
  words: readonly string[],
  all: readonly T[],
  idsOf: (one: T) => readonly string[],
  what: string,
  among: readonly string[],
): readonly T[] {
  const has = (word: string, one: T): boolean => idsOf(one).some((id) => id.includes(word.toLowerCase()))
  const idle = words.find((word) => word.trim() === '' || !all.some((one) => has(word, one)))
  if (idle !== undefined) throw new InputError(noSuch(what, idle, among))
  return words.length === 0 ? all : all.filter((one) => words.some((word) => has(word, one)))
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`
}

function listed(requirement: Requirement) {
  return {
    id: requirement.id,
    level: requirement.level,
    profile: requirement.profile,
    title: requirement.title,
    because: requirement.because,
    breaks: requirement.breaks,
    source: requirement.source,
    fixtures: exchangesOf(requirement),
    faults: faults.filter(({ breaks }) => breaks.includes(requirement.id)).map(({ id }) => id),
  }
}

/**
 * Faults, and the right ways to fail. `client`: what a careful client does. It notices what breaks a requirement that some client
 * breaks on, and every failure; it survives the rest, and every legal variant.
 */
export function listedFaults() {
  const breaking = new Set<string>(catalogue.filter(({ breaks }) => breaks.length > 0).map(({ id }) => id))
  const client = (breaks: readonly string[]) => (breaks.some((id) => breaking.has(id)) ? 'notices' : 'survives')
  return [
    ...faults.map(({ id, about, breaks, seen = [] }) => ({
      kind: 'fault',
      id,
      about,
      breaks,
      seen,
      client: client(breaks),
    })),
    ...failures.map(({ id, about }) => ({ kind: 'failure', id, about, breaks: [], seen: [], client: 'notices' })),
    ...variants.map(({ id, about }) => ({ kind: 'variant', id, about, breaks: [], seen: [], client: 'survives' })),
  ]
}

function requirementLines(found: readonly Requirement[], words: Words): string {
  const widest = Math.max(...found.map(({ id }) => id.length))
  return found
    .map(
      ({ id, level, profile }) =>
        `${id.padEnd(widest)}  ${level.padEnd(6)}  ${profile.padEnd(11)}  ${words.title(id)}\n`,
    )
    .join('')
}

function faultLines(all: Readonly<ReturnType<typeof listedFaults>>, { list }: Words): string {
  const widest = Math.max(...all.map(({ id }) => id.length))
  return (['fault', 'failure', 'variant'] as const)
    .filter((kind) => all.some((one) => one.kind === kind))
    .map((kind) => {
      const lines = all
        .filter((one) => one.kind === kind)
        .map(({ id, about, breaks }) => {
          const named = breaks.length > 0 ? `  -> ${breaks.join(', ')}` : ''
          return `${id.padEnd(widest)}  ${about}${named}\n`
        })
      return `${list[kind]}\n${lines.join('')}`
    })
    .join('\n')
}
