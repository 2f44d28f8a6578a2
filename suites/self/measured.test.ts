import { describe, expect, test } from 'vitest'
import { clients } from '../harness/judge/clients.ts'
import { measured, suffers, type ByClient } from '../clients/measured.ts'
import { groups, outcomes, type Outcome } from '../clients/outcomes.ts'

describe('measured.json', () => {
  test('is what its type says', () => {
    const { clients: known, faults, variants, ...others } = measured
    const found = [...Object.values(faults), ...Object.values(variants)].flatMap((one) => Object.entries(one))
    const byGroup = found.flatMap(([, one]) => Object.entries(one))
    expect(others).toEqual({})
    expect(Object.keys(known).filter((client) => !Object.hasOwn(clients, client))).toEqual([])
    expect(new Set(found.map(([client]) => client))).toEqual(new Set(Object.keys(known)))
    expect(byGroup.filter(([group]) => !groups.some((one) => one === group))).toEqual([])
    expect(byGroup.filter(([, outcome]) => !outcomes.includes(outcome) || outcome === 'not-provoked')).toEqual([])
    expect(Object.values(known)).toEqual(
      Object.values(known).map(() => ({
        version: expect.stringMatching(/^\d+\.\d+\.\d+$/) as string,
        date: expect.stringMatching(/^\d{4}-\d\d-\d\d$/) as string,
      })),
    )
  })
})

describe('what a client suffers where a requirement is broken', () => {
  const id = 'streaming/ends'
  const faults = [
    { id: 'alone', breaks: [id] },
    { id: 'with-another', breaks: [id, 'usage/shape'] },
  ]
  const found = (alone: readonly Outcome[], withAnother: readonly Outcome[] = []) => {
    const by = (all: readonly Outcome[]): ByClient => ({
      'typescript-sdk': Object.fromEntries(all.map((outcome, index) => [groups[index], outcome])),
    })
    return suffers('typescript-sdk', id, faults, { faults: { alone: by(alone), 'with-another': by(withAnother) } })
  }

  test.for<[string | null, readonly Outcome[]]>([
    [null, []],
    ['is-unharmed', ['same', 'other-words', 'bookkeeping']],
    ['recovers', ['same', 'recovers']],
    ['breaks', ['same', 'raises', 'recovers']],
    ['breaks', ['another-error']],
    ['breaks', ['silently-other']],
    ['breaks', ['hangs']],
  ])('%s', ([state, all]) => {
    expect(found(all)).toBe(state)
  })

  test('any fault that breaks it counts, also one that breaks more than that', () => {
    expect(found(['same'], ['raises'])).toBe('breaks')
    expect(found([], ['recovers'])).toBe('recovers')
  })

  test('a client that nobody measured suffers nothing that is known', () => {
    expect(suffers('go-sdk', id, faults)).toBeNull()
  })
})
