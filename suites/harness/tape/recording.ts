import { closeSync, openSync, readSync, statSync } from 'node:fs'
import type { Diagnosis, RunEnding, TapeHeader } from '../../../schemas/types.ts'
import type { Exchange } from '../wire/exchange.ts'
import { readHar, type HarOptions } from './har.ts'
import { InputError } from '../wire/input-error.ts'
import { faultInJson, type Place } from '../wire/json-fault.ts'
import { readTape } from './tape.ts'
import { counted, thousands } from '../wire/counted.ts'
import { textAt } from './text-at.ts'
import { fileAt } from './unusable.ts'
import { defaultApiVersion, keyVariable, type Target } from '../wire/target.ts'

export interface Recording {
  readonly exchanges: number
  /** `recorded` for traffic of others; else how the run ended, `interrupted` where the tape has no footer. */
  readonly ending: RunEnding
  /** Why the run ended early, where its tape says so. */
  readonly diagnosis: Diagnosis | null
  readonly started: string
  readonly target: Target
  /** What of it was not judged, or not as it stands there: in sentences. */
  readonly notes: readonly string[]
}

/**
 * Reads a tape or a HAR, handing on each exchange as it comes. Throws an InputError where the file cannot be read, is neither, or
 * holds nothing to judge.
 */
export async function readRecording(
  path: string,
  onExchange: (exchange: Exchange) => void,
  of: Pick<HarOptions, 'host'> = {},
): Promise<Recording> {
  if (!isTape(path)) return fromHar(path, onExchange, of)
  if (of.host !== undefined) throw new InputError(`${path} is a tape, and a tape is of one gateway: leave out --host.`)
  return fromTape(path, onExchange)
}

/** The header of a tape; null for a HAR. Throws as `readRecording` does. */
export async function headerOf(path: string): Promise<TapeHeader | null> {
  return isTape(path) ? (await readTape(path)).header : null
}

/** The last exchange of each of these names. Throws as `readRecording` does. */
export async function exchangesNamed(path: string, names: ReadonlySet<string>): Promise<ReadonlyMap<string, Exchange>> {
  const found = new Map<string, Exchange>()
  if (names.size === 0) return found
  await readRecording(path, (exchange) => {
    if (names.has(exchange.fixture)) found.set(exchange.fixture, exchange)
  })
  return found
}

async function fromTape(path: string, onExchange: (exchange: Exchange) => void): Promise<Recording> {
  const tape = await readTape(path)
  let exchanges = 0
  let leftOut = 0
  for await (const exchange of tape.exchanges) {
    exchanges++
    if (exchange.leftOut) leftOut++
    onExchange(exchange)
  }
  if (exchanges === 0) throw new InputError(`${path} holds no exchange: there is nothing to judge.`)
  const end = tape.end()
  const { target, started } = tape.header
  return {
    exchanges,
    ending: end.complete ? end.footer.ending : 'interrupted',
    diagnosis: end.complete ? (end.footer.diagnosis ?? null) : cutShort(exchanges, end.written),
    started,
    target: { ...unkeyed, ...target },
    notes: leftOut > 0 ? [withoutBodies(leftOut)] : [],
  }
}

function withoutBodies(count: number): string {
  const of = count === 1 ? '1 exchange is' : `${thousands(count)} exchanges are`
  return `${of} on the tape without bodies, and nothing is judged by that: what was found while they passed stands in report.json.`
}

/** Why less can be said than its run would have: there is less of it. */
function cutShort(exchanges: number, written: number | null): Diagnosis {
  const sentence =
    written === null
      ? 'The tape is cut short: its footer is missing, so its run was interrupted, or its end was taken away.'
      : `The tape is cut short: it holds ${exchanges} of the ${counted(written, 'exchange')} of its run.`
  return { kind: 'interrupted', sentence }
}

function fromHar(path: string, onExchange: (exchange: Exchange) => void, of: HarOptions): Recording {
  const { exchanges, notes } = named(path, () => readHar(() => piecesOf(path), onExchange, of))
  const target: Target = { ...unkeyed, kind: 'gateway', baseUrl: 'recorded', model: 'recorded' }
  return {
    exchanges,
    ending: 'recorded',
    diagnosis: null,
    started: new Date(0).toISOString(),
    target,
    notes,
  }
}

/** The bytes of a file; each piece stands where the one before it stood. */
function* piecesOf(path: string): Generator<Uint8Array> {
  const file = fileAt(path, () => openSync(path, 'r'))
  const bytes = Buffer.allocUnsafe(1024 * 1024)
  try {
    for (;;) {
      const length = fileAt(path, () => readSync(file, bytes, 0, bytes.length, null))
      if (length === 0) return
      yield bytes.subarray(0, length)
    }
  } finally {
    closeSync(file)
  }
}

/** A recording has no credential, and nothing is sent from it. */
const unkeyed = {
  auth: 'none',
  key: null,
  keyVariable,
  headers: [],
  secrets: [],
  apiVersion: defaultApiVersion,
} as const

function isTape(path: string): boolean {
  return /^\uFEFF?\{"kind":/.test(beginning(path))
}

function beginning(path: string): string {
  try {
    // It is read from its beginning more than once, and what waits for a writer may wait for ever.
    if (!statSync(path).isFile()) throw new InputError(`${path} is no file: a recording is read more than once.`)
    const file = openSync(path, 'r')
    const bytes = Buffer.alloc(16)
    const length = readSync(file, bytes, 0, bytes.length, 0)
    closeSync(file)
    return bytes.toString('utf8', 0, length)
  } catch (error) {
    if (error instanceof InputError) throw error
    throw new InputError(`${path} cannot be read: is it there, and is it a file?`)
  }
}

/** A sentence about a file names the file, and the place where it stops being JSON. */
function named<T>(path: string, read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    const fault = faultIn(path)
    const place = fault ? `, line ${fault.line}, column ${fault.column}` : ''
    throw new InputError(`${path}${place}: ${error.message}`)
  }
}

/** Bytes of a HAR that is looked through once more. */
const mostLookedThrough = 64 * 1024 * 1024

function faultIn(path: string): Place | null {
  const text = textAt(path, mostLookedThrough) ?? null
  return text === null ? null : faultInJson(text.replace(/^\uFEFF/, ''))
}
