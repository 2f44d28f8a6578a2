import { fixtureFacts } from '../../fixtures/facts.ts'
import { expect, test } from 'vitest'
import { faults } from '../../fixtures/gateways/faults/faults.ts'
import { createReference } from '../../fixtures/gateways/reference/reference.ts'
import { areaOf } from '../areas.ts'
import { planFor } from '../run/selection.ts'
import { brokenOf, everything, judgeTape, tapeOf } from './proof.ts'

const quick = { ...everything, quick: true }

test('a quick look sends at most six paid requests', () => {
  expect(planFor(quick, fixtureFacts).cost.paidRequests).toBeLessThanOrEqual(6)
})

// It compares no endpoints, and looks from the front only.
const asked = faults.filter(({ id }) => !['chat', 'passage'].includes(areaOf(id)))

test('and catches at least 60 % of all faults', async () => {
  const caught: string[] = []
  for (const { id, over, socket, run } of asked) {
    const tape = await tapeOf(over(createReference()), { socket, run, selection: quick })
    if (brokenOf(judgeTape(tape, quick).verdicts).length > 0) caught.push(id)
  }
  expect(caught.length / asked.length).toBeGreaterThanOrEqual(0.6)
})
