import { describe, expect, test } from 'vitest'
import type { Level, Outcome, Profile, RunEnding, UnjudgedWhy } from '../../../schemas/types.ts'
import { binds, conclude, type ToConclude } from './conclude.ts'
import type { Verdict } from './judge.ts'

const verdict = (
  outcome: Outcome,
  more: {
    level?: Level
    profile?: Profile
    why?: UnjudgedWhy
    id?: Verdict['id']
    blockedBy?: Verdict['blockedBy']
    hint?: true
  } = {},
): Verdict => ({
  id: more.id ?? 'messages/shape',
  level: more.level ?? 'must',
  profile: more.profile ?? 'minimum',
  outcome,
  why: more.why ?? null,
  blockedBy: more.blockedBy ?? [],
  findings: [],
  ...(more.hint && { hint: true }),
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
    ['a minimum must that was not asked', verdict('unjudged', { why: 'not-asked' }), 2],
    ['a minimum should that was not asked', verdict('unjudged', { why: 'not-asked', level: 'should' }), 0],
    ['a must of a higher rung without an answer', verdict('unjudged', { why: 'no-answer', profile: 'full' }), 0],
    ['a broken hint', verdict('broken', { hint: true }), 0],
  ])('%s: %o', ([, one, exitCode]) => {
    expect(run([holds, one]).exitCode).toBe(exitCode)
  })

  test('strict wants every should, and every must judged', () => {
    expect(run([holds, verdict('broken', { level: 'should' })], { strict: true }).exitCode).toBe(1)
    expect(run([holds, verdict('unjudged', { why: 'model', profile: 'sdk' })], { strict: true }).exitCode).toBe(2)
    expect(run([holds, verdict('unjudged', { why: 'nothing-of-its-kind' })], { strict: true }).exitCode).toBe(0)
    const hint = verdict('broken', { level: 'should', hint: true })
    expect(run([holds, hint], { strict: true })).toMatchObject({ exitCode: 0, failing: [] })
    const waits = verdict('unjudged', { why: 'model', level: 'should' })
    expect(run([holds, waits], { strict: true }).exitCode).toBe(0)
  })

  test('a partial look need not judge every must, but one that was asked wants its answer', () => {
    const part = { selection: 'part' } as const
    expect(run([holds, verdict('unjudged', { why: 'prerequisite' })], part).exitCode).toBe(0)
    expect(run([holds, verdict('unjudged', { why: 'not-asked' })], { ...part, strict: true }).exitCode).toBe(0)
    expect(run([holds, verdict('unjudged', { why: 'no-answer' })], part).exitCode).toBe(2)
    expect(run([holds, verdict('unjudged', { why: 'rate-limited' })], part).exitCode).toBe(2)
  })

  test('broken beats not proven', () => {
    expect(run([holds, verdict('broken'), verdict('unjudged', { why: 'no-answer', id: 'usage/shape' })]).exitCode).toBe(
      1,
    )
  })

  test('nothing judged proves nothing', () => {
    expect(run([]).exitCode).toBe(2)
    expect(run([verdict('not-applicable'), verdict('noted', { level: 'may' })]).exitCode).toBe(2)
    expect(run([verdict('unjudged', { why: 'model' })])).toMatchObject({
      exitCode: 2,
      reasons: ['Nothing of what was selected could be judged.'],
    })
    expect(run([verdict('holds', { profile: 'full' })]).exitCode).toBe(2)
    expect(run([verdict('broken', { level: 'should' })]).exitCode).toBe(0)
  })

  test('the reasons say what decided it', () => {
    const noAnswer = verdict('unjudged', { why: 'no-answer', id: 'usage/shape' })
    const limited = verdict('unjudged', { why: 'rate-limited', id: 'usage/shape' })
    expect(run([holds]).reasons).toEqual([])
    expect(run([holds, verdict('broken'), noAnswer]).reasons).toEqual(['messages/shape is broken.'])
    expect(run([holds, noAnswer]).reasons).toEqual(['usage/shape was not judged: no answer came.'])
    expect(run([holds, limited]).reasons).toEqual([
      'usage/shape was not judged: the gateway was rate limited or overloaded.',
    ])
    expect(run([holds, verdict('unjudged', { why: 'not-asked' })]).reasons).toEqual([
      'messages/shape was not judged (not-asked).',
    ])
    expect(run([holds, verdict('unjudged', { why: 'model' })], { strict: true }).reasons).toEqual([
      'messages/shape was not judged (model), and --strict wants every must judged.',
    ])
    expect(run([holds, verdict('broken'), noAnswer], { ending: 'lost' }).reasons).toEqual([
      'The gateway stopped answering in the middle of the run.',
      'messages/shape is broken.',
      'usage/shape was not judged: no answer came.',
    ])
  })

  test('what fails is named, once and for all outputs', () => {
    const broken = [
      verdict('broken'),
      verdict('broken', { id: 'usage/shape', level: 'should' }),
      verdict('broken', { id: 'messages/json', profile: 'full' }),
    ]
    expect(run([holds, ...broken]).failing).toEqual(['messages/shape'])
    expect(run([holds, ...broken], { strict: true }).failing).toEqual(['messages/shape', 'usage/shape'])
    expect(run([holds, ...broken], { profile: 'full' }).failing).toEqual(['messages/shape', 'messages/json'])
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
    expect(run([holds, verdict('unjudged', { why: 'not-recorded' })], { ending: 'recorded' }).exitCode).toBe(0)
    for (const why of ['rate-limited', 'no-answer'] as const)
      expect(run([holds, verdict('unjudged', { why })], { ending: 'recorded' }).exitCode).toBe(0)
    expect(run([verdict('unjudged', { why: 'rate-limited' })], { ending: 'recorded' }).exitCode).toBe(2)
    expect(run([holds], { recorded: true })).toMatchObject({ exitCode: 0, conformant: null, reached: null })
    expect(run([holds], { recorded: false })).toMatchObject({ exitCode: 0, conformant: true, reached: 'sdk' })
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

  test('one that lives is listed, and what it covers does not fail', () => {
    expect(run([holds, verdict('broken')], { waivers: [waiver] })).toMatchObject({
      waived: ['messages/shape'],
      failing: [],
      reached: 'sdk',
    })
    expect(run([holds, verdict('broken')], { waivers: [{ ...waiver, until: '2026-11-23' }] })).toMatchObject({
      waived: [],
      failing: ['messages/shape'],
      reasons: ['messages/shape is broken.', 'The waiver for messages/shape expired on 2026-11-23.'],
    })
  })

  test('one that is stale or unknown says so, and takes no rung away', () => {
    const unknown = { ...waiver, id: 'messages/nothing' }
    expect(run([holds, verdict('holds')], { waivers: [waiver, unknown] })).toMatchObject({
      exitCode: 1,
      reached: 'sdk',
      reasons: [
        'The waiver for messages/shape is no longer needed; remove it.',
        'The waiver for messages/nothing names no requirement.',
      ],
    })
  })

  test('one that expired outside the selection is no failure', () => {
    const expired = { ...waiver, id: 'usage/shape', until: '2026-11-23' }
    expect(run([holds], { waivers: [expired] }).exitCode).toBe(0)
  })

  describe('cover what waits for the breach', () => {
    const broken = verdict('broken')
    const waits = (id: Verdict['id'], ...blockedBy: Verdict['id'][]): Verdict =>
      verdict('unjudged', { id, why: 'prerequisite', blockedBy })
    test.for<[name: string, verdicts: readonly Verdict[], exitCode: number]>([
      ['at once', [waits('usage/shape', 'messages/shape')], 0],
      [
        'at two removes, in whatever order',
        [waits('messages/json', 'usage/shape'), waits('usage/shape', 'messages/shape')],
        0,
      ],
      ['but not what waits for another as well', [waits('usage/shape', 'messages/shape', 'messages/json')], 2],
      ['nor what waits for nothing that is known', [waits('usage/shape')], 2],
      [
        'nor what got no answer',
        [verdict('unjudged', { id: 'usage/shape', why: 'no-answer', blockedBy: ['messages/shape'] })],
        2,
      ],
    ])('%s', ([, verdicts, exitCode]) => {
      expect(run([holds, broken, ...verdicts], { waivers: [waiver] }).exitCode).toBe(exitCode)
    })
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
  test('not asked is not proven, but by a partial look', () => {
    const more = { required: new Set(['tools']), capabilities: { tools: 'not-asked' as const } }
    expect(run([holds], more).exitCode).toBe(2)
    expect(run([holds], { ...more, selection: 'part' }).exitCode).toBe(0)
    expect(run([holds], { ...more, selection: 'part', capabilities: { tools: 'not-shown' } }).exitCode).toBe(2)
  })
  test('declined or broken is for its gate to say', () => {
    const required = new Set(['tools'])
    expect(run([holds], { required, capabilities: { tools: 'declined' } }).exitCode).toBe(0)
    expect(run([holds], { required, capabilities: { tools: 'broken' } }).exitCode).toBe(0)
  })
  test('bind by what shows them, whatever its rung', () => {
    const gate = verdict('broken', { profile: 'full' })
    expect(run([holds, gate], { binding: new Set(['messages/shape']) })).toMatchObject({
      exitCode: 1,
      conformant: false,
      failing: ['messages/shape'],
    })
    const silent = verdict('unjudged', { profile: 'full', why: 'no-answer' })
    expect(run([holds, silent], { binding: new Set(['messages/shape']) }).exitCode).toBe(2)
    expect(run([holds, gate, silent], { binding: new Set(['usage/shape']) }).exitCode).toBe(0)
  })
  test('another one does not matter', () => {
    expect(run([holds], { required: new Set(['tools']), capabilities: { vision: 'not-shown' } }).exitCode).toBe(0)
  })
})

describe('a rung binds whoever claims it or a higher one', () => {
  test.for<[profile: Profile, claimed: Profile, binds: boolean]>([
    ['minimum', 'minimum', true],
    ['minimum', 'full', true],
    ['sdk', 'minimum', false],
    ['claude-code', 'sdk', false],
    ['claude-code', 'claude-code', true],
    ['full', 'claude-code', false],
  ])('%s binds %s: %s', ([profile, claimed, expected]) => {
    expect(binds(profile, claimed)).toBe(expected)
  })
})

describe('what is said beside the exit code', () => {
  test('conformant and reached', () => {
    expect(run([holds])).toMatchObject({ conformant: true, reached: 'sdk' })
    expect(run([holds, verdict('broken', { profile: 'sdk' })])).toMatchObject({ conformant: false, reached: 'minimum' })
    expect(run([holds, verdict('broken')])).toMatchObject({ conformant: false, reached: null })
  })
  test('reached ends at what was claimed, and below what is not proven', () => {
    const higher = verdict('unjudged', { why: 'no-answer', profile: 'claude-code' })
    expect(run([holds], { profile: 'full' }).reached).toBe('full')
    expect(run([holds, higher], { profile: 'full' })).toMatchObject({
      exitCode: 2,
      conformant: null,
      reached: 'sdk',
    })
    expect(run([holds, higher])).toMatchObject({ exitCode: 0, conformant: true, reached: 'sdk' })
  })
  test('a partial look is never conformant', () => {
    expect(run([holds], { selection: 'part' })).toMatchObject({ exitCode: 0, conformant: null, reached: null })
  })
})
