import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { InputError } from '../../suites/harness/wire/input-error.ts'
import { notesOf } from './notes.ts'

const changelog = `# Changelog

## 1.3.0 - unreleased

### Added

- What is to come.

## 1.2.3 - 2027-01-31

### Fixed

- What was wrong.

## 1.2.2 - 2027-01-30

## 1.2.0
`

test('the notes of a version are its section, and no other', () => {
  expect(notesOf('v1.2.3', '1.2.3', changelog)).toBe('### Fixed\n\n- What was wrong.\n')
})

test.for<[what: string, tag: string, version: string, says: RegExp]>([
  ['of another version', 'v1.2.3', '1.2.2', /^The tag v1\.2\.3 is not that of version 1\.2\.2, .*: v1\.2\.2\.$/],
  ['without its v', '1.2.3', '1.2.3', /^The tag 1\.2\.3 is not that of version/],
  ['of a version that only begins alike', 'v1.2', '1.2', /no section on version 1\.2\.$/],
  ['of what is unreleased', 'v1.3.0', '1.3.0', /does not say when 1\.3\.0 was released: .*"1\.3\.0 - unreleased"/],
  ['of nothing', 'v1.2.2', '1.2.2', /says nothing about version 1\.2\.2\.$/],
  ['without a date', 'v1.2.0', '1.2.0', /no section on version 1\.2\.0\.$/],
])('a tag %s releases nothing', ([, tag, version, says]) => {
  expect(() => notesOf(tag, version, changelog)).toThrow(InputError)
  expect(() => notesOf(tag, version, changelog)).toThrow(says)
})

test('our own changelog has a section for what comes next, or for what is', () => {
  const text = readFileSync(new URL('../../CHANGELOG.md', import.meta.url), 'utf8')
  const headings = text.split('\n').filter((line) => line.startsWith('## '))
  expect(headings.length).toBeGreaterThan(0)
  expect(headings.filter((line) => !/^## \d+\.\d+\.\d+ - (unreleased|\d{4}-\d{2}-\d{2})$/.test(line))).toEqual([])
})
