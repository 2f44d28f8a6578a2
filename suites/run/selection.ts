import type { Capability, Fixture, Profile, RunEnding, TapeHeader, TapeSelection } from '../../schemas/types.ts'
import { dialects } from '../../schemas/values.ts'
import { requests } from '../../fixtures/requests.ts'
import { quirksOf } from '../../fixtures/gateways/upstreams/quirks.ts'
import { catalogue } from '../catalogue.ts'
import { sparedBy } from '../harness/judge/client-settings.ts'
import { ids, type RequirementId } from '../ids.ts'
import { quickExchanges } from '../quick.ts'
import { binds, conclude, type Conclusion } from '../harness/judge/conclude.ts'
import { judging, type Judged, type JudgeOptions } from '../harness/judge/judge.ts'
import {
  comparesChat,
  exchangesOf,
  fixtureOf,
  followedBy,
  isAboutUpstream,
  isOnKeys,
  isOnPassage,
  isWrong,
  needsOf,
  plan,
  type Plan,
} from '../harness/gather/plan.ts'
import { requiredBy } from '../harness/judge/profiles.ts'
import type { Requirement } from '../harness/judge/requirement.ts'
import { asked } from '../harness/views/asked.ts'
import { dialectBehind } from '../harness/views/dialect.ts'
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

/** Everything a report says, before it is rendered. */
export interface Concluded extends Judged {
  readonly conclusion: Conclusion
}

/** What a run was asked to look at, as its tape says; of a recording that does not say it, everything. */
export function selectionOn(header: TapeHeader | null): Selection {
  return header?.asked ? { ...header.asked, profile: header.profile } : wholeProfile('full')
}

/** Whether something is named that only a comparison with Chat Completions shows: an id, an area, or an exchange. */
export function namesChat({ only, fixtures }: Pick<Selection, 'only' | 'fixtures'>): boolean {
  return (
    fixtures.some((name) => fixtureOf(name, requests).endpoint !== undefined) ||
    catalogue.some(
      (requirement) =>
        comparesChat(requirement, requests) &&
        only.some((name) => requirement.id === name || requirement.id.startsWith(`${name}/`)),
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

const gates = catalogue.filter((requirement) => 'gates' in requirement)

/** What shows a capability: its gate, and all that is judged by the gate's own exchanges alone. It binds at any rung where it is required. */
function showing(capability: Capability): readonly Requirement[] {
  return gates.flatMap((gate) =>
    gate.gates === capability ? [gate, ...catalogue.filter((requirement) => readsOnly(requirement, gate.probe))] : [],
  )
}

function readsOnly(requirement: Requirement, names: readonly string[]): boolean {
  return 'reads' in requirement && exchangesOf(requirement).every((name) => names.includes(name))
}

function idsRequired({ require }: Selection): ReadonlySet<RequirementId> {
  return new Set(require.flatMap(showing).map(({ id }) => id))
}

/** The ids a selection asks a verdict for. */
export function selectedIds(selection: Selection): ReadonlySet<RequirementId> {
  const { profile, only, upstream, compareChat, dialect } = selection
  const askable = catalogue.filter(
    (requirement) =>
      (dialect !== undefined || !isOnPassage(requirement)) &&
      (requirement.dialect === undefined || requirement.dialect === dialect) &&
      (upstream !== null || !isAboutUpstream(requirement, requests)) &&
      (compareChat === true || !comparesChat(requirement, requests)),
  )
  const required = idsRequired(selection)
  const wanted = askable.filter((requirement) =>
    only.length === 0
      ? binds(requirement.profile, profile) || required.has(requirement.id)
      : only.some((name) => requirement.id === name || requirement.id.startsWith(`${name}/`)),
  )
  return new Set(wanted.map(({ id }) => id))
}

/** Which of the requirements that a selection asks for cannot be judged from the front alone. */
export function idsBehind(selection: Selection): readonly RequirementId[] {
  const { dialect: _, ...front } = selection
  const seen = selectedIds({ ...front, upstream: null })
  return [...selectedIds(selection)].filter((id) => !seen.has(id))
}

/** What is sent for a selection: of the suite's requests, or of others that have the same names. */
export function planFor(selection: Selection, fixtures: Readonly<Record<string, Fixture>> = requests): Plan {
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
    ...(selection.dialect && !selection.quick && { quirks: quirksOf[selection.dialect] }),
    ...(selection.fixtures.length > 0 ? { only: selection.fixtures } : selection.quick && { only: quickExchanges }),
  })
}

export function judgeOptions(selection: Selection): JudgeOptions {
  return {
    catalogue,
    selected: selectedIds(selection),
    required: required(selection),
    lacks: new Set(selection.lacks),
    needsOf: (name) => needsOf(name, fixtureOf(name, requests)),
    followedBy: (name) => followedBy(name, requests),
    isWrong: (name) => isWrong(name, requests),
    exempt: new Set([...(selection.keyless ? onKeys : []), ...spared(selection)]),
    changes: (selection.changes ?? []).map(({ field }) => field),
  }
}

/**
 * Judges whatever was gathered, for this selection; and what becomes of failures of the upstream, what reaches it, or what Chat
 * Completions answered, wherever that was looked at.
 */
export function judgingFor(selection: Selection): ReturnType<typeof judging> {
  let { upstream, compareChat = false, dialect } = selection
  let isSeen = false
  const whole = { ...selection, upstream: 'reference', compareChat: true } as const
  const judged = judging({
    ...judgeOptions(whole),
    selected: new Set(dialects.flatMap((dialect) => [...selectedIds({ ...whole, dialect })])),
  })
  return {
    add(exchange) {
      upstream ??= exchange.upstream ?? null
      dialect ??= dialectBehind(exchange) ?? undefined
      isSeen ||= exchange.arrivals !== undefined
      compareChat ||= exchange.origin === 'gathered' && asked(exchange).endpoint === 'chat-completions'
      judged.add(exchange)
    },
    verdicts() {
      const all = judged.verdicts()
      const behind = dialect ?? (isSeen ? 'messages' : undefined)
      const asked = selectedIds({ ...selection, upstream, compareChat, ...(behind && { dialect: behind }) })
      return { ...all, verdicts: all.verdicts.filter(({ id }) => asked.has(id)) }
    },
  }
}

/** `recorded`: nothing was sent for it. `because`: why the run ended early, as a sentence. */
export function concludeFor(
  selection: Selection,
  judged: Judged,
  { ending, today, recorded = false, because }: Ended,
): Concluded {
  const { verdicts, capabilities } = endsAtOnce(ending) ? unasked(judged) : judged
  const conclusion = conclude({
    verdicts,
    capabilities,
    required: required(selection),
    ending,
    // What was picked by hand is judged whatever its rung.
    profile: isPart(selection) ? 'full' : selection.profile,
    binding: idsRequired(selection),
    strict: selection.strict,
    waivers: selection.waivers,
    selection: isPart(selection) ? 'part' : 'whole',
    recorded,
    ...(because !== undefined && { because }),
    today,
    knownIds: new Set(ids),
  })
  return { ...judged, verdicts, capabilities, conclusion }
}

/** How a run ended that is to be concluded. */
export interface Ended {
  readonly ending: RunEnding
  readonly today: string
  readonly recorded?: boolean
  readonly because?: string
}

/** Its first exchange ended the run: whatever answered there, it is not what the requirements are about. */
function endsAtOnce(ending: RunEnding): boolean {
  return ending === 'unreachable' || ending === 'unauthorised'
}

function unasked({ verdicts, capabilities }: Judged): Pick<Judged, 'verdicts' | 'capabilities'> {
  return {
    verdicts: verdicts.map((verdict) => ({
      ...verdict,
      outcome: 'unjudged',
      why: 'not-asked',
      blockedBy: [],
      findings: [],
    })),
    capabilities: Object.fromEntries(Object.keys(capabilities).map((name) => [name, 'not-asked'])),
  }
}

/** Requirements about what a client does not send, as it is set. */
function spared({ clientSettings = [] }: Selection): ReadonlySet<RequirementId> {
  return sparedBy(clientSettings)
}

/** Requirements that have nothing to look at where there is no key. */
const onKeys: ReadonlySet<RequirementId> = new Set(
  catalogue.filter((requirement) => isOnKeys(requirement, requests)).map(({ id }) => id),
)

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

function required({ profile, require, keyless = false }: Selection): ReadonlySet<Capability> {
  const all = new Set([...requiredBy[profile], ...require])
  if (keyless) for (const capability of ofKeys) all.delete(capability)
  return all
}
