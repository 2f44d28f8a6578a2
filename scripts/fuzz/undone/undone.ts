import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { InputError } from '../../../suites/harness/wire/input-error.ts'
import { staleness, type Alteration } from '../../mutants/mutation.ts'
import { copyTree, whileAltered } from '../../mutants/trial.ts'
import { mends } from './mends.ts'
import { ofSecrets } from './secrets.ts'

/* npm run fuzz -- --undone: undoes each mend, one at a time, in a copy of the tree, and shows that the fuzzer fails of it. */

const root = fileURLToPath(new URL('../../..', import.meta.url))

export interface ToUndo {
  readonly seed: number
  /** So many cases are tried of each. */
  readonly count: number
  /** By id; all, where none is named. */
  readonly only: readonly string[]
  readonly say: (line: string) => void
}

/** What became of the fuzzer: it failed at a case, did not, or ended in another way. */
type Fuzzed =
  | { readonly is: 'failed'; readonly at: number; readonly by: string }
  | { readonly is: 'passed' }
  | { readonly is: 'not-run'; readonly because: string }

/** Undoes mends, a line each. Whether the fuzzer found all of them. Throws an InputError where it fails without. */
export async function undone({ seed, count, only, say }: ToUndo): Promise<boolean> {
  const chosen = asked(only)
  const stale = chosen.flatMap((mend) => staleness(mend, readFileSync(join(root, mend.file), 'utf8')) ?? [])
  if (stale.length > 0) throw new InputError(stale.join('\n'))
  const began = performance.now()
  const folder = mkdtempSync(join(tmpdir(), 'undone-'))
  const width = Math.min(availableParallelism(), chosen.length)
  const copies = Array.from({ length: width }, (_, number) => join(folder, `copy-${number}`))
  try {
    for (const copy of copies) copyTree(root, copy)
    const unaltered = await fuzzed(copies[0] ?? root, seed, count)
    if (unaltered.is !== 'passed')
      throw new InputError(`Before anything is undone the fuzzer fails: ${said(unaltered)}`)
    const ends: Fuzzed[] = []
    const left = [...chosen]
    const work = async (copy: string): Promise<void> => {
      for (let mend = left.shift(); mend; mend = left.shift()) {
        const end = await whileAltered(mend, copy, () => foundIn(copy, mend, seed, count))
        ends.push(end)
        say(line(mend, end))
      }
    }
    await Promise.all(copies.map(work))
    const found = ends.flatMap((end) => (end.is === 'failed' ? [end.at] : []))
    const seconds = Math.round((performance.now() - began) / 1000)
    say(
      `${found.length} of ${chosen.length} mends undone, one at a time: of each the fuzzer fails, at the latest at case ${Math.max(0, ...found)} of seed ${seed}, in ${seconds} s.`,
    )
    return found.length === chosen.length
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** The mends asked for. Throws an InputError for an id that there is not. */
function asked(only: readonly string[]): readonly Alteration[] {
  const unknown = only.find((id) => !mends.some((mend) => mend.id === id))
  if (unknown !== undefined) throw new InputError(`There is no mend ${unknown}.`)
  return mends.filter(({ id }) => only.length === 0 || only.includes(id))
}

function line({ id, because }: Alteration, end: Fuzzed): string {
  switch (end.is) {
    case 'failed':
      return `found      ${id}, ${said(end)}`
    case 'passed':
      return `NOT FOUND  ${id}: ${because}`
    case 'not-run':
      return `NOT RUN    ${id}: ${end.because}`
  }
}

function said(end: Fuzzed): string {
  if (end.is === 'failed') return `by case ${end.at}: ${end.by}`
  return end.is === 'passed' ? 'by none' : end.because
}

/** Milliseconds after which the fuzzer is ended: so many for each of its cases, on a machine that has much else to do. */
const patience = 600
/** However few cases there are, it has to start. */
const leastPatience = 60_000

/** Whether the fuzzer fails of a mend undone in a copy: of one of secrets first by the cases that say one, a fraction of all. */
async function foundIn(copy: string, mend: Alteration, seed: number, count: number): Promise<Fuzzed> {
  const first = ofSecrets.includes(mend) ? await fuzzed(copy, seed, count, '--secrets') : null
  return first?.is === 'failed' ? first : fuzzed(copy, seed, count)
}

/** Runs the fuzzer in a copy. What is measured is left out: it is about nothing that was mended here, and depends on the machine. */
async function fuzzed(copy: string, seed: number, count: number, ...options: readonly string[]): Promise<Fuzzed> {
  const main = join(copy, 'scripts/fuzz/main.ts')
  const limit = leastPatience + patience * count
  const typed = ['--seed', String(seed), '--count', String(count), '--unmeasured', ...options]
  const child = spawn(process.execPath, ['--import', 'tsx', main, ...typed], {
    cwd: copy,
    stdio: ['ignore', 'ignore', 'pipe'],
    timeout: limit,
    killSignal: 'SIGKILL',
  })
  let err = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text))
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve))
  if (code === 0) return { is: 'passed' }
  const at = /^Case (\d+) of seed/m.exec(err)?.[1]
  const [by = ''] = err.split('\n', 1)
  if (code === 1 && at !== undefined) return { is: 'failed', at: Number(at), by: by.slice(0, 160) }
  return { is: 'not-run', because: code === null ? `ended after ${limit / 1000} s` : by }
}
