import { describe, expect, test } from 'vitest'
import type { Capability } from '../../../schemas/types.ts'
import { about, call, exchangeOf, refused, served, silent } from '../../self/by-hand.ts'
import { message as plainest } from '../../../schemas/examples.ts'
import { answered, event, eventStream } from '../views/examples.ts'
import type { Exchange } from '../wire/exchange.ts'
import { judge, type JudgeOptions, type Verdict } from './judge.ts'
import { requirement, type GatesSubject } from './requirement.ts'

const tools: GatesSubject = { gates: 'tools', probe: ['tools/single', 'tools/single:stream'] }

/** What the gate of a capability comes to on a tape that is anchored. */
function decided(
  tape: readonly Exchange[],
  gate: GatesSubject = tools,
  more: Partial<JudgeOptions> = {},
): { state: string | undefined; verdict: Verdict | undefined } {
  const catalogue = [requirement('tools/offered', { ...about, ...gate })]
  const { capabilities, verdicts } = judge([served('messages/hello'), ...tape], { catalogue, ...more })
  return { state: capabilities[gate.gates], verdict: verdicts[0] }
}

const required = { required: new Set<Capability>(['tools']) }
const calls = { settles: 'tool_use' } as const
const json = served('tools/single', call, calls)
const stream = served('tools/single:stream', call, calls)
const jsonText = served('tools/single', {}, calls)
const streamText = served('tools/single:stream', {}, calls)

describe('shown', () => {
  test('where all of it was served and got where it should', () => {
    expect(decided([json, stream])).toMatchObject({
      state: 'shown',
      verdict: { outcome: 'holds', why: null, findings: [] },
    })
  })

  test('where it was served and need get nowhere', () => {
    expect(decided([served('tools/single'), served('tools/single:stream')])).toMatchObject({
      state: 'shown',
      verdict: { outcome: 'holds' },
    })
  })

  test('by what was asked of it: the last try of each', () => {
    expect(decided([json])).toMatchObject({ state: 'shown' })
    expect(decided([jsonText, { ...json, attempt: 2 }, stream])).toMatchObject({ state: 'shown' })
  })
})

describe('not asked', () => {
  test('where the probe is not on the tape, whatever else is', () => {
    expect(decided([stream])).toMatchObject({
      state: 'not-asked',
      verdict: { outcome: 'unjudged', why: 'not-asked', blockedBy: [] },
    })
  })

  test('not recorded, on a tape of others', () => {
    expect(decided([{ ...json, origin: 'recorded' }])).toMatchObject({
      state: 'not-asked',
      verdict: { outcome: 'unjudged', why: 'not-recorded' },
    })
  })

  test('because another capability, which its probe needs, is declined', () => {
    const needsOf = (name: string): readonly Capability[] =>
      name === 'tools/choice-any' ? ['tools', 'tool-choice'] : []
    const catalogue = [
      requirement('tools/offered', { ...about, gates: 'tools', probe: ['tools/single'] }),
      requirement('tools/choice-offered', { ...about, gates: 'tool-choice', probe: ['tools/choice-any'] }),
    ]
    const on = (tape: readonly Exchange[], more: Partial<JudgeOptions> = {}) => {
      const judged = judge([served('messages/hello'), ...tape], { catalogue, needsOf, ...more })
      return { state: judged.capabilities['tool-choice'], verdict: judged.verdicts[1] }
    }
    const declined = refused('tools/single', 400)
    expect(on([declined])).toMatchObject({ state: 'declined', verdict: { outcome: 'not-applicable' } })
    expect(on([json])).toMatchObject({ state: 'not-asked', verdict: { outcome: 'unjudged', why: 'not-asked' } })
    expect(on([declined], { required: new Set(['tool-choice']) })).toMatchObject({
      state: 'not-asked',
      verdict: { outcome: 'unjudged', why: 'not-asked' },
    })
    expect(on([declined], { needsOf: () => ['tool-choice'] })).toMatchObject({ state: 'not-asked' })
  })
})

describe('declined', () => {
  const declined = refused('tools/single', 400)

  test('by a polite refusal of its probe', () => {
    expect(decided([declined, stream])).toMatchObject({
      state: 'declined',
      verdict: { outcome: 'not-applicable', why: null, findings: [] },
    })
  })

  test('not by a refusal of what is not its probe', () => {
    expect(decided([json, refused('tools/single:stream', 400)])).toMatchObject({
      state: 'broken',
      verdict: {
        outcome: 'broken',
        findings: [
          { fixture: 'tools/single:stream', at: 'status', expected: '200', actual: '400 invalid_request_error' },
        ],
      },
    })
  })

  test('is broken where it is required', () => {
    expect(decided([declined], tools, required)).toMatchObject({
      state: 'declined',
      verdict: {
        outcome: 'broken',
        findings: [{ fixture: 'tools/single', at: 'status', expected: '200, since tools is required', actual: '400' }],
      },
    })
    expect(decided([declined], tools, { required: new Set(['vision']) }).verdict?.outcome).toBe('not-applicable')
  })

  test('by the statuses its gate names, and as an endpoint by any body', () => {
    expect(decided([refused('tools/single', 401)], { ...tools, declinedBy: [401] }).state).toBe('declined')
    expect(decided([declined], { ...tools, declinedBy: [401] }).state).toBe('broken')
    const nowhere = exchangeOf('tools/single', answered('nowhere', { status: 404 }))
    expect(decided([nowhere], { ...tools, endpoint: true }).state).toBe('declined')
    expect(decided([nowhere]).state).toBe('broken')
  })

  test('where the target is known to lack it, unless it is required', () => {
    const lacks = { lacks: new Set<Capability>(['tools']) }
    expect(decided([], tools, lacks)).toMatchObject({ state: 'declined', verdict: { outcome: 'not-applicable' } })
    expect(decided([json, stream], tools, { ...lacks, ...required })).toMatchObject({ state: 'shown' })
    expect(decided([json, stream], tools, { lacks: new Set(['vision']) })).toMatchObject({ state: 'shown' })
  })

  test('where the target is known to lack what is required: broken, though nothing was sent', () => {
    const lacks = { lacks: new Set<Capability>(['tools']), ...required }
    const finding = { fixture: 'tools/single', at: 'lacks', expected: 'not tools, since tools is required' }
    expect(decided([], tools, lacks)).toMatchObject({
      state: 'declined',
      verdict: { outcome: 'broken', findings: [finding] },
    })
    expect(decided([{ ...json, origin: 'recorded' }], tools, lacks)).toMatchObject({
      state: 'declined',
      verdict: { outcome: 'not-applicable' },
    })
  })
})

describe('broken', () => {
  test('where something of it was not served; each refusal is a finding', () => {
    const tape = [
      refused('tools/single', 500, 'api_error'),
      refused('tools/single:stream', 401, 'authentication_error'),
    ]
    expect(decided(tape)).toMatchObject({
      state: 'broken',
      verdict: {
        outcome: 'broken',
        findings: [
          { fixture: 'tools/single', actual: '500 api_error' },
          { fixture: 'tools/single:stream', actual: '401 authentication_error' },
        ],
      },
    })
  })

  test('where a stream of it ends in an error event', () => {
    const error = { type: 'error', error: { type: 'api_error', message: 'no' } }
    expect(decided([json, exchangeOf('tools/single:stream', answered(eventStream([error])))])).toMatchObject({
      state: 'broken',
      verdict: { outcome: 'broken', findings: [{ at: 'event 1', actual: 'an error event: api_error' }] },
    })
  })

  test('where the answer cannot be read: whoever owns that stands in the way', () => {
    const unread = [
      { ...json, came: answered({ ...plainest, content: null }) },
      { ...stream, came: answered(eventStream([event.start(), event.block(0)]), { ends: 'cut' }) },
    ]
    expect(decided(unread)).toMatchObject({
      state: 'broken',
      verdict: { outcome: 'unjudged', why: 'prerequisite', blockedBy: ['messages/shape', 'transport/whole'] },
    })
    // One mode that can be read is enough to tell.
    expect(decided([json, ...unread.slice(1)])).toMatchObject({ state: 'shown', verdict: { outcome: 'holds' } })
  })

  test('not where it cannot be read and need get nowhere: others judge that', () => {
    const unread = served('tools/single:stream', { stop_reason: 7 as never })
    expect(decided([json, unread])).toMatchObject({ state: 'shown', verdict: { outcome: 'holds' } })
  })

  test.for<[name: string, tape: readonly Exchange[], fixture: string]>([
    ['JSON', [jsonText, stream], 'tools/single'],
    ['the stream', [json, streamText], 'tools/single:stream'],
  ])('where only %s did not get where the other did', ([, tape, fixture]) => {
    expect(decided(tape)).toMatchObject({
      state: 'broken',
      verdict: {
        outcome: 'broken',
        findings: [{ fixture, at: 'answer', expected: 'tool_use, as in the other mode', actual: 'none, in two tries' }],
      },
    })
    expect(decided(tape).verdict?.findings).toHaveLength(1)
  })

  test('where it is required and got nowhere', () => {
    const tape = [jsonText, streamText]
    expect(decided(tape, tools, required)).toMatchObject({
      state: 'broken',
      verdict: { outcome: 'broken', findings: [{ expected: 'tool_use, since tools is required' }, {}] },
    })
    expect(decided(tape, { ...tools, mayStaySilent: true }, required).verdict?.outcome).toBe('broken')
  })
})

describe('not shown', () => {
  test('where it was served and got nowhere in any mode', () => {
    expect(decided([jsonText, streamText])).toMatchObject({
      state: 'not-shown',
      verdict: { outcome: 'unjudged', why: 'model', blockedBy: [], findings: [] },
    })
  })

  test('where it got nowhere in one mode, and may stay silent', () => {
    expect(decided([json, streamText], { ...tools, mayStaySilent: true })).toMatchObject({
      state: 'not-shown',
      verdict: { outcome: 'unjudged', why: 'model' },
    })
  })

  test.for<[name: string, tape: readonly Exchange[], why: string]>([
    ['a probe without an answer', [silent('tools/single'), stream], 'no-answer'],
    ['a stream without an answer', [json, silent('tools/single:stream')], 'no-answer'],
    ['a probe that met a rate limit', [refused('tools/single', 429, 'rate_limit_error')], 'rate-limited'],
    ['an overload', [json, refused('tools/single:stream', 529, 'overloaded_error')], 'rate-limited'],
    [
      'a refusal beside silence: nothing is said before all is answered',
      [refused('tools/single', 400), silent('tools/single:stream')],
      'no-answer',
    ],
  ])('%s', ([, tape, why]) => {
    expect(decided(tape)).toMatchObject({ state: 'not-shown', verdict: { outcome: 'unjudged', why, findings: [] } })
    expect(decided(tape, tools, required)).toMatchObject({ state: 'not-shown', verdict: { outcome: 'unjudged', why } })
  })
})

test('one capability says nothing of another', () => {
  const catalogue = [
    requirement('tools/offered', { ...about, gates: 'tools', probe: ['tools/single'] }),
    requirement('vision/offered', { ...about, gates: 'vision', probe: ['vision/colour'] }),
  ]
  const tape = [served('messages/hello'), json, refused('vision/colour', 400)]
  expect(judge(tape, { catalogue }).capabilities).toEqual({ tools: 'shown', vision: 'declined' })
})
