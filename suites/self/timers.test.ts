import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

/* A timer of Node's that is set for too long fires at once: what sets one goes through fixtures/gateways/timer.ts, which knows. */

const root = new URL('../../', import.meta.url)

/** Files that set a timer by themselves, and why they may. */
const allowed = [
  'fixtures/gateways/timer.ts',
  // In a process that is measured: every 5 ms.
  'scripts/bench/programs.ts',
  // The sign of life of a folder in use: every 30 s.
  'scripts/claim.ts',
  // In pages, without a time.
  'scripts/report/html-script.ts',
  'scripts/report/matrix/script.ts',
]

test('one place sets timers', () => {
  const files = ['schemas', 'fixtures', 'suites', 'scripts'].flatMap((folder) =>
    readdirSync(new URL(`${folder}/`, root), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
      .map((name) => `${folder}/${name.replaceAll('\\', '/')}`),
  )
  const setting = files.filter((file) =>
    /\bset(Timeout|Interval)\(|AbortSignal\.timeout\(/.test(readFileSync(new URL(file, root), 'utf8')),
  )
  expect(setting.toSorted()).toEqual(allowed)
})
