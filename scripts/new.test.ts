import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { scaffold } from './new.ts'

const root = fileURLToPath(new URL('..', import.meta.url))

function copy(): string {
  const folder = mkdtempSync(join(tmpdir(), 'new-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  for (const part of ['suites', 'fixtures/gateways/faults', 'fixtures/requests'])
    cpSync(join(root, part), join(folder, part), { recursive: true })
  return folder
}

test('a requirement, its fixture and its fault are begun, each with its TODO', () => {
  const folder = copy()
  const written = scaffold('usage/grows', folder)
  expect(written).toHaveLength(4)
  const [ids, ...stubs] = written.map((path) => readFileSync(path, 'utf8'))
  expect(ids).toMatch(/ {2}'usage\/[^']+',\n {2}'usage\/grows',\n {2}'streaming/)
  for (const stub of stubs) expect(stub).toContain('TODO')
  expect(() => scaffold('usage/grows', folder)).toThrow('There is usage/grows already.')
})

test.for([
  ['', /area\/what-holds/],
  ['Usage/Grows', /area\/what-holds/],
  ['nowhere/grows', /no area nowhere/],
  ['usage/shape', /There is usage\/shape already/],
] as const)('%s is refused', ([id, says]) => {
  expect(() => scaffold(id, copy())).toThrow(says)
})
