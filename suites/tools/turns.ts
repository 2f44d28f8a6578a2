import type { Message } from '../../schemas/types.ts'
import { control } from '../control.ts'
import { requirement } from '../harness/judge/requirement.ts'
import { each, wrongStatus, type PlacedFinding } from '../harness/views/placed.ts'
import { asked } from '../harness/views/asked.ts'
import { see } from '../harness/views/views.ts'
import { unserved } from '../harness/views/served.ts'
import type { Exchange } from '../harness/wire/exchange.ts'
import { isObject } from '../harness/wire/json.ts'
import { accumulated, docs, httpError } from '../sources.ts'
import { calls, hasCall, saysCutShort } from './calls.ts'
import { isWithheld, missed, unmet, unsaid } from '../harness/views/canaries.ts'
import { show } from '../harness/views/finding.ts'

/* Choosing a tool, calling several, sending results back. */

const defining = 'agents-and-tools/tool-use/define-tools'
const handling = 'agents-and-tools/tool-use/handle-tool-calls'

export const definitions = requirement('tools/definitions-accepted', {
  level: 'must',
  profile: 'sdk',
  title: 'tools are accepted with type absent, null or "custom", and with the schemas clients send, in both modes',
  because: 'SDKs generate such schemas from code; a gateway that refuses one keyword refuses the whole agent.',
  breaks: ['claude-code'],
  source: docs(defining, 'A JSON Schema object defining the expected parameters for the tool.'),
  reads: { 'tools/rich-schema': 'answer', 'tools/rich-schema:stream': 'answer' },
  *check(_, exchanges) {
    yield* unserved(exchanges)
  },
})

export const bothModes = requirement('tools/same-in-both-modes', {
  level: 'must',
  profile: 'sdk',
  title: 'the same request brings the same call in both modes: name and argument names',
  because: 'Arguments that are lost on the way through a stream leave a call that looks right and does nothing.',
  breaks: [],
  source: accumulated,
  reads: { 'tools/single': 'message', 'tools/single:stream': 'message' },
  unless: ({ 'tools/single': json, 'tools/single:stream': stream }) => !hasCall(json) || !hasCall(stream),
  *check({ 'tools/single': json, 'tools/single:stream': stream }) {
    const fixture = 'tools/single:stream'
    const [first] = calls(json)
    for (const { name, input, index } of calls(stream).slice(0, 1)) {
      const keys = argumentsOf(first?.input)
      if (first?.name !== name)
        yield { fixture, at: `/content/${index}/name`, expected: first?.name ?? 'none', actual: name }
      else if (keys !== argumentsOf(input))
        yield { fixture, at: `/content/${index}/input`, expected: `the arguments ${keys}`, actual: argumentsOf(input) }
    }
  },
})

export const argumentsKept = requirement('tools/arguments-kept', {
  level: 'must',
  profile: 'sdk',
  title: 'an argument the prompt pins arrives as it was pinned',
  because: 'A tool that runs with the wrong argument does the wrong thing.',
  breaks: ['claude-code'],
  source: docs(
    handling,
    "input: An object containing the input being passed to the tool, conforming to the tool's input_schema.",
  ),
  after: ['output/recall'],
  reads: { 'tools/single': 'message', 'tools/single:stream': 'message' },
  unlessIn: saysCutShort,
  *check(messages, exchanges) {
    yield* each(messages, function* (message, fixture) {
      const word = exchanges[fixture].values['word'] ?? ''
      const [call] = calls(message)
      if (call && !JSON.stringify(call.input).includes(word))
        yield { at: `/content/${call.index}/input`, expected: `word ${show(word)}`, actual: show(call.input) }
    })
  },
})

export const noneMeansNone = requirement('tools/choice-none', {
  level: 'must',
  profile: 'sdk',
  title: 'tool_choice none brings no tool call',
  because: 'It is how a client asks for words when it cannot run anything.',
  breaks: ['claude-code'],
  source: docs(defining, 'none prevents Claude from using any tools.'),
  reads: { 'tools/choice-none': 'message', 'tools/choice-none:stream': 'message' },
  *check(messages) {
    yield* callsAbove(0, messages)
  },
})

export const choiceAccepted = requirement('tools/choices-accepted', {
  level: 'must',
  profile: 'sdk',
  title: 'tool_choice none is served',
  because: 'Clients set it as a matter of course.',
  breaks: ['claude-code'],
  source: docs(defining, 'When working with the tool_choice parameter, there are four possible options'),
  reads: { 'tools/choice-none': 'answer', 'tools/choice-none:stream': 'answer' },
  *check(_, exchanges) {
    yield* unserved(exchanges)
  },
})

export const served = requirement('tools/served', {
  level: 'must',
  profile: 'claude-code',
  title: 'disable_parallel_tool_use, tools without arguments and arguments of several lines are served',
  because: 'Clients send them every day.',
  breaks: [],
  source: docs(
    'agents-and-tools/tool-use/parallel-tool-use',
    'To turn it off, set disable_parallel_tool_use: true inside the tool_choice object.',
  ),
  reads: {
    'tools/one-at-a-time': 'answer',
    'tools/one-at-a-time:stream': 'answer',
    'tools/no-arguments': 'answer',
    'tools/no-arguments:stream': 'answer',
    'tools/unicode': 'answer',
    'tools/unicode:stream': 'answer',
  },
  *check(_, exchanges) {
    yield* unserved(exchanges)
  },
})

export const oneAtATime = requirement('tools/one-at-a-time', {
  level: 'must',
  profile: 'claude-code',
  title: 'disable_parallel_tool_use brings at most one call',
  because: 'Clients that run one tool at a time drop the others.',
  breaks: [],
  source: docs(
    'agents-and-tools/tool-use/parallel-tool-use',
    'setting disable_parallel_tool_use: true means Claude calls at most one tool per response',
  ),
  reads: { 'tools/one-at-a-time': 'message', 'tools/one-at-a-time:stream': 'message' },
  unlessIn: (message) => !hasCall(message),
  *check(messages) {
    yield* callsAbove(1, messages)
  },
})

export const forced = requirement('tools/choice-offered', {
  level: 'must',
  profile: 'sdk',
  title: 'tool_choice any brings a call, or is refused politely',
  because: 'A forced call that is not made leaves structured output empty.',
  breaks: [],
  source: docs(defining, 'any tells Claude that it must use one of the provided tools'),
  gates: 'tool-choice',
  probe: ['tools/choice-any', 'tools/choice-any:stream'],
})

export const forcedServed = requirement('tools/choice-tool-served', {
  level: 'must',
  profile: 'full',
  title: 'tool_choice tool is served where any is',
  because: 'Libraries for structured output name the tool.',
  breaks: [],
  source: docs(defining, 'tool forces Claude to always use a particular tool.'),
  after: ['tools/choice-offered'],
  reads: { 'tools/choice-tool': 'answer', 'tools/choice-tool:stream': 'answer' },
  *check(_, exchanges) {
    yield* unserved(exchanges)
  },
})

export const forcedTool = requirement('tools/choice-tool-kept', {
  level: 'must',
  profile: 'full',
  title: 'tool_choice tool brings a call of that tool',
  because: 'Libraries for structured output read that call, and find none.',
  breaks: [],
  source: docs(defining, 'tool forces Claude to always use a particular tool.'),
  after: ['tools/choice-offered'],
  reads: { 'tools/choice-tool': 'message', 'tools/choice-tool:stream': 'message' },
  unlessIn: (message) => !hasCall(message) && isWithheld(message),
  *check(messages, exchanges) {
    yield* each(messages, function* (message, fixture) {
      const { tool_choice: choice } = asked(exchanges[fixture]).body
      const forced = isObject(choice) ? String(choice['name']) : ''
      const names = calls(message).map(({ name }) => name)
      if (!names.includes(forced))
        yield { at: '/content', expected: `a call of ${forced}`, actual: names.join(', ') || 'no call' }
    })
  },
})

export const noArguments = requirement('tools/no-arguments', {
  level: 'must',
  profile: 'claude-code',
  title: 'a tool without arguments is called with an object',
  because: 'null, or a list, breaks the code that spreads it.',
  breaks: ['claude-code'],
  source: docs(
    handling,
    "input: An object containing the input being passed to the tool, conforming to the tool's input_schema.",
  ),
  after: ['output/recall'],
  reads: { 'tools/no-arguments': 'message', 'tools/no-arguments:stream': 'message' },
  unlessIn: saysCutShort,
  *check(messages) {
    yield* each(messages, function* (message) {
      for (const { input, index } of calls(message))
        if (Object.keys(input).length > 0) yield { at: `/content/${index}/input`, expected: '{}', actual: show(input) }
    })
  },
})

export const parallel = requirement('tools/parallel-offered', {
  level: 'must',
  profile: 'claude-code',
  title: 'several calls of one turn arrive as several blocks, in JSON and in the stream',
  because: 'Agents ask for many files at once; calls that are merged or lost are asked for again, or never.',
  breaks: [],
  source: docs(
    'agents-and-tools/tool-use/parallel-tool-use',
    'By default, Claude may call multiple tools in a single response.',
  ),
  gates: 'parallel-tools',
  probe: ['tools/parallel', 'tools/parallel:stream'],
})

export const parallelWhole = requirement('tools/parallel-whole', {
  level: 'must',
  profile: 'claude-code',
  title: 'each of several calls has arguments of its own',
  because: 'Fragments that land in the wrong block leave one call with two cities and another with none.',
  breaks: [],
  source: docs(
    'agents-and-tools/tool-use/parallel-tool-use',
    'can contain several tool_use blocks in a single assistant turn',
  ),
  after: ['output/recall'],
  reads: { 'tools/parallel': 'message', 'tools/parallel:stream': 'message' },
  unlessIn: saysCutShort,
  *check(messages) {
    yield* each(messages, function* (message) {
      const made = calls(message)
      const empty = made.find(({ input }) => Object.keys(input).length === 0)
      if (empty && made.length > 1)
        yield { at: `/content/${empty.index}/input`, expected: 'a city', actual: show(empty.input) }
    })
  },
})

export const resultsServed = requirement('tools/results-served', {
  level: 'must',
  profile: 'sdk',
  title: 'a turn with a call is taken back verbatim, with its result as a string, as blocks, absent or failed',
  because: 'The second turn is where agent loops die.',
  breaks: ['claude-code'],
  source: docs(handling, 'tool_use_id: The id of the tool use request this is a result for.'),
  reads: {
    'tools/result': 'answer',
    'tools/result:stream': 'answer',
    'tools/result-told': 'answer',
    'tools/result-blocks': 'answer',
    'tools/result-empty': 'answer',
    'tools/result-error': 'answer',
  },
  *check(_, exchanges) {
    yield* unserved(exchanges)
  },
})

export const parallelResultsServed = requirement('tools/parallel-results-served', {
  level: 'must',
  profile: 'full',
  title: 'a turn with several calls is taken back verbatim, with all results',
  because: 'One result that is matched to the wrong call spoils the turn.',
  breaks: [],
  source: docs(
    'agents-and-tools/tool-use/parallel-tool-use',
    'return one tool_result for each tool_use block, all together in the next user message',
  ),
  reads: { 'tools/parallel-results': 'answer' },
  *check(_, exchanges) {
    yield* unserved(exchanges)
  },
})

export const historyServed = requirement('tools/history-served', {
  level: 'must',
  profile: 'full',
  title: 'a call without arguments is served when it comes back with its result',
  because: 'In history it is input {}; a gateway that takes that for missing ends the session at its second turn.',
  breaks: [],
  source: docs(handling, 'tool_use_id: The id of the tool use request this is a result for.'),
  reads: { 'tools/no-arguments-result:stream': 'answer', 'tools/result-worked': 'answer' },
  *check(_, exchanges) {
    yield* unserved(exchanges)
  },
})

export const resultParts = requirement('tools/result-parts-served', {
  level: 'must',
  profile: 'full',
  title: 'search_result and tool_reference in a result are served, or refused with a 4xx',
  because: 'The tool search of Claude Code sends what it found so; a 5xx is tried again for nothing.',
  breaks: ['claude-code'],
  source: httpError(400),
  reads: { 'tools/result-search': 'answer', 'tools/result-reference': 'answer' },
  *check(answers) {
    yield* wrongStatus(answers, '200, or a 4xx', (status) => status === 200 || (status >= 400 && status <= 499))
  },
})

export const resultPartsRead = requirement('tools/result-parts-read', {
  level: 'must',
  profile: 'full',
  title: 'a search_result that is accepted in a result reaches the model',
  because: 'A result that is dropped behind a 200 makes the model invent one.',
  breaks: [],
  source: docs(
    handling,
    'After receiving the tool result, Claude will use that information to continue generating a response to the original user prompt.',
  ),
  after: ['tools/result-told'],
  reads: { 'tools/result-search': 'text' },
  // Who refuses it drops nothing.
  unlessIn: (_, exchange) => see(exchange, 'message').is === 'absent',
  *check(_, exchanges) {
    yield* each(exchanges, function* (exchange) {
      const message = see(exchange, 'message')
      const word = message.is === 'there' ? missed(message.value, exchange) : null
      if (word !== null) yield { at: '/content', expected: word, actual: 'not said, in two tries' }
    })
  },
})

export const resultWorked = requirement('tools/result-worked', {
  ...control,
  profile: 'full',
  title: 'the model says that a call worked where its result has no is_error',
  reads: { 'tools/result-worked': 'message' },
  *check(messages, exchanges) {
    yield* unmet(messages, exchanges)
  },
})

export const errorRead = requirement('tools/error-read', {
  level: 'should',
  profile: 'full',
  title: 'the is_error of a tool_result reaches the model',
  because: 'A failure that reads like success is taken for one, and the agent goes on.',
  breaks: [],
  source: docs(handling),
  after: ['tools/result-worked'],
  reads: { 'tools/result-error': 'message' },
  *check(messages, exchanges) {
    yield* unsaid(messages, exchanges)
  },
})

export const many = requirement('tools/many-served', {
  level: 'should',
  profile: 'full',
  title: 'more than a hundred tools are served',
  because: 'It is what a few servers of tools bring together.',
  breaks: [],
  source: docs(defining),
  reads: { 'tools/many': 'answer' },
  *check(_, exchanges) {
    yield* unserved(exchanges)
  },
})

export const resultTold = requirement('tools/result-told', {
  ...control,
  profile: 'sdk',
  title: 'the model says the word that stands beside the result of a tool',
  reads: { 'tools/result-told': 'message' },
  *check(messages, exchanges) {
    yield* unmet(messages, exchanges)
  },
})

export const resultsRead = requirement('tools/results-read', {
  level: 'must',
  profile: 'sdk',
  title: 'what a tool_result says reaches the model, as a string and as blocks',
  because: 'A result that is dropped behind a 200 makes the model invent one.',
  breaks: [],
  source: docs(
    handling,
    'After receiving the tool result, Claude will use that information to continue generating a response to the original user prompt.',
  ),
  after: ['tools/result-told'],
  reads: { 'tools/result': 'message', 'tools/result:stream': 'message', 'tools/result-blocks': 'message' },
  *check(messages, exchanges) {
    yield* unread(messages, exchanges)
  },
})

export const parallelResultsRead = requirement('tools/parallel-results-read', {
  level: 'must',
  profile: 'full',
  title: 'what several results say reaches the model',
  because: 'A translator that keeps only the first, or only the last, loses the others without a word.',
  breaks: [],
  source: docs('agents-and-tools/tool-use/parallel-tool-use', 'Match each result to its call with tool_use_id'),
  after: ['tools/result-told'],
  reads: { 'tools/parallel-results': 'message' },
  *check(messages, exchanges) {
    yield* unread(messages, exchanges)
  },
})

/** The names of the arguments of a call, in no order of its own. */
function argumentsOf(input: object = {}): string {
  return Object.keys(input).toSorted().join(', ') || 'none'
}

/** A finding for each answer that does not say what a tool_result said. */
function unread<N extends string>(
  messages: Readonly<Record<N, Message>>,
  exchanges: Readonly<Record<N, Exchange>>,
): Iterable<PlacedFinding<N>> {
  return each(messages, function* (message, fixture) {
    const word = missed(message, exchanges[fixture])
    if (word !== null) yield { at: '/content', expected: word, actual: 'not said, in two tries' }
  })
}

/** A finding for each answer with more calls than this. */
function callsAbove<N extends string>(
  most: number,
  messages: Readonly<Record<N, Message>>,
): Iterable<PlacedFinding<N>> {
  const expected = most === 0 ? 'no tool_use block' : `at most ${most} tool_use block`
  return each(messages, function* (message) {
    const made = calls(message).length
    if (made > most) yield { at: '/content', expected, actual: `${made} of them` }
  })
}
