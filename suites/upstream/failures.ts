import { retryAfter } from '../../fixtures/gateways/reference/identity.ts'
import { decode } from '../harness/wire/body.ts'
import type { Answered } from '../harness/wire/exchange.ts'
import { requirement } from '../harness/judge/requirement.ts'
import { wrongHeader } from '../harness/views/wrong-header.ts'
import { each, wrongStatus } from '../harness/views/placed.ts'
import { docs, typescriptSdk } from '../sources.ts'
import type { Finding } from '../harness/views/finding.ts'

/* What becomes of a failure of the upstream: judged only where the built-in reference is that upstream, and fails on request. */

const errorEvents = docs(
  'build-with-claude/streaming#error-events',
  'The API may occasionally send errors in the event stream. For example, during periods of high usage, you may receive an overloaded_error',
)

/** A finding for an answer that says success of what failed: a whole Message, or a stream that ends as if it had come to its end. */
function* successes(came: Answered): Iterable<Finding> {
  const text = successOf(came)
  const actual = /^event: ?message_stop\b/m.test(text ?? '')
    ? 'message_stop, as if all had come'
    : 'a clean end of a 200, without a word of it'
  if (text !== null)
    yield { at: 'the end', expected: 'an error event, an error status, or a connection that breaks too', actual }
}

/** What an answer says under a status of success, with no word or sign of a failure; null where it is no such answer, or cannot be read. */
function successOf(came: Answered): string | null {
  if (came.status !== 200 || came.ends === 'cut' || came.ends === 'hung') return null
  const decoded = decode(came)
  const isError = /^\uFEFF?(event: ?error\b|data: ?\{\s*"type"\s*:\s*"error")/m
  return decoded.ok && !isError.test(decoded.text) ? decoded.text : null
}

export const cutShows = requirement('upstream/cut-shows', {
  level: 'must',
  profile: 'sdk',
  title: 'an upstream that breaks off in the middle is no clean end',
  because: 'A client takes half an answer, or half the arguments of a tool, for all of it.',
  breaks: ['claude-code'],
  source: errorEvents,
  reads: { 'upstream/cut': 'answer', 'upstream/cut:stream': 'answer' },
  *check(answers) {
    yield* each(answers, successes)
  },
})

export const errorEventShows = requirement('upstream/error-event-shows', {
  level: 'must',
  profile: 'sdk',
  title: 'an error event of the upstream ends the stream as an error',
  because: 'Swallowed, it leaves half an answer that looks whole.',
  breaks: ['claude-code'],
  source: errorEvents,
  reads: { 'upstream/error-event:stream': 'answer' },
  *check(answers) {
    yield* each(answers, successes)
  },
})

/** The statuses that clients try again. */
function isRetried(status: number): boolean {
  return status === 408 || status === 409 || status === 429 || status >= 500
}

export const retryable = requirement('upstream/overload-retryable', {
  level: 'must',
  profile: 'sdk',
  title: 'overload and rate limits of the upstream stay what a client tries again',
  because: 'Told 400, a client gives up on what would have gone through a second later; told 200, it never knows.',
  breaks: ['claude-code'],
  source: typescriptSdk('src/client.ts', 'Retry on rate limits. if (response.status === 429) return true;'),
  // Overload last of all: after it gateways spare an upstream longest, and answer for themselves.
  reads: { 'upstream/rate-limited': 'answer', 'upstream/overloaded': 'answer' },
  *check(answers) {
    yield* wrongStatus(answers, '408, 409, 429 or 5xx', isRetried)
  },
})

export const retryAfterKept = requirement('upstream/retry-after-kept', {
  level: 'should',
  profile: 'sdk',
  title: 'retry-after of the upstream comes through',
  because: 'The upstream knows when it will answer again; a client that guesses comes too soon.',
  breaks: [],
  source: docs('api/rate-limits#response-headers', 'The number of seconds to wait until you can retry the request.'),
  after: ['upstream/overload-retryable'],
  reads: { 'upstream/rate-limited': 'answer' },
  *check(_, exchanges) {
    yield* each(exchanges, (exchange) => wrongHeader(exchange, 'retry-after', retryAfter, () => true))
  },
})
