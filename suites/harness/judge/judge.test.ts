import { describe, expect, test } from 'vitest'
import type { Capability, Level } from '../../../schemas/types.ts'
import type { RequirementId } from '../../ids.ts'
import { about, call, exchangeOf, refused, saying, served, silent } from '../../self/by-hand.ts'
import { answered, event, eventStream } from '../views/examples.ts'
import type { Finding } from '../views/finding.ts'
import { each } from '../views/placed.ts'
import { textOf } from '../views/text.ts'
import type { Exchange } from '../wire/exchange.ts'
import { judge, type JudgeOptions, type Verdict } from './judge.ts'
import { requirement, type Requirement } from './requirement.ts'

const wrong: Finding = { at: '/content', expected: 'right', actual: 'wrong' }

/** Broken by each message that says wrong. */
const right = requirement('messages/content-blocks', {
  ...about,
  every: 'message',
  *check(message) {
    if (textOf(message) === 'wrong') yield wrong
  },
})

function verdictsOn(
  tape: readonly Exchange[],
  catalogue: readonly Requirement[],
  more: Partial<JudgeOptions> = {},
): ReadonlyMap<RequirementId, Verdict> {
  return new Map(judge(tape, { catalogue, ...more }).verdicts.map((verdict) => [verdict.id, verdict]))
}

/** The verdict on the last requirement of a catalogue: the one a test is about, behind what it comes after. */
function verdictOn(
  tape: readonly Exchange[],
  catalogue: readonly Requirement[],
  more: Partial<JudgeOptions> = {},
): Verdict | undefined {
  return verdictsOn(tape, catalogue, more).get(catalogue.at(-1)!.id)
}

const hello = served('messages/hello')
const wrongly = served('messages/hello', saying('wrong'))

/** Cut short by its own gateway: JSON that breaks off. */
const unreadable = exchangeOf('messages/unicode', { ...answered('{"type":'), ends: 'cut' })

/** On the tape there is only how many bytes it had. */
const withheld = exchangeOf('messages/unicode', { ...answered('0000'), withheld: 'unreadable' })

describe('a requirement over each exchange', () => {
  test('is not recorded where bodies are not on the tape, whatever else holds', () => {
    const bare: Exchange = { ...wrongly, fixture: 'tap/1', leftOut: {} }
    expect(verdictOn([bare], [right])).toMatchObject({ outcome: 'unjudged', why: 'not-recorded' })
    expect(verdictOn([hello, bare], [right])).toMatchObject({ outcome: 'unjudged', why: 'not-recorded' })
  })

  test('holds where all hold', () => {
    expect(verdictOn([hello, served('messages/cut')], [right])).toEqual({
      id: 'messages/content-blocks',
      level: 'must',
      profile: 'minimum',
      outcome: 'holds',
      why: null,
      blockedBy: [],
      findings: [],
      counts: { holds: 2, broken: 0, blocked: 0, silent: [] },
    })
  })

  test('says on how many it holds, is broken, could not be read, and had no answer', () => {
    const busy = refused('tools/single', 429, 'rate_limit_error')
    const tape = [hello, wrongly, unreadable, busy, silent('messages/cut')]
    expect(verdictOn(tape, [right])?.counts).toEqual({
      holds: 1,
      broken: 1,
      blocked: 1,
      silent: [
        { fixture: 'tools/single', why: 'rate-limited', blockedBy: [] },
        { fixture: 'messages/cut', why: 'no-answer', blockedBy: [] },
      ],
    })
  })

  test('an exchange that was answered at a later try had an answer', () => {
    const busy = refused('messages/cut', 429, 'rate_limit_error')
    expect(verdictOn([hello, busy, served('messages/cut')], [right])?.counts?.silent).toEqual([])
    expect(verdictOn([hello, busy, { ...unreadable, fixture: 'messages/cut' }], [right])?.counts?.silent).toEqual([])
  })

  test('where the model did not do what could be judged, it is unjudged and not held', () => {
    const lazy = { ...right, unless: () => true } as Requirement
    expect(verdictOn([hello, wrongly], [lazy])).toMatchObject({ outcome: 'unjudged', why: 'model', findings: [] })
  })

  test('a request that is wrong on purpose accuses nobody, unless that is what it is about', () => {
    const isWrong = (name: string): boolean => name === 'messages/hello'
    expect(verdictOn([wrongly, served('messages/cut')], [right], { isWrong })?.outcome).toBe('holds')
    const about = { ...right, ofWrong: true } as const
    expect(verdictOn([wrongly, served('messages/cut')], [about], { isWrong })?.outcome).toBe('broken')
    const recorded = { ...wrongly, origin: 'recorded' } as const
    expect(verdictOn([recorded, served('messages/cut')], [right], { isWrong })?.outcome).toBe('broken')
  })

  test('is broken by one of many, and the finding says by which', () => {
    const verdict = verdictOn([hello, served('messages/cut', saying('wrong')), unreadable, hello], [right])
    expect(verdict).toMatchObject({ outcome: 'broken', why: null })
    expect(verdict?.findings).toEqual([{ ...wrong, fixture: 'messages/cut' }])
  })

  test('is broken by a first try as well, though a second one was right', () => {
    expect(verdictOn([wrongly, { ...hello, attempt: 2 }], [right])?.outcome).toBe('broken')
  })

  test('what was found stays found where the rest cannot be read', () => {
    const both = requirement('messages/served', {
      ...about,
      every: 'message',
      *check(message) {
        yield wrong
        if (textOf(message) === 'wrong') yield wrong
      },
    })
    const holed = served('messages/cut', { content: [{ type: 'text' }] as never })
    expect(verdictOn([hello, holed], [both])?.findings.map(({ fixture }) => fixture)).toEqual([
      'messages/hello',
      'messages/cut',
    ])
    expect(verdictOn([holed], [right])?.blockedBy).toEqual(['messages/content-blocks'])
  })

  test('keeps the first twenty findings of a tape', () => {
    const tape = Array.from({ length: 30 }, (_, number) => served(`entry ${number}`, saying('wrong')))
    const fixtures = verdictOn(tape, [right])?.findings.map(({ fixture }) => fixture)
    expect(fixtures).toEqual(Array.from({ length: 20 }, (_, number) => `entry ${number}`))
  })

  test('keeps the first twenty findings of one exchange', () => {
    const chatty = requirement('messages/content-blocks', {
      ...about,
      every: 'message',
      check: () => Array.from({ length: 30 }, (_, number) => ({ ...wrong, at: `/${number}` })),
    })
    expect(verdictOn([hello], [chatty])?.findings.map(({ at }) => at)).toEqual(
      Array.from({ length: 20 }, (_, number) => `/${number}`),
    )
  })

  test('waits for what the view refused where it could be read nowhere, and holds where it holds elsewhere', () => {
    expect(verdictOn([unreadable, served('messages/cut', { content: null as never })], [right])).toMatchObject({
      outcome: 'unjudged',
      why: 'prerequisite',
      blockedBy: ['transport/whole', 'messages/shape'],
      findings: [],
    })
    expect(verdictOn([hello, unreadable], [right])).toMatchObject({
      outcome: 'holds',
      counts: { holds: 1, blocked: 1 },
    })
  })

  test('is not recorded where the tape withholds what one exchange said, whatever came of the others', () => {
    for (const tape of [
      [hello, withheld],
      [withheld, hello, silent('messages/cut')],
    ])
      expect(verdictOn(tape, [right])).toMatchObject({ outcome: 'unjudged', why: 'not-recorded', blockedBy: [] })
    expect(verdictOn([withheld, wrongly], [right])?.outcome).toBe('broken')
  })

  test('nor does it matter what the model did in the others', () => {
    const excused = requirement('messages/content-blocks', {
      ...about,
      every: 'message',
      unless: () => true,
      check: () => [wrong],
    })
    expect(verdictOn([withheld, hello], [excused])).toMatchObject({ outcome: 'unjudged', why: 'not-recorded' })
  })

  test('is unjudged where no exchange is of its kind', () => {
    const counted = requirement('tokens/counted', { ...about, every: 'count', check: () => [] })
    expect(verdictOn([hello], [counted])).toMatchObject({
      outcome: 'unjudged',
      why: 'nothing-of-its-kind',
      blockedBy: [],
    })
  })

  test('is unjudged where the tape is empty', () => {
    expect(verdictOn([], [right])).toMatchObject({ outcome: 'unjudged', why: 'nothing-of-its-kind' })
  })

  test('where narrows what it is judged on', () => {
    const ofCalls = requirement('tools/shape', {
      ...about,
      every: 'message',
      where: ({ content }, { fixture }) => content.some(({ type }) => type === 'tool_use') && fixture !== 'not this',
      check: () => [wrong],
    })
    expect(verdictOn([hello], [ofCalls])).toMatchObject({ outcome: 'unjudged', why: 'nothing-of-its-kind' })
    expect(verdictOn([hello, served('tools/single', call), served('not this', call)], [ofCalls])).toMatchObject({
      outcome: 'broken',
      findings: [{ ...wrong, fixture: 'tools/single' }],
    })
  })

  test('a may is noted, with and without findings', () => {
    const noted = { ...right, level: 'may' } as const
    expect(verdictOn([wrongly], [noted])).toMatchObject({
      outcome: 'noted',
      findings: [{ ...wrong, fixture: 'messages/hello' }],
    })
    expect(verdictOn([hello], [noted])).toMatchObject({ outcome: 'noted', findings: [] })
  })

  test('a verdict says what its requirement says of itself', () => {
    const hint = { ...right, level: 'should', profile: 'full', hint: true } as const
    expect(verdictOn([wrongly], [hint])).toMatchObject({
      level: 'should',
      profile: 'full',
      hint: true,
      outcome: 'broken',
    })
    expect(verdictOn([hello], [right])).not.toHaveProperty('hint')
  })

  test('what another endpoint answers is nothing to judge it by', () => {
    const elsewhere = { ...wrongly, sent: { ...wrongly.sent, path: '/v1/chat/completions' } }
    expect(verdictOn([hello, elsewhere], [right])?.outcome).toBe('holds')
    expect(verdictOn([elsewhere], [right])).toMatchObject({ outcome: 'unjudged', why: 'nothing-of-its-kind' })
    const answers = requirement('errors/plain-message', { ...about, every: 'answer', check: () => [wrong] })
    expect(verdictOn([elsewhere], [answers])).toMatchObject({ outcome: 'unjudged', why: 'nothing-of-its-kind' })
  })

  test('that made the upstream fail is judged as the error it is', () => {
    const staged = refused('upstream/overloaded', 529, 'overloaded_error', { upstream: 'reference' })
    const errors = requirement('errors/plain-message', { ...about, every: 'error', check: () => [wrong] })
    expect(verdictOn([hello, staged], [errors])?.findings).toEqual([{ ...wrong, fixture: 'upstream/overloaded' }])
  })

  test('what made the upstream fail is nothing to judge it by', () => {
    const staged = { ...wrongly, upstream: 'reference' } as const
    expect(verdictOn([hello, staged], [right])?.outcome).toBe('holds')
    expect(verdictOn([staged], [right])).toMatchObject({ outcome: 'unjudged', why: 'nothing-of-its-kind' })
  })

  test('recorded traffic is judged as well', () => {
    expect(verdictOn([{ ...wrongly, fixture: 'entry 1', origin: 'recorded' }], [right])).toMatchObject({
      outcome: 'broken',
      findings: [{ fixture: 'entry 1' }],
    })
  })
})

describe('why nothing could be judged', () => {
  const busy = exchangeOf(
    'tools/single',
    answered({ type: 'error', error: { type: 'rate_limit_error' } }, { status: 429 }),
  )
  const image = refused('vision/colour', 400)
  const again = refused('tools/single', 400)

  test.for<[name: string, tape: readonly Exchange[], why: string]>([
    ['429', [busy], 'rate-limited'],
    ['529', [refused('tools/single', 529, 'overloaded_error')], 'rate-limited'],
    ['429 in a stream', [refused('tools/single:stream', 429, 'rate_limit_error')], 'rate-limited'],
    ['silence', [silent('tools/single')], 'no-answer'],
    ['a refusal', [image], 'nothing-of-its-kind'],
    ['429, then a refusal', [busy, image], 'rate-limited'],
    ['a refusal, then 429', [image, busy], 'rate-limited'],
    ['silence, then a refusal', [silent('tools/single'), image], 'no-answer'],
    ['silence, then an answer to the same', [silent('tools/single'), again], 'nothing-of-its-kind'],
    ['429, then an answer to the same', [busy, again], 'nothing-of-its-kind'],
    ['silence, 429, and an answer to one', [silent('tools/choice-any'), busy, again], 'no-answer'],
  ])('%s', ([, tape, why]) => {
    expect(verdictOn(tape, [right])).toMatchObject({ outcome: 'unjudged', why })
  })

  test('what was judged elsewhere is judged', () => {
    expect(verdictOn([busy, hello], [right])?.outcome).toBe('holds')
    expect(verdictOn([wrongly, busy], [right])?.outcome).toBe('broken')
  })
})

describe('a requirement over each exchange, after another one', () => {
  /** Broken by each message without a word. */
  const first = requirement('messages/shape', {
    ...about,
    every: 'message',
    *check(message) {
      if (textOf(message) === '') yield wrong
    },
  })
  const then = requirement('messages/content-blocks', {
    ...about,
    every: 'message',
    after: ['messages/shape'],
    *check(message) {
      if (textOf(message) !== 'Hello!') yield wrong
    },
  })
  const wordless = served('messages/cut', saying(''))

  test('waits where that is broken on the same exchange', () => {
    expect(verdictOn([wordless], [first, then])).toMatchObject({
      outcome: 'unjudged',
      why: 'prerequisite',
      blockedBy: ['messages/shape'],
    })
  })

  test('is judged on the exchanges where that holds', () => {
    const verdict = verdictOn([wordless, wrongly], [first, then])
    expect(verdict).toMatchObject({ outcome: 'broken', findings: [{ fixture: 'messages/hello' }] })
    expect(verdict?.findings).toHaveLength(1)
  })

  test('waits where that waits itself', () => {
    const third = requirement('messages/stop-reason-own', {
      ...about,
      every: 'message',
      after: ['messages/content-blocks'],
      check: () => [wrong],
    })
    // For the sake of what stands in that one's way, and not of that one.
    expect(verdictOn([wordless], [first, then, third])?.blockedBy).toEqual(['messages/shape'])
  })

  test('does not wait for what has no subject there', () => {
    const ofCalls = requirement('messages/shape', {
      ...about,
      every: 'message',
      where: ({ content }) => content.some(({ type }) => type === 'tool_use'),
      check: () => [wrong],
    })
    expect(verdictOn([hello], [ofCalls, then])?.outcome).toBe('holds')
  })

  test('does not wait for what is not in the catalogue', () => {
    expect(verdictOn([hello], [then])?.outcome).toBe('holds')
  })

  test('each is checked once an exchange, however many come after it, and in whatever order they stand', () => {
    const checked: string[] = []
    const counting = requirement('messages/shape', {
      ...about,
      every: 'message',
      check(_, { fixture }) {
        checked.push(fixture)
        return []
      },
    })
    verdictsOn([hello, wordless], [then, counting, { ...then, id: 'messages/stop-reason-own' }])
    expect(checked).toEqual(['messages/hello', 'messages/cut'])
  })
})

describe('a requirement that vouches for a view', () => {
  const vouching = requirement('messages/shape', { ...about, vouches: 'message' })
  const nameless = served('messages/cut', { id: 7 as never })
  const uncounted = served('messages/cut', { usage: {} as never })

  test('holds where the view is there', () => {
    expect(verdictOn([hello], [vouching])?.outcome).toBe('holds')
  })

  test('is broken by the refusals that are its own', () => {
    expect(verdictOn([hello, nameless], [vouching])).toMatchObject({
      outcome: 'broken',
      findings: [{ fixture: 'messages/cut', at: '/id', expected: 'string', actual: '7' }],
    })
  })

  test('is broken by its own although others refuse as well', () => {
    const both = served('messages/cut', { id: 7 as never, usage: {} as never })
    expect(verdictOn([both], [vouching])?.findings.map(({ at }) => at)).toEqual(['/id'])
  })

  test('holds where others find something, and waits where they refuse all', () => {
    expect(verdictOn([hello, uncounted], [vouching])?.outcome).toBe('holds')
    expect(verdictOn([unreadable], [vouching])).toMatchObject({
      outcome: 'unjudged',
      why: 'prerequisite',
      blockedBy: ['transport/whole'],
    })
  })

  test('waits where the part it is about could not be read', () => {
    const ofContent = { ...vouching, part: 'content' } as const
    const cut = exchangeOf('messages/cut:stream', {
      ...answered(eventStream([event.start(), event.block(0)])),
      ends: 'cut',
    })
    expect(verdictOn([cut], [ofContent])).toMatchObject({ outcome: 'unjudged', blockedBy: ['transport/whole'] })
    expect(verdictOn([hello, cut], [vouching])?.counts).toMatchObject({ holds: 2, blocked: 0 })
  })

  test('says why the view was not there', () => {
    expect(verdictOn([refused('messages/hello', 429, 'rate_limit_error')], [vouching])?.why).toBe('rate-limited')
    expect(verdictOn([silent('messages/hello')], [vouching])?.why).toBe('no-answer')
  })

  test('counts for what comes after it', () => {
    const then = requirement('messages/content-blocks', {
      ...about,
      every: 'answer',
      after: ['messages/shape'],
      check: () => [],
    })
    expect(verdictOn([nameless], [vouching, then])?.blockedBy).toEqual(['messages/shape'])
    expect(verdictOn([unreadable], [vouching, then])?.blockedBy).toEqual(['transport/whole'])
    expect(verdictOn([hello, uncounted], [vouching, then])?.outcome).toBe('holds')
    expect(verdictOn([hello], [vouching, then])?.outcome).toBe('holds')
  })
})

describe('the anchor: nothing holds on a tape without one valid Message', () => {
  const answers = requirement('messages/json', { ...about, every: 'answer', check: () => [] })
  const envelope = requirement('errors/envelope', { ...about, vouches: 'error' })
  const noted = requirement('messages/served', { ...about, level: 'may', every: 'answer', check: () => [wrong] })
  const never = requirement('messages/content-type', { ...about, every: 'answer', check: () => [wrong] })
  const seldom = { ...never, id: 'messages/own-protocol', level: 'should' } as const
  const catalogue = [answers, envelope, noted, never, seldom]

  test('what would hold or be noted waits for the broken musts; what is broken stays so', () => {
    const verdicts = verdictsOn([refused('messages/hello', 401, 'authentication_error')], catalogue)
    const waits = { outcome: 'unjudged', why: 'prerequisite', blockedBy: ['messages/content-type'], findings: [] }
    expect(verdicts.get('messages/json')).toMatchObject(waits)
    expect(verdicts.get('errors/envelope')).toMatchObject(waits)
    expect(verdicts.get('messages/served')).toMatchObject(waits)
    expect(verdicts.get('messages/content-type')?.outcome).toBe('broken')
    expect(verdicts.get('messages/own-protocol')?.outcome).toBe('broken')
  })

  test('one Message anywhere is enough, streamed or recorded', () => {
    const wrongKey = refused('messages/cut', 401, 'authentication_error')
    for (const anchor of [
      hello,
      served('messages/hello:stream'),
      { ...hello, fixture: 'entry 1', origin: 'recorded' as const },
    ])
      expect(verdictsOn([wrongKey, anchor, wrongKey], catalogue).get('errors/envelope')?.outcome).toBe('holds')
  })

  test('a Message in answer to a request that is wrong on purpose is none', () => {
    const tape = [refused('messages/cut', 401, 'authentication_error'), hello]
    const isWrong = (name: string): boolean => name === 'messages/hello'
    expect(verdictsOn(tape, catalogue).get('errors/envelope')?.outcome).toBe('holds')
    expect(verdictsOn(tape, catalogue, { isWrong }).get('errors/envelope')?.outcome).toBe('unjudged')
  })

  test('a Message while the upstream was made to fail is none', () => {
    const staged = { ...hello, upstream: 'reference' } as const
    expect(verdictsOn([staged, silent('messages/hello')], catalogue).get('messages/json')?.outcome).not.toBe('holds')
    const served = requirement('messages/served', { ...about, reads: { 'messages/hello': 'answer' }, check: () => [] })
    expect(verdictOn([staged], [served])?.outcome).toBe('unjudged')
  })
})

describe('a verdict is given', () => {
  test('on all of the catalogue, in its order', () => {
    const other = { ...right, id: 'messages/shape' } as const
    expect([...verdictsOn([hello], [right, other]).keys()]).toEqual(['messages/content-blocks', 'messages/shape'])
  })

  test('on what is selected; what it comes after is looked up all the same', () => {
    const broken = requirement('messages/shape', { ...about, every: 'message', check: () => [wrong] })
    const then = { ...right, after: ['messages/shape'] } as const
    const verdicts = verdictsOn([hello], [broken, then], { selected: new Set(['messages/content-blocks']) })
    expect([...verdicts.keys()]).toEqual(['messages/content-blocks'])
    expect(verdicts.get('messages/content-blocks')?.blockedBy).toEqual(['messages/shape'])
  })
})

describe('a mistake of ours accuses nobody', () => {
  const mistake = new Error('ours')
  const failOn = (fixture: string): Finding[] => {
    if (fixture === 'messages/cut') throw mistake
    return []
  }
  const throwing = requirement('messages/shape', {
    ...about,
    every: 'message',
    check: (_, { fixture }) => failOn(fixture),
  })
  const then = { ...right, after: ['messages/shape'] } as const
  const cut = served('messages/cut')
  const catalogue = [throwing, then]

  test('a check that throws leaves its requirement unjudged, though it holds elsewhere', () => {
    expect(verdictOn([hello, cut], [throwing])).toMatchObject({ outcome: 'unjudged', why: 'error', findings: [] })
    expect(verdictOn([hello], [throwing])?.outcome).toBe('holds')
  })

  test('also one that had found something', () => {
    const both = requirement('messages/shape', {
      ...about,
      every: 'message',
      check: (_, { fixture }) => [...failOn(fixture), wrong],
    })
    expect(verdictOn([hello, cut], [both])).toMatchObject({ outcome: 'unjudged', why: 'error', findings: [] })
  })

  test('what comes after it waits, on that exchange', () => {
    expect(verdictOn([cut], catalogue)).toMatchObject({ why: 'prerequisite', blockedBy: ['messages/shape'] })
    expect(verdictOn([hello], catalogue)?.outcome).toBe('holds')
  })

  test('a check that reads and throws leaves its requirement unjudged, and what comes after it as well', () => {
    const reads = requirement('messages/cut-says-so', {
      ...about,
      reads: { 'messages/hello': 'message' },
      check() {
        throw mistake
      },
    })
    const after = { ...reading, after: ['messages/cut-says-so'] } as const
    expect(verdictOn([hello], [reads])).toMatchObject({ outcome: 'unjudged', why: 'error', blockedBy: [] })
    expect(verdictOn([hello], [reads, after])).toMatchObject({ why: 'error', blockedBy: ['messages/cut-says-so'] })
  })

  test('what was thrown is handed on, each with its requirement, up to as many as are kept of findings', () => {
    expect(judge([hello, cut], { catalogue }).failures).toEqual([{ id: 'messages/shape', error: mistake }])
    expect(
      judge(
        Array.from({ length: 30 }, () => ({ ...cut })),
        { catalogue },
      ).failures,
    ).toHaveLength(20)
    expect(judge([hello], { catalogue }).failures).toEqual([])
  })

  test('an exchange that cannot be looked at leaves all others judged', () => {
    const broken = { ...hello, fixture: 'messages/cut', came: null as never }
    const { verdicts, failures } = judge([broken, hello], { catalogue: [right, reading] })
    expect(verdicts).toMatchObject([{ outcome: 'unjudged', why: 'error' }, { outcome: 'holds' }])
    expect(failures.map(({ id }) => id)).toEqual(['messages/content-blocks'])
  })

  test('nor does one anchor the tape', () => {
    const broken = { ...hello, fixture: 'messages/cut', came: null as never }
    const answers = requirement('messages/served', { ...about, reads: { 'messages/hello': 'answer' }, check: () => [] })
    expect(verdictOn([broken, refused('messages/hello', 401)], [answers])?.outcome).toBe('unjudged')
  })

  test('a gate that cannot be decided is unjudged', () => {
    const gate = requirement('tools/offered', { ...about, gates: 'tools', probe: ['tools/single'] })
    const broken = { ...hello, fixture: 'tools/single', came: null as never }
    const { verdicts, failures } = judge([hello, broken], { catalogue: [gate] })
    expect(verdicts).toMatchObject([{ outcome: 'unjudged', why: 'error' }])
    expect(failures.map(({ id }) => id)).toEqual(['tools/offered'])
  })
})

/** Judged by its name: broken where the message says wrong. */
const reading = requirement('messages/served', {
  ...about,
  reads: { 'messages/hello': 'message' },
  *check({ 'messages/hello': message }) {
    if (textOf(message) === 'wrong') yield { ...wrong, fixture: 'messages/hello' }
  },
})

const pair = requirement('tools/same-in-both-modes', {
  ...about,
  reads: { 'tools/single': 'message', 'tools/single:stream': 'message' },
  *check(
    { 'tools/single': json, 'tools/single:stream': stream },
    { 'tools/single': { fixture, attempt }, 'tools/single:stream': other },
  ) {
    if (textOf(json) !== textOf(stream))
      yield {
        fixture: 'tools/single:stream' as const,
        at: '/content',
        expected: `${textOf(json)} of ${fixture}, try ${attempt}`,
        actual: `${textOf(stream)} of ${other.fixture}`,
      }
  },
})
const json = served('tools/single')
const stream = served('tools/single:stream')

describe('a requirement that reads exchanges by name', () => {
  test('is not recorded where the tape withholds one of them, and reads its status all the same', () => {
    const reading = (view: 'message' | 'answer'): Requirement =>
      requirement('messages/echo', { ...about, reads: { 'messages/unicode': view }, check: () => [] })
    expect(verdictOn([hello, withheld], [reading('message')])).toMatchObject({
      outcome: 'unjudged',
      why: 'not-recorded',
      blockedBy: [],
    })
    expect(verdictOn([hello, withheld], [reading('answer')])?.outcome).toBe('holds')
  })

  test('holds where its check finds nothing', () => {
    expect(verdictOn([json, stream], [pair])).toMatchObject({ outcome: 'holds', why: null, findings: [] })
  })

  test('is given each view, and each exchange; a finding says whose it is', () => {
    expect(verdictOn([served('tools/single:stream', saying('other')), json], [pair])).toMatchObject({
      outcome: 'broken',
      findings: [
        {
          fixture: 'tools/single:stream',
          at: '/content',
          expected: 'Hello! of tools/single, try 1',
          actual: 'other of tools/single:stream',
        },
      ],
    })
  })

  test('the last try of an exchange counts', () => {
    expect(verdictOn([wrongly, { ...hello, attempt: 2 }], [reading])?.outcome).toBe('holds')
    expect(verdictOn([hello, { ...wrongly, attempt: 2 }], [reading])?.outcome).toBe('broken')
  })

  test('other exchanges do not', () => {
    expect(verdictOn([hello, served('messages/cut', saying('wrong'))], [reading])?.outcome).toBe('holds')
  })

  test('keeps the first twenty findings', () => {
    const chatty = requirement('messages/served', {
      ...about,
      reads: { 'messages/hello': 'message' },
      check: () => Array.from({ length: 30 }, () => ({ ...wrong, fixture: 'messages/hello' as const })),
    })
    expect(verdictOn([hello], [chatty])?.findings).toHaveLength(20)
  })

  test('is not asked where an exchange was never made', () => {
    expect(verdictOn([json], [pair])).toMatchObject({ outcome: 'unjudged', why: 'not-asked', blockedBy: [] })
  })

  test('is not recorded on a tape of others, which has no names of ours', () => {
    const recorded = { ...hello, origin: 'recorded' } as const
    expect(verdictOn([recorded], [reading])).toMatchObject({ outcome: 'unjudged', why: 'not-recorded' })
  })

  test('waits for what the views refused, all of it', () => {
    const tape = [
      served('tools/single', { usage: {} as never }),
      exchangeOf('tools/single:stream', answered(eventStream([event.last]))),
      hello,
    ]
    expect(verdictOn(tape, [pair])).toMatchObject({
      outcome: 'unjudged',
      why: 'prerequisite',
      blockedBy: ['streaming/begins', 'streaming/message-delta'],
    })
  })

  describe('whose JSON cannot be read', () => {
    const empty = exchangeOf('tools/single', answered(''))
    const other = served('tools/single:stream', saying('other'))
    const alone = requirement('tools/served', {
      ...about,
      reads: { 'tools/single': 'message' },
      *check(read) {
        yield* each(read, () => [wrong])
      },
    })

    test('reads the stream of the same question, and says so', () => {
      expect(verdictOn([hello, empty, other], [alone])).toMatchObject({
        outcome: 'broken',
        findings: [{ ...wrong, fixture: 'tools/single:stream' }],
      })
      expect(verdictOn([hello, empty], [alone])).toMatchObject({ outcome: 'unjudged', why: 'prerequisite' })
    })

    test('not where there is an answer in JSON', () => {
      expect(verdictOn([json, other], [alone])?.findings).toMatchObject([{ fixture: 'tools/single' }])
    })

    test('nor where the two are compared, or where how it came is what it is about', () => {
      expect(verdictOn([hello, empty, other], [pair])).toMatchObject({ outcome: 'unjudged', why: 'prerequisite' })
      const cut = { ...unreadable, fixture: 'tools/single' }
      const asText = requirement('tools/served', { ...about, reads: { 'tools/single': 'text' }, check: () => [] })
      expect(verdictOn([hello, cut, other], [asText])).toMatchObject({ outcome: 'unjudged', why: 'prerequisite' })
    })

    test('nor where it got no answer, which says nothing of its JSON', () => {
      expect(verdictOn([hello, silent('tools/single'), other], [alone])).toMatchObject({
        outcome: 'unjudged',
        why: 'no-answer',
      })
    })
  })

  test('lists what it could not read, and judges the rest', () => {
    const tape = [hello, served('tools/single', call), silent('tools/single:stream')]
    const both = requirement('tools/served', {
      ...about,
      reads: { 'tools/single': 'message', 'tools/single:stream': 'message' },
      *check(read) {
        yield* each(read, () => [wrong])
      },
    })
    expect(verdictOn(tape, [both])).toMatchObject({
      outcome: 'broken',
      findings: [{ fixture: 'tools/single' }],
      unread: [{ fixture: 'tools/single:stream', why: 'no-answer', blockedBy: [] }],
    })
  })

  test('over each exchange, too, what was found before a hole counts', () => {
    const holey = served('messages/cut', { content: [{ type: 'text' }] as never })
    const found = requirement('messages/stop-reason-own', {
      ...about,
      every: 'message',
      *check(message) {
        yield wrong
        if (textOf(message) === 'wrong') yield wrong
      },
    })
    expect(verdictOn([holey], [found])).toMatchObject({ outcome: 'broken', findings: [{ fixture: 'messages/cut' }] })
  })

  test('goes round an exchange that has a hole where the check looks', () => {
    const tape = [hello, served('messages/cut', { content: [{ type: 'text' }] as never })]
    const both = requirement('messages/served', {
      ...about,
      reads: { 'messages/hello': 'message', 'messages/cut': 'message' },
      *check(read) {
        yield* each(read, (message) => (textOf(message) === 'wrong' ? [wrong] : []))
      },
    })
    expect(verdictOn(tape, [both])).toMatchObject({
      outcome: 'holds',
      unread: [{ fixture: 'messages/cut', why: 'prerequisite', blockedBy: ['messages/content-blocks'] }],
    })
    expect(verdictOn(tape.slice(1), [both])?.blockedBy).toEqual(['messages/content-blocks'])
  })

  test('where the model did not do what could be judged, it is unjudged', () => {
    const lazy = requirement('messages/served', {
      ...about,
      reads: { 'messages/hello': 'message' },
      unless: ({ 'messages/hello': message }) => textOf(message) !== 'wrong',
      check: () => [{ ...wrong, fixture: 'messages/hello' as const }],
    })
    expect(verdictOn([hello], [lazy])).toMatchObject({ outcome: 'unjudged', why: 'model' })
    expect(verdictOn([wrongly], [lazy])?.outcome).toBe('broken')
  })

  test('an exchange in which the model did not do what could be judged is not read, and the others are', () => {
    const lazyIn = (name: string) =>
      requirement('tools/same-in-both-modes', {
        ...about,
        reads: { 'tools/single': 'message', 'tools/single:stream': 'message' },
        unlessIn: (message, exchange, fixture) =>
          fixture === name && exchange.fixture === name && message.content.length > 0,
        *check(messages) {
          yield* each(messages, () => [wrong])
        },
      })
    expect(verdictOn([json, stream], [lazyIn('tools/single')])).toMatchObject({
      outcome: 'broken',
      findings: [{ fixture: 'tools/single:stream' }],
      unread: [{ fixture: 'tools/single', why: 'model', blockedBy: [] }],
    })
    const both = { ...lazyIn(''), unlessIn: () => true } as Requirement
    expect(verdictOn([json, stream], [both])).toMatchObject({ outcome: 'unjudged', why: 'model', findings: [] })
  })

  const overloaded = answered(eventStream([event.error]))
  test.for<[name: string, exchange: Exchange, why: string]>([
    ['no answer', silent('tools/single:stream'), 'no-answer'],
    ['429', refused('tools/single:stream', 429, 'rate_limit_error'), 'rate-limited'],
    ['529', refused('tools/single:stream', 529, 'overloaded_error'), 'rate-limited'],
    ['an error event that says so', exchangeOf('tools/single:stream', overloaded), 'rate-limited'],
  ])('is unjudged where one exchange got %s', ([, exchange, why]) => {
    expect(verdictOn([json, exchange], [pair])).toMatchObject({ outcome: 'unjudged', why, blockedBy: [] })
  })

  test('waits for whoever judges that an exchange was served, where it was not', () => {
    const isServed = requirement('tools/characters-kept', {
      ...about,
      reads: { 'messages/cut': 'message', 'tools/single': 'answer' },
      check: () => [],
    })
    const gate = requirement('tools/offered', {
      ...about,
      gates: 'tools',
      probe: ['tools/single', 'tools/unicode'],
    })
    const otherGate = requirement('vision/offered', { ...about, gates: 'vision', probe: ['vision/colour'] })
    const other = requirement('tools/shape', { ...about, reads: { 'tools/unicode': 'answer' }, check: () => [] })
    const asMessage = requirement('tools/stop-reason', {
      ...about,
      reads: { 'tools/single': 'message' },
      check: () => [],
    })
    const catalogue = [isServed, gate, otherGate, other, asMessage, right, pair]
    expect(verdictOn([refused('tools/single', 404, 'not_found_error'), stream, hello], catalogue)).toMatchObject({
      outcome: 'unjudged',
      why: 'prerequisite',
      blockedBy: ['tools/characters-kept', 'tools/offered'],
    })
  })

  test('where nobody else judges that, it is unjudged by itself', () => {
    const self = requirement('messages/served', {
      ...about,
      reads: { 'messages/hello': 'answer', 'messages/hello:stream': 'message' },
      *check({ 'messages/hello:stream': message }) {
        if (textOf(message) !== 'wrong') yield { ...wrong, fixture: 'messages/hello' }
      },
    })
    expect(verdictOn([hello, refused('messages/hello:stream', 500, 'api_error')], [self])).toMatchObject({
      outcome: 'unjudged',
      why: 'nothing-of-its-kind',
      blockedBy: [],
    })
  })

  test('that made the upstream fail reads what became of it', () => {
    const kept = requirement('upstream/overload-retryable', {
      ...about,
      reads: { 'upstream/overloaded': 'error' },
      check: ({ 'upstream/overloaded': { error } }) => [
        { fixture: 'upstream/overloaded', at: '/error/type', expected: 'another', actual: error.type },
      ],
    })
    const staged = { upstream: 'reference' } as const
    expect(
      verdictOn([hello, refused('upstream/overloaded', 529, 'overloaded_error', staged)], [kept])?.findings,
    ).toMatchObject([{ actual: 'overloaded_error' }])
    expect(verdictOn([hello, silent('upstream/overloaded', staged)], [kept])).toMatchObject({
      outcome: 'unjudged',
      why: 'no-answer',
    })
  })
})

describe('what a model did not do is not the gateway\u2019s breach', () => {
  const settles = { settles: 'tool_use' } as const

  test('an exchange that did not get where it should: model', () => {
    const tape = [served('tools/single', call, settles), served('tools/single:stream', {}, settles)]
    expect(verdictOn(tape, [pair])).toMatchObject({ outcome: 'unjudged', why: 'model', blockedBy: [] })
  })

  test('an exchange that got there is judged', () => {
    const tape = [served('tools/single', call, settles), served('tools/single:stream', call, settles), hello]
    expect(verdictOn(tape, [pair])?.outcome).toBe('holds')
  })

  test('whether it was served at all is judged all the same', () => {
    const isServed = requirement('tools/offered', { ...about, reads: { 'tools/single': 'answer' }, check: () => [] })
    expect(verdictOn([served('tools/single', {}, settles)], [isServed])?.outcome).toBe('holds')
  })

  const canary = { canary: 'word', values: { word: 'MARIGOLD' } } as const
  const unsaid = requirement('messages/served', {
    ...about,
    reads: { 'messages/hello': 'message' },
    check: () => [{ ...wrong, fixture: 'messages/hello' as const }],
  })
  test.for<[name: string, exchange: Exchange, outcome: string, why: string | null]>([
    [
      'cut before its word: model',
      served('messages/hello', { stop_reason: 'max_tokens' }, canary),
      'unjudged',
      'model',
    ],
    [
      'refused without its word: model',
      served('messages/hello', { stop_reason: 'refusal' }, canary),
      'unjudged',
      'model',
    ],
    [
      'cut behind its word',
      served('messages/hello', saying('marigold it', { stop_reason: 'max_tokens' }), canary),
      'broken',
      null,
    ],
    ['done without its word', served('messages/hello', {}, canary), 'broken', null],
    ['cut, and no word was asked for', served('messages/hello', { stop_reason: 'max_tokens' }), 'broken', null],
  ])('a canary %s', ([, exchange, outcome, why]) => {
    expect(verdictOn([exchange], [unsaid])).toMatchObject({ outcome, why })
  })
})

describe('a requirement that reads, after another one', () => {
  const first = (findings: readonly Finding[], more: { level?: Level; hint?: true } = {}): Requirement =>
    requirement('messages/cut-says-so', {
      ...about,
      ...more,
      reads: { 'messages/cut': 'message' },
      check: () => findings.map((finding) => ({ ...finding, fixture: 'messages/cut' as const })),
    })
  const then = { ...reading, level: 'should', profile: 'full', after: ['messages/cut-says-so'] } as const
  const tape = [wrongly, served('messages/cut')]

  test('is judged where that holds', () => {
    expect(verdictOn(tape, [first([]), then])?.outcome).toBe('broken')
  })

  test('waits where that is broken', () => {
    expect(verdictOn(tape, [first([wrong]), then])).toEqual({
      id: 'messages/served',
      level: 'should',
      profile: 'full',
      outcome: 'unjudged',
      why: 'prerequisite',
      blockedBy: ['messages/cut-says-so'],
      findings: [],
    })
  })

  test('is unjudged for the same reason where that is', () => {
    expect(verdictOn([wrongly, refused('messages/cut', 429, 'rate_limit_error')], [first([]), then])).toMatchObject({
      id: 'messages/served',
      level: 'should',
      profile: 'full',
      outcome: 'unjudged',
      why: 'rate-limited',
      blockedBy: ['messages/cut-says-so'],
    })
  })

  test('is not applicable where that is not, and none of its properties cling to it', () => {
    const gate = requirement('tools/offered', { ...about, gates: 'tools', probe: ['tools/single'] })
    const before = first([], { hint: true })
    const without = [wrongly, served('messages/cut', {}, { needs: ['tools'] }), refused('tools/single', 400)]
    const verdict = verdictOn(without, [gate, before, then])
    expect(verdict).toMatchObject({ id: 'messages/served', level: 'should', outcome: 'not-applicable', blockedBy: [] })
    expect(verdict).not.toHaveProperty('hint')
  })

  test('a control the model did not meet gives the model as the reason', () => {
    expect(verdictOn(tape, [first([wrong], { level: 'may' }), then])).toMatchObject({
      outcome: 'unjudged',
      why: 'model',
      blockedBy: ['messages/cut-says-so'],
    })
    expect(verdictOn(tape, [first([], { level: 'may' }), then])?.outcome).toBe('broken')
  })

  test('one over each exchange counts on those it reads, and on no other', () => {
    const after = { ...reading, after: ['messages/content-blocks'] } as const
    const elsewhere = [hello, served('messages/cut', saying('wrong'))]
    expect(verdictOn(elsewhere, [right, after])?.outcome).toBe('holds')
    expect(verdictOn([wrongly], [right, after])).toMatchObject({
      outcome: 'unjudged',
      why: 'prerequisite',
      blockedBy: ['messages/content-blocks'],
    })
  })

  test('one over each exchange is in the way where it is broken on any of them', () => {
    const both = requirement('messages/served', {
      ...about,
      after: ['messages/content-blocks'],
      reads: { 'messages/hello': 'message', 'messages/cut': 'message' },
      *check({ 'messages/hello': one, 'messages/cut': other }) {
        if (textOf(one) === textOf(other)) yield { ...wrong, fixture: 'messages/cut' }
      },
    })
    expect(verdictOn(tape, [right, both])?.blockedBy).toEqual(['messages/content-blocks'])
  })

  test('what was found in the other mode alone is not in the way of what reads one mode', () => {
    const inBoth = (found: 'messages/cut' | 'messages/cut:stream'): Requirement =>
      requirement('messages/cut-says-so', {
        ...about,
        reads: { 'messages/cut': 'message', 'messages/cut:stream': 'message' },
        check: () => [{ ...wrong, fixture: found }],
      })
    const streamed = served('messages/cut:stream')
    expect(verdictOn([...tape, streamed], [inBoth('messages/cut:stream'), then])?.outcome).toBe('broken')
    const blockedBy = ['messages/cut-says-so']
    expect(verdictOn([...tape, streamed], [inBoth('messages/cut'), then])).toMatchObject({ blockedBy })
    // Nobody saw that it holds in the mode that is read.
    const unseen = [wrongly, refused('messages/cut', 400), streamed]
    expect(verdictOn(unseen, [inBoth('messages/cut:stream'), then])).toMatchObject({ blockedBy })
  })

  test('nor is a gate that is broken in the other mode alone', () => {
    const gate = requirement('tools/offered', {
      ...about,
      gates: 'tools',
      probe: ['tools/single', 'tools/single:stream'],
    })
    const after = { ...then, after: ['tools/offered'] } as const
    const inStream = [wrongly, served('tools/single'), refused('tools/single:stream', 500)]
    expect(verdictOn(inStream, [gate, after])?.outcome).toBe('broken')
    const inJson = [wrongly, refused('tools/single', 500), served('tools/single:stream')]
    expect(verdictOn(inJson, [gate, after])).toMatchObject({ blockedBy: ['tools/offered'] })
  })

  test('does not wait for what is not in the catalogue', () => {
    expect(verdictOn(tape, [then])?.outcome).toBe('broken')
  })

  test('the first that stands in the way is named', () => {
    const both = { ...then, after: ['messages/content-blocks', 'messages/cut-says-so'] } as const
    expect(verdictOn(tape, [right, first([wrong]), both])?.blockedBy).toEqual(['messages/content-blocks'])
  })
})

describe('an exchange that is not on the tape because of the turn it would have sent back', () => {
  const follows: Readonly<Record<string, string>> = {
    'tools/result': 'tools/single',
    'vision/in-tool-result': 'tools/result',
  }
  const followedBy = (name: string): string | undefined => follows[name]
  const result = requirement('output/history-read', {
    ...about,
    reads: { 'tools/result': 'message', 'messages/hello': 'message' },
    *check({ 'tools/result': message }) {
      if (textOf(message) === 'wrong') yield { ...wrong, fixture: 'tools/result' }
    },
  })
  const kept = requirement('tools/characters-kept', { ...about, reads: { 'tools/single': 'message' }, check: () => [] })
  const gate = requirement('tools/offered', { ...about, gates: 'tools', probe: ['tools/single'] })
  const on = (tape: readonly Exchange[], last: Requirement = result): Verdict | undefined =>
    verdictOn([hello, ...tape], [gate, kept, last], { followedBy })

  test('that turn calls no tool: model', () => {
    expect(on([json])).toMatchObject({ outcome: 'unjudged', why: 'model', blockedBy: [] })
  })

  test('that turn never came', () => {
    expect(on([silent('tools/single')])).toMatchObject({ outcome: 'unjudged', why: 'no-answer' })
    expect(on([refused('tools/single', 429, 'rate_limit_error')])).toMatchObject({
      outcome: 'unjudged',
      why: 'rate-limited',
    })
  })

  test('that turn is withheld from the tape', () => {
    expect(on([{ ...withheld, fixture: 'tools/single' }])).toMatchObject({ outcome: 'unjudged', why: 'not-recorded' })
  })

  test('that turn cannot be read', () => {
    const lost = served('tools/single', { content: [{ type: 'tool_use' }] as never })
    for (const [turn, by] of [
      [{ ...unreadable, fixture: 'tools/single' }, 'transport/whole'],
      [lost, 'tools/shape'],
    ] as const)
      expect(on([turn])).toMatchObject({ outcome: 'unjudged', why: 'prerequisite', blockedBy: [by] })
  })

  test('that turn was refused: whoever judges that it was served stands in the way', () => {
    expect(on([refused('tools/single', 500, 'api_error')])).toMatchObject({
      outcome: 'unjudged',
      why: 'prerequisite',
      blockedBy: ['tools/offered'],
    })
  })

  test('a requirement that judges that turn itself does not wait for itself', () => {
    const both = requirement('tools/results-served', {
      ...about,
      reads: { 'tools/single': 'answer', 'tools/result': 'message' },
      *check({ 'tools/result': message }) {
        if (textOf(message) === 'wrong') yield { ...wrong, fixture: 'tools/result' }
      },
    })
    expect(on([refused('tools/single', 500, 'api_error')], both)?.blockedBy).toEqual(['tools/offered'])
  })

  test('that turn was not asked for either, or not recorded', () => {
    expect(on([])).toMatchObject({ outcome: 'unjudged', why: 'not-asked' })
    expect(on([{ ...hello, origin: 'recorded' }])).toMatchObject({ outcome: 'unjudged', why: 'not-recorded' })
  })

  test('that turn is missing for the same reason: the turn before it counts', () => {
    const picture = requirement('output/history-read', {
      ...about,
      reads: { 'vision/in-tool-result': 'message' },
      check: () => [],
    })
    expect(on([silent('tools/single')], picture)).toMatchObject({ outcome: 'unjudged', why: 'no-answer' })
    expect(on([json], picture)).toMatchObject({ outcome: 'unjudged', why: 'model' })
    expect(on([], picture)).toMatchObject({ outcome: 'unjudged', why: 'not-asked' })
  })

  test('the capability of that turn is declined: not applicable', () => {
    const needsOf = (name: string): readonly Capability[] => (name === 'vision/in-tool-result' ? [] : ['tools'])
    const picture = requirement('output/history-read', {
      ...about,
      reads: { 'vision/in-tool-result': 'message' },
      check: () => [],
    })
    const tape = [hello, refused('tools/single', 400)]
    expect(verdictOn(tape, [gate, kept, picture], { followedBy, needsOf })?.outcome).toBe('not-applicable')
  })

  test('a capability it needs is declined: not applicable', () => {
    const needsOf = (name: string): readonly Capability[] => (name === 'tools/result' ? ['tools'] : [])
    const tape = [hello, refused('tools/single', 400)]
    expect(verdictOn(tape, [gate, kept, result], { followedBy, needsOf })?.outcome).toBe('not-applicable')
    expect(verdictOn(tape, [gate, kept, result], { followedBy })?.outcome).toBe('unjudged')
  })

  test('what stands in the way of several is named together, and what no one caused comes first', () => {
    const two = requirement('output/history-read', {
      ...about,
      reads: { 'tools/result': 'message', 'messages/cut': 'message' },
      check: () => [],
    })
    const refusedTurn = refused('tools/single', 500, 'api_error')
    expect(on([refusedTurn, { ...unreadable, fixture: 'messages/cut' }], two)).toMatchObject({
      why: 'prerequisite',
      blockedBy: ['tools/offered', 'transport/whole'],
    })
    expect(on([refusedTurn, silent('messages/cut')], two)).toMatchObject({ why: 'no-answer', blockedBy: [] })
  })
})

describe('a capability that was declined', () => {
  const gate = requirement('tools/offered', { ...about, gates: 'tools', probe: ['tools/single'] })
  const declined = refused('tools/single', 400)
  const needing = (name: string): Exchange => served(name, {}, { needs: ['vision', 'tools'] })

  test('takes what reads an exchange that needs it out of judgement', () => {
    expect(verdictOn([declined, needing('messages/hello')], [gate, reading])).toMatchObject({
      outcome: 'not-applicable',
      why: null,
    })
    expect(verdictOn([json, needing('messages/hello')], [gate, reading])?.outcome).toBe('holds')
  })

  test('takes what belongs to it out, wherever it has no subject', () => {
    const ofCalls = (more: { capability?: Capability }): Requirement =>
      requirement('tools/shape', {
        ...about,
        ...more,
        every: 'message',
        where: ({ content }) => content.some(({ type }) => type === 'tool_use'),
        check: () => [],
      })
    expect(verdictOn([declined, hello], [gate, ofCalls({ capability: 'tools' })])?.outcome).toBe('not-applicable')
    expect(verdictOn([declined, hello], [gate, ofCalls({})])?.outcome).toBe('unjudged')
    expect(verdictOn([declined, hello], [gate, ofCalls({ capability: 'vision' })])?.outcome).toBe('unjudged')
    expect(
      verdictOn([declined, hello, served('tools/unicode', call)], [gate, ofCalls({ capability: 'tools' })])?.outcome,
    ).toBe('holds')
  })

  test('counts wherever its gate stands in the catalogue', () => {
    const verdicts = verdictsOn([declined, needing('messages/hello')], [reading, gate])
    expect(verdicts.get('messages/served')?.outcome).toBe('not-applicable')
  })
})

describe('what was asked under a quirk of the upstream', () => {
  const under = (exchange: Exchange, quirk = 'chat/odd'): Exchange => ({
    ...exchange,
    fixture: `${exchange.fixture}@${quirk}`,
  })
  const read = requirement('messages/cut-says-so', {
    ...about,
    reads: { 'messages/hello': 'message', 'messages/cut': 'message' },
    *check(messages) {
      yield* each(messages, (message) => (textOf(message) === 'wrong' ? [wrong] : []))
    },
  })

  test('breaks what holds otherwise, and the finding says under which', () => {
    const tape = [hello, served('messages/cut'), under(wrongly), under(wrongly, 'chat/odder')]
    const findings = [
      { ...wrong, fixture: 'messages/hello@chat/odd' },
      { ...wrong, fixture: 'messages/hello@chat/odder' },
    ]
    expect(verdictOn(tape, [right])).toMatchObject({ outcome: 'broken', why: null, findings })
    expect(verdictOn(tape, [right])?.counts).toEqual({ holds: 2, broken: 2, blocked: 0, silent: [] })
    expect(verdictOn(tape, [read])).toMatchObject({ outcome: 'broken', findings })
  })

  test('is no other try of the same exchange: where that is broken, that is told', () => {
    const tape = [wrongly, served('messages/cut'), under(hello), under(wrongly, 'chat/odder')]
    for (const requirement of [right, read])
      expect(verdictOn(tape, [requirement])?.findings).toEqual([{ ...wrong, fixture: 'messages/hello' }])
  })

  test('holds by itself only what could be judged otherwise', () => {
    expect(verdictOn([served('messages/cut'), under(hello)], [read])).toMatchObject({ outcome: 'holds' })
    expect(verdictOn([hello, under(served('messages/cut'))], [read])?.unread).toEqual([
      { fixture: 'messages/cut', why: 'not-asked', blockedBy: [] },
    ])
  })

  test('counts as unanswered where no answer came', () => {
    const tape = [hello, served('messages/cut'), under(silent('messages/hello'))]
    const unanswered = [{ fixture: 'messages/hello@chat/odd', why: 'no-answer', blockedBy: [] }]
    expect(verdictOn(tape, [right])).toMatchObject({ outcome: 'holds', counts: { holds: 2, silent: unanswered } })
    expect(verdictOn(tape, [read])).toMatchObject({ outcome: 'holds', unread: unanswered })
  })

  test('has to offer what is offered otherwise', () => {
    const gate = requirement('tools/offered', { ...about, gates: 'tools', probe: ['tools/single'] })
    const offered = served('tools/single', call, { settles: 'tool_use' })
    const declined = refused('tools/single', 400)
    expect(verdictOn([offered, under(offered)], [gate])?.outcome).toBe('holds')
    expect(verdictOn([offered, under(declined)], [gate])).toMatchObject({
      outcome: 'broken',
      findings: [{ fixture: 'tools/single@chat/odd', at: 'status' }],
    })
    expect(verdictOn([hello, declined, under(declined)], [gate])?.outcome).toBe('not-applicable')
  })

  test('is a name like any other in what others recorded', () => {
    const recorded = { ...under(wrongly), origin: 'recorded' } as const
    expect(verdictOn([hello, recorded], [right])?.findings).toEqual([{ ...wrong, fixture: recorded.fixture }])
  })
})
