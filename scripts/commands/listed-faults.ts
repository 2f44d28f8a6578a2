import { failures } from '../../fixtures/gateways/failures.ts'
import { faults } from '../../fixtures/gateways/faults/faults.ts'
import { variants } from '../../fixtures/gateways/variants.ts'
import { catalogue } from '../../suites/catalogue.ts'
import { isOnPassage } from '../../suites/harness/gather/plan.ts'
import type { Words } from '../report/words/en.ts'

/**
 * Faults, and the right ways to fail. `client`: what a careful client does. It notices what breaks a requirement that some client
 * breaks on, and every failure; it survives the rest, and every legal variant. `dialogue`: it shows in no single question.
 */
export function listedFaults() {
  // What a relay does to a request is not for its client to see.
  const seen = catalogue.filter((requirement) => requirement.breaks.length > 0 && !isOnPassage(requirement))
  const breaking = new Set<string>(seen.map(({ id }) => id))
  const client = (breaks: readonly string[]) => (breaks.some((id) => breaking.has(id)) ? 'notices' : 'survives')
  return [
    ...faults.map(({ id, about, breaks, seen = [], dialogue = false }) => ({
      kind: 'fault',
      id,
      about,
      breaks,
      seen,
      client: client(breaks),
      dialogue,
    })),
    ...failures.map(({ id, about }) => ({
      kind: 'failure',
      id,
      about,
      breaks: [],
      seen: [],
      client: 'notices',
      dialogue: false,
    })),
    ...variants.map(({ id, about }) => ({
      kind: 'variant',
      id,
      about,
      breaks: [],
      seen: [],
      client: 'survives',
      dialogue: false,
    })),
  ]
}

/** A line each, under what they are. */
export function faultLines(all: Readonly<ReturnType<typeof listedFaults>>, { list }: Words): string {
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
