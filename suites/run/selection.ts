import type { Capability, Profile, RunEnding, Waiver } from '../../schemas/types.ts'
import { requests } from '../../fixtures/requests.ts'
import { catalogue } from '../catalogue.ts'
import { ids, type RequirementId } from '../ids.ts'
import { quickExchanges } from '../quick.ts'
import { binds, conclude, type Conclusion } from '../harness/judge/conclude.ts'
import { judging, type Judged, type JudgeOptions } from '../harness/judge/judge.ts'
import { fixtureOf, followedBy, isAboutUpstream, needsOf, plan, type Plan } from '../harness/gather/plan.ts'
import { requiredBy } from '../harness/judge/profiles.ts'

/** What of the catalogue is looked at, and how hard. */
export interface Selection {
  readonly profile: Profile
  /** Ids or areas; empty: all of the profile. */
  readonly only: readonly string[]
  /** Exchange or fixture names; empty: whatever the requirements read. */
  readonly fixtures: readonly string[]
  /** The few exchanges that catch most, instead. */
  readonly quick: boolean
  readonly require: readonly Capability[]
  readonly lacks: readonly Capability[]
  readonly strict: boolean
  readonly waivers: readonly Waiver[]
  readonly allowLong: boolean
  /** What is known to stand behind the gateway: it can be made to fail, and what becomes of that is judged. */
  readonly upstream: 'reference' | null
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
  upstream: null,
})

/** Everything a report says, before it is rendered. */
export interface Concluded extends Judged {
  readonly conclusion: Conclusion
}

export function isPart({ only, fixtures, quick }: Selection): boolean {
  return only.length > 0 || fixtures.length > 0 || quick
}

/** The ids a selection asks a verdict for. */
function selectedIds({ profile, only, upstream }: Selection): ReadonlySet<RequirementId> {
  const askable = catalogue.filter((requirement) => upstream !== null || !isAboutUpstream(requirement, requests))
  const wanted = askable.filter((requirement) =>
    only.length === 0
      ? binds(requirement.profile, profile)
      : only.some((name) => requirement.id === name || requirement.id.startsWith(`${name}/`)),
  )
  return new Set(wanted.map(({ id }) => id))
}

export function planFor(selection: Selection): Plan {
  return plan({
    catalogue,
    fixtures: requests,
    selected: selectedIds(selection),
    lacks: new Set(selection.lacks),
    allowLong: selection.allowLong,
    upstream: selection.upstream,
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
  }
}

/** Judges whatever was gathered, for this selection; and what becomes of failures of the upstream wherever it was made to fail. */
export function judgingFor(selection: Selection): ReturnType<typeof judging> {
  let upstream = selection.upstream
  const judged = judging(judgeOptions({ ...selection, upstream: 'reference' }))
  return {
    add(exchange) {
      upstream ??= exchange.upstream ?? null
      judged.add(exchange)
    },
    verdicts() {
      const all = judged.verdicts()
      const asked = selectedIds({ ...selection, upstream })
      return { ...all, verdicts: all.verdicts.filter(({ id }) => asked.has(id)) }
    },
  }
}

/** `recorded`: nothing was sent, and a recording may hold less than the profile asks: such a look is always a part. */
export function concludeFor(
  selection: Selection,
  judged: Judged,
  { ending, today, recorded = false }: { ending: RunEnding; today: string; recorded?: boolean },
): Concluded {
  const conclusion = conclude({
    verdicts: judged.verdicts,
    capabilities: judged.capabilities,
    required: required(selection),
    ending,
    // What was picked by hand is judged whatever its rung.
    profile: isPart(selection) ? 'full' : selection.profile,
    strict: selection.strict,
    waivers: selection.waivers,
    selection: isPart(selection) || recorded ? 'part' : 'whole',
    today,
    knownIds: new Set(ids),
  })
  return { ...judged, conclusion }
}

function required({ profile, require, lacks }: Selection): ReadonlySet<Capability> {
  return new Set([...requiredBy[profile].filter((capability) => !lacks.includes(capability)), ...require])
}
