import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { textAt } from '../suites/harness/tape/text-at.ts'
import { scratch } from '../suites/self/scratch.ts'
import { makeFolder } from './make-folder.ts'

/*
 * What is no file, or has no end, and folders where none can be: a sentence and exit 2. A process that waits there can be ended by
 * nobody but the system, so each has one of its own.
 */

const main = fileURLToPath(new URL('./main.ts', import.meta.url))

function ran(words: readonly string[], environment: Readonly<Record<string, string>> = {}) {
  const { status, signal, stdout, stderr } = spawnSync(process.execPath, ['--import', 'tsx', main, ...words], {
    encoding: 'utf8',
    env: { PATH: process.env['PATH'] ?? '', GATEWAY_API_KEY: 'key-0123456789abcdef', ...environment },
    timeout: 600_000,
    killSignal: 'SIGKILL',
  })
  return { status, signal, out: stdout, err: stderr }
}

const refused = (says: RegExp) => ({ status: 2, signal: null, out: '', err: expect.stringMatching(says) as unknown })

/** A pipe that has a name, and at whose other end nobody is. */
function pipe(folder: string, name: string): string {
  const path = join(folder, name)
  execFileSync('mkfifo', [path])
  return path
}

const check = ['check', '--base-url', 'http://127.0.0.1:9', '--model', 'm']

describe.skipIf(process.platform === 'win32')('a pipe', () => {
  test.for<[what: string, words: (path: string) => readonly string[]]>([
    ['judge', (path) => ['judge', path]],
    ['diff', (path) => ['diff', path, path]],
  ])('is no recording: %s', ([, words]) => {
    expect(ran(words(pipe(scratch(), 'tape.jsonl')))).toEqual(refused(/tape\.jsonl is no file: .*\n$/))
  })

  test.for(['report.json', 'tape.jsonl'])('in --out, in the place of %s, or at the end of a link', (name) => {
    const out = scratch()
    if (name === 'report.json') pipe(out, name)
    else symlinkSync(pipe(scratch(), 'pipe'), join(out, name))
    expect(ran([...check, '--out', out])).toEqual(
      refused(new RegExp(`${name} cannot be written: it is no file; name another folder by --out\\.\\n$`)),
    )
  })

  test('in --history', () => {
    const folder = scratch()
    pipe(folder, 'history.jsonl')
    expect(ran([...check, '--history', folder])).toEqual(refused(/history\.jsonl cannot be (?:read|written): .*\n$/))
  })

  test('as the summary of a step, of several targets without --out and of runs that are merged', () => {
    const folder = scratch()
    const summary = { GITHUB_STEP_SUMMARY: pipe(folder, 'summary') }
    const path = join(folder, 'targets.json')
    const target = { baseUrl: 'http://127.0.0.1:9', model: 'm', auth: 'none' }
    writeFileSync(path, JSON.stringify({ targets: ['one', 'two'].map((name) => ({ name, ...target })) }))
    for (const words of [
      ['check', '--target', path],
      ['merge', folder],
    ])
      expect(ran(words, summary)).toEqual(refused(/^GITHUB_STEP_SUMMARY cannot be written: it is no file; unset .*\n$/))
  })

  test('in the place of a report that is merged, and of what comes of it', () => {
    const folder = scratch()
    pipe(folder, 'report.json')
    expect(ran(['merge', folder])).toMatchObject({
      status: 2,
      signal: null,
      out: expect.stringContaining(folder) as unknown,
    })
    pipe(folder, 'matrix.json')
    expect(ran(['merge', folder, '--out', folder])).toEqual(
      refused(/matrix\.json cannot be written: it is no file; .*\n$/),
    )
  })

  test('or a link that leads nowhere, in the place of a lock', () => {
    for (const make of [
      (path: string) => symlinkSync('/nowhere', path),
      (path: string) => execFileSync('mkfifo', [path]),
    ]) {
      const out = scratch()
      make(join(out, '.messages-conformance.lock'))
      expect(ran([...check, '--out', out])).toEqual(refused(/\.lock is no file of this tool: remove it\.\n$/))
    }
  })
})

describe.skipIf(!existsSync('/dev/zero'))('a file without an end', () => {
  test.for<[words: readonly string[], says: RegExp]>([
    [['check', '--target', '/dev/zero'], /^\/dev\/zero is no target file: it has more than \d+ bytes\.\n$/],
    [['convert', '/dev/zero'], /^\/dev\/zero is no .*: it has more than \d+ bytes\.\n$/],
    [['judge', '/dev/zero'], /^\/dev\/zero is no file: /],
  ])('%j', ([words, says]) => {
    expect(ran(words)).toEqual(refused(says))
  })
})

describe.skipIf(!existsSync('/proc/self'))('a folder where the system lets nobody make one', () => {
  test.for<[words: readonly string[], says: RegExp]>([
    [[...check, '--out', '/proc/here/there'], /^--out \/proc\/here\/there cannot be made: /],
    [[...check, '--history', '/proc/here'], /^--history \/proc\/here cannot be made: /],
    [['merge', '.', '--out', '/proc/here'], /^--out \/proc\/here cannot be made: /],
    [['client', '--out', '/proc/here', '--', 'true'], /^--out \/proc\/here cannot be used: there is no such /],
    [
      ['init', ...check.slice(1), '--key-env', 'GATEWAY_API_KEY', '--target', '/proc/here/one.json'],
      /^\/proc\/here\/one\.json cannot be used: there is no such /,
    ],
  ])('%j', ([words, says]) => {
    expect(ran(words)).toEqual(refused(says))
  })
})

describe('a folder is made', () => {
  test('with those above it, and may be there already', () => {
    const folder = join(scratch(), 'a', 'b', 'c')
    makeFolder(folder, 0o700)
    makeFolder(folder)
    expect(statSync(folder).isDirectory()).toBe(true)
    if (process.platform !== 'win32') expect(statSync(join(folder, '..')).mode & 0o777).toBe(0o700)
  })

  test('but not where a file stands, or below one', () => {
    const file = join(scratch(), 'file')
    writeFileSync(file, '')
    expect(() => makeFolder(file)).toThrow('EEXIST')
    expect(() => makeFolder(join(file, 'below'))).toThrow('ENOTDIR')
    expect(readFileSync(file, 'utf8')).toBe('')
  })
})

test('a text is read up to so many bytes', () => {
  const folder = scratch()
  const path = join(folder, 'text')
  writeFileSync(path, 'ä23')
  expect(textAt(path, 4)).toBe('ä23')
  expect(textAt(path, 3)).toBeNull()
  expect(textAt(join(folder, 'none'), 3)).toBeUndefined()
  mkdirSync(join(folder, 'folder'))
  expect(textAt(join(folder, 'folder'), 3)).toBeUndefined()
})
