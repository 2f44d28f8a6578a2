import { expect, test } from 'vitest'
import { alterMessage } from '../../../fixtures/gateways/alter.ts'
import { hear, type Json } from '../../../fixtures/gateways/parts.ts'
import type { Gateway } from '../../../fixtures/gateways/answer.ts'
import { defaultKey } from '../../../fixtures/gateways/reference/identity.ts'
import { createReference } from '../../../fixtures/gateways/reference/reference.ts'
import { wholeProfile } from '../../run/selection.ts'
import { judgeTape, tapeOf } from '../../self/proof.ts'
import { redacted, unredacted } from './as-it-came.ts'
import { redactedMark, redactor } from './redact.ts'

const selection = { ...wholeProfile('full'), only: ['output', 'tools'] }

/** The reference, which says its key in every text that is no JSON, and before every call; and what it is sent as its own words. */
function echoing(): { gateway: Gateway; histories: unknown[] } {
  const histories: unknown[] = []
  const says = alterMessage((message) => {
    const words = message.content.map((block) =>
      block.type === 'text' && !block.text.startsWith('{') ? { ...block, text: `${block.text} ${defaultKey}` } : block,
    )
    const calls = words.some(({ type }) => type === 'tool_use')
    return { ...message, content: calls ? [{ type: 'text', text: defaultKey }, ...words] : words }
  })(createReference())
  const gateway: Gateway = async (request) => {
    const { messages = [] } = (await hear(request)).body as { messages?: Json[] }
    for (const { role, content } of messages) if (role === 'assistant') histories.push(content)
    return says(request)
  }
  return { gateway, histories }
}

test('what is sent back as history is what came, and what is recorded and judged is redacted', async () => {
  const { gateway, histories } = echoing()
  const tape = await tapeOf(gateway, { selection })
  // Some fixtures bring a history of their own along.
  const echoed = histories.map((history) => JSON.stringify(history)).filter((text) => text.includes('mock-'))
  expect(echoed.length).toBeGreaterThan(4)
  for (const text of echoed) expect(text).toContain(defaultKey)
  expect(JSON.stringify(histories)).not.toContain(redactedMark)
  const recorded = JSON.stringify(tape.map(({ sent, came }) => [sent.body, 'body' in came ? String(came.body) : '']))
  expect(recorded).not.toContain(defaultKey)
  expect(tape.filter(({ sent }) => sent.body?.includes(redactedMark))).toHaveLength(echoed.length)
  const broken = judgeTape(tape, selection).verdicts.filter(({ outcome }) => outcome === 'broken')
  expect(broken.map(({ id }) => id)).toEqual([])
})

test('what is redacted in no body is not kept twice, however many headers it has', async () => {
  const tape = await tapeOf(createReference(), { selection: { ...selection, only: ['messages'] } })
  const clean = tape.map((exchange) => redacted(exchange, redactor([defaultKey])))
  expect(clean.length).toBeGreaterThan(0)
  expect(clean.filter((exchange) => unredacted(exchange) !== exchange)).toEqual([])
})
