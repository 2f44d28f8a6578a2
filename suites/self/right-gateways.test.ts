import { describe, expect, test } from 'vitest'
import { createReference } from '../../fixtures/gateways/reference/reference.ts'
import { variants } from '../../fixtures/gateways/variants.ts'
import { wholeProfile } from '../run/selection.ts'
import { brokenOf, everything, everythingLong, judgeTape, tapeOf, verdictsOn } from './proof.ts'

test('the reference holds every requirement, but for those that only a variant raises', async () => {
  const { verdicts } = judgeTape(await tapeOf(createReference(), { selection: everythingLong }), everythingLong)
  const raised = new Set(variants.flatMap(({ raises = [] }) => raises))
  const others = verdicts.filter(({ outcome, id, findings }) => {
    if (outcome === 'noted') return findings.length > 0 && !raised.has(id)
    return raised.has(id) ? outcome !== 'unjudged' : outcome !== 'holds'
  })
  const remedy = 'what is unjudged here, no exchange shows: read a fixture, name `least`, or let a variant raise it'
  expect(
    others.map(({ id, outcome, why, findings }) => ({ id, outcome, why, findings })),
    remedy,
  ).toEqual([])
})

describe('each legal variant holds every must, and every should but those it names', () => {
  test.for(variants)('$id', async (variant) => {
    const highest = variant.long ? everythingLong : everything
    const selection = variant.profile ? { ...highest, ...wholeProfile(variant.profile) } : highest
    const verdicts = await verdictsOn(variant.over, { socket: variant.socket ?? false, selection })
    const broken = verdicts.filter(({ id }) => brokenOf(verdicts).includes(id))
    const remedy =
      'this gateway is right: mend the check (what a model has to say comes after a control), or name a should in `lacks`'
    const { lacks = [], unaccepted = [] } = variant
    expect(
      broken.filter(({ level, id }) => !(level === 'must' ? unaccepted : lacks).includes(id)),
      remedy,
    ).toEqual([])
    expect(unaccepted.filter((id) => !id.startsWith('clients/accepts-'))).toEqual([])
    expect(broken.map(({ id }) => id).sort()).toEqual([...lacks, ...unaccepted].sort())
    const held = verdicts
      .filter(({ outcome, findings }) => outcome === 'holds' || (outcome === 'noted' && findings.length === 0))
      .map(({ id }) => id as string)
    expect((variant.raises ?? []).filter((id) => !held.includes(id))).toEqual([])
  })
})
