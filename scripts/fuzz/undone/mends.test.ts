import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { staleness } from '../../mutants/mutation.ts'
import { mends } from './mends.ts'

const root = fileURLToPath(new URL('../../..', import.meta.url))

test.for(mends.map((mend) => [mend.id, mend] as const))('%s is not stale', ([, mend]) => {
  expect(staleness(mend, readFileSync(root + mend.file, 'utf8'))).toBeNull()
})

test('each has an id of its own, and a reason', () => {
  expect(new Set(mends.map(({ id }) => id)).size).toBe(mends.length)
  for (const { because } of mends) expect(because).toMatch(/^[A-Z].*\.$/)
})
