import { expect, test } from 'vitest'
import { errorAnswer } from '../../fixtures/gateways/alter.ts'
import type { Gateway } from '../../fixtures/gateways/answer.ts'
import { asked, generates, hear } from '../../fixtures/gateways/parts.ts'
import { createReference } from '../../fixtures/gateways/reference/reference.ts'
import { brokenOf, everything, judgeTape, tapeOf } from './proof.ts'

/** Refuses every valid request once, and serves it when it comes again; but for the first ones, which say whether it serves at all. */
function refusingOnce(): Gateway {
  const inner = createReference()
  const seen = new Set<string>()
  let served = 0
  return async (request) => {
    const heard = await hear(request)
    const answer = await inner(request)
    if (!generates(heard) || answer.status !== 200 || seen.has(asked(heard)) || served++ < 4) return answer
    seen.add(asked(heard))
    return errorAnswer(400, 'invalid_request_error', 'not supported')
  }
}

test('a gateway that refuses what it serves a moment later is unsteady, and is accused of nothing else', async () => {
  const { verdicts } = judgeTape(await tapeOf(refusingOnce(), { selection: everything }), everything)
  // Of the stream behind one that was hung up, steadiness itself is what is asked.
  expect(brokenOf(verdicts).toSorted()).toEqual(['streaming/survives-hang-up', 'transport/steady'])
})
