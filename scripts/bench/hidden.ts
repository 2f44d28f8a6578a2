import type { Fault } from '../../fixtures/gateways/fault.ts'
import { faults } from '../../fixtures/gateways/faults/faults.ts'
import { createReference } from '../../fixtures/gateways/reference/reference.ts'
import type { Gateway } from '../../fixtures/gateways/answer.ts'
import type { Exchange } from '../../suites/harness/wire/exchange.ts'
import type { Judged } from '../../suites/harness/judge/judge.ts'
import { wholeProfile, type Selection } from '../../suites/run/selection.ts'
import { areaOf } from '../../suites/areas.ts'
import { brokenOf, everything, everythingLong, judgeTape, tapeOf } from '../../suites/self/proof.ts'
import { randomOf } from '../fuzz/random.ts'
import type { Row } from './table.ts'

/* How much one defect hides: what a single fault leaves unjudged for its sake, and of two faults at once, how often both are told. */

const sdk: Selection = { ...wholeProfile('sdk'), upstream: 'reference' }
/** What a relay does shows from both sides only. */
const shown = faults.filter(({ id }) => areaOf(id) !== 'passage')
const pairsDrawn = 500
const seed = 3

/** Faults that leave nothing to read of something, so that a second one there is not told, and why. */
export const leavesNothing: Readonly<Record<string, string>> = {
  'errors/bare-error-event': 'no stream ends in a Message: each ends in an error',
  'messages/chat-completion': 'no JSON of an answer is a Message',
  'messages/model-foreign-body': 'no JSON of an answer has content',
  'messages/stop-details-foreign': 'each JSON of an answer says that the model refused',
  'output/system-dropped': 'no system prompt is there to be cached',
  'streaming/body-breaks': 'each stream breaks off',
  'streaming/foreign-delta': 'no text of a stream comes as text',
  'streaming/lost-delta': 'a word of each stream is missing',
  'streaming/no-block-start': 'no block of a stream says what it is',
  'streaming/stop-reason-erased': 'no stream says how it ended',
  'tools/call-dropped': 'no answer calls a tool',
  'transport/body-cut': 'no JSON of an answer is whole',
}

/** Judged by what is sent with --allow-long only. */
const longOnes: ReadonlySet<string> = new Set(['clients/overflow', 'validation/large-body'])

/** Two faults, the first in front of the second. */
export interface Pair {
  readonly faults: readonly [outer: Fault, inner: Fault]
  /** Requirements that one of the two breaks when it is alone, and the pair does not. */
  readonly untold: readonly string[]
  /** Those of them of which nothing is left: where they were found, the pair says byte for byte what the other fault says alone. */
  readonly gone: readonly string[]
}

/** Of so many pairs of faults of different areas, drawn by a seed, what is not told. */
export async function pairs(count: number, drawnBy: number): Promise<readonly Pair[]> {
  const random = randomOf(drawnBy)
  const drawn: Pair[] = []
  while (drawn.length < count) {
    const [one, other] = [random.pick(shown), random.pick(shown)]
    if (!areTwoKinds(one, other)) continue
    const pair = await pairOf(one, other)
    if (pair) drawn.push(pair)
  }
  return drawn
}

/** Different kinds of defect, and one run can show both: it has one credential header of its own. */
function areTwoKinds(one: Fault, other: Fault): boolean {
  if (areaOf(one.id) === areaOf(other.id) || one.breaks.some((id) => other.breaks.includes(id))) return false
  return !one.run || !other.run
}

/** The pairs that are not told in full, by why. */
export function reasons(drawn: readonly Pair[]): {
  /** One of the two leaves nothing to read. */
  readonly named: readonly Pair[]
  /** One takes away what the other alters. */
  readonly gone: readonly Pair[]
  /** No reason is known. */
  readonly unnamed: readonly Pair[]
} {
  const untold = drawn.filter((pair) => pair.untold.length > 0)
  const isNamed = ({ faults: both }: Pair): boolean => both.some(({ id }) => Object.hasOwn(leavesNothing, id))
  const isTakenAway = (pair: Pair): boolean => pair.gone.length === pair.untold.length
  return {
    gone: untold.filter(isTakenAway),
    named: untold.filter((pair) => !isTakenAway(pair) && isNamed(pair)),
    unnamed: untold.filter((pair) => !isTakenAway(pair) && !isNamed(pair)),
  }
}

/** The two in that order in which more is told: what stands in front may write over what is behind. Null where nothing is left of one. */
export async function pairOf(one: Fault, other: Fault): Promise<Pair | null> {
  const first = await inFront(one, other)
  if (first?.untold.length === 0) return first
  const second = await inFront(other, one)
  // Of two orders that tell as much, the one that hides less of what is there.
  const [told] = [first, second]
    .filter((pair) => pair !== null)
    .toSorted((a, b) => a.untold.length - b.untold.length || b.gone.length - a.gone.length)
  return told ?? null
}

/**
 * Null where the gateway says, byte for byte, what it says without the fault behind, and where the one in front fails on what the one
 * behind says: faults are made for answers that are right.
 */
async function inFront(outer: Fault, inner: Fault): Promise<Pair | null> {
  const stacked = (gateway: Gateway): Gateway => outer.over(inner.over(gateway))
  const pair = [outer, inner]
  const both = await asked(stacked, pair, everything).catch(() => null)
  if (!both) return null
  const told = new Set(brokenOf(both.judged.verdicts))
  const untold = [...outer.breaks, ...inner.breaks].filter((id) => !told.has(id))
  if (untold.length === 0) return { faults: [outer, inner], untold, gone: [] }
  const [first, second] = [await asked(outer.over, pair, everything), await asked(inner.over, pair, everything)]
  if (saidBy(first.tape) === saidBy(both.tape)) return null
  const gone = untold.filter((id) => {
    const [own, other] = outer.breaks.includes(id) ? [first, second] : [second, first]
    return isGone(foundAt(id, own.judged), other.tape, both.tape)
  })
  return { faults: [outer, inner], untold, gone }
}

/** The exchanges at which a fault that is alone shows that it breaks a requirement. */
function foundAt(id: string, { verdicts }: Judged): ReadonlySet<string> {
  return new Set(
    verdicts.flatMap((verdict) => (verdict.id === id ? verdict.findings : [])).map(({ fixture }) => fixture),
  )
}

/**
 * Whether one fault takes away the very thing that the other alters: at these exchanges two tapes say the same, or neither has them,
 * since the turn that they go on from never came.
 */
export function isGone(fixtures: ReadonlySet<string>, other: readonly Exchange[], both: readonly Exchange[]): boolean {
  const [one, two] = [other, both].map((tape) => saidBy(tape.filter(({ fixture }) => fixtures.has(fixture))))
  return fixtures.size > 0 && one === two
}

/** What was said, but for ids that are minted one after the other: they tell how many requests came before. */
function saidBy(tape: readonly Exchange[]): string {
  const said = tape.map(({ fixture, came }) =>
    came.kind === 'answer' ? [fixture, came.status, came.headers, came.body.toString()] : [fixture, came.failure],
  )
  const sorted = said.map((one) => JSON.stringify(one).replaceAll(/_ref\d{6}/g, '_ref')).toSorted()
  return sorted.join('\n')
}

/** What comes of asking a gateway as these faults have to be asked. */
async function asked(
  over: (inner: Gateway) => Gateway,
  from: readonly Fault[],
  usual: Selection,
): Promise<{ tape: readonly Exchange[]; judged: Judged }> {
  const isLong = usual === everything && from.some(({ breaks }) => breaks.some((id) => longOnes.has(id)))
  const selection = isLong ? everythingLong : usual
  const socket = from.some((fault) => fault.socket)
  const run = from.find((fault) => fault.run)?.run
  const tape = await tapeOf(over(createReference()), { socket, run, selection })
  return { tape, judged: judgeTape(tape, selection) }
}

/** How many requirements each fault leaves unjudged that the reference does not, the fewest first. */
async function hidden(selection: Selection): Promise<readonly { id: string; count: number }[]> {
  const usual = unjudgedOf(await asked((gateway) => gateway, [], selection))
  const counted: { id: string; count: number }[] = []
  for (const fault of shown) {
    const unjudged = unjudgedOf(await asked(fault.over, [fault], selection))
    counted.push({ id: fault.id, count: [...unjudged].filter((id) => !usual.has(id)).length })
  }
  return counted.toSorted((a, b) => a.count - b.count)
}

function unjudgedOf({ judged: { verdicts } }: { readonly judged: Judged }): ReadonlySet<string> {
  return new Set(verdicts.filter(({ outcome }) => outcome === 'unjudged').map(({ id }) => id))
}

/** Rows of the table: what is hidden at full and at sdk, and how many pairs are told in full. */
export async function hiddenDefects(): Promise<readonly Row[]> {
  const drawn = await pairs(pairsDrawn, seed)
  const told = drawn.filter(({ untold }) => untold.length === 0).length
  const { named, gone, unnamed } = reasons(drawn)
  return [
    distribution('full', await hidden(everything)),
    distribution('sdk', await hidden(sdk)),
    {
      what: 'two faults at once, both told in full',
      ours: `${told} of ${drawn.length}`,
      compared: `in ${gone.length} one takes away what the other alters; in ${named.length} one is of ${Object.keys(leavesNothing).length} named faults that leave nothing to read; others: ${unnamed.length}`,
      ratio: null,
    },
  ]
}

function distribution(profile: string, counted: readonly { id: string; count: number }[]): Row {
  const at = (share: number): number => counted[Math.floor(share * counted.length)]?.count ?? 0
  const most = counted.at(-1)
  return {
    what: `what one fault leaves unjudged at ${profile}`,
    ours: `median ${at(0.5)}, p75 ${at(0.75)}, p90 ${at(0.9)}, at most ${most?.count ?? 0}`,
    compared: `${counted.length} faults, each alone in front of the reference; the most: ${most?.id ?? ''}`,
    ratio: null,
  }
}
