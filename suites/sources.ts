import type { Source } from './harness/judge/requirement.ts'

/** A page of the official documentation, by its path, and the sentence a requirement rests on. */
export function docs(path: string, quote?: string): Source {
  return source(`https://platform.claude.com/docs/en/${path}`, quote)
}

/** What the documentation says of a status. */
export function httpError(status: keyof typeof httpErrors): Source {
  return docs('api/errors#http-errors', `${status} - ${httpErrors[status]}`)
}

const httpErrors = {
  400: 'invalid_request_error: There was an issue with the format or content of your request.',
  401: "authentication_error: There's an issue with your API key.",
  404: 'not_found_error: The requested resource was not found.',
  429: 'rate_limit_error: Your account has hit a rate limit.',
} as const

/** A file of the official TypeScript SDK, and what it does there. */
export function typescriptSdk(path: string, quote?: string): Source {
  return source(`https://github.com/anthropics/anthropic-sdk-typescript/blob/main/${path}`, quote)
}

/** A file of the official Python SDK, and what it does there. */
export function pythonSdk(path: string, quote?: string): Source {
  return source(`https://github.com/anthropics/anthropic-sdk-python/blob/main/${path}`, quote)
}

/** The gateway contract that Claude Code publishes. */
export function claudeCode(page: 'llm-gateway-protocol' | 'llm-gateway-connect', quote?: string): Source {
  return source(`https://code.claude.com/docs/en/${page}`, quote)
}

/** Anything else that is written down: a standard, a public page. */
export function page(url: string, quote?: string): Source {
  return source(url, quote)
}

/** No sentence and no client: only our reason. Such a requirement is never a must. */
export function opinion(reason: string): Source {
  return { opinion: reason }
}

function source(url: string, quote?: string): Source {
  return quote === undefined ? { url } : { url, quote }
}
