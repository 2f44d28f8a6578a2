import { expect, test } from 'vitest'
import { faults } from '../../fixtures/gateways/faults/faults.ts'
import { createReference } from '../../fixtures/gateways/reference/reference.ts'
import { requests } from '../../fixtures/requests.ts'
import { areaOf } from '../areas.ts'
import { requirementOf } from '../catalogue.ts'
import { exchangesOf, fixtureOf } from '../harness/gather/plan.ts'
import { planFor } from '../run/selection.ts'
import { brokenOf, everything, judgeTape, tapeOf } from './proof.ts'

const quick = { ...everything, quick: true }

test('a quick look sends at most six paid requests', () => {
  expect(planFor(quick).cost.paidRequests).toBeLessThanOrEqual(6)
})

// It compares no endpoints, looks from the front only, and sends nothing long.
const asked = faults.filter(({ id, breaks }) => !['chat', 'passage'].includes(areaOf(id)) && !breaks.every(isLong))

function isLong(id: string): boolean {
  const requirement = requirementOf(id)
  return requirement !== undefined && exchangesOf(requirement).some((name) => fixtureOf(name, requests).long)
}

test('and catches at least 60 % of all faults', async () => {
  const caught: string[] = []
  for (const { id, over, socket, run } of asked) {
    const tape = await tapeOf(over(createReference()), { socket, run, selection: quick })
    if (brokenOf(judgeTape(tape, quick).verdicts).length > 0) caught.push(id)
  }
  expect(caught.length / asked.length).toBeGreaterThanOrEqual(0.6)
}, 600_000)
