import type { Ground, Profile, RunEnding, Waiver } from '../../../schemas/types.ts'
import { profiles } from '../../../schemas/values.ts'
import type { Judged, Verdict } from './judge.ts'
import type { UnreadExchange } from './verdict.ts'

export interface ToConclude {
  readonly verdicts: readonly Verdict[]
  readonly ending: RunEnding
  /** Why it ended early, as a sentence, where more is known than the ending says. */
  readonly because?: string
  readonly profile: Profile
  /** Ids that bind whatever their rung: those that show what is required. */
  readonly binding?: ReadonlySet<string>
  readonly strict?: boolean
  readonly waivers?: readonly Waiver[]
  /** `whole`: every requirement of the profile was asked; `part`: a partial look, which never says conformant. */
  readonly selection: 'whole' | 'part'
  /** Nothing was sent for it: what is judged is a recording, and such a look never says conformant either. */
  readonly recorded?: boolean
  /** Today as YYYY-MM-DD in UTC. */
  readonly today: string
  /** Every id there is, so that a waiver outside the selection is not taken for an unknown one. */
  readonly knownIds: ReadonlySet<string>
  readonly capabilities?: Judged['capabilities']
  readonly required?: ReadonlySet<string>
}

export interface Conclusion {
  readonly exitCode: 0 | 1 | 2
  /** Null for a partial look and for a run that proved nothing. */
  readonly conformant: boolean | null
  /** The highest rung of which nothing is broken or unproven; null where none or where only a part was looked at. */
  readonly reached: Profile | null
  /** What decided it; empty where all is well. */
  readonly grounds: readonly Ground[]
  /** The same in sentences. */
  readonly reasons: readonly string[]
  /** The ids a waiver covers today. */
  readonly waived: readonly string[]
  /** The ids whose breach counts against the gateway: what every output calls a failure. */
  readonly failing: readonly string[]
}

/** Why a run could not be carried out; `complete` and `recorded` are no such reason. */
const endings: Record<Exclude<RunEnding, 'complete' | 'recorded'>, string> = {
  lost: 'The gateway stopped answering in the middle of the run.',
  interrupted: 'The run was interrupted.',
  budget: 'The budget does not cover the requests that are needed.',
  unreachable: 'The gateway could not be reached.',
  unauthorised: 'The gateway did not accept the credential.',
  deadline: 'The run took longer than it was given.',
  error: 'The run failed by a mistake of this tool.',
}

/**
 * The only place that decides what a run means. The last sentence, the report, the badge, JUnit, the vitest face and the exit
 * code all read what it returns. A run that could not be carried out is 2; otherwise 1 beats 2 beats 0.
 */
export function conclude(run: ToConclude): Conclusion {
  const waived = liveWaivers(run)
  const bindingVerdicts = run.verdicts.filter(({ id, profile }) => binds(profile, run.profile) || run.binding?.has(id))
  const broken = breaches(bindingVerdicts, run, waived)
  const unproven = gaps(bindingVerdicts, run, waived)
  const notCarriedOut: Ground[] =
    run.ending === 'complete' || run.ending === 'recorded' ? [] : [{ kind: 'ended', ending: run.ending }]
  const partial = run.selection === 'part' || run.recorded === true
  const exitCode = notCarriedOut.length > 0 ? 2 : broken.length > 0 ? 1 : unproven.length > 0 ? 2 : 0
  const grounds =
    exitCode === 1
      ? broken
      : [
          ...notCarriedOut,
          ...broken,
          ...unproven.filter(({ kind }) => kind !== 'nothing-judged' || notCarriedOut.length === 0),
        ]
  return {
    exitCode,
    conformant: partial || exitCode === 2 ? null : exitCode === 0,
    reached: partial || notCarriedOut.length > 0 ? null : reachedProfile(run, waived),
    grounds,
    reasons: grounds.map((ground) => sentenceOf(ground, run)),
    waived: [...waived],
    failing: failingIds(bindingVerdicts, run, waived),
  }
}

/** Whether a requirement of `profile` binds a gateway that claims `claimed`. */
export function binds(profile: Profile, claimed: Profile): boolean {
  return profiles.indexOf(profile) <= profiles.indexOf(claimed)
}

function liveWaivers({ waivers = [], today }: ToConclude): ReadonlySet<string> {
  return new Set(waivers.filter(({ until }) => until >= today).map(({ id }) => id))
}

/** Proven broken. */
function breaches(verdicts: readonly Verdict[], run: ToConclude, waived: ReadonlySet<string>): Ground[] {
  const broken = failingIds(verdicts, run, waived).map((id): Ground => ({ kind: 'broken', id }))
  return [...broken, ...(run.waivers ?? []).flatMap((waiver) => waiverFault(waiver, run))]
}

function failingIds(verdicts: readonly Verdict[], run: ToConclude, waived: ReadonlySet<string>): string[] {
  return verdicts
    .filter(({ outcome, level }) => outcome === 'broken' && (level === 'must' || (run.strict && level === 'should')))
    .filter(({ id, hint }) => !waived.has(id) && !hint)
    .map(({ id }) => id)
}

function waiverFault({ id, until, intermittent }: Waiver, run: ToConclude): Ground[] {
  if (!run.knownIds.has(id)) return [{ kind: 'waiver-unknown', id }]
  const verdict = run.verdicts.find((one) => one.id === id)
  if (!verdict) return []
  if (until < run.today) return [{ kind: 'waiver-expired', id, until }]
  return verdict.outcome === 'holds' && !intermittent ? [{ kind: 'waiver-needless', id }] : []
}

/** Not proven. */
function gaps(verdicts: readonly Verdict[], run: ToConclude, waived: ReadonlySet<string>): Ground[] {
  const grounds: Ground[] = []
  const excused = onlyBehind(waived, run.verdicts)
  if (verdicts.every(({ outcome }) => outcome !== 'holds' && outcome !== 'broken')) return [{ kind: 'nothing-judged' }]
  for (const { id, level, profile, outcome, why } of verdicts) {
    if (level !== 'must' || outcome !== 'unjudged' || why === 'nothing-of-its-kind' || excused.has(id)) continue
    if (why === 'no-answer' || why === 'rate-limited') {
      // Nobody asked for what others recorded: what got no answer there is counted and said, and no gap.
      if (run.ending !== 'recorded') grounds.push({ kind: 'unanswered', id, why })
    } else if (run.selection === 'whole' && run.ending === 'complete' && why !== null) {
      if (run.strict) grounds.push({ kind: 'unjudged', id, why, strict: true })
      else if (profile === 'minimum' && why !== 'model') grounds.push({ kind: 'unjudged', id, why, strict: false })
    }
  }
  grounds.push(...partlyAnswered(verdicts, run, excused))
  for (const capability of run.required ?? []) {
    const state = run.capabilities?.[capability]
    if (state === 'not-shown' || (state === 'not-asked' && run.selection === 'whole' && run.ending === 'complete'))
      grounds.push({ kind: 'not-shown', capability })
  }
  return grounds
}

/**
 * Musts that hold where an answer came, of a run in which some exchanges got none: what these would have shown is not proven. In
 * recorded traffic that is no gap: nobody asked for them.
 */
function partlyAnswered(verdicts: readonly Verdict[], run: ToConclude, excused: ReadonlySet<string>): Ground[] {
  if (run.ending === 'recorded') return []
  const silent = new Map<string, UnreadExchange['why']>()
  let musts = 0
  for (const { id, level, outcome, counts, unread = [] } of verdicts) {
    if (level !== 'must' || outcome !== 'holds' || excused.has(id)) continue
    const own = [...(counts?.silent ?? []), ...unread].filter(
      ({ why }) => why === 'no-answer' || why === 'rate-limited',
    )
    if (own.length > 0) musts++
    for (const { fixture, why } of own) silent.set(fixture, why)
  }
  if (silent.size === 0) return []
  const why = [...silent.values()].includes('no-answer') ? 'no-answer' : 'rate-limited'
  return [{ kind: 'partly-answered', musts, fixtures: [...silent.keys()], why }]
}

/** What could not be judged only because of some breaches: who waives a cause, or gets over it, has done so of its dependents. */
export function onlyBehind(ids: ReadonlySet<string>, verdicts: readonly Verdict[]): ReadonlySet<string> {
  const found = new Set<string>()
  for (let before = -1; before !== found.size;) {
    before = found.size
    for (const { id, why, blockedBy } of verdicts)
      if (why === 'prerequisite' && blockedBy.length > 0 && blockedBy.every((by) => ids.has(by) || found.has(by)))
        found.add(id)
  }
  return found
}

/** What decided it, as a sentence. */
function sentenceOf(ground: Ground, { because }: ToConclude): string {
  switch (ground.kind) {
    case 'ended':
      return because ?? endings[ground.ending]
    case 'broken':
      return `${ground.id} is broken.`
    case 'waiver-unknown':
      return `The waiver for ${ground.id} names no requirement.`
    case 'waiver-expired':
      return `The waiver for ${ground.id} expired on ${ground.until}.`
    case 'waiver-needless':
      return `The waiver for ${ground.id} is no longer needed; remove it.`
    case 'nothing-judged':
      return 'Nothing of what was selected could be judged.'
    case 'unanswered':
      return `${ground.id} was not judged: ${unjudgedBecause[ground.why]}.`
    case 'unjudged':
      return `${ground.id} was not judged (${ground.why})${ground.strict ? ', and --strict wants every must judged' : ''}.`
    case 'partly-answered': {
      const { musts, fixtures: names, why } = ground
      const some = names.length > 4 ? `${names.slice(0, 4).join(', ')} and ${names.length - 4} more` : names.join(', ')
      const hold = musts === 1 ? '1 must holds' : `${musts} musts hold`
      return `${hold} on the other exchanges only: of ${some} ${unjudgedBecause[why]}.`
    }
    case 'not-shown':
      return `${ground.capability} is required and was not shown.`
  }
}

const unjudgedBecause = { 'no-answer': 'no answer came', 'rate-limited': 'the gateway was rate limited or overloaded' }

function reachedProfile(run: ToConclude, waived: ReadonlySet<string>): Profile | null {
  let reached: Profile | null = null
  for (const profile of profiles) {
    if (!binds(profile, run.profile)) break
    const verdicts = run.verdicts.filter((verdict) => binds(verdict.profile, profile))
    if (breaches(verdicts, { ...run, waivers: [] }, waived).length > 0) break
    if (gaps(verdicts, run, waived).length > 0) break
    reached = profile
  }
  return reached
}
