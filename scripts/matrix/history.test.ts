import { execFile } from 'node:child_process'
import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { report } from '../../schemas/examples.ts'
import type { Report, RunRecord } from '../../schemas/types.ts'
import { scratch } from '../../suites/self/scratch.ts'
import { addToHistory, openHistory, readHistory, remember } from './history.ts'
import { recordOf } from './record.ts'

const record = (day: number): RunRecord => ({
  ...recordOf(report as Report),
  started: new Date(Date.UTC(2026, 0, day)).toISOString(),
})
const days = (records: readonly RunRecord[]): number[] => records.map(({ started }) => new Date(started).getUTCDate())

test('what is added is read back, in its order, and an empty folder knows nothing', () => {
  const folder = join(scratch(), 'a', 'history')
  openHistory(folder)
  expect(readHistory(folder)).toEqual({ records: [], strange: 0 })
  addToHistory(folder, [record(1), record(2)])
  addToHistory(folder, [record(3)])
  expect(readHistory(folder)).toEqual({ records: [record(1), record(2), record(3)], strange: 0 })
  expect(readFileSync(join(folder, 'history.jsonl'), 'utf8').trimEnd().split('\n')).toHaveLength(3)
})

test('a line that was cut short costs that line alone, and is counted', () => {
  const folder = scratch()
  addToHistory(folder, [record(1)])
  appendFileSync(join(folder, 'history.jsonl'), '{"format":1,"tool"')
  addToHistory(folder, [record(2)])
  appendFileSync(join(folder, 'history.jsonl'), '{"format":2}\n\n[]\n')
  const { records, strange } = readHistory(folder)
  expect([days(records), strange]).toEqual([[1, 2], 3])
})

test('a run is remembered once, and one that was interrupted not at all', () => {
  const folder = scratch()
  const whole = report as Report
  const stopped: Report = { ...whole, started: '2026-11-23T00:00:00.000Z', ending: 'interrupted' }
  expect(remember(folder, [whole, stopped, whole]).records).toHaveLength(1)
  expect(remember(folder, [whole]).records).toHaveLength(1)
  expect(readHistory(folder).records).toEqual([recordOf(whole)])
})

test('several writers at once lose no line and tear none', async () => {
  const folder = scratch()
  const long: RunRecord = { ...record(1), holds: Array.from({ length: 400 }, (_, at) => `area/requirement-${at}`) }
  const file = join(folder, 'record.json')
  writeFileSync(file, JSON.stringify(long))
  const history = fileURLToPath(new URL('history.ts', import.meta.url))
  const code = `
    const { addToHistory } = await import(${JSON.stringify(history)})
    const { readFileSync } = await import('node:fs')
    const record = JSON.parse(readFileSync(${JSON.stringify(file)}, 'utf8'))
    for (let at = 0; at < 50; at++)
      addToHistory(${JSON.stringify(folder)}, [{ ...record, started: new Date(Number(process.argv[1]) * 1e9 + at).toISOString() }])
  `
  const writers = [1, 2, 3, 4].map((number) =>
    promisify(execFile)(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', code, String(number)]),
  )
  await Promise.all(writers)
  const { records, strange } = readHistory(folder)
  expect(strange).toBe(0)
  expect(new Set(records.map(({ started }) => started)).size).toBe(200)
  expect(records).toHaveLength(200)
})

test('what cannot be used is said with its name', () => {
  const folder = scratch()
  writeFileSync(join(folder, 'file'), '')
  expect(() => openHistory(join(folder, 'file', 'beneath'))).toThrow(/--history .* cannot be made/)
  mkdirSync(join(folder, 'history.jsonl'))
  expect(() => readHistory(folder)).toThrow(/history\.jsonl cannot be read/)
})
