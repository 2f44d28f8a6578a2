import { cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { report } from '../../schemas/examples.ts'
import { scratch } from '../../suites/self/scratch.ts'
import { reportsIn } from './found.ts'

/** A folder with these files in it. */
function folder(path: string, files: Readonly<Record<string, string>>): string {
  mkdirSync(path, { recursive: true })
  for (const [name, text] of Object.entries(files)) writeFileSync(join(path, name), text)
  return path
}
const whole = { 'report.json': JSON.stringify(report), 'tape.jsonl': '', 'report.html': '<!doctype html>' }

test('reports are found however deep, with a link to each seen from the matrix', () => {
  const root = scratch()
  folder(join(root, 'runs', '2026-11-24', '生产 网关'), whole)
  folder(join(root, 'runs', 'single'), { 'report.json': whole['report.json'] })
  const { placed, missing } = reportsIn([join(root, 'runs')], join(root, 'fleet'))
  expect(placed.map(({ href }) => href)).toEqual([
    '../runs/2026-11-24/%E7%94%9F%E4%BA%A7%20%E7%BD%91%E5%85%B3/report.html',
    null,
  ])
  expect(placed[0]?.report).toEqual(report)
  expect(missing).toEqual([])
})

test('a folder that is named in several ways, or lies in another that is, is read once', () => {
  const root = scratch()
  const one = folder(join(root, 'one'), whole)
  expect(reportsIn([root, one, `${one}/../one`], root).placed).toHaveLength(1)
})

test('what is not whole is missing, and said to be', () => {
  const root = scratch()
  folder(join(root, 'cut'), { 'tape.jsonl': '{"kind":"header"' })
  folder(join(root, 'empty'), { 'report.json': '' })
  folder(join(root, 'none'), {})
  folder(join(root, 'strange'), { 'report.json': '{"verdicts":[]}' })
  folder(join(root, 'torn'), { 'report.json': '{"tool":' })
  const named = ['cut', 'empty', 'none', 'strange', 'torn', 'gone'].map((name) => join(root, name))
  const { placed, missing } = reportsIn(named, root)
  expect(placed).toEqual([])
  expect(missing.map(({ why }) => why)).toEqual([
    'cut-short',
    'cut-short',
    'no-report',
    'unknown',
    'no-json',
    'no-folder',
  ])
  expect(missing.map(({ folder: path }) => path)).toEqual(named)
})

test('links are not followed', () => {
  const root = scratch()
  const there = folder(join(root, 'there'), whole)
  const runs = folder(join(root, 'runs'), {})
  symlinkSync(runs, join(runs, 'itself'))
  symlinkSync(there, join(runs, 'linked'))
  expect(reportsIn([runs], root)).toEqual({ placed: [], missing: [{ folder: runs, why: 'no-report' }] })
  cpSync(there, join(runs, 'copied'), { recursive: true })
  expect(reportsIn([runs], root).placed).toHaveLength(1)
})
