import type { Dialect, Report, ReportedUnread, ReportedVerdict } from '../../schemas/types.ts'
import type { Quirk } from '../../fixtures/gateways/upstreams/chat-completions/quirks/quirk.ts'
import { quirkNamed } from '../../fixtures/gateways/upstreams/quirks.ts'
import { requests } from '../../fixtures/requests.ts'
import { areaOf } from '../../suites/areas.ts'
import { requirementOf } from '../../suites/catalogue.ts'
import { capabilitiesOf } from '../../suites/harness/gather/plan.ts'
import { quirkOf } from '../../suites/harness/wire/exchange.ts'
import { own } from '../../suites/harness/wire/json.ts'
import type { Words } from './words/en.ts'

/* The verdicts of a report in the groups and the order that renderings lay them out in. */

type Verdicts = readonly ReportedVerdict[]

/** Each area and its verdicts, in reading order. */
export function byArea(verdicts: Verdicts): readonly (readonly [area: string, own: Verdicts])[] {
  const areas = new Map<string, ReportedVerdict[]>()
  for (const verdict of verdicts) {
    const area = areaOf(verdict.id)
    areas.set(area, [...(areas.get(area) ?? []), verdict])
  }
  return [...areas]
}

/** Those that are broken, each must before each should. */
export function brokenByLevel({ verdicts }: Report): Verdicts {
  const order = { must: 0, should: 1, may: 2 }
  return verdicts.filter(({ outcome }) => outcome === 'broken').toSorted((a, b) => order[a.level] - order[b.level])
}

/** Those that came to something: they hold, or are broken. */
export function judgedOf(verdicts: Verdicts): Verdicts {
  return verdicts.filter(({ outcome }) => outcome === 'holds' || outcome === 'broken')
}

/** The way in which an upstream of ours spoke during an exchange, where it was made to speak otherwise. */
export function quirkDuring(exchange: string): Quirk | undefined {
  const { quirk } = quirkOf(exchange)
  return quirk === null ? undefined : quirkNamed(quirk)
}

/** What the two parts of a finding are called: what should have been and what was, or two sides of a gateway that were compared. */
export function sidesOf(id: string): readonly [ours: SideName, theirs: SideName] {
  const compares = requirementOf(id)?.compares
  if (compares === 'request') return ['sent', 'arrived']
  return compares === 'answer' ? ['said', 'received'] : ['expected', 'actual']
}

type SideName = 'expected' | 'actual' | 'sent' | 'arrived' | 'said' | 'received'

/** What a run says of both sides of a gateway beside its verdicts; nothing, where only one was seen. */
export function passageNotes(report: Report, words: Words): readonly string[] {
  const { verdicts, changes = [] } = report
  const { counts } = verdicts.find(({ id }) => id === 'passage/arrives') ?? {}
  const compared = counts && counts.holds + counts.broken > 0 ? [words.bothSides(counts.holds)] : []
  const beyond = verdicts.flatMap((verdict) => {
    const [dialect, why] = beyondOf(verdict, report) ?? []
    return dialect === undefined || why === undefined
      ? []
      : [`${verdict.id}${words.colon}${words.hasNoPlace(dialect, why)}`]
  })
  const changed = changes.map(({ field, because, seen }) => words.changedOnPurpose(field, because, seen))
  return [...compared, ...beyond, ...changed]
}

/** `9 hold, 1 broken, 2 not judged`: they add up to all of them. */
export function outcomesCounted(verdicts: Verdicts, words: Words): string {
  return (['holds', 'broken', 'unjudged', 'not-applicable', 'noted'] as const)
    .map((outcome) => [outcome, verdicts.filter((verdict) => verdict.outcome === outcome).length] as const)
    .flatMap(([outcome, count]) => (count > 0 ? [`${count} ${words.outcomeCounted(outcome, count)}`] : []))
    .join(words.comma)
}

/** How many of them came to this, as a cell of a table shows it: nothing for none. */
export function cellOf(verdicts: Verdicts, outcome: ReportedVerdict['outcome']): string {
  return String(verdicts.filter((verdict) => verdict.outcome === outcome).length || '')
}

/** By requirement: those that could not be judged for the sake of its breach, however long the chain between them. */
export function hiddenBy(verdicts: Verdicts): ReadonlyMap<string, readonly string[]> {
  const byId = new Map(verdicts.map((verdict) => [verdict.id, verdict]))
  const rootsOf = (id: string, seen: Set<string>): readonly string[] => {
    const verdict = byId.get(id)
    if (!verdict || seen.has(id)) return []
    seen.add(id)
    if (verdict.outcome === 'broken') return [id]
    return (verdict.blockedBy ?? []).flatMap((before) => rootsOf(before, seen))
  }
  const hidden = new Map<string, string[]>()
  for (const { id, outcome, blockedBy = [] } of verdicts) {
    if (outcome !== 'unjudged') continue
    const seen = new Set([id])
    for (const root of new Set(blockedBy.flatMap((before) => rootsOf(before, seen))))
      hidden.set(root, [...(hidden.get(root) ?? []), id])
  }
  return hidden
}

/** On how much of a run a verdict rests, where that is worth a word: `on 1 of 60 exchanges`, `not read: tools/single (no answer came)`. */
export function extentOf({ outcome, counts, unread = [] }: ReportedVerdict, words: Words): readonly string[] {
  const parts: string[] = []
  const all = counts ? counts.holds + counts.broken + counts.blocked + counts.silent.length : 0
  if (counts && outcome === 'broken' && all > 1) parts.push(words.onExchanges(counts.broken, all))
  else if (counts && outcome === 'holds' && counts.holds < all) parts.push(words.onExchanges(counts.holds, all))
  const missed = [...(counts?.silent ?? []), ...unread]
  if ((outcome === 'holds' || outcome === 'broken') && missed.length > 0)
    parts.push(words.notRead(missed.map((one) => unreadInWords(one, words)).join(words.comma)))
  return parts
}

/** What is worth a word beside a breach: how much of the run it is on, and how much could not be judged for its sake. */
export function asidesOf(verdict: ReportedVerdict, verdicts: Verdicts, words: Words): readonly string[] {
  const hidden = hiddenBy(verdicts).get(verdict.id) ?? []
  return [...extentOf(verdict, words), ...(hidden.length > 0 ? [words.forItsSake(hidden.length)] : [])]
}

/** Those that were not judged, by the reason why, as the end of a sentence. */
export function byReason(
  verdicts: Verdicts,
  words: Words,
): readonly (readonly [reason: string, ids: readonly string[]])[] {
  const reasons = new Map<string, string[]>()
  for (const verdict of verdicts) {
    if (verdict.outcome !== 'unjudged') continue
    const reason = whyUnjudged(verdict, words)
    reasons.set(reason, [...(reasons.get(reason) ?? []), verdict.id])
  }
  return [...reasons]
}

/** Why a verdict is unjudged, as the end of a sentence. */
export function whyUnjudged({ why, blockedBy }: ReportedVerdict, words: Words): string {
  return why === 'prerequisite' ? words.waitsFor(blockedBy ?? []) : words.why(why ?? 'not-asked')
}

/** Why a verdict is not applicable, as the end of a sentence: which capability of those it takes is declined. */
export function whyNotApplicable(verdict: ReportedVerdict, report: Report, words: Words): string {
  const declined = declinedOf(verdict, report)
  if (declined.length > 0) return words.takesDeclined(declined)
  const beyond = beyondOf(verdict, report)
  return beyond ? words.hasNoPlace(...beyond) : words.afterNotApplicable
}

function declinedOf({ id }: ReportedVerdict, { capabilities }: Report): readonly string[] {
  const requirement = requirementOf(id)
  const taken = requirement ? capabilitiesOf(requirement, requests) : []
  return taken.filter((capability) => own(capabilities, capability)?.state === 'declined')
}

/** The protocol behind the gateway that has no place for what is asked, and why; null where that is not what makes it inapplicable. */
function beyondOf(verdict: ReportedVerdict, report: Report): readonly [dialect: Dialect, why: string] | null {
  if (verdict.outcome !== 'not-applicable' || declinedOf(verdict, report).length > 0) return null
  const { beyond = {} } = requirementOf(verdict.id) ?? {}
  return (Object.entries(beyond) as [Dialect, string][])[0] ?? null
}

function unreadInWords({ fixture, why, blockedBy = [] }: ReportedUnread, words: Words): string {
  return fixture + words.aside(blockedBy.length > 0 ? words.waitsFor(blockedBy) : words.why(why))
}
