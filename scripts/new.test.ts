import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'

/* npm run new as it is typed, in a copy of the checkout. */

const root = fileURLToPath(new URL('..', import.meta.url))
const copy = mkdtempSync(join(tmpdir(), 'new-'))
afterAll(() => rmSync(copy, { recursive: true }))
for (const part of ['schemas', 'fixtures', 'suites', 'scripts', 'package.json', 'tsconfig.json'])
  cpSync(join(root, part), join(copy, part), { recursive: true })
symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'))

function run(...words: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, words, { cwd: copy, encoding: 'utf8' })
  return { status, stdout, stderr }
}

const begin = (...words: readonly string[]) => run('--import', 'tsx', 'scripts/new.ts', ...words)

test('what is begun is written, and compiles before anything is filled in', () => {
  expect(begin('usage/grows', '--every', 'message')).toMatchObject({ status: 0, stderr: '' })
  const reads = begin('tools/kept', '--reads', 'tools/fresh', '--reads', 'tools/single:stream', '--chapter', 'turns.ts')
  expect(reads.stdout.split('\n')).toEqual(
    expect.arrayContaining(['fixtures/requests/tools/fresh.json: the fixture', 'fixtures/requests.ts']),
  )
  const gates = begin('output/holograms-offered', '--gates', 'holograms')
  expect(gates.stdout.split('\n')).toEqual(expect.arrayContaining(['schemas/types.ts', 'schemas/values.ts']))
  expect(run('node_modules/typescript/bin/tsc', '-p', '.')).toEqual({ status: 0, stdout: '', stderr: '' })
})

test('bad input is one sentence, and exit code 2', () => {
  const { status, stdout, stderr } = begin('usage/more', '--every', 'mesage')
  expect({ status, stdout, stderr }).toEqual({
    status: 2,
    stdout: '',
    stderr: 'There is no view mesage; did you mean message?\n',
  })
})
