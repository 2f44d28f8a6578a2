import type { CapabilityState, RunEnding } from '../../../schemas/types.ts'
import type { RequirementId } from '../../ids.ts'
import type { Features } from './drift.ts'
import type { Judged, PlacedFinding, Verdict } from '../judge/judge.ts'

/** One of the two runs that are compared, judged by the catalogue of today. */
export interface Side extends Judged {
  readonly ending: RunEnding
  readonly features: Features
}

/** One requirement whose verdict is another than before. */
export interface Change {
  readonly id: RequirementId
  readonly before: string
  readonly now: string
  readonly finding: PlacedFinding | null
}

/** What changed between two runs. `exitCode`: 1 where something is worse, 2 where that cannot be told, else 0. */
export interface Comparison {
  readonly nowBroken: readonly Change[]
  readonly nowHolds: readonly Change[]
  readonly noLongerJudged: readonly Change[]
  /** Judged now and not before: new requirements, new capabilities, or what did not occur then. */
  readonly newlyJudged: readonly Change[]
  readonly capabilities: readonly { readonly name: string; readonly before: string; readonly now: string }[]
  /** Drift that breaks no promise: shape, order, timing, usage, models. */
  readonly notes: readonly string[]
  readonly inconclusive: readonly string[]
  readonly exitCode: 0 | 1 | 2
}

/** Compares what two runs came to. Quiet where nothing changed but ids, dates and texts. */
export function compare(old: Side, now: Side): Comparison {
  const before = new Map(old.verdicts.map((verdict) => [verdict.id, verdict]))
  const pairs = now.verdicts.flatMap((verdict) => {
    const earlier = before.get(verdict.id)
    return earlier ? [{ earlier, verdict }] : []
  })
  const changes = (want: (earlier: Verdict, now: Verdict) => boolean): Change[] =>
    pairs.flatMap(({ earlier, verdict }) => (want(earlier, verdict) ? [change(earlier, verdict)] : []))
  const nowBroken = changes((a, b) => b.outcome === 'broken' && a.outcome !== 'broken' && !b.hint && !wasNotAsked(a))
  const noLongerJudged = changes((a, b) => isJudged(a) && !isJudged(b))
  const capabilities = changedCapabilities(old, now)
  const lost = capabilities.some(({ before, now }) => before === 'shown' && now !== 'shown' && now !== 'not-asked')
  const inconclusive = [...endings(old, now), ...silent(pairs)]
  const worse = nowBroken.length > 0 || lost
  return {
    nowBroken,
    nowHolds: changes((a, b) => a.outcome === 'broken' && b.outcome === 'holds'),
    noLongerJudged,
    newlyJudged: changes((a, b) => !isJudged(a) && isJudged(b) && (b.outcome === 'holds' || wasNotAsked(a))),
    capabilities,
    notes: [...hints(pairs), ...drift(old.features, now.features)],
    inconclusive,
    exitCode: worse ? 1 : inconclusive.length > 0 ? 2 : 0,
  }
}

interface Pair {
  readonly earlier: Verdict
  readonly verdict: Verdict
}

function change(earlier: Verdict, verdict: Verdict): Change {
  return { id: verdict.id, before: said(earlier), now: said(verdict), finding: verdict.findings[0] ?? null }
}

function said({ outcome, why }: Verdict): string {
  return why === null ? outcome : `${outcome} (${why})`
}

function isJudged({ outcome }: Verdict): boolean {
  return outcome === 'holds' || outcome === 'broken'
}

function wasNotAsked({ why }: Verdict): boolean {
  return why === 'not-asked' || why === 'not-recorded'
}

function changedCapabilities(old: Side, now: Side): Comparison['capabilities'] {
  const state = (side: Side, name: string): CapabilityState => side.capabilities[name] ?? 'not-asked'
  return Object.keys(now.capabilities).flatMap((name) => {
    const [before, after] = [state(old, name), state(now, name)]
    return before === after ? [] : [{ name, before, now: after }]
  })
}

function endings(old: Side, now: Side): string[] {
  return (['old', 'new'] as const).flatMap((which) => {
    const { ending } = which === 'old' ? old : now
    return ending === 'complete' || ending === 'recorded'
      ? []
      : [`The ${which} run was not carried out to its end: ${ending}.`]
  })
}

/** Musts that held and got no answer this time, or were not asked. */
function silent(pairs: readonly Pair[]): string[] {
  const whys = new Set(['no-answer', 'rate-limited', 'not-asked', 'not-recorded'])
  const ids = pairs.flatMap(({ earlier, verdict }) =>
    earlier.outcome === 'holds' && earlier.level === 'must' && whys.has(verdict.why ?? '') ? [verdict.id] : [],
  )
  return ids.length > 0 ? [`${ids.length} that held could not be judged again: ${ids.slice(0, 5).join(', ')}.`] : []
}

/** What gates nothing, and is worth a line: hints at honesty, and what a may noted. */
function hints(pairs: readonly Pair[]): string[] {
  return pairs.flatMap(({ earlier, verdict }) => {
    const advice = verdict.hint || verdict.level === 'may'
    if (!advice || earlier.findings.length > 0 || verdict.findings.length === 0) return []
    return [`${verdict.id} now shows ${verdict.findings[0]?.actual ?? 'something'}`]
  })
}

function drift(old: Features, now: Features): string[] {
  return [...shapes(old, now), ...orders(old, now), ...models(old, now), ...numbers(old, now)]
}

function shapes(old: Features, now: Features): string[] {
  const appeared = top([...now.shape.keys()].filter((at) => !old.shape.has(at)))
  const vanished = top([...old.shape.keys()].filter((at) => !now.shape.has(at)))
  const retyped = [...now.shape].flatMap(([at, types]) => {
    const before = old.shape.get(at)
    return before && list(before) !== list(types) ? [`${at}: was ${list(before)}, is ${list(types)}`] : []
  })
  return [
    ...firstOf(appeared.map((at) => `appeared: ${at}`)),
    ...firstOf(vanished.map((at) => `vanished: ${at}`)),
    ...firstOf(retyped.map((text) => `another type: ${text}`)),
  ]
}

/** Places whose parent is not among them. */
function top(places: readonly string[]): string[] {
  const all = new Set(places)
  return places.filter((at) => !all.has(parent(at)))
}

/** Notes of one kind; where they are many, what there is besides goes into the last one. */
function firstOf(notes: readonly string[]): string[] {
  if (notes.length <= mostNotes) return [...notes]
  return [...notes.slice(0, mostNotes - 1), `and ${notes.length - mostNotes + 1} more like that`]
}

const mostNotes = 50

function parent(at: string): string {
  return at.slice(0, at.lastIndexOf('/'))
}

function orders(old: Features, now: Features): string[] {
  return [
    ...firstOf([...now.order].filter((pair) => !old.order.has(pair)).map((pair) => `new order of events: ${pair}`)),
    ...firstOf(
      [...old.order].filter((pair) => !now.order.has(pair)).map((pair) => `order of events no longer met: ${pair}`),
    ),
  ]
}

function models(old: Features, now: Features): string[] {
  const [before, after] = [list(old.models), list(now.models)]
  return before === after ? [] : [`answers name the model ${after || 'nothing'}; it was ${before || 'nothing'}`]
}

/** Below this, a ratio of two times says nothing. */
const leastMilliseconds = 200

function numbers(old: Features, now: Features): string[] {
  const [timeBefore, timeNow] = both(old.firstByte, now.firstByte).map(median)
  const [tokensBefore, tokensNow] = both(old.inputTokens, now.inputTokens).map((values) => sum(values))
  const slow =
    timeBefore !== undefined && timeNow !== undefined && Math.max(timeBefore, timeNow) >= leastMilliseconds
      ? Math.max(timeBefore, timeNow) / Math.max(1, Math.min(timeBefore, timeNow))
      : 1
  const dear = tokensBefore && tokensNow ? Math.abs(tokensNow - tokensBefore) / tokensBefore : 0
  return [
    ...(slow >= 2 ? [`first byte after ${timeNow} ms (median); it was ${timeBefore} ms`] : []),
    ...(dear > 0.05 ? [`the same requests count ${tokensNow} input tokens; they counted ${tokensBefore}`] : []),
  ]
}

/** The values of the exchanges that are in both. */
function both(old: ReadonlyMap<string, number>, now: ReadonlyMap<string, number>): [number[], number[]] {
  const names = [...old.keys()].filter((name) => now.has(name))
  return [names.map((name) => old.get(name) ?? 0), names.map((name) => now.get(name) ?? 0)]
}

function median(values: readonly number[]): number | undefined {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}

function list(values: ReadonlySet<string>): string {
  return [...values].toSorted().join(' or ')
}
