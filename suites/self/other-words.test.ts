import { describe, expect, test } from 'vitest'
import { faults } from '../../fixtures/gateways/faults/faults.ts'
import type { Fault } from '../../fixtures/gateways/fault.ts'
import { createReference } from '../../fixtures/gateways/reference/reference.ts'
import { requests } from '../../fixtures/requests.ts'
import { areaOf } from '../areas.ts'
import { fixtureOf } from '../harness/gather/plan.ts'
import type { Verdict } from '../harness/judge/verdict.ts'
import { inOtherWords } from './other-words.ts'
import { brokenOf, everything, everythingLong, judgeTape, tapeOf } from './proof.ts'

/*
 * Everything asked in words, numbers and names that no fault was written for: each fires all the same, and what it breaks is found.
 * Whoever stands in front of the mock with a client of his own has the faults that the proof has.
 */

const fixtures = inOtherWords(requests)

/** It is told by the words of the others that were asked with it: the check reads those from the suite's own requests. */
const toldByOurWords = new Set(['messages/cross-talk'])

async function judgedOf({ over, breaks, socket, run }: Fault, of: 'named' | 'all'): Promise<readonly Verdict[]> {
  const selection = breaks.some((id) => isLong(id)) ? everythingLong : everything
  const asked = of === 'all' ? selection : { ...selection, only: [...breaks] }
  const tape = await tapeOf(over(createReference()), { socket, run, selection: asked, fixtures })
  return judgeTape(tape, asked).verdicts
}

/** Shown by words that a session holds: a single question may hold them as well. */
const ofWords = new Set([
  'clients/firewall-in-front',
  'clients/challenge-in-front',
  'clients/attack-not-implemented',
  'clients/attack-refused',
  'clients/shell-lines-fail',
])

/** Whether all that shows a fault goes on from something that a model said. */
function showsInDialogues({ id, breaks }: Fault, verdicts: readonly Verdict[]): boolean {
  const found = verdicts.flatMap((verdict) => (breaks.includes(verdict.id) ? verdict.findings : []))
  const isDialogue = ({ fixture }: (typeof found)[number]): boolean => {
    const { follows, body } = fixtureOf(fixture, requests)
    return follows !== undefined || JSON.stringify(body?.['messages'] ?? null).includes('"role":"assistant"')
  }
  return !ofWords.has(id) && found.every(isDialogue)
}

function isLong(id: string): boolean {
  return id === 'clients/overflow' || id === 'validation/large-body'
}

test('they are other words, but where the characters themselves, or a file, are what is asked', () => {
  const talking = Object.entries(requests).filter(([, { body }]) => JSON.stringify(body ?? '').includes('"text":"'))
  const same = talking.filter(([name, fixture]) => JSON.stringify(fixture) === JSON.stringify(fixtures[name as never]))
  expect(same.map(([name]) => name)).toEqual([
    'clients/overflow',
    'documents/pdf',
    'messages/unicode',
    'tokens/claude-code',
    'tools/rich-schema',
    'validation/empty-text',
    'vision/url',
  ])
})

test('the reference holds what it holds', async () => {
  const outcomes = async (asked?: typeof fixtures) =>
    judgeTape(await tapeOf(createReference(), { fixtures: asked })).verdicts.map(({ id, outcome }) => [id, outcome])
  expect(await outcomes(fixtures)).toEqual(await outcomes())
})

describe('each fault breaks what it names', () => {
  const seen = faults.filter(({ id }) => areaOf(id) !== 'passage' && !toldByOurWords.has(id))
  test.for(seen)('$id', async (fault) => {
    // What it breaks is told by the requests about that, as a rule; some shows in others alone.
    const named = await judgedOf(fault, 'named')
    const isTold = fault.breaks.every((id) => brokenOf(named).includes(id))
    const verdicts = isTold ? named : await judgedOf(fault, 'all')
    expect(brokenOf(verdicts)).toEqual(expect.arrayContaining([...fault.breaks]))
    expect(showsInDialogues(fault, verdicts), 'whether the fault says that it needs a dialogue').toBe(
      fault.dialogue === true,
    )
  })
})
