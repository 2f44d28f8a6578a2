import { closeSync, fstatSync, openSync, readFileSync, readSync, statSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import type { Report, RunRecord } from '../../schemas/types.ts'
import { validateRunRecord } from '../../schemas/validators.js'
import { InputError } from '../../suites/harness/wire/input-error.ts'
import { parseJson, toJson } from '../../suites/harness/wire/json.ts'
import { fileAt } from '../../suites/harness/tape/unusable.ts'
import { historyFile } from '../report/files.ts'
import { makeFolder } from '../make-folder.ts'
import { tryWriting } from '../try-writing.ts'
import { recordOf, runKey } from './record.ts'

/** What a folder of --history holds: a record a line. */
export interface History {
  readonly records: readonly RunRecord[]
  /** Lines that are no record that this version knows: cut short, or written by a later one. */
  readonly strange: number
}

/** The records of a folder of --history; none where nothing was written yet. Throws an InputError where it cannot be read. */
export function readHistory(folder: string): History {
  const records: RunRecord[] = []
  let strange = 0
  const once = sharing()
  for (const line of textOf(join(folder, historyFile)).split('\n')) {
    if (line.trim() === '') continue
    const value = parseJson(line)
    if (validateRunRecord(value))
      records.push({ ...value, holds: value.holds.map(once), broken: value.broken.map(once) })
    else strange++
  }
  return { records, strange }
}

/** The text of a history; none where nothing was written yet. */
function textOf(path: string): string {
  try {
    // What waits for a writer may wait for ever.
    if (statSync(path).isFile()) return readFileSync(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return ''
  }
  throw new InputError(`${path} cannot be read: is it a file, and may you read it?`)
}

/** The same text for texts that are equal: each run names the requirements anew, and thousands of runs name the same ones. */
function sharing(): (text: string) => string {
  const known = new Map<string, string>()
  return (text) => {
    const same = known.get(text)
    if (same === undefined) known.set(text, text)
    return same ?? text
  }
}

/** Makes a folder of --history, and makes sure that it can be written to. Throws an InputError where it cannot. */
export function openHistory(folder: string): void {
  try {
    makeFolder(folder)
  } catch {
    throw new InputError(`--history ${folder} cannot be made: is it a file, or is the folder above read-only?`)
  }
  tryWriting(join(folder, historyFile), 'name another folder by --history')
}

/**
 * Adds records to a history that others may be adding to: each goes out whole, in one write at the end of the file. Throws an
 * InputError where it cannot be written.
 */
export function addToHistory(folder: string, records: readonly RunRecord[]): void {
  const path = join(folder, historyFile)
  fileAt(path, () => {
    const handle = openSync(path, 'a+')
    try {
      for (const record of records) {
        // Who was killed in the middle of a line left it without an end.
        const line = Buffer.from(`${endsInMid(handle) ? '\n' : ''}${toJson(record)}\n`)
        if (writeSync(handle, line) < line.length) throw new InputError(`${path} took a part of a line only.`)
      }
    } finally {
      closeSync(handle)
    }
  })
}

/**
 * Adds what was judged to a history, each run once however often it is handed in, and returns all that it knows by then. Runs that were
 * interrupted, or ended in a mistake of ours, say nothing of a gateway and are not kept. Throws an InputError as its parts do.
 */
export function remember(folder: string, reports: readonly Report[]): History {
  const { records, strange } = readHistory(folder)
  const known = new Map(records.map((record) => [runKey(record), record]))
  const fresh = reports
    .filter(({ ending }) => ending !== 'interrupted' && ending !== 'error')
    .map(recordOf)
    .filter((record) => !known.has(runKey(record)))
  const once = [...new Map(fresh.map((record) => [runKey(record), record])).values()]
  addToHistory(folder, once)
  return { records: [...records, ...once], strange }
}

function endsInMid(handle: number): boolean {
  const { size } = fstatSync(handle)
  const last = Buffer.alloc(1)
  return size > 0 && readSync(handle, last, 0, 1, size - 1) === 1 && last[0] !== 10
}
