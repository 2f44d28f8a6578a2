import { describe, expect, test } from 'vitest'
import type { Capability } from '../../../schemas/types.ts'
import { about, exchangeOf, refused, saying, served, silent } from '../../self/by-hand.ts'
import { answered } from '../views/examples.ts'
import type { Exchange } from '../wire/exchange.ts'
import { judge } from './judge.ts'
import { requirement, type Requirement } from './requirement.ts'

const gate = requirement('vision/offered', { ...about, gates: 'vision', probe: ['vision/colour'], byCanary: true })
const formats = requirement('vision/formats-served', {
  ...about,
  reads: { 'vision/jpeg': 'answer' },
  *check({ 'vision/jpeg': { status } }) {
    if (status !== 200) yield { fixture: 'vision/jpeg', at: 'status', expected: '200', actual: String(status) }
  },
})

const red = { canary: 'colour', values: { colour: 'red' } }
const seen = served('vision/colour', saying('It is red.'), red)
const jpeg = served('vision/jpeg')
const needs = new Map<string, readonly Capability[]>([
  ['vision/colour', ['vision']],
  ['vision/jpeg', ['vision']],
  ['vision/in-tool-result', ['tools', 'vision']],
])

function stateOf(tape: readonly Exchange[], ...others: readonly Requirement[]): string | undefined {
  const catalogue = [gate, ...others]
  const options = { catalogue, needsOf: (name: string) => needs.get(name) ?? [] }
  return judge([served('messages/hello'), ...tape], options).capabilities['vision']
}

describe('a capability whose gate holds', () => {
  test('is shown by its canary, where every must of it holds', () => {
    expect(stateOf([seen, jpeg], formats)).toBe('shown')
  })

  test('is not shown while its canary is missed', () => {
    const missed = served('vision/colour', saying('I see none.'), red)
    expect(stateOf([missed, jpeg], formats)).toBe('not-shown')
    expect(stateOf([served('vision/colour', saying('It was rendered.'), red)])).toBe('not-shown')
  })

  test('is broken where a must of it is', () => {
    expect(stateOf([seen, refused('vision/jpeg', 400)], formats)).toBe('broken')
  })

  test('is shown though a should of it is broken, or a must of another area', () => {
    expect(stateOf([seen, refused('vision/jpeg', 400)], { ...formats, level: 'should' })).toBe('shown')
    expect(stateOf([seen, refused('vision/jpeg', 400)], { ...formats, id: 'clients/session-served' })).toBe('shown')
  })

  test('is not shown where a must of it got no answer', () => {
    expect(stateOf([seen, silent('vision/jpeg')], formats)).toBe('not-shown')
    expect(stateOf([seen, refused('vision/jpeg', 429, 'rate_limit_error')], formats)).toBe('not-shown')
  })

  test('is shown where a must of it was not asked, or not done by the model', () => {
    expect(stateOf([seen], formats)).toBe('shown')
    expect(stateOf([seen, jpeg], { ...formats, unless: () => true } as Requirement)).toBe('shown')
  })

  test('belongs to whom all exchanges of a must need last', () => {
    const result = requirement('vision/in-tool-result-served', {
      ...about,
      reads: { 'vision/in-tool-result': 'answer' },
      check: () => [{ fixture: 'vision/in-tool-result' as const, at: 'status', expected: '200', actual: '400' }],
    })
    expect(stateOf([seen, refused('vision/in-tool-result', 400)], result)).toBe('broken')
  })
})

test('streaming is broken where its events are', () => {
  const streams = requirement('streaming/offered', { ...about, gates: 'streaming', probe: ['messages/hello:stream'] })
  const named = requirement('streaming/named', { ...about, vouches: 'stream' })
  const whole = served('messages/hello:stream')
  const text = Buffer.from(whole.came.kind === 'answer' ? whole.came.body : '').toString()
  const nameless = exchangeOf('messages/hello:stream', answered(text.replaceAll(/^event: .*\n/gm, '')))
  const on = (stream: Exchange) =>
    judge([served('messages/hello'), stream], { catalogue: [streams, named] }).capabilities['streaming']
  expect(on(whole)).toBe('shown')
  expect(on(nameless)).toBe('broken')
})
