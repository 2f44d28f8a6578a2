import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isMainThread } from 'node:worker_threads'
import { cases, secretsSaid, type Case } from './cases.ts'
import { demand } from './demands.ts'
import { superlinear } from './growth.ts'
import { randomOf } from './random.ts'
import { recorded } from './recorded.ts'

export interface ToFuzz {
  readonly seed: number
  /** The number of the first case. */
  readonly from?: number
  readonly count: number
  /** Also measure, now and then, what an answer costs that grows. */
  readonly measured?: boolean
  readonly kinds?: readonly Case[]
  /** Only the cases in which a gateway says a secret. They keep their numbers. */
  readonly secretsOnly?: boolean
  /** Is told now and then how many cases are done. */
  readonly onDone?: (done: number) => void
}

/** A case that failed: its number, which with the seed shows it again, and what failed. */
export interface Failed {
  readonly number: number
  readonly error: unknown
}

/** Of so many cases one is measured. */
const measuredOf = 100
/** After so many cases a word is said. */
const saidEvery = 1000

/** Tries so many cases of a seed. Returns the first that fails; null where none does. */
export async function fuzz({
  seed,
  from = 0,
  count,
  measured = false,
  kinds = cases,
  secretsOnly = false,
  onDone,
}: ToFuzz): Promise<Failed | null> {
  const tried = await recorded()
  for (let number = from; number < from + count; number++) {
    const random = () => randomOf(seed, number)
    try {
      // Which kind it is does not depend on what that kind chooses.
      const kind = randomOf(number, seed).pick(kinds)
      if (!secretsOnly || secretsSaid.has(kind)) await inFolder((folder) => kind({ recorded: tried, random, folder }))
      if (measured && number % measuredOf === 0)
        demand(superlinear(tried, random), 'no answer costs more than its size')
    } catch (error) {
      return { number, error }
    }
    const done = number - from + 1
    if (done % saidEvery === 0) onDone?.(done)
  }
  return null
}

/**
 * Runs a case in a folder of its own, which is gone after it: what is typed there may write where it is typed. A thread cannot
 * change its folder, and stays where it is.
 */
async function inFolder(run: (folder: string) => void | Promise<void>): Promise<void> {
  const [before, folder] = [process.cwd(), mkdtempSync(join(tmpdir(), 'fuzz-'))]
  try {
    if (isMainThread) process.chdir(folder)
    await run(folder)
  } finally {
    if (isMainThread) process.chdir(before)
    rmSync(folder, { recursive: true })
  }
}

/** What failed, and how to see it again. */
export function saidOf({ number, error }: Failed, seed: number): string {
  const what = error instanceof Error ? (error.stack ?? error.message) : String(error)
  return `${what}\nCase ${number} of seed ${seed} fails. Again: npm run fuzz -- --seed ${seed} --case ${number}\n`
}
