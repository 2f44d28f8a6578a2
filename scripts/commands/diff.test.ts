import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Report, RunRecord } from '../../schemas/types.ts'
import { addToHistory } from '../matrix/history.ts'
import { recordOf } from '../matrix/record.ts'
import { typed } from '../typed.ts'
import { scratch } from '../../suites/self/scratch.ts'

async function run(...words: string[]): Promise<string> {
  const directory = scratch()
  await typed(['check', '--out', directory, ...words])
  return directory
}

test('two runs of the reference differ in nothing', async () => {
  const { code, out } = await typed(['diff', await run(), await run()])
  expect(out).toBe('Nothing changed.\n')
  expect(code).toBe(0)
})

test('what broke is named, with its place; the other way round it is mended', async () => {
  const [old, now] = [await run(), await run('--fault', 'usage/missing')]
  const worse = await typed(['diff', old, now])
  expect(worse.code).toBe(1)
  expect(worse.out).toMatch(/^Now broken\n {2}usage\/shape: at \/usage/)
  expect(worse.out).toMatch(/Worse: \d+ now broken\.\n$/)
  const better = await typed(['diff', join(now, 'tape.jsonl'), old])
  expect(better.code).toBe(0)
  expect(better.out).toMatch(/Better: \d+ now hold/)
})

test('--markdown is for a pull request', async () => {
  const [old, now] = [await run(), await run('--fault', 'usage/missing')]
  const { out } = await typed(['diff', old, now, '--markdown'])
  expect(out).toMatch(/^## messages-conformance: Worse/)
  expect(out).toContain('### Now broken\n\n- usage/shape')
})

test('a partial look cannot be compared with a whole run', async () => {
  const { code } = await typed(['diff', await run(), await run('--only', 'usage')])
  expect(code).toBe(2)
})

test.for([
  ['diff', /takes two folders/],
  ['diff one', /takes two folders/],
  ['diff no-such-folder other', /no-such-folder cannot be read/],
] as const)('%s is one sentence, and exit 2', async ([line, says]) => {
  const { code, err } = await typed(line)
  expect(err).toMatch(says)
  expect(code).toBe(2)
})

test('who breaks is named, with each breach and by what has become of each client', async () => {
  const [old, now] = [await run(), await run('--fault', 'usage/missing')]
  const { out } = await typed(['diff', old, now])
  expect(out).toMatch(/^ {2}usage\/shape: at .*; breaks typescript-sdk, python-sdk/m)
  expect(out).toMatch(/^Clients\n(?: {2}.*\n)*? {2}python-sdk: was works, is breaks$/m)
  const json = JSON.parse((await typed(['diff', old, now, '--json'])).out) as { clients: object[]; flapping: string[] }
  expect(json.clients).toContainEqual({ name: 'python-sdk', before: 'works', now: 'breaks' })
  expect(json.flapping).toEqual([])
})

test('what flaps in a history is marked, and what another target has there is none of it', async () => {
  const [old, now] = [await run(), await run('--fault', 'usage/missing')]
  const history = scratch()
  const report = JSON.parse(readFileSync(join(now, 'report.json'), 'utf8')) as Report
  const record = (day: number, isBroken: boolean): RunRecord => ({
    ...recordOf(report),
    started: new Date(Date.UTC(2026, 0, day)).toISOString(),
    ...(isBroken ? { broken: ['usage/shape'], holds: [] } : { broken: [], holds: ['usage/shape'] }),
  })
  const days = [1, 2, 3, 4]
  addToHistory(
    history,
    days.map((day) => ({ ...record(day, day % 2 === 0), target: { ...report.target, model: 'other' } })),
  )
  const line = ['diff', old, now, '--history', history]
  expect((await typed(line)).out).not.toContain('flapping')
  addToHistory(
    history,
    days.map((day) => record(day, day % 2 === 0)),
  )
  const { code, out } = await typed(line)
  expect(out).toMatch(/^ {2}usage\/shape: .* \(flapping: changed 3 times\)$/m)
  expect(code).toBe(1)
})
