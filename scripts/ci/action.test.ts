import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { faults } from '../../fixtures/gateways/faults/faults.ts'
import { defaultKey, defaultModel } from '../../fixtures/gateways/reference/identity.ts'
import { createReference } from '../../fixtures/gateways/reference/reference.ts'
import type { Gateway } from '../../fixtures/gateways/answer.ts'
import { serve } from '../../fixtures/gateways/serve.ts'

const script = fileURLToPath(new URL('action.sh', import.meta.url))

async function serving(gateway: Gateway): Promise<string> {
  const server = await serve(gateway)
  onTestFinished(() => server.close())
  return server.url
}

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'action-'))
  onTestFinished(() => rmSync(path, { recursive: true }))
  return path
}

function act(inputs: Record<string, string>): Promise<{ code: number | null; out: string }> {
  const child = spawn('bash', [script], { env: { PATH: process.env['PATH'] ?? '', ...inputs } })
  let out = ''
  child.stdout.on('data', (data: Buffer) => (out += data))
  child.stderr.on('data', (data: Buffer) => (out += data))
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, out })))
}

test('without a gateway it fails, and says which input is missing', async () => {
  const { code, out } = await act({})
  expect(out).toContain('::error title=messages-conformance::No gateway was named')
  expect(code).toBe(2)
})

test('without a key it fails, or skips with a notice where it may', async () => {
  const gateway = { INPUT_BASE_URL: 'http://127.0.0.1:9', INPUT_MODEL: 'm', GATEWAY_API_KEY: '' }
  expect((await act(gateway)).code).toBe(2)
  const skipped = await act({ ...gateway, INPUT_IF_NO_KEY: 'skip' })
  expect(skipped.out).toContain('::notice title=messages-conformance::Skipped')
  expect(skipped.code).toBe(0)
})

test('a gateway is judged, and compared with the last run that passed', async () => {
  const [before, now, files] = [folder(), folder(), folder()]
  const broken = faults.find(({ id }) => id === 'usage/missing')!.over(createReference())
  const inputs = {
    INPUT_MODEL: defaultModel,
    INPUT_PROFILE: 'minimum',
    GATEWAY_API_KEY: defaultKey,
    GITHUB_STEP_SUMMARY: join(files, 'summary.md'),
    GITHUB_OUTPUT: join(files, 'output'),
  }
  const passed = await act({ ...inputs, INPUT_BASE_URL: await serving(createReference()), INPUT_OUT: before })
  expect(passed.out).toContain('This gateway keeps the promises of minimum')
  expect(passed.code).toBe(0)
  expect(existsSync(join(before, 'junit.xml'))).toBe(true)
  const failed = await act({
    ...inputs,
    INPUT_BASE_URL: await serving(broken),
    INPUT_OUT: now,
    INPUT_BASELINE: before,
    GITHUB_ACTIONS: 'true',
  })
  expect(failed.code).toBe(1)
  expect(failed.out).toContain('::error title=usage/shape::')
  expect(readFileSync(join(files, 'summary.md'), 'utf8')).toContain('### Now broken')
  expect(readFileSync(join(files, 'output'), 'utf8')).toBe('exit-code=0\nexit-code=1\n')
})
