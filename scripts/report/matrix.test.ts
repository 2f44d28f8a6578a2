import { expect, test } from 'vitest'
import type { Report } from '../../schemas/types.ts'
import { matrix, worst } from './matrix.ts'
import { en } from './words/en.ts'

const report = (exitCode: 0 | 1 | 2, conformant: boolean | null, more: Partial<Report> = {}): Report => ({
  tool: { name: 'messages-conformance', version: '0.0.0' },
  target: { kind: 'gateway', name: 'acme', baseUrl: 'https://gateway.example', model: 'm' },
  profile: 'sdk',
  started: '2026-11-24T00:00:00.000Z',
  ending: 'complete',
  sent: { requests: 1, inputTokens: 1, outputTokens: 1 },
  verdicts: [],
  capabilities: {},
  clients: {},
  conclusion: { exitCode, conformant, reached: null, reasons: [], failing: [] },
  complete: true,
  ...more,
})
const [kept, broken, notProven] = [report(0, true), report(1, false), report(2, null)]
const [partKept, partBroken] = [report(0, null), report(1, null)]

test.for<[what: string, reports: readonly Report[], asked: number, code: number, says: string]>([
  ['that keep what was asked', [kept, kept], 2, 0, 'All 2 targets keep the promises they were asked for.'],
  ['of which one does not', [kept, broken], 2, 1, '1 of 2 targets does not keep its promises.'],
  ['of which one is not proven', [broken, notProven], 2, 1, '1 of 2 targets does not keep its promises.'],
  ['of which none is proven', [kept, notProven], 2, 2, 'Not proven: not every target could be judged.'],
  ['of which one was not come to', [kept], 2, 2, 'Not proven: not every target could be judged.'],
  [
    'looked at in part',
    [partKept, partKept],
    2,
    0,
    'None of 2 targets break something that was looked at: a partial look.',
  ],
  [
    'looked at in part, one with a breach',
    [partKept, partBroken],
    2,
    1,
    '1 of 2 targets breaks something that was looked at: a partial look.',
  ],
])('targets %s', ([, reports, asked, code, says]) => {
  expect(worst(reports, asked)).toBe(code)
  expect(matrix(reports, asked, en).trimEnd().split('\n').at(-1)).toBe(says)
})
