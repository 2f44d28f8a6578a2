import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { InputError } from '../../suites/harness/wire/input-error.ts'
import { scratch } from '../../suites/self/scratch.ts'
import { openFolder, pagesAt } from './folder.ts'

const errors = 'https://platform.claude.com/docs/en/api/errors#http-errors'
const gatewayErrors = 'https://code.claude.com/docs/en/errors'

function folderOf(files: Readonly<Record<string, string>>): string {
  const folder = scratch()
  for (const [name, text] of Object.entries(files)) {
    const path = join(folder, name)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, text)
  }
  return folder
}

const saying = (url: string, text: string): string => `---\ntitle: A page\nurl: ${url}\n---\n\n${text}\n`

test('a page is the file that says its address, wherever it lies', () => {
  const whole = saying('https://platform.claude.com/docs/en/api/errors', 'these')
  const folder = folderOf({
    'a/deep/place/errors.md': whole,
    'api/errors.md': saying('https://platform.claude.com/docs/en/api/go/errors', 'others'),
  })
  expect(pagesAt(errors, openFolder(folder))).toEqual([whole])
})

test('a page that says no address is known by its place', () => {
  const folder = folderOf({
    'en/api/errors.md': 'of the API',
    'en/docs/claude-code/errors.md': 'of Claude Code',
    'go/errors.mdx': 'of Go',
    'en/api/other-errors.md': 'of others',
  })
  expect(pagesAt(errors, openFolder(folder))).toEqual(['of the API'])
  expect(pagesAt(gatewayErrors, openFolder(folder))).toEqual(['of Claude Code'])
  expect(pagesAt('https://platform.claude.com/docs/en/home', openFolder(folder))).toEqual([])
})

test('no folder, a file, and a folder without Markdown are refused in one sentence that says what to give', () => {
  const folder = folderOf({ 'notes.txt': 'no', 'node_modules/a/README.md': 'no', '.git/a.md': 'no' })
  for (const [name, sentence] of [
    [join(folder, 'nowhere'), 'nowhere is no folder.'],
    [join(folder, 'notes.txt'), 'notes.txt is no folder.'],
    [folder, 'holds no Markdown.'],
  ] as const) {
    expect(() => openFolder(name)).toThrow(InputError)
    expect(() => openFolder(name)).toThrow(`${sentence} Give it the documentation as Markdown`)
  }
})
