import { statSync } from 'node:fs'
import { join } from 'node:path'
import { InputError } from '../suites/harness/wire/input-error.ts'

/** The recording that is meant by a path: a file, or the tape in a folder of --out. Throws an InputError where there is nothing. */
export function tapeIn(path: string): string {
  try {
    return statSync(path).isDirectory() ? join(path, 'tape.jsonl') : path
  } catch {
    throw new InputError(`${path} cannot be read: is it there?`)
  }
}
