import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'
import { scratch } from '../../suites/self/scratch.ts'
import { refresh, type Stage } from './refresh.ts'

/** A folder with one file that is fresh and one that is not; a third is made of the second, as it stands on disk. */
function begun() {
  const folder = scratch()
  writeFileSync(join(folder, 'fresh.ts'), 'one')
  writeFileSync(join(folder, 'stale.ts'), 'old')
  const read = (name: string): string => readFileSync(join(folder, name), 'utf8')
  const stages: readonly Stage[] = [
    { 'fresh.ts': () => 'one', 'stale.ts': () => Promise.resolve('two') },
    { 'page.md': () => `made of ${read('stale.ts')}` },
  ]
  const run = async (check: boolean): Promise<readonly string[]> => {
    const lines: string[] = []
    for await (const line of refresh(stages, pathToFileURL(`${folder}/`), check)) lines.push(line)
    return lines
  }
  return { run, read }
}

test('what is stale is written in order, what is made of it after it, and what is fresh is left alone', async () => {
  const { run, read } = begun()
  expect(await run(false)).toEqual(['stale.ts', 'page.md'])
  expect(read('page.md')).toBe('made of two')
  expect(await run(false)).toEqual([])
})

test('a check writes nothing, names the remedy, and looks at nothing that is made of something stale', async () => {
  const { run, read } = begun()
  expect(await run(true)).toEqual([
    'stale.ts is stale: npm run generate',
    'page.md would be made of that, and cannot be looked at before.',
  ])
  expect(read('stale.ts')).toBe('old')
  await run(false)
  expect(await run(true)).toEqual([])
})
