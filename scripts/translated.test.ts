import { writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { defaultKey, defaultModel } from '../fixtures/gateways/reference/identity.ts'
import { translator } from '../fixtures/gateways/relays/translator/translator.ts'
import { serve } from '../fixtures/gateways/serve.ts'
import { upstream } from '../fixtures/gateways/upstream.ts'
import { scratch } from '../suites/self/scratch.ts'
import { typed } from './typed.ts'

/* check with an upstream of ours behind a gateway that translates, on real sockets. */

/** A port that was free a moment ago. */
async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

test('the faithful translator, with Chat Completions behind, holds everything at full', async () => {
  const port = await freePort()
  // It reads a stream whole, and says it again at the pace it came.
  const gateway = await serve(translator(upstream(`http://127.0.0.1:${port}`)), { pace: 1 })
  onTestFinished(() => gateway.close())
  const target = join(scratch(), 'target.json')
  const entry = {
    name: 'mine',
    baseUrl: gateway.url,
    model: defaultModel,
    key: { env: 'GATEWAY_API_KEY' },
    profile: 'full',
    upstream: { dialect: 'chat-completions', port },
  }
  writeFileSync(target, JSON.stringify({ targets: [entry] }))
  const { code, out } = await typed(['check', '--target', target], { GATEWAY_API_KEY: defaultKey })
  expect(out).not.toContain('✗')
  expect(out).toMatch(/^passage /m)
  expect(code).toBe(0)
})
