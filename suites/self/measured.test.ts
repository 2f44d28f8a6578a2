import { describe, expect, test } from 'vitest'
import { faults as everyFault } from '../../fixtures/gateways/faults/faults.ts'
import { catalogue, declared } from '../catalogue.ts'
import { tellsApart } from '../clients/claims.ts'
import { measured, suffers, type ByClient } from '../clients/measured.ts'
import { groups, outcomes, type Outcome } from '../clients/outcomes.ts'
import { clients, type Client } from '../harness/judge/clients.ts'

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

describe('what the catalogue says of a client that was measured', () => {
  const met = (Object.keys(measured.clients) as Client[]).map((client) => ({
    client,
    states: new Map(catalogue.map(({ id }) => [id, suffers(client, id, everyFault)])),
  }))

  test.for(met)('$client: what it was measured to come to, wherever it met something', ({ client, states }) => {
    const told = catalogue.map(({ id, breaks, recovers }) => {
      const state = breaks.includes(client) ? 'breaks' : recovers.includes(client) ? 'recovers' : 'is-unharmed'
      return [id, states.get(id) === null ? null : state]
    })
    expect(told).toEqual([...states])
    expect([...states.values()].filter((state) => state === 'breaks').length).toBeGreaterThan(30)
  })

  test.for(met)(
    '$client: a measured claim has its version and its day, any other is our opinion',
    ({ client, states }) => {
      const known = { source: 'measured', ...measured.clients[client] }
      for (const { id, claims } of catalogue) {
        const [claim, ...more] = claims.filter((one) => one.client === client)
        expect(more, id).toEqual([])
        const source = states.get(id) === null ? { source: 'opinion' } : known
        if (claim) expect(claim, id).toEqual({ client, suffers: claim.suffers, ...source })
      }
    },
  )

  test.for(met)(
    '$client: no chapter says it once more, but to tell it apart; none says otherwise',
    ({ client, states }) => {
      const named = [...declared.values()].filter(
        ({ id, breaks }) => breaks.includes(client) && states.get(id) !== null,
      )
      const otherwise = named.filter(({ id }) => states.get(id) !== 'breaks')
      const again = named.filter(({ id, breaks }) => !tellsApart(breaks) && id !== `clients/${client}-headers`)
      expect({ otherwise: otherwise.map(({ id }) => id), again: again.map(({ id }) => id) }).toEqual({
        otherwise: [],
        again: [],
      })
    },
  )
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

  test('a fault that breaks it alone counts, and where there is none, any that breaks it', () => {
    expect(found(['same'], ['raises'])).toBe('is-unharmed')
    expect(found([], ['raises'])).toBeNull()
    const composite = faults.filter(({ breaks }) => breaks.length > 1)
    const met: ByClient = { 'typescript-sdk': { stream: 'raises' } }
    expect(suffers('typescript-sdk', id, composite, { faults: { 'with-another': met } })).toBe('breaks')
  })

  test('a client that nobody measured suffers nothing that is known', () => {
    expect(suffers('go-sdk', id, faults)).toBeNull()
  })
})
