import { describe, expect, test } from 'vitest'
import type { Level, Outcome, Profile, RunEnding, UnjudgedWhy } from '../../../schemas/types.ts'
import { conclude, type ToConclude } from './conclude.ts'
import type { Verdict } from './judge.ts'

const verdict = (
  outcome: Outcome,
  more: { level?: Level; profile?: Profile; why?: UnjudgedWhy; id?: Verdict['id'] } = {},
): Verdict => ({
  id: more.id ?? 'messages/shape',
  level: more.level ?? 'must',
  profile: more.profile ?? 'minimum',
  outcome,
  why: more.why ?? null,
  blockedBy: [],
  findings: [],
})

const holds = verdict('holds', { id: 'messages/served' })
const run = (verdicts: readonly Verdict[], more: Partial<ToConclude> = {}) =>
  conclude({
    verdicts,
    ending: 'complete',
    profile: 'sdk',
    selection: 'whole',
    today: '2026-11-24',
    knownIds: new Set(['messages/shape', 'messages/served', 'usage/shape']),
    ...more,
  })

describe('what a verdict does to the exit code', () => {
  test.for<[name: string, verdict: Verdict, exitCode: number]>([
    ['a must that holds', verdict('holds'), 0],
    ['a broken must', verdict('broken'), 1],
    ['a broken should', verdict('broken', { level: 'should' }), 0],
    ['a noted may', verdict('noted', { level: 'may' }), 0],
    ['a must that is not applicable', verdict('not-applicable'), 0],
    ['a broken must of a higher rung', verdict('broken', { profile: 'full' }), 0],
    ['a must with nothing of its kind', verdict('unjudged', { why: 'nothing-of-its-kind' }), 0],
    ['a must the model did not reach', verdict('unjudged', { why: 'model' }), 0],
    ['a must without an answer', verdict('unjudged', { why: 'no-answer' }), 2],
    ['a must of sdk without an answer', verdict('unjudged', { why: 'no-answer', profile: 'sdk' }), 2],
    ['a must that met a rate limit', verdict('unjudged', { why: 'rate-limited' }), 2],
    ['a should without an answer', verdict('unjudged', { why: 'no-answer', level: 'should' }), 0],
    ['a minimum must that waits for another', verdict('unjudged', { why: 'prerequisite' }), 2],
    ['a sdk must that waits for another', verdict('unjudged', { why: 'prerequisite', profile: 'sdk' }), 0],
  ])('%s: %o', ([, one, exitCode]) => {
    expect(run([holds, one]).exitCode).toBe(exitCode)
  })

  test('strict wants every should, and every must judged', () => {
    expect(run([holds, verdict('broken', { level: 'should' })], { strict: true }).exitCode).toBe(1)
    expect(run([holds, verdict('unjudged', { why: 'model', profile: 'sdk' })], { strict: true }).exitCode).toBe(2)
    expect(run([holds, verdict('unjudged', { why: 'nothing-of-its-kind' })], { strict: true }).exitCode).toBe(0)
  })

  test('broken beats not proven', () => {
    expect(run([holds, verdict('broken'), verdict('unjudged', { why: 'no-answer', id: 'usage/shape' })]).exitCode).toBe(
      1,
    )
  })

  test('nothing judged proves nothing', () => {
    expect(run([]).exitCode).toBe(2)
    expect(run([verdict('not-applicable'), verdict('noted', { level: 'may' })]).exitCode).toBe(2)
  })
})

describe('a run that could not be carried out is not proven, whatever it found', () => {
  test.for<RunEnding>(['lost', 'interrupted', 'budget', 'unreachable', 'unauthorised', 'error', 'deadline'])(
    '%s',
    (ending) => {
      expect(run([holds, verdict('broken')], { ending })).toMatchObject({
        exitCode: 2,
        conformant: null,
        reached: null,
      })
    },
  )

  test('a recording is judged as far as it goes', () => {
    expect(
      run([holds, verdict('unjudged', { why: 'not-recorded' })], { ending: 'recorded', selection: 'part' }).exitCode,
    ).toBe(0)
    expect(run([holds, verdict('broken')], { ending: 'recorded', selection: 'part' }).exitCode).toBe(1)
  })
})

describe('waivers', () => {
  const waiver = { id: 'messages/shape', because: 'known', until: '2026-12-01' }
  test.for<[name: string, verdict: Verdict, waiver: typeof waiver & { intermittent?: boolean }, exitCode: number]>([
    ['covers a broken must', verdict('broken'), waiver, 0],
    ['covers it on its last day', verdict('broken'), { ...waiver, until: '2026-11-24' }, 0],
    ['expired', verdict('broken'), { ...waiver, until: '2026-11-23' }, 1],
    ['stale: it holds', verdict('holds'), waiver, 1],
    ['intermittent is never stale', verdict('holds'), { ...waiver, intermittent: true }, 0],
    ['not judged is not stale', verdict('unjudged', { why: 'model' }), waiver, 0],
    ['outside the selection', verdict('holds', { id: 'messages/served' }), waiver, 0],
    ['unknown', verdict('holds'), { ...waiver, id: 'messages/nothing' }, 1],
  ])('%s', ([, one, given, exitCode]) => {
    expect(run([holds, one], { waivers: [given] }).exitCode).toBe(exitCode)
  })
})

describe('capabilities that are required', () => {
  test('not shown is not proven', () => {
    const more = { required: new Set(['tools']), capabilities: { tools: 'not-shown' as const } }
    expect(run([holds], more)).toMatchObject({ exitCode: 2, reasons: ['tools is required and was not shown.'] })
  })
  test('shown is fine', () => {
    expect(run([holds], { required: new Set(['tools']), capabilities: { tools: 'shown' as const } }).exitCode).toBe(0)
  })
})

describe('what is said beside the exit code', () => {
  test('conformant and reached', () => {
    expect(run([holds])).toMatchObject({ conformant: true, reached: 'sdk' })
    expect(run([holds, verdict('broken', { profile: 'sdk' })])).toMatchObject({ conformant: false, reached: 'minimum' })
    expect(run([holds, verdict('broken')])).toMatchObject({ conformant: false, reached: null })
  })
  test('a partial look is never conformant', () => {
    expect(run([holds], { selection: 'part' })).toMatchObject({ exitCode: 0, conformant: null, reached: null })
  })
})
