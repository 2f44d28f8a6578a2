import { appendFileSync, lstatSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Matrix } from '../../schemas/types.ts'
import { isObject, parseJson, toJson } from '../../suites/harness/wire/json.ts'
import { fileAt } from '../../suites/harness/tape/unusable.ts'
import type { Io } from '../io.ts'
import { makeFolder } from '../make-folder.ts'
import { foldersOf } from '../places.ts'
import { badgeLabel, badgeOfRow } from '../report/badge.ts'
import { badgesFolder, matrixFiles, renderedFiles } from '../report/files.ts'
import { matrixRenderings } from '../report/matrix/renderings.ts'
import type { Words } from '../report/words/en.ts'
import { nameOf } from './matrix.ts'

/**
 * Writes a matrix into a folder that is there, matrix.json last, since its `complete` vouches for the others; beside the report of a
 * single target, without those that this has too. Throws an InputError where one cannot be written.
 */
export function writeMatrix(folder: string, matrix: Matrix, words: Words, besideReport = false): void {
  const ofReport: ReadonlySet<string> = new Set(besideReport ? renderedFiles : [])
  for (const file of matrixFiles.filter((one) => !ofReport.has(one))) {
    const path = join(folder, file)
    fileAt(path, () => writeFileSync(path, matrixRenderings[file](matrix, words)))
  }
}

/**
 * Writes a badge for each target into a folder in this one, by its name; those that an earlier run left there are gone then. Throws an
 * InputError where that cannot be done.
 */
export function writeBadges(folder: string, { rows }: Matrix): void {
  const badges = join(folder, badgesFolder)
  fileAt(badges, () => {
    makeFolder(badges)
    for (const name of readdirSync(badges)) if (isBadge(join(badges, name))) rmSync(join(badges, name))
  })
  const names = foldersOf(rows.map((row) => ({ name: nameOf(row), model: row.target.model })))
  for (const [index, row] of rows.entries()) {
    const sign = badgeOfRow(row)
    const path = join(badges, `${names[index] ?? index}.json`)
    if (sign) fileAt(path, () => writeFileSync(path, `${toJson(sign)}\n`))
  }
}

/** Whether a file is a badge of ours: what else lies there is somebody else's. */
function isBadge(path: string): boolean {
  if (!path.endsWith('.json') || lstatSync(path).size > 1000) return false
  const value = parseJson(readFileSync(path, 'utf8'))
  return isObject(value) && value['label'] === badgeLabel
}

/** Hands the summary on, where the run is one of GitHub Actions. Throws an InputError where that cannot be done. */
export function summarizeMatrix(matrix: Matrix, words: Words, environment: Io['environment']): void {
  const step = environment['GITHUB_STEP_SUMMARY']
  // Seen from there, no link leads to a report.
  const rows = matrix.rows.map(({ report: _, ...row }) => row)
  if (step)
    fileAt('GITHUB_STEP_SUMMARY', () =>
      appendFileSync(step, matrixRenderings['summary.md']({ ...matrix, rows }, words)),
    )
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
