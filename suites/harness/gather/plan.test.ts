import { describe, expect, test } from 'vitest'
import type { Capability, Fixture } from '../../../schemas/types.ts'
import type { ExchangeName } from '../../../fixtures/requests.ts'
import type { RequirementId } from '../../ids.ts'
import { about } from '../../self/by-hand.ts'
import { requirement, type Requirement } from '../judge/requirement.ts'
import type { Views } from '../views/views.ts'
import { quirkOf } from '../wire/exchange.ts'
import { priced } from './price.ts'
import { exchangesOf, fixtureOf, followedBy, isAboutUpstream, needsOf, parseName, plan, type ToPlan } from './plan.ts'

/** A request of a hundred characters, or so much more. */
function body(more: object = {}, maxTokens = 10): NonNullable<Fixture['body']> {
  return { max_tokens: maxTokens, messages: [{ role: 'user', content: 'x' }], ...more }
}

const written: Record<string, Fixture> = {
  'messages/hello': { about: 'plain', modes: ['json', 'stream'], body: body() },
  'messages/cut': { about: 'plain', body: body({}, 7) },
  'tools/single': { about: 'a call', modes: ['json', 'stream'], needs: ['tools'], body: body() },
  'tools/result': {
    about: 'its result',
    modes: ['json', 'stream'],
    needs: ['tools'],
    follows: 'tools/single',
    body: body(),
  },
  'tools/result-error': { about: 'its result', needs: ['tools'], follows: 'tools/result', body: body() },
  'output/replay': {
    about: 'what was said',
    modes: ['json', 'stream'],
    follows: 'messages/cut',
    body: body(),
  },
  'vision/colour': { about: 'a picture', needs: ['vision'], body: body() },
  'vision/in-tool-result': { about: 'a picture', needs: ['tools', 'vision'], body: body() },
  'output/long': { about: 'long', long: true, body: body() },
  'chat/hello': {
    about: 'elsewhere',
    phase: 'either',
    endpoint: 'chat-completions',
    path: '/v1/chat/completions',
    body: body(),
  },
  'upstream/overloaded': { about: 'an upstream that fails', upstream: 'reference', body: body() },
  'errors/then-valid': { about: 'valid', phase: 'again', afterwards: 'validation/no-model', body: body() },
  'validation/no-model': { about: 'refused', phase: 'refused', body: body() },
  'validation/not-json': { about: 'upsetting', phase: 'upsetting', raw: '{', body: body() },
  'tokens/short': {
    about: 'a count',
    path: '/v1/messages/count_tokens',
    needs: ['count-tokens'],
    body: { messages: [] },
  },
  'models/list': { about: 'models', method: 'GET', path: '/v1/models' },
  'models/one': { about: 'a model', method: 'GET', path: '/v1/models/{{model}}' },
}

const fixtures = priced(written)

const toolsGate = requirement('tools/offered', {
  ...about,
  gates: 'tools',
  probe: ['tools/single', 'tools/single:stream'],
})
const visionGate = requirement('vision/offered', { ...about, gates: 'vision', probe: ['vision/colour'] })
const streamingGate = requirement('streaming/offered', {
  ...about,
  gates: 'streaming',
  probe: ['messages/hello:stream'],
})

function reads(id: RequirementId, ...names: ExchangeName[]): Requirement {
  return requirement(id, {
    ...about,
    reads: Object.fromEntries(names.map((name) => [name, 'answer' as const])),
    check: () => [],
  })
}

/** The names of what is planned for a requirement, in the order of sending. */
function planned(requirement: Requirement, more: Partial<ToPlan> = {}): readonly string[] {
  return planOf(requirement, more).steps.map(({ name }) => name)
}

function planOf(requirement: Requirement, more: Partial<ToPlan> = {}): ReturnType<typeof plan> {
  return plan({ catalogue: [requirement], fixtures, selected: new Set([requirement.id]), ...more })
}

function stepOf(name: ExchangeName, catalogue: readonly Requirement[] = []) {
  return plan({ catalogue, fixtures, selected: new Set(), only: [name] }).steps.find((step) => step.name === name)
}

describe('which exchanges a requirement needs', () => {
  test('those it reads', () => {
    expect(planned(reads('messages/served', 'messages/cut', 'messages/hello:stream'))).toEqual([
      'messages/cut',
      'messages/hello:stream',
    ])
  })

  test('those a gate probes', () => {
    expect(planned(toolsGate)).toEqual(['tools/single', 'tools/single:stream'])
  })

  test.for<[view: keyof Views, name: string]>([
    ['answer', 'messages/hello'],
    ['text', 'messages/hello'],
    ['json', 'messages/hello'],
    ['message', 'messages/hello'],
    ['error', 'validation/no-model'],
    ['stream', 'messages/hello:stream'],
    ['events', 'messages/hello:stream'],
    ['count', 'tokens/short'],
    ['models', 'models/list'],
    ['model', 'models/one'],
  ])('the one that shows %s most cheaply: %s', ([view, name]) => {
    expect(planned(requirement('messages/shape', { ...about, vouches: view }))).toEqual([name])
    expect(planned(requirement('messages/shape', { ...about, every: view, check: () => [] }))).toEqual([name])
  })

  test('the one it names itself as the cheapest', () => {
    const least = 'tools/single' as const
    expect(planned(requirement('messages/shape', { ...about, vouches: 'message', least }))).toEqual([least])
    expect(planned(requirement('messages/shape', { ...about, every: 'message', least, check: () => [] }))).toEqual([
      least,
    ])
  })

  test('those of what it comes after, first, at any remove and though not selected', () => {
    const catalogue = [
      { ...reads('messages/served', 'messages/hello'), after: ['messages/cut-says-so'] as const },
      { ...reads('messages/cut-says-so', 'messages/cut'), after: ['tools/shape', 'vision/seen'] as const },
      requirement('tools/shape', { ...about, vouches: 'message', least: 'tools/single' }),
      reads('output/replay', 'output/replay'),
    ]
    expect(planned(catalogue[0]!, { catalogue })).toEqual(['tools/single', 'messages/cut', 'messages/hello'])
  })

  test('each once, however many need it', () => {
    const catalogue = [reads('messages/served', 'messages/hello'), reads('messages/json', 'messages/hello')]
    expect(planned(catalogue[0]!, { catalogue, selected: new Set(['messages/served', 'messages/json']) })).toEqual([
      'messages/hello',
    ])
  })

  test('none where nothing is selected', () => {
    expect(planned(toolsGate, { selected: new Set() })).toEqual([])
  })

  test('an exchange that no fixture stands for is a mistake of ours', () => {
    expect(() => planned(reads('vision/url-served', 'vision/url'))).toThrow('No fixture is named vision/url.')
    expect(() => fixtureOf('vision/url:stream', fixtures)).toThrow('No fixture is named vision/url:stream.')
  })
})

describe('what comes before an exchange', () => {
  test('the probes of the capabilities it takes', () => {
    const wanted = reads('vision/in-tool-result-served', 'vision/in-tool-result')
    expect(planned(wanted, { catalogue: [wanted, visionGate, toolsGate] })).toEqual([
      'tools/single',
      'vision/colour',
      'vision/in-tool-result',
    ])
    expect(stepOf('vision/in-tool-result', [visionGate, toolsGate])?.dependsOn).toEqual([
      'tools/single',
      'vision/colour',
    ])
  })

  test('in stream mode, the probe of streaming as well', () => {
    expect(stepOf('tools/single:stream', [toolsGate, streamingGate])?.dependsOn).toEqual([
      'messages/hello:stream',
      'tools/single',
    ])
    expect(stepOf('tools/single', [toolsGate, streamingGate])?.dependsOn).toEqual([])
  })

  test('the turn it sends back, in its own mode', () => {
    expect(planned(reads('tools/results-served', 'tools/result'))).toEqual(['tools/single', 'tools/result'])
    expect(planned(reads('tools/results-served', 'tools/result:stream'))).toEqual([
      'tools/single:stream',
      'tools/result:stream',
    ])
  })

  test('the turn it sends back as JSON, where that is not streamed', () => {
    expect(planned(reads('output/replay', 'output/replay:stream'))).toEqual(['messages/cut', 'output/replay:stream'])
  })

  test('the turn before the turn before', () => {
    expect(planned(reads('tools/results-served', 'tools/result-error'))).toEqual([
      'tools/single',
      'tools/result',
      'tools/result-error',
    ])
  })

  test('what it is sent afterwards', () => {
    expect(planned(reads('errors/then-valid', 'errors/then-valid'))).toEqual([
      'validation/no-model',
      'errors/then-valid',
    ])
    expect(stepOf('errors/then-valid')?.dependsOn).toEqual(['validation/no-model'])
  })

  test('each of them once: a probe may be the turn it sends back', () => {
    expect(stepOf('tools/result', [toolsGate])?.dependsOn).toEqual(['tools/single'])
  })
})

describe('what is left out', () => {
  const all = reads('messages/served', 'messages/hello', 'tools/result:stream', 'vision/in-tool-result')

  test('what takes a capability that is lacking', () => {
    const lacks = (...names: Capability[]) => planned(all, { lacks: new Set(names) })
    expect(lacks('vision')).toEqual(['messages/hello', 'tools/single:stream', 'tools/result:stream'])
    expect(lacks('tools')).toEqual(['messages/hello'])
    expect(lacks('streaming')).toEqual(['messages/hello', 'vision/in-tool-result'])
    expect(lacks('tools', 'documents')).toEqual(['messages/hello'])
  })

  test('what asks another endpoint, unless they are compared; then it has its price', () => {
    const compared = reads('chat/served', 'chat/hello', 'messages/hello')
    expect(planned(compared)).toEqual(['messages/hello'])
    expect(planned(compared, { compareChat: true })).toEqual(['chat/hello', 'messages/hello'])
    const priced = (compareChat: boolean) => planOf(compared, { compareChat }).cost
    expect(priced(true).paidRequests).toBe(2)
    expect(priced(true).outputTokens).toBe(2 * priced(false).outputTokens)
  })

  test('what is long, unless it is allowed', () => {
    const long = reads('output/long-served', 'output/long', 'messages/hello')
    expect(planned(long)).toEqual(['messages/hello'])
    expect(planned(long, { allowLong: true })).toEqual(['output/long', 'messages/hello'])
  })

  test('what makes an upstream fail, unless one of ours is known to be there', () => {
    const staged = reads('upstream/overload-retryable', 'upstream/overloaded', 'messages/hello')
    expect(planned(staged)).toEqual(['messages/hello'])
    expect(planned(staged, { upstream: null })).toEqual(['messages/hello'])
    expect(planned(staged, { upstream: 'reference' })).toEqual(['upstream/overloaded', 'messages/hello'])
  })

  test('all but the exchanges that were asked for, and what those depend on', () => {
    expect(planned(all, { only: ['tools/result', 'messages/cut'] })).toEqual([
      'tools/single',
      'tools/result',
      'messages/cut',
    ])
    expect(planned(all, { only: ['tools/result', 'messages/cut'], lacks: new Set(['tools']) })).toEqual([
      'messages/cut',
    ])
  })
})

describe('a step', () => {
  test('is a fixture in a mode', () => {
    expect(stepOf('messages/hello:stream')).toMatchObject({
      name: 'messages/hello:stream',
      fixture: fixtures['messages/hello'],
      mode: 'stream',
      dependsOn: [],
    })
    expect(stepOf('messages/hello')?.mode).toBe('json')
  })

  test.for<[name: ExchangeName, paid: boolean, outputTokens: number]>([
    ['messages/hello', true, 10],
    ['messages/hello:stream', true, 10],
    ['messages/cut', true, 7],
    ['errors/then-valid', true, 10],
    ['validation/no-model', false, 0],
    ['validation/not-json', false, 0],
    ['tokens/short', false, 0],
    ['models/list', false, 0],
  ])('%s is paid for: %s, with at most %s output tokens', ([name, paid, outputTokens]) => {
    const step = stepOf(name)
    expect(step).toMatchObject({ paid, outputTokens })
    expect(step?.inputTokens === 0).toBe(outputTokens === 0)
  })
})

describe('input tokens', () => {
  const tokens = (more: object, fixture: Partial<Fixture> = {}): number => {
    const all = priced({ ...written, 'messages/hello': { about: 'x', body: body(more), ...fixture } })
    return plan({ catalogue: [], fixtures: all, selected: new Set(), only: ['messages/hello'] }).cost.inputTokens
  }
  const plainly = JSON.stringify(body()).length

  test('one for four characters, rounded up', () => {
    const empty = '"system":"",'.length
    expect(tokens({})).toBe(Math.ceil(plainly / 4))
    for (const length of [100, 101, 102, 103, 104])
      expect(tokens({ system: 'y'.repeat(length) })).toBe(Math.ceil((plainly + empty + length) / 4))
  })

  test('1,600 for a picture or a page, whatever the length of its base64', () => {
    const block = (length: number) => ({ type: 'image', source: { type: 'base64', data: 'A'.repeat(length) } })
    const one = tokens({ system: [block(200)] })
    expect(one).toBeGreaterThan(1600)
    expect(tokens({ system: [block(100_000)] })).toBe(one)
    expect(tokens({ system: [block(200), block(300)] })).toBeGreaterThan(one + 1600)
    expect(tokens({ system: [block(200), block(300)] })).toBeLessThan(one + 1700)
    expect(tokens({ system: [block(99)] })).toBeLessThan(200)
  })

  test('for a turn sent back, those of the request before it, and some for the turn itself', () => {
    const before = { about: 'x', body: body({ system: 'z'.repeat(4000) }) }
    const all = priced({ ...written, 'tools/single': before, 'messages/hello': { ...before, follows: 'tools/single' } })
    const { steps } = plan({ catalogue: [], fixtures: all, selected: new Set(), only: ['messages/hello'] })
    const [first = Number.NaN, then] = steps.map(({ inputTokens }) => inputTokens)
    expect(then).toBe(2 * first + 100)
  })
})

describe('the cost of a plan', () => {
  const all = reads('messages/served', 'messages/hello', 'messages/cut', 'validation/no-model', 'models/list')

  test('is that of its steps together', () => {
    const { cost, steps } = planOf(all)
    expect(cost).toEqual({
      requests: 4,
      paidRequests: 2,
      inputTokens: steps.reduce((sum, { inputTokens }) => sum + inputTokens, 0),
      outputTokens: 17,
    })
    expect(cost.inputTokens).toBeGreaterThan(0)
  })

  test('of nothing is nothing', () => {
    expect(planOf(all, { selected: new Set() }).cost).toEqual({
      requests: 0,
      paidRequests: 0,
      inputTokens: 0,
      outputTokens: 0,
    })
  })
})

test('a plan knows all gates, since their probes decide what else is worth asking', () => {
  const catalogue = [toolsGate, reads('messages/served', 'messages/hello'), visionGate]
  expect(planOf(catalogue[1]!, { catalogue }).gates).toEqual([toolsGate, visionGate])
})

describe('a name', () => {
  test('is that of a fixture, and its mode', () => {
    expect(parseName('tools/single')).toEqual({ fixture: 'tools/single', mode: 'json' })
    expect(parseName('tools/single:stream')).toEqual({ fixture: 'tools/single', mode: 'stream' })
  })

  test('says under which quirk, too, and is that of the same fixture', () => {
    expect(parseName('tools/single:stream@chat/odd')).toEqual({ fixture: 'tools/single', mode: 'stream' })
    expect(quirkOf('tools/single:stream@chat/odd')).toEqual({ name: 'tools/single:stream', quirk: 'chat/odd' })
    expect(quirkOf('tools/single')).toEqual({ name: 'tools/single', quirk: null })
  })

  test('takes the capabilities of its fixture, and streaming where it streams', () => {
    expect(needsOf('tools/single', fixtures['tools/single']!)).toEqual(['tools'])
    expect(needsOf('tools/single:stream', fixtures['tools/single']!)).toEqual(['streaming', 'tools'])
    expect(needsOf('messages/cut', fixtures['messages/cut']!)).toEqual([])
    expect(needsOf('messages/hello:stream', fixtures['messages/hello']!)).toEqual(['streaming'])
  })

  test('follows another in its own mode, where that has it', () => {
    expect(followedBy('tools/result', fixtures)).toBe('tools/single')
    expect(followedBy('tools/result:stream', fixtures)).toBe('tools/single:stream')
    expect(followedBy('output/replay:stream', fixtures)).toBe('messages/cut')
    expect(followedBy('messages/hello', fixtures)).toBeUndefined()
    expect(followedBy('errors/then-valid', fixtures)).toBeUndefined()
  })
})

test('a requirement is judged by what it reads, probes or shows most cheaply', () => {
  expect(exchangesOf(toolsGate)).toEqual(['tools/single', 'tools/single:stream'])
  expect(exchangesOf(reads('messages/served', 'messages/hello', 'messages/cut'))).toEqual([
    'messages/hello',
    'messages/cut',
  ])
})

test('a requirement is about the upstream where any exchange it reads makes that fail', () => {
  expect(isAboutUpstream(reads('upstream/cut-shows', 'messages/hello', 'upstream/overloaded'), fixtures)).toBe(true)
  expect(isAboutUpstream(reads('messages/served', 'messages/hello'), fixtures)).toBe(false)
})

describe('what is asked while an upstream of ours speaks otherwise', () => {
  const touches = ['tools/single', 'tools/single:stream', 'tools/result', 'vision/colour']
  const quirks = [{ id: 'chat/odd', about: 'speaks oddly', touches }]

  test('is what is asked anyway, in each mode that is touched, for nothing, behind it and what it depends on', () => {
    const planned = plan({
      catalogue: [toolsGate, reads('messages/served', 'tools/result')],
      fixtures,
      selected: new Set(['messages/served']),
      quirks,
    })
    const under = planned.steps.filter(({ quirk }) => quirk)
    expect(under.map(({ name, dependsOn, paid }) => [name, dependsOn, paid])).toEqual([
      ['tools/single@chat/odd', ['tools/single'], false],
      ['tools/single:stream@chat/odd', ['tools/single:stream', 'tools/single@chat/odd'], false],
      ['tools/result@chat/odd', ['tools/result', 'tools/single@chat/odd'], false],
    ])
    expect(planned.cost.requests).toBe(planned.steps.length)
    expect(planned.cost.paidRequests).toBe(planned.steps.length - under.length)
  })

  test('is not what is known to be lacking', () => {
    const { steps } = planOf(reads('messages/served', 'tools/single'), { quirks, lacks: new Set(['streaming']) })
    expect(steps.map(({ name }) => name)).toEqual(['tools/single', 'tools/single@chat/odd'])
  })

  test.for<[only: string, names: readonly string[]]>([
    ['tools/single@chat/odd', ['tools/single', 'tools/single@chat/odd']],
    ['tools/single:stream', ['tools/single:stream', 'tools/single:stream@chat/odd']],
    ['messages/hello', ['messages/hello']],
  ])('where %s is named, of that', ([only, names]) => {
    const { steps } = planOf(reads('messages/served', 'messages/hello'), { quirks, only: [only] })
    expect(steps.map(({ name }) => name)).toEqual(names)
  })
})
