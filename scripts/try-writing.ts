import { closeSync, lstatSync, openSync, realpathSync, rmSync } from 'node:fs'
import { reasonOf } from '../suites/harness/tape/unusable.ts'
import { InputError } from '../suites/harness/wire/input-error.ts'
import type { Io } from './io.ts'

/**
 * Finds out whether a file can be written, before there is anything to write; it is left as it was. Throws an InputError that names it
 * as `what`, and says why not and what helps.
 */
export function tryWriting(path: string, helps: string, what = path): void {
  try {
    const before = lstatSync(path, { throwIfNoEntry: false })
    // What waits for a reader may wait for ever, and nothing could end that.
    if (isNamedPipe(path)) throw new InputError(`${what} cannot be written: it is no file; ${helps}.`)
    // Where a link leads is somebody else's.
    if (before && !before.isFile() && !before.isDirectory()) return
    closeSync(openSync(path, 'a'))
    if (!before) rmSync(path)
  } catch (error) {
    const reason = reasonOf(error)
    throw reason === null ? error : new InputError(`${what} cannot be written: ${reason}; ${helps}.`)
  }
}

/** The same of the summary of a step, where this is one of GitHub Actions. */
export function tryStepSummary(environment: Io['environment']): void {
  const step = environment['GITHUB_STEP_SUMMARY']
  if (step) tryWriting(step, 'unset the variable to go without', 'GITHUB_STEP_SUMMARY')
}

/** Whether a path leads to one; what /dev/stdout leads to has no name. */
function isNamedPipe(path: string): boolean {
  try {
    const at = lstatSync(realpathSync(path))
    return at.isFIFO() || at.isSocket()
  } catch {
    return false
  }
}
