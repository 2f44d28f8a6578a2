import { spawn, type ChildProcess } from 'node:child_process'
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from '../../fixtures/gateways/timer.ts'
import type { ClientExit } from '../../schemas/types.ts'
import { own } from '../../suites/harness/wire/json.ts'
import { InputError } from '../../suites/harness/wire/input-error.ts'
import { signalGroup } from '../process-group.ts'

/** The gateway that a command is to use. */
export interface Use {
  readonly baseUrl: string
  readonly key: string
  readonly model: string
}

export interface ToRun {
  /** Its words, with `{baseUrl}`, `{key}` and `{model}` where they belong. */
  readonly command: readonly string[]
  readonly use: Use
  /** The variable that holds the key. Both at once would make two credentials of it. */
  readonly keyVariable: 'ANTHROPIC_API_KEY' | 'ANTHROPIC_AUTH_TOKEN'
  /** The folder it runs in; null for an empty one of its own. */
  readonly folder: string | null
  /** What its own environment is taken from. */
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Milliseconds that it is given. */
  readonly limit: number
  /** Ends it. */
  readonly signal: AbortSignal
}

/** What a command wrote, its beginning where that is long, and how it ended. */
export interface CommandRun {
  readonly exit: ClientExit
  readonly out: string
  readonly err: string
  /** The scratch folder, which is gone: it may stand in what was written. */
  readonly scratch: string
}

/** Of each of its outputs, so many characters are kept. */
const mostOutput = 1_000_000
/** Milliseconds between asking a process to end and ending it, and for its pipes to close after that. */
const grace = 1000

/**
 * Runs a command once, without a shell, in a scratch folder with a home of its own, and ends all it started when its time is over.
 * Throws an InputError where it cannot be run at all.
 */
export async function runCommand(run: ToRun): Promise<CommandRun> {
  // As the command itself is told where it is: it is looked for in what it writes.
  const scratch = realpathSync(mkdtempSync(join(tmpdir(), 'messages-conformance-client-')))
  try {
    const [home, folder] = [join(scratch, 'home'), join(scratch, 'folder')]
    for (const path of [home, folder]) mkdirSync(path)
    const [program = '', ...words] = run.command.map((word) => placed(word, run.use))
    const child = spawned(program, words, run.folder ?? folder, environmentOf(run, home))
    return { ...(await ended(child, program, run)), scratch }
  } finally {
    // What it left running may still write there.
    rmSync(scratch, { recursive: true, force: true, maxRetries: 3 })
  }
}

/** Only names of ours are filled in: braces are common in what agents are told. */
function placed(word: string, { baseUrl, key, model }: Use): string {
  return word.replaceAll('{baseUrl}', baseUrl).replaceAll('{key}', key).replaceAll('{model}', model)
}

/** What programs need to run at all, and no more of the environment: no key of somebody is used, and none can be written. */
const inherited = /^(?:PATH|LANG|LC_\w+|TZ|PATHEXT|SystemRoot|ComSpec)$/i

function environmentOf({ use, keyVariable, environment }: ToRun, home: string): Record<string, string> {
  const known = Object.keys(environment).filter((name) => inherited.test(name))
  return {
    ...Object.fromEntries(known.map((name) => [name, own(environment, name) ?? ''])),
    HOME: home,
    USERPROFILE: home,
    TMPDIR: home,
    ANTHROPIC_BASE_URL: use.baseUrl,
    [keyVariable]: use.key,
    ANTHROPIC_MODEL: use.model,
  }
}

function spawned(program: string, words: readonly string[], cwd: string, env: Record<string, string>): ChildProcess {
  try {
    return spawn(program, words, { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
  } catch (error) {
    throw cannotRun(program, error)
  }
}

function cannotRun(program: string, error: unknown): InputError {
  const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT'
  const why = isMissing ? 'there is no such program' : error instanceof Error ? error.message : String(error)
  return new InputError(`The command ${program} cannot be run: ${why}.`)
}

/** A timer that leaves the word to what has come: a process that was kept from looking hears of its timers before all else. */
function onceRead(milliseconds: number, then: () => void): NodeJS.Timeout {
  return after(milliseconds, () => setImmediate(then))
}

function ended(child: ChildProcess, program: string, { limit, signal }: ToRun): Promise<Omit<CommandRun, 'scratch'>> {
  return new Promise((resolve, reject) => {
    const wrote = { out: '', err: '' }
    const listen = (which: 'out' | 'err', stream: ChildProcess['stdout']): void => {
      stream?.setEncoding('utf8')
      stream?.on('data', (text: string) => (wrote[which] += text.slice(0, mostOutput - wrote[which].length)))
    }
    listen('out', child.stdout)
    listen('err', child.stderr)
    let exit: ClientExit | null = null
    const timers: NodeJS.Timeout[] = []
    const killAtExit = (): void => signalGroup(child, 'SIGKILL')
    process.once('exit', killAtExit)

    function end(how: ClientExit): void {
      exit ??= how
      signalGroup(child, 'SIGTERM')
      timers.push(after(grace, () => signalGroup(child, 'SIGKILL')))
      timers.push(after(2 * grace, settle))
    }
    const interrupt = (): void => end({ kind: 'time' })

    function settle(): void {
      for (const timer of timers) clearTimeout(timer)
      process.removeListener('exit', killAtExit)
      signal.removeEventListener('abort', interrupt)
      // What it left behind in its group ends too, and what left the group holds no pipe of ours.
      killAtExit()
      child.stdout?.destroy()
      child.stderr?.destroy()
      child.unref()
      resolve({ exit: exit ?? { kind: 'time' }, ...wrote })
    }

    timers.push(onceRead(limit, () => exit ?? end({ kind: 'time' })))
    signal.addEventListener('abort', interrupt, { once: true })
    if (signal.aborted) interrupt()
    child.once('error', (error) => {
      reject(cannotRun(program, error))
      settle()
    })
    child.once('exit', (code, by) => {
      exit ??= code === null ? { kind: 'signal', signal: by ?? 'SIGKILL' } : { kind: 'code', code }
      // Whatever it left running holds its outputs open.
      timers.push(onceRead(grace, settle))
    })
    child.once('close', settle)
  })
}
