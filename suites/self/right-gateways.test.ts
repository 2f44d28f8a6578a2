import { describe, expect, test } from 'vitest'
import { createReference } from '../../fixtures/gateways/reference/reference.ts'
import { variants } from '../../fixtures/gateways/variants.ts'
import { brokenOf, judgeTape, tapeOf, verdictsOn } from './proof.ts'

/** What never occurs in one run of the reference; variants that raise it prove these. */
const neverInOneRun: readonly string[] = []

test('the reference holds every requirement', async () => {
  const { verdicts } = judgeTape(await tapeOf(createReference()))
  const others = verdicts.filter(({ outcome, id, findings }) => {
    if (outcome === 'noted') return findings.length > 0
    return outcome !== 'holds' && !neverInOneRun.includes(id)
  })
  expect(others.map(({ id, outcome, why, findings }) => ({ id, outcome, why, findings }))).toEqual([])
})

describe('each legal variant holds every must, and every should but those it names', () => {
  test.for(variants)('$id', async (variant) => {
    const verdicts = await verdictsOn(variant.over, { socket: variant.socket ?? false })
    const broken = verdicts.filter(({ id }) => brokenOf(verdicts).includes(id))
    expect(broken.filter(({ level, id }) => level === 'must' || !variant.lacks?.includes(id))).toEqual([])
    expect(broken.map(({ id }) => id).sort()).toEqual([...(variant.lacks ?? [])].sort())
  })
})
