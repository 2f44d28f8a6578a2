import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { InputError } from '../suites/harness/wire/input-error.ts'
import { parseTyped, runScript } from './checkout.ts'
import { staleness, type Mutation } from './mutants/mutation.ts'
import { mutations } from './mutants/mutations.ts'
import { copyTree, runTests, tried, type Trial } from './mutants/trial.ts'

/* npm run mutants: alters the engine in one place at a time, in a copy of the tree, and shows that a test fails of it. */

const root = fileURLToPath(new URL('..', import.meta.url))

/** The mutations asked for by id; all, where none is. Throws an InputError for an id that there is not. */
function asked(only: readonly string[]): readonly Mutation[] {
  const ids = only.flatMap((list) => list.split(','))
  const unknown = ids.find((id) => !mutations.some((mutation) => mutation.id === id))
  if (unknown !== undefined) throw new InputError(`There is no mutation ${unknown}.`)
  return mutations.filter(({ id }) => ids.length === 0 || ids.includes(id))
}

/** Tries each mutation in one of some copies, a line each; returns how many were killed. Throws where tests fail without any. */
async function tryAll(chosen: readonly Mutation[], folder: string, signal: AbortSignal): Promise<number> {
  const width = Math.min(availableParallelism(), chosen.length)
  const copies = Array.from({ length: width }, (_, number) => join(folder, `copy-${number}`))
  for (const copy of copies) copyTree(root, copy)
  const all = [...new Set(chosen.flatMap(({ tests }) => tests))]
  const unaltered = await runTests(all, copies[0] ?? root, signal)
  if (unaltered.is !== 'passed') throw new InputError(`Before anything is altered, the tests ${said(unaltered)}.`)
  const left = [...chosen]
  let killed = 0
  const work = async (copy: string): Promise<void> => {
    for (let next = left.shift(); next && !signal.aborted; next = left.shift()) {
      const trial = await tried(next, copy, signal)
      if (signal.aborted) throw new InputError('Interrupted.')
      if (trial.is === 'failed') killed++
      process.stdout.write(`${line(next, trial)}\n`)
    }
  }
  await Promise.all(copies.map(work))
  return killed
}

function line({ id, because }: Mutation, trial: Trial): string {
  switch (trial.is) {
    case 'failed':
      return `killed    ${id}, by: ${trial.by}`
    case 'passed':
      return `SURVIVED  ${id}: ${because}`
    case 'not-run':
      return `NOT RUN   ${id}: ${trial.because}`
  }
}

function said(trial: Trial): string {
  return trial.is === 'failed' ? `fail: ${trial.by}` : `are not run: ${trial.is === 'not-run' ? trial.because : 'none'}`
}

async function mutants(): Promise<number> {
  const options = { only: { type: 'string', multiple: true } } as const
  const { values, positionals } = parseTyped(process.argv.slice(2), options, usage)
  if (positionals.length > 0) throw new InputError(`mutants takes options only. It is: ${usage}`)
  const chosen = asked(values.only ?? [])
  const stale = chosen.flatMap((mutation) => staleness(mutation, readFileSync(join(root, mutation.file), 'utf8')) ?? [])
  for (const sentence of stale) process.stderr.write(`${sentence}\n`)
  if (stale.length > 0) return 1
  const began = performance.now()
  const folder = mkdtempSync(join(tmpdir(), 'mutants-'))
  const interrupted = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interrupted.abort())
  try {
    const killed = await tryAll(chosen, folder, interrupted.signal)
    const seconds = Math.round((performance.now() - began) / 1000)
    process.stdout.write(`${killed} of ${chosen.length} mutants killed, in ${seconds} s.\n`)
    return killed === chosen.length ? 0 : 1
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const usage = 'npm run mutants -- [--only ID,...]'

await runScript(mutants)
