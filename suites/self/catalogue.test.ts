import { expect, test } from 'vitest'
import { faults } from '../../fixtures/gateways/faults/faults.ts'
import { requests } from '../../fixtures/requests.ts'
import { validateRequest } from '../../schemas/validators.js'
import { catalogue, declared } from '../catalogue.ts'
import { clients } from '../harness/judge/clients.ts'
import { compose } from '../harness/gather/compose.ts'
import { exchangesOf, parseName } from '../harness/gather/plan.ts'
import { planFor } from '../run/selection.ts'
import { referenceTarget } from '../run/reference-target.ts'
import { ids } from '../ids.ts'
import { everythingLong as everything } from './proof.ts'

test('every id of the lock is declared once, and nothing else is', () => {
  expect([...ids].sort()).toEqual([...new Set(ids)].sort())
  expect([...declared].sort()).toEqual([...ids].sort())
})

test('an id is area/what-holds', () => {
  expect(ids.filter((id) => !/^[a-z]+\/[a-z0-9-]+$/.test(id))).toEqual([])
})

test('a must rests on a source, and names a client that breaks or a documented sentence', () => {
  const musts = catalogue.filter(({ level }) => level === 'must')
  expect(musts.filter(({ source }) => !('url' in source)).map(({ id }) => id)).toEqual([])
  expect(musts.filter(({ source, breaks }) => breaks.length === 0 && !('quote' in source)).map(({ id }) => id)).toEqual(
    [],
  )
})

test('nothing is left to be filled in', () => {
  expect(catalogue.filter((requirement) => JSON.stringify(requirement).includes('TODO')).map(({ id }) => id)).toEqual(
    [],
  )
  expect(faults.filter((fault) => JSON.stringify(fault).includes('TODO')).map(({ id }) => id)).toEqual([])
})

test('clients, prerequisites and fixtures that are named exist', () => {
  const known = new Set<string>(ids)
  for (const requirement of catalogue) {
    expect(requirement.breaks.filter((client) => !(client in clients))).toEqual([])
    expect((requirement.after ?? []).filter((id) => !known.has(id))).toEqual([])
    for (const name of exchangesOf(requirement)) {
      const { fixture, mode } = parseName(name)
      expect(requests[fixture as keyof typeof requests]?.modes ?? ['json'], name).toContain(mode)
    }
  }
})

test('what is judged on every exchange comes after nothing that reads fixtures', () => {
  const every = new Set(
    catalogue.filter((requirement) => 'every' in requirement || 'vouches' in requirement).map(({ id }) => id),
  )
  const mixed = catalogue.filter(
    (requirement) => 'every' in requirement && requirement.after?.some((id) => !every.has(id)),
  )
  expect(mixed.map(({ id }) => id)).toEqual([])
})

test('each positive exchange is read as answer by exactly one requirement', () => {
  const readers = new Map<string, string[]>()
  for (const requirement of catalogue) {
    const names =
      'gates' in requirement
        ? requirement.probe
        : 'reads' in requirement
          ? Object.entries(requirement.reads).flatMap(([name, view]) => (view === 'answer' ? [name] : []))
          : []
    for (const name of names) readers.set(name, [...(readers.get(name) ?? []), requirement.id])
  }
  const positive = planFor(everything).steps.filter(({ fixture }) => (fixture.phase ?? 'positive') === 'positive')
  expect(
    positive.flatMap(({ name }) => ((readers.get(name) ?? []).length === 1 ? [] : [[name, readers.get(name)]])),
  ).toEqual([])
})

test('every fixture is read by some requirement', () => {
  const planned = new Set(planFor(everything).steps.map(({ name }) => parseName(name).fixture))
  expect(Object.keys(requests).filter((name) => !planned.has(name))).toEqual([])
})

test('what we send ourselves is valid, where it is meant to be', () => {
  const target = referenceTarget('http://reference.invalid')
  for (const { name, fixture, mode } of planFor(everything).steps) {
    if ((fixture.phase ?? 'positive') !== 'positive' || fixture.follows !== undefined) continue
    if ((fixture.path ?? '/v1/messages').split('?')[0] !== '/v1/messages') continue
    const body: unknown = JSON.parse(compose(fixture, mode, 1, target)?.body ?? 'null')
    expect({ name, valid: validateRequest(body), errors: validateRequest.errors }).toEqual({
      name,
      valid: true,
      errors: null,
    })
  }
})
