import {
  closeSync,
  lstatSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { hostname } from 'node:os'
import { resolve } from 'node:path'
import { isObject, parseJson } from '../suites/harness/wire/json.ts'
import { InputError } from '../suites/harness/wire/input-error.ts'
import { unusable } from '../suites/harness/tape/unusable.ts'

/** Milliseconds between two signs of life, and after how many without one a run on another machine is taken for gone. */
const beat = 30_000
const silence = 10 * beat

/** The claims of this process, by the path of their file. */
const held = new Set<string>()

/**
 * Claims something for this run alone, by a file that only one can make. A claim whose process is gone is taken over. Returns what
 * gives it back; the end of the process does so too. Throws an InputError, with `what` in it, where another run holds the claim, and
 * one with the path where the file cannot be made.
 */
export function claim(path: string, what: string): () => void {
  const file = resolve(path)
  const own = JSON.stringify({ pid: process.pid, host: hostname(), since: new Date().toISOString() })
  while (!made(file, own)) {
    const text = textOf(file)
    if (text === null) continue
    const holder = holderOf(text)
    if (!isGone(holder, file)) {
      const who = holder ? ` (process ${holder.pid} on ${holder.host})` : ''
      throw new InputError(
        `${what} is in use by another run${who}; name another. Where that run is gone, remove ${path}`,
      )
    }
    takeAway(file, text)
  }
  held.add(file)
  const life = setInterval(() => touch(file), beat).unref()
  const release = (): void => {
    if (!held.delete(file)) return
    clearInterval(life)
    process.removeListener('exit', release)
    if (textOf(file) === own) rmSync(file, { force: true })
  }
  process.once('exit', release)
  return release
}

interface Holder {
  readonly pid: number
  readonly host: string
}

/** Whether the file could be made; false where there is one. */
function made(file: string, own: string): boolean {
  let handle: number
  try {
    handle = openSync(file, 'wx')
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false
    throw unusable(file, error)
  }
  try {
    writeFileSync(handle, own)
    return true
  } catch (error) {
    rmSync(file, { force: true })
    throw unusable(file, error)
  } finally {
    closeSync(handle)
  }
}

/** Null where the file has just gone. */
function textOf(file: string): string | null {
  try {
    // A link that leads nowhere is neither there nor gone, and what waits for a writer may wait for ever.
    const at = lstatSync(file)
    if (!at.isFile() && !at.isDirectory()) throw new InputError(`${file} is no file of this tool: remove it.`)
    return readFileSync(file, 'utf8')
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null
    throw unusable(file, error)
  }
}

/** Null where the file does not say who holds it: it is being written, or none of ours. */
function holderOf(text: string): Holder | null {
  const holder = parseJson(text)
  if (!isObject(holder) || typeof holder['pid'] !== 'number' || typeof holder['host'] !== 'string') return null
  return { pid: holder['pid'], host: holder['host'] }
}

function isGone(holder: Holder | null, file: string): boolean {
  if (holder === null) return false
  // The process of another machine cannot be asked; a number of our own that we know nothing of is an earlier one's.
  if (holder.host !== hostname())
    return Date.now() - (statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0) > silence
  if (holder.pid === process.pid) return !held.has(file)
  try {
    process.kill(holder.pid, 0)
    return false
  } catch (error) {
    return codeOf(error) === 'ESRCH'
  }
}

/** Takes a claim away, unless another run has taken it over since it was read. */
function takeAway(file: string, text: string): void {
  const aside = `${file}.${process.pid}`
  try {
    renameSync(file, aside)
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return
    throw unusable(file, error)
  }
  if (textOf(aside) === text) rmSync(aside, { force: true })
  else renameSync(aside, file)
}

function touch(file: string): void {
  const now = new Date()
  try {
    utimesSync(file, now, now)
  } catch {
    // Gone with its folder: there is nothing left to claim.
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : null
}
