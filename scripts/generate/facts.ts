import { faults } from '../../fixtures/gateways/faults/faults.ts'
import { declared } from '../../suites/catalogue.ts'
import { ids } from '../../suites/ids.ts'

/* What of the catalogue and of the faults is data: what plans a run, or says what is in it, loads that, and none of the code behind it. */

/** The text of suites/facts.ts. */
export function requirementFacts(): string {
  // A function is no JSON: it is left out.
  return `import type { Facts } from './harness/judge/requirement.ts'

const all: readonly Facts[] = [
${lines(ids.map((id) => declared.get(id)))}]

/** Every requirement as it stands in its chapter, without its checks, in the order of ids.ts. */
export const facts: ReadonlyMap<string, Facts> = new Map(all.map((one) => [one.id, one]))
`
}

/** The text of fixtures/gateways/faults/facts.ts. */
export function faultFacts(): string {
  const said = faults.map(({ id, about, breaks, seen, dialogue }) => ({ id, about, breaks, seen, dialogue }))
  return `import type { Fault } from '../fault.ts'

/** What every fault says of itself, in the order of faults.ts. */
export const faultFacts: readonly Pick<Fault, 'id' | 'about' | 'breaks' | 'seen' | 'dialogue'>[] = [
${lines(said)}]
`
}

function lines(values: readonly unknown[]): string {
  return values.map((value) => `  ${JSON.stringify(value)},\n`).join('')
}
