import { appendFileSync, lstatSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Diagnosis, TapeHeader } from '../schemas/types.ts'
import type { Exchange } from '../suites/harness/wire/exchange.ts'
import type { Gathered } from '../suites/harness/gather/gather.ts'
import { InputError } from '../suites/harness/wire/input-error.ts'
import { createTape } from '../suites/harness/tape/tape.ts'
import { redactor } from '../suites/harness/tape/redact.ts'
import { secretsOf } from '../suites/run/secrets.ts'
import type { Target } from '../suites/harness/wire/target.ts'
import type { Selection } from '../suites/run/selection.ts'
import { fileAt } from '../suites/harness/tape/unusable.ts'
import { claim } from './claim.ts'
import type { Io } from './io.ts'
import { makeFolder } from './make-folder.ts'
import { ownerOnly } from './owner-only.ts'
import { outFiles, renderedFiles, type RenderedFile } from './report/files.ts'
import { rendered } from './report/renderings.ts'
import { identityOf } from './report/report.ts'
import type { ToShow } from './report/shown.ts'
import { tool } from './tool.ts'
import { tryStepSummary, tryWriting } from './try-writing.ts'

export interface Out {
  readonly tapePath: string
  /** The header of tape.jsonl, for whoever opens that itself. What an earlier run left here is gone then. */
  header(run: { target: Target; selection: Selection; started: Date }): TapeHeader
  /** Opens tape.jsonl; each exchange is on disk when `write` returns. */
  tape(run: { target: Target; selection: Selection; started: Date }): {
    write(exchange: Exchange): void
    end(gathered: Pick<Gathered, 'ending' | 'sent'>, diagnosis: Diagnosis | null): void
  }
  /** Writes all renderings but report.json. Throws, once all that can be are written, where one cannot. */
  write(run: ToShow): void
  /** Hands the summary on, where the run is one of GitHub Actions. Throws an InputError where that cannot be done. */
  summarize(run: ToShow): void
  /** Writes report.json: its `complete` vouches for the others. Throws an InputError where that cannot be done. */
  vouch(run: ToShow): void
}

/**
 * Takes the folder of --out for this run alone, and makes sure that all that will be written can be: into each of its `folders` (''
 * is the folder itself), `besides` beside these, and to the summary of the job. Returns what gives it back. Throws an InputError where another run has it, or
 * something cannot be written: a run that is paid for is not to be lost at its end.
 */
export function takeOut(
  directory: string | undefined,
  folders: readonly string[],
  environment: Io['environment'],
  besides: readonly string[] = [],
  readers: Readers = 'anybody',
): () => void {
  if (directory === undefined) return () => {}
  for (const folder of folders) makeOut(join(directory, folder), readers)
  const release = claim(join(directory, '.messages-conformance.lock'), `--out ${directory}`)
  try {
    for (const folder of folders)
      for (const file of outFiles) tryWriting(join(directory, folder, file), 'name another folder by --out')
    for (const file of besides) tryWriting(join(directory, file), 'name another folder by --out')
    tryStepSummary(environment)
    return release
  } catch (error) {
    release()
    throw error
  }
}

/** Who may read what is written: whoever the process lets read what it makes, or its owner alone. */
export type Readers = 'anybody' | 'owner'

function makeOut(path: string, readers: Readers): void {
  try {
    makeFolder(path, readers === 'owner' ? 0o700 : undefined)
  } catch {
    throw new InputError(`--out ${path} cannot be made: is it a file, or is the folder above read-only?`)
  }
}

/** Takes away what an earlier run wrote. Where a link leads is somebody else's. */
function remove(path: string): void {
  if (lstatSync(path, { throwIfNoEntry: false })?.isFile()) fileAt(path, () => rmSync(path))
}

/** A folder for everything a run found. Throws an InputError where it cannot be made. */
export function openOut(directory: string, environment: Io['environment'], readers: Readers = 'anybody'): Out {
  makeOut(directory, readers)
  const tapePath = join(directory, 'tape.jsonl')
  const put = (file: RenderedFile, run: ToShow): void => {
    const text = rendered(file, run)
    const path = join(directory, file)
    // A file that is there keeps its readers.
    if (text === null || readers === 'owner') remove(path)
    if (text !== null) fileAt(path, () => writeFileSync(path, text, readers === 'owner' ? { mode: ownerOnly } : {}))
  }
  const header: Out['header'] = ({ target, selection: { profile, ...asked }, started }) => {
    // What an earlier run left would stand beside the tape of this one.
    for (const file of renderedFiles) remove(join(directory, file))
    if (readers === 'owner') remove(tapePath)
    return {
      kind: 'header',
      format: 1,
      tool,
      target: identityOf(target),
      profile,
      asked: redactor(secretsOf(target)).value(asked),
      started: started.toISOString(),
    }
  }
  return {
    tapePath,
    header,
    tape(run) {
      const tape = createTape(tapePath, header(run))
      return {
        write: (exchange) => tape.write(exchange),
        end: ({ ending, sent }, diagnosis) =>
          tape.end({ ending, ...(diagnosis && { diagnosis }), sent, ended: new Date().toISOString() }),
      }
    },
    write(run) {
      const failures: unknown[] = []
      for (const file of renderedFiles) {
        if (file === 'report.json') continue
        try {
          put(file, run)
        } catch (error) {
          failures.push(error)
        }
      }
      if (failures.length > 0) throw failures[0]
    },
    summarize(run) {
      const step = environment['GITHUB_STEP_SUMMARY']
      if (step) fileAt('GITHUB_STEP_SUMMARY', () => appendFileSync(step, rendered('summary.md', run) ?? ''))
    },
    vouch: (run) => put('report.json', run),
  }
}
