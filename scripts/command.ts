import { InputError } from '../suites/harness/wire/input-error.ts'
import type { Io } from './io.ts'
import { nearest } from './nearest.ts'

/** Each command in a file of its own, loaded when it is called: --help must not wait for the catalogue. */
const commands: Readonly<Record<string, () => Promise<{ run: (argv: readonly string[], io: Io) => Promise<number> }>>> =
  {
    check: () => import('./commands/check.ts'),
    plan: () => import('./commands/plan.ts'),
    judge: () => import('./commands/judge.ts'),
    diff: () => import('./commands/diff.ts'),
    explain: () => import('./commands/explain.ts'),
    mock: () => import('./commands/mock.ts'),
    list: () => import('./commands/list.ts'),
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

/** Runs what was typed. Returns the exit code: bad input is one sentence on stderr, and 2. */
export async function runCommand(argv: readonly string[], io: Io): Promise<number> {
  try {
    return await dispatch(argv, io)
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    io.err(`${error.message}\n`)
    return 2
  }
}

async function dispatch(argv: readonly string[], io: Io): Promise<number> {
  const [first] = argv
  if (first === 'help' || first === '--help' || first === '-h') {
    io.out(help)
    return 0
  }
  const named = first !== undefined && !first.startsWith('-')
  const load = commands[named ? first : 'check']
  if (!load) {
    const near = nearest(String(first), Object.keys(commands))
    throw new InputError(
      `There is no command ${first}.${near ? ` Did you mean ${near}?` : ''} See: messages-conformance --help`,
    )
  }
  const command = await load()
  return command.run(named ? argv.slice(1) : argv, io)
}
