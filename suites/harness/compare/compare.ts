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

/** One thing that drifted, or shows now, and breaks no promise. */
export type Drift =
  | { readonly kind: 'shows'; readonly id: RequirementId; readonly actual: string }
  | { readonly kind: 'appeared' | 'vanished'; readonly at: string }
  | { readonly kind: 'retyped'; readonly at: string; readonly before: string; readonly now: string }
  | { readonly kind: 'order-new' | 'order-gone'; readonly pair: string }
  | { readonly kind: 'models'; readonly before: string; readonly now: string }
  | { readonly kind: 'first-byte' | 'input-tokens'; readonly before: number; readonly now: number }
  /** So many more like the one before. */
  | { readonly kind: 'more'; readonly count: number }

/** Why two runs cannot be compared in full. */
export type Doubt =
  | { readonly kind: 'ended'; readonly which: 'old' | 'new'; readonly ending: RunEnding }
  | { readonly kind: 'silent'; readonly ids: readonly RequirementId[] }

/** What changed between two runs. `exitCode`: 1 where something is worse, 2 where that cannot be told, else 0. */
export interface Comparison {
  readonly nowBroken: readonly Change[]
  readonly nowHolds: readonly Change[]
  readonly noLongerJudged: readonly Change[]
  /** Judged now and not before: new requirements, new capabilities, or what did not occur then. */
  readonly newlyJudged: readonly Change[]
  readonly capabilities: readonly { readonly name: string; readonly before: string; readonly now: string }[]
  /** Drift that breaks no promise: shape, order, timing, usage, models. */
  readonly drift: readonly Drift[]
  /** The same in sentences. */
  readonly notes: readonly string[]
  readonly doubts: readonly Doubt[]
  /** The same in sentences. */
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
  const doubts = [...endings(old, now), ...silent(pairs)]
  const drifted = [...hints(pairs), ...drift(old.features, now.features)]
  const worse = nowBroken.length > 0 || lost
  return {
    nowBroken,
    nowHolds: changes((a, b) => a.outcome === 'broken' && b.outcome === 'holds'),
    noLongerJudged,
    newlyJudged: changes((a, b) => !isJudged(a) && isJudged(b) && (b.outcome === 'holds' || wasNotAsked(a))),
    capabilities,
    drift: drifted,
    notes: drifted.map(noteOf),
    doubts,
    inconclusive: doubts.map(doubtInWords),
    exitCode: worse ? 1 : doubts.length > 0 ? 2 : 0,
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

function endings(old: Side, now: Side): Doubt[] {
  return (['old', 'new'] as const).flatMap((which) => {
    const { ending } = which === 'old' ? old : now
    return ending === 'complete' || ending === 'recorded' ? [] : [{ kind: 'ended' as const, which, ending }]
  })
}

/** Musts that held and got no answer this time, or were not asked. */
function silent(pairs: readonly Pair[]): Doubt[] {
  const whys = new Set(['no-answer', 'rate-limited', 'not-asked', 'not-recorded'])
  const ids = pairs.flatMap(({ earlier, verdict }) =>
    earlier.outcome === 'holds' && earlier.level === 'must' && whys.has(verdict.why ?? '') ? [verdict.id] : [],
  )
  return ids.length > 0 ? [{ kind: 'silent', ids }] : []
}

function doubtInWords(doubt: Doubt): string {
  if (doubt.kind === 'ended') return `The ${doubt.which} run was not carried out to its end: ${doubt.ending}.`
  return `${doubt.ids.length} that held could not be judged again: ${doubt.ids.slice(0, 5).join(', ')}.`
}

/** What gates nothing, and is worth a line: hints at honesty, and what a may noted. */
function hints(pairs: readonly Pair[]): Drift[] {
  return pairs.flatMap(({ earlier, verdict }) => {
    const advice = verdict.hint || verdict.level === 'may'
    if (!advice || earlier.findings.length > 0 || verdict.findings.length === 0) return []
    return [{ kind: 'shows' as const, id: verdict.id, actual: verdict.findings[0]?.actual ?? 'something' }]
  })
}

function drift(old: Features, now: Features): Drift[] {
  return [...shapes(old, now), ...orders(old, now), ...models(old, now), ...numbers(old, now)]
}

function shapes(old: Features, now: Features): Drift[] {
  const appeared = top([...now.shape.keys()].filter((at) => !old.shape.has(at)))
  const vanished = top([...old.shape.keys()].filter((at) => !now.shape.has(at)))
  const retyped = [...now.shape].flatMap(([at, types]) => {
    const before = old.shape.get(at)
    return before && list(before) !== list(types)
      ? [{ kind: 'retyped' as const, at, before: list(before), now: list(types) }]
      : []
  })
  return [
    ...firstOf(appeared.map((at) => ({ kind: 'appeared', at }))),
    ...firstOf(vanished.map((at) => ({ kind: 'vanished', at }))),
    ...firstOf(retyped),
  ]
}

/** Places whose parent is not among them. */
function top(places: readonly string[]): string[] {
  const all = new Set(places)
  return places.filter((at) => !all.has(parent(at)))
}

/** Notes of one kind; where they are many, what there is besides goes into the last one. */
function firstOf(notes: readonly Drift[]): Drift[] {
  if (notes.length <= mostNotes) return [...notes]
  return [...notes.slice(0, mostNotes - 1), { kind: 'more', count: notes.length - mostNotes + 1 }]
}

const mostNotes = 50

function parent(at: string): string {
  return at.slice(0, at.lastIndexOf('/'))
}

function orders(old: Features, now: Features): Drift[] {
  return [
    ...firstOf([...now.order].filter((pair) => !old.order.has(pair)).map((pair) => ({ kind: 'order-new', pair }))),
    ...firstOf([...old.order].filter((pair) => !now.order.has(pair)).map((pair) => ({ kind: 'order-gone', pair }))),
  ]
}

function models(old: Features, now: Features): Drift[] {
  const [before, after] = [list(old.models), list(now.models)]
  return before === after ? [] : [{ kind: 'models', before, now: after }]
}

/** Below this, a ratio of two times says nothing. */
const leastMilliseconds = 200

function numbers(old: Features, now: Features): Drift[] {
  const [timeBefore, timeNow] = both(old.firstByte, now.firstByte).map(median)
  const [tokensBefore, tokensNow] = both(old.inputTokens, now.inputTokens).map((values) => sum(values))
  const found: Drift[] = []
  if (timeBefore !== undefined && timeNow !== undefined && Math.max(timeBefore, timeNow) >= leastMilliseconds) {
    const slow = Math.max(timeBefore, timeNow) / Math.max(1, Math.min(timeBefore, timeNow))
    if (slow >= 2) found.push({ kind: 'first-byte', before: timeBefore, now: timeNow })
  }
  if (tokensBefore && tokensNow && Math.abs(tokensNow - tokensBefore) / tokensBefore > 0.05)
    found.push({ kind: 'input-tokens', before: tokensBefore, now: tokensNow })
  return found
}

function noteOf(drift: Drift): string {
  switch (drift.kind) {
    case 'shows':
      return `${drift.id} now shows ${drift.actual}`
    case 'appeared':
    case 'vanished':
      return `${drift.kind}: ${drift.at}`
    case 'retyped':
      return `another type: ${drift.at}: was ${drift.before}, is ${drift.now}`
    case 'order-new':
      return `new order of events: ${drift.pair}`
    case 'order-gone':
      return `order of events no longer met: ${drift.pair}`
    case 'models':
      return `answers name the model ${drift.now || 'nothing'}; it was ${drift.before || 'nothing'}`
    case 'first-byte':
      return `first byte after ${drift.now} ms (median); it was ${drift.before} ms`
    case 'input-tokens':
      return `the same requests count ${drift.now} input tokens; they counted ${drift.before}`
    case 'more':
      return `and ${drift.count} more like that`
  }
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
