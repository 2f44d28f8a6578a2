import { expect, test } from 'vitest'
import { profiles } from '../../../schemas/values.ts'
import { requiredBy } from './profiles.ts'

test('a rung requires what it is about, and all that the rungs below it require', () => {
  expect(requiredBy['sdk']).toContain('streaming')
  expect(requiredBy['claude-code']).toContain('tools')
  for (const [index, profile] of profiles.entries())
    for (const lower of profiles.slice(0, index))
      expect(requiredBy[profile]).toEqual(expect.arrayContaining([...requiredBy[lower]]))
})
