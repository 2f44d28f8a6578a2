import { describe, expect, test } from 'vitest'
import { faults } from '../../fixtures/gateways/faults/faults.ts'
import { createReference } from '../../fixtures/gateways/reference/reference.ts'
import { compare, type Side } from '../harness/compare/compare.ts'
import type { Exchange } from '../harness/wire/exchange.ts'
import { collecting } from '../harness/compare/drift.ts'
import { everything, everythingLong, judgeTape, tapeOf } from './proof.ts'

function side(tape: readonly Exchange[], selection = everything): Side {
  const collected = collecting()
  for (const exchange of tape) collected.add(exchange)
  return { ...judgeTape(tape, selection), ending: 'complete', features: collected.features() }
}

const reference = side(await tapeOf(createReference()))
const longReference = side(await tapeOf(createReference(), { selection: everythingLong }), everythingLong)

describe('comparing two runs', () => {
  test('of the reference finds nothing', async () => {
    const { exitCode, ...found } = compare(reference, side(await tapeOf(createReference())))
    expect(Object.values(found).flat()).toEqual([])
    expect(exitCode).toBe(0)
  })

  const inProcess = faults.filter(({ socket, run }) => !socket && !run)

  test.for(inProcess)('of the reference and $id finds it', async ({ over, breaks }) => {
    const long = breaks.includes('clients/overflow')
    const selection = long ? everythingLong : everything
    const tape = await tapeOf(over(createReference()), { selection })
    const { nowBroken, notes } = compare(long ? longReference : reference, side(tape, selection))
    const found = [...nowBroken.map(({ id }) => id as string), ...notes.join(' ').split(' ')]
    expect(found).toEqual(expect.arrayContaining([...breaks]))
  })

  test('the other way round says that it was mended', async () => {
    const [some] = inProcess
    const { nowHolds, exitCode } = compare(side(await tapeOf(some!.over(createReference()))), reference)
    expect(nowHolds.map(({ id }) => id)).toEqual(some!.breaks)
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
