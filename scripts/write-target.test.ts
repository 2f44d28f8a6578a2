import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { TargetFile } from '../schemas/types.ts'
import { InputError } from '../suites/harness/wire/input-error.ts'
import { writeTargetFile } from './write-target.ts'

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'write-target-'))
  onTestFinished(() => rmSync(path, { recursive: true }))
  return path
}

const file: TargetFile = { targets: [{ name: 'acme', baseUrl: 'http://a.example', model: 'm' }] }

test('a target file is written in place of the one that was there, and nothing beside it', () => {
  const place = folder()
  const path = join(place, 'acme.json')
  writeFileSync(path, 'of yesterday', { mode: 0o600 })
  writeTargetFile(path, file)
  expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual(file)
  expect(statSync(path).mode & 0o777).toBe(0o600)
  expect(readdirSync(place)).toEqual(['acme.json'])
})

test('the schema that a file names stays', () => {
  const path = join(folder(), 'acme.json')
  writeFileSync(path, JSON.stringify({ $schema: './target.schema.json', ...file }))
  writeTargetFile(path, file)
  expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual({ $schema: './target.schema.json', ...file })
})

test('through a link, the file it leads to is written', () => {
  const place = folder()
  writeFileSync(join(place, 'acme.json'), 'of yesterday')
  symlinkSync(join(place, 'acme.json'), join(place, 'link.json'))
  writeTargetFile(join(place, 'link.json'), file)
  expect(JSON.parse(readFileSync(join(place, 'acme.json'), 'utf8'))).toEqual(file)
  expect(readdirSync(place).toSorted()).toEqual(['acme.json', 'link.json'])
})

test('what keeps a target file from being written leaves the one that was there', () => {
  const place = folder()
  const path = join(place, 'acme.json')
  writeFileSync(path, 'of yesterday')
  // As a disk that is full: the new one cannot be begun.
  mkdirSync(`${path}.${process.pid}`)
  expect(() => writeTargetFile(path, file)).toThrow(InputError)
  expect(readFileSync(path, 'utf8')).toBe('of yesterday')
})
