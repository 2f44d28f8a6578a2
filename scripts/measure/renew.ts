import { readFileSync, writeFileSync } from 'node:fs'
import type { Measured } from '../../suites/clients/measured.ts'
import { textOf, updated, type Measurement } from './measured-file.ts'

export interface ToRenew {
  /** The file of what was measured before. */
  readonly path: string
  /** Only whether it is stale: nothing is written, and what was measured of variants stays as it is. */
  readonly check: boolean
  /** As YYYY-MM-DD. */
  readonly today: string
  readonly say: (line: string) => void
}

/**
 * Measures anew, and writes what was found in the place of what stood there of the same clients; with `check` it writes nothing, and says
 * where the file is stale. Returns the exit code: 1 where it is stale.
 */
export async function renew(
  { path, check, today, say }: ToRenew,
  measuring: (control: boolean) => Promise<readonly Measurement[]>,
): Promise<0 | 1> {
  const found = await measuring(!check)
  // Only now: who measures another client meanwhile may have written it.
  const before = readFileSync(path, 'utf8')
  const text = textOf(found.reduce((last, one) => updated(last, one, today), JSON.parse(before) as Measured))
  if (text === before) return 0
  if (check) {
    const stale = linesOf(text).filter((line) => !linesOf(before).includes(line))
    say(`suites/clients/measured.json is stale. Run: npm run measure. What was found now and does not stand there:`)
    for (const line of stale.slice(0, mostShown)) say(line.trim().slice(0, 200))
    if (stale.length > mostShown) say(`and ${stale.length - mostShown} more`)
    return 1
  }
  writeFileSync(path, text)
  say('suites/clients/measured.json was written. What it says stands in the catalogue after: npm run generate')
  return 0
}

/** Lines that are shown of a stale file: which fault it is about is what one needs. */
const mostShown = 10

function linesOf(text: string): readonly string[] {
  return text.split('\n')
}
