import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { Gateway } from '../../fixtures/gateways/answer.ts'
import { faults } from '../../fixtures/gateways/faults/faults.ts'
import { defaultKey, defaultModel } from '../../fixtures/gateways/reference/identity.ts'
import { createReference } from '../../fixtures/gateways/reference/reference.ts'
import { serve } from '../../fixtures/gateways/serve.ts'
import type { Report } from '../../schemas/types.ts'
import { typed } from '../typed.ts'

/* What all outputs of one run have in common: they say the same, twice the same, and whose it is. */

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'outputs-'))
  onTestFinished(() => rmSync(path, { recursive: true }))
  return path
}

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
  const out = folder()
  const target = join(out, 'target.json')
  const waivers = [{ id: 'tools/stop-reason', because: 'ticket 7', until: '2099-01-01' }]
  const entry = { name: 'acme', baseUrl: server.url, model: defaultModel, key: { env: 'GATEWAY_API_KEY' }, waivers }
  writeFileSync(target, JSON.stringify({ targets: [entry] }))
  return ran(['check', '--target', target, ...more], join(out, 'out'), { GATEWAY_API_KEY: defaultKey })
}

const found = (text: string, pattern: RegExp): string[] =>
  [...text.matchAll(pattern)].map(([, id]) => id ?? '').toSorted()

describe.for([{ options: [] }, { options: ['--strict'] }])('all outputs agree $options', ({ options }) => {
  test('on every verdict, also for what is waived and what is not judged', async () => {
    const { code, terminal, files, report } = await withWaiver(options)
    const { verdicts, conclusion } = report
    const ids = (of: (verdict: Report['verdicts'][number]) => boolean): string[] =>
      verdicts
        .filter(of)
        .map(({ id }) => id)
        .toSorted()
    const broken = ids(({ outcome }) => outcome === 'broken')
    const failing = conclusion.failing.toSorted()
    const waived = ids((verdict) => verdict.waived !== undefined)
    const unjudged = ids(({ outcome }) => outcome === 'unjudged')
    expect(waived).toEqual(['tools/stop-reason'])
    expect(failing.length).toBeGreaterThan(0)
    expect(unjudged.length).toBeGreaterThan(0)
    expect(code).toBe(1)
    expect(conclusion.exitCode).toBe(1)

    const {
      'junit.xml': junit = '',
      'summary.md': summary = '',
      'report.html': html = '',
      'badge.json': badge = '',
    } = files
    expect(found(terminal, /^✗ \w+ (\S+)/gm)).toEqual(broken)
    expect(found(terminal, /^✗ \w+ (\S+) \(waived\)/gm)).toEqual(waived)
    expect(found(terminal, /^::error title=([^:]+)::/gm)).toEqual(failing)
    expect(found(terminal, /^::(?:error|warning) title=([^:]+)::/gm)).toEqual(broken)
    expect(found(summary, /^- \*\*\w+\*\* `([^`]+)`/gm)).toEqual(broken)
    expect(found(summary, /^- \*\*\w+\*\* `([^`]+)` \(waived\)/gm)).toEqual(waived)
    const cases = [
      ...junit.matchAll(/<testcase classname="[^"]*" name="([^"]+)"[^>]*?(?:\/>|>([\s\S]*?)<\/testcase>)/g),
    ]
    const cased = (word: string): string[] =>
      cases
        .filter(([, , inner = '']) => inner.includes(word))
        .map(([, id]) => id ?? '')
        .toSorted()
    expect(cases.map(([, id]) => id)).toEqual([...verdicts.map(({ id }) => id), 'conclusion'])
    expect(cased('<failure')).toEqual([...failing, 'conclusion'].toSorted())
    expect(cased('message="unjudged')).toEqual(unjudged)
    expect(found(html, /<details class="finding(?: fails)?" id="([^"]+)"/g)).toEqual(broken)
    expect(found(html, /<details class="finding fails" id="([^"]+)"/g)).toEqual(failing)
    expect(found(html, /<tr[^>]* data-id="([^"]+)" data-outcome="unjudged"/g)).toEqual(unjudged)
    expect(found(html, /<h3 class="id">([^<]+)<\/h3> <span class="soft">\(waived\)/g)).toEqual(waived)
    expect(JSON.parse(badge)).toMatchObject({ color: 'red' })
    const sentence = 'This gateway does not keep the promises of sdk.'
    for (const text of [terminal, summary, html]) expect(text).toContain(sentence)
  })
})

test('the same tape gives the same reports twice, byte for byte', async () => {
  const { files } = await withWaiver()
  const tape = join(folder(), 'tape.jsonl')
  writeFileSync(tape, files['tape.jsonl'] ?? '')
  const first = await ran(['judge', tape, '--profile', 'sdk'], folder())
  const second = await ran(['judge', tape, '--profile', 'sdk'], folder())
  expect(Object.keys(first.files).toSorted()).toEqual(['junit.xml', 'report.html', 'report.json', 'summary.md'])
  expect(second.files).toEqual(first.files)
  expect(second.terminal).toBe(first.terminal)
})

describe('a run on the reference is not taken for one on a gateway', () => {
  test.for([{ options: [] }, { options: ['--fault', 'streaming/ends-early'] }])(
    'in any output $options',
    async ({ options }) => {
      const { terminal, files } = await ran(['check', ...options], folder())
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
