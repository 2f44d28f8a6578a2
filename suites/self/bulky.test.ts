import { expect, test } from 'vitest'
import { bulky, swollen, type Bulky } from '../../fixtures/gateways/bulky.ts'
import { createReference } from '../../fixtures/gateways/reference/reference.ts'
import { collecting } from '../harness/compare/drift.ts'
import { mostFindings } from '../harness/views/finding.ts'
import { everything, judgeTape, tapeOf } from './proof.ts'

/*
 * Answers built to be dear to read. Here that all of them are read, and what is said of them stays short; scripts/hostile.test.ts
 * takes the dearest over sockets, as large as they may be.
 */

/** An exchange that meets each. */
const asked: Readonly<Record<Bulky['to'], string>> = {
  json: 'messages/hello',
  stream: 'messages/hello:stream',
  error: 'validation/no-model',
  models: 'models/list',
  count: 'tokens/short',
  all: 'messages/hello',
}

test.for(bulky)('$id', async (sent) => {
  const selection = { ...everything, fixtures: [asked[sent.to]] }
  const tape = await tapeOf(swollen(sent, 200_000, createReference()), { selection })
  expect(tape).not.toEqual([])
  const { verdicts, failures } = judgeTape(tape)
  expect(failures).toEqual([])
  for (const { findings } of verdicts) {
    expect(findings.length).toBeLessThanOrEqual(mostFindings)
    for (const { at, expected, actual } of findings)
      expect(Math.max(at.length, expected.length, actual.length)).toBeLessThanOrEqual(400)
  }
  const drift = collecting()
  for (const exchange of tape) drift.add(exchange)
  const { shape, order } = drift.features()
  expect(shape.size).toBeLessThanOrEqual(2000)
  expect(order.size).toBeLessThanOrEqual(2000)
  for (const place of [...shape.keys(), ...order]) expect(place.length).toBeLessThan(2000)
})

test('each has an id of its own, and is about as large as it should be', () => {
  expect(new Set(bulky.map(({ id }) => id)).size).toBe(bulky.length)
  const sizes = bulky.map(({ id, body, headers = () => [] }) => {
    const size = body(100_000).length + headers(100_000).flat().join('').length
    return [id, size > 40_000 && size < 130_000]
  })
  expect(sizes.filter(([, fits]) => !fits)).toEqual([])
})
