import { describe, expect, test } from 'vitest'
import { stumbles } from '../../fixtures/gateways/relays/translator/stumbles.ts'
import { quirks } from '../../fixtures/gateways/upstreams/chat-completions/quirks/quirks.ts'
import { behindChat, brokenOf, judgeTape, looseEnds, translated } from './proof.ts'

/*
 * Legal ways in which real upstreams of Chat Completions speak otherwise: the faithful translator holds everything in front of each,
 * and each is one that some translator stumbles over, which is right otherwise.
 */

async function broken(how: Parameters<typeof translated>[0], fixtures: readonly string[]): Promise<readonly string[]> {
  const selection = { ...behindChat, fixtures }
  const { verdicts } = judgeTape(await translated(how, selection), selection)
  expect(looseEnds(verdicts)).toEqual([])
  return brokenOf(verdicts).toSorted()
}

describe('the faithful translator holds everything in front of an upstream that', () => {
  test.for(quirks)('$about ($id)', async ({ over }) => {
    const { verdicts } = judgeTape(await translated({ quirk: over }), behindChat)
    expect(brokenOf(verdicts)).toEqual([])
    expect(looseEnds(verdicts)).toEqual([])
  })
})

test('each quirk has an id of its own, a place where it was met, and one translator that stumbles over it', () => {
  const ids = quirks.map(({ id }) => id)
  expect(new Set(ids).size).toBe(ids.length)
  expect(stumbles.map(({ quirk }) => quirk).toSorted()).toEqual(ids.toSorted())
  expect(quirks.flatMap(({ seen }) => seen.filter((url) => !url.startsWith('https://')))).toEqual([])
  expect(quirks.filter(({ seen, touches }) => seen.length === 0 || touches.length === 0)).toEqual([])
})

const touched = [...new Set(quirks.flatMap(({ touches }) => touches))]

describe('a translator is right until an upstream speaks otherwise, and the few exchanges that this touches show it, which', () => {
  test.for(stumbles)('$about ($quirk)', async ({ quirk, breaks, ...faulty }) => {
    expect(await broken(faulty, touched)).toEqual([])
    const found: Record<string, readonly string[]> = {}
    for (const { id, over, touches } of quirks) {
      const ids = await broken({ ...faulty, quirk: over }, touches)
      if (ids.length > 0) found[id] = ids
    }
    expect(found).toEqual({ [quirk]: breaks.toSorted() })
  })
})
