import { spawn, type ChildProcess } from 'node:child_process'
import { connect } from 'node:net'
import { pause, until } from '../fixtures/gateways/timer.ts'
import type { Start } from '../schemas/types.ts'
import { redactor } from '../suites/harness/tape/redact.ts'
import { clip } from '../suites/harness/views/finding.ts'
import { own } from '../suites/harness/wire/json.ts'
import { InputError } from '../suites/harness/wire/input-error.ts'
import { secretsIn } from '../suites/run/secrets.ts'
import { signalGroup } from './process-group.ts'
import { shellWord } from './report/shell.ts'

/** A gateway under test that was started for a run. */
export interface Started {
  /** Aborts when it ends before it was told to. */
  readonly lost: AbortSignal
  /** How it ended by itself, as a sentence; null as long as it is alive. */
  readonly ending: () => string | null
  /** What it wrote to standard output and standard error so far, its beginning where that is long, without its own secrets. */
  readonly output: () => string
  /** Ends it, and all it started. */
  end(): Promise<void>
}

export interface ToStart {
  /** The folder it runs in. */
  readonly folder: string
  readonly baseUrl: string
  /** What its own environment is taken from: PATH and HOME, and the variables it names. */
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Told what is started, before it is. */
  readonly say: (line: string) => void
  /** Ends the waiting. */
  readonly signal: AbortSignal
}

/** Of what a gateway writes, so many characters are kept. */
const mostOutput = 1_000_000
/** Milliseconds that it is given to end by itself. */
const grace = 5000
const usualTimeout = 120
/** Milliseconds between two looks whether it is up, and for one of them. */
const between = 50
const patience = 5000

/**
 * Starts a gateway by its command, without a shell, and waits until it is up. Throws an InputError, in one sentence, where something
 * answers at its address already, where it cannot be started, ends, or is not up in time.
 */
export async function startGateway(
  start: Start,
  { folder, baseUrl, environment, say, signal }: ToStart,
): Promise<Started> {
  const [program = '', ...words] = start.command
  await refuseTaken(baseUrl)
  say(`starts: ${start.command.map((word) => shellWord(word)).join(' ')}`)
  const child = spawned(program, words, folder, environmentOf(start, environment))
  const started = watched(child, redactor(secretsIn(variablesOf(start), environment)).text)
  try {
    await comesUp(start, baseUrl, started, signal)
    return started
  } catch (error) {
    await started.end()
    throw error
  }
}

/** Throws an InputError for what no program can be given; that there is none to be run is an event of the child, which comes later. */
function spawned(program: string, words: readonly string[], cwd: string, env: Record<string, string>): ChildProcess {
  try {
    return spawn(program, words, { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
  } catch (error) {
    throw new InputError(`The gateway of start.command could not be started (${(error as Error).message}).`)
  }
}

/** The variables that `start.env` names: they hold what others may not see. */
function variablesOf({ env = {} }: Start): readonly string[] {
  return Object.values(env).flatMap((value) => (typeof value === 'string' ? [] : [value.env]))
}

function environmentOf({ env = {} }: Start, environment: ToStart['environment']): Record<string, string> {
  const inherited = ['PATH', 'HOME'].flatMap((name) => {
    const value = own(environment, name)
    return value === undefined ? [] : [[name, value] as const]
  })
  const named = Object.entries(env).map(
    ([name, value]) => [name, typeof value === 'string' ? value : variable(value.env, environment)] as const,
  )
  return Object.fromEntries([...inherited, ...named])
}

function variable(name: string, environment: ToStart['environment']): string {
  const value = own(environment, name)
  if (!value) throw new InputError(`start.env names the variable ${name}, which is not set.`)
  return value
}

/** Yesterday's process in its place would be judged, and turn green. */
async function refuseTaken(baseUrl: string): Promise<void> {
  const { hostname, port, protocol } = new URL(baseUrl)
  const number = Number(port === '' ? (protocol === 'https:' ? 443 : 80) : port)
  if (await isTaken(hostname.replaceAll(/[[\]]/g, ''), number))
    throw new InputError(
      `Something answers at ${hostname}:${number} before the gateway is started there: end it, or say --no-start to judge that.`,
    )
}

function isTaken(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: patience })
    const told = (taken: boolean): void => {
      socket.destroy()
      resolve(taken)
    }
    socket.once('connect', () => told(true))
    socket.once('error', () => told(false))
    socket.once('timeout', () => told(false))
  })
}

function watched(child: ChildProcess, clean: (text: string) => string): Started {
  const lost = new AbortController()
  const state: { ended: string | null; told: boolean; output: string } = { ended: null, told: false, output: '' }
  const exited = new AbortController()
  const ended = (how: string): void => {
    state.ended ??= how
    if (!state.told) lost.abort()
    exited.abort()
  }
  child.once('error', (error) => ended(`could not be started (${error.message})`))
  child.once('exit', (code, signal) => ended(code === null ? `was ended by ${signal}` : `ended with exit code ${code}`))
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8')
    stream?.on('data', (text: string) => (state.output += text.slice(0, mostOutput - state.output.length)))
  }
  const kill = (signal: NodeJS.Signals): void => signalGroup(child, signal)
  const killAtExit = (): void => kill('SIGKILL')
  process.once('exit', killAtExit)
  return {
    lost: lost.signal,
    ending: () => (state.told ? null : state.ended),
    output: () => clean(state.output),
    async end() {
      state.told = true
      kill('SIGTERM')
      await pause(grace, exited.signal)
      // What it left behind in its group ends too, and what left the group holds no pipe of ours.
      kill('SIGKILL')
      child.stdout?.destroy()
      child.stderr?.destroy()
      child.unref()
      process.removeListener('exit', killAtExit)
    },
  }
}

async function comesUp(
  { ready, timeout = usualTimeout }: Start,
  baseUrl: string,
  started: Started,
  signal: AbortSignal,
): Promise<void> {
  const url = ready ?? baseUrl
  const began = performance.now()
  while (!signal.aborted) {
    if (started.ending() !== null) throw new InputError(endedEarly(started))
    if (await answers(url, signal)) {
      // Somebody else may have been quicker to listen there.
      await pause(between)
      if (started.ending() === null) return
      throw new InputError(endedEarly(started))
    }
    if (performance.now() - began >= timeout * 1000)
      throw new InputError(
        `The gateway that start.command started did not answer at ${url} within ${timeout} s.${lastWords(started)}`,
      )
    await pause(between, signal)
  }
}

async function answers(url: string, outer: AbortSignal): Promise<boolean> {
  const { signal, clear } = until(outer, patience)
  try {
    const { status, body } = await fetch(url, { redirect: 'manual', signal })
    await body?.cancel()
    return status < 500
  } catch {
    return false
  } finally {
    clear()
  }
}

function endedEarly(started: Started): string {
  return `The gateway that start.command started ${started.ending()} before it was up.${lastWords(started)}`
}

/** The sentence about a gateway that ended while it was judged. */
export function endedMidway(started: Started): string {
  return `The gateway that start.command started ${started.ending()} while it was judged.${lastWords(started)}`
}

function lastWords(started: Started): string {
  const last = started.output().trimEnd().split('\n').at(-1) ?? ''
  return last === '' ? '' : ` It last wrote: ${clip(last)}`
}
