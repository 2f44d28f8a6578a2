import { describe, expect, test } from 'vitest'
import type { CapabilityState, Level, Outcome, RunEnding, UnjudgedWhy } from '../../../schemas/types.ts'
import type { RequirementId } from '../../ids.ts'
import type { PlacedFinding, Verdict } from '../judge/judge.ts'
import { compare, type Comparison, type Side } from './compare.ts'
import type { Features } from './drift.ts'

const quiet: Features = {
  shape: new Map(),
  order: new Set(),
  models: new Set(),
  firstByte: new Map(),
  inputTokens: new Map(),
  exchanges: 0,
}

interface Said {
  readonly id?: RequirementId
  readonly level?: Level
  readonly why?: UnjudgedWhy
  readonly finding?: Partial<PlacedFinding>
  readonly hint?: true
}

function verdict(outcome: Outcome, { id = 'messages/shape', level = 'must', why, finding, hint }: Said = {}): Verdict {
  const whole = { fixture: 'messages/hello', at: '/id', expected: 'a string', actual: '7', ...finding }
  return {
    id,
    level,
    profile: 'sdk',
    outcome,
    why: why ?? null,
    blockedBy: [],
    findings: outcome === 'broken' || finding ? [whole] : [],
    ...(hint && { hint }),
  }
}

const unjudged = (why: UnjudgedWhy, said: Said = {}): Verdict => verdict('unjudged', { ...said, why })

interface Sided {
  readonly verdicts?: readonly Verdict[]
  readonly capabilities?: Readonly<Record<string, CapabilityState>>
  readonly features?: Partial<Features>
  readonly ending?: RunEnding
}

function side({ verdicts = [], capabilities = {}, features = {}, ending = 'complete' }: Sided): Side {
  return { verdicts, capabilities, failures: [], changed: [], ending, features: { ...quiet, ...features } }
}

function compared(old: Sided, now: Sided): Comparison {
  return compare(side(old), side(now))
}

/** The lists in which a requirement shows up, and the exit code. */
function sorted(old: Verdict, now: Verdict): readonly unknown[] {
  const { nowBroken, nowHolds, noLongerJudged, newlyJudged, exitCode } = compared(
    { verdicts: [old] },
    { verdicts: [now] },
  )
  const lists = { nowBroken, nowHolds, noLongerJudged, newlyJudged }
  return [...Object.entries(lists).flatMap(([name, changes]) => (changes.length > 0 ? [name] : [])), exitCode]
}

const holds = verdict('holds')
const broken = verdict('broken')
const notApplicable = verdict('not-applicable')

describe('one requirement', () => {
  test.for<[name: string, old: Verdict, now: Verdict, shows: readonly unknown[]]>([
    ['holds as before', holds, holds, [0]],
    ['is broken as before', broken, broken, [0]],
    ['holds no longer', holds, broken, ['nowBroken', 1]],
    ['holds again', broken, holds, ['nowHolds', 0]],
    ['was unjudged for the model, and is broken', unjudged('model'), broken, ['nowBroken', 1]],
    ['was unjudged for the model, and holds', unjudged('model'), holds, ['newlyJudged', 0]],
    ['was not applicable, and is broken', notApplicable, broken, ['nowBroken', 1]],
    ['was not applicable, and holds', notApplicable, holds, ['newlyJudged', 0]],
    ['was not asked, and is broken', unjudged('not-asked'), broken, ['newlyJudged', 0]],
    ['was not recorded, and is broken', unjudged('not-recorded'), broken, ['newlyJudged', 0]],
    ['was not asked, and holds', unjudged('not-asked'), holds, ['newlyJudged', 0]],
    ['was not asked, and is not', unjudged('not-asked'), unjudged('not-asked'), [0]],
    ['held, and the model did not get there', holds, unjudged('model'), ['noLongerJudged', 0]],
    ['held, and is not applicable', holds, notApplicable, ['noLongerJudged', 0]],
    ['held, and waits for another', holds, unjudged('prerequisite'), ['noLongerJudged', 0]],
    ['held, and got no answer', holds, unjudged('no-answer'), ['noLongerJudged', 2]],
    ['held, and met a rate limit', holds, unjudged('rate-limited'), ['noLongerJudged', 2]],
    ['held, and was not asked', holds, unjudged('not-asked'), ['noLongerJudged', 2]],
    ['held, and was not recorded', holds, unjudged('not-recorded'), ['noLongerJudged', 2]],
    ['was broken, and got no answer', broken, unjudged('no-answer'), ['noLongerJudged', 0]],
    [
      'is a should that held, and got no answer',
      verdict('holds', { level: 'should' }),
      unjudged('no-answer'),
      ['noLongerJudged', 0],
    ],
    ['is a hint that is broken', verdict('holds', { hint: true }), verdict('broken', { hint: true }), [0]],
    ['is noted', verdict('noted'), verdict('noted'), [0]],
  ])('%s', ([, old, now, shows]) => {
    expect(sorted(old, now)).toEqual(shows)
  })

  test('a change says what it was, what it is, and shows the first finding', () => {
    const { nowBroken, noLongerJudged } = compared(
      { verdicts: [holds, verdict('holds', { id: 'usage/shape' })] },
      { verdicts: [broken, unjudged('no-answer', { id: 'usage/shape' })] },
    )
    expect(nowBroken).toEqual([{ id: 'messages/shape', before: 'holds', now: 'broken', finding: broken.findings[0] }])
    expect(noLongerJudged).toEqual([{ id: 'usage/shape', before: 'holds', now: 'unjudged (no-answer)', finding: null }])
  })

  test('one that only one of them knows is no change', () => {
    const other = verdict('broken', { id: 'usage/shape' })
    expect(compared({ verdicts: [holds] }, { verdicts: [holds, other] })).toMatchObject({ nowBroken: [], exitCode: 0 })
    expect(compared({ verdicts: [holds, other] }, { verdicts: [holds] })).toMatchObject({ nowHolds: [], exitCode: 0 })
  })
})

describe('a capability', () => {
  test.for<[before: CapabilityState, now: CapabilityState, exitCode: number]>([
    ['shown', 'shown', 0],
    ['shown', 'declined', 1],
    ['shown', 'not-shown', 1],
    ['shown', 'broken', 1],
    ['shown', 'not-asked', 0],
    ['declined', 'shown', 0],
    ['declined', 'broken', 0],
    ['not-asked', 'declined', 0],
    ['not-shown', 'declined', 0],
    ['broken', 'shown', 0],
  ])('%s, then %s: exit code %s', ([before, now, exitCode]) => {
    const comparison = compared({ capabilities: { tools: before } }, { capabilities: { tools: now } })
    expect(comparison.exitCode).toBe(exitCode)
    expect(comparison.capabilities).toEqual(before === now ? [] : [{ name: 'tools', before, now }])
  })

  test('that the old run does not know was not asked then', () => {
    expect(compared({}, { capabilities: { tools: 'declined' } })).toMatchObject({
      capabilities: [{ name: 'tools', before: 'not-asked', now: 'declined' }],
      exitCode: 0,
    })
  })
})

describe('what cannot be told', () => {
  test.for<[ending: RunEnding, exitCode: number]>([
    ['complete', 0],
    ['recorded', 0],
    ['interrupted', 2],
    ['lost', 2],
    ['unreachable', 2],
    ['budget', 2],
  ])('a run that ended %s: exit code %s', ([ending, exitCode]) => {
    expect(compared({ ending }, {}).exitCode).toBe(exitCode)
    expect(compared({}, { ending }).exitCode).toBe(exitCode)
  })

  test('says which of the two', () => {
    expect(compared({ ending: 'lost' }, { ending: 'budget' }).inconclusive).toEqual([
      'The old run was not carried out to its end: lost.',
      'The new run was not carried out to its end: budget.',
    ])
  })

  test('names the first five musts that were silent, and counts them all', () => {
    const ids = [
      'messages/shape',
      'messages/json',
      'messages/served',
      'usage/shape',
      'tools/shape',
      'vision/seen',
    ] as const
    const { inconclusive } = compared(
      { verdicts: ids.map((id) => verdict('holds', { id })) },
      { verdicts: ids.map((id) => unjudged('no-answer', { id })) },
    )
    expect(inconclusive).toEqual([`6 that held could not be judged again: ${ids.slice(0, 5).join(', ')}.`])
  })

  test('worse is worse all the same', () => {
    expect(compared({ verdicts: [holds], ending: 'lost' }, { verdicts: [broken] }).exitCode).toBe(1)
  })
})

describe('notes on hints, which gate nothing', () => {
  const found = { finding: { actual: 'another model' } }
  test.for<[name: string, old: Verdict, now: Verdict, notes: readonly string[]]>([
    [
      'a hint that appeared',
      verdict('holds', { hint: true }),
      verdict('broken', { hint: true, ...found }),
      ['messages/shape now shows another model'],
    ],
    [
      'a may that noted something',
      verdict('noted', { level: 'may' }),
      verdict('noted', { level: 'may', ...found }),
      ['messages/shape now shows another model'],
    ],
    [
      'a may that noted something before',
      verdict('noted', { level: 'may', ...found }),
      verdict('noted', { level: 'may', ...found }),
      [],
    ],
    ['a may that notes nothing', verdict('noted', { level: 'may' }), verdict('noted', { level: 'may' }), []],
    ['a must is no note', holds, broken, []],
  ])('%s', ([, old, now, notes]) => {
    expect(compared({ verdicts: [old] }, { verdicts: [now] }).notes).toEqual(notes)
  })
})

describe('notes on drift', () => {
  const notes = (old: Partial<Features>, now: Partial<Features>): readonly string[] => {
    const comparison = compared({ features: old }, { features: now })
    expect(comparison.exitCode).toBe(0)
    return comparison.notes
  }
  const shape = (...places: [at: string, ...types: string[]][]): Partial<Features> => ({
    shape: new Map(places.map(([at, ...types]) => [at, new Set(types)])),
  })

  test('places that appeared and vanished, the topmost only', () => {
    const [a, b] = [
      shape(['message ', 'object']),
      shape(['message ', 'object'], ['message /x', 'object'], ['message /x/y', 'string']),
    ]
    expect(notes(a, b)).toEqual(['appeared: message /x'])
    expect(notes(b, a)).toEqual(['vanished: message /x'])
    expect(notes(b, b)).toEqual([])
  })

  test('as many of a kind as can be read, and how many there are besides', () => {
    const places = (count: number) =>
      shape(...Array.from({ length: count }, (_, number) => [`message /${number}`, 'null'] as [string, string]))
    const orders = (count: number) => ({
      order: new Set(Array.from({ length: count }, (_, number) => `start > ${number}`)),
    })
    expect(notes({}, places(50))).toHaveLength(50)
    expect(notes({}, places(52))).toHaveLength(50)
    for (const drift of [places(52), orders(52)]) {
      expect(notes({}, drift).at(-1)).toBe('and 3 more like that')
      expect(notes(drift, {}).at(-1)).toBe('and 3 more like that')
    }
  })

  test('another type', () => {
    expect(notes(shape(['message /id', 'string']), shape(['message /id', 'string', 'null']))).toEqual([
      'another type: message /id: was string, is null or string',
    ])
    expect(notes(shape(['message /id', 'string', 'null']), shape(['message /id', 'null', 'string']))).toEqual([])
  })

  test('the order of events', () => {
    const [a, b] = [new Set(['start > message_start']), new Set(['start > ping'])]
    expect(notes({ order: a }, { order: b })).toEqual([
      'new order of events: start > ping',
      'order of events no longer met: start > message_start',
    ])
    expect(notes({ order: a }, { order: a })).toEqual([])
  })

  test('the models that answers name', () => {
    const [a, b] = [new Set(['a']), new Set(['b', 'a'])]
    expect(notes({ models: a }, { models: b })).toEqual(['answers name the model a or b; it was a'])
    expect(notes({ models: a }, {})).toEqual(['answers name the model nothing; it was a'])
    expect(notes({}, { models: a })).toEqual(['answers name the model a; it was nothing'])
    expect(notes({ models: a }, { models: new Set(['a']) })).toEqual([])
  })

  const times = (...values: number[]): Partial<Features> => ({
    firstByte: new Map(values.map((value, index) => [`exchange ${index}`, value])),
  })
  test.for<[name: string, old: readonly number[], now: readonly number[], notes: readonly string[]]>([
    ['twice as slow', [100, 100, 100], [200, 200, 200], ['first byte after 200 ms (median); it was 100 ms']],
    ['twice as fast', [400], [200], ['first byte after 200 ms (median); it was 400 ms']],
    ['not quite twice', [101], [201], []],
    ['twice, and too short to tell', [50], [199], []],
    ['from nothing', [0], [200], ['first byte after 200 ms (median); it was 0 ms']],
    ['by the median, not by one', [100, 100, 100], [100, 9000, 100], []],
    ['only of exchanges that are in both', [100, 100], [100], []],
    ['none in both', [], [300], []],
  ])('time: %s', ([, old, now, expected]) => {
    expect(notes(times(...old), times(...now))).toEqual(expected)
  })

  const counts = (...values: number[]): Partial<Features> => ({
    inputTokens: new Map(values.map((value, index) => [`exchange ${index}`, value])),
  })
  test.for<[name: string, old: readonly number[], now: readonly number[], notes: readonly string[]]>([
    ['more', [100, 100], [100, 111], ['the same requests count 211 input tokens; they counted 200']],
    ['fewer', [200], [180], ['the same requests count 180 input tokens; they counted 200']],
    ['a twentieth', [200], [210], []],
    ['nothing any more, which a requirement says', [200], [0], []],
    ['something at last', [0], [300], []],
    ['only of exchanges that are in both', [100, 100], [100], []],
    ['none in both', [], [300], []],
  ])('tokens: %s', ([, old, now, expected]) => {
    expect(notes(counts(...old), counts(...now))).toEqual(expected)
  })
})
