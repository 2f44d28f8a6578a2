import { join } from 'node:path'
import { redactor } from '../../suites/harness/tape/redact.ts'
import { credentialsTyped } from '../../suites/harness/wire/credential-like.ts'
import { InputError } from '../../suites/harness/wire/input-error.ts'
import { toJson } from '../../suites/harness/wire/json.ts'
import type { GuardedIo } from '../guarded.ts'
import { wordsFor } from '../language.ts'
import { makeFolder } from '../make-folder.ts'
import { reportsIn } from '../matrix/found.ts'
import { openHistory, remember, type History } from '../matrix/history.ts'
import { matrixOf, type Placed } from '../matrix/matrix.ts'
import { published } from '../matrix/published.ts'
import { summarizeMatrix, writeBadges, writeMatrix } from '../matrix/written.ts'
import type { Typed } from '../options.ts'
import { matrixFiles } from '../report/files.ts'
import { matrixOnTerminal } from '../report/matrix/terminal.ts'
import { printable } from '../report/printable.ts'
import { tryStepSummary, tryWriting } from '../try-writing.ts'

/** Several runs as one: a matrix of their newest reports, and one exit code. Returns it. */
export async function run(typed: Typed, io: GuardedIo): Promise<number> {
  const { values, flags, words: folders } = typed
  if (folders.length === 0)
    throw new InputError('merge takes folders of --out, or folders of those: merge runs/ --out fleet')
  if (flags.has('hide-hosts') && !flags.has('public'))
    throw new InputError('--hide-hosts goes with --public: other pages lead to reports, which name them anyway.')
  const words = await wordsFor(typed)
  if (values.out !== undefined) openFolder(values.out)
  tryStepSummary(io.environment)
  const found = reportsIn(folders, values.out ?? '.')
  const { placed } = found
  // A key in a folder's place is no folder, and would be said to be missing.
  const clean = redactor(credentialsTyped(folders, io.environment))
  const missing = found.missing.map(({ folder, why }) => ({ folder: clean.text(folder), why }))
  const remembered = values.history === undefined ? null : rememberIn(values.history, placed)
  if (remembered && remembered.strange > 0)
    io.err(`${printable(words.matrix.strange(values.history ?? '', remembered.strange))}\n`)
  const whole = matrixOf({ placed, missing, records: remembered?.records ?? [] })
  const matrix = flags.has('public') ? published(whole, flags.has('hide-hosts')) : whole
  if (values.out !== undefined) {
    if (flags.has('public')) writeBadges(values.out, matrix)
    writeMatrix(values.out, matrix, words)
  }
  summarizeMatrix(matrix, words, io.environment)
  io.out(flags.has('json') ? `${toJson(matrix, 2)}\n` : matrixOnTerminal(matrix, words, io.width))
  return matrix.conclusion.exitCode
}

function openFolder(out: string): void {
  try {
    makeFolder(out)
  } catch {
    throw new InputError(`--out ${out} cannot be made: is it a file, or is the folder above read-only?`)
  }
  for (const file of matrixFiles) tryWriting(join(out, file), 'name another folder by --out')
}

function rememberIn(folder: string, placed: readonly Placed[]): History {
  openHistory(folder)
  return remember(
    folder,
    placed.map(({ report }) => report),
  )
}
