import { expect, test } from 'vitest'
import { convert } from '../../fixtures/chat-completions/convert.ts'
import { chatExamples } from '../../fixtures/chat-completions/examples.ts'
import { leftoversIn } from '../../fixtures/chat-completions/leftovers.ts'
import { defaultModel } from '../../fixtures/gateways/reference/identity.ts'
import { jsonOf, send } from '../../fixtures/gateways/reference/ask.ts'
import { createReference } from '../../fixtures/gateways/reference/reference.ts'
import { hinting } from './mock-hints.ts'

function hinted() {
  const said: string[] = []
  return { said, gateway: hinting(createReference(), (text) => said.push(text)) }
}

const valid = { model: defaultModel, max_tokens: 9, messages: [{ role: 'user', content: 'Say hello.' }] }
const user = valid.messages[0]

/** Each thing by itself in a request that is right otherwise; the official API refuses each. */
const leftovers: readonly (readonly [at: string, body: object])[] = [
  ['messages.0.role', { ...valid, messages: [{ role: 'system', content: 'Be brief.' }, user] }],
  ['messages.0.role', { ...valid, messages: [{ role: 'developer', content: 'Be brief.' }, user] }],
  ['messages.1.role', { ...valid, messages: [user, { role: 'tool', content: 'Rain.' }] }],
  ['messages.1.tool_calls', { ...valid, messages: [user, { role: 'assistant', content: 'x', tool_calls: [] }, user] }],
  [
    'messages.0.content.0',
    {
      ...valid,
      messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { url: 'https://x.example' } }] }],
    },
  ],
  ['stop', { ...valid, stop: ['x'] }],
  ['response_format', { ...valid, response_format: { type: 'json_object' } }],
  ['functions', { ...valid, functions: [] }],
  ['tools.0', { ...valid, tools: [{ type: 'function', function: { name: 'f', parameters: {} } }] }],
  ['tool_choice', { ...valid, tools: [{ name: 'f', input_schema: { type: 'object' } }], tool_choice: 'auto' }],
  ['max_completion_tokens', { ...valid, max_completion_tokens: 9 }],
  ['n', { ...valid, n: 2 }],
]

test.for(leftovers)('%s: the answer is as ever, and what it means is said beside it', async ([at, body]) => {
  const { said, gateway } = hinted()
  const answer = await send(gateway, '/v1/messages', { body })
  expect(answer.status).toBe(400)
  expect(jsonOf(answer)).toEqual(jsonOf(await send(createReference(), '/v1/messages', { body })))
  expect(said).toEqual([
    `Answered 400; left over of Chat Completions (see messages-conformance convert):\n  ${at}: ${leftoversIn(body)[0]?.says}\n`,
  ])
})

test('a whole body of Chat Completions has all of it named, and converted nothing', async () => {
  const { said, gateway } = hinted()
  const body = chatExamples[1]?.body
  await send(gateway, '/v1/messages', { body })
  expect(said[0]?.split('\n').filter((line) => line.startsWith('  '))).toHaveLength(leftoversIn(body).length)
  await send(gateway, '/v1/messages', { body: convert(body).request })
  expect(said).toHaveLength(1)
})

test('the same is not said twice in a row, and again behind something else', async () => {
  const { said, gateway } = hinted()
  for (const body of [{ ...valid, n: 2 }, { ...valid, n: 3 }, valid, { ...valid, n: 2 }])
    await send(gateway, '/v1/messages', { body })
  expect(said).toHaveLength(2)
})

test('a request for the other endpoint is told of this one', async () => {
  const { said, gateway } = hinted()
  expect((await send(gateway, '/v1/chat/completions', { body: chatExamples[0]?.body })).status).toBe(404)
  expect(said).toEqual([expect.stringContaining('Messages has POST /v1/messages')])
})

test('nothing is said of other refusals, nor anything of what a request holds', async () => {
  const { said, gateway } = hinted()
  await send(gateway, '/v1/messages', { body: { ...valid, max_tokens: 'nine' } })
  await send(gateway, '/v1/messages', { body: 'no JSON' })
  expect(said).toEqual([])
  const secret = 'sk-7f3k9q2x8w4v6n1p5t0r'
  await send(gateway, '/v1/messages', { body: { ...valid, stop: secret, [secret]: 1, user: secret } })
  expect(said).toHaveLength(1)
  expect(said[0]).not.toContain(secret)
})
