import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Answer, Gateway } from '../fixtures/gateways/answer.ts'
import { createReference } from '../fixtures/gateways/reference/reference.ts'
import { scratch, serving } from '../suites/self/scratch.ts'
import { outFiles } from './report/files.ts'
import { typed } from './typed.ts'

const key = 'sk-live/Q7+w9Zr2%Xk4=Lm8_Pt3Vb6Nc1Hd5'

const traces = [
  key,
  encodeURIComponent(key),
  ...['', 'x', 'xy'].map((before) =>
    Buffer.from(before + key)
      .toString('base64')
      .slice(4, -6),
  ),
  createHash('sha256').update(key).digest('hex'),
  createHash('md5').update(key).digest('hex'),
  key.slice(0, 20),
  key.slice(-20),
]
const said = `${traces.join(' | ')} \u001B[31m<script>alert(1)</script>\u0007 ${Buffer.from(key).toString('base64')}`

/** A gateway that says its key wherever it can: in headers, in error messages, in every text, at any cut of the bytes. */
function echoing(inner: Gateway): Gateway {
  const marked = (text: string): string =>
    text.replaceAll(/"(text|message|id|request_id)":"/g, `"$1":${JSON.stringify(said).slice(0, -1)}`)
  return async (request) => {
    const answer: Answer = await inner(request)
    const headers = [...answer.headers, ['x-debug', key] as const, ['x-request-id', `req ${key}`] as const]
    if ('json' in answer.body)
      return { ...answer, headers, body: { raw: marked(JSON.stringify(answer.body.json)) }, wire: { pieces: 7 } }
    if ('events' in answer.body)
      return {
        ...answer,
        headers,
        wire: {
          pieces: 7,
          writeEvent: (event) => marked(`event: ${event.name}\ndata: ${JSON.stringify(event.data)}\n\n`),
        },
      }
    return { ...answer, headers }
  }
}

test(
  'whatever a gateway echoes, no output holds a trace of the key or a control character',
  { timeout: 120_000 },
  async () => {
    const url = await serving(echoing(createReference({ key })))
    const out = scratch()
    const summaryFile = join(out, 'step-summary.md')
    const line = ['check', '--base-url', url, '--model', 'claude-reference', '--profile', 'claude-code', '--out', out]
    const environment = { GATEWAY_API_KEY: key, GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: summaryFile }
    const ran = await typed(line, environment)
    expect(ran.out).toContain('SHOULD auth/key-not-echoed')
    const outputs: [name: string, text: string][] = [
      ['stdout', ran.out],
      ['stderr', ran.err],
      ...readdirSync(out).map((name): [string, string] => [name, readFileSync(join(out, name), 'utf8')]),
    ]
    expect(outputs.map(([name]) => name)).toEqual(expect.arrayContaining([...outFiles, 'step-summary.md']))
    for (const [name, text] of outputs) {
      for (const trace of traces) expect(text.includes(trace), `${name} holds ${trace}`).toBe(false)
      // oxlint-disable-next-line no-control-regex -- these are what must not be there
      expect(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/.exec(text)?.index ?? null, name).toBeNull()
    }
  },
)
