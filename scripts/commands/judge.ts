import { headerOf } from '../../suites/harness/tape/recording.ts'
import { InputError } from '../../suites/harness/wire/input-error.ts'
import { concludeRecording, rejudge } from '../../suites/run/rejudge.ts'
import type { Io } from '../io.ts'
import { collectSooner } from '../memory.ts'
import type { Typed } from '../options.ts'
import { openOut, takeOut } from '../out.ts'
import { wordsFor } from '../language.ts'
import { nothingSent, tapeIn } from '../recorded.ts'
import { commandWord } from '../report/again.ts'
import type { Words } from '../report/words/en.ts'
import { reportOf } from '../report/report.ts'
import { renderJudged } from '../report/terminal.ts'
import { selectionOf } from '../selection.ts'
import { publish } from '../publish.ts'

/** Judges a file. Returns the exit code. */
export async function run(typed: Typed, io: Io): Promise<number> {
  const [path, ...others] = typed.words
  if (path === undefined || others.length > 0)
    throw new InputError('judge takes one file: a tape (.jsonl) or a HAR, or a folder of --out.')
  const file = tapeIn(path)
  // All that was typed is read before anything is made.
  selectionOf(typed)
  const words = await wordsFor(typed)
  await headerOf(file)
  const release = takeOut(typed.values.out, [''], io.environment)
  try {
    return await judged(file, words, typed, io)
  } finally {
    release()
  }
}

async function judged(file: string, words: Words, typed: Typed, io: Io): Promise<number> {
  collectSooner()
  const rejudged = await rejudge(file, (recorded) => selectionOf(typed, recorded), typed.values.host)
  const { recording, selection } = rejudged
  const { target, notes } = recording
  const today = new Date().toISOString().slice(0, 10)
  const command = commandWord(io.environment)
  const { conclusion } = await publish(
    {
      out: typed.values.out === undefined ? null : openOut(typed.values.out, io.environment),
      tape: file,
      reportOf: (failure) => {
        const { outcome, diagnosis, ending } = concludeRecording(rejudged, today, failure)
        const started = new Date(recording.started)
        return reportOf({
          target,
          selection,
          started,
          gathered: { ending, sent: nothingSent },
          outcome,
          diagnosis,
          notes,
        })
      },
      shown: { target, selection, command, words },
      print: (report) => renderJudged({ report, target, selection, command, words, recording, file, width: io.width }),
    },
    io,
  )
  return conclusion.exitCode
}
