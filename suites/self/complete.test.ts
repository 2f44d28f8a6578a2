import { expect, test } from 'vitest'
import {
  betaDeltaTypes,
  capabilities,
  citationTypes,
  contentBlockTypes,
  deltaTypes,
  errorTypes,
  stopReasons,
  streamEventTypes,
} from '../../schemas/values.ts'
import { lacking, type Need } from './complete.ts'
import {
  blockNeeds,
  capabilityNeeds,
  citationNeeds,
  deltaNeeds,
  errorNeeds,
  eventNeeds,
  shownInTheProof,
  stopReasonNeeds,
} from './needs.ts'

const shown = await shownInTheProof()

/** Each kind of word that a list may get one more of. */
const kinds: Readonly<Record<string, readonly [words: readonly string[], needs: readonly Need[]]>> = {
  capability: [capabilities, capabilityNeeds(shown)],
  'type of block': [contentBlockTypes, blockNeeds(shown)],
  'type of delta': [[...deltaTypes, ...betaDeltaTypes], deltaNeeds],
  'stop reason': [stopReasons, stopReasonNeeds(shown)],
  'type of event': [streamEventTypes, eventNeeds(shown)],
  'type of citation': [citationTypes, citationNeeds],
  'type of error': [errorTypes, errorNeeds],
}

test('every word has all it needs', () => {
  expect(Object.entries(kinds).flatMap(([kind, [words, needs]]) => lacking(kind, words, needs))).toEqual([])
})

/** Words that are none: a stop reason is one of another protocol, for it needs to be no such. */
const madeUp: Readonly<Record<string, string>> = { 'stop reason': 'eos_token' }

test.for(Object.entries(kinds))('a new %s is told all it needs', ([kind, [, needs]]) => {
  const word = madeUp[kind] ?? 'hologram'
  expect(lacking(kind, [word], needs)).toEqual(needs.map(({ what }) => `the ${kind} ${word} needs ${what}`))
})

test('a word that is spared what it has is named too', () => {
  const need: Need = { what: 'a name', isMet: (word) => word !== 'nameless', spared: { tools: 'it has none' } }
  expect(lacking('capability', ['tools', 'vision', 'nameless'], [need])).toEqual([
    'the capability tools is spared, and has, a name',
    'the capability nameless needs a name',
  ])
})
