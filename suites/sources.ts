import type { Client } from './harness/judge/clients.ts'
import type { Source } from './harness/judge/source.ts'

/** A page of the official documentation, by its path, and the sentence a requirement rests on. */
export function docs(path: string, quote?: string): Source {
  return page(`https://platform.claude.com/docs/en/${path}`, quote)
}

/** What the documentation says of a status. */
export function httpError(status: keyof typeof httpErrors): Source {
  return docs('api/errors#http-errors', `${status} - ${httpErrors[status]}`)
}

const httpErrors = {
  400: 'invalid_request_error: There was an issue with the format or content of your request.',
  401: "authentication_error: There's an issue with your API key",
  404: 'not_found_error: The requested resource was not found.',
  429: 'rate_limit_error: Your organization has hit a rate limit',
} as const

/** What is said of a stream, put together by an SDK. */
export const accumulated = docs(
  'build-with-claude/streaming',
  'the SDKs provide a way to use streaming internally while returning the complete Message object, identical to what .create() returns',
)

/** What is said of conversations: each request sends all of one back. */
export const stateless = docs(
  'api/messages/create',
  'The Messages API can be used for either single queries or stateless multi-turn conversations.',
)

/** The pages in which Claude Code says what it asks of a gateway. */
export function claudeCode(
  path: 'llm-gateway-protocol' | 'llm-gateway-connect' | 'llm-gateway-rollout' | 'errors',
  quote?: string,
): Source {
  return page(`https://code.claude.com/docs/en/${path}`, quote)
}

/** What every gateway in front of the official API is asked for, whoever made it. */
export const unchanged = claudeCode(
  'llm-gateway-rollout',
  'Forward headers and body unchanged: pass anthropic-beta, anthropic-version, and the request body through in both directions',
)

/** A file of the official TypeScript SDK, and what it does there. */
export function typescriptSdk(file: string, quote: string): Source {
  const url = `https://github.com/anthropics/anthropic-sdk-typescript/blob/main/${file}`
  return { kind: 'code', url, quote, package: '@anthropic-ai/sdk', file }
}

/** What a client of a version was seen to do where the promise is not kept, or to need of it. */
export function measured(client: Client, version: string, date: string, finding: string): Source {
  return { kind: 'measured', client, version, date, finding }
}

/** A page, and the sentence a requirement rests on; without a sentence it carries no must. */
export function page(url: string, quote?: string): Source {
  return quote === undefined ? { kind: 'page', url } : { kind: 'documented', url, quote }
}

/** No sentence and no client: only our reason. Such a requirement is never a must. */
export function opinion(reason: string): Source {
  return { kind: 'opinion', opinion: reason }
}
