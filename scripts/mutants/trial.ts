import { spawn } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { altered, type Alteration, type Mutation } from './mutation.ts'

/** What became of the tests: all passed, one failed, or they could not be run to their end, and why. */
export type Trial =
  | { readonly is: 'passed' }
  | { readonly is: 'failed'; readonly by: string }
  | { readonly is: 'not-run'; readonly because: string }

/** What of a checkout is no source. */
const leftOut: ReadonlySet<string> = new Set(['node_modules', '.git', 'dist'])

/**
 * Copies the project's sources into a folder that does not exist yet. Its node_modules is a folder of links, so that what tools
 * write there stays in the copy.
 */
export function copyTree(root: string, folder: string): void {
  cpSync(root, folder, { recursive: true, filter: (path) => !leftOut.has(relative(root, path)) })
  const modules = join(root, 'node_modules')
  mkdirSync(join(folder, 'node_modules'))
  for (const name of readdirSync(modules))
    if (!name.startsWith('.vite')) symlinkSync(join(modules, name), join(folder, 'node_modules', name), 'junction')
}

/** Runs the tests of a mutation in a copy that is altered for as long as that takes. */
export function tried(mutation: Mutation, copy: string, signal: AbortSignal): Promise<Trial> {
  return whileAltered(mutation, copy, () => runTests(mutation.tests, copy, signal))
}

/** Does something while a copy is altered. */
export async function whileAltered<T>(alteration: Alteration, copy: string, act: () => Promise<T>): Promise<T> {
  const path = join(copy, alteration.file)
  const text = readFileSync(path, 'utf8')
  writeFileSync(path, altered(alteration, text))
  try {
    return await act()
  } finally {
    writeFileSync(path, text)
  }
}

/** Milliseconds after which tests are ended: a mutant that never ends was noticed by nobody. */
const patience = 300_000

/** Milliseconds that one test may take: one that waits for ever for what a mutant lost has noticed it. */
const patienceWithTest = 100_000

/** Runs test files in a copy, up to the first failure. */
export async function runTests(tests: readonly string[], copy: string, signal: AbortSignal): Promise<Trial> {
  const report = join(copy, 'results.json')
  rmSync(report, { force: true })
  const vitest = join(copy, 'node_modules/vitest/vitest.mjs')
  const options = [
    '--project',
    'self',
    '--bail',
    '1',
    '--maxWorkers',
    '1',
    '--reporter',
    'json',
    '--outputFile',
    report,
    '--testTimeout',
    String(patienceWithTest),
  ]
  const child = spawn(process.execPath, [vitest, 'run', ...options, ...tests], {
    cwd: copy,
    stdio: 'ignore',
    signal,
    timeout: patience,
    killSignal: 'SIGKILL',
  })
  const code = await new Promise<number | null>((resolve) => child.on('error', () => {}).on('close', resolve))
  if (code === null) return { is: 'not-run', because: `they were ended, at the latest after ${patience / 1000} s` }
  return existsSync(report)
    ? read(code, readFileSync(report, 'utf8'))
    : { is: 'not-run', because: 'vitest says nothing' }
}

interface Report {
  readonly numPassedTests: number
  readonly testResults: readonly {
    readonly message: string
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[]
  }[]
}

/** What the JSON report of vitest says. Only a test that failed counts: a file that does not load shows nothing. */
export function read(code: number, report: string): Trial {
  const { numPassedTests, testResults } = JSON.parse(report) as Report
  const tests = testResults.flatMap(({ assertionResults }) => assertionResults)
  const failure = tests.find(({ status }) => status === 'failed')
  if (failure) return { is: 'failed', by: failure.fullName }
  if (code === 0 && numPassedTests > 0) return { is: 'passed' }
  const message = testResults.find(({ message }) => message !== '')?.message ?? 'no test ran'
  return { is: 'not-run', because: message.split('\n', 1)[0] ?? message }
}
