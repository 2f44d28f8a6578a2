import { InputError } from '../suites/harness/wire/input-error.ts'
import { credentialsAmong } from '../suites/harness/wire/credential-like.ts'
import { guarded, type GuardedIo } from './guarded.ts'
import type { Io } from './io.ts'
import { noSuch } from './nearest.ts'
import { printable } from './report/printable.ts'

/** Each command in a file of its own, loaded when it is called: --help must not wait for the catalogue. */
const commands: ReadonlyMap<string, () => Promise<Command>> = new Map<string, () => Promise<Command>>([
  ['check', () => import('./commands/check.ts')],
  ['plan', () => import('./commands/plan.ts')],
  ['judge', () => import('./commands/judge.ts')],
  ['diff', () => import('./commands/diff.ts')],
  ['explain', () => import('./commands/explain.ts')],
  ['mock', () => import('./commands/mock.ts')],
  ['list', () => import('./commands/list.ts')],
])

interface Command {
  readonly run: (argv: readonly string[], io: GuardedIo) => Promise<number>
}

const help = `messages-conformance <command> [options]

  check    send a small set of requests to a gateway and judge what comes back (the default)
  plan     what check would send, and at most what it would cost
  judge    judge a recorded tape or a HAR again, sending nothing
  diff     what changed between two runs
  mock     serve the built-in reference gateway, right or faulty
  list     the requirements, or the faults
  explain  one requirement: what it says, why, and how it is shown

Each command explains itself: messages-conformance check --help
Exit codes: 0 proven, 1 proven broken, 2 not proven.
`

/**
 * Runs what was typed. Returns the exit code. The one place that catches what escapes a command: bad input, a mistake of ours, and
 * an output that was closed are one sentence on stderr, and 2, since 1 accuses a gateway. Never throws.
 */
export async function runCommand(argv: readonly string[], bare: Io): Promise<number> {
  const io = guarded(bare)
  const code = await attempted(argv, io)
  const lost = await io.flush()
  if (lost === null) return code
  io.err(mistake(lost))
  return 2
}

async function attempted(argv: readonly string[], io: GuardedIo): Promise<number> {
  try {
    return await dispatch(argv, io)
  } catch (error) {
    withholdTyped(argv, io)
    io.err(mistake(error))
    return 2
  }
}

/** A sentence may say what was typed, such as the name of a file: a key in its place is not to be printed. */
function withholdTyped(argv: readonly string[], io: GuardedIo): void {
  try {
    io.withhold(credentialsAmong(argv, io.environment))
  } catch {
    // An environment that cannot be read is a mistake of ours, and about to be told.
  }
}

/** What was thrown, as one line for a person. */
export function mistake(error: unknown): string {
  if (error instanceof InputError) return `${printable(error.message)}\n`
  const said = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
  const line = printable(said).replaceAll(/\s+/g, ' ').slice(0, 300)
  return `messages-conformance made a mistake of its own, and nothing was judged by it: ${line}\n`
}

async function dispatch(argv: readonly string[], io: GuardedIo): Promise<number> {
  const [first] = argv
  if (first === 'help' || first === '--help' || first === '-h') {
    io.out(help)
    return 0
  }
  const named = first !== undefined && !first.startsWith('-')
  const load = commands.get(named ? first : 'check')
  if (!load)
    throw new InputError(`${noSuch('command', String(first), [...commands.keys()])} See: messages-conformance --help`)
  const command = await load()
  return command.run(named ? argv.slice(1) : argv, io)
}
