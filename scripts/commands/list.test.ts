import Anthropic from '@anthropic-ai/sdk'
import { describe, expect, test } from 'vitest'
import type { Gateway } from '../../fixtures/gateways/answer.ts'
import { faults } from '../../fixtures/gateways/faults/faults.ts'
import { defaultKey, defaultModel } from '../../fixtures/gateways/reference/identity.ts'
import { createReference } from '../../fixtures/gateways/reference/reference.ts'
import { serve } from '../../fixtures/gateways/serve.ts'
import { variants } from '../../fixtures/gateways/variants.ts'
import { typed } from '../typed.ts'
import { listedFaults } from './listed-faults.ts'

/** The arguments that somebody who looks for one finds: null is none. */
function given(input: unknown): unknown {
  return Object.fromEntries(Object.entries(input as object).filter(([, value]) => value !== null))
}

/** The content that the official SDK gets from a gateway: a text and a tool call, in both modes. */
async function asSeenBySdk(gateway: Gateway): Promise<unknown> {
  const server = await serve(gateway)
  try {
    const client = new Anthropic({ baseURL: server.url, apiKey: defaultKey, maxRetries: 2 })
    const hello = {
      model: defaultModel,
      max_tokens: 64,
      messages: [{ role: 'user' as const, content: 'Reply with exactly: copper lantern' }],
    }
    const tools: Anthropic.ToolUnion[] = [
      { name: 'get_weather', input_schema: { type: 'object', properties: { city: { type: 'string' } } } },
    ]
    const call = { ...hello, tools, tool_choice: { type: 'any' as const } }
    const messages = [
      await client.messages.create(hello),
      await client.messages.stream(hello).finalMessage(),
      await client.messages.create(call),
      await client.messages.stream(call).finalMessage(),
    ]
    return messages.map(({ content }) =>
      content.map((block) =>
        block.type === 'text' ? block.text : block.type === 'tool_use' ? given(block.input) : block.type,
      ),
    )
  } finally {
    await server.close()
  }
}

describe('what a careful client is said to survive, the official SDK survives', () => {
  const survived = listedFaults().filter(({ kind, client }) => kind === 'fault' && client === 'survives')

  test.for(survived.map(({ id }) => id))('%s', async (id) => {
    const fault = faults.find((one) => one.id === id)
    expect(await asSeenBySdk(fault!.over(createReference()))).toEqual(await asSeenBySdk(createReference()))
  })
})

test('every fault, failure and variant is listed, and says what a client does', () => {
  const listed = listedFaults()
  expect(listed.filter(({ kind }) => kind === 'fault')).toHaveLength(faults.length)
  expect(listed.filter(({ kind }) => kind === 'variant')).toHaveLength(variants.length)
  expect(new Set(listed.map(({ client }) => client))).toEqual(new Set(['notices', 'survives']))
})

test('what compares two sides, and what a protocol has no place for, is told by list and by explain', async () => {
  const { out: lines } = await typed('list effort-kept start-counts-input')
  expect(lines).toMatch(/^passage\/effort-kept .* \(sent and arrived\)$/m)
  expect(lines).toMatch(/^usage\/start-counts-input .*[^)]$/m)
  const [counted] = JSON.parse((await typed('list --json start-counts-input')).out) as { beyond?: object }[]
  expect(Object.keys(counted?.beyond ?? {})).toEqual(['chat-completions'])
  expect((await typed('explain usage/start-counts-input')).out).toContain(
    'Not applicable\n  chat-completions has no place for it: It counts the prompt with the last chunk.\n',
  )
  expect((await typed('explain passage/chat-stops-kept')).out).toContain(
    '\nJudged in front of an upstream of ours that is spoken to in chat-completions\n',
  )
})
