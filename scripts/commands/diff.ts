import { compare, type Side } from '../../suites/harness/compare/compare.ts'
import { collecting } from '../../suites/harness/compare/drift.ts'
import { toJson } from '../../suites/harness/wire/json.ts'
import { InputError } from '../../suites/harness/wire/input-error.ts'
import { readRecording } from '../../suites/harness/tape/recording.ts'
import { judgingFor, type Selection } from '../../suites/run/selection.ts'
import type { Io } from '../io.ts'
import type { Typed } from '../options.ts'
import { wordsFor } from '../language.ts'
import { tapeIn } from '../recorded.ts'
import { printable } from '../report/printable.ts'
import { asMarkdown, asTerminal } from '../report/difference.ts'
import { selectionOf } from '../selection.ts'

/** Compares two recordings. Returns the exit code. */
export async function run(typed: Typed, io: Io): Promise<number> {
  const [old, now, ...others] = typed.words
  if (old === undefined || now === undefined || others.length > 0)
    throw new InputError('diff takes two folders of --out, or two tapes: diff OLD NEW')
  const words = await wordsFor(typed)
  const typedSelection = selectionOf(typed)
  const profile = typed.values.profile === undefined ? 'full' : typedSelection.profile
  const selection = { ...typedSelection, profile }
  const comparison = compare(await sideOf(old, selection, io), await sideOf(now, selection, io))
  if (typed.flags.has('json')) io.out(`${toJson(comparison, 2)}\n`)
  else io.out(typed.flags.has('markdown') ? asMarkdown(comparison, words) : asTerminal(comparison, words))
  return comparison.exitCode
}

async function sideOf(path: string, selection: Selection, io: Io): Promise<Side> {
  const judging = judgingFor(selection)
  const collected = collecting()
  const recording = await readRecording(tapeIn(path), (exchange) => {
    judging.add(exchange)
    collected.add(exchange)
  })
  for (const note of recording.notes) io.err(`${printable(`${path}: ${note}`)}\n`)
  return { ...judging.verdicts(), ending: recording.ending, features: collected.features() }
}
