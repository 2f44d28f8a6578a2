import { requirement } from '../harness/requirement.ts'
import { docs } from '../sources.ts'

/* POST /v1/messages/count_tokens */

export const shape = requirement('tokens/shape', {
  level: 'must',
  profile: 'sdk',
  title: 'count_tokens answers {"input_tokens": N}',
  because: 'A client that plans its context by it plans with undefined otherwise.',
  breaks: ['typescript-sdk', 'python-sdk', 'claude-code'],
  source: docs(
    'api/messages/count_tokens',
    'input_tokens: The total number of tokens across the provided list of messages, system prompt, and tools.',
  ),
  capability: 'count-tokens',
  vouches: 'count',
})
