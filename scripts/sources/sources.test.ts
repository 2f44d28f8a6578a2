import { spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { catalogue } from '../../suites/catalogue.ts'
import { partsOf, type Quoted } from '../../suites/harness/judge/source.ts'
import { InputError } from '../../suites/harness/wire/input-error.ts'
import { scratch } from '../../suites/self/scratch.ts'
import { openFolder } from './folder.ts'
import { missingFrom, quotesOf, type QuoteOf } from './sources.ts'

const modules = new URL('../../node_modules/', import.meta.url)
const url = 'https://platform.claude.com/docs/en/build-with-claude/streaming'

const quotes = quotesOf(catalogue)
const documented = quotes.filter(({ source }) => source.kind === 'documented')

function quoteOf(source: Quoted): QuoteOf {
  return { id: 'streaming/ends', source }
}

/** A folder with one file, of the page that is cited here. */
function folderWith(text: string): ReturnType<typeof openFolder> {
  const folder = scratch()
  writeFileSync(join(folder, 'streaming.md'), `---\nurl: ${url}\n---\n${text}`)
  return openFolder(folder)
}

test('each line of the official SDK that is quoted stands in the SDK that is installed', () => {
  const code = quotes.filter(({ source }) => source.kind === 'code')
  expect(code.length).toBeGreaterThan(0)
  expect(missingFrom(code, folderWith(''), modules)).toEqual([])
})

test('a sentence is found on the page that is cited, however it is marked up', () => {
  const quote = 'Each stream uses the following event flow: message_start'
  const there = quoteOf({ kind: 'documented', url: `${url}#event-types`, quote })
  const marked = 'Each **stream** uses\nthe [following](https://a.example) event flow:\n\n1. `message_start`: contains'
  expect(missingFrom([there], folderWith(marked), modules)).toEqual([])
})

test('what is gone is named: the word, the page, the file', () => {
  const because = (source: Quoted, text = 'Each stream uses the following event flow.') =>
    missingFrom(
      [quoteOf(source), quoteOf({ kind: 'documented', url, quote: 'Each stream' })],
      folderWith(text),
      modules,
    ).map((missing) => missing.because)
  expect(because({ kind: 'documented', url, quote: 'Each stream uses the usual event flow.' })).toEqual([
    '"Each stream uses the" still stands there, and "usual" does not follow',
  ])
  expect(because({ kind: 'documented', url, quote: 'Every stream' })).toEqual(['"Every" does not stand there'])
  expect(because({ kind: 'documented', url: `${url}-2`, quote: 'Each stream' })).toEqual([
    'the page is not in the folder',
  ])
  const code = { kind: 'code', url: 'https://a.example', package: '@anthropic-ai/sdk' } as const
  expect(because({ ...code, file: 'src/nowhere.ts', quote: 'const' })).toEqual(['the file is not in the package'])
  expect(because({ ...code, file: 'src/client.ts', quote: 'export class Nobody' })).toEqual([
    '"export class" still stands there, and "Nobody" does not follow',
  ])
})

test('a folder of other pages, and a package that is not installed, are refused', () => {
  const cited = quoteOf({ kind: 'documented', url: `${url}-2`, quote: 'Each stream' })
  expect(() => missingFrom([cited], folderWith('Each stream'), modules)).toThrow('holds none of the pages')
  const code = quoteOf({ kind: 'code', url, package: 'nobody', file: 'a.ts', quote: 'a' })
  expect(() => missingFrom([code], folderWith(''), modules)).toThrow(
    new InputError('nobody is not installed. Run: npm ci'),
  )
})

/** The documentation as the catalogue quotes it: its pages, and on them its sentences, with every word behind a line of its own. */
function documentation(alter: (text: string) => string): string {
  const folder = scratch()
  const pages = new Map<string, string>()
  for (const { source } of documented) {
    const page = source.url.replace(/#.*/, '')
    pages.set(page, `${pages.get(page) ?? ''}\n\n${partsOf(source.quote).join('\n\nbetween\n\n')}`)
  }
  for (const [page, text] of pages) {
    const path = join(folder, `${new URL(page).pathname}.md`)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, `---\nurl: ${page}\n---\n${alter(text)}\n`)
  }
  return folder
}

function run(...words: string[]) {
  const main = fileURLToPath(new URL('main.ts', import.meta.url))
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--import', 'tsx', main, ...words], {
    encoding: 'utf8',
  })
  return { status, stdout, stderr }
}

test('npm run sources finds all quotes of the catalogue, and counts them', () => {
  expect(run(documentation((text) => text))).toEqual({
    status: 0,
    stdout: `${quotes.length} of ${quotes.length} found\n`,
    stderr: '',
  })
})

test('npm run sources names what one altered word takes away, and ends with 1', () => {
  const { status, stdout, stderr } = run(
    documentation((text) => text.replaceAll('are cumulative.', 'are incremental.')),
  )
  expect({ status, stderr }).toEqual({ status: 1, stderr: '' })
  expect(stdout).toBe(
    `usage/cumulative https://platform.claude.com/docs/en/build-with-claude/streaming#event-types
  "The token counts shown in the usage field of the message_delta event are cumulative."
  "The token counts shown in the usage field of the message_delta event are" still stands there, and "cumulative." does not follow
${quotes.length - 1} of ${quotes.length} found\n`,
  )
})

test('npm run sources without a folder of documentation ends with 2, and one sentence', () => {
  const empty = scratch()
  for (const words of [[], [empty], [join(empty, 'nowhere')], [empty, empty]]) {
    const { status, stdout, stderr } = run(...words)
    expect({ words: words.length, status, stdout }).toEqual({ words: words.length, status: 2, stdout: '' })
    expect(stderr).toMatch(/^[^\n]+\n$/)
  }
})
