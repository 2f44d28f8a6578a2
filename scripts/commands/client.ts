import { rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, isAbsolute, join, resolve } from 'node:path'
import { defaultKey, defaultModel } from '../../fixtures/gateways/reference/identity.ts'
import type { ClientReport } from '../../schemas/types.ts'
import { redactor } from '../../suites/harness/tape/redact.ts'
import { fileAt } from '../../suites/harness/tape/unusable.ts'
import { credentialsAmong } from '../../suites/harness/wire/credential-like.ts'
import { InputError } from '../../suites/harness/wire/input-error.ts'
import { casesNamed } from '../client/cases.ts'
import { claim } from '../claim.ts'
import { countStates, exitCodeOf, stopsUnheard } from '../client/conclude.ts'
import type { CommandRun } from '../client/run-command.ts'
import { tryCommand, type Trial } from '../client/trial.ts'
import type { GuardedIo } from '../guarded.ts'
import { interruptible } from '../interrupt.ts'
import { wordsFor } from '../language.ts'
import { makeFolder } from '../make-folder.ts'
import { items, oneOf, wholeNumber, type Typed } from '../options.ts'
import { ownerOnly } from '../owner-only.ts'
import { renderClient } from '../report/client.ts'
import { clientJunit } from '../report/client-junit.ts'
import { clientFiles, runsFolder } from '../report/files.ts'
import { fitted } from '../report/width.ts'
import { en, type Words } from '../report/words/en.ts'
import { tool } from '../tool.ts'
import { tryWriting } from '../try-writing.ts'

const keyVariables = { 'x-api-key': 'ANTHROPIC_API_KEY', bearer: 'ANTHROPIC_AUTH_TOKEN' } as const

/** Runs the command that was typed against the gateways that were named, and says what it does. Returns the exit code. */
export async function run(typed: Typed, io: GuardedIo): Promise<number> {
  const command = commandOf(typed.words)
  const auth = oneOf(typed, 'auth', ['x-api-key', 'bearer']) ?? 'x-api-key'
  const limit = (wholeNumber(typed, 'timeout', 1, 86_400) ?? 30) * 1000
  const concurrency = wholeNumber(typed, 'concurrency', 1, 64) ?? 4
  const model = typed.values.model ?? defaultModel
  const cases = casesNamed(items(typed, 'faults-among'))
  const words = await wordsFor(typed)
  const secrets = [defaultKey, ...credentialsAmong(command, io.environment)]
  io.withhold(secrets)
  const out = openOut(typed.values.out, secrets)
  const interrupt = interruptible()
  try {
    const started = new Date()
    const progress = progressOf(typed.flags.has('quiet'), words, io)
    const trial = await tryCommand({
      command,
      model,
      keyVariable: keyVariables[auth],
      folder: typed.flags.has('here') ? process.cwd() : null,
      environment: io.environment,
      limit,
      cases,
      concurrency,
      signal: interrupt.signal,
      keep: out.keep,
      progress: progress.show,
    }).finally(progress.done)
    const ending = interrupt.signal.aborted ? 'interrupted' : 'complete'
    const report = reportOf({ command, model, started, ending, trial })
    out.write(redactor(secrets).value(report))
    io.out(renderClient(report, words, io.width))
    return report.conclusion.exitCode
  } finally {
    interrupt.release()
    out.release()
  }
}

/** The words of a command; one that names a file here does so wherever it is run. Throws an InputError where there are none. */
function commandOf(typed: readonly string[]): readonly string[] {
  if (typed.length === 0)
    throw new InputError('Which command? Write it behind two dashes, as in: client -- node agent.mjs')
  return typed.map((word, index) => (isFileHere(word, index === 0) ? resolve(word) : word))
}

/** A program without a folder is one of PATH. */
function isFileHere(word: string, isProgram: boolean): boolean {
  if (isAbsolute(word) || (isProgram && !/[/\\]/.test(word))) return false
  try {
    return statSync(word).isFile()
  } catch {
    // There is none, or no file could have such a name: a long prompt is none.
    return false
  }
}

function reportOf({
  command,
  model,
  started,
  ending,
  trial: { reference, tried },
}: Pick<ClientReport, 'ending' | 'model'> & {
  readonly command: readonly string[]
  readonly started: Date
  readonly trial: Trial
}): ClientReport {
  return {
    tool,
    command: [...command],
    model,
    started: started.toISOString(),
    ending,
    reference: { ...reference, wrote: reference.wrote.slice(0, mostQuoted) },
    tried: [...tried],
    conclusion: {
      exitCode: exitCodeOf(tried, ending),
      reasons: [...en.trial.reasons(countStates(tried), stopsUnheard(tried), ending)],
    },
    complete: true,
  }
}

/** Characters of what the command wrote on the reference. */
const mostQuoted = 2000

interface Out {
  readonly keep: (name: string, run: CommandRun) => void
  readonly write: (report: ClientReport) => void
  readonly release: () => void
}

/**
 * The folder of --out, for this run alone and for its owner's eyes: a command may write anything. What an earlier run left there is
 * gone. Throws an InputError where it cannot be had.
 */
function openOut(directory: string | undefined, secrets: readonly string[]): Out {
  if (directory === undefined) return { keep: () => {}, write: () => {}, release: () => {} }
  const { text } = redactor(secrets)
  const put = (path: string, content: string): void => {
    const file = join(directory, path)
    fileAt(file, () => {
      makeFolder(dirname(file), 0o700)
      writeFileSync(file, content, { mode: ownerOnly })
    })
  }
  fileAt(`--out ${directory}`, () => makeFolder(directory, 0o700))
  const release = claim(join(directory, '.messages-conformance.lock'), `--out ${directory}`)
  try {
    for (const file of clientFiles) {
      const path = join(directory, file)
      tryWriting(path, 'name another folder by --out')
      fileAt(path, () => rmSync(path, { force: true }))
    }
    fileAt(join(directory, runsFolder), () => rmSync(join(directory, runsFolder), { recursive: true, force: true }))
  } catch (error) {
    release()
    throw error
  }
  let onReference = 0
  return {
    keep(name, { out, err }) {
      const run = name === 'reference' ? `reference-${++onReference}` : name
      put(join(runsFolder, run, 'stdout.txt'), text(out))
      put(join(runsFolder, run, 'stderr.txt'), text(err))
    },
    write(report) {
      put('junit.xml', clientJunit(report))
      put('client.json', `${JSON.stringify(report, null, 2)}\n`)
    },
    release,
  }
}

/** One line that is written over on a terminal, nothing elsewhere. */
function progressOf(
  quiet: boolean,
  words: Words,
  io: GuardedIo,
): { readonly show: (done: number, all: number) => void; readonly done: () => void } {
  if (quiet || !io.terminal) return { show: () => {}, done: () => {} }
  return {
    show: (done, all) => io.err(`\r\u001B[K${fitted(words.trial.progress(done, all), io.width - 1)}`),
    done: () => io.err('\r\u001B[K'),
  }
}
