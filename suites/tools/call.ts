import type { StopReason } from '../../schemas/types.ts'
import { requirement } from '../harness/judge/requirement.ts'
import { docs } from '../sources.ts'
import { calls, hasCall, inputsOf } from './calls.ts'
import { isObject } from '../harness/wire/json.ts'
import { show } from '../harness/views/finding.ts'
import { each } from '../harness/views/placed.ts'

/* One tool call, wherever it comes. */

const input = 'build-with-claude/streaming#input-json-delta'
const handling = 'agents-and-tools/tool-use/handle-tool-calls'

export const offered = requirement('tools/offered', {
  level: 'must',
  profile: 'sdk',
  title: 'a request with a tool is served, and the call arrives, in JSON and in the stream',
  because: 'A tool that is never called ends an agent before it began.',
  breaks: [],
  source: docs(
    'agents-and-tools/tool-use/overview',
    'To have Claude call a function that you define, pass a tool with an input_schema, then execute the call when Claude returns a tool_use block.',
  ),
  gates: 'tools',
  probe: ['tools/single', 'tools/single:stream'],
})

export const shape = requirement('tools/shape', {
  level: 'must',
  profile: 'sdk',
  title: 'a tool_use block has id, name and an input that is an object',
  because: 'Arguments that arrive as a string, or not at all, break the code that runs the tool.',
  breaks: ['claude-code'],
  source: docs(
    handling,
    "input: An object containing the input being passed to the tool, conforming to the tool's input_schema.",
  ),
  capability: 'tools',
  vouches: 'message',
  part: 'content',
})

export const blockStartShape = requirement('tools/block-start-shape', {
  level: 'must',
  profile: 'sdk',
  title: 'the content_block_start of a tool_use has id, name and an input object',
  because: 'No delta brings the id or the name later.',
  breaks: [],
  source: docs(
    'agents-and-tools/tool-use/fine-grained-tool-streaming',
    'When a tool_use content block streams, the initial content_block_start event contains input: {} (an empty object).',
  ),
  capability: 'tools',
  vouches: 'stream',
  least: 'tools/single:stream',
})

export const inputJson = requirement('tools/input-json', {
  level: 'must',
  profile: 'sdk',
  title: 'the partial_json of a tool call joins to one JSON object',
  because: 'One SDK raises at the end of the block, the other keeps the first document of two.',
  breaks: [],
  source: docs(
    input,
    'You can accumulate the string deltas and parse the JSON once you receive a content_block_stop event',
  ),
  capability: 'tools',
  vouches: 'message',
  part: 'content',
  least: 'tools/single:stream',
})

export const inputStreamed = requirement('tools/input-streamed', {
  level: 'must',
  profile: 'sdk',
  title: 'a tool_use starts with input {}; the arguments arrive as input_json_delta',
  because: 'Whoever accumulates fragments from an empty string, as documented, gets no arguments otherwise.',
  breaks: ['raw-http'],
  source: docs(
    'agents-and-tools/tool-use/fine-grained-tool-streaming',
    'The actual input arrives as a series of input_json_delta events',
  ),
  capability: 'tools',
  least: 'tools/single:stream',
  every: 'events',
  where: ({ blocks }) => blocks.some(({ start }) => start['type'] === 'tool_use'),
  *check({ blocks }) {
    for (const { start, startedBy } of blocks)
      if (start['type'] === 'tool_use' && isObject(start['input']) && Object.keys(start['input']).length > 0)
        yield { at: `event ${startedBy} /content_block/input`, expected: '{}', actual: show(start['input']) }
  },
})

const leavesCalls: Readonly<Record<StopReason, boolean>> = {
  end_turn: false,
  stop_sequence: false,
  tool_use: true,
  max_tokens: true,
  pause_turn: true,
  refusal: true,
  model_context_window_exceeded: true,
}

/** Whether a call may stand beside a reason to stop: it is to be run, or the answer was cut short of saying so. */
export const mayLeaveCalls: ReadonlyMap<string, boolean> = new Map(Object.entries(leavesCalls))

export const stopReason = requirement('tools/stop-reason', {
  level: 'must',
  profile: 'sdk',
  title: 'an answer with a tool call says stop_reason tool_use, and one without does not',
  because: 'Agents run tools when they see it: end_turn beside a call leaves it undone, tool_use without a call loops.',
  breaks: ['raw-http'],
  source: docs(handling, 'The response will have a stop_reason of tool_use and one or more tool_use content blocks'),
  after: ['messages/stop-reason-own'],
  capability: 'tools',
  least: 'tools/single',
  every: 'message',
  where: (message) => hasCall(message) || message.stop_reason === 'tool_use',
  *check(message) {
    const called = calls(message).some(({ caller }) => !isObject(caller) || caller['type'] === 'direct')
    const { stop_reason } = message
    if (stop_reason === 'tool_use' && !hasCall(message))
      yield {
        at: '/content',
        expected: 'a tool_use block, since stop_reason is tool_use',
        actual: show(message.content.map(({ type }) => type)),
      }
    if (called && !mayLeaveCalls.get(stop_reason))
      yield { at: '/stop_reason', expected: 'tool_use, since there is a call', actual: show(stop_reason) }
  },
})

export const named = requirement('tools/name-declared', {
  level: 'must',
  profile: 'sdk',
  title: 'a call names a tool that was declared',
  because: 'A name that was cut or changed finds no tool to run.',
  breaks: ['claude-code'],
  source: docs(handling, 'name: The name of the tool being used.'),
  capability: 'tools',
  least: 'tools/single',
  every: 'message',
  where: (message, exchange) => hasCall(message) && inputsOf(exchange).declared !== null,
  *check(message, exchange) {
    const declared = inputsOf(exchange).declared ?? new Set()
    for (const { name, index } of calls(message))
      if (!declared.has(name))
        yield { at: `/content/${index}/name`, expected: [...declared].join(' | '), actual: show(name) }
  },
})

export const idsUnique = requirement('tools/ids-unique', {
  level: 'must',
  profile: 'sdk',
  title: 'no two calls of an answer have the same id',
  because: 'Results are matched to calls by it.',
  breaks: ['claude-code', 'raw-http'],
  source: docs(handling, 'id: A unique identifier for this particular tool use block.'),
  capability: 'tools',
  least: 'tools/single',
  every: 'message',
  where: hasCall,
  *check(message) {
    const seen = new Set<string>()
    for (const { id, index } of calls(message)) {
      if (seen.has(id)) yield { at: `/content/${index}/id`, expected: 'another id', actual: show(id) }
      seen.add(id)
    }
  },
})

export const idsDiffer = requirement('tools/ids-differ', {
  level: 'should',
  profile: 'sdk',
  title: 'calls of different answers have different ids',
  because: 'In one conversation an id that comes again gives the result of one call to another.',
  breaks: [],
  source: docs(handling, 'id: A unique identifier for this particular tool use block.'),
  reads: {
    'tools/single': 'message',
    'tools/single:stream': 'message',
    'tools/rich-schema': 'message',
    'tools/rich-schema:stream': 'message',
  },
  unlessIn: (message) => !hasCall(message),
  *check(messages) {
    const seen = new Map<string, string>()
    yield* each(messages, function* (message, fixture) {
      for (const { id, index } of calls(message)) {
        const before = seen.get(id)
        if (before !== undefined && before !== fixture)
          yield { at: `/content/${index}/id`, expected: `another id than in ${before}`, actual: show(id) }
        seen.set(id, fixture)
      }
    })
  },
})

export const idsPlain = requirement('tools/ids-plain', {
  level: 'should',
  profile: 'sdk',
  title: 'the id of a call is letters, digits, _ and -, and not too long',
  because: 'The official API refuses any other id when it comes back in history.',
  breaks: [],
  source: docs(handling),
  capability: 'tools',
  least: 'tools/single',
  every: 'message',
  where: hasCall,
  *check(message) {
    for (const { id, index } of calls(message))
      if (!/^[a-zA-Z0-9_-]{1,128}$/.test(id))
        yield { at: `/content/${index}/id`, expected: '[a-zA-Z0-9_-]+', actual: show(id) }
  },
})

export const wrapped = requirement('tools/arguments-plain', {
  level: 'should',
  profile: 'sdk',
  title: 'the input of a call is the arguments themselves, with those that are required',
  because: 'An input of {"arguments": "..."} is how a translator hands on what it did not unpack.',
  breaks: [],
  source: docs(
    handling,
    "input: An object containing the input being passed to the tool, conforming to the tool's input_schema.",
  ),
  after: ['tools/name-declared'],
  capability: 'tools',
  least: 'tools/single',
  every: 'message',
  where: (message, exchange) =>
    hasCall(message) && message.stop_reason === 'tool_use' && inputsOf(exchange).declared !== null,
  *check(message, exchange) {
    const { schemas } = inputsOf(exchange)
    for (const { name, input: given, index } of calls(message)) {
      const { required, properties } = schemas.get(name) ?? { required: [], properties: new Map() }
      const packed = ['arguments', 'raw', 'raw_arguments'].find(
        (key) => Object.hasOwn(given, key) && !properties.has(key),
      )
      const missing = required.filter((key) => !Object.hasOwn(given, key))
      if (packed !== undefined)
        yield { at: `/content/${index}/input`, expected: 'the arguments themselves', actual: show(given) }
      else if (missing.length > 0)
        yield {
          at: `/content/${index}/input`,
          expected: `${missing.join(', ')}, which the schema requires`,
          actual: show(given),
        }
    }
  },
})

export const asText = requirement('tools/call-as-text', {
  level: 'should',
  profile: 'sdk',
  title: 'a call is a tool_use block, not markup in the text',
  because: 'Nobody runs a tool out of prose; the user sees angle brackets.',
  breaks: ['claude-code'],
  source: docs('agents-and-tools/tool-use/overview'),
  capability: 'tools',
  least: 'tools/single',
  every: 'message',
  where: (message, exchange) =>
    !hasCall(message) && inputsOf(exchange).declared !== null && message.stop_reason === 'end_turn',
  *check(message) {
    for (const [index, block] of message.content.entries())
      if (
        block.type === 'text' &&
        'text' in block &&
        /<(?:antml:)?invoke name=|<tool_call>|<parameter name=/.test(String(block.text))
      )
        yield { at: `/content/${index}/text`, expected: 'a tool_use block', actual: show(block.text) }
  },
})
