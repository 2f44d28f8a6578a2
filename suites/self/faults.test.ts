import { readdirSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { Fault } from '../../fixtures/gateways/fault.ts'
import { faults } from '../../fixtures/gateways/faults/faults.ts'
import { areaOf, areas } from '../areas.ts'
import { catalogue } from '../catalogue.ts'
import { ids } from '../ids.ts'
import type { Selection } from '../run/selection.ts'
import { brokenOf, everything, everythingLong, looseEnds, verdictsOn } from './proof.ts'

/** A prompt that is too long is a megabyte: sent only where it is what breaks. */
function selectionFor({ breaks }: Fault): Selection {
  return breaks.includes('clients/overflow') ? everythingLong : everything
}

describe('each fault breaks exactly what it names, where it was broken', () => {
  test.for(faults)('$id', async (fault) => {
    const verdicts = await verdictsOn(fault.over, {
      socket: fault.socket,
      run: fault.run,
      selection: selectionFor(fault),
    })
    const broken = [...brokenOf(verdicts)].sort()
    expect(broken).toEqual([...fault.breaks].sort())
    const places = verdicts.flatMap(({ findings, outcome }) =>
      outcome === 'broken' ? findings.map(({ at }) => at) : [],
    )
    expect(places.filter((place) => place.startsWith(fault.at))).not.toEqual([])
    expect(looseEnds(verdicts)).toEqual([])
  })
})

test('every area has a file of faults', () => {
  const files = readdirSync(new URL('../../fixtures/gateways/faults', import.meta.url))
  expect(files.toSorted()).toEqual([...areas, 'faults'].map((name) => `${name}.ts`).toSorted())
})

test.for(areas)('the faults of %s are what its file holds, in the order they are listed', async (area) => {
  const file = (await import(`../../fixtures/gateways/faults/${area}.ts`)) as { faults: readonly Fault[] }
  expect(file.faults.length).toBeGreaterThan(0)
  expect(file.faults).toEqual(faults.filter(({ id }) => areaOf(id) === area))
})

test('fault ids are unique, and what they name exists', () => {
  expect(new Set(faults.map(({ id }) => id)).size).toBe(faults.length)
  expect(faults.flatMap(({ breaks }) => breaks).filter((id) => !(ids as readonly string[]).includes(id))).toEqual([])
})

test('every requirement that judges has a fault that breaks it', () => {
  const broken = new Set(faults.flatMap(({ breaks }) => breaks))
  const unbroken = catalogue.filter(({ id, level }) => level !== 'may' && !broken.has(id))
  expect(unbroken.map(({ id }) => `${id} is broken by no fault: write one in ${faultsOf(id)}`)).toEqual([])
})

function faultsOf(id: string): string {
  return `fixtures/gateways/faults/${areaOf(id)}.ts`
}
