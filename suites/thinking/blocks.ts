import { asked } from '../harness/views/asked.ts'
import { requirement } from '../harness/judge/requirement.ts'
import { each, failed, otherStatus } from '../harness/views/placed.ts'
import { see } from '../harness/views/views.ts'
import type { Exchange } from '../harness/wire/exchange.ts'
import { unserved } from '../harness/views/served.ts'
import { claudeCode, docs, httpError, typescriptSdk } from '../sources.ts'
import { isObject } from '../harness/wire/json.ts'
import { textOf } from '../harness/views/text.ts'
import { show } from '../harness/views/finding.ts'

/* Thinking: its blocks, its signature, and the turn it comes back in. */

const page = 'build-with-claude/extended-thinking'

export const offered = requirement('thinking/offered', {
  level: 'must',
  profile: 'full',
  title: 'thinking is served, or refused politely',
  because: 'Which form a model takes depends on its generation; a 500 is no answer to either.',
  breaks: ['claude-code'],
  source: docs(
    page,
    'You set a thinking token budget on each request with thinking: {type: "enabled", budget_tokens: N}',
  ),
  gates: 'thinking',
  probe: ['thinking/plain', 'thinking/plain:stream'],
  mayStaySilent: true,
})

export const shape = requirement('thinking/shape', {
  level: 'must',
  profile: 'sdk',
  title: 'a thinking block has thinking and signature, a redacted_thinking block has data',
  because: 'The block must be sent back as it came; without its signature the next turn is refused.',
  breaks: ['claude-code'],
  source: docs(
    'build-with-claude/thinking',
    'Each thinking block also carries a signature field, an encrypted copy of the full reasoning that you pass back unchanged',
  ),
  capability: 'thinking',
  vouches: 'message',
  part: 'content',
})

export const blockStartShape = requirement('thinking/block-start-shape', {
  level: 'must',
  profile: 'sdk',
  title: 'the content_block_start of a thinking block has thinking as a string',
  because: 'One SDK raises, the other makes "undefined" the first word of the thought.',
  breaks: [],
  source: typescriptSdk(
    'src/lib/MessageStream.ts',
    'thinking: snapshotContent.thinking + event.delta.thinking, }; } break; }',
  ),
  capability: 'thinking',
  vouches: 'stream',
})

export const signedOnce = requirement('thinking/signed-once', {
  level: 'must',
  profile: 'full',
  title: 'a thinking block is signed by one signature_delta at most, and nothing comes behind it',
  because: 'The SDKs keep the last piece of a signature only: one in pieces is refused at the next turn.',
  breaks: ['claude-code'],
  source: typescriptSdk(
    'src/lib/MessageStream.ts',
    "if (snapshotContent?.type === 'thinking') { snapshot.content[event.index] = { ...snapshotContent, signature: event.delta.signature,",
  ),
  capability: 'thinking',
  least: 'thinking/plain:stream',
  every: 'events',
  where: ({ blocks }) => blocks.some(({ start }) => start['type'] === 'thinking'),
  *check({ blocks }) {
    for (const { start, deltas } of blocks) {
      if (start['type'] !== 'thinking') continue
      const types = deltas.map(({ data }) => (isObject(data['delta']) ? data['delta']['type'] : undefined))
      const first = types.indexOf('signature_delta')
      const behind = deltas[first + 1]
      if (first >= 0 && behind)
        yield {
          at: `event ${behind.number}`,
          expected: 'content_block_stop behind the signature',
          actual: show(types[first + 1]),
        }
    }
  },
})

export const signed = requirement('thinking/signed', {
  level: 'should',
  profile: 'full',
  title: 'the signature of a thinking block is not empty',
  because: 'An empty one cannot be checked when the block comes back.',
  breaks: [],
  source: docs(page),
  capability: 'thinking',
  least: 'thinking/plain',
  every: 'message',
  where: ({ content }) => content.some(({ type }) => type === 'thinking'),
  *check({ content }) {
    for (const [index, block] of content.entries())
      if (block.type === 'thinking' && 'signature' in block && block.signature === '')
        yield { at: `/content/${index}/signature`, expected: 'a signature', actual: '""' }
  },
})

export const notInText = requirement('thinking/not-in-text', {
  level: 'should',
  profile: 'full',
  title: 'no <think> tag stands in the text of an answer with thinking',
  because: 'The user reads the thought as the answer.',
  breaks: [],
  source: docs(page),
  capability: 'thinking',
  least: 'thinking/plain',
  every: 'message',
  where: (_, exchange) => {
    const { thinking } = asked(exchange).body
    return isObject(thinking) && thinking['type'] !== 'disabled'
  },
  *check(message) {
    if (/<\/?think>/.test(textOf(message)))
      yield { at: '/content', expected: 'a thinking block', actual: '<think> in the text' }
  },
})

export const disabled = requirement('thinking/disabled', {
  level: 'must',
  profile: 'full',
  title: 'thinking that is turned off brings no thinking block, or is refused politely',
  because: 'A client that turned it off does not expect to pay for it, or to send it back.',
  breaks: ['raw-http'],
  source: docs(
    'build-with-claude/thinking',
    'You need thinking fully off: use thinking: {type: "disabled"} on models that allow it',
  ),
  capability: 'thinking',
  least: 'thinking/disabled',
  every: 'message',
  where: (_, exchange) => {
    const { thinking } = asked(exchange).body
    return isObject(thinking) && thinking['type'] === 'disabled'
  },
  *check({ content }) {
    for (const [index, { type }] of content.entries())
      if (type === 'thinking' || type === 'redacted_thinking')
        yield { at: `/content/${index}/type`, expected: 'no thinking', actual: type }
  },
})

export const forms = requirement('thinking/forms', {
  level: 'must',
  profile: 'full',
  title: 'adaptive and disabled thinking are served, or refused politely',
  because: 'Clients choose by the model; a 5xx or a 422 is taken for a gateway that is down.',
  breaks: [],
  source: claudeCode(
    'llm-gateway-protocol',
    'Claude Code sends thinking: {"type": "adaptive"} for Claude 4.6 and later, and treats model names it doesn\'t recognize, such as gateway aliases, as current models that receive the field',
  ),
  reads: { 'thinking/adaptive': 'answer', 'thinking/disabled': 'answer' },
  *check(answers) {
    yield* otherStatus(answers, 200, 400)
  },
})

export const toolServed = requirement('thinking/tools-served', {
  level: 'must',
  profile: 'full',
  title: 'tools are served together with thinking',
  because: 'It is how agents think.',
  breaks: [],
  source: docs(
    'build-with-claude/thinking',
    'Thinking works alongside tool use, letting Claude reason through tool selection and process tool results.',
  ),
  after: ['thinking/offered'],
  reads: { 'thinking/tool': 'answer', 'thinking/tool:stream': 'answer' },
  *check(_, exchanges) {
    yield* unserved(exchanges)
  },
})

export const takenBack = requirement('thinking/taken-back', {
  level: 'must',
  profile: 'full',
  title: 'a turn with thinking and a call, sent back verbatim with its result, is accepted from either mode',
  because: 'A signature that was changed or lost on the way ends the loop at its second turn.',
  breaks: ['claude-code'],
  source: docs(
    'build-with-claude/thinking',
    'when you return tool results, you must pass the thinking blocks from the assistant message back to the API, complete and unmodified',
  ),
  reads: { 'thinking/tool-result': 'answer', 'thinking/tool-result:stream': 'answer' },
  *check(_, exchanges) {
    yield* unserved(exchanges)
  },
})

export const guarded = requirement('thinking/forged-refused', {
  level: 'should',
  profile: 'full',
  title: 'a thought nobody signed, and a budget below the least, are refused with 400',
  because: 'A signature that is not checked vouches for nothing.',
  breaks: [],
  source: docs(page),
  after: ['thinking/offered'],
  reads: { 'thinking/forged': 'answer', 'thinking/small-budget': 'answer' },
  *check(answers) {
    yield* otherStatus(answers, 400)
  },
})

/** What a refusal speaks of that clients recover from: they leave the thought out, and ask again. */
const ofSignature = /signature|thinking|capability_rejected/i

export const foreignWords = requirement('thinking/foreign-words', {
  level: 'should',
  profile: 'full',
  title: 'a thought that was signed elsewhere is accepted, or refused in words about its signature',
  because: 'Claude Code knows those words, leaves the thought out and asks again; at others it gives up.',
  breaks: ['claude-code'],
  source: claudeCode(
    'llm-gateway-protocol',
    "The retry logic matches on the upstream's error wording, so forward error response bodies unmodified.",
  ),
  after: ['thinking/offered', 'errors/plain-message', 'errors/nothing-leaked'],
  reads: { 'thinking/forged': 'text' },
  unlessIn: (_, exchange) => refusalOf(exchange) === null,
  *check(_, exchanges) {
    yield* each(exchanges, function* (exchange) {
      const message = refusalOf(exchange)
      if (message !== null && !ofSignature.test(message))
        yield { at: '/error/message', expected: 'words about the signature', actual: show(message) }
    })
  },
})

/** The words in which a request was refused. */
function refusalOf(exchange: Exchange): string | null {
  const error = see(exchange, 'error')
  return error.is === 'there' ? error.value.error.message : null
}

export const omittedTakenBack = requirement('thinking/omitted-taken-back', {
  level: 'must',
  profile: 'full',
  title: 'a thought that is not shown, empty and signed, is accepted when it comes back with its call',
  because: 'Every turn of Claude Code has one.',
  breaks: [],
  source: docs(
    'build-with-claude/thinking',
    'when you return tool results, you must pass the thinking blocks from the assistant message back to the API, complete and unmodified',
  ),
  reads: { 'thinking/omitted:stream': 'answer', 'thinking/omitted-result:stream': 'answer' },
  *check({ 'thinking/omitted:stream': omitted }, exchanges) {
    // Not every model can leave it out.
    yield* otherStatus({ 'thinking/omitted:stream': omitted }, 200, 400)
    const back = 'thinking/omitted-result:stream'
    // Named, so that nothing holds where it never came back.
    if (omitted.status === 200) yield* unserved({ [back]: exchanges[back] })
  },
})

export const redactedServed = requirement('thinking/redacted-served', {
  level: 'must',
  profile: 'full',
  title: 'words that have a thought redacted are served, or refused with a 4xx',
  because: 'Which models redact depends on their generation; a 5xx is tried again for nothing.',
  breaks: [],
  source: httpError(400),
  after: ['thinking/tools-served'],
  reads: { 'thinking/redacted': 'answer' },
  *check(answers) {
    yield* failed(answers, 'an answer, or a 4xx')
  },
})

export const redactedTakenBack = requirement('thinking/redacted-taken-back', {
  level: 'must',
  profile: 'full',
  title: 'a thought that was redacted is accepted when it comes back with its call, from either mode',
  because: 'Nobody can read it, and nobody may leave it out: where it is refused or changed, the loop ends there.',
  breaks: ['claude-code'],
  source: docs(
    'build-with-claude/thinking',
    'pass redacted_thinking blocks back to the API unchanged when continuing a multi-turn conversation with tools',
  ),
  after: ['thinking/tools-served'],
  reads: {
    'thinking/redacted': 'answer',
    'thinking/redacted-again:stream': 'answer',
    'thinking/redacted-result:stream': 'answer',
  },
  *check(_, exchanges) {
    // Each is sent only where the turn before was redacted; named, so that nothing holds where none came back.
    const json = 'thinking/redacted-again:stream'
    yield* unserved({ [json]: exchanges[json] })
    const streamed = 'thinking/redacted-result:stream'
    yield* unserved({ [streamed]: exchanges[streamed] })
  },
})
