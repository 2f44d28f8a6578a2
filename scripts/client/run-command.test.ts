import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test, vi } from 'vitest'
import { scratch } from '../../suites/self/scratch.ts'
import { runCommand, type CommandRun } from './run-command.ts'

/* A process that was kept from looking hears of its timers first: what has come until then counts all the same. */

/** What happens when a timer goes off, before anybody hears of it; it is told of how many milliseconds. */
const timer = vi.hoisted(() => ({ goesOff: (_milliseconds: number): void => {} }))

vi.mock(import('../../fixtures/gateways/timer.ts'), async (original) => {
  const timers = await original()
  const after: typeof timers.after = (milliseconds, then) =>
    timers.after(milliseconds, () => {
      timer.goesOff(milliseconds)
      then()
    })
  return { ...timers, after }
})

afterEach(() => {
  timer.goesOff = () => {}
})

function running(shell: string, limit: number, ...words: readonly string[]): Promise<CommandRun> {
  return runCommand({
    command: ['/bin/sh', '-c', shell, 'sh', ...words],
    use: { baseUrl: 'http://127.0.0.1:9', key: 'a-key-of-nobody', model: 'a-model' },
    keyVariable: 'ANTHROPIC_API_KEY',
    folder: null,
    environment: process.env,
    limit,
    signal: new AbortController().signal,
  })
}

/** A pipe with a name: who writes there waits for a reader, and who reads for the writers to end. */
function namedPipe(): string {
  const path = join(scratch(), 'pipe')
  execFileSync('mkfifo', [path])
  return path
}

/** Keeps this thread from all else. */
function standStill(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds)
}

test('a command that has ended when its time is over has ended by itself', async () => {
  const [go, end] = [namedPipe(), namedPipe()]
  const limit = 700
  timer.goesOff = (milliseconds) => {
    if (milliseconds !== limit) return
    writeFileSync(go, 'now\n')
    readFileSync(end)
    standStill(1000)
  }
  const run = await running('read -r word <"$1"; exec 9>"$2"; echo "$word"', limit, go, end)
  expect(run).toMatchObject({ exit: { kind: 'code', code: 0 }, out: 'now\n' })
})

test('what it left running is read to where it is when the command is done with', async () => {
  const [go, end] = [namedPipe(), namedPipe()]
  const limit = 300_000
  let times = 0
  timer.goesOff = () => {
    if (++times > 1) return
    writeFileSync(go, 'later\n')
    readFileSync(end)
  }
  const run = await running('(read -r word <"$1"; exec 9>"$2"; echo "$word") & echo done', limit, go, end)
  expect(times).toBeGreaterThan(0)
  expect(run).toMatchObject({ exit: { kind: 'code', code: 0 }, out: 'done\nlater\n' })
})
