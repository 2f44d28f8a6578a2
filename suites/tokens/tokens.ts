import type { TokenCount } from '../../schemas/types.ts'
import { asked } from '../harness/views/asked.ts'
import { requirement } from '../harness/judge/requirement.ts'
import { each, failed, isFailure, otherStatus, wrongStatus, type PlacedFinding } from '../harness/views/placed.ts'
import { unserved } from '../harness/views/served.ts'
import { docs, httpError, opinion } from '../sources.ts'
import { inputTotal } from '../usage/usage.ts'

/* POST /v1/messages/count_tokens */

const page = 'api/messages/count_tokens'

export const offered = requirement('tokens/offered', {
  level: 'must',
  profile: 'sdk',
  title: 'tokens are counted, or the endpoint is plainly not there: 404, 405 or 501',
  because: 'A client that gets a 400 or a 500 takes its own request for wrong; on a 404 it estimates by itself.',
  breaks: ['claude-code'],
  source: docs(
    page,
    'The Token Count API can be used to count the number of tokens in a Message, including tools, images, and documents, without creating it.',
  ),
  gates: 'count-tokens',
  probe: ['tokens/short'],
  declinedBy: [],
  endpoint: true,
})

export const shape = requirement('tokens/shape', {
  level: 'must',
  profile: 'sdk',
  title: 'count_tokens answers {"input_tokens": N}',
  because: 'A client that plans its context by it plans with undefined otherwise.',
  breaks: ['claude-code'],
  source: docs(page, 'The total number of tokens across the provided list of messages, system prompt, and tools.'),
  capability: 'count-tokens',
  vouches: 'count',
})

export const counted = requirement('tokens/counted', {
  level: 'must',
  profile: 'sdk',
  title: 'a count is more than 0',
  because: 'A client that is told 0 never compacts its context, and runs into the limit.',
  breaks: ['claude-code'],
  source: docs(page, 'The total number of tokens across the provided list of messages, system prompt, and tools.'),
  capability: 'count-tokens',
  every: 'count',
  *check({ input_tokens }) {
    if (input_tokens === 0) yield { at: '/input_tokens', expected: 'more than 0', actual: '0' }
  },
})

export const served = requirement('tokens/served', {
  level: 'must',
  profile: 'sdk',
  title: 'system prompts, tools and longer messages are counted too',
  because: 'They are most of what an agent sends.',
  breaks: ['claude-code'],
  source: docs(
    page,
    'The Token Count API can be used to count the number of tokens in a Message, including tools, images, and documents, without creating it.',
  ),
  after: ['tokens/offered'],
  reads: {
    'tokens/long': 'answer',
    'tokens/system': 'answer',
    'tokens/tools': 'answer',
    'tokens/hello': 'answer',
    'tokens/short-again': 'answer',
    'tokens/short-once-more': 'answer',
  },
  *check(_, exchanges) {
    yield* unserved(exchanges)
  },
})

export const clientsServed = requirement('tokens/clients-served', {
  level: 'must',
  profile: 'claude-code',
  title:
    'tokens are counted as Claude Code asks for them: without metadata, with an empty list of tools, and those of a long conversation',
  because: 'Every count of a session is asked for so; /context asks for each part of a prompt by itself.',
  breaks: ['claude-code'],
  source: docs(
    page,
    'The Token Count API can be used to count the number of tokens in a Message, including tools, images, and documents, without creating it.',
  ),
  after: ['tokens/offered'],
  reads: {
    'tokens/claude-code': 'answer',
    'tokens/context': 'answer',
    'tokens/context-prompt': 'answer',
    'tokens/context-tool': 'answer',
    'tokens/thousands': 'answer',
  },
  *check(_, exchanges) {
    yield* unserved(exchanges)
  },
})

export const asUsageLong = requirement('tokens/as-usage-long', {
  level: 'should',
  profile: 'claude-code',
  title: 'the count of some thousand tokens and what the answer reports as input are the same, give or take a tenth',
  because: 'It is at such a length that a client decides to compact its context.',
  breaks: [],
  source: docs('build-with-claude/token-counting'),
  after: ['tokens/counted', 'tokens/as-usage', 'usage/input-counted'],
  reads: { 'tokens/thousands': 'count', 'output/long': 'message' },
  *check({ 'tokens/thousands': { input_tokens }, 'output/long': { usage } }) {
    const billed = inputTotal(usage)
    if (Math.abs(billed - input_tokens) > billed * 0.1)
      yield {
        fixture: 'tokens/thousands',
        at: '/input_tokens',
        expected: `about ${billed}`,
        actual: String(input_tokens),
      }
  },
})

export const grows = requirement('tokens/grows', {
  level: 'should',
  profile: 'sdk',
  title: 'more content counts more: a longer message, a system prompt, a tool',
  because: 'A count that leaves parts out is worse than none.',
  breaks: [],
  source: docs(page, 'The total number of tokens across the provided list of messages, system prompt, and tools.'),
  reads: { 'tokens/short': 'count', 'tokens/long': 'count', 'tokens/system': 'count', 'tokens/tools': 'count' },
  *check({ 'tokens/short': short, ...larger }) {
    yield* notMore(larger, short)
  },
})

export const asUsage = requirement('tokens/as-usage', {
  level: 'should',
  profile: 'sdk',
  title: 'a count and what the answer to the same request reports as input are the same, give or take a tenth',
  because: 'Budgets are planned with the one and billed by the other.',
  breaks: [],
  source: docs('build-with-claude/token-counting'),
  reads: { 'tokens/hello': 'count', 'messages/hello': 'message' },
  *check({ 'tokens/hello': { input_tokens }, 'messages/hello': { usage } }, { 'messages/hello': exchange }) {
    const billed = inputTotal(usage)
    const differ = Math.abs(billed - input_tokens) > Math.max(20, billed * 0.1)
    // Text has no more tokens than characters: where only the answer reports more, it is the answer that is padded.
    const most = JSON.stringify(asked(exchange).body['messages']).length
    if (differ && billed > most && input_tokens <= most)
      yield {
        fixture: 'messages/hello',
        at: '/usage/input_tokens',
        expected: `about ${input_tokens}, as it was counted`,
        actual: String(billed),
      }
    else if (differ)
      yield { fixture: 'tokens/hello', at: '/input_tokens', expected: `about ${billed}`, actual: String(input_tokens) }
  },
})

export const countedAlike = requirement('tokens/counted-alike', {
  level: 'should',
  profile: 'sdk',
  title: 'the same request counts the same each time',
  because: 'A count that comes and goes is that of several instances behind one name that are not alike.',
  breaks: [],
  source: opinion('The same request has the same tokens.'),
  after: ['tokens/offered'],
  reads: { 'tokens/short': 'count', 'tokens/short-again': 'count', 'tokens/short-once-more': 'count' },
  *check(counts) {
    let first: number | undefined
    yield* each(counts, function* ({ input_tokens }) {
      first ??= input_tokens
      if (input_tokens !== first)
        yield { at: '/input_tokens', expected: `${first}, as before`, actual: String(input_tokens) }
    })
  },
})

export const authorised = requirement('tokens/authorised', {
  level: 'must',
  profile: 'sdk',
  title: 'tokens are not counted for whoever has no credential',
  because: 'A client with a wrong key must hear of it here as it does there.',
  breaks: [],
  source: httpError(401),
  after: ['tokens/offered'],
  reads: { 'tokens/no-credential': 'answer' },
  *check(answers) {
    yield* otherStatus(answers, 401)
  },
})

export const never5xx = requirement('tokens/malformed-never-5xx', {
  level: 'must',
  profile: 'sdk',
  title: 'a malformed request for a count, or one for a model nobody serves, is never answered with 5xx',
  because: 'A 5xx is taken for a failure of the moment, and the same bad request is sent again.',
  breaks: ['claude-code'],
  source: httpError(400),
  after: ['tokens/offered'],
  reads: { 'tokens/no-messages': 'answer', 'tokens/unknown-model': 'answer' },
  *check(answers) {
    yield* failed(answers, 'a 4xx')
  },
})

export const refused = requirement('tokens/malformed-refused', {
  level: 'should',
  profile: 'sdk',
  title: 'a malformed request for a count is refused with a 4xx',
  because: 'A count of nothing is a wrong count.',
  breaks: [],
  source: httpError(400),
  after: ['tokens/offered'],
  reads: { 'tokens/no-messages': 'answer' },
  unlessIn: isFailure,
  *check(answers) {
    yield* wrongStatus(answers, 'a 4xx', (status) => status >= 400 && status <= 499)
  },
})

/** A finding for each count that is no more than another, of a smaller request. */
function notMore<N extends string>(
  counts: Readonly<Record<N, TokenCount>>,
  { input_tokens: least }: TokenCount,
): Iterable<PlacedFinding<N>> {
  return each(counts, function* ({ input_tokens }) {
    if (input_tokens <= least)
      yield { at: '/input_tokens', expected: `more than ${least}`, actual: String(input_tokens) }
  })
}
