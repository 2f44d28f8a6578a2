import type { Capability, Profile, TapeHeader, TapeSelection } from '../../schemas/types.ts'
import { fixtureFacts } from '../../fixtures/facts.ts'
import type { FixtureFacts } from '../../fixtures/fixture.ts'
import { quirkFacts } from '../../fixtures/gateways/upstreams/facts.ts'
import { facts } from '../facts.ts'
import { sparedBy } from '../harness/judge/client-settings.ts'
import type { RequirementId } from '../ids.ts'
import { quickExchanges } from '../quick.ts'
import { binds } from '../harness/judge/conclude.ts'
import {
  comparesChat,
  exchangesOf,
  fixtureOf,
  isAboutUpstream,
  isOnPassage,
  plan,
  type Plan,
} from '../harness/gather/plan.ts'
import { requiredBy } from '../harness/judge/profiles.ts'
import type { Facts } from '../harness/judge/requirement.ts'
import { InputError } from '../harness/wire/input-error.ts'
import type { Target } from '../harness/wire/target.ts'

/** What of the catalogue is looked at, and how hard. */
export interface Selection extends Readonly<TapeSelection> {
  readonly profile: Profile
}

export const wholeProfile = (profile: Profile): Selection => ({
  profile,
  only: [],
  fixtures: [],
  quick: false,
  require: [],
  lacks: [],
  strict: false,
  waivers: [],
  allowLong: false,
  clientSettings: [],
  compareChat: false,
  upstream: null,
})

/** What a run was asked to look at, as its tape says; of a recording that does not say it, everything. */
export function selectionOn(header: TapeHeader | null): Selection {
  return header?.asked ? { ...header.asked, profile: header.profile } : wholeProfile('full')
}

/** Whether something is named that only a comparison with Chat Completions shows: an id, an area, or an exchange. */
export function namesChat({ only, fixtures }: Pick<Selection, 'only' | 'fixtures'>): boolean {
  return (
    fixtures.some((name) => fixtureOf(name, fixtureFacts).endpoint !== undefined) ||
    catalogue.some(
      (requirement) =>
        only.some((name) => requirement.id === name || requirement.id.startsWith(`${name}/`)) &&
        comparesChat(requirement, fixtureFacts),
    )
  )
}

export function isPart({ only, fixtures, quick }: Selection): boolean {
  return only.length > 0 || fixtures.length > 0 || quick
}

/**
 * A selection that can be kept. Throws an InputError for a capability that is required and lacking at once; what the profile
 * requires is another matter: there `lacks` counts as a refusal.
 */
export function checkedSelection(selection: Selection): Selection {
  for (const capability of selection.require) {
    if (selection.lacks.includes(capability))
      throw new InputError(`${capability} is both required and lacking; take it out of one of the two.`)
  }
  return selection
}

const catalogue = [...facts.values()]

const gates = catalogue.filter((requirement) => 'gates' in requirement)

/** What shows a capability: its gate, and all that is judged by the gate's own exchanges alone. It binds at any rung where it is required. */
function showing(capability: Capability): readonly Facts[] {
  return gates.flatMap((gate) =>
    gate.gates === capability ? [gate, ...catalogue.filter((requirement) => readsOnly(requirement, gate.probe))] : [],
  )
}

function readsOnly(requirement: Facts, names: readonly string[]): boolean {
  return 'reads' in requirement && exchangesOf(requirement).every((name) => names.includes(name))
}

/** The ids that bind at any rung, for what is required. */
export function idsRequired({ require }: Selection): ReadonlySet<RequirementId> {
  return new Set(require.flatMap(showing).map(({ id }) => id))
}

/** The ids a selection asks a verdict for. */
export function selectedIds(selection: Selection): ReadonlySet<RequirementId> {
  const { profile, only, upstream, compareChat, dialect } = selection
  const required = idsRequired(selection)
  const wanted = catalogue.filter((requirement) =>
    only.length === 0
      ? binds(requirement.profile, profile) || required.has(requirement.id)
      : only.some((name) => requirement.id === name || requirement.id.startsWith(`${name}/`)),
  )
  const askable = wanted.filter(
    (requirement) =>
      (dialect !== undefined || !isOnPassage(requirement)) &&
      (requirement.dialect === undefined || requirement.dialect === dialect) &&
      (upstream !== null || !isAboutUpstream(requirement, fixtureFacts)) &&
      (compareChat === true || !comparesChat(requirement, fixtureFacts)),
  )
  return new Set(askable.map(({ id }) => id))
}

/** Which of the requirements that a selection asks for cannot be judged from the front alone. */
export function idsBehind(selection: Selection): readonly RequirementId[] {
  const { dialect: _, ...front } = selection
  const seen = selectedIds({ ...front, upstream: null })
  return [...selectedIds(selection)].filter((id) => !seen.has(id))
}

/** What is asked for a selection, of these fixtures, and at most what it costs. What is to be sent is planned of the requests themselves. */
export function planFor<F extends FixtureFacts>(selection: Selection, fixtures: Readonly<Record<string, F>>): Plan<F> {
  const unsent = spared(selection)
  return plan({
    catalogue,
    fixtures,
    selected: new Set([...selectedIds(selection)].filter((id) => !unsent.has(id))),
    lacks: new Set(selection.lacks),
    allowLong: selection.allowLong,
    compareChat: selection.compareChat === true,
    keyless: selection.keyless === true,
    upstream: selection.upstream,
    // A quick look is at how the upstream speaks usually.
    ...(selection.dialect && !selection.quick && { quirks: quirkFacts[selection.dialect] }),
    ...(selection.fixtures.length > 0 ? { only: selection.fixtures } : selection.quick && { only: quickExchanges }),
  })
}

/** Requirements about what a client does not send, as it is set. */
export function spared({ clientSettings = [] }: Selection): ReadonlySet<RequirementId> {
  return sparedBy(clientSettings)
}

const ofKeys: readonly Capability[] = ['bearer', 'x-api-key']

/** A selection as it is for a target: one without a key has nothing to show of keys. Throws an InputError where that is required. */
export function forTarget(selection: Selection, { auth }: Pick<Target, 'auth'>): Selection {
  if (auth !== 'none') return selection
  const required = selection.require.find((capability) => ofKeys.includes(capability))
  if (required !== undefined)
    throw new InputError(
      `${required} cannot be required where no key is sent; take --auth none away, or the requirement.`,
    )
  return { ...selection, keyless: true }
}

/** The capabilities that have to be there: what the rung asks for, and what was named; of keys nothing where there is none. */
export function required({ profile, require, keyless = false }: Selection): ReadonlySet<Capability> {
  const all = new Set([...requiredBy[profile], ...require])
  if (keyless) for (const capability of ofKeys) all.delete(capability)
  return all
}
