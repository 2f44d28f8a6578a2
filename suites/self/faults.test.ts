import { readdirSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { Fault } from '../../fixtures/gateways/fault.ts'
import { faults } from '../../fixtures/gateways/faults/faults.ts'
import { createReference } from '../../fixtures/gateways/reference/reference.ts'
import { areaOf, areas } from '../areas.ts'
import { catalogue } from '../catalogue.ts'
import { ids } from '../ids.ts'
import { compare } from '../harness/compare/compare.ts'
import { brokenOf, everything, everythingLong, looseEnds, sideOf, tapeOf } from './proof.ts'

const reference = sideOf(await tapeOf(createReference()))
const longReference = sideOf(await tapeOf(createReference(), { selection: everythingLong }), everythingLong)

/** A prompt that is too long is a megabyte, a large body are three: sent only where they are what breaks. */
function isLong({ breaks }: Fault): boolean {
  return breaks.includes('clients/overflow') || breaks.includes('validation/large-body')
}

describe('each fault breaks exactly what it names, where it was broken, and a comparison with the reference finds it', () => {
  test.for(faults.filter(({ id }) => areaOf(id) !== 'passage'))('$id', async (fault) => {
    const selection = isLong(fault) ? everythingLong : everything
    const { socket, run } = fault
    const faulty = sideOf(await tapeOf(fault.over(createReference()), { socket, run, selection }), selection)
    const { verdicts } = faulty
    const broken = [...brokenOf(verdicts)].sort()
    expect(broken).toEqual([...fault.breaks].sort())
    const places = verdicts.flatMap(({ findings, outcome }) =>
      outcome === 'broken' ? findings.map(({ at }) => at) : [],
    )
    expect(places.filter((place) => place.startsWith(fault.at))).not.toEqual([])
    expect(looseEnds(verdicts)).toEqual([])

    // Two runs that differ in how they were asked are not compared.
    if (socket || run) return
    const { nowBroken, notes } = compare(isLong(fault) ? longReference : reference, faulty)
    const found = [...nowBroken.map(({ id }) => id as string), ...notes.join(' ').split(' ')]
    expect(found).toEqual(expect.arrayContaining([...fault.breaks]))
  })
})

test('every area has a file of faults', () => {
  const files = readdirSync(new URL('../../fixtures/gateways/faults', import.meta.url))
  expect(files.toSorted()).toEqual([...areas, 'facts', 'faults'].map((name) => `${name}.ts`).toSorted())
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
