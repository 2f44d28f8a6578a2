import { statSync } from 'node:fs'
import { join } from 'node:path'
import { compare, type Side } from '../../suites/harness/compare/compare.ts'
import { collecting } from '../../suites/harness/compare/drift.ts'
import { toJson } from '../../suites/harness/wire/json.ts'
import { InputError } from '../../suites/harness/wire/input-error.ts'
import { readRecording } from '../../suites/harness/tape/recording.ts'
import { judgingFor, type Selection } from '../../suites/run/selection.ts'
import type { Io } from '../io.ts'
import { helpLines, parseOptions, type OptionName } from '../options.ts'
import { printable } from '../report/printable.ts'
import { asMarkdown, asTerminal } from '../report/difference.ts'
import { selectionOf } from '../selection.ts'

const allowed: readonly OptionName[] = ['only', 'profile', 'markdown', 'json', 'help']

const help = `diff: what changed between two runs, both judged by this version

  messages-conformance diff yesterday/ today/     two folders of --out, or two tapes

Exit 1 where something that held is broken or a capability is gone, 2 where that cannot be told, else 0.

${helpLines(allowed).join('\n')}
`

/** Compares two recordings. Returns the exit code. */
export async function run(argv: readonly string[], io: Io): Promise<number> {
  const typed = parseOptions(argv, allowed, 'diff')
  if (typed.flags.has('help')) {
    io.out(help)
    return 0
  }
  const [old, now, ...others] = typed.words
  if (old === undefined || now === undefined || others.length > 0)
    throw new InputError('diff takes two folders of --out, or two tapes: diff OLD NEW')
  const typedSelection = selectionOf(typed)
  const profile = typed.values.profile === undefined ? 'full' : typedSelection.profile
  const selection = { ...typedSelection, profile }
  const comparison = compare(await sideOf(old, selection, io), await sideOf(now, selection, io))
  if (typed.flags.has('json')) io.out(`${toJson(comparison, 2)}\n`)
  else io.out(typed.flags.has('markdown') ? asMarkdown(comparison) : asTerminal(comparison))
  return comparison.exitCode
}

async function sideOf(path: string, selection: Selection, io: Io): Promise<Side> {
  const judging = judgingFor(selection)
  const collected = collecting()
  const recording = await readRecording(tapeAt(path), (exchange) => {
    judging.add(exchange)
    collected.add(exchange)
  })
  for (const note of recording.notes) io.err(`${printable(note)}\n`)
  return { ...judging.verdicts(), ending: recording.ending, features: collected.features() }
}

function tapeAt(path: string): string {
  try {
    return statSync(path).isDirectory() ? join(path, 'tape.jsonl') : path
  } catch {
    throw new InputError(`${path} cannot be read: is it there?`)
  }
}
