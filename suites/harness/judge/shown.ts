import type { Capability, CapabilityState } from '../../../schemas/types.ts'
import { missed } from '../views/canaries.ts'
import { certain } from '../views/holes.ts'
import { see, type Views } from '../views/views.ts'
import type { Exchange } from '../wire/exchange.ts'
import type { GatesSubject, Requirement } from './requirement.ts'
import type { Context, Verdict } from './verdict.ts'

/* What opened its gate is not yet shown: shown is proven. */

/**
 * The state of each capability whose gate holds. It is `shown` where its canary was met, if it has one, and no must of it is broken,
 * or unjudged for another reason than that the model did not do it, or that nobody asked.
 */
export function provenStates(
  verdicts: readonly Verdict[],
  context: Context,
): (gate: Requirement & GatesSubject) => CapabilityState {
  const capabilityOf = capabilities(context)
  const musts = new Map<Capability, Verdict[]>()
  for (const verdict of verdicts) {
    const requirement = verdict.level === 'must' ? context.byId.get(verdict.id) : undefined
    const capability = requirement && capabilityOf(requirement)
    if (capability === undefined) continue
    const own = musts.get(capability)
    if (own) own.push(verdict)
    else musts.set(capability, [verdict])
  }
  return (gate) => {
    const own = musts.get(gate.gates) ?? []
    if (own.some(({ outcome, why }) => outcome === 'broken' || why === 'prerequisite')) return 'broken'
    if (own.some(({ why }) => why !== null && leavesOpen.has(why))) return 'not-shown'
    const isMissed = gate.byCanary && gate.probe.some((name) => missesCanary(context.last.get(name)))
    return isMissed ? 'not-shown' : 'shown'
  }
}

const leavesOpen: ReadonlySet<string> = new Set(['no-answer', 'rate-limited', 'error'])

function missesCanary(probe: Exchange | undefined): boolean {
  if (!probe) return false
  const message = see(probe, 'message')
  return message.is === 'there' && !certain(() => missed(message.value, probe) === null)
}

/** The views that only a capability brings about. */
const capabilityOfView: { readonly [V in keyof Views]?: Capability } = {
  stream: 'streaming',
  events: 'streaming',
  count: 'count-tokens',
  models: 'models',
  model: 'models',
}

/**
 * The capability a requirement is about: the one it names, else the last that all its exchanges need, or that its view does, among those
 * whose gate stands in its own area. What merely uses a capability says nothing of it.
 */
function capabilities(context: Context): (requirement: Requirement) => Capability | undefined {
  const gates = context.catalogue.filter((requirement) => 'gates' in requirement)
  const areas = new Set(gates.map((gate) => `${areaOf(gate)} ${gate.gates}`))
  return (requirement) => {
    if (requirement.capability) return requirement.capability
    if ('gates' in requirement) return requirement.gates
    return needed(requirement, context).findLast((capability) => areas.has(`${areaOf(requirement)} ${capability}`))
  }
}

function needed(requirement: Requirement, { needsOf }: Context): readonly Capability[] {
  if (!('reads' in requirement)) {
    const view = 'every' in requirement ? requirement.every : 'vouches' in requirement ? requirement.vouches : null
    return view && capabilityOfView[view] ? [capabilityOfView[view]] : []
  }
  const [first = [], ...others] = Object.keys(requirement.reads).map((name) => needsOf?.(name) ?? [])
  return first.filter((capability) => others.every((needs) => needs.includes(capability)))
}

function areaOf({ id }: Requirement): string {
  return id.slice(0, id.indexOf('/'))
}
