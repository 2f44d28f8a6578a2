import { facts } from '../../suites/facts.ts'
import { exchangesOf } from '../../suites/harness/gather/plan.ts'
import type { Facts } from '../../suites/harness/judge/requirement.ts'
import type { PrintingIo } from '../io.ts'
import { wordsFor } from '../language.ts'
import type { Words } from '../report/words/en.ts'
import { areas } from '../../suites/areas.ts'
import { ids } from '../../suites/ids.ts'
import { InputError } from '../../suites/harness/wire/input-error.ts'
import { noSuch } from '../nearest.ts'
import type { Typed } from '../options.ts'

/** Prints the catalogue, or what of it was named. Returns the exit code. Throws an InputError where nothing is of that name. */
export async function run(typed: Typed, io: PrintingIo): Promise<number> {
  const words = await wordsFor(typed)
  const isJson = typed.flags.has('json')
  // The faults are loaded for those who ask for them: most ask for requirements.
  if (typed.flags.has('faults')) {
    const { faultLines, listedFaults } = await import('./listed-faults.ts')
    const all = listedFaults()
    const named = all.map(({ id }) => id)
    const found = meant(typed.words, all, ({ id, breaks }) => [id, ...breaks], 'fault', named)
    io.print(isJson ? json(found) : faultLines(found, words))
  } else {
    const found = meant(typed.words, [...facts.values()], ({ id }) => [id], 'requirement or area', [...areas, ...ids])
    io.print(isJson ? json(await listed(found)) : requirementLines(found, words))
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

async function listed(found: readonly Facts[]) {
  const { faultFacts } = await import('../../fixtures/gateways/faults/facts.ts')
  const { withClaims } = await import('../../suites/clients/claims.ts')
  const { groundsFor } = await import('../../suites/grounds.ts')
  const grounded = found.flatMap((one) => {
    const grounds = groundsFor(one.id)
    return grounds ? [withClaims({ ...one, ...grounds })] : []
  })
  return grounded.map((requirement) => ({
    id: requirement.id,
    level: requirement.level,
    profile: requirement.profile,
    title: requirement.title,
    because: requirement.because,
    breaks: requirement.breaks,
    recovers: requirement.recovers,
    claims: requirement.claims,
    source: requirement.source,
    ...(requirement.compares && { compares: requirement.compares }),
    ...(requirement.dialect && { dialect: requirement.dialect }),
    ...(requirement.beyond && { beyond: requirement.beyond }),
    fixtures: exchangesOf(requirement),
    faults: faultFacts.filter(({ breaks }) => breaks.includes(requirement.id)).map(({ id }) => id),
  }))
}

function requirementLines(found: readonly Facts[], words: Words): string {
  const widest = Math.max(...found.map(({ id }) => id.length))
  return found
    .map(
      ({ id, level, profile, compares }) =>
        `${id.padEnd(widest)}  ${level.padEnd(6)}  ${profile.padEnd(11)}  ${words.title(id)}${compares ? words.aside(words.list.sides[compares]) : ''}\n`,
    )
    .join('')
}
