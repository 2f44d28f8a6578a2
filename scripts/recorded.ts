import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { InputError } from '../suites/harness/wire/input-error.ts'

/** Who judges what was said between others sends nothing. */
export const nothingSent = { requests: 0, inputTokens: 0, outputTokens: 0 }

/** The recording that is meant by a path: a file, or the tape in a folder of --out. Throws an InputError where there is nothing. */
export function tapeIn(path: string): string {
  try {
    if (!statSync(path).isDirectory()) return path
    const tape = tapeOf(path)
    if (existsSync(tape)) return tape
    const beneath = readdirSync(path)
      .toSorted()
      .map((name) => join(path, name))
      .filter((folder) => existsSync(tapeOf(folder)))
    throw new InputError(
      `${path} is a folder, and its tape.jsonl cannot be read: ${beneath.length > 0 ? `name one of those in it: ${beneath.slice(0, 5).join(', ')}` : 'is it one of --out?'}`,
    )
  } catch (error) {
    if (error instanceof InputError) throw error
    throw new InputError(`${path} cannot be read: is it there?`)
  }
}

function tapeOf(folder: string): string {
  return join(folder, 'tape.jsonl')
}
