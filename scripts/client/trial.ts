import type { Gateway } from '../../fixtures/gateways/answer.ts'
import { defaultKey } from '../../fixtures/gateways/reference/identity.ts'
import { createReference } from '../../fixtures/gateways/reference/reference.ts'
import type { ClientState, ClientTried } from '../../schemas/types.ts'
import { InputError } from '../../suites/harness/wire/input-error.ts'
import { printable } from '../../suites/harness/wire/printable.ts'
import type { Case } from './cases.ts'
import { firstOther, errorLine } from './difference.ts'
import { formOf, type Asked } from './form.ts'
import { masked } from './masked.ts'
import { replaying, type Provoked } from './replay.ts'
import { openRooms, type Rooms } from './rooms.ts'
import { runCommand, type CommandRun, type ToRun } from './run-command.ts'
import { stateOf, type Ran } from './state.ts'

export interface ToTry extends Omit<ToRun, 'use'> {
  readonly model: string
  readonly cases: readonly Case[]
  /** Runs under way at once. */
  readonly concurrency: number
  /** Takes what each run wrote, those on the reference too. */
  readonly keep: (name: string, run: CommandRun) => void
  /** Told after each run how many there were, and how many there will be. */
  readonly progress: (done: number, all: number) => void
}

export interface Trial {
  readonly reference: { readonly requests: number; readonly wrote: string }
  /** In the order of the cases; those that an interruption left out are missing. */
  readonly tried: readonly ClientTried[]
}

/** One run with what was asked in it. */
interface Told {
  readonly ran: Ran
  readonly asked: readonly Asked[]
}

/**
 * Runs a command twice on the reference, and then once on each case that would answer it otherwise, each run with a gateway of its
 * own. Throws an InputError, in one sentence, where it cannot be run, or where nothing could be told from what it does: it fails on the
 * reference, asks it for nothing, writes nothing, or something else each time.
 */
export async function tryCommand(to: ToTry): Promise<Trial> {
  const rooms = await openRooms()
  try {
    const first = await onReference(rooms, to)
    const second = await onReference(rooms, to)
    const other = firstOther(second.ran.out, first.ran.out)
    const before = firstOther(first.ran.out, second.ran.out) ?? ''
    if (other !== null)
      throw new InputError(
        `The command writes something else each time it runs on the reference, so that no loss could be told: "${shown(before)}", then "${shown(other)}".`,
      )
    const tried = await onCases(rooms, to, [first, second])
    return { reference: { requests: first.asked.length, wrote: first.ran.out }, tried }
  } finally {
    await rooms.close()
  }
}

function shown(line: string): string {
  return printable(line).slice(0, 100)
}

/** A reference that answers to any name of a model: commands may have their own. */
function reference(model: string): Gateway {
  return createReference({ model, anyModel: true })
}

async function onReference(rooms: Rooms, to: ToTry): Promise<Told> {
  const told = await running('reference', reference(to.model), rooms, to)
  const { exit, err, out } = told.ran
  if (to.signal.aborted)
    throw new InputError('The run was interrupted before the command had run twice on the reference.')
  const said = errorLine(err) ?? errorLine(out)
  const says = said === null ? '' : `: ${shown(said)}`
  if (exit.kind === 'time')
    throw new InputError(
      `The command does not end on the reference within ${to.limit / 1000} s; give it more by --timeout.`,
    )
  if (exit.kind === 'signal') throw new InputError(`The command is ended on the reference by ${exit.signal}${says}`)
  if (exit.code !== 0) throw new InputError(`The command fails on the reference, with exit code ${exit.code}${says}`)
  if (told.asked.length === 0)
    throw new InputError(
      'The command asked the reference for nothing: it has to take its Base URL from ANTHROPIC_BASE_URL, or from {baseUrl} among its words.',
    )
  if (out.trim() === '')
    throw new InputError(
      'The command writes nothing to standard output, so that no loss could be told: let it write what it got.',
    )
  return told
}

async function running(name: string, gateway: Gateway, rooms: Rooms, to: ToTry): Promise<Told> {
  const room = rooms.open(name, gateway)
  try {
    const { model, keep } = to
    const run = await runCommand({ ...to, use: { baseUrl: room.baseUrl, key: defaultKey, model } })
    const asked = [...room.asked]
    const ran = {
      exit: run.exit,
      out: masked(run.out, run.scratch),
      err: masked(run.err, run.scratch),
      asked: asked.map(formOf),
    }
    if (!to.signal.aborted) keep(name, run)
    return { ran, asked }
  } finally {
    room.close()
  }
}

async function onCases(
  rooms: Rooms,
  to: ToTry,
  [first, second]: readonly [Told, Told],
): Promise<readonly ClientTried[]> {
  const meets = await replaying(first.asked, () => reference(to.model))
  const tried = new Map<Case, ClientTried>()
  const provoked: { readonly one: Case; readonly by: Provoked }[] = []
  for (const one of to.cases) {
    const by = await meets(one)
    if (by) provoked.push({ one, by })
    else tried.set(one, { ...identity(one), state: 'not-provoked', breaks: [] })
  }
  const left = [...provoked]
  let done = 0
  const worker = async (): Promise<void> => {
    for (let next = left.shift(); next !== undefined && !to.signal.aborted; next = left.shift()) {
      const { one, by } = next
      const met = { kind: one.kind, noticeable: by.fails || by.broken.length > 0, otherWords: by.otherWords }
      const told = async (): Promise<Told & { readonly state: ClientState }> => {
        const ran = await running(one.id, one.over(reference(to.model)), rooms, to)
        return { ...ran, state: stateOf(met, ran.ran, [first.ran, second.ran]) }
      }
      const once = await told()
      // A machine that stood still looks like a command that hangs, but not twice.
      const { ran, asked, state } = once.state === 'hangs' && !to.signal.aborted ? await told() : once
      if (to.signal.aborted) return
      tried.set(one, {
        ...identity(one),
        state,
        breaks: [...by.broken],
        ...(by.stopped !== null && { stopped: by.stopped }),
        ran: {
          exit: ran.exit,
          requests: asked.length,
          wrote: firstOther(ran.out, first.ran.out),
          said: errorLine(ran.err),
        },
      })
      to.progress(++done, provoked.length)
    }
  }
  await Promise.all(Array.from({ length: to.concurrency }, worker))
  return to.cases.flatMap((one) => tried.get(one) ?? [])
}

function identity({ kind, id, about }: Case): Pick<ClientTried, 'id' | 'kind' | 'about'> {
  return { id, kind, about }
}
