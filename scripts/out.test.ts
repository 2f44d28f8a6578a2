import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { scratch } from '../suites/self/scratch.ts'
import { outFiles, renderedFiles } from './report/files.ts'
import { typed } from './typed.ts'

test('a whole run writes into --out what the table of renderings says, and the tape', async () => {
  const out = scratch()
  await typed(['check', '--out', out])
  expect(readdirSync(out).toSorted()).toEqual(outFiles.toSorted())
})

test('what an earlier run left does not vouch for this one', async () => {
  const out = scratch()
  for (const file of renderedFiles) writeFileSync(join(out, file), 'of yesterday')
  // A partial look has no badge.
  await typed(['check', '--only', 'messages/shape', '--out', out])
  expect(readdirSync(out).toSorted()).toEqual(outFiles.filter((file) => file !== 'badge.json').toSorted())
})

test('report.json is written last: its "complete" vouches for the others', () => {
  expect(renderedFiles.at(-1)).toBe('report.json')
})

test.for(['check', 'judge'])('%s --help names each file', async (command) => {
  const { out } = await typed([command, '--help'])
  for (const file of outFiles) expect(out).toContain(file)
})

test.for(['README.md', 'README.zh-CN.md', 'action.yml'])('%s names each file', (page) => {
  const text = readFileSync(new URL(`../${page}`, import.meta.url), 'utf8')
  for (const file of outFiles) expect(text).toContain(file)
})
