import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import http from 'node:http'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { pause } from '../../fixtures/gateways/timer.ts'
import type { Row } from './table.ts'

/** A file beside this one. */
export const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url))

/** Streams at once, and how long each of them is: ten seconds of a hundred words. */
const atOnce = 200
const paced = 'events=100&pause=100&text=20'
/** What is asked while all of them go on, one each ten milliseconds: so many that the hundredth part of them is more than chance. */
const beside = { streams: 600, query: 'events=1&pause=1&text=20' }
/** Streams without pauses, one after the other on each of so many connections. */
const flood = { streams: 60, connections: 8, query: 'events=4000&pause=0&text=20' }
const rounds = 3

/** tap beside a bare pipe: what each adds to the first byte, what goes through, and what memory it takes. */
export async function taps(main: string, folder: string): Promise<readonly Row[]> {
  const upstream = await started([here('upstream.mjs')])
  const bare = await started([here('pipe.mjs'), upstream.url])
  const tap = await started([main, 'tap', '--upstream', upstream.url, '--out', join(folder, 'tapped')])
  try {
    const none = (): Record<'direct' | 'bare' | 'tap', number[]> => ({ direct: [], bare: [], tap: [] })
    const [first, late] = [none(), none()]
    const rate = { bare: [] as number[], tap: [] as number[] }
    const memory: number[] = []
    const lengths = new Set<number>()
    const through = [
      ['bare', bare],
      ['tap', tap],
    ] as const
    for (let round = 0; round < rounds; round++) {
      for (const [name, { url }] of [['direct', upstream] as const, ...through]) {
        const found = await streams(url)
        lengths.add(found.bytes)
        first[name].push(...found.first)
        late[name].push(...found.late)
      }
      if (lengths.size > 1) throw new Error('What came through is not as long as what was sent.')
      memory.push(residentOf(tap.child))
    }
    // Afterwards: a flood leaves memory behind that is no stream's.
    for (let round = 0; round < rounds; round++) {
      for (const [name, { url }] of through) rate[name].push(await flooded(url))
    }
    const p99 = (of: typeof first, name: keyof typeof first): number => percentile(of[name], 0.99)
    const exact = (milliseconds: number): string => `${milliseconds.toFixed(1)} ms`
    const comparing = (of: typeof first): string =>
      `a bare node:http pipe: ${exact(p99(of, 'bare'))}, so that it adds ${exact(p99(of, 'tap') - p99(of, 'bare'))} (at most 2 ms); without either: ${exact(p99(of, 'direct'))}`
    const median = (name: keyof typeof rate): number => percentile(rate[name], 0.5)
    return [
      {
        what: `first byte through tap, p99 of ${first.tap.length} beside ${atOnce} paced streams`,
        ours: exact(p99(first, 'tap')),
        compared: comparing(first),
        ratio: p99(first, 'tap') / p99(first, 'bare'),
      },
      {
        what: `words through tap, how late, p99 of ${late.tap.length} in streams of ten seconds`,
        ours: exact(p99(late, 'tap')),
        compared: comparing(late),
        ratio: p99(late, 'tap') / p99(late, 'bare'),
      },
      {
        what: 'streams without pauses through tap',
        ours: `${Math.round(median('tap'))} MB/s`,
        compared: `a bare node:http pipe: ${Math.round(median('bare'))} MB/s (at least 0.6 of it)`,
        ratio: median('tap') / median('bare'),
      },
      {
        what: `memory of tap after ${rounds * atOnce} streams`,
        ours: `${Math.round(memory.at(-1) ?? 0)} MiB`,
        compared: `after the first ${atOnce}: ${Math.round(memory[0] ?? 0)} MiB`,
        ratio: (memory.at(-1) ?? 0) / (memory[0] ?? 1),
      },
    ]
  } finally {
    for (const { child } of [tap, bare, upstream]) {
      const closed = once(child, 'close')
      if (child.kill('SIGKILL')) await closed
    }
  }
}

interface Started {
  readonly url: string
  readonly child: ChildProcess
}

/** A program whose first line is the URL that it serves. */
export async function started(args: readonly string[]): Promise<Started> {
  const child = spawn(process.execPath, args, {
    env: { PATH: process.env['PATH'] ?? '' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [text] = (await once(child.stdout, 'data')) as [Buffer]
  child.stdout.resume()
  return { url: String(text).split('\n', 1)[0] ?? '', child }
}

const body = JSON.stringify({ model: 'm', max_tokens: 9, stream: true, messages: [{ role: 'user', content: 'Hello' }] })

interface Came {
  /** Milliseconds to the first byte. */
  readonly first: number
  /** Milliseconds that each word took that says when it went out. */
  readonly late: readonly number[]
  readonly bytes: number
}

/** Asks for one stream, and reads it to its end. */
export function stream(url: string, query: string, agent: http.Agent): Promise<Came> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }
    const request = http.request(`${url}/v1/messages?${query}`, { method: 'POST', agent, headers })
    const began = performance.now()
    const late: number[] = []
    let first = 0
    let bytes = 0
    request.on('error', reject)
    request.on('response', (response) => {
      response.on('data', (piece: Buffer) => {
        if (bytes === 0) first = performance.now() - began
        bytes += piece.length
        const now = performance.timeOrigin + performance.now()
        for (const [, sent] of piece.toString('latin1').matchAll(/"text":"(\d{13}\.\d{3})/g))
          late.push(now - Number(sent))
      })
      response.on('end', () => resolve({ first, late, bytes }))
      response.on('error', reject)
    })
    request.end(body)
  })
}

/**
 * Streams that begin one after the other and then all go on at once, and the first bytes of short ones beside them. Throws where they are
 * not all as long as each other.
 */
async function streams(url: string): Promise<{ first: readonly number[]; late: readonly number[]; bytes: number }> {
  const agent = new http.Agent({ keepAlive: true })
  const begin = async (count: number, query: string): Promise<ReturnType<typeof stream>[]> => {
    const all: ReturnType<typeof stream>[] = []
    for (let begun = 0; begun < count; begun++) {
      all.push(stream(url, query, agent))
      await pause(10)
    }
    return all
  }
  const long = await begin(atOnce, paced)
  const short = await Promise.all(await begin(beside.streams, beside.query))
  const found = await Promise.all(long)
  agent.destroy()
  const [bytes = 0, ...others] = new Set(found.map((one) => one.bytes))
  if (others.length > 0) throw new Error(`Streams through ${url} differ in length.`)
  return { first: short.map(({ first }) => first), late: found.flatMap(({ late }) => late), bytes }
}

/** Megabytes a second. */
async function flooded(url: string): Promise<number> {
  const agent = new http.Agent({ keepAlive: true })
  const began = performance.now()
  let bytes = 0
  let left = flood.streams
  const lane = async (): Promise<void> => {
    while (left-- > 0) {
      const came = await stream(url, flood.query, agent)
      bytes += came.bytes
    }
  }
  await Promise.all(Array.from({ length: flood.connections }, lane))
  agent.destroy()
  return bytes / 1e6 / ((performance.now() - began) / 1000)
}

function percentile(numbers: readonly number[], part: number): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length * part)] ?? Number.NaN
}

/** MiB that a process holds; NaN where the system does not say it this way. */
function residentOf({ pid }: ChildProcess): number {
  try {
    return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024
  } catch {
    return Number.NaN
  }
}
