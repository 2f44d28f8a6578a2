import { describe, expect, test } from 'vitest'
import { faults } from '../../fixtures/gateways/faults/faults.ts'
import { relayVariants } from '../../fixtures/gateways/relays/variants.ts'
import { useless } from '../../fixtures/gateways/useless.ts'
import { areaOf } from '../areas.ts'
import { catalogue } from '../catalogue.ts'
import { isOnPassage } from '../harness/gather/plan.ts'
import type { TapeExchange } from '../../schemas/types.ts'
import { fromLine, toLine } from '../harness/tape/tape.ts'
import { bothSides, brokenOf, judgeTape, looseEnds, relayed } from './proof.ts'

/* The proof for what is seen from both sides of a gateway: relays in front of an upstream of ours. */

const passages = catalogue.filter((it) => isOnPassage(it) && it.dialect !== 'chat-completions').map(({ id }) => id)

async function verdictsOfRelay(over?: Parameters<typeof relayed>[0]) {
  return judgeTape(await relayed(over), bothSides).verdicts
}

test('the faithful relay holds everything, and everything about passages is judged on it', async () => {
  const verdicts = await verdictsOfRelay()
  expect(brokenOf(verdicts)).toEqual([])
  const held = verdicts.filter(({ outcome }) => outcome === 'holds' || outcome === 'noted').map(({ id }) => id)
  expect(passages.filter((id) => !held.includes(id))).toEqual([])
})

test('a tape read back gives the same verdicts on both sides', async () => {
  const tape = await relayed(faults.find(({ id }) => id === 'passage/drops-effort')?.over)
  const readBack = tape.map((exchange) => fromLine(JSON.parse(JSON.stringify(toLine(exchange))) as TapeExchange))
  expect(judgeTape(readBack, bothSides)).toEqual(judgeTape(tape, bothSides))
})

describe('each legal change on the way breaks nothing', () => {
  test.for(relayVariants)('$id', async ({ over, lacks = [] }) => {
    const verdicts = await verdictsOfRelay(over)
    expect(brokenOf(verdicts).toSorted()).toEqual(lacks.toSorted())
  })
})

describe('each faulty relay breaks exactly what it names, where it was broken', () => {
  test.for(faults.filter(({ id, translator }) => areaOf(id) === 'passage' && !translator))('$id', async (fault) => {
    const verdicts = await verdictsOfRelay(fault.over)
    expect([...brokenOf(verdicts)].toSorted()).toEqual([...fault.breaks].toSorted())
    const broken = verdicts.filter(({ outcome }) => outcome === 'broken')
    const places = broken.flatMap(({ findings }) => findings.map(({ at }) => at))
    expect(places.filter((place) => place.startsWith(fault.at))).not.toEqual([])
    expect(looseEnds(verdicts)).toEqual([])
  })
})

describe('a useless gateway in front of an upstream holds nothing', () => {
  test.for(useless)('$id', async ({ gateway }) => {
    const verdicts = await verdictsOfRelay(() => gateway)
    expect(verdicts.filter(({ outcome }) => outcome === 'holds' || outcome === 'noted').map(({ id }) => id)).toEqual([])
  })
})
