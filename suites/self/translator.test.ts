import { expect, test } from 'vitest'
import type { Gateway } from '../../fixtures/gateways/answer.ts'
import { faults } from '../../fixtures/gateways/faults/faults.ts'
import { createReference } from '../../fixtures/gateways/reference/reference.ts'
import { wholeProfile } from '../run/selection.ts'
import { brokenOf, judgeTape, looseEnds, tapeOf } from './proof.ts'

/* A translator in front of another protocol is rarely wrong in one way. Whoever is sent its report reads it once: all that is wrong stands in it. */

/** What is wrong with it, from its upstream outwards, by the fault that does so and the requirement that says so. */
const defects = [
  ['output/system-dropped', 'output/system-read'],
  ['vision/dropped', 'vision/seen'],
  ['output/stop-sequences-dropped', 'output/stop-sequence-kept'],
  ['tools/results-dropped', 'tools/results-read'],
  ['messages/max-tokens-ignored', 'messages/max-tokens-kept'],
  ['messages/stop-reason-foreign', 'messages/stop-reason-own'],
  ['tools/name-cut', 'tools/name-declared'],
  ['usage/foreign-names', 'usage/shape'],
  ['streaming/index-from-one', 'streaming/indexes'],
  ['tools/input-in-start', 'tools/input-streamed'],
  ['streaming/done', 'streaming/no-trailing-done'],
  ['errors/chat-completions-envelope', 'errors/envelope'],
  ['auth/wrong-key-400', 'auth/wrong-bearer-refused'],
] as const

const fault = (id: string) => {
  const found = faults.find((one) => one.id === id)
  if (!found) throw new Error(`no fault is called ${id}`)
  return found
}

const translator: Gateway = defects.reduce<Gateway>((inner, [id]) => fault(id).over(inner), createReference())

for (const profile of ['sdk', 'full'] as const)
  test(`a translator with thirteen defects shows all of them in one run at ${profile}`, async () => {
    const selection = { ...wholeProfile(profile), upstream: 'reference' as const }
    const { verdicts } = judgeTape(await tapeOf(translator, { selection }), selection)
    expect(defects).toHaveLength(13)
    expect(brokenOf(verdicts)).toEqual(expect.arrayContaining(defects.map(([, requirement]) => requirement)))
    expect(looseEnds(verdicts)).toEqual([])
  })
