import type { Answered } from '../wire/exchange.ts'
import { header } from '../wire/headers.ts'

/**
 * Whether an answer says that what was asked cannot be served now, and may be later: a rate limit, an overload, or a service that
 * says when it will be back.
 */
export function saysBusy({ status, headers }: Answered): boolean {
  return status === 429 || status === 529 || (status === 503 && header(headers, 'retry-after') !== undefined)
}
