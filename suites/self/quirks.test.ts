import { fixtureFacts } from '../../fixtures/facts.ts'
import { describe, expect, test } from 'vitest'
import { stumbles } from '../../fixtures/gateways/relays/translator/stumbles.ts'
import { quirks } from '../../fixtures/gateways/upstreams/chat-completions/quirks/quirks.ts'
import { requests } from '../../fixtures/requests.ts'
import { fixtureOf } from '../harness/gather/plan.ts'
import { quirkOf } from '../harness/wire/exchange.ts'
import { markOf, marked } from '../harness/wire/mark.ts'
import { planFor } from '../run/selection.ts'
import { behindChat, brokenOf, judgeTape, looseEnds, translated } from './proof.ts'

/*
 * Legal ways in which real upstreams of Chat Completions speak otherwise: the faithful translator holds everything in front of each,
 * and each is one that some translator stumbles over, which is right otherwise: a run finds it, and names the quirk.
 */

describe('the faithful translator holds everything in front of an upstream that', () => {
  test.for(quirks)('$about ($id)', async ({ id }) => {
    const { verdicts } = judgeTape(await translated({ quirk: id }), behindChat)
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

test('what a quirk touches can be marked, so that its upstream knows when to speak so', () => {
  const mark = markOf(1)
  const unmarked = quirks.flatMap(({ touches }) =>
    touches.filter((name) => !marked(JSON.stringify(fixtureOf(name, requests).body), mark)?.includes(mark)),
  )
  expect(unmarked).toEqual([])
})

test('a run behind Chat Completions asks what a quirk touches under it, for nothing; one of another kind, or a quick one, does not', () => {
  const under = (selection: Parameters<typeof planFor>[0]): readonly string[] =>
    planFor(selection, fixtureFacts).steps.flatMap(({ name, paid }) =>
      quirkOf(name).quirk === null || paid ? [] : [name],
    )
  expect(under(behindChat).toSorted()).toEqual(
    quirks.flatMap(({ id, touches }) => touches.map((name) => `${name}@${id}`)).toSorted(),
  )
  expect(under({ ...behindChat, dialect: 'messages' })).toEqual([])
  expect(under({ ...behindChat, quick: true })).toEqual([])
  expect(under({ ...behindChat, fixtures: ['messages/hello@chat/no-done'] })).toEqual(['messages/hello@chat/no-done'])
})

const touched = [...new Set(quirks.flatMap(({ touches }) => touches))]

describe('a translator is right until an upstream speaks otherwise, and one run shows it, which', () => {
  test.for(stumbles)('$about ($quirk)', async ({ quirk, breaks, ...faulty }) => {
    const selection = { ...behindChat, fixtures: touched }
    const { verdicts } = judgeTape(await translated(faulty, selection), selection)
    expect(brokenOf(verdicts).toSorted()).toEqual(breaks.toSorted())
    expect(new Set(verdicts.flatMap(({ findings }) => findings.map(({ fixture }) => quirkOf(fixture).quirk)))).toEqual(
      new Set([quirk]),
    )
    expect(looseEnds(verdicts)).toEqual([])
  })
})
