import { describe, expect, test } from 'vitest'
import { errorAnswer } from '../../fixtures/gateways/alter.ts'
import { requests } from '../../fixtures/requests.ts'
import { createReference } from '../../fixtures/gateways/reference/reference.ts'
import { inProcess } from '../harness/wire/in-process.ts'
import { gather } from '../harness/gather/gather.ts'
import { usualLimits } from '../harness/gather/limits.ts'
import type { Exchange } from '../harness/wire/exchange.ts'
import { parseName } from '../harness/gather/plan.ts'
import { redactor } from '../harness/tape/redact.ts'
import { planFor } from '../run/selection.ts'
import { referenceTarget } from '../run/reference-target.ts'
import { brokenOf, everything, judgeTape } from './proof.ts'

const positive = planFor(everything, requests)
  .steps.map(({ name }) => name)
  .filter((name) => (requests[parseName(name).fixture as keyof typeof requests].phase ?? 'positive') === 'positive')

/** The reference, but one fixture is answered 500: a whole family of faults for nothing. */
async function tapeWithout(refused: string): Promise<readonly Exchange[]> {
  const right = inProcess(createReference())
  const failing = inProcess(() => errorAnswer(500, 'api_error', 'Internal server error'))
  const tape: Exchange[] = []
  await gather({
    plan: planFor(everything, requests),
    target: referenceTarget('http://reference.invalid'),
    transport: (outgoing, signal) => (outgoing.fixture === refused ? failing : right)(outgoing, signal),
    limits: { ...usualLimits, patience: 0 },
    redactor: redactor([]),
    record: (exchange) => tape.push(exchange),
    signal: new AbortController().signal,
    sleep: () => Promise.resolve(),
  })
  return tape
}

/** It is the probe of a capability, and judged where that is declined, too. */
const opening = 'messages/page'

describe('a fixture answered 500 breaks exactly one requirement', () => {
  test.for(positive)('%s', async (name) => {
    const { verdicts } = judgeTape(await tapeWithout(name))
    if (name === opening) expect(brokenOf(verdicts)).toEqual(['auth/default-version-offered', 'messages/page-served'])
    else expect(brokenOf(verdicts)).toHaveLength(1)
  })
})
