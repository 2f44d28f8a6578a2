import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { Gateway } from '../fixtures/gateways/answer.ts'
import { defaultKey, defaultModel } from '../fixtures/gateways/reference/identity.ts'
import { stumbles } from '../fixtures/gateways/relays/translator/stumbles.ts'
import { translator } from '../fixtures/gateways/relays/translator/translator.ts'
import { serve } from '../fixtures/gateways/serve.ts'
import { upstream } from '../fixtures/gateways/upstream.ts'
import type { Report } from '../schemas/types.ts'
import { scratch } from '../suites/self/scratch.ts'
import { freePort } from './free-port.ts'
import { typed } from './typed.ts'

/* check with an upstream of ours behind a gateway that translates, on real sockets. */

/** What check says of a gateway in front of an upstream of ours that is spoken to in Chat Completions. */
async function checked(over: (upstream: Gateway) => Gateway, ...options: readonly string[]) {
  const port = await freePort()
  // It reads a stream whole, and says it again at the pace it came.
  const gateway = await serve(over(upstream(`http://127.0.0.1:${port}`)), { pace: 1 })
  onTestFinished(() => gateway.close())
  const folder = scratch()
  const target = join(folder, 'target.json')
  const entry = {
    name: 'mine',
    baseUrl: gateway.url,
    model: defaultModel,
    key: { env: 'GATEWAY_API_KEY' },
    profile: 'full',
    upstream: { dialect: 'chat-completions', port },
  }
  writeFileSync(target, JSON.stringify({ targets: [entry] }))
  const ran = await typed(['check', '--target', target, ...options], { GATEWAY_API_KEY: defaultKey })
  return { ...ran, folder }
}

test('the faithful translator, with Chat Completions behind, holds everything at full', async () => {
  const { code, out } = await checked(translator)
  expect(out).not.toContain('✗')
  expect(out).toMatch(/^passage /m)
  expect(out).toMatch(/^output\/stop-sequence-named: chat-completions has no place for it: It says stop at a stop/m)
  expect(code).toBe(0)
})

test('a translator that is right until an upstream speaks otherwise is found, and the report says how that spoke', async () => {
  const { behind = (inner: Gateway) => inner } = stumbles.find(({ quirk }) => quirk === 'chat/name-every-time')!
  const folder = join(scratch(), 'out')
  const { code, out } = await checked((inner) => translator(behind(inner)), '--out', folder)
  expect(code).toBe(1)
  expect(out).toMatch(/^✗ MUST tools\/name-declared/m)
  expect(out).toMatch(/at +\/content\/0\/name, of tools\/single(:stream)?@chat\/name-every-time/)
  expect(out).toMatch(/while +the upstream says id and name of a call with each of its parts$/m)
  expect(out).toMatch(/again +.*--only tools\/name-declared --fixture tools\/\w+(:stream)?@chat\/name-every-time/)
  const report = JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8')) as Report
  const broken = report.verdicts.filter(({ outcome }) => outcome === 'broken')
  const under = broken.flatMap(({ findings }) => findings.map(({ fixture }) => fixture.split('@')[1]))
  expect(new Set(under)).toEqual(new Set(['chat/name-every-time']))
  expect(readFileSync(join(folder, 'report.html'), 'utf8')).toContain(
    'the upstream says id and name of a call with each of its parts',
  )
  // The tape says the same to judge.
  const judged = await typed(['judge', join(folder, 'tape.jsonl')], {})
  expect(judged.out).toMatch(/^✗ MUST tools\/name-declared/m)
  expect(judged.code).toBe(1)
})
