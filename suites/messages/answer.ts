import type { Message } from '../../schemas/types.ts'
import { betaStopReasons, foreignStopReasons, stopReasons } from '../../schemas/values.ts'
import { asked } from '../harness/views/asked.ts'
import { requirement } from '../harness/judge/requirement.ts'
import { wrongHeader } from '../harness/views/wrong-header.ts'
import { certain } from '../harness/views/holes.ts'
import { each, type PlacedFinding } from '../harness/views/placed.ts'
import { unserved } from '../harness/views/served.ts'
import { docs, opinion, typescriptSdk } from '../sources.ts'
import { show } from '../harness/views/finding.ts'
import { isObject } from '../harness/wire/json.ts'
import { says, textOf } from '../harness/views/text.ts'

/* The answer to a valid request: a Message. */

const stringsAreBlocks =
  'Each input message content may be either a single string or an array of content blocks, where each block has a specific type.'

export const served = requirement('messages/served', {
  level: 'must',
  profile: 'minimum',
  title: 'a minimal request is answered with 200',
  because: 'It is the request everything else is made of.',
  breaks: ['claude-code', 'raw-http'],
  source: docs(
    'api/messages/create',
    'Send a structured list of input messages with text and/or image content, and the model will generate the next message in the conversation.',
  ),
  reads: { 'messages/hello': 'answer', 'messages/cut': 'answer' },
  *check(_, exchanges) {
    yield* unserved(exchanges)
  },
})

export const page = requirement('messages/page-served', {
  level: 'should',
  profile: 'minimum',
  title: "the request of a provider's page is served: a key, content as blocks, and no anthropic-version",
  because: 'Whoever was handed a Base URL pastes that curl first, and a 400 is all they see.',
  breaks: ['raw-http'],
  source: opinion('Pages that hand out a Base URL show a curl without anthropic-version; the official API refuses it.'),
  // Refused with a version too, it is no matter of the version.
  after: ['messages/served'],
  reads: { 'messages/page': 'text' },
  *check(_, exchanges) {
    yield* unserved(exchanges)
  },
})

export const stringTaken = requirement('messages/string-taken', {
  level: 'may',
  profile: 'minimum',
  title: 'content as a string is taken',
  because: 'Where it is the only form that is taken, the gateway is there, and refuses what its page shows.',
  breaks: [],
  source: docs('api/messages/create', stringsAreBlocks),
  reads: { 'messages/string': 'text' },
  *check(_, exchanges) {
    yield* unserved(exchanges)
  },
})

export const strings = requirement('messages/string-content', {
  level: 'must',
  profile: 'sdk',
  title: 'content as a string is served like one text block, in the turns of both',
  because: 'It is how most programs write a message.',
  breaks: ['raw-http'],
  source: docs('api/messages/create', stringsAreBlocks),
  after: ['messages/served'],
  reads: { 'messages/string': 'answer' },
  *check(_, exchanges) {
    yield* unserved(exchanges)
  },
})

export const json = requirement('messages/json', {
  level: 'must',
  profile: 'minimum',
  title: 'the body of an answer without stream is one JSON object',
  because: 'Clients parse the whole body; an event stream or an empty body fails there, or is handed on as a string.',
  breaks: ['claude-code', 'raw-http'],
  source: typescriptSdk(
    'src/internal/parse.ts',
    'const json = await response.json(); return addResponseIDs(json as T, response);',
  ),
  vouches: 'json',
})

export const contentType = requirement('messages/content-type', {
  level: 'must',
  profile: 'minimum',
  title: 'a JSON answer says content-type: application/json, in lower case',
  because:
    'Under any other content type the TypeScript SDK returns the body as a string, and message.content is undefined.',
  breaks: ['typescript-sdk', 'typescript-sdk-0'],
  source: typescriptSdk(
    'src/internal/parse.ts',
    "const isJSON = mediaType?.includes('application/json') || mediaType?.endsWith('+json');",
  ),
  every: 'json',
  *check(_, exchange) {
    yield* wrongHeader(exchange, 'content-type', 'application/json', (type) => {
      const [mediaType = ''] = type.split(';')
      return mediaType.includes('application/json') || mediaType.trim().endsWith('+json')
    })
  },
})

export const ownProtocol = requirement('messages/own-protocol', {
  level: 'must',
  profile: 'minimum',
  title: 'the answer is a Message, not the object of another protocol',
  because: 'A chat.completion has no content blocks: clients read undefined.',
  breaks: ['claude-code', 'raw-http'],
  source: docs('api/messages/create', 'Object type. For Messages, this is always "message".'),
  vouches: 'json',
})

export const shape = requirement('messages/shape', {
  level: 'must',
  profile: 'minimum',
  title: 'a Message has id, type, role, model and content, each of its documented type',
  because: 'These are the fields every client reads without asking.',
  breaks: ['claude-code', 'raw-http'],
  source: docs('api/messages/create', 'Unique object identifier. The format and length of IDs may change over time.'),
  vouches: 'message',
})

export const contentBlocks = requirement('messages/content-blocks', {
  level: 'must',
  profile: 'minimum',
  title: 'each content block has a type and, where the type is known, its fields',
  because: 'A text block without text is undefined in every answer a user reads.',
  breaks: ['claude-code', 'raw-http'],
  source: docs(
    'api/messages/create',
    'This is an array of content blocks, each of which has a type that determines its shape.',
  ),
  vouches: 'message',
  part: 'content',
})

export const stopReasonSet = requirement('messages/stop-reason-set', {
  level: 'must',
  profile: 'minimum',
  title: 'stop_reason is set at the end of every answer',
  because: 'Agents decide by it whether to run a tool, to go on or to stop; null ends the loop or spins it.',
  breaks: ['raw-http'],
  source: docs(
    'api/messages/create',
    'In non-streaming mode this value is always non-null. In streaming mode, it is null in the message_start event and non-null otherwise.',
  ),
  vouches: 'message',
})

export const stopReasonOwn = requirement('messages/stop-reason-own', {
  level: 'must',
  profile: 'minimum',
  title: 'stop_reason is not the word of another protocol',
  because:
    'Nothing that speaks Messages knows "stop", "length" or "tool_calls": a tool is never run, a cut never seen.',
  breaks: ['raw-http'],
  source: docs(
    'build-with-claude/handling-stop-reasons',
    'Every Messages API response includes a stop_reason field that tells you why Claude stopped generating.',
  ),
  every: 'message',
  *check({ stop_reason }) {
    if ((foreignStopReasons as readonly string[]).includes(stop_reason))
      yield { at: '/stop_reason', expected: stopReasons.join(' | '), actual: show(stop_reason) }
  },
})

export const stopReasonKnown = requirement('messages/stop-reason-known', {
  level: 'should',
  profile: 'sdk',
  title: 'stop_reason is one of the documented values',
  because: 'New values may come, but a gateway that invents one leaves its clients guessing.',
  breaks: [],
  source: docs('api/versioning'),
  after: ['messages/stop-reason-own'],
  every: 'message',
  *check({ stop_reason }) {
    const known: readonly string[] = [...stopReasons, ...betaStopReasons]
    if (!known.includes(stop_reason))
      yield { at: '/stop_reason', expected: stopReasons.join(' | '), actual: show(stop_reason) }
  },
})

export const cut = requirement('messages/cut-says-so', {
  level: 'must',
  profile: 'minimum',
  title: 'an answer that max_tokens cut says stop_reason max_tokens',
  because: 'Otherwise half an answer passes for a whole one.',
  breaks: ['claude-code', 'raw-http'],
  source: docs('build-with-claude/handling-stop-reasons', 'The response reached your max_tokens limit.'),
  after: ['messages/stop-reason-own'],
  reads: { 'messages/cut': 'message' },
  // A model may count to the end, refuse, or stop by itself far below its limit: then nothing was cut.
  unless: ({ 'messages/cut': message }) =>
    /\b200\b/.test(textOf(message)) ||
    message.stop_reason === 'refusal' ||
    (message.stop_reason === 'end_turn' && message.usage.output_tokens < 10),
  *check(messages) {
    yield* each(messages, function* ({ stop_reason }) {
      if (stop_reason !== 'max_tokens') yield { at: '/stop_reason', expected: 'max_tokens', actual: show(stop_reason) }
    })
  },
})

export const maxTokensKept = requirement('messages/max-tokens-kept', {
  level: 'must',
  profile: 'minimum',
  title: 'an answer has at most max_tokens output tokens',
  because: 'max_tokens is what bounds the bill.',
  breaks: ['raw-http'],
  source: docs(
    'api/messages/create',
    'This parameter only specifies the absolute maximum number of tokens to generate.',
  ),
  every: 'message',
  where: (message, exchange) =>
    Number(asked(exchange).body['max_tokens']) > 0 && !message.content.some(({ type }) => type === 'server_tool_use'),
  *check({ usage }, exchange) {
    const most = Number(asked(exchange).body['max_tokens'])
    if (usage.output_tokens > most)
      yield { at: '/usage/output_tokens', expected: `at most ${most}`, actual: String(usage.output_tokens) }
  },
})

export const stopSequenceKey = requirement('messages/stop-sequence-key', {
  level: 'should',
  profile: 'sdk',
  title: 'stop_sequence is there, null unless one matched',
  because: 'Typed clients declare it as always there.',
  breaks: [],
  source: docs(
    'api/messages/create',
    'This value will be a non-null string if one of your custom stop sequences was generated.',
  ),
  every: 'message',
  *check(message) {
    if (message.stop_sequence === undefined)
      yield { at: '/stop_sequence', expected: 'null or a string', actual: 'missing' }
  },
})

export const stopSequenceMatches = requirement('messages/stop-sequence-matches', {
  level: 'must',
  profile: 'minimum',
  title: 'stop_sequence names one of those sent exactly when stop_reason is stop_sequence',
  because: 'Parsers that split on a stop sequence look at this field to know which one it was.',
  breaks: ['raw-http'],
  source: docs('api/messages/create', 'Which custom stop sequence was generated, if any.'),
  every: 'message',
  where: ({ stop_sequence }) => stop_sequence !== undefined,
  *check({ stop_reason, stop_sequence }, exchange) {
    const sent = asked(exchange).body['stop_sequences']
    const matched = typeof stop_sequence === 'string'
    if (matched !== (stop_reason === 'stop_sequence')) {
      const expected = matched ? `null, since stop_reason is ${stop_reason}` : 'the sequence that matched'
      yield { at: '/stop_sequence', expected, actual: show(stop_sequence) }
    } else if (matched && Array.isArray(sent) && !sent.includes(stop_sequence))
      yield { at: '/stop_sequence', expected: `one of ${show(sent)}`, actual: show(stop_sequence) }
  },
})

export const stopDetails = requirement('messages/stop-details', {
  level: 'should',
  profile: 'full',
  title: 'stop_details stand beside stop_reason refusal, and say so',
  because: 'Beside end_turn they are what is left of a refusal that was turned into a normal end.',
  breaks: [],
  source: docs('build-with-claude/handling-stop-reasons'),
  every: 'message',
  where: ({ stop_details }) => isObject(stop_details),
  *check({ stop_reason, stop_details }) {
    if (stop_reason !== 'refusal')
      yield { at: '/stop_reason', expected: 'refusal, since there are stop_details', actual: show(stop_reason) }
    else if (isObject(stop_details) && stop_details['type'] !== 'refusal')
      yield { at: '/stop_details/type', expected: 'refusal', actual: show(stop_details['type']) }
  },
})

export const idUnique = requirement('messages/id-unique', {
  level: 'must',
  profile: 'minimum',
  title: 'each answer has an id of its own',
  because: 'Clients key their history, and their bills, by it.',
  breaks: ['raw-http'],
  source: docs('api/messages/create', 'Unique object identifier. The format and length of IDs may change over time.'),
  reads: { 'messages/hello': 'message', 'messages/hello:stream': 'message', 'messages/cut': 'message' },
  *check(messages) {
    yield* repeated(messages)
  },
})

/** Requests that ask the same thing more than once, and others beside them. */
const answers = {
  'messages/page': 'message',
  'messages/hello': 'message',
  'messages/hello:stream': 'message',
  'messages/cut': 'message',
  'transport/sdk-headers': 'message',
  'auth/bearer': 'message',
  'auth/x-api-key': 'message',
  'output/recall': 'message',
  'errors/then-valid': 'message',
} as const

export const idsDiffer = requirement('messages/ids-differ', {
  level: 'should',
  profile: 'sdk',
  title: 'no two answers of a run have the same id, also where the same was asked twice',
  because:
    'An answer that was kept for the next one to ask has the id of the first: history and bills take two for one.',
  breaks: [],
  source: docs('api/messages/create', 'Unique object identifier. The format and length of IDs may change over time.'),
  after: ['messages/id-unique'],
  reads: answers,
  *check(messages) {
    yield* repeated(messages)
  },
})

/** A finding for each Message whose id another one had before. */
function repeated<N extends string>(messages: Readonly<Record<N, Message>>): Iterable<PlacedFinding<N>> {
  const seen = new Map<string, string>()
  return each(messages, function* ({ id }, fixture) {
    const before = seen.get(id)
    if (before === undefined) seen.set(id, fixture)
    else yield { at: '/id', expected: `another id than that of ${before}`, actual: show(id) }
  })
}

export const idPrefix = requirement('messages/id-prefix', {
  level: 'may',
  profile: 'full',
  title: 'the id of a Message begins with msg_',
  because: 'It tells a Message id from a request id in a log; the format may change.',
  breaks: [],
  source: docs('api/messages/create', 'The format and length of IDs may change over time.'),
  every: 'message',
  *check({ id }) {
    if (!id.startsWith('msg_')) yield { at: '/id', expected: 'msg_...', actual: show(id) }
  },
})

export const echo = requirement('messages/echo', {
  level: 'may',
  profile: 'minimum',
  title: 'the model says back what it is asked to',
  because: 'It is a control: a model that cannot do this proves nothing by missing a word in one of the two modes.',
  breaks: [],
  source: opinion('Whether a model follows an instruction is the affair of the model.'),
  reads: { 'messages/hello': 'message', 'messages/hello:stream': 'message' },
  // Either mode shows it: what garbles one of them is no reason to doubt the model.
  *check(messages, exchanges) {
    const said = (name: keyof typeof messages): boolean => says(messages[name], exchanges[name].values['word'] ?? '')
    const names = Object.keys(messages) as (keyof typeof messages)[]
    const isSaid = names.some((name) => certain(() => said(name)))
    yield* each(messages, function* (message, name) {
      const expected = exchanges[name].values['word'] ?? ''
      if (!isSaid && !said(name)) yield { at: '/content', expected, actual: show(textOf(message)) }
    })
  },
})
