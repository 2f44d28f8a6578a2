import { asked, askedTools, continuesCode } from '../harness/views/asked.ts'
import type { Exchange } from '../harness/wire/exchange.ts'
import { requirement } from '../harness/judge/requirement.ts'
import { docs, typescriptSdk } from '../sources.ts'
import type { Message } from '../../schemas/types.ts'
import { serviceTiers } from '../../schemas/values.ts'
import { isObject } from '../harness/wire/json.ts'
import { show } from '../harness/views/finding.ts'

/* What an answer says it cost. */

export const inputIsTheSum = docs(
  'api/messages/create',
  'Total input tokens in a request is the summation of input_tokens, cache_creation_input_tokens, and cache_read_input_tokens.',
)

export const shape = requirement('usage/shape', {
  level: 'must',
  profile: 'minimum',
  title: 'a Message has usage with input_tokens and output_tokens; every count is an integer of 0 or more',
  because:
    'Budgets and bills are added up from them; where usage is missing, the tool runners of the current SDKs raise.',
  breaks: ['claude-code', 'raw-http'],
  source: docs('api/messages/create', 'The number of input tokens which were used.'),
  vouches: 'message',
})

export const inMessageStart = requirement('usage/message-start', {
  level: 'must',
  profile: 'sdk',
  title: 'message_start has usage with integers input_tokens and output_tokens',
  because: 'Both SDKs write the final output_tokens into this object; where it is missing they raise.',
  breaks: [],
  source: typescriptSdk('src/lib/MessageStream.ts', 'snapshot.usage.output_tokens = event.usage.output_tokens;'),
  vouches: 'stream',
})

export const inMessageDelta = requirement('usage/message-delta', {
  level: 'must',
  profile: 'sdk',
  title: 'message_delta has usage with an integer output_tokens',
  because: 'Both SDKs read it without asking, and raise where it is missing.',
  breaks: [],
  source: typescriptSdk('src/lib/MessageStream.ts', 'snapshot.usage.output_tokens = event.usage.output_tokens;'),
  vouches: 'stream',
})

export const outputCounted = requirement('usage/output-counted', {
  level: 'must',
  profile: 'minimum',
  title: 'output_tokens is more than 0, also for an empty answer; a refusal before the first word may cost nothing',
  because: 'An answer that cost nothing is either free or was never made.',
  breaks: ['raw-http'],
  source: docs('api/messages/create', 'output_tokens will be non-zero, even for an empty string response from Claude.'),
  every: 'message',
  where: (message, exchange) =>
    asked(exchange).body['max_tokens'] !== 0 && !ofRunningCode(message, exchange) && !saysNothing(message),
  *check({ usage }) {
    if (usage.output_tokens === 0) yield { at: '/usage/output_tokens', expected: 'more than 0', actual: '0' }
  },
})

/** Refused before any output. Source: https://platform.claude.com/docs/en/build-with-claude/refusals-and-fallback#what-a-refusal-looks-like */
function saysNothing({ stop_reason, content }: Message): boolean {
  return stop_reason === 'refusal' && content.length === 0
}

export const inputCounted = requirement('usage/input-counted', {
  level: 'must',
  profile: 'minimum',
  title: 'input_tokens and the cache counts add up to more than 0',
  because: 'A request always has tokens; a 0 here is a count that was lost.',
  breaks: ['raw-http'],
  source: inputIsTheSum,
  every: 'message',
  where: (message, exchange) => !ofRunningCode(message, exchange),
  *check({ usage }) {
    if (inputTotal(usage) === 0)
      yield { at: '/usage/input_tokens', expected: 'more than 0 in all', actual: show(usage) }
  },
})

export const thinkingWithinOutput = requirement('usage/thinking-within-output', {
  level: 'should',
  profile: 'full',
  title: 'thinking_tokens are part of output_tokens',
  because: 'They are billed as output; more of them than of the whole is a count that is wrong.',
  breaks: [],
  source: docs('api/messages/create'),
  every: 'message',
  where: ({ usage }) => typeof usage.output_tokens_details?.thinking_tokens === 'number',
  *check({ usage }) {
    const thinking = usage.output_tokens_details?.thinking_tokens
    if (typeof thinking === 'number' && thinking > usage.output_tokens)
      yield {
        at: '/usage/output_tokens_details/thinking_tokens',
        expected: `at most ${usage.output_tokens}`,
        actual: show(thinking),
      }
  },
})

export const cumulative = requirement('usage/cumulative', {
  level: 'must',
  profile: 'sdk',
  title: 'output_tokens of a stream never goes down',
  because: 'The counts are cumulative and replace each other: the last one is the bill.',
  breaks: [],
  source: docs(
    'build-with-claude/streaming#event-types',
    'The token counts shown in the usage field of the message_delta event are cumulative.',
  ),
  every: 'events',
  where: ({ messageDeltas }) => messageDeltas.length > 0,
  *check({ start, messageDeltas }) {
    let before = outputOf(start?.message['usage'])
    for (const { number, data } of messageDeltas) {
      const count = outputOf(data['usage'])
      if (count < before)
        yield { at: `event ${number} /usage/output_tokens`, expected: `${before} or more`, actual: String(count) }
      before = Math.max(before, count)
    }
  },
})

export const startCountsInput = requirement('usage/start-counts-input', {
  level: 'should',
  profile: 'sdk',
  title: 'message_start already counts the input',
  because: 'Progress and cost displays read it there; translators often say 0 until the end.',
  breaks: [],
  source: docs(
    'build-with-claude/streaming#event-types',
    '"stop_reason": null, "stop_sequence": null, "usage": {"input_tokens": 25, "output_tokens": 1}',
  ),
  beyond: { 'chat-completions': 'It counts the prompt with the last chunk.' },
  every: 'events',
  where: ({ start }, exchange) => start !== null && !continuesCode(exchange),
  *check({ start }) {
    const usage = start?.message['usage']
    if (isObject(usage) && inputTotal(usage) === 0)
      yield {
        at: `event ${start?.number} /message/usage/input_tokens`,
        expected: 'more than 0',
        actual: show(usage['input_tokens']),
      }
  },
})

export const serviceTier = requirement('usage/service-tier', {
  level: 'should',
  profile: 'full',
  title: 'service_tier, where it is set, is a documented tier',
  because: 'What a token costs depends on the tier; for one that nobody knows there is no price.',
  breaks: [],
  source: typescriptSdk(
    'src/resources/messages/messages.ts',
    "If the request used the priority, standard, or batch tier. */ service_tier: 'standard' | 'priority' | 'batch' | null;",
  ),
  every: 'message',
  where: ({ usage }) => usage.service_tier != null,
  *check({ usage }) {
    const known: readonly unknown[] = serviceTiers
    if (!known.includes(usage.service_tier))
      yield { at: '/usage/service_tier', expected: serviceTiers.join(' | '), actual: show(usage.service_tier) }
  },
})

const lifetimes = ['ephemeral_5m_input_tokens', 'ephemeral_1h_input_tokens'] as const

export const cacheCreationParts = requirement('usage/cache-creation-parts', {
  level: 'should',
  profile: 'sdk',
  title: 'usage.cache_creation, where it is set, has both of its counts',
  because: 'Types declare both as always there: one that is missing adds up to NaN.',
  breaks: [],
  source: typescriptSdk(
    'src/resources/messages/messages.ts',
    'The number of input tokens used to create the 1 hour cache entry. */ ephemeral_1h_input_tokens: number;',
  ),
  every: 'message',
  where: ({ usage }) => isObject(usage.cache_creation),
  *check({ usage }) {
    const { cache_creation: parts } = usage
    for (const name of lifetimes)
      if (isObject(parts) && !Number.isInteger(parts[name]))
        yield { at: `/usage/cache_creation/${name}`, expected: 'an integer', actual: show(parts[name]) }
  },
})

export const searchesCounted = requirement('usage/searches-counted', {
  level: 'should',
  profile: 'full',
  title: 'searches that the server ran are counted in usage.server_tool_use',
  because: 'They are billed one by one; without the count nobody can tell what for.',
  breaks: [],
  source: docs('agents-and-tools/tool-use/web-search-tool'),
  after: ['usage/shape', 'usage/message-delta'],
  capability: 'server-tools',
  least: 'tools/server',
  every: 'message',
  // What lost its output tokens on the way lost this count beside them.
  where: (message, exchange) =>
    message.usage.output_tokens >= 0 &&
    askedTools(exchange).some(({ type }) => String(type).startsWith('web_search')) &&
    searches(message) > 0,
  *check(message) {
    const counts: unknown = message.usage.server_tool_use
    const counted = isObject(counts) ? counts['web_search_requests'] : undefined
    if (!(typeof counted === 'number' && counted > 0))
      yield { at: '/usage/server_tool_use/web_search_requests', expected: 'more than 0', actual: show(counted) }
  },
})

/** How many searches of this very answer brought results. */
function searches({ content }: Message): number {
  if (!content.some((block) => block.type === 'server_tool_use' && 'name' in block && block.name === 'web_search'))
    return 0
  return content.filter(
    (block) => block.type === 'web_search_tool_result' && 'content' in block && Array.isArray(block.content),
  ).length
}

/** All input tokens, cached or not. */
export function inputTotal(usage: { readonly [key: string]: unknown } | Message['usage']): number {
  const counts = usage as { readonly [key: string]: unknown }
  return ['input_tokens', 'cache_creation_input_tokens', 'cache_read_input_tokens']
    .map((key) => counts[key])
    .reduce<number>((sum, count) => sum + (typeof count === 'number' ? count : 0), 0)
}

/** A turn that goes on running code is the server's: its counts may be 0 and 0. */
function ofRunningCode(message: Message, exchange: Exchange): boolean {
  const called = message.content.some((block) => {
    const caller: unknown = 'caller' in block ? block.caller : undefined
    return isObject(caller) && caller['type'] !== 'direct'
  })
  return called || continuesCode(exchange)
}

function outputOf(usage: unknown): number {
  const count = isObject(usage) ? usage['output_tokens'] : undefined
  return typeof count === 'number' ? count : 0
}
