import type { ReportedClient, TapeHeader } from '../../schemas/types.ts'
import { binds } from '../../suites/harness/judge/conclude.ts'
import { compare, type Side } from '../../suites/harness/compare/compare.ts'
import { collecting } from '../../suites/harness/compare/drift.ts'
import { own, toJson } from '../../suites/harness/wire/json.ts'
import { InputError } from '../../suites/harness/wire/input-error.ts'
import { headerOf, readRecording } from '../../suites/harness/tape/recording.ts'
import { clientStates } from '../../suites/run/client-states.ts'
import { judgingFor } from '../../suites/run/judging.ts'
import { isPart, type Selection } from '../../suites/run/selection.ts'
import type { Io } from '../io.ts'
import type { Typed } from '../options.ts'
import { wordsFor } from '../language.ts'
import { tapeIn } from '../recorded.ts'
import { printable } from '../report/printable.ts'
import { readHistory } from '../matrix/history.ts'
import { trendOf } from '../matrix/trend.ts'
import { identityOf } from '../report/report.ts'
import { asMarkdown, asTerminal, type ClientChange } from '../report/difference.ts'
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
  const [before, after] = [await sideOf(old, selection, io), await sideOf(now, selection, io)]
  const comparison = compare(before, after)
  const clients = changedClients(before, after, selection)
  const { history } = typed.values
  const flapping = history === undefined ? new Map<string, number>() : flappingIn(history, after.target)
  if (typed.flags.has('json')) io.out(`${toJson({ ...comparison, clients, flapping: [...flapping.keys()] }, 2)}\n`)
  else {
    const rendered = typed.flags.has('markdown') ? asMarkdown : asTerminal
    io.out(rendered(comparison, words, { clients, flapping }))
  }
  return comparison.exitCode
}

/** The clients that fare otherwise than before. */
function changedClients(before: Shown, after: Shown, selection: Selection): readonly ClientChange[] {
  // Each run shows of clients what its own rung asked for, whatever rung both are compared by.
  const [old, now] = [before, after].map(({ verdicts, capabilities, profile }) =>
    clientStates(
      verdicts.filter((verdict) => binds(verdict.profile, profile)),
      capabilities,
      isPart(selection) ? null : profile,
    ),
  )
  return Object.entries(now ?? {}).flatMap(([name, { status }]) => {
    const earlier = own<ReportedClient>(old ?? {}, name)
    return earlier && earlier.status !== status ? [{ name, before: earlier.status, now: status }] : []
  })
}

/** What flaps in the history of a target, whatever rung it was judged by, and how often it changed. */
function flappingIn(folder: string, { kind, baseUrl, model, name }: TapeHeader['target']): ReadonlyMap<string, number> {
  const records = readHistory(folder).records.filter(
    ({ target }) =>
      target.kind === kind &&
      (kind === 'reference' || target.baseUrl === baseUrl) &&
      target.model === model &&
      target.name === name,
  )
  return new Map(
    (trendOf(records)?.requirements ?? []).flatMap(({ id, is, changes }) => (is === 'flapping' ? [[id, changes]] : [])),
  )
}

/** A side, whose it is, and by which rung its run was judged. */
type Shown = Side & Pick<TapeHeader, 'target' | 'profile'>

async function sideOf(path: string, selection: Selection, io: Io): Promise<Shown> {
  const judging = judgingFor(selection)
  const collected = collecting()
  const recording = await readRecording(tapeIn(path), (exchange) => {
    judging.add(exchange)
    collected.add(exchange)
  })
  for (const note of recording.notes) io.err(`${printable(`${path}: ${note}`)}\n`)
  return {
    ...judging.verdicts(),
    ending: recording.ending,
    features: collected.features(),
    target: identityOf(recording.target),
    profile: (await headerOf(tapeIn(path)))?.profile ?? selection.profile,
  }
}
