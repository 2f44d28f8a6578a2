import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { Gateway } from '../../fixtures/gateways/answer.ts'
import { faults } from '../../fixtures/gateways/faults/faults.ts'
import { defaultKey, defaultModel } from '../../fixtures/gateways/reference/identity.ts'
import { createReference } from '../../fixtures/gateways/reference/reference.ts'
import { serve } from '../../fixtures/gateways/serve.ts'
import type { Report } from '../../schemas/types.ts'
import { typed } from '../typed.ts'
import { scratch } from '../../suites/self/scratch.ts'
import { renderedFiles, type RenderedFile } from './files.ts'

/* What all outputs of one run have in common: they say the same, twice the same, and whose it is. */

function faulty(...ids: string[]): Gateway {
  return ids.reduce((gateway, id) => faults.find((fault) => fault.id === id)!.over(gateway), createReference())
}

interface Outputs {
  readonly code: number
  readonly terminal: string
  readonly files: Readonly<Record<string, string>>
  readonly report: Report
}

async function ran(words: readonly string[], out: string, environment = {}): Promise<Outputs> {
  const { code, out: terminal } = await typed([...words, '--out', out], {
    ...environment,
    GITHUB_ACTIONS: 'true',
  })
  const files = Object.fromEntries(readdirSync(out).map((name) => [name, readFileSync(join(out, name), 'utf8')]))
  return { code, terminal, files, report: JSON.parse(files['report.json'] ?? '') as Report }
}

/** A gateway with three breaches, one of them waived, and much that waits for them. */
async function withWaiver(more: readonly string[] = []): Promise<Outputs> {
  const server = await serve(faulty('errors/detail', 'tools/end-turn', 'transport/request-id-constant'))
  onTestFinished(() => server.close())
  const out = scratch()
  const target = join(out, 'target.json')
  const waivers = [{ id: 'tools/stop-reason', because: 'ticket 7', until: '2099-01-01' }]
  const entry = { name: 'acme', baseUrl: server.url, model: defaultModel, key: { env: 'GATEWAY_API_KEY' }, waivers }
  writeFileSync(target, JSON.stringify({ targets: [entry] }))
  return ran(['check', '--target', target, ...more], join(out, 'out'), { GATEWAY_API_KEY: defaultKey })
}

const found = (text: string, pattern: RegExp): string[] =>
  [...text.matchAll(pattern)].map(([, id]) => id ?? '').toSorted()

/** The ids of requirements that a report says something of. */
interface Said {
  readonly broken: readonly string[]
  readonly failing: readonly string[]
  readonly waived: readonly string[]
  readonly unjudged: readonly string[]
}

function said({ verdicts, conclusion }: Report): Said {
  const ids = (of: (verdict: Report['verdicts'][number]) => boolean): string[] =>
    verdicts
      .filter(of)
      .map(({ id }) => id)
      .toSorted()
  return {
    broken: ids(({ outcome }) => outcome === 'broken'),
    failing: conclusion.failing.toSorted(),
    waived: ids((verdict) => verdict.waived !== undefined),
    unjudged: ids(({ outcome }) => outcome === 'unjudged'),
  }
}

function cases(junit: string, word: string): string[] {
  return [...junit.matchAll(/<testcase classname="[^"]*" name="([^"]+)"[^>]*?(?:\/>|>([\s\S]*?)<\/testcase>)/g)]
    .filter(([, id, inner = '']) => id !== 'conclusion' && inner.includes(word))
    .map(([, id]) => id ?? '')
    .toSorted()
}

/** What each rendering says, read back. What it says of these it says in full. */
const readBack: Readonly<Record<RenderedFile, (text: string) => Partial<Said>>> = {
  'report.html': (text) => ({
    broken: found(text, /<details class="finding(?: fails)?" id="([^"]+)"/g),
    failing: found(text, /<details class="finding fails" id="([^"]+)"/g),
    unjudged: found(text, /<tr[^>]* data-id="([^"]+)" data-outcome="unjudged"/g),
    waived: found(text, /<h3 class="id">([^<]+)<\/h3> <span class="soft">\(waived\)/g),
  }),
  'junit.xml': (text) => ({ failing: cases(text, '<failure'), unjudged: cases(text, 'message="unjudged') }),
  'summary.md': (text) => ({
    broken: found(text, /^- \*\*\w+\*\* `([^`]+)`/gm),
    waived: found(text, /^- \*\*\w+\*\* `([^`]+)` \(waived\)/gm),
  }),
  'badge.json': () => ({}),
  'report.json': (text) => said(JSON.parse(text) as Report),
}

describe.for([{ options: [] }, { options: ['--strict'] }])('all outputs agree $options', ({ options }) => {
  test('on every verdict, also for what is waived and what is not judged', async () => {
    const { code, terminal, files, report } = await withWaiver(options)
    const { broken, failing, waived, unjudged } = said(report)
    expect(waived).toEqual(['tools/stop-reason'])
    expect(failing.length).toBeGreaterThan(0)
    expect(unjudged.length).toBeGreaterThan(0)
    expect(code).toBe(1)
    expect(report.conclusion.exitCode).toBe(1)

    for (const file of renderedFiles)
      expect({ broken, failing, waived, unjudged }, file).toMatchObject(readBack[file](files[file] ?? ''))
    expect(found(terminal, /^✗ \w+ (\S+)/gm)).toEqual(broken)
    expect(found(terminal, /^✗ \w+ (\S+) \(waived\)/gm)).toEqual(waived)
    const musts = report.verdicts.filter(({ outcome, level }) => outcome === 'unjudged' && level === 'must')
    const [, listed = ''] = terminal.split('Not judged\n')
    for (const text of [listed.split('\n\n')[0] ?? '', (files['summary.md'] ?? '').split('### Not judged')[1] ?? ''])
      expect(musts.map(({ id }) => id).filter((id) => !text.includes(id))).toEqual([])
    expect(found(terminal, /^::error title=([^:]+)::/gm)).toEqual(failing)
    expect(found(terminal, /^::(?:error|warning) title=([^:]+)::/gm)).toEqual(broken)
  })

  test('on the conclusion', async () => {
    const { terminal, files, report } = await withWaiver(options)
    const sentence = 'This gateway does not keep the promises of sdk.'
    for (const text of [terminal, files['summary.md'], files['report.html']]) expect(text).toContain(sentence)
    expect(JSON.parse(files['badge.json'] ?? '')).toMatchObject({ color: 'red' })
    const junit = files['junit.xml'] ?? ''
    expect(found(junit, /<testcase[^>]* name="([^"]+)"/g)).toEqual(
      [...report.verdicts.map(({ id }) => id), 'conclusion'].toSorted(),
    )
    expect(junit).toMatch(/<testcase[^>]* name="conclusion"[^>]*>\s*<failure/)
  })
})

test('the same tape gives the same reports twice, byte for byte', async () => {
  const { files } = await withWaiver()
  const tape = join(scratch(), 'tape.jsonl')
  writeFileSync(tape, files['tape.jsonl'] ?? '')
  const first = await ran(['judge', tape, '--profile', 'sdk'], scratch())
  const second = await ran(['judge', tape, '--profile', 'sdk'], scratch())
  const withoutBadge = renderedFiles.filter((file) => file !== 'badge.json')
  expect(Object.keys(first.files).toSorted()).toEqual(withoutBadge.toSorted())
  expect(second.files).toEqual(first.files)
  expect(second.terminal).toBe(first.terminal)
})

describe('a run on the reference is not taken for one on a gateway', () => {
  test.for([{ options: [] }, { options: ['--fault', 'streaming/ends-early'] }])(
    'in any output $options',
    async ({ options }) => {
      const { terminal, files } = await ran(['check', ...options], scratch())
      const lines = terminal
        .trim()
        .split('\n')
        .filter((line) => !line.startsWith('::'))
      expect(lines[0]).toContain('built-in reference')
      expect(terminal).toMatch(/^The built-in reference (keeps|does not keep) the promises of sdk/m)
      expect(terminal).not.toContain('This gateway')
      expect(files['summary.md']).toContain('the built-in reference')
      expect(files['summary.md']).not.toContain('This gateway')
      expect(files['report.html']).toMatch(/<title>messages-conformance: the built-in reference/)
      expect(files['report.html']).not.toContain('This gateway')
      expect(files['junit.xml']).toContain('<testsuites name="messages-conformance (built-in reference)">')
      expect(files['junit.xml']).not.toContain('classname="gateway')
      expect(JSON.parse(files['report.json'] ?? '')).toMatchObject({ target: { kind: 'reference' } })
      expect(files['tape.jsonl']?.split('\n')[0]).toContain('"kind":"reference"')
      expect(JSON.parse(files['badge.json'] ?? '')).toMatchObject({ message: 'built-in reference', color: 'lightgrey' })
    },
  )
})
