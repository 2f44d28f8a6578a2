import { describe, expect, test } from 'vitest'
import type { MissingReport, Report } from '../../schemas/types.ts'
import { validateMatrix } from '../../schemas/validators.js'
import { matrixOnTerminal } from '../report/matrix/terminal.ts'
import { en } from '../report/words/en.ts'
import { matrixOf } from './matrix.ts'
import { recordOf } from './record.ts'

const report = (exitCode: 0 | 1 | 2, name: string, more: Partial<Report> = {}): Report => ({
  tool: { name: 'messages-conformance', version: '0.0.0' },
  target: { kind: 'gateway', name, baseUrl: 'https://gateway.example', model: 'm' },
  profile: 'sdk',
  started: '2026-11-24T00:00:00.000Z',
  ending: 'complete',
  sent: { requests: 1, inputTokens: 1, outputTokens: 1 },
  verdicts: [],
  capabilities: {},
  clients: {},
  conclusion: { exitCode, conformant: exitCode === 2 ? null : exitCode === 0, reached: null, reasons: [], failing: [] },
  complete: true,
  ...more,
})
const inPart = (exitCode: 0 | 1, name: string): Report =>
  report(exitCode, name, {
    conclusion: { exitCode, conformant: null, reached: null, reasons: [], failing: [] },
  })
const breaking = (name: string, day: number, ...ids: string[]): Report =>
  report(ids.length > 0 ? 1 : 0, name, {
    started: `2026-11-${String(day).padStart(2, '0')}T00:00:00.000Z`,
    verdicts: ['usage/shape', 'streaming/ends'].map((id) => ({
      ...{ id, level: 'must', profile: 'minimum', why: null, findings: [] },
      outcome: ids.includes(id) ? 'broken' : 'holds',
    })),
    conclusion: {
      ...{ exitCode: ids.length > 0 ? 1 : 0, conformant: ids.length === 0, reached: null, reasons: [] },
      failing: ids,
    },
  })

const placed = (...reports: readonly Report[]) => reports.map((one) => ({ report: one, href: null }))
const gone: MissingReport = { folder: 'gone', why: 'no-folder' }
const kept = report(0, 'kept')
const broken = report(1, 'broken')
const dead = report(2, 'dead', { ending: 'unreachable' })
const stopped = report(2, 'stopped', { ending: 'interrupted' })

describe('targets', () => {
  test.for<[what: string, given: Parameters<typeof matrixOf>[0], code: number, says: string]>([
    [
      'that keep what was asked',
      { placed: placed(kept, report(0, 'b')) },
      0,
      'All 2 targets keep the promises they were asked for.',
    ],
    ['of which one does not', { placed: placed(kept, broken) }, 1, '1 of 2 targets does not keep its promises.'],
    ['of which another is dead', { placed: placed(broken, dead) }, 1, '1 of 2 targets does not keep its promises.'],
    ['of which none is proven', { placed: placed(kept, dead) }, 2, 'Not proven: not every target could be judged.'],
    [
      'of which one is missing',
      { placed: placed(kept), missing: [gone] },
      2,
      'Not proven: not every target could be judged.',
    ],
    [
      'of which one is missing, and one broken',
      { placed: placed(broken), missing: [gone] },
      1,
      '1 of 1 targets does not keep its promises.',
    ],
    [
      'of which one was not come to',
      { placed: placed(broken), left: 1 },
      2,
      'Not proven: not every target could be judged.',
    ],
    [
      'of which the last was interrupted',
      { placed: placed(broken, stopped), interrupted: true },
      2,
      'Not proven: not every target could be judged.',
    ],
    ['of which there are none', { placed: [] }, 2, 'Not proven: not every target could be judged.'],
    [
      'looked at in part',
      { placed: placed(inPart(0, 'a'), inPart(0, 'b')) },
      0,
      'None of 2 targets break something that was looked at: a partial look.',
    ],
    [
      'looked at in part, one with a breach',
      { placed: placed(inPart(0, 'a'), inPart(1, 'b')) },
      1,
      '1 of 2 targets breaks something that was looked at: a partial look.',
    ],
  ])('%s', ([, given, code, says]) => {
    const matrix = matrixOf(given)
    expect(validateMatrix(matrix), JSON.stringify(validateMatrix.errors)).toBe(true)
    expect(matrix.conclusion.exitCode).toBe(code)
    expect(matrixOnTerminal(matrix, en, 100).trimEnd().split('\n').at(-1)).toBe(says)
  })
})

const names = (given: Parameters<typeof matrixOf>[0]) => matrixOf(given).rows.map(({ target }) => target.name)

test('a run counts once, however often it is found, and each target by its newest run', () => {
  const [old, now] = [breaking('a', 1, 'usage/shape'), breaking('a', 2)]
  const matrix = matrixOf({ placed: placed(now, old, now, structuredClone(old)) })
  expect(matrix.rows.map(({ started, exitCode }) => [started.slice(8, 10), exitCode])).toEqual([['02', 0]])
  expect(matrix.conclusion).toMatchObject({ kept: 1, broken: 0, notProven: 0, exitCode: 0 })
  expect(matrix.rows[0]?.trend?.requirements).toMatchObject([{ id: 'usage/shape', is: 'mended', since: 1 }])
})

test('another model, name, address or rung is another target', () => {
  const target = { ...kept.target }
  const others = [
    kept,
    { ...kept, target: { ...target, model: 'n' } },
    { ...kept, target: { ...target, name: 'other' } },
    { ...kept, target: { ...target, baseUrl: 'https://other.example' } },
    { ...kept, profile: 'full' as const },
  ]
  expect(matrixOf({ placed: placed(...others) }).rows).toHaveLength(5)
})

test('what got worse stands first, then what is broken, not proven, and kept', () => {
  const reports = [
    kept,
    dead,
    breaking('still', 9, 'usage/shape', 'streaming/ends'),
    breaking('worse', 9, 'usage/shape'),
  ]
  const records = [breaking('worse', 8), breaking('still', 8, 'usage/shape', 'streaming/ends')].map(recordOf)
  expect(names({ placed: placed(...reports), records })).toEqual(['worse', 'still', 'dead', 'kept'])
  expect(matrixOf({ placed: placed(...reports), records }).conclusion.worse).toBe(1)
  expect(names({ placed: placed(...reports) })).toEqual(['still', 'worse', 'dead', 'kept'])
})

test('what a history knows of later, or of others, is none of its trend', () => {
  const records = [breaking('a', 20, 'usage/shape'), breaking('other', 1, 'usage/shape')].map(recordOf)
  expect(matrixOf({ placed: placed(breaking('a', 10)), records }).rows[0]?.trend).toBeUndefined()
})

test('names of Object.prototype are names', () => {
  const strange = {
    ...breaking('__proto__', 3, 'usage/shape'),
    capabilities: JSON.parse(
      '{"__proto__":{"state":"shown"},"constructor":{"state":"declined"}}',
    ) as Report['capabilities'],
  }
  const matrix = matrixOf({ placed: placed(strange, kept) })
  expect(matrixOnTerminal(matrix, en, 100)).toMatch(/__proto__: shown: 1|constructor: declined: 1/)
})

test('a target that is broken by its waivers alone says so', () => {
  const text = matrixOnTerminal(matrixOf({ placed: placed(report(1, 'stale'), kept) }), en, 100)
  expect(text).toMatch(/^ {2}stale {2}its waivers are out of date$/m)
})
