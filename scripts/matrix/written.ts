import { appendFileSync, lstatSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Matrix } from '../../schemas/types.ts'
import { fileAt } from '../../suites/harness/tape/unusable.ts'
import type { Io } from '../io.ts'
import { matrixFiles } from '../report/files.ts'
import { matrixRenderings } from '../report/matrix/renderings.ts'
import type { Words } from '../report/words/en.ts'

/**
 * Writes a matrix into a folder that is there, matrix.json last, since its `complete` vouches for the others. Throws an InputError
 * where one cannot be written.
 */
export function writeMatrix(folder: string, matrix: Matrix, words: Words): void {
  for (const file of matrixFiles) {
    const path = join(folder, file)
    fileAt(path, () => writeFileSync(path, matrixRenderings[file](matrix, words)))
  }
}

/** Hands the summary on, where the run is one of GitHub Actions. Throws an InputError where that cannot be done. */
export function summarizeMatrix(matrix: Matrix, words: Words, environment: Io['environment']): void {
  const step = environment['GITHUB_STEP_SUMMARY']
  if (step) fileAt('GITHUB_STEP_SUMMARY', () => appendFileSync(step, matrixRenderings['summary.md'](matrix, words)))
}

/** Takes away the matrix that an earlier run left in a folder: it would stand beside the reports of this one. */
export function clearMatrix(folder: string): void {
  const isFile = (path: string): boolean => lstatSync(path, { throwIfNoEntry: false })?.isFile() === true
  // A page of somebody else's has no matrix.json beside it.
  if (!isFile(join(folder, 'matrix.json'))) return
  for (const file of matrixFiles) {
    const path = join(folder, file)
    if (isFile(path)) fileAt(path, () => rmSync(path))
  }
}
