import type { Unserved } from '../../../schemas/types.ts'
import { validateCountTokensRequest, validateRequest } from '../../../schemas/validators.js'
import { asked } from '../../harness/views/asked.ts'
import { clip } from '../../harness/views/finding.ts'
import { attempt, peek } from '../../harness/views/holes.ts'
import { refusal, withoutAnswer } from '../../harness/views/served.ts'
import { see } from '../../harness/views/views.ts'
import { looksLikeCredential } from '../../harness/wire/credential-like.ts'
import type { Exchange } from '../../harness/wire/exchange.ts'
import { isObject } from '../../harness/wire/json.ts'

/** A valid request that was not served: how, and in which words. */
export interface NotServed {
  readonly kind: Unserved
  readonly status?: number
  readonly said: string
}

/**
 * Whether a request that keeps to the schema was refused or failed; null where it was served, where it is none of those the schema
 * is about, and where the client left before there was an answer.
 */
export function unservedValid(exchange: Exchange): NotServed | null {
  if (exchange.leftOut || !isValid(exchange)) return null
  const { came } = exchange
  if (came.kind === 'nothing')
    return came.failure === 'interrupted' ? null : { kind: 'unanswered', said: clip(came.detail) }
  if (came.ends === 'hung-up') return null
  const { status } = came
  const refused = attempt(() => refusal(exchange))
  if (refused.ok && refused.value === null) return null
  const said = words(exchange)
  if (withoutAnswer(exchange) === 'rate-limited') return { kind: 'busy', status, said }
  if (status === 401 || status === 403) return { kind: 'unauthorised', status, said }
  return { kind: status >= 400 && status < 500 ? 'refused' : 'failed', status, said }
}

function isValid(exchange: Exchange): boolean {
  const { endpoint, body } = asked(exchange)
  if (endpoint === 'messages') return validateRequest(body)
  if (endpoint === 'count_tokens') return validateCountTokensRequest(body)
  return false
}

/** What the gateway said against it: `invalid_request_error: messages.1.output_config: Extra inputs are not permitted`. */
function words(exchange: Exchange): string {
  const error = see(exchange, 'error')
  if (error.is === 'there') return spoken(error.value.error)
  const events = see(exchange, 'events')
  return events.is === 'there' && events.value.error ? spoken(peek(events.value.error.data, 'error')) : ''
}

function spoken(error: unknown): string {
  if (!isObject(error)) return ''
  const parts = [peek(error, 'type'), peek(error, 'message')].filter((part) => typeof part === 'string')
  return parts.length > 0 ? clip(parts.join(': ').split(/(\s)/).map(unlessCredential).join('')) : ''
}

/** A gateway may quote the key that its own upstream refused, which no redactor was given. */
function unlessCredential(word: string): string {
  return looksLikeCredential(word) ? '...' : word
}
