import { describe, expect, test } from 'vitest'
import { message } from '../../../schemas/examples.ts'
import type { JsonObject } from '../wire/json.ts'
import { accumulate } from './accumulate.ts'
import { event, exchange, hello, numbered, unanswered } from './examples.ts'
import { pierced } from './holes.ts'
import { walk } from './walk.ts'

type Sending = Parameters<typeof exchange>[1]

function sum(events: readonly JsonObject[], sending: Sending = {}): ReturnType<typeof accumulate> {
  const { walked, found } = walk(numbered(events), { beginsWithBlocks: true })
  expect(found).toEqual([])
  return accumulate(walked, exchange(unanswered, sending))
}

/** A Message of which nothing is lost, and in which nothing is found. */
const whole = (added: object) => ({ message: added, voids: [], found: [] })

/** The message of one block that grows by these deltas. */
function grown(start: JsonObject, deltas: readonly JsonObject[], end?: JsonObject, sending?: Sending) {
  const grows = deltas.map((delta) => event.delta(0, delta))
  return sum([event.start(), event.block(0, start), ...grows, event.stop(0), event.end(end), event.last], sending)
}

const textDelta = (text: unknown) => ({ type: 'text_delta', text })
const thinkingDelta = (thinking: string) => ({ type: 'thinking_delta', thinking })
const signatureDelta = (signature: string) => ({ type: 'signature_delta', signature })
const citationsDelta = (citation: unknown) => ({ type: 'citations_delta', citation })
const inputDelta = (partial_json: string) => ({ type: 'input_json_delta', partial_json })

const thinking = { type: 'thinking', thinking: '', signature: '' }
const call = { type: 'tool_use', id: 'toolu_01', name: 'get_weather', input: {} }

test('the least stream adds up to the least Message', () => {
  expect(sum(hello)).toEqual(whole(message))
})

test('a lone error adds up to nothing', () => {
  expect(sum([event.error])).toEqual(whole({ content: [], usage: {} }))
})

test('a stream that ended in an error adds up to what came before', () => {
  const begun = sum([...hello.slice(0, 4), event.block(1), event.delta(1, textDelta('He')), event.error])
  const content = [...message.content, { type: 'text', text: 'He' }]
  expect(begun).toEqual(whole({ ...message, content, stop_reason: null }))
})

describe('a block and what it grew to', () => {
  test.for<[about: string, start: JsonObject, deltas: readonly JsonObject[], block: JsonObject]>([
    [
      'text',
      { type: 'text', text: '' },
      [textDelta('He'), textDelta(''), textDelta('llo')],
      { type: 'text', text: 'Hello' },
    ],
    ['text that began with some', { type: 'text', text: 'He' }, [textDelta('llo')], { type: 'text', text: 'Hello' }],
    ['text that began with none', { type: 'text' }, [textDelta('Hello')], { type: 'text', text: 'Hello' }],
    [
      'text that did not grow',
      { type: 'text', text: 'He', citations: null },
      [],
      { type: 'text', text: 'He', citations: null },
    ],
    [
      'text of what is no text',
      { type: 'text', text: '' },
      [textDelta(7), textDelta('a')],
      { type: 'text', text: 'a' },
    ],
    [
      'citations, in order, behind those it began with',
      { type: 'text', text: '', citations: [{ n: 1 }] },
      [citationsDelta({ n: 2 }), textDelta('a'), citationsDelta({ n: 3 })],
      { type: 'text', text: 'a', citations: [{ n: 1 }, { n: 2 }, { n: 3 }] },
    ],
    [
      'citations, where it began with null',
      { type: 'text', text: '', citations: null },
      [citationsDelta({ n: 1 })],
      { type: 'text', text: '', citations: [{ n: 1 }] },
    ],
    [
      'thinking, and the last signature',
      thinking,
      [thinkingDelta('H'), signatureDelta('first'), signatureDelta('last'), thinkingDelta('m')],
      { type: 'thinking', thinking: 'Hm', signature: 'last' },
    ],
    [
      'thinking that began with some',
      { ...thinking, thinking: 'H' },
      [thinkingDelta('m')],
      { ...thinking, thinking: 'Hm' },
    ],
    [
      'thinking that began with none',
      { type: 'thinking' },
      [signatureDelta('s')],
      { type: 'thinking', thinking: '', signature: 's' },
    ],
    [
      'thinking never signed',
      { type: 'thinking', thinking: '' },
      [thinkingDelta('Hm')],
      { type: 'thinking', thinking: 'Hm' },
    ],
    [
      'input',
      call,
      [inputDelta(''), inputDelta('{"city":"Os'), inputDelta('lo"}')],
      { ...call, input: { city: 'Oslo' } },
    ],
    ['no input', call, [], call],
    ['empty input', call, [inputDelta('')], call],
    ['input that came at the start', { ...call, input: { city: 'Oslo' } }, [], { ...call, input: { city: 'Oslo' } }],
    [
      'input of a server tool',
      { ...call, type: 'server_tool_use' },
      [inputDelta('{"q":1}')],
      { ...call, type: 'server_tool_use', input: { q: 1 } },
    ],
    [
      'input of an MCP tool',
      { ...call, type: 'mcp_tool_use' },
      [inputDelta('{"q":1}')],
      { ...call, type: 'mcp_tool_use', input: { q: 1 } },
    ],
    [
      'a compaction, as its last delta says',
      { type: 'compaction', content: null },
      [
        { type: 'compaction_delta', content: 'a', encrypted_content: 'x' },
        { type: 'compaction_delta', content: 'b', encrypted_content: null },
      ],
      { type: 'compaction', content: 'b' },
    ],
    [
      'a block that came complete',
      { type: 'redacted_thinking', data: 'x' },
      [],
      { type: 'redacted_thinking', data: 'x' },
    ],
    [
      'a block of an unknown type',
      { type: 'hologram', depth: 3 },
      [textDelta('a'), { type: 'hologram_delta', depth: 4 }],
      { type: 'hologram', depth: 3 },
    ],
    [
      'a compaction, as its last delta says it',
      { type: 'compaction', content: null, kept: 1 },
      [
        { type: 'compaction_delta', content: 'first' },
        { type: 'compaction_delta', content: 'last', kept: null },
      ],
      { type: 'compaction', content: 'last', kept: 1 },
    ],
    ['a compaction that did not grow', { type: 'compaction', content: 'x' }, [], { type: 'compaction', content: 'x' }],
    ['a type that objects inherit', { type: 'constructor' }, [textDelta('a')], { type: 'constructor' }],
  ])('%s', ([, start, deltas, block]) => {
    expect(grown(start, deltas)).toEqual(whole({ ...message, content: [block] }))
  })
})

test('blocks in their order, behind those that message_start carried', () => {
  const text = (text: string) => ({ type: 'text', text })
  const begun = [text('a'), text('b')]
  const events = [event.block(2), event.delta(2, textDelta('c')), event.stop(2), event.block(3), event.stop(3)]
  expect(sum([event.start(begun), ...events, event.end(), event.last])).toMatchObject({
    message: { content: [text('a'), text('b'), text('c'), text('')] },
  })
})

describe('a tool call whose fragments are no JSON object', () => {
  const broken = '{"city": "Os'
  const expected = 'partial_json fragments that join to one JSON object'
  const refusal = (actual: string, stop_reason = 'end_turn') => ({
    message: { ...message, stop_reason, content: [call] },
    voids: [{ path: '/content/0/input', by: ['tools/input-json'] }],
    found: [{ by: 'tools/input-json', finding: { at: 'event 4', expected, actual } }],
  })

  test.each([broken, '[1]', '"Oslo"', 'null', '{} {}'])(
    '%j is found, where the block stopped, and its input a void',
    (text) => {
      expect(grown(call, [inputDelta(text)])).toEqual(refusal(text))
    },
  )

  test('it is shown on one line', () => {
    expect(grown(call, [inputDelta('{\n  "city":')])).toEqual(refusal('{ "city":'))
  })

  const tools = (tool: JsonObject) => ({ asks: { tools: [{ name: 'other' }, tool] } })
  const beta = (name: string, value: string) => ({
    sent: {
      headers: [
        ['accept', '*/*'],
        [name, value],
      ] as const,
    },
  })
  const cut: readonly (readonly [about: string, stop_reason: string, sending: Sending, allowed: boolean])[] = [
    ['the model stopped by itself', 'tool_use', {}, false],
    ['max_tokens cut it', 'max_tokens', {}, true],
    [
      'its input was asked for unchecked',
      'tool_use',
      tools({ name: 'get_weather', eager_input_streaming: true }),
      true,
    ],
    ['the input of another was', 'tool_use', tools({ name: 'get_time', eager_input_streaming: true }), false],
    ['unchecked input was declined', 'tool_use', tools({ name: 'get_weather', eager_input_streaming: false }), false],
    ['all input was asked for unchecked', 'tool_use', { asks: { eager_input_streaming: true } }, true],
    ['that was declined', 'tool_use', { asks: { eager_input_streaming: false } }, false],
    ['a beta asked for it', 'tool_use', beta('Anthropic-Beta', 'a-1,fine-grained-tool-streaming-2025-05-14'), true],
    ['another beta was asked for', 'tool_use', beta('anthropic-beta', 'token-efficient-tools-2025-02-19'), false],
    ['another header says so', 'tool_use', beta('x-beta', 'fine-grained-tool-streaming-2025-05-14'), false],
  ]
  test.for(cut)('where %s: %s', ([, stop_reason, sending, allowed]) => {
    const added = grown({ ...call, input: { begun: 1 } }, [inputDelta(broken)], { stop_reason }, sending)
    const emptied = { ...message, stop_reason, content: [{ ...call, input: {} }] }
    expect(added).toEqual(allowed ? whole(emptied) : refusal(broken, stop_reason))
  })

  test('a sound call keeps its input, though another was cut', () => {
    const events = [
      event.block(0, call),
      event.delta(0, inputDelta('{"city":"Oslo"}')),
      event.stop(0),
      event.block(1, call),
      event.delta(1, inputDelta(broken)),
      event.stop(1),
    ]
    expect(sum([event.start(), ...events, event.end({ stop_reason: 'max_tokens' }), event.last])).toMatchObject({
      message: { content: [{ ...call, input: { city: 'Oslo' } }, call] },
    })
  })
})

describe('how it ended', () => {
  /** A stream of these message_deltas, each a delta and a usage. */
  const ended = (usage: JsonObject, ...ends: readonly (readonly [delta: JsonObject, usage: JsonObject])[]) =>
    sum([event.start([], usage), ...ends.map(([delta, after]) => event.end(delta, after)), event.last])

  test.for<[about: string, usage: JsonObject, ends: (readonly [JsonObject, JsonObject])[], message: JsonObject]>([
    [
      'usage of the end replaces that of the start, key by key',
      { input_tokens: 12, output_tokens: 1, service_tier: 'standard' },
      [[{}, { output_tokens: 6, cache_read_input_tokens: 2 }]],
      { usage: { input_tokens: 12, output_tokens: 6, service_tier: 'standard', cache_read_input_tokens: 2 } },
    ],
    [
      'a usage of null says nothing: what the start said stays',
      { input_tokens: 12, output_tokens: 1, cache_read_input_tokens: 3 },
      [[{}, { output_tokens: 6, input_tokens: null, cache_read_input_tokens: null }]],
      { usage: { input_tokens: 12, output_tokens: 6, cache_read_input_tokens: 3 } },
    ],
    [
      'nor does it erase what an earlier end said',
      { input_tokens: 12, output_tokens: 1 },
      [
        [{}, { output_tokens: 4, cache_read_input_tokens: 3 }],
        [{}, { output_tokens: 6, cache_read_input_tokens: null }],
      ],
      { usage: { input_tokens: 12, output_tokens: 6, cache_read_input_tokens: 3 } },
    ],
    [
      'a zero does',
      { input_tokens: 12, output_tokens: 1 },
      [[{}, { output_tokens: 0, input_tokens: 0 }]],
      { usage: { input_tokens: 0, output_tokens: 0 } },
    ],
    [
      'keys of several ends add up, the last word of each counts',
      { input_tokens: 12, output_tokens: 1 },
      [
        [{ stop_reason: 'tool_use', stop_sequence: 'x' }, { output_tokens: 4 }],
        [{ stop_reason: 'end_turn', container: { id: 'c' } }, { output_tokens: 6 }],
      ],
      { stop_reason: 'end_turn', stop_sequence: 'x', container: { id: 'c' } },
    ],
    [
      'a stop_reason of null does erase',
      { input_tokens: 12, output_tokens: 1 },
      [
        [{ stop_reason: 'end_turn' }, { output_tokens: 4 }],
        [{ stop_reason: null }, { output_tokens: 6 }],
      ],
      { stop_reason: null },
    ],
    [
      'a delta cannot speak of the content',
      { input_tokens: 12, output_tokens: 1 },
      [[{ content: 'x', usage: 'y', model: 'z' }, { output_tokens: 6 }]],
      { content: [], usage: { input_tokens: 12, output_tokens: 6 }, model: 'z' },
    ],
  ])('%s', ([, usage, ends, expected]) => {
    const added = ended(usage, ...ends)
    expect(added).toMatchObject({ voids: [], found: [] })
    for (const [key, value] of Object.entries(expected)) expect(added).toHaveProperty(['message', key], value)
  })

  test('what is no object is as if it were not there', () => {
    const events = [
      { type: 'message_start', message: { content: 'x', usage: 'y' } },
      event.block(0),
      { ...event.delta(0), delta: null },
      event.stop(0),
      { type: 'message_delta', delta: 'x', usage: 'y' },
      event.last,
    ]
    expect(sum(events)).toEqual(whole({ content: [{ type: 'text', text: '' }], usage: {} }))
  })
})

describe('what was lost on the way', () => {
  const by = ['streaming/data-json'] as const
  /** What a stream adds up to whose event `number` lost what these pointers name. */
  const losing = (events: readonly JsonObject[], number: number, ...paths: readonly string[]) => {
    const voids = paths.map((path) => ({ path, by }))
    const all = numbered(events).map((one) =>
      one.number === number ? { ...one, data: pierced<JsonObject>(one.data, voids), holed: true as const } : one,
    )
    const { walked, found } = walk(all)
    expect(found).toEqual([])
    return accumulate(walked, exchange(unanswered))
  }
  const calling = [
    event.start(),
    event.block(0, call),
    event.delta(0, inputDelta('{"city":')),
    event.delta(0, inputDelta('"Oslo"}')),
    event.stop(0),
    event.end(),
    event.last,
  ]
  const deltaOf = (start: JsonObject) => [
    event.start(),
    event.block(0, start),
    event.delta(0),
    event.stop(0),
    event.end(),
    event.last,
  ]

  test.for<[about: string, events: readonly JsonObject[], number: number, path: string, voids: readonly string[]]>([
    ['a delta of text', hello, 3, '/delta', ['/content/0/citations', '/content/0/text']],
    ['its text', hello, 3, '/delta/text', ['/content/0/citations', '/content/0/text']],
    ['half of an input', calling, 4, '/delta', ['/content/0/input']],
    [
      'a delta of thinking',
      deltaOf(thinking).with(2, event.delta(0, thinkingDelta('H'))),
      3,
      '/delta/thinking',
      ['/content/0/signature', '/content/0/thinking'],
    ],
    ['a delta of a block nobody knows', deltaOf({ type: 'hologram' }), 3, '/delta', []],
    ['a block', hello, 2, '/content_block', ['/content/0']],
    ['the id of a block', calling, 2, '/content_block/id', ['/content/0/id']],
    ['a message_start', hello, 1, '/message', ['/id', '/model', '/role', '/type', '/usage/input_tokens']],
    ['the model', hello, 1, '/message/model', ['/model']],
    ['the usage of the start', hello, 1, '/message/usage', ['/usage/input_tokens']],
    ['the content of the start, which is empty', hello, 1, '/message/content', []],
    ['a count that the end brings anew', hello, 1, '/message/usage/output_tokens', []],
    ['a stop_reason that the end brings anew', hello, 1, '/message/stop_reason', []],
    ['how it ended', hello, 5, '/delta', ['/stop_reason', '/stop_sequence']],
    ['the stop_reason', hello, 5, '/delta/stop_reason', ['/stop_reason']],
    ['the usage of the end', hello, 5, '/usage', ['/usage/output_tokens']],
    ['a count of the end', hello, 5, '/usage/cache_read_input_tokens', ['/usage/cache_read_input_tokens']],
  ])('%s', ([, events, number, path, voids]) => {
    const added = losing(events, number, path)
    expect(added.found).toEqual([])
    expect(added.voids.map(({ path }) => path).toSorted()).toEqual(voids)
    for (const lost of added.voids) expect(lost.by).toEqual(by)
  })

  test('the rest is there', () => {
    const { message: half } = losing(calling, 4, '/delta')
    expect(half).toEqual({ ...message, content: [call] })
    const second = [event.block(1), event.delta(1), event.stop(1)]
    const { message: other } = losing(hello.toSpliced(4, 0, ...second), 3, '/delta')
    expect(other).toMatchObject({ stop_reason: 'end_turn', content: [{ text: '' }, { text: 'Hello!' }] })
  })

  test('where all from some place on was lost, half of an input is no finding', () => {
    const { walked } = walk(numbered(calling.slice(0, 3)), { cut: ['transport/whole'] })
    const added = accumulate(walked, exchange(unanswered))
    expect(added.found).toEqual([])
    expect(added.voids).toEqual(
      ['/content', '/stop_reason', '/stop_sequence', '/usage/output_tokens'].map((path) => ({
        path,
        by: ['transport/whole'],
      })),
    )
  })
})
