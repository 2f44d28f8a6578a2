import { describe, expect, test } from 'vitest'
import { faults } from '../../fixtures/gateways/faults/faults.ts'
import { createReference } from '../../fixtures/gateways/reference/reference.ts'
import { compare } from '../harness/compare/compare.ts'
import { sideOf, tapeOf } from './proof.ts'

/* That each fault is found by a comparison with the reference stands with the faults. */

const reference = sideOf(await tapeOf(createReference()))

describe('comparing two runs', () => {
  test('of the reference finds nothing', async () => {
    const { exitCode, ...found } = compare(reference, sideOf(await tapeOf(createReference())))
    expect(Object.values(found).flat()).toEqual([])
    expect(exitCode).toBe(0)
  })

  test('of a faulty one and the reference says that it was mended', async () => {
    const some = faults.find(({ socket, run }) => !socket && !run)
    const { nowHolds, exitCode } = compare(sideOf(await tapeOf(some!.over(createReference()))), reference)
    expect(nowHolds.map(({ id }) => id).toSorted()).toEqual(some!.breaks.toSorted())
    expect(exitCode).toBe(0)
  })

  test('with one that was cut short cannot be told', () => {
    expect(compare(reference, { ...reference, ending: 'interrupted' }).exitCode).toBe(2)
  })

  test('notes another model, a slower first byte, another count, a field that appeared', () => {
    const features = {
      ...reference.features,
      models: new Set(['other-model']),
      firstByte: new Map([...reference.features.firstByte].map(([name, at]) => [name, at + 1000])),
      inputTokens: new Map([...reference.features.inputTokens].map(([name, count]) => [name, count * 2])),
      shape: new Map([...reference.features.shape, ['message /routed_by', new Set(['string'])]]),
    }
    const { notes, exitCode } = compare(reference, { ...reference, features })
    expect(notes.join('\n')).toMatch(
      /appeared: message \/routed_by\n.*other-model.*\nfirst byte after \d+ ms.*\nthe same/,
    )
    expect(exitCode).toBe(0)
  })
})
