import { expect, test } from 'vitest'
import type { ClientReport, ClientState } from '../../schemas/types.ts'
import { clientStates } from '../../schemas/values.ts'
import { countStates, exitCodeOf, stopsUnheard } from './conclude.ts'

const tried = (...states: ClientState[]): { state: ClientState }[] => states.map((state) => ({ state }))

test.for<[states: ClientState[], ending: ClientReport['ending'], code: number]>([
  [['notices', 'survives', 'unharmed', 'undetectable', 'trips', 'other-words', 'not-provoked'], 'complete', 0],
  [['notices', 'loses-silently'], 'complete', 1],
  [['hangs', 'not-provoked'], 'complete', 1],
  [['not-provoked', 'not-provoked'], 'complete', 2],
  [[], 'complete', 2],
  [['unharmed'], 'interrupted', 2],
  [['loses-silently'], 'interrupted', 2],
])('%j, %s: %i', ([states, ending, code]) => {
  expect(exitCodeOf(tried(...states), ending)).toBe(code)
})

test('a stop_reason went unheard where it told of what was lost silently', () => {
  const told = { state: 'loses-silently', stopped: 'refusal' } as const
  const heard = { state: 'notices', stopped: 'max_tokens' } as const
  expect(stopsUnheard([told, heard, told, ...tried('loses-silently', 'hangs')])).toEqual(['refusal', 'refusal'])
})

test('states are counted', () => {
  expect([...countStates(tried('hangs', 'notices', 'hangs'))]).toEqual([
    ['hangs', 2],
    ['notices', 1],
  ])
  expect(countStates(tried(...clientStates)).size).toBe(clientStates.length)
})
