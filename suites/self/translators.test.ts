import { expect, test } from 'vitest'
import { behindChat, brokenOf, judgeTape, looseEnds, translated } from './proof.ts'

/* The proof for gateways that stand in front of another protocol: the faithful translator, in front of an upstream of ours. */

test('the faithful translator holds everything but what Chat Completions has no place for', async () => {
  const { verdicts, capabilities } = judgeTape(await translated(), behindChat)
  expect(brokenOf(verdicts)).toEqual([])
  expect(looseEnds(verdicts)).toEqual([])
  const outcomes = new Map(verdicts.map(({ id, outcome }) => [id as string, outcome]))
  expect(outcomes.get('output/stop-sequence-kept')).toBe('holds')
  expect(outcomes.get('output/stop-sequence-named')).toBe('not-applicable')
  expect(outcomes.get('usage/start-counts-input')).toBe('not-applicable')
  const lacking = Object.entries(capabilities).filter(([, state]) => state !== 'shown')
  expect(Object.fromEntries(lacking)).toEqual({
    'server-tools': 'declined',
    citations: 'declined',
    caching: 'not-shown',
    'count-tokens': 'declined',
  })
})
