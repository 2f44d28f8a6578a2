import { describe, expect, test } from 'vitest'
import { exchangeOf, refused, served, silent } from '../../self/by-hand.ts'
import { answered } from '../views/examples.ts'
import { declines } from './declines.ts'

const gate = { gates: 'tools', probe: ['tools/single'] } as const
const endpoint = { gates: 'count-tokens', probe: ['tokens/short'], endpoint: true } as const

describe('a probe that was refused in the envelope', () => {
  test.for<[status: number, declines: boolean]>([
    [400, true],
    [401, false],
    [402, false],
    [403, true],
    [404, true],
    [405, true],
    [408, false],
    [409, false],
    [413, false],
    [422, true],
    [429, false],
    [500, false],
    [501, true],
    [502, false],
    [503, false],
    [529, false],
  ])('%s declines: %s', ([status, expected]) => {
    expect(declines(refused('tools/single', status), gate)).toBe(expected)
  })
})

test('without the envelope nothing is declined, nor where nothing came or it was served', () => {
  expect(declines(exchangeOf('tools/single', answered({ error: 'no tools' }, { status: 400 })), gate)).toBe(false)
  expect(declines(exchangeOf('tools/single', answered('<p>no</p>', { status: 404 })), gate)).toBe(false)
  expect(declines(silent('tools/single'), gate)).toBe(false)
  expect(declines(served('tools/single'), gate)).toBe(false)
})

test('a gate may name statuses of its own: then those decline, and no other', () => {
  const own = { ...gate, declinedBy: [401] }
  expect(declines(refused('tools/single', 401), own)).toBe(true)
  expect(declines(refused('tools/single', 400), own)).toBe(false)
  expect(declines(exchangeOf('tools/single', answered('no', { status: 401 })), own)).toBe(false)
})

describe('an endpoint of its own', () => {
  test.for<[status: number, declines: boolean]>([
    [404, true],
    [405, true],
    [501, true],
    [400, false],
    [403, false],
    [500, false],
  ])('is declined by %s with any body: %s', ([status, expected]) => {
    expect(declines(exchangeOf('tokens/short', answered('Not here', { status })), endpoint)).toBe(expected)
  })

  test('is declined in the envelope as everything else', () => {
    expect(declines(refused('tokens/short', 400), endpoint)).toBe(true)
    expect(declines(refused('tokens/short', 401), endpoint)).toBe(false)
  })
})
