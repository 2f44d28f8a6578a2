import { describe, expect, test } from 'vitest'
import { faults } from '../../fixtures/gateways/faults/faults.ts'
import { translatorVariants } from '../../fixtures/gateways/relays/translator/variants.ts'
import { behindChat, brokenOf, judgeTape, looseEnds, translated } from './proof.ts'

/* The proof for gateways that stand in front of another protocol: the faithful translator, in front of an upstream of ours. */

test('the faithful translator holds everything but what Chat Completions has no place for', async () => {
  const { verdicts, capabilities } = judgeTape(await translated(), behindChat)
  expect(brokenOf(verdicts)).toEqual([])
  expect(looseEnds(verdicts)).toEqual([])
  const outcomes = new Map(verdicts.map(({ id, outcome }) => [id as string, outcome]))
  expect(outcomes.get('output/stop-sequence-kept')).toBe('holds')
  expect(outcomes.get('output/stop-sequence-named')).toBe('not-applicable')
  expect(outcomes.get('usage/start-counts-input')).toBe('not-applicable')
  const lacking = Object.entries(capabilities).filter(([, state]) => state !== 'shown')
  expect(Object.fromEntries(lacking)).toEqual({
    'server-tools': 'declined',
    citations: 'declined',
    caching: 'not-shown',
    'count-tokens': 'declined',
    threads: 'declined',
  })
})

describe('each legal way to translate otherwise breaks nothing', () => {
  test.for(translatorVariants)('$id', async ({ behind }) => {
    const { verdicts } = judgeTape(await translated({ behind }), behindChat)
    expect(brokenOf(verdicts)).toEqual([])
    expect(looseEnds(verdicts)).toEqual([])
  })
})

describe('each faulty translator breaks exactly what it names, where it was broken', () => {
  test.for(faults.filter((fault) => fault.translator !== undefined))('$id', async ({ translator, breaks, at }) => {
    const { verdicts } = judgeTape(await translated(translator), behindChat)
    expect([...brokenOf(verdicts)].toSorted()).toEqual([...breaks].toSorted())
    const broken = verdicts.filter(({ outcome }) => outcome === 'broken')
    const places = broken.flatMap(({ findings }) => findings.map((finding) => finding.at))
    expect(places.filter((place) => place.startsWith(at))).not.toEqual([])
    expect(looseEnds(verdicts)).toEqual([])
  })
})
