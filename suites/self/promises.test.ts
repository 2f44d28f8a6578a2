import { describe, expect, onTestFinished, test } from 'vitest'
import type { Capability, Profile } from '../../schemas/types.ts'
import { alter, alterMessage, alterRequest, errorAnswer, instead } from '../../fixtures/gateways/alter.ts'
import type { Gateway } from '../../fixtures/gateways/answer.ts'
import { generates, hear, type Heard, type Json } from '../../fixtures/gateways/parts.ts'
import { createReference } from '../../fixtures/gateways/reference/reference.ts'
import { eventsOf } from '../../fixtures/gateways/reference/stream.ts'
import { serve } from '../../fixtures/gateways/serve.ts'
import { variants } from '../../fixtures/gateways/variants.ts'
import type { Message } from '../../schemas/types.ts'
import { profiles } from '../../schemas/values.ts'
import { examine } from '../run/examine.ts'
import { usualLimits } from '../harness/gather/limits.ts'
import { referenceTarget } from '../run/reference-target.ts'
import { wholeProfile } from '../run/selection.ts'

/* What the exit code says of gateways that people really have. */

async function examined(
  gateway: Gateway,
  profile: Profile,
  more: { require?: readonly Capability[]; strict?: boolean } = {},
) {
  const server = await serve(gateway)
  onTestFinished(() => server.close())
  const target = { ...referenceTarget(server.url), kind: 'gateway' as const }
  const selection = { ...wholeProfile(profile), ...more }
  const { outcome } = await examine(target, selection, usualLimits, {
    signal: new AbortController().signal,
    today: '2026-11-24',
  })
  return outcome
}

/** Answers every prompt with the same words and every tool with the same input; declines pictures and documents politely. */
function dumbServer(): Gateway {
  const right = createReference()
  let count = 0
  return async (request) => {
    const heard = await hear(request)
    const { body } = heard
    const plain = generates(heard) && (await right(request.clone())).status === 200
    if (!plain) return right(request)
    const text = JSON.stringify(body)
    if (/"type":"(image|document)"/.test(text))
      return errorAnswer(400, 'invalid_request_error', 'only text is supported')
    if (/stop_sequences|output_config|"thinking"|web_search|cache_control/.test(text))
      return errorAnswer(400, 'invalid_request_error', 'not supported')
    const tools = (body['tools'] as Json[] | undefined) ?? []
    const calls = tools.length > 0 && !text.includes('tool_result')
    const message: Message = {
      id: `msg_dumb${++count}`,
      type: 'message',
      role: 'assistant',
      model: 'dumb-1',
      content: calls
        ? [
            {
              type: 'tool_use',
              id: `toolu_dumb${count}`,
              name: String(tools[0]?.['name']),
              input: { word: 'fixed', city: 'fixed' },
            },
          ]
        : [{ type: 'text', text: 'I am a simple server.' }],
      stop_reason: calls ? 'tool_use' : 'end_turn',
      stop_sequence: null,
      usage: { input_tokens: 12, output_tokens: 6 },
    }
    const id = ['request-id', `req_dumb${count}`] as const
    if (body['stream'] === true)
      return { status: 200, headers: [['content-type', 'text/event-stream'], id], body: { events: eventsOf(message) } }
    return { status: 200, headers: [['content-type', 'application/json'], id], body: { json: message } }
  }
}

test('a dumb but correct server exits 0 at sdk: what its model did not do is unjudged, not broken', async () => {
  const { conclusion, verdicts, capabilities } = await examined(dumbServer(), 'sdk')
  expect(conclusion).toMatchObject({ exitCode: 0, conformant: true, reasons: [] })
  expect(capabilities).toMatchObject({ vision: 'declined', tools: 'shown' })
  expect(verdicts.find(({ id }) => id === 'output/history-read')).toMatchObject({ outcome: 'unjudged', why: 'model' })
})

const noVision = variants.find(({ id }) => id === 'no-vision')
const isPicture = (heard: Heard): boolean => generates(heard) && JSON.stringify(heard.body).includes('"type":"image"')

describe('a gateway without vision', () => {
  test('that declines politely exits 0, and lists it', async () => {
    const { conclusion, capabilities, verdicts } = await examined(
      noVision?.over(createReference()) ?? createReference(),
      'sdk',
    )
    expect(conclusion.exitCode).toBe(0)
    expect(capabilities['vision']).toBe('declined')
    expect(verdicts.find(({ id }) => id === 'vision/seen')?.outcome).toBe('not-applicable')
  })

  test('that declines politely exits 1 where vision is required', async () => {
    const { conclusion } = await examined(noVision?.over(createReference()) ?? createReference(), 'sdk', {
      require: ['vision'],
    })
    expect(conclusion).toMatchObject({ exitCode: 1, reasons: ['vision/offered is broken.'] })
  })

  test('that answers 200 and ignores the picture exits 1', async () => {
    const blind = alterRequest(
      (body) =>
        JSON.parse(
          JSON.stringify(body, (_, value: unknown) =>
            (value as Json | null)?.['type'] === 'image' ? { type: 'text', text: 'x' } : value,
          ),
        ) as Json,
    )
    const { conclusion } = await examined(blind(createReference()), 'sdk')
    expect(conclusion).toMatchObject({ exitCode: 1, reasons: ['vision/seen is broken.'] })
  })

  test('that answers 500 exits 1', async () => {
    const failing = instead((heard) =>
      isPicture(heard) ? errorAnswer(500, 'api_error', 'Internal server error') : null,
    )
    const { conclusion } = await examined(failing(createReference()), 'sdk')
    expect(conclusion.exitCode).toBe(1)
    expect(conclusion.reasons).toContain('vision/offered is broken.')
  })
})

describe('a gateway that drops tools silently does not exit 0 at claude-code', () => {
  test.for<[name: string, streamed: (body: Json) => boolean]>([
    ['in both modes', () => true],
    ['in JSON', ({ stream }) => stream !== true],
    ['in the stream', ({ stream }) => stream === true],
  ])('%s', async ([, applies]) => {
    const dropping = alterRequest(({ tools, tool_choice, ...body }) =>
      applies(body)
        ? body
        : { ...body, ...(tools !== undefined && { tools }), ...(tool_choice !== undefined && { tool_choice }) },
    )
    const { conclusion } = await examined(dropping(createReference()), 'claude-code')
    expect(conclusion.exitCode).not.toBe(0)
  })
})

test.for(profiles)(
  'a gateway that takes "stream": "true" for true exits 0 at %s, with one should at most',
  async (profile) => {
    const lenient = variants.find(({ id }) => id === 'stream-as-word')
    const { conclusion, verdicts } = await examined(lenient?.over(createReference()) ?? createReference(), profile)
    expect(conclusion.exitCode).toBe(0)
    const broken = verdicts.filter(({ outcome }) => outcome === 'broken').map(({ id }) => id)
    expect(broken).toEqual(profile === 'minimum' ? [] : ['validation/refused'])
  },
)

test('the answer of the seed page holds every must of minimum', async () => {
  const seed = variants.find(({ id }) => id === 'seed-page')
  const { conclusion, verdicts } = await examined(seed?.over(createReference()) ?? createReference(), 'minimum')
  expect(conclusion).toMatchObject({ exitCode: 0, reached: 'minimum', reasons: [] })
  expect(verdicts.filter(({ level, outcome }) => level === 'must' && outcome === 'broken')).toEqual([])
})

test('a gateway that stops answering in the middle of a run is lost, not broken', async () => {
  let asked = 0
  const right = createReference()
  const gone = alter((answer) => (++asked > 8 ? { ...answer, wire: { breaksAfter: 0 }, body: { raw: '' } } : answer))
  const { conclusion } = await examined(gone(right), 'minimum')
  expect(conclusion.exitCode).not.toBe(0)
})

test('a gateway that echoes text and loses tool arguments does not exit 0', async () => {
  const losing = alterMessage((message) => ({
    ...message,
    content: (message.content as unknown as Json[]).map((block) =>
      block['type'] === 'tool_use' ? { ...block, input: {} } : block,
    ),
  }))
  const { conclusion } = await examined(losing(createReference()), 'sdk')
  expect(conclusion.exitCode).toBe(1)
})
