import type { RunEnding } from '../../schemas/types.ts'
import { dialects } from '../../schemas/values.ts'
import { requests } from '../../fixtures/requests.ts'
import { catalogue } from '../catalogue.ts'
import { fixtureOf, followedBy, isOnKeys, isWrong, needsOf } from '../harness/gather/plan.ts'
import { conclude, type Conclusion } from '../harness/judge/conclude.ts'
import { judging, type Judged, type JudgeOptions } from '../harness/judge/judge.ts'
import { asked } from '../harness/views/asked.ts'
import { dialectBehind } from '../harness/views/dialect.ts'
import { ids, type RequirementId } from '../ids.ts'
import { idsRequired, isPart, required, selectedIds, spared, type Selection } from './selection.ts'

/* What is judged, and concluded, for a selection: the half of a run that needs the checks. */

/** Everything a report says, before it is rendered. */
export interface Concluded extends Judged {
  readonly conclusion: Conclusion
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

/** Requirements that have nothing to look at where there is no key. */
const onKeys: ReadonlySet<RequirementId> = new Set(
  catalogue.filter((requirement) => isOnKeys(requirement, requests)).map(({ id }) => id),
)
