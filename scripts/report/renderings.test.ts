import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { referenceTarget } from '../../suites/run/reference-target.ts'
import { lacking, type Need } from '../../suites/self/complete.ts'
import { typed } from '../typed.ts'
import { renderedFiles } from './files.ts'
import { rendered, renderings } from './renderings.ts'
import { wholeProfile } from '../../suites/run/selection.ts'
import type { ToShow } from './shown.ts'
import { en } from './words/en.ts'

const text = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')
const help = (await typed('check --help')).out

/** What a report is rendered into needs more than a row in the table. */
const needs: readonly Need[] = [
  { what: 'a function in scripts/report/renderings.ts', isMet: (file) => Object.hasOwn(renderings, file) },
  { what: 'its name in check --help, which reads scripts/report/files.ts', isMet: (file) => help.includes(file) },
  {
    what: 'its name where README.md and README.zh-CN.md say what --out writes',
    isMet: (file) => [text('README.md'), text('README.zh-CN.md')].every((page) => page.includes(`\`${file}\``)),
  },
  {
    what: 'to be read back in scripts/report/outputs.test.ts, which holds all renderings to one another',
    isMet: (file) => text('scripts/report/outputs.test.ts').includes(`'${file}': (`),
  },
]

test('every rendering has all it needs, and a new one is told', () => {
  expect(lacking('rendering', renderedFiles, needs)).toEqual([])
  expect(lacking('rendering', ['report.sarif'], needs)).toEqual(
    needs.map(({ what }) => `the rendering report.sarif needs ${what}`),
  )
})

describe('a rendering leaves', () => {
  /** A run with a breach that says the key, as none should by then. */
  const run = (key: string): ToShow => ({
    report: {
      tool: { name: 'messages-conformance', version: '0.0.0' },
      target: { kind: 'gateway', baseUrl: `https://gateway.example/${key}`, model: 'm' },
      profile: 'sdk',
      started: '2026-11-24T00:00:00.000Z',
      ending: 'complete',
      sent: { requests: 1, inputTokens: 1, outputTokens: 1 },
      verdicts: [
        {
          ...{ id: 'usage/shape', level: 'must', profile: 'minimum', outcome: 'broken', why: null },
          findings: [{ fixture: 'messages/hello', at: '/usage', expected: 'to be there', actual: `<${key}>` }],
        },
      ],
      capabilities: {},
      clients: {},
      conclusion: { exitCode: 1, conformant: false, reached: null, reasons: [`no ${key}`], failing: ['usage/shape'] },
      complete: true,
    },
    target: { ...referenceTarget('https://gateway.example'), kind: 'gateway', key },
    selection: wholeProfile('sdk'),
    command: 'check',
    words: en,
    exchanges: new Map(),
  })

  test.for(renderedFiles)('without a trace of the key: %s', (file) => {
    const key = "k3y/of+'ours'"
    const left = rendered(file, run(key)) ?? ''
    for (const written of [key, key.replaceAll("'", '&#39;'), encodeURIComponent(key)])
      expect(left).not.toContain(written)
    expect(left.length).toBeGreaterThan(50)
  })

  test('with its own markup, whatever the key has in common with it', () => {
    expect(rendered('report.html', run('details'))).toMatch(
      /<details class="finding fails" id="usage\/shape".*<\/details>/s,
    )
    expect(rendered('report.html', run('querySelector'))).toContain('document.querySelector(')
    expect(rendered('junit.xml', run('testcase'))).toContain('<testcase ')
  })
})
