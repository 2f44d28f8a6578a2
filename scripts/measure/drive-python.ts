import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { errorAnswer } from '../../fixtures/gateways/alter.ts'
import type { Gateway } from '../../fixtures/gateways/answer.ts'
import { faults } from '../../fixtures/gateways/faults/faults.ts'
import { defaultKey } from '../../fixtures/gateways/reference/identity.ts'
import { serve } from '../../fixtures/gateways/serve.ts'
import { variants } from '../../fixtures/gateways/variants.ts'
import { wrongKey } from '../../suites/harness/gather/compose.ts'
import { isObject, objects } from '../../suites/harness/wire/json.ts'
import { calls, type Call } from './calls.ts'
import { isSeenByClients } from './gateways.ts'
import { countIn, eventsOf, messageOf, modelOf, textOf, type Said } from './got.ts'
import { byGroupOf, watched, type ByGroup, type Differing, type Made } from './measure.ts'
import type { Measurement } from './measured-file.ts'
import type { Got, Raised } from './outcome.ts'

/*
 * The Python SDK, both lines, each in a virtual environment of its own in a scratch folder. Its calls are those of the TypeScript SDK; it
 * makes them over loopback, in threads, under a Base URL a call. Which of them a gateway answers otherwise is known before: what was asked
 * of the right one is asked of it in this process, and only what meets something is called.
 */

const versions = { 'python-sdk': '2.14.0', 'python-sdk-1': '1.17.0' } as const
type Line = keyof typeof versions

/** Seconds without a byte after which a call hangs. */
const patience = 8
const threads = 8

/** Measures both lines, one after the other. Rejects where Python or pip cannot be run. */
export async function drivePython(control: boolean): Promise<readonly Measurement[]> {
  const scratch = mkdtempSync(join(tmpdir(), 'measure-python-'))
  try {
    const found: Measurement[] = []
    for (const client of Object.keys(versions) as Line[])
      found.push(await measureLine(client, join(scratch, client), control))
    return found
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}

async function measureLine(client: Line, folder: string, control: boolean): Promise<Measurement> {
  const version = versions[client]
  const run = promisify(execFile)
  await run('python3', ['-m', 'venv', folder])
  const python = join(folder, 'bin', 'python')
  await run(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', `anthropic==${version}`])
  const seen = faults.filter(isSeenByClients)
  const found = await measureWith(python, calls(), [...seen, ...(control ? variants : [])])
  const of = (gateways: readonly Differing[]): ReadonlyMap<string, ByGroup> =>
    new Map(gateways.flatMap(({ id }) => (found.has(id) ? [[id, found.get(id) ?? {}] as const] : [])))
  return { client, version, faults: of(seen), variants: control ? of(variants) : null }
}

const right = 'right'

/** What calls come to on some gateways, made by the SDK that a Python has. */
export async function measureWith(
  python: string,
  made: readonly Call[],
  gateways: readonly Differing[],
): Promise<ReadonlyMap<string, ByGroup>> {
  const places = new Map<string, Place>()
  const server = await serve(async (request) => {
    const url = new URL(request.url)
    const [, name = '', index = '', path = ''] = /^\/(\w+)\/(\d+)(\/.*)$/.exec(url.pathname) ?? []
    const place = places.get(name)
    if (!place) return errorAnswer(404, 'not_found_error', 'Nothing is measured at this path.')
    url.pathname = path
    return place.answer(Number(index), new Request(url, request))
  })
  try {
    const indices = made.map((_, index) => index)
    const before = open((inner) => inner, true)
    places.set(right, before)
    const results = await drive(python, server.url, made, [[right, indices]])
    const rights = indices.map((index) => gotOf(made[index], results.get(`${right}/${index}`), before.requests(index)))
    const todo: [string, readonly number[]][] = []
    for (const [number, { over }] of gateways.entries()) {
      places.set(`g${number}`, open(over, false))
      const meeting = await met(over, before.asked)
      if (meeting.size > 0) todo.push([`g${number}`, indices.filter((index) => meeting.has(index))])
    }
    const now = await drive(python, server.url, made, todo)
    const found = new Map<string, ByGroup>()
    for (const [number, { id }] of gateways.entries()) {
      const place = places.get(`g${number}`)
      const both = indices.map((index): readonly [Made, Made] => {
        const result = now.get(`g${number}/${index}`)
        const before = rights[index] ?? unheard
        const after = result && place ? gotOf(made[index], result, place.requests(index)) : before
        return [
          { got: before, fired: false },
          { got: after, fired: place?.fired(index) ?? false },
        ]
      })
      found.set(id, byGroupOf(made, both))
    }
    return found
  } finally {
    await server.close()
  }
}

const unheard: Got = { is: 'hung', requests: 0 }

/** A gateway, and what of the calls came to it. */
interface Place {
  readonly answer: (index: number, request: Request) => ReturnType<Gateway>
  readonly requests: (index: number) => number
  readonly fired: (index: number) => boolean
  /** What was asked, in the order in which it came; where that is kept. */
  readonly asked: readonly { readonly index: number; readonly request: Request }[]
}

function open(over: (inner: Gateway) => Gateway, keeps: boolean): Place {
  const counts = new Map<number, number>()
  const asked: { index: number; request: Request }[] = []
  const fired = new Set<number>()
  let current = -1
  const gateway = watched(over, () => fired.add(current))
  return {
    answer(index, request) {
      current = index
      counts.set(index, (counts.get(index) ?? 0) + 1)
      if (keeps) asked.push({ index, request: request.clone() })
      return gateway(request)
    },
    requests: (index) => counts.get(index) ?? 0,
    fired: (index) => fired.has(index),
    asked,
  }
}

/** The calls of which a gateway answers a request otherwise than the right one. */
async function met(over: (inner: Gateway) => Gateway, asked: Place['asked']): Promise<ReadonlySet<number>> {
  const place = open(over, false)
  for (const { index, request } of asked) await place.answer(index, request.clone())
  return new Set(asked.map(({ index }) => index).filter(place.fired))
}

type Results = ReadonlyMap<string, unknown>

/** Lets Python make calls, and returns what it got by place and index. Throws where it made not all of them. */
async function drive(
  python: string,
  base: string,
  made: readonly Call[],
  todo: readonly (readonly [string, readonly number[]])[],
): Promise<Results> {
  const script = fileURLToPath(new URL('drive-python.py', import.meta.url))
  const known = Object.entries(process.env).filter(([name]) => !/^anthropic|proxy$/i.test(name))
  const child = spawn(python, ['-W', 'ignore', script], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: Object.fromEntries(known),
  })
  const ended = once(child, 'close')
  child.stdin.end(JSON.stringify({ base, key: defaultKey, wrongKey, seconds: patience, threads, calls: made, todo }))
  const found = new Map<string, unknown>()
  for await (const line of createInterface(child.stdout)) {
    const [place, index, got] = JSON.parse(line) as [string, number, unknown]
    found.set(`${place}/${index}`, got)
  }
  const [code] = (await ended) as [number | null]
  if (code !== 0 || found.size < todo.reduce((sum, [, indices]) => sum + indices.length, 0))
    throw new Error(`The measurement by ${python} ended with ${code}, after ${found.size} calls.`)
  return found
}

/** What a call came to, of what Python printed of it. */
export function gotOf(call: Call | undefined, result: unknown, requests: number): Got {
  if (!call || !isObject(result)) return unheard
  if (result['is'] === 'hung') return { is: 'hung', requests }
  if (result['is'] === 'result') return { is: 'result', ...saidOf(call, result['value']), requests }
  const { name, status, type, words } = isObject(result['error']) ? result['error'] : {}
  const error: Raised = {
    name: String(name),
    status: typeof status === 'number' ? status : null,
    type: typeof type === 'string' ? type : null,
    words: String(words).replaceAll(/req_\w+/g, 'req'),
  }
  return { is: 'error', error, requests }
}

/** What a program acts on in what the SDK gave it, as for the TypeScript SDK. */
function saidOf({ does }: Call, value: unknown): Said {
  const [first, second] = Array.isArray(value) ? (value as unknown[]) : []
  switch (does) {
    case 'create':
    case 'leave':
      return messageOf(value)
    case 'stream':
      return messageOf(first, String(second))
    case 'raw':
      return eventsOf(objects(value))
    case 'together':
      return { acts: objects(value).map(textOf), books: null }
    case 'loop': {
      const [one, other] = [messageOf(first), messageOf(second)]
      return { acts: [one.acts, other.acts], books: [one.books, other.books] }
    }
    case 'runner': {
      const { acts, books } = messageOf(second)
      return { acts: [first, acts], books }
    }
    case 'parse':
      return { acts: value, books: null }
    case 'count':
      return countIn(value)
    case 'models':
      return { acts: Array.isArray(value) ? value.map(modelOf) : value, books: null }
    case 'model':
      return { acts: modelOf(value), books: null }
  }
}
