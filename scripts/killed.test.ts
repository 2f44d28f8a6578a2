import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { defaultKey, defaultModel } from '../fixtures/gateways/reference/identity.ts'
import { createReference } from '../fixtures/gateways/reference/reference.ts'
import { serve } from '../fixtures/gateways/serve.ts'
import type { Report } from '../schemas/types.ts'
import { readTape } from '../suites/harness/tape/tape.ts'
import { scratch } from '../suites/self/scratch.ts'
import { typed } from './typed.ts'

const main = fileURLToPath(new URL('./main.ts', import.meta.url))

/** Begins a run against a gateway that answers some requests and then none, and calls back once it is in the middle. */
async function runInto(out: string, inTheMiddle: (child: ChildProcess) => void): Promise<{ code: number | null }> {
  const reference = createReference()
  let asked = 0
  let child: ChildProcess | null = null
  const server = await serve((request) => {
    if (asked++ < 10) return reference(request)
    if (asked === 12 && child) inTheMiddle(child)
    return new Promise(() => {})
  })
  onTestFinished(() => server.close())
  const words = ['check', '--base-url', server.url, '--model', defaultModel, '--out', out]
  const running = spawn(process.execPath, ['--import', 'tsx', main, ...words], {
    env: { PATH: process.env['PATH'] ?? '', GATEWAY_API_KEY: defaultKey },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  running.stdout.resume()
  running.stderr.resume()
  child = running
  return new Promise((resolve) => running.on('close', (code) => resolve({ code })))
}

async function ending(out: string): Promise<{ exchanges: number; complete: boolean; ending: string | null }> {
  const tape = await readTape(join(out, 'tape.jsonl'))
  let exchanges = 0
  for await (const _ of tape.exchanges) exchanges++
  const end = tape.end()
  return { exchanges, complete: end.complete, ending: end.footer?.ending ?? null }
}

test.each(['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const)(
  'a run interrupted by %s exits 2, and its tape says so',
  async (signal) => {
    const out = scratch()
    const { code } = await runInto(out, (child) => child.kill(signal))
    expect(code).toBe(2)
    const left = await ending(out)
    expect(left.ending).toBe('interrupted')
    expect(left.exchanges).toBeGreaterThan(0)
    const report = JSON.parse(readFileSync(join(out, 'report.json'), 'utf8')) as { conclusion: { exitCode: number } }
    expect(report.conclusion.exitCode).toBe(2)
  },
)

test('a run whose terminal is closed was interrupted: its reports say so, and not that nobody reads it', async () => {
  const out = scratch()
  const { code } = await runInto(out, (child) => {
    child.stdout?.destroy()
    child.stderr?.destroy()
    child.kill('SIGHUP')
  })
  expect(code).toBe(2)
  expect((await ending(out)).ending).toBe('interrupted')
  const report = JSON.parse(readFileSync(join(out, 'report.json'), 'utf8')) as Report
  expect(report).toMatchObject({ ending: 'interrupted', complete: true, conclusion: { exitCode: 2 } })
})

test.each(['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const)(
  'a mock that is ended by %s exits 0, and its log has an end',
  async (signal) => {
    const log = join(scratch(), 'log.jsonl')
    const mock = spawn(process.execPath, ['--import', 'tsx', main, 'mock', '--log', log], {
      env: { PATH: process.env['PATH'] ?? '' },
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    const closed = new Promise<number | null>((resolve) => mock.on('close', resolve))
    const [url] = String(await once(mock.stdout, 'data').then(([text]) => text as Buffer)).split('\n')
    await fetch(`${url}/v1/models`)
    mock.kill(signal)
    expect(await closed).toBe(0)
    const tape = await readTape(log)
    for await (const _ of tape.exchanges);
    expect(tape.end().footer?.exchanges).toBe(1)
  },
)

test('a killed run leaves a tape that reads as cut short', async () => {
  const out = scratch()
  await runInto(out, (child) => child.kill('SIGKILL'))
  const left = await ending(out)
  expect(left.complete).toBe(false)
  expect(left.exchanges).toBeGreaterThan(0)
  expect(() => readFileSync(join(out, 'report.json'))).toThrow(/ENOENT/)
  expect(readdirSync(out)).toContain('.messages-conformance.lock')
  expect((await typed(['check', '--only', 'messages/shape', '--out', out])).code).toBe(0)
  expect(readdirSync(out)).not.toContain('.messages-conformance.lock')
})
