import { unmet, unsaid } from '../harness/views/canaries.ts'
import { control } from '../control.ts'
import { requirement } from '../harness/judge/requirement.ts'
import { asked } from '../harness/views/asked.ts'
import { show } from '../harness/views/finding.ts'
import type { Exchange } from '../harness/wire/exchange.ts'
import { otherStatus, wrongStatus } from '../harness/views/placed.ts'
import { unserved } from '../harness/views/served.ts'
import { docs, httpError, opinion, stateless } from '../sources.ts'

/* Everything a request says reaches the model: system, blocks, turns. */

const create = 'api/messages/create'
const midConversation = docs(
  'build-with-claude/mid-conversation-system-messages',
  'The instruction applies from that point in the conversation onward.',
)

export const served = requirement('output/served', {
  level: 'must',
  profile: 'sdk',
  title: 'system prompts, text blocks, several turns and the usual options are served',
  because: 'Every client sends them.',
  breaks: ['raw-http'],
  source: docs(create, 'Each input message must be an object with a role and content.'),
  reads: {
    'output/recall': 'answer',
    'output/system-string': 'answer',
    'output/system-blocks': 'answer',
    'output/system-blocks:stream': 'answer',
    'output/history': 'answer',
    'output/history-told': 'answer',
    'output/text-blocks': 'answer',
    'output/same-role': 'answer',
    'output/stop-sequence-free': 'answer',
    'vision/as-text': 'answer',
    'output/options': 'answer',
  },
  *check(_, exchanges) {
    yield* unserved(exchanges)
  },
})

export const recall = requirement('output/recall', {
  ...control,
  profile: 'sdk',
  title: 'the model says the word that the last turn tells it',
  reads: { 'output/recall': 'message' },
  *check(messages, exchanges) {
    yield* unmet(messages, exchanges)
  },
})

export const systemRead = requirement('output/system-read', {
  level: 'must',
  profile: 'sdk',
  title: 'the system prompt reaches the model, as a string and as blocks, in both modes',
  because: 'An agent without its instructions is another agent, and nothing says so.',
  breaks: ['raw-http'],
  source: docs(
    create,
    'A system prompt is a way of providing context and instructions to Claude, such as specifying a particular goal or role.',
  ),
  after: ['output/recall'],
  reads: {
    'output/system-string': 'message',
    'output/system-blocks': 'message',
    'output/system-blocks:stream': 'message',
  },
  *check(messages, exchanges) {
    yield* unsaid(messages, exchanges)
  },
})

export const historyTold = requirement('output/history-told', {
  ...control,
  profile: 'sdk',
  title: 'the model says the word at the end of a conversation',
  reads: { 'output/history-told': 'message' },
  *check(messages, exchanges) {
    yield* unmet(messages, exchanges)
  },
})

export const historyRead = requirement('output/history-read', {
  level: 'must',
  profile: 'sdk',
  title: 'earlier turns reach the model',
  because: 'A conversation that forgets its beginning asks for everything twice.',
  breaks: ['claude-code', 'raw-http'],
  source: stateless,
  after: ['output/history-told'],
  reads: { 'output/history': 'message' },
  *check(messages, exchanges) {
    yield* unsaid(messages, exchanges)
  },
})

export const blocksRead = requirement('output/text-blocks-read', {
  level: 'must',
  profile: 'sdk',
  title: 'every text block of a message reaches the model',
  because: 'Clients put context and question into blocks of their own; a translator that keeps one loses the other.',
  breaks: ['raw-http'],
  source: docs(create, 'Each input message content may be either a single string or an array of content blocks'),
  after: ['output/recall'],
  reads: { 'output/text-blocks': 'message' },
  *check(messages, exchanges) {
    yield* unsaid(messages, exchanges)
  },
})

export const sameRoleRead = requirement('output/same-role-read', {
  level: 'must',
  profile: 'sdk',
  title: 'consecutive messages of one role are one turn, and all of it reaches the model',
  because: 'Clients add reminders that way.',
  breaks: ['claude-code', 'raw-http'],
  source: docs(create, 'Consecutive user or assistant turns in your request will be combined into a single turn.'),
  after: ['output/recall'],
  reads: { 'output/same-role': 'message' },
  *check(messages, exchanges) {
    yield* unsaid(messages, exchanges)
  },
})

export const replay = requirement('output/replay', {
  level: 'must',
  profile: 'sdk',
  title: 'an answer that is sent back verbatim is accepted, from either mode',
  because: 'It is what every conversation does at its second turn; fields that were given must be taken.',
  breaks: ['claude-code', 'raw-http'],
  source: stateless,
  reads: {
    'messages/hello': 'message',
    'messages/hello:stream': 'message',
    'output/replay': 'answer',
    'output/replay:stream': 'answer',
  },
  *check(_, exchanges) {
    yield* unserved(exchanges)
  },
})

export const roleSystem = requirement('output/role-system-offered', {
  level: 'must',
  profile: 'claude-code',
  title: 'a message of role system after a user turn is served, or refused politely',
  because: 'Claude Code sends reminders that way; a model that does not take them says so with a 400.',
  breaks: [],
  source: docs(
    'build-with-claude/mid-conversation-system-messages',
    'Add a message with "role": "system" to the messages array.',
  ),
  gates: 'system-role',
  byCanary: true,
  probe: ['output/role-system'],
})

export const roleSystemRead = requirement('output/role-system-read', {
  level: 'must',
  profile: 'claude-code',
  title: 'what is accepted as a message of role system reaches the model',
  because: 'A reminder that is dropped behind a 200 changes what the agent does.',
  breaks: [],
  source: midConversation,
  after: ['output/same-role-read'],
  reads: { 'output/role-system': 'message' },
  *check(messages, exchanges) {
    yield* unsaid(messages, exchanges)
  },
})

export const roleSystemPlaces = requirement('output/role-system-places-served', {
  level: 'must',
  profile: 'full',
  title: 'messages of role system are served in each legal place: behind results of tools, two in a row, at the end',
  because: 'Agents send reminders behind what their tools brought, too.',
  breaks: ['claude-code'],
  source: midConversation,
  after: ['output/role-system-offered'],
  reads: { 'output/role-system-several': 'answer', 'tools/history-system': 'answer' },
  *check(_, exchanges) {
    yield* unserved(exchanges)
  },
})

export const roleSystemPlacesRead = requirement('output/role-system-places-read', {
  level: 'must',
  profile: 'full',
  title: 'messages of role system reach the model from each legal place',
  because: 'A gateway that keeps the last of them drops the others behind a 200.',
  breaks: ['claude-code'],
  source: midConversation,
  after: ['output/same-role-read'],
  reads: { 'output/role-system-several': 'message', 'tools/history-system': 'message' },
  *check(messages, exchanges) {
    yield* unsaid(messages, exchanges)
  },
})

export const longServed = requirement('output/long-served', {
  level: 'must',
  profile: 'claude-code',
  title: 'a conversation of some thousand tokens is served',
  because: 'Agents begin there.',
  breaks: ['claude-code'],
  source: stateless,
  reads: { 'output/long': 'answer', 'output/long-told': 'answer' },
  *check(_, exchanges) {
    yield* unserved(exchanges)
  },
})

export const longTold = requirement('output/long-told', {
  ...control,
  profile: 'claude-code',
  title: 'the model says the word at the end of a long conversation',
  reads: { 'output/long-told': 'message' },
  *check(messages, exchanges) {
    yield* unmet(messages, exchanges)
  },
})

export const longRead = requirement('output/long-read', {
  level: 'must',
  profile: 'claude-code',
  title: 'the beginning of a long conversation reaches the model',
  because: 'A gateway that cuts what is long answers as if nothing were missing.',
  breaks: ['raw-http'],
  source: stateless,
  after: ['output/long-told'],
  reads: { 'output/long': 'message' },
  *check(messages, exchanges) {
    yield* unsaid(messages, exchanges)
  },
})

export const unknownField = requirement('output/unknown-field', {
  level: 'should',
  profile: 'claude-code',
  title: 'a field nobody knows is ignored, or refused with 400',
  because: 'Newer clients send fields before gateways know them.',
  breaks: [],
  source: httpError(400),
  reads: { 'output/unknown-field': 'answer' },
  *check(answers) {
    yield* otherStatus(answers, 200, 400)
  },
})

const sampling = ['temperature', 'top_p', 'top_k']

export const samplingServed = requirement('output/sampling-served', {
  level: 'must',
  profile: 'full',
  title: 'temperature, top_p and top_k that were always valid are served at the older version, or refused with 400',
  because: 'Which of them a model takes depends on its generation; a 5xx is tried again for nothing.',
  breaks: ['typescript-sdk-0', 'python-sdk'],
  source: httpError(400),
  reads: { 'output/temperature': 'answer', 'output/top-p': 'answer' },
  *check(answers) {
    yield* otherStatus(answers, 200, 400)
  },
})

export const samplingWords = requirement('output/sampling-words', {
  level: 'should',
  profile: 'full',
  title: 'what refuses a sampling parameter speaks of that one, and of no other',
  because: 'Whoever reads it looks for a parameter that was never set.',
  breaks: [],
  source: opinion('A message about something that was not sent is that of another request.'),
  least: 'validation/temperature-word',
  every: 'error',
  where: (_, exchange) => samplingIn(exchange).length > 0,
  *check({ error: { message } }, exchange) {
    const own = samplingIn(exchange)
    const named = sampling.filter((name) => message.includes(name))
    if (named.length > 0 && !named.some((name) => own.includes(name)))
      yield { at: '/error/message', expected: `words about ${own.join(' or ')}`, actual: show(message) }
  },
})

/** The sampling parameters that a request sets. */
function samplingIn(exchange: Exchange): readonly string[] {
  return sampling.filter((name) => asked(exchange).body[name] !== undefined)
}

export const prefill = requirement('output/prefill', {
  level: 'must',
  profile: 'full',
  title: 'a conversation that ends with the assistant is continued, or refused with 400',
  because: 'Newer models refuse it; a 5xx is tried again for nothing.',
  breaks: [],
  source: docs(
    create,
    'If the request input messages ended with an assistant turn, then the response content will continue directly from that last turn.',
  ),
  reads: { 'output/prefill': 'answer' },
  *check(answers) {
    yield* wrongStatus(answers, '200, or 400', (status) => status === 200 || status === 400)
  },
})
