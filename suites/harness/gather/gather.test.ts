import { describe, expect, test } from 'vitest'
import { leavingOf, type Arrival } from '../../../fixtures/gateways/upstreams/arrivals.ts'
import type { Auth, Capability, ContentBlock, Fixture, RunEnding } from '../../../schemas/types.ts'
import { about, call, refused, saying, served } from '../../self/by-hand.ts'
import { answered } from '../views/examples.ts'
import type { GatesSubject, Requirement } from '../judge/requirement.ts'
import { redactor } from '../tape/redact.ts'
import { quirkOf, type Came, type Exchange, type Outgoing } from '../wire/exchange.ts'
import { lastMark } from '../wire/mark.ts'
import type { Target } from '../wire/target.ts'
import type { Behind } from './behind.ts'
import { gather, type First, type Gathered, type Stop, type ToGather } from './gather.ts'
import { usualLimits, type Limits } from './limits.ts'
import { parseName, type Step } from './plan.ts'

/* A scripted gateway: what it answers, try by try, and what must then be sent, waited for, recorded, and how it ends. */

/** What answers the tries of an exchange, in order; the last one goes on for ever. */
type Answers = Readonly<Record<string, readonly Said[]>>
/** A Came, or a function of what was sent. */
type Said = Came | ((outgoing: Outgoing) => Came | Promise<Came>)

interface Script {
  /** The exchanges of the plan and what is not usual of their fixtures. */
  readonly plan: Readonly<Record<string, Partial<Fixture>>>
  readonly answers?: Answers
  readonly limits?: Partial<Limits>
  readonly auth?: Auth
  readonly gates?: readonly (Requirement & GatesSubject)[]
  readonly preflight?: (first: First) => Stop | null
  readonly signal?: AbortSignal
  readonly record?: (exchange: Exchange) => void
  readonly secrets?: readonly string[]
  readonly behind?: Behind
}

interface Played extends Gathered {
  /** `name` of each request, in order. */
  readonly names: readonly string[]
  readonly outgoing: readonly Outgoing[]
  /** `name attempt`, and why it is another one, of each exchange recorded. */
  readonly tape: readonly string[]
  readonly exchanges: readonly Exchange[]
  /** Milliseconds of each pause. */
  readonly waits: readonly number[]
}

const right = served('any').came
const target: Target = {
  kind: 'gateway',
  baseUrl: 'http://gateway.test',
  model: 'claude-test',
  auth: 'bearer',
  key: 'key-4f8a7c2e9d1b6a3f',
  keyVariable: 'GATEWAY_API_KEY',
  headers: [],
  secrets: [],
  apiVersion: '2023-06-01',
}

function stepOf(name: string, given: Partial<Fixture>): Step {
  const fixture: Fixture = {
    about: 'made by hand',
    body: { model: '{{model}}', max_tokens: 10, messages: [{ role: 'user', content: 'Say {{word}}.' }] },
    ...given,
  }
  const dependsOn = [given.follows, given.afterwards].filter((other) => other !== undefined)
  const { quirk } = quirkOf(name)
  return {
    name,
    fixture,
    mode: parseName(name).mode,
    ...(quirk !== null && { quirk: { id: quirk, about: 'speaks oddly', touches: [] } }),
    dependsOn,
    paid: true,
    inputTokens: 5,
    outputTokens: 10,
  }
}

async function play(script: Script): Promise<Played> {
  const {
    plan,
    answers = {},
    limits = {},
    auth = 'bearer',
    gates = [],
    record,
    preflight,
    signal,
    secrets = [],
    behind,
  } = script
  const steps = Object.entries(plan).map(([name, given]) => stepOf(name, given))
  const outgoing: Outgoing[] = []
  const exchanges: Exchange[] = []
  const waits: number[] = []
  const tries = new Map<string, number>()
  const options: ToGather = {
    plan: {
      steps,
      gates,
      cost: {
        requests: steps.length,
        paidRequests: steps.length,
        inputTokens: 5 * steps.length,
        outputTokens: 10 * steps.length,
      },
    },
    target: { ...target, auth },
    transport: async (request) => {
      outgoing.push(request)
      const count = tries.get(request.fixture) ?? 0
      tries.set(request.fixture, count + 1)
      const said = answers[request.fixture] ?? [right]
      const now = said[Math.min(count, said.length - 1)] ?? right
      return typeof now === 'function' ? now(request) : now
    },
    limits: { ...usualLimits, concurrency: 1, ...limits },
    redactor: redactor(secrets),
    record: (exchange) => {
      exchanges.push(exchange)
      record?.(exchange)
    },
    signal: signal ?? new AbortController().signal,
    sleep: (milliseconds) => {
      waits.push(milliseconds)
      return Promise.resolve()
    },
    ...(preflight && { preflight }),
    ...(behind && { behind }),
  }
  const gathered = await gather(options)
  return {
    ...gathered,
    outgoing,
    names: outgoing.map(({ fixture }) => fixture),
    exchanges,
    tape: exchanges.map(({ fixture, attempt, retryOf }) => [fixture, attempt, retryOf].filter(Boolean).join(' ')),
    waits,
  }
}

const nothing = (failure: 'reset' | 'timeout' | 'interrupted' = 'reset'): Came & { kind: 'nothing' } => ({
  kind: 'nothing',
  failure,
  detail: failure,
})
const status = (code: number): Came => refused('any', code, code >= 500 ? 'api_error' : 'invalid_request_error').came
const withHeader = (came: Came, name: string, value: string): Came =>
  came.kind === 'answer' ? { ...came, headers: [...came.headers, [name, value]] } : came
const busy = (code: 429 | 529, retryAfter?: string): Came => {
  const came = refused('any', code, code === 429 ? 'rate_limit_error' : 'overloaded_error').came
  return retryAfter === undefined ? came : withHeader(came, 'retry-after', retryAfter)
}
const dated = (retryAfter: string): Came => withHeader(busy(429, retryAfter), 'date', 'Sun, 01 Feb 2026 10:00:00 GMT')
const says = (text: string): Came => served('any', saying(text)).came
const calls = served('any', call).came
const hung = (body: string): Came => answered(body, { ends: 'hung' })

describe('what is tried again', () => {
  const rows: readonly (readonly [
    about: string,
    given: Partial<Fixture>,
    answers: readonly Said[],
    tape: readonly string[],
  ])[] = [
    ['an answer is taken', {}, [right], ['a 1']],
    ['a valid request that is refused is sent once more', {}, [status(400), right], ['a 1', 'a 2 status 400']],
    ['and not a third time', {}, [status(400), status(400), right], ['a 1', 'a 2 status 400']],
    ['refused, then failed: that is twice', {}, [status(404), status(500), right], ['a 1', 'a 2 status 404']],
    [
      'a model gets its second try behind a refusal',
      { settles: 'tool_use' },
      [status(400), right, calls],
      ['a 1', 'a 2 status 400', 'a 3 unreached'],
    ],
    ['so is the valid one behind those refused', { phase: 'again' }, [status(401), right], ['a 1', 'a 2 status 401']],
    ['what may be refused is not', { phase: 'either' }, [status(400), right], ['a 1']],
    ['nor what should be', { phase: 'refused' }, [status(400), right], ['a 1']],
    ['a failure is sent once more', {}, [status(500), right], ['a 1', 'a 2 status 500']],
    ['and not a third time', {}, [status(500), status(502), right], ['a 1', 'a 2 status 500']],
    ['a 503 that does not say when to come back too', {}, [status(503), right], ['a 1', 'a 2 status 503']],
    ['so is a reset', {}, [nothing('reset'), right], ['a 1', 'a 2 reset']],
    ['so is silence', {}, [nothing('timeout'), right], ['a 1', 'a 2 timeout']],
    ['so is half an answer that hangs', {}, [hung('{"type"'), right], ['a 1', 'a 2 no end']],
    ['a stream that said its last word is whole', {}, [hung('event: message_stop\ndata: {}\n\n')], ['a 1']],
    ['what is to be refused is not', { phase: 'refused' }, [status(500), right], ['a 1']],
    ['nor after a reset of a new connection', { phase: 'refused' }, [nothing('reset'), status(400)], ['a 1']],
    ['nor what may upset', { phase: 'upsetting' }, [status(500), right], ['a 1']],
    [
      'unless it broke with a connection that had served before',
      { phase: 'refused' },
      [{ ...nothing('reset'), reused: true }, status(400)],
      ['a 1', 'a 2 reset'],
    ],
    ['the valid request behind it is', { phase: 'again' }, [status(500), right], ['a 1', 'a 2 status 500']],
    ['what may be refused is', { phase: 'either' }, [status(500), right], ['a 1', 'a 2 status 500']],
    ['a model gets a second try', { settles: 'tool_use' }, [right, calls], ['a 1', 'a 2 unreached']],
    ['and not a third', { settles: 'tool_use' }, [right, right, calls], ['a 1', 'a 2 unreached']],
    ['nor one where it got there', { settles: 'tool_use' }, [calls], ['a 1']],
    [
      'a failure takes no try from the model',
      { settles: 'tool_use' },
      [status(500), right, calls],
      ['a 1', 'a 2 status 500', 'a 3 unreached'],
    ],
    [
      'what is no Message was not missed by the model',
      { settles: 'tool_use' },
      [answered({})],
      ['a 1', 'a:stream 1', 'a:stream 2 unreached'],
    ],
  ]
  test.for(rows)('%s', async ([, given, answers, tape]) => {
    const played = await play({ plan: { a: given }, answers: { a: answers } })
    expect(played.tape).toEqual(tape)
    expect(played.ending).toBe('complete')
    expect(played.sent.requests).toBe(tape.length)
    expect(played.waits).toEqual([])
  })

  test('what never comes to its end is not, after several in a row', async () => {
    const half = [hung('{"type"')]
    const { tape } = await play({
      plan: { a: {}, b: {}, c: {}, d: {}, e: {} },
      answers: { a: half, b: half, c: half, d: [right], e: half },
    })
    expect(tape).toEqual(['a 1', 'a 2 no end', 'b 1', 'b 2 no end', 'c 1', 'd 1', 'e 1', 'e 2 no end'])
  })

  test('four of them are several', async () => {
    const half = [hung('{"type"')]
    const plan = { a: {}, b: { phase: 'refused' }, c: { phase: 'again' } } as const
    const { tape } = await play({ plan, answers: { a: half, b: half, c: half } })
    expect(tape).toEqual(['a 1', 'a 2 no end', 'b 1', 'c 1'])
  })

  test('the second try of a model has other values, the second try of a failure the same', async () => {
    const given = { canary: 'word', values: [{ word: 'one' }, { word: 'two' }] }
    const { exchanges } = await play({ plan: { a: given }, answers: { a: [status(500), says('no'), says('two')] } })
    expect(exchanges.map(({ values }) => values['word'])).toEqual(['one', 'one', 'two'])
    expect(exchanges.map(({ sent }) => sent.body?.match(/Say (\w+)/)?.[1])).toEqual(['one', 'one', 'two'])
  })

  test('a canary that was said is not asked again', async () => {
    const given = { canary: 'word', values: [{ word: 'one' }, { word: 'two' }] }
    expect((await play({ plan: { a: given }, answers: { a: [says('One it is')] } })).tape).toEqual(['a 1'])
  })
})

describe('what is waited out', () => {
  const rows: readonly (readonly [about: string, answers: readonly Said[], waits: readonly number[]])[] = [
    ['429 by its retry-after', [busy(429, '7'), right], [7000]],
    ['529 likewise', [busy(529, '0.5'), right], [500]],
    ['without one a second, then two', [busy(529), busy(529), right], [1000, 2000]],
    ['no longer than a minute', [busy(429, '86400'), right], [60_000]],
    ['a retry-after that is no number is none', [busy(429, 'soon'), right], [1000]],
    ['nor is an empty one, or one in the past', [busy(429, ''), busy(429, '-5'), right], [1000, 2000]],
    ['a 503 that says when to come back', [withHeader(status(503), 'retry-after', '30'), right], [30_000]],
    ['a date, from that of the answer', [dated('Sun, 01 Feb 2026 10:00:09 GMT'), right], [9000]],
    ['not one in the past, or none', [dated('Sun, 01 Feb 2026 09:00:00 GMT'), dated('Someday'), right], [1000, 2000]],
    ['nor one without that of the answer', [busy(429, 'Sun, 01 Feb 2026 10:00:09 GMT'), right], [1000]],
    ['two times at most', [busy(429, '1'), busy(429, '1'), busy(429, '1'), right], [1000, 1000]],
  ]
  test.for(rows)('%s', async ([, answers, waits]) => {
    const played = await play({ plan: { a: {} }, answers: { a: answers } })
    expect(played.waits).toEqual(waits)
    expect(played.names).toHaveLength(waits.length + 1)
  })

  test('an error event that says overloaded, too', async () => {
    const event = 'event: error\ndata: {"type":"error","error":{"type":"overloaded_error","message":"m"}}\n\n'
    const overloaded = answered(event)
    const played = await play({ plan: { 'a:stream': {} }, answers: { 'a:stream': [overloaded, right] } })
    expect(played.waits).toEqual([1000])
  })

  test('and once that is in vain it is not a failure besides', async () => {
    const gone = withHeader(status(503), 'retry-after', '1')
    expect((await play({ plan: { a: {} }, answers: { a: [gone] } })).tape).toEqual(['a 1', 'a 1', 'a 1'])
  })

  test('not where the upstream was made to be busy', async () => {
    const played = await play({ plan: { a: { upstream: 'reference' } }, answers: { a: [busy(429, '7')] } })
    expect(played).toMatchObject({ waits: [], names: ['a'] })
  })

  test('patience is a limit of the run', async () => {
    const played = await play({ plan: { a: {} }, answers: { a: [busy(429, '1')] }, limits: { patience: 0 } })
    expect(played).toMatchObject({ waits: [], names: ['a'], ending: 'complete' })
  })
})

describe('what is not worth asking', () => {
  const gate = { ...about, id: 'tools/offered', gates: 'tools', probe: ['tools/single'] } as const
  const tools = { needs: ['tools' satisfies Capability] as Capability[] }

  test.for([
    ['declined by its probe, twice', status(400), ['tools/single', 'tools/single']],
    ['not declined by a failure', status(500), ['tools/single', 'tools/single', 'b']],
    ['nor by a 401', refused('any', 401, 'authentication_error').came, ['tools/single', 'tools/single', 'b']],
  ] as const)('%s', async ([, said, names]) => {
    const plan = { 'tools/single': tools, b: { ...tools, afterwards: 'tools/single' } }
    const played = await play({ plan, answers: { 'tools/single': [said] }, gates: [gate] })
    expect(played.names).toEqual(names)
  })

  test('what needs nothing of it is asked all the same', async () => {
    const plan = { 'tools/single': tools, b: { afterwards: 'tools/single' } }
    const played = await play({ plan, answers: { 'tools/single': [status(400)] }, gates: [gate] })
    expect(played.names).toEqual(['tools/single', 'tools/single', 'b'])
  })

  test('a turn that was not reached is not followed', async () => {
    const plan = { a: { settles: 'tool_use' }, b: { follows: 'a', result: 'sun' } } as const
    expect((await play({ plan, answers: { a: [right] } })).names).toEqual(['a', 'a'])
  })

  test('nor one that reached something else, though there is a turn to send back', async () => {
    // oxlint-disable-next-line unicorn/no-thenable -- a field of fixtures, which nobody awaits
    const plan = { a: { settles: 'thinking' }, b: { follows: 'a', then: 'Go on.' } } as const
    expect((await play({ plan, answers: { a: [right] } })).names).toEqual(['a', 'a'])
  })

  test('one that was is sent back with its result', async () => {
    const plan = { a: { settles: 'tool_use' }, b: { follows: 'a', result: 'sun', body: {} } } as const
    const played = await play({ plan, answers: { a: [calls] } })
    expect(played.names).toEqual(['a', 'b'])
    const { messages } = JSON.parse(played.exchanges[1]?.sent.body ?? '') as { messages: { content: unknown }[] }
    expect(messages.map(({ content }) => content)).toEqual([
      'Say {{word}}.',
      call.content,
      [{ type: 'tool_result', tool_use_id: 'toolu_01', content: 'sun' }],
    ])
  })

  const callOf = (id: string): ContentBlock => ({ type: 'tool_use', id, name: 'get_weather', input: {} })

  test('of two, that of its own mode', async () => {
    const follows = { follows: 'a', result: 'sun' }
    const { exchanges } = await play({
      plan: { a: {}, 'a:stream': {}, b: follows, 'b:stream': follows },
      answers: {
        a: [served('a', { content: [callOf('in-json')] }).came],
        'a:stream': [served('a:stream', { content: [callOf('in-the-stream')] }).came],
      },
    })
    expect(exchanges.slice(2).map(({ sent }) => sent.body?.match(/"tool_use_id":"([^"]+)"/)?.[1])).toEqual([
      'in-json',
      'in-the-stream',
    ])
  })

  test('as it came, though what is recorded of it is redacted', async () => {
    const secret = 'key-4f8a7c2e9d1b6a3f'
    const { exchanges, outgoing } = await play({
      plan: { a: {}, b: { follows: 'a', result: 'sun' } },
      answers: { a: [served('a', { content: [callOf(secret)] }).came] },
      secrets: [secret],
    })
    expect(Buffer.from(outgoing[1]?.body ?? []).toString()).toContain(`"tool_use_id":"${secret}"`)
    expect(JSON.stringify(exchanges[1]?.sent)).not.toContain(secret)
  })

  test('nor is one without any block', async () => {
    const plan = { a: {}, b: { follows: 'a', result: 'sun' } }
    expect((await play({ plan, answers: { a: [served('a', { content: [] }).came] } })).names).toEqual(['a'])
  })
})

describe('the budget', () => {
  test.for([
    ['requests', { requests: 1, inputTokens: 99, outputTokens: 99 }],
    ['input tokens', { requests: 9, inputTokens: 9, outputTokens: 99 }],
    ['output tokens', { requests: 9, inputTokens: 99, outputTokens: 19 }],
  ] as const)('of %s that does not cover the plan: nothing is sent', async ([, budget]) => {
    const played = await play({ plan: { a: {}, b: {} }, limits: { budget } })
    expect(played).toMatchObject({
      names: [],
      ending: 'budget',
      sent: { requests: 0, inputTokens: 0, outputTokens: 0 },
    })
  })

  test('holds for second tries', async () => {
    const budget = { requests: 2, inputTokens: 99, outputTokens: 99 }
    const played = await play({ plan: { a: {}, b: {} }, answers: { a: [status(500), right] }, limits: { budget } })
    expect(played.names).toEqual(['a', 'a'])
    expect(played.sent).toEqual({ requests: 2, inputTokens: 10, outputTokens: 20 })
  })

  test.for([
    ['input', { requests: 9, inputTokens: 14, outputTokens: 99 }],
    ['output', { requests: 9, inputTokens: 99, outputTokens: 29 }],
  ] as const)('of %s tokens holds for second tries', async ([, budget]) => {
    const played = await play({ plan: { a: {}, b: {} }, answers: { a: [status(500), right] }, limits: { budget } })
    expect(played.names).toEqual(['a', 'a'])
  })

  test('holds while busy is waited out', async () => {
    const budget = { requests: 1, inputTokens: 99, outputTokens: 99 }
    const played = await play({ plan: { a: {} }, answers: { a: [busy(429), right] }, limits: { budget } })
    expect(played.names).toEqual(['a'])
  })
})

describe('the order', () => {
  test('positive and either, then refused, then upsetting, then the valid one again, then what makes the upstream fail', async () => {
    const plan = {
      behind: { phase: 'upsetting', upstream: 'reference' },
      last: { phase: 'again' },
      upset: { phase: 'upsetting' },
      wrong: { phase: 'refused' },
      maybe: { phase: 'either' },
      plain: {},
    } as const
    expect((await play({ plan, limits: { concurrency: 9 } })).names).toEqual([
      'maybe',
      'plain',
      'wrong',
      'upset',
      'last',
      'behind',
    ])
  })

  test.for([
    ['positive', 3],
    ['either', 3],
    ['refused', 3],
    ['upsetting', 1],
    ['again', 1],
  ] as const)('%s: so many at once, where three would fit: %s', async ([phase, atOnce]) => {
    let open = 0
    let most = 0
    const slowly = async (): Promise<Came> => {
      most = Math.max(most, ++open)
      await new Promise(setImmediate)
      open--
      return right
    }
    const plan = { a: { phase }, b: { phase }, c: { phase } }
    await play({ plan, answers: { a: [slowly], b: [slowly], c: [slowly] }, limits: { concurrency: 3 } })
    expect(most).toBe(atOnce)
  })
})

describe('how it ends', () => {
  const many = { a: {}, b: {}, c: {}, d: {} }

  test('lost, after four in a row without an answer, and of which', async () => {
    const answers = { b: [nothing()], c: [nothing()], d: [nothing()] }
    const played = await play({ plan: many, answers })
    expect(played.names).toEqual(['a', 'b', 'b', 'c', 'c'])
    expect(played).toMatchObject({ ending: 'lost', diedOf: { fixture: 'b', left: false } })
  })

  test('lost, of what we left in the middle, and not of what came next', async () => {
    const left = answered('event: ping', { ends: 'hung-up' })
    const played = await play({ plan: { a: {}, b: {}, c: {} }, answers: { b: [left], c: [nothing()] } })
    expect(played).toMatchObject({ names: ['a', 'b', 'c', 'c'], ending: 'lost', diedOf: { fixture: 'b', left: true } })
  })

  test('lost late, where the last request meets silence twice', async () => {
    const { ending, diedOf } = await play({ plan: { a: {}, b: {} }, answers: { b: [nothing()] } })
    expect({ ending, diedOf }).toEqual({ ending: 'lost', diedOf: { fixture: 'b', left: false } })
  })

  test('but not where there never was an answer', async () => {
    const played = await play({ plan: { a: {} }, answers: { a: [nothing()] } })
    expect(played).toMatchObject({ ending: 'complete', diedOf: null, names: ['a', 'a'] })
  })

  test('nor where it was asked only once', async () => {
    const plan = { a: {}, b: { phase: 'refused' } } as const
    expect(await play({ plan, answers: { b: [nothing()] } })).toMatchObject({ ending: 'complete', diedOf: null })
  })

  test('not lost where something answered in between', async () => {
    const played = await play({ plan: many, answers: { a: [nothing()], b: [nothing(), right], c: [nothing()] } })
    expect(played).toMatchObject({ ending: 'complete', diedOf: null })
    expect(played.names).toEqual(['a', 'a', 'b', 'b', 'c', 'c', 'd'])
  })

  test('not lost where the upstream was made to break off, and the gateway breaks off too', async () => {
    const behind = { phase: 'upsetting', upstream: 'reference' } as const
    const said = [{ ...nothing(), reused: true as const }]
    const played = await play({
      plan: { a: {}, b: behind, c: behind, d: behind },
      answers: { b: said, c: said, d: said },
    })
    expect(played).toMatchObject({ ending: 'complete', diedOf: null, names: ['a', 'b', 'b', 'c', 'c', 'd', 'd'] })
  })

  const five = { a: {}, b: {}, c: {}, d: {}, e: {} }
  const always = (...said: Said[]): Answers => ({ a: said, b: said, c: said, d: said, e: said })

  test.for<[about: string, came: Came, tries: number]>([
    ['failed', status(500), 2],
    ['met a gateway that stayed busy', busy(529), 3],
  ])('once four valid requests %s and none was served', async ([, came, tries]) => {
    const played = await play({ plan: five, answers: always(came) })
    expect(played.names).toEqual(['a', 'b', 'c', 'd'].flatMap((name) => Array.from({ length: tries }, () => name)))
    expect(played).toMatchObject({ ending: 'unreachable', diedOf: null })
    expect(played.unserved.map(({ fixture }) => fixture)).toEqual(['a', 'b', 'c', 'd'])
  })

  test('not once one was served', async () => {
    const played = await play({ plan: five, answers: { ...always(status(500)), b: [status(500), right] } })
    expect(played).toMatchObject({ ending: 'complete', unserved: [] })
    expect(played.names).toHaveLength(10)
  })

  test('nor where something else was served, and what failed was no valid request', async () => {
    const phases = ['refused', 'upsetting', 'again', 'either'] as const
    const plan = Object.fromEntries(phases.map((phase, index) => ['abcd'[index] ?? '', { phase }]))
    expect(await play({ plan, answers: always(status(500)) })).toMatchObject({ ending: 'complete', unserved: [] })
  })

  test('once all valid requests were refused: then the others are not sent', async () => {
    const plan = { ...five, wrong: { phase: 'refused' }, last: { phase: 'again' } } as const
    const played = await play({ plan, answers: always(status(400)) })
    expect(played.names).toEqual(['a', 'a', 'b', 'b', 'c', 'c', 'd', 'd', 'e', 'e'])
    expect(played).toMatchObject({ ending: 'unreachable', unserved: { length: 5 } })
  })

  test('not where a few were: each of them may have its reason', async () => {
    const plan = { a: {}, b: {}, c: {}, wrong: { phase: 'refused' } } as const
    const played = await play({ plan, answers: always(status(400)) })
    expect(played).toMatchObject({ ending: 'complete', unserved: [] })
    expect(played.names).toContain('wrong')
  })

  test('nor by what declines a capability', async () => {
    const gates = (['tools/single', 'vision/colour', 'thinking/plain', 'documents/text'] as const).map(
      (probe) => ({ ...about, id: 'tools/offered', gates: 'tools', probe: [probe] }) as const,
    )
    const plan = Object.fromEntries(gates.map(({ probe: [name] }) => [name, {}]))
    const answers = Object.fromEntries(Object.keys(plan).map((name) => [name, [status(400)]]))
    expect(await play({ plan, answers, gates })).toMatchObject({ ending: 'complete', unserved: [] })
  })

  test('interrupted, and what was under way then is not recorded', async () => {
    const interrupt = new AbortController()
    const answers = {
      b: [
        () => {
          interrupt.abort()
          return nothing('interrupted')
        },
      ],
    }
    const played = await play({ plan: many, answers, signal: interrupt.signal })
    expect(played).toMatchObject({ ending: 'interrupted', names: ['a', 'b'], tape: ['a 1'] })
  })

  test('interrupted before anything was sent', async () => {
    const played = await play({ plan: many, signal: AbortSignal.abort() })
    expect(played).toMatchObject({ ending: 'interrupted', names: [] })
  })

  test('at the deadline', async () => {
    let reached: (() => void) | undefined
    const plan = { a: {}, b: {} }
    const tape: string[] = []
    const gathered = await gather({
      plan: {
        steps: Object.keys(plan).map((name) => stepOf(name, {})),
        gates: [],
        cost: { requests: 2, paidRequests: 2, inputTokens: 0, outputTokens: 0 },
      },
      target,
      // It answers when it is called off, and never else.
      transport: (_, signal) =>
        new Promise((resolve) => signal.addEventListener('abort', (reached = () => resolve(nothing('interrupted'))))),
      limits: { ...usualLimits, deadline: 1 },
      redactor: redactor([]),
      record: ({ fixture }) => tape.push(fixture),
      signal: new AbortController().signal,
    })
    expect(reached).toBeDefined()
    expect(gathered.ending).toBe('deadline')
    expect(tape).toEqual([])
  })

  const thrown = new Error('the disk is full')

  test('in an error, where what came cannot be recorded', async () => {
    const record = (): never => {
      throw thrown
    }
    const played = await play({ plan: many, record })
    expect(played).toMatchObject({ ending: 'error', failure: thrown, names: ['a'] })
  })

  test('in an error, where the transport fails by itself; what is under way beside it is called off first', async () => {
    const over: string[] = []
    const answers: Answers = {
      a: [() => Promise.reject(thrown)],
      b: [
        async () => {
          await new Promise((resolve) => setImmediate(resolve))
          over.push('b')
          return right
        },
      ],
    }
    const played = await play({ plan: many, answers, limits: { concurrency: 2 } })
    expect(played).toMatchObject({ ending: 'error', failure: thrown })
    expect(over).toEqual(['b'])
    expect(played.names).toEqual(['a', 'b'])
  })

  test('in an error at the first exchange, too', async () => {
    const played = await play({ plan: many, answers: { a: [() => Promise.reject(thrown)] }, preflight: () => null })
    expect(played).toMatchObject({ ending: 'error', failure: thrown })
  })
})

describe('what is asked again as a stream', () => {
  const empty = answered('')
  const streamed = served('a:stream', saying('Hello')).came

  test('is what was answered in JSON that cannot be read', async () => {
    const { tape, outgoing } = await play({ plan: { a: {}, b: {} }, answers: { a: [empty], 'a:stream': [streamed] } })
    expect(tape).toEqual(['a 1', 'a:stream 1', 'b 1'])
    expect(JSON.parse(Buffer.from(outgoing[1]?.body ?? []).toString())).toMatchObject({ stream: true })
  })

  const nots: readonly (readonly [about: string, given: Partial<Fixture>, answer: Came])[] = [
    ['what can be read', {}, right],
    ['what is wrong elsewhere', {}, served('a', { usage: {} as never }).came],
    ['what was refused', {}, status(404)],
    ['what never ended', {}, hung('{"type"')],
    ['what is to be refused', { phase: 'refused' }, empty],
    ['what is sent as it stands', { raw: '{}' }, empty],
  ]
  test.for(nots)('not %s', async ([, given, answer]) => {
    const { names } = await play({ plan: { a: given }, answers: { a: [answer] } })
    expect(names).not.toContain('a:stream')
  })

  test('not twice, where the plan asks it anyway', async () => {
    const answers = { a: [empty], 'a:stream': [streamed] }
    expect((await play({ plan: { a: {}, 'a:stream': {} }, answers })).names).toEqual(['a', 'a:stream'])
  })

  test('not where streams are declined', async () => {
    const { names } = await play({
      plan: { 'messages/hello:stream': {}, a: {} },
      gates: [{ ...about, id: 'streaming/offered', gates: 'streaming', probe: ['messages/hello:stream'] }],
      answers: { 'messages/hello:stream': [status(400)], a: [empty] },
    })
    expect(names).not.toContain('a:stream')
  })

  test('nor beyond a cap', async () => {
    const budget = { requests: 1, inputTokens: Infinity, outputTokens: Infinity }
    expect((await play({ plan: { a: {} }, answers: { a: [empty] }, limits: { budget } })).names).toEqual(['a'])
  })

  test('and its turn is the one that is sent back', async () => {
    const { tape, outgoing } = await play({
      plan: { a: {}, b: { follows: 'a', result: 'sun' } },
      answers: { a: [empty], 'a:stream': [served('a:stream', call).came] },
    })
    expect(tape).toEqual(['a 1', 'a:stream 1', 'b 1'])
    expect(Buffer.from(outgoing[2]?.body ?? []).toString()).toContain('toolu_01')
  })
})

describe('of answers that fill a run', () => {
  test('less is read once as much came as one of them may have', async () => {
    const maxBytes = 600 * 1024
    const half: Came = says('x'.repeat(maxBytes / 2))
    const plan = { a: {}, b: {}, c: {}, d: {} }
    const { outgoing } = await play({ plan, answers: { a: [half], b: [half] }, limits: { maxBytes } })
    expect(outgoing.map(({ maxBytes }) => maxBytes)).toEqual([maxBytes, maxBytes, 512 * 1024, 512 * 1024])
  })

  test.for<[concurrency: number, most: number]>([
    [1, usualLimits.maxBytes],
    [usualLimits.concurrency, usualLimits.maxBytes],
    [24, usualLimits.maxBytes / 4],
    [1000, 512 * 1024],
  ])('%i at once share what memory has room for: each may have %i bytes', async ([concurrency, most]) => {
    const { outgoing } = await play({ plan: { a: {} }, limits: { concurrency } })
    expect(outgoing.map(({ maxBytes }) => maxBytes)).toEqual([most])
  })
})

describe('the first exchange', () => {
  const unauthorised = refused('any', 401, 'authentication_error').came
  const header = ({ headers }: Outgoing): string => headers.map(([name]) => name).find(isCredential) ?? 'none'
  const isCredential = (name: string): boolean => name === 'authorization' || name === 'x-api-key'
  /** Accepts one header only, and answers the other with `otherwise`. */
  const only =
    (accepted: string, otherwise = unauthorised): Said =>
    (request) =>
      header(request) === accepted ? right : otherwise

  const firsts: First[] = []
  const watched = (stop: Stop | null) => (first: First) => {
    firsts.push(first)
    return stop
  }

  test('goes alone, and the rest after it', async () => {
    const played = await play({ plan: { a: {}, b: {} }, preflight: watched(null) })
    expect(played).toMatchObject({ names: ['a', 'b'], ending: 'complete', auth: 'bearer' })
    expect(firsts.pop()).toMatchObject({ auth: 'bearer', refusedToo: null })
  })

  test.for<[Auth, string, Auth]>([
    ['bearer', 'x-api-key', 'x-api-key'],
    ['x-api-key', 'authorization', 'bearer'],
  ])(
    'refused as %s it is sent with the other header, and the run goes on with that',
    async ([auth, accepted, used]) => {
      const said = [only(accepted)]
      const played = await play({
        plan: { a: {}, b: {} },
        answers: { a: said, b: said },
        auth,
        preflight: watched(null),
      })
      expect(played).toMatchObject({ tape: ['a 1', 'a 2 credential', 'b 1'], ending: 'complete', auth: used })
      expect(played.sent.requests).toBe(3)
      expect(firsts.pop()).toMatchObject({ auth: used, refusedToo: null, exchange: { attempt: 2 } })
    },
  )

  test.for<[about: string, second: Came]>([
    ['a 401', unauthorised],
    ['a 403', refused('any', 403, 'permission_error').came],
    ['silence', nothing()],
  ])('where %s answers the other header too, the run is about the first', async ([, second]) => {
    const stop: Stop = { ending: 'unauthorised' }
    const played = await play({
      plan: { a: {}, b: {} },
      answers: { a: [unauthorised, second] },
      preflight: watched(stop),
    })
    expect(played).toMatchObject({ tape: ['a 1', 'a 2 credential'], ending: 'unauthorised', auth: 'bearer' })
    expect(firsts.pop()).toMatchObject({ auth: 'bearer', refusedToo: 'x-api-key', exchange: { attempt: 1 } })
  })

  test.for<[about: string, auth: Auth, first: Came, tape: readonly string[]]>([
    ['402', 'bearer', refused('any', 402, 'billing_error').came, ['a 1', 'a 2 status 402']],
    ['403', 'bearer', refused('any', 403, 'permission_error').came, ['a 1', 'a 2 status 403']],
    ['400', 'bearer', status(400), ['a 1', 'a 2 status 400']],
    ['401 to both headers', 'both', unauthorised, ['a 1']],
    ['401 to none', 'none', unauthorised, ['a 1']],
  ])('%s is no reason to try the other header', async ([, auth, first, tape]) => {
    const played = await play({ plan: { a: {} }, answers: { a: [first] }, auth, preflight: watched(null) })
    expect(played.tape).toEqual(tape)
    expect(played.auth).toBe(auth)
  })

  test('the other header is not tried above the budget', async () => {
    const budget = { requests: 1, inputTokens: 99, outputTokens: 99 }
    const played = await play({
      plan: { a: {} },
      answers: { a: [unauthorised] },
      limits: { budget },
      preflight: watched({ ending: 'unauthorised' }),
    })
    expect(played.tape).toEqual(['a 1'])
    expect(firsts.pop()).toMatchObject({ refusedToo: null })
  })

  test('ends the run, after what helps to understand it was asked', async () => {
    const asked = [
      stepOf('models/list', { method: 'GET', path: '/v1/models' }),
      { ...stepOf('look', {}), origin: 'waiting' as const },
    ]
    const played = await play({
      plan: { a: {}, b: {} },
      answers: { a: [status(404)] },
      preflight: () => ({ ending: 'unreachable', asked }),
    })
    expect(played).toMatchObject({
      tape: ['a 1', 'a 2 status 404', 'models/list 1', 'look 1'],
      ending: 'unreachable' satisfies RunEnding,
    })
    expect(played.exchanges.map(({ origin }) => origin)).toEqual(['gathered', 'gathered', 'gathered', 'waiting'])
  })
})

test('what is sent is what is recorded as sent, and nothing where there is nothing', async () => {
  const { outgoing, exchanges } = await play({ plan: { a: {}, b: { method: 'GET', path: '/v1/models', raw: '' } } })
  expect(outgoing.map(({ body }) => body && Buffer.from(body).toString())).toEqual(
    exchanges.map(({ sent }) => sent.body),
  )
  expect(exchanges[0]?.sent.body).toContain('"max_tokens":10')
})

test('a client that leaves on purpose says after how many bytes', async () => {
  const { outgoing } = await play({ plan: { a: { hangUpAfter: 20 }, b: {} } })
  expect(outgoing.map(({ hangUpAfter }) => hangUpAfter)).toEqual([20, undefined])
})

test('progress counts what was sent, and names what is under way', async () => {
  const seen: string[] = []
  await gather({
    plan: {
      steps: ['a', 'b'].map((name) => stepOf(name, {})),
      gates: [],
      cost: { requests: 2, paidRequests: 2, inputTokens: 10, outputTokens: 20 },
    },
    target,
    transport: () => Promise.resolve(right),
    limits: usualLimits,
    redactor: redactor([]),
    record: () => {},
    signal: new AbortController().signal,
    progress: ({ requests, planned, outputTokens, waitingFor }) =>
      seen.push(`${requests} of ${planned}, ${outputTokens} tokens, ${waitingFor.join()}`),
  })
  expect(seen).toEqual(['2 of 2, 20 tokens, b', '2 of 2, 20 tokens, '])
})

describe('while the upstream speaks otherwise', () => {
  // oxlint-disable-next-line unicorn/no-thenable -- a field of fixtures, which nobody awaits
  const plan = { a: {}, 'a@chat/odd': {}, 'b@chat/odd': { follows: 'a', then: 'Go on.' } } as const
  const seen: Behind = { take: () => [], url: 'http://upstream.test', key: 'key-of-the-upstream' }
  const answers = { a: [says('usual')], 'a@chat/odd': [says('odd')] }
  const bodyOf = ({ body }: Outgoing): string => Buffer.from(body ?? []).toString()

  test('it is told to by the mark of each request that is to be answered so, and what was said so is sent back', async () => {
    const told: (readonly [mark: string, quirk: string])[] = []
    const behind: Behind = { ...seen, speak: (mark, quirk) => void told.push([mark, quirk]) }
    const { names, outgoing } = await play({ plan, answers, behind })
    expect(names).toEqual(['a', 'a@chat/odd', 'b@chat/odd'])
    const marks = outgoing.map((request) => lastMark(bodyOf(request)))
    expect(told).toEqual([
      [marks[1], 'chat/odd'],
      [marks[2], 'chat/odd'],
    ])
    expect(new Set(marks).size).toBe(3)
    expect(bodyOf(outgoing[2]!)).toContain('"odd"')
    expect(bodyOf(outgoing[2]!)).not.toContain('"usual"')
  })

  test('nothing is asked that nobody can make it speak to', async () => {
    expect((await play({ plan, answers, behind: seen })).names).toEqual(['a'])
    expect((await play({ plan, answers })).names).toEqual(['a'])
  })
})

describe('what reaches the upstream of ours', () => {
  /** An upstream that shows what has been put there since it was looked at last. */
  function shown(): { readonly arrive: (from: Outgoing) => void; readonly behind: Behind } {
    let there: Arrival[] = []
    const take = (): readonly Arrival[] => there.splice(0)
    const arrive = ({ method, url, body }: Outgoing): void => {
      const { signal } = new AbortController()
      const sent = { method, path: new URL(url).pathname, headers: [], body: Buffer.from(body ?? []).toString() }
      const came = { ...answered('{}'), kind: 'answer' as const, body: new Uint8Array(0) }
      there = [...there, { sent, came, leaving: leavingOf(signal) }]
    }
    return { arrive, behind: { take, url: 'http://upstream.test', key: 'key-of-the-upstream' } }
  }

  test('after its answer stands with its exchange, and with no other', async () => {
    const { arrive, behind } = shown()
    let first: Outgoing | undefined
    const once = (request: Outgoing): Came => {
      first ??= request
      arrive(request)
      return right
    }
    const late = (request: Outgoing): Came => {
      arrive(request)
      arrive(first!)
      return right
    }
    const { exchanges } = await play({
      plan: { a: {}, b: {}, c: {} },
      answers: { a: [once], b: [once], c: [late] },
      behind,
    })
    expect(exchanges.map(({ fixture, arrivals }) => [fixture, arrivals?.length])).toEqual([
      ['a', 2],
      ['b', 1],
      ['c', 1],
    ])
  })

  test('is on the tape of a run that was called off, too', async () => {
    const { arrive, behind } = shown()
    const controller = new AbortController()
    const called = (request: Outgoing): Came => {
      arrive(request)
      controller.abort()
      return right
    }
    const { exchanges, ending } = await play({
      plan: { a: {}, b: {} },
      answers: { a: [called] },
      behind,
      signal: controller.signal,
    })
    expect(ending).toBe('interrupted')
    expect(exchanges.map(({ fixture, arrivals }) => [fixture, arrivals?.length])).toEqual([['a', 1]])
  })

  test('at last cannot be had: what was held is on the tape, and that is a failure', async () => {
    const { arrive, behind } = shown()
    let looks = 0
    const take: Behind['take'] = () => {
      if (++looks > 1) throw new Error('gone')
      return behind.take()
    }
    const once = (request: Outgoing): Came => {
      arrive(request)
      return right
    }
    const played = await play({ plan: { a: {} }, answers: { a: [once] }, behind: { ...behind, take } })
    expect(played.ending).toBe('error')
    expect(played.exchanges.map(({ fixture, arrivals }) => [fixture, arrivals?.length])).toEqual([['a', 1]])
  })
})
