import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'

/** What one run of a program took: milliseconds from start to exit, and the most memory it was seen to hold, in MiB. */
export interface Took {
  readonly milliseconds: number
  readonly peak: number
  readonly out: string
}

// Not the maxRSS of the system: a child begins with that of its parent.
const tellsPeak = `data:text/javascript,${encodeURIComponent(`
  let peak = 0
  const look = () => { peak = Math.max(peak, process.memoryUsage.rss()) }
  setInterval(look, 5).unref()
  process.on('exit', () => { look(); process.stderr.write('peak=' + peak) })
`)}`

interface HowToRun {
  /** Look at its memory every few milliseconds. */
  readonly peak?: boolean
  readonly env?: Readonly<Record<string, string>>
  /** The exit codes that are expected; by default 0. */
  readonly codes?: readonly number[]
  /** Ends it. */
  readonly signal?: AbortSignal
}

/** Runs Node once. Throws where it ends with another code than those expected. */
export async function node(
  args: readonly string[],
  { peak = false, env = {}, codes = [0], signal }: HowToRun = {},
): Promise<Took> {
  const began = performance.now()
  const child = spawn(process.execPath, peak ? ['--import', tellsPeak, ...args] : args, {
    env: { PATH: process.env['PATH'] ?? '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(signal && { signal, killSignal: 'SIGKILL' as const }),
  })
  let out = ''
  let err = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text))
  // What ends it by the signal is an error of the child, too.
  child.on('error', (error) => (err += error.message))
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve))
  const milliseconds = performance.now() - began
  if (code === null || !codes.includes(code)) throw new Error(`node ${args.join(' ')} ended with ${code}: ${err}${out}`)
  return { milliseconds, peak: Number(/peak=(\d+)/.exec(err)?.[1] ?? 0) / 1024 ** 2, out }
}

/** The medians of several things done in turn, so that whatever disturbs the machine disturbs all of them alike. */
export async function inTurn<const K extends string>(
  rounds: number,
  things: Readonly<Record<K, () => Promise<number>>>,
): Promise<Readonly<Record<K, number>>> {
  const names = Object.keys(things) as K[]
  const taken = new Map<K, number[]>(names.map((name) => [name, []]))
  for (const name of names) await things[name]()
  for (let round = 0; round < rounds; round++) for (const name of names) taken.get(name)?.push(await things[name]())
  return Object.fromEntries(names.map((name) => [name, median(taken.get(name) ?? [])])) as Record<K, number>
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN
}

/** The milliseconds one piece of work in this process takes. */
export async function timed(work: () => unknown): Promise<number> {
  const began = performance.now()
  await work()
  return performance.now() - began
}

/** The milliseconds of processor that a process, and those that it started and saw end, have taken; NaN where the system does not say it this way. */
export function processorOf(pid: number | 'self' = 'self'): { readonly itself: number; readonly ended: number } {
  try {
    // Behind the name of the program, which may hold anything, in hundredths of a second.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ')
      .map(Number)
    const [own = 0, system = 0, children = 0, systemOfChildren = 0] = fields.slice(11, 15)
    return { itself: 10 * (own + system), ended: 10 * (children + systemOfChildren) }
  } catch {
    return { itself: Number.NaN, ended: Number.NaN }
  }
}
