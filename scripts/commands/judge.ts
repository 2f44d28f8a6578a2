import { setFlagsFromString } from 'node:v8'
import { exchangesNamed, readRecording } from '../../suites/harness/tape/recording.ts'
import { InputError } from '../../suites/harness/wire/input-error.ts'
import { concludeFor, judgingFor } from '../../suites/run/selection.ts'
import type { Io } from '../io.ts'
import { helpLines, parseOptions, type OptionName } from '../options.ts'
import { openOut } from '../out.ts'
import { commandWord } from '../report/again.ts'
import { namesShown } from '../report/shown.ts'
import { reportOf } from '../report/report.ts'
import { renderJudged } from '../report/terminal.ts'
import { selectionOf, selectionOptions } from '../selection.ts'

const allowed: readonly OptionName[] = [...selectionOptions, 'out', 'help']

const help = `judge: judges a recorded tape (.jsonl) or a HAR 1.2 again, sending nothing

  messages-conformance judge conformance/tape.jsonl
  messages-conformance judge traffic.har --only streaming

${helpLines(allowed).join('\n')}
`

/** Judges a file. Returns the exit code. */
export async function run(argv: readonly string[], io: Io): Promise<number> {
  const typed = parseOptions(argv, allowed, 'judge')
  if (typed.flags.has('help')) {
    io.out(help)
    return 0
  }
  const [file, ...others] = typed.words
  if (file === undefined || others.length > 0) throw new InputError('judge takes one file: a tape (.jsonl) or a HAR.')
  // Left alone, V8 lets garbage pile up with the length of a tape; so it collects a little more often, and memory stays flat.
  setFlagsFromString('--heap-growing-percent=40')
  const typedSelection = selectionOf(typed)
  const profile = typed.values.profile === undefined ? 'full' : typedSelection.profile
  const selection = { ...typedSelection, profile }
  const judging = judgingFor(selection)
  const recording = await readRecording(file, (exchange) => judging.add(exchange))
  const started = new Date(recording.started)
  const today = new Date().toISOString().slice(0, 10)
  const outcome = concludeFor(selection, judging.verdicts(), { ending: recording.ending, today, recorded: true })
  const gathered = { ending: recording.ending, sent: { requests: 0, inputTokens: 0, outputTokens: 0 } }
  const report = reportOf({ target: recording.target, selection, started, gathered, outcome })
  const command = commandWord(io.environment)
  if (typed.values.out !== undefined) {
    const exchanges = await exchangesNamed(file, namesShown(report))
    openOut(typed.values.out, io.environment).write(report, { target: recording.target, command, exchanges })
  }
  io.out(
    renderJudged({
      report,
      target: recording.target,
      selection,
      stoppedBy: null,
      command,
      exchanges: recording.exchanges,
      file,
      width: io.width,
    }),
  )
  return outcome.conclusion.exitCode
}
