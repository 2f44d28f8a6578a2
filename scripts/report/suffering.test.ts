import { describe, expect, test } from 'vitest'
import type { ReportedClient } from '../../schemas/types.ts'
import type { Claim } from '../../suites/harness/judge/clients.ts'
import { referenceTarget } from '../../suites/run/reference-target.ts'
import { wholeProfile } from '../../suites/run/selection.ts'
import { rendered } from './renderings.ts'
import { groundsOf, sufferingOf } from './suffering.ts'
import { en, type Words } from './words/en.ts'
import { zh } from './words/zh.ts'

const measured = { source: 'measured', version: '1.14.0', date: '2026-11-26' } as const
const claims: readonly Claim[] = [
  { client: 'typescript-sdk', suffers: 'breaks', ...measured },
  { client: 'go-sdk', suffers: 'breaks', source: 'opinion' },
  { client: 'claude-code', suffers: 'recovers', ...measured },
  { client: 'raw-http', suffers: 'breaks', source: 'opinion' },
]

describe('who suffers', () => {
  test.for<[Words, string]>([
    [en, 'typescript-sdk; in our opinion go-sdk, raw-http; recovers: claude-code'],
    [zh, 'typescript-sdk；我们认为还有 go-sdk、raw-http；可自行恢复：claude-code'],
  ])('those that were measured, those that are our opinion, those that recover', ([words, line]) => {
    expect(sufferingOf({ claims }, words)).toBe(line)
    expect(sufferingOf({ claims: [] }, words)).toBe('')
  })

  test('how that is known', () => {
    expect(claims.map((claim) => groundsOf(claim, en))).toEqual([
      'measured: 1.14.0, 2026-11-26',
      'our opinion',
      'measured: 1.14.0, 2026-11-26',
      'our opinion',
    ])
  })
})

describe('the state of a client', () => {
  const clients: Readonly<Record<string, ReportedClient>> = {
    'typescript-sdk': { status: 'breaks', ids: ['streaming/ends'], sees: 'It raises.', ...measured },
    'go-sdk': { status: 'breaks', ids: ['streaming/ends'], sees: 'It raises.', source: 'opinion' },
    'claude-code': { status: 'recovers', ids: [], recovers: ['streaming/named'], how: 'it asks again', ...measured },
  }
  const shown = (file: 'summary.md' | 'report.html', words: Words): string =>
    rendered(file, {
      report: {
        tool: { name: 'messages-conformance', version: '0.0.0' },
        target: { kind: 'gateway', baseUrl: 'https://gateway.example', model: 'm' },
        profile: 'sdk',
        started: '2026-11-24T00:00:00.000Z',
        ending: 'complete',
        sent: { requests: 1, inputTokens: 1, outputTokens: 1 },
        verdicts: [
          { id: 'messages/json', level: 'must', profile: 'minimum', outcome: 'holds', why: null, findings: [] },
        ],
        capabilities: {},
        clients,
        conclusion: { exitCode: 1, conformant: false, reached: null, reasons: [], failing: [] },
        complete: true,
      },
      target: { ...referenceTarget('https://gateway.example'), kind: 'gateway' },
      selection: wholeProfile('sdk'),
      command: 'check',
      words,
      exchanges: new Map(),
    }) ?? ''

  test.for<[Words, string, string, string]>([
    [en, 'breaks (our opinion)', 'recovers', 'it asks again'],
    [zh, '出错（我们的判断）', '可自行恢复', '重新请求'],
  ])('says whether it is our opinion, and how it recovers, from what', ([words, opinion, recovers, how]) => {
    const summary = shown('summary.md', words).split('\n')
    const row = (client: string): string => summary.find((line) => line.startsWith(`| ${client} `)) ?? ''
    expect(row('go-sdk')).toContain(`| ${opinion} |`)
    expect(row('typescript-sdk')).not.toContain(words.notMeasured)
    for (const part of [`| ${recovers} |`, '`streaming/named`', how]) expect(row('claude-code')).toContain(part)
    const page = shown('report.html', words).replaceAll(/<\/?small>/g, '')
    for (const part of [opinion, `<td class="word warn">${recovers}</td>`, how]) expect(page).toContain(part)
  })
})
