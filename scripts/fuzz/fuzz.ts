import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { cases } from './cases.ts'
import { randomOf } from './random.ts'
import { recorded } from './recorded.ts'

/** A case that failed: its number, which with the seed shows it again, and what failed. */
export interface Failed {
  readonly number: number
  readonly error: unknown
}

/** Tries so many cases of a seed, from a number on. Returns the first that fails; null where none does. */
export async function fuzz(seed: number, from: number, count: number): Promise<Failed | null> {
  const given = { recorded: await recorded(), folder: mkdtempSync(join(tmpdir(), 'fuzz-')) }
  try {
    for (let number = from; number < from + count; number++) {
      const random = () => randomOf(seed, number)
      // Which kind it is does not depend on what the kind chooses.
      const kind = randomOf(number, seed).pick(cases)
      try {
        await kind({ ...given, random })
      } catch (error) {
        return { number, error }
      }
    }
    return null
  } finally {
    rmSync(given.folder, { recursive: true })
  }
}
