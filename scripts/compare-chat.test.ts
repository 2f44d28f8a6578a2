import { join } from 'node:path'
import { expect, test } from 'vitest'
import { servingChat } from '../fixtures/gateways/chat-endpoint.ts'
import { faults } from '../fixtures/gateways/faults/faults.ts'
import { defaultKey, defaultModel } from '../fixtures/gateways/reference/identity.ts'
import { createReference } from '../fixtures/gateways/reference/reference.ts'
import { errorAnswer } from '../fixtures/gateways/alter.ts'
import type { Gateway } from '../fixtures/gateways/answer.ts'
import { scratch, serving } from '../suites/self/scratch.ts'
import { typed } from './typed.ts'

const key = { GATEWAY_API_KEY: defaultKey }

async function check(gateway: Gateway, ...more: readonly string[]) {
  const url = await serving(gateway)
  return typed(['check', '--base-url', url, '--model', defaultModel, '--profile', 'minimum', ...more], key)
}

const faulty = (id: string): Gateway => faults.find((fault) => fault.id === id)!.over(createReference())

/** Counts what is asked of the other endpoint. */
function counting(gateway: Gateway): { readonly gateway: Gateway; readonly asked: () => number } {
  let asked = 0
  return {
    asked: () => asked,
    gateway: (request) => {
      if (request.url.endsWith('/chat/completions')) asked++
      return gateway(request)
    },
  }
}

test('both endpoints are asked the same, and answer alike', async () => {
  const { gateway, asked } = counting(servingChat(createReference()))
  const { code, out } = await check(gateway, '--compare-chat')
  expect(out).toMatch(/^chat +○✓✓✓✓ /m)
  expect({ code, asked: asked() }).toEqual({ code: 0, asked: 3 })
})

test('without the option the other endpoint is not asked', async () => {
  const { gateway, asked } = counting(servingChat(createReference()))
  const { out } = await check(gateway)
  expect(out).not.toMatch(/^chat /m)
  expect(asked()).toBe(0)
})

test('a difference is advice: exit 0, and 1 with --strict; the tape says the same', async () => {
  const gateway = faulty('chat/always-stop')
  const out = scratch()
  const lenient = await check(gateway, '--compare-chat', '--out', out)
  expect(lenient.out).toContain('chat/same-stop')
  expect(lenient.out).toContain('length, as Messages says max_tokens')
  expect(lenient.code).toBe(0)
  expect((await typed(['judge', out])).out).toContain('length, as Messages says max_tokens')
  expect((await check(gateway, '--compare-chat', '--strict')).out).toContain('chat/same-stop is broken')
  expect((await typed(['judge', join(out, 'tape.jsonl'), '--strict'])).code).toBe(1)
})

test('what is printed can be typed again: an id or an exchange of the comparison asks for it', async () => {
  const { code, out } = await check(faulty('chat/no-content'), '--only', 'chat/same-content', '--fixture', 'chat/hello')
  expect(out).toContain('chat/same-content')
  expect(code).toBe(0)
})

test('where the other endpoint is not there, or answers in its own envelope, nothing is held against anybody', async () => {
  const reference = createReference()
  const foreign: Gateway = (request) =>
    request.url.endsWith('/chat/completions')
      ? { ...errorAnswer(400, 'x', 'x'), body: { json: { error: { message: 'no', type: 'bad', code: null } } } }
      : reference(request)
  for (const gateway of [reference, foreign]) {
    const { code, out } = await check(gateway, '--compare-chat')
    expect(out).not.toContain('✗')
    expect(out).toMatch(/^Nothing was compared: \/v1\/chat\/completions answered 40[04]\.$/m)
    expect(code).toBe(0)
  }
})

test('it is planned, priced, and under the caps', async () => {
  const plan = async (...more: readonly string[]) =>
    JSON.parse((await typed(['plan', '--json', ...more])).out) as {
      paidRequests: number
      outputTokens: number
      steps: { name: string }[]
    }
  const [without, compared] = [await plan(), await plan('--compare-chat')]
  expect(compared.paidRequests - without.paidRequests).toBe(3)
  expect(compared.outputTokens).toBeGreaterThan(without.outputTokens)
  expect(compared.steps.filter(({ name }) => name.startsWith('chat/'))).toHaveLength(3)
  const { gateway, asked } = counting(servingChat(createReference()))
  const { code, out } = await check(gateway, '--compare-chat', '--max-requests', '3')
  expect({ code, asked: asked() }).toEqual({ code: 2, asked: 0 })
  expect(out).toContain('The budget does not cover this run')
})
