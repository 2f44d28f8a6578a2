import { faults } from '../../fixtures/gateways/faults/faults.ts'
import { createReference } from '../../fixtures/gateways/reference/reference.ts'
import { areaOf } from '../../suites/areas.ts'
import { requirementOf } from '../../suites/catalogue.ts'
import { requests } from '../../fixtures/requests.ts'
import { comparesChat, exchangesOf } from '../../suites/harness/gather/plan.ts'
import { planFor, wholeProfile, type Selection } from '../../suites/run/selection.ts'
import type { Exchange } from '../../suites/harness/wire/exchange.ts'
import { brokenOf, judgeTape, tapeOf } from '../../suites/self/proof.ts'

/** Paid requests a quick look may send. */
const mostPaid = 6

/**
 * The exchanges of a quick look: all that are free, and the paid ones that catch most faults of the proof, found greedily over what
 * each finding needs on the tape. Returns the text of suites/quick.ts.
 */
export async function quick(): Promise<string> {
  const whole: Selection = { ...wholeProfile('full'), upstream: 'reference' }
  const closureOf = new Map<string, readonly string[]>()
  const closure = (name: string): readonly string[] => {
    const known = closureOf.get(name)
    if (known) return known
    const names = planFor({ ...whole, fixtures: [name] }, requests).steps.map((step) => step.name)
    closureOf.set(name, names)
    return names
  }
  const steps = planFor(whole, requests).steps
  const paid = new Set(steps.filter((step) => step.paid).map(({ name }) => name))
  const waysToCatch: (readonly (readonly string[])[])[] = []
  for (const fault of faults) if (!fault.socket && isAsked(fault)) waysToCatch.push(await ways(fault, closure))
  const chosen = new Set(
    steps.filter((step) => !step.paid && closure(step.name).every((name) => !paid.has(name))).map(({ name }) => name),
  )
  for (;;) {
    const cost = (set: Iterable<string>): number => [...set].filter((name) => paid.has(name)).length
    const caught = (set: ReadonlySet<string>): number =>
      waysToCatch.filter((sets) => sets.some((one) => one.every((name) => set.has(name)))).length
    const now = caught(chosen)
    let best: { set: Set<string>; gain: number } | null = null
    for (const one of new Map(waysToCatch.flat().map((set) => [set.join(), set])).values()) {
      const set = new Set([...chosen, ...one])
      const price = cost(set) - cost(chosen)
      if (cost(set) > mostPaid || set.size === chosen.size) continue
      const gain = (caught(set) - now) / Math.max(1, price)
      if (gain > (best?.gain ?? 0)) best = { set, gain }
    }
    if (!best) break
    for (const name of best.set) chosen.add(name)
  }
  const ordered = steps.map(({ name }) => name).filter((name) => chosen.has(name))
  return `import type { ExchangeName } from '../fixtures/requests.ts'

/** What --quick sends: everything that is free, and the ${mostPaid} paid requests that catch most faults of the proof. */
export const quickExchanges: readonly ExchangeName[] = [
${ordered.map((name) => `  '${name}',\n`).join('')}]
`
}

/** A quick look compares no endpoints, and looks from the front alone. */
function isAsked({ id, breaks }: (typeof faults)[number]): boolean {
  return (
    areaOf(id) !== 'passage' &&
    breaks.some((id) => {
      const requirement = requirementOf(id)
      return requirement !== undefined && !comparesChat(requirement, requests)
    })
  )
}

/** Whether a breach shows where nothing else is on the tape. */
function isShownBy(tape: readonly Exchange[], names: readonly string[], id: string): boolean {
  const some = new Set(names)
  return brokenOf(judgeTape(tape.filter(({ fixture }) => some.has(fixture))).verdicts).includes(id)
}

/** The sets of exchanges on which a fault shows. */
async function ways(
  { over, breaks, run }: (typeof faults)[number],
  closure: (name: string) => readonly string[],
): Promise<readonly (readonly string[])[]> {
  const tape = await tapeOf(over(createReference()), { run })
  const { verdicts } = judgeTape(tape)
  return verdicts.flatMap(({ id, outcome, findings }) => {
    if (outcome !== 'broken' || !breaks.includes(id)) return []
    const requirement = requirementOf(id)
    if (!requirement) return []
    if ('every' in requirement || 'vouches' in requirement)
      return [...new Set(findings.map(({ fixture }) => fixture))].map(closure)
    const needed = exchangesOf(requirement).flatMap(closure)
    const controls = (requirement.after ?? []).flatMap((other) => {
      const before = requirementOf(other)
      return before && 'reads' in before ? exchangesOf(before).flatMap(closure) : []
    })
    const whole = [...new Set([...needed, ...controls])]
    // A loop over fixtures judges those that answered; what compares them needs all.
    const alone = [...new Set(findings.map(({ fixture }) => fixture))].map((fixture) => [
      ...new Set([...closure(fixture), ...controls]),
    ])
    return [whole, ...alone.filter((names) => isShownBy(tape, names, id))]
  })
}
