import { errorTypes } from '../../schemas/values.ts'
import { header, wholeHeaders } from '../harness/wire/headers.ts'
import { requirement } from '../harness/judge/requirement.ts'
import { wrongHeader } from '../harness/views/wrong-header.ts'
import { each, failed, otherStatus } from '../harness/views/placed.ts'
import { unserved } from '../harness/views/served.ts'
import { see } from '../harness/views/views.ts'
import { claudeCode, docs, httpError, opinion } from '../sources.ts'
import { show } from '../harness/views/finding.ts'

/* Errors: the status, the type, the words, and that they leave nothing behind. */

export const contentType = requirement('errors/content-type', {
  level: 'must',
  profile: 'minimum',
  title: 'an error says content-type: application/json',
  because: 'Clients that go by it show the raw text, or nothing.',
  breaks: ['raw-http'],
  source: docs('api/errors#error-shapes', 'The API always returns errors as JSON'),
  every: 'error',
  *check(_, exchange) {
    const json = 'application/json'
    yield* wrongHeader(exchange, 'content-type', json, (type) => type.toLowerCase().startsWith(json))
  },
})

/** The statuses each type goes with. `invalid_request_error` may also be used for other 4XX. */
export const statusesOf: ReadonlyMap<string, (status: number) => boolean> = new Map([
  ['invalid_request_error', (status) => status >= 400 && status < 500],
  ['authentication_error', (status) => status === 401],
  ['permission_error', (status) => status === 403],
  ['not_found_error', (status) => status === 404],
  ['request_too_large', (status) => status === 413],
  ['rate_limit_error', (status) => status === 429],
  ['api_error', (status) => status >= 500],
  ['timeout_error', (status) => status === 504 || status === 408],
  ['overloaded_error', (status) => status === 529 || status === 503],
])

export const statusFitsType = requirement('errors/status-fits-type', {
  level: 'must',
  profile: 'sdk',
  title: 'the status of an error fits its type',
  because:
    'SDKs choose whether to try again by the status: overload as 400 is never retried, a bad request as 500 three times.',
  breaks: ['claude-code'],
  source: httpError(429),
  every: 'error',
  where: ({ error }) => statusesOf.has(error.type),
  *check({ error }, { came }) {
    const fits = statusesOf.get(error.type)
    if (came.kind === 'answer' && fits && !fits(came.status))
      yield { at: 'status', expected: `a status of ${error.type}`, actual: String(came.status) }
  },
})

export const typeKnown = requirement('errors/type-known', {
  level: 'should',
  profile: 'sdk',
  title: 'error.type is one of the documented types',
  because: 'New types may come, but an invented one is handled by nobody.',
  breaks: [],
  source: docs('api/errors#http-errors'),
  every: 'error',
  *check({ error }) {
    const known: readonly string[] = [...errorTypes, 'request_too_large']
    if (!known.includes(error.type)) yield { at: '/error/type', expected: known.join(' | '), actual: show(error.type) }
  },
})

export const requestId = requirement('errors/request-id', {
  level: 'should',
  profile: 'sdk',
  title: 'an error names its request: request_id in the body, the same as the request-id header',
  because: 'It is what support asks for.',
  breaks: [],
  source: docs('api/errors#request-id', 'Every API response includes a unique request-id header.'),
  every: 'error',
  where: (_, exchange) => wholeHeaders(exchange),
  *check({ request_id }, { came }) {
    const named = came.kind === 'answer' ? header(came.headers, 'request-id') : undefined
    if (typeof request_id !== 'string') yield { at: '/request_id', expected: 'a string', actual: show(request_id) }
    else if (named !== undefined && named !== request_id)
      yield { at: '/request_id', expected: `${named}, as the header says`, actual: request_id }
  },
})

/** How a body begins that was passed on inside a message: as JSON or as the repr of Python, whatever words stand before it. */
const wrapped =
  /^\s*[{[<]|\bTraceback \(|\{\s*["'](?:errors?|details?|message|msg|code|status(?:_code)?)["']\s*:|\{\s*["']type["']\s*:\s*["'](?:error|\w+_error)["']/

export const plainMessage = requirement('errors/plain-message', {
  level: 'should',
  profile: 'sdk',
  title: 'error.message is a sentence, not a body inside a body',
  because: 'It is shown to people as it is.',
  breaks: [],
  source: opinion('A message that is itself JSON, HTML or the repr of an exception was passed through unread.'),
  every: 'error',
  *check({ error }) {
    if (error.message.trim() === '' || wrapped.test(error.message))
      yield { at: '/error/message', expected: 'a sentence', actual: show(error.message) }
  },
})

/** Traces of what stands behind a gateway, and credentials by their shape. What may be long is bounded: a message may begin anew at every word. */
const internals =
  /\bTraceback \(|\bat [\w.$<>]+ \([^()]{0,300}:\d{1,9}:\d{1,9}\)|\bdial tcp\b|\b(?:10|127)\.\d{1,3}\.\d{1,3}\.\d{1,3}\b|\b192\.168\.\d{1,3}\.\d{1,3}\b|\b172\.(?:1[6-9]|2\d|3[01])\.\d{1,3}\.\d{1,3}\b|\blocalhost:\d+|\bsk-[\w-]{16,}|\bAIza[\w-]{20,}|\bAKIA[A-Z0-9]{12,}|\bgh[pousr]_\w{20,}/

export const nothingLeaked = requirement('errors/nothing-leaked', {
  level: 'should',
  profile: 'minimum',
  title: 'an error says nothing of what stands behind the gateway: no stack, private address or credential',
  because: 'Errors are pasted into tickets and chats.',
  breaks: [],
  source: opinion('No sentence of the format forbids it; whoever runs the gateway would.'),
  every: 'error',
  *check({ error }) {
    const leak = internals.exec(error.message)
    if (leak) yield { at: '/error/message', expected: 'nothing internal', actual: `${leak[0].slice(0, 12)}...` }
  },
})

export const retryAfter = requirement('errors/retry-after', {
  level: 'should',
  profile: 'sdk',
  title: 'a 429 says in retry-after how many seconds to wait',
  because: 'Without it clients guess, and come back too soon.',
  breaks: [],
  source: docs('api/rate-limits#response-headers', 'The number of seconds to wait until you can retry the request.'),
  every: 'error',
  where: (_, exchange) => exchange.came.kind === 'answer' && exchange.came.status === 429,
  *check(_, exchange) {
    const isWait = (value: string): boolean => /^\d+(\.\d+)?$/.test(value) || !Number.isNaN(Date.parse(value))
    yield* wrongHeader(exchange, 'retry-after', 'seconds or a date', isWait)
  },
})

export const unknownModel = requirement('errors/unknown-model', {
  level: 'must',
  profile: 'minimum',
  title: 'a model nobody serves is never answered with a 5xx',
  because: 'A 5xx is tried again for nothing.',
  breaks: ['claude-code'],
  source: httpError(404),
  reads: { 'errors/unknown-model': 'answer' },
  *check(answers) {
    yield* failed(answers, '404, 403 or 400')
  },
})

export const unknownModel404 = requirement('errors/unknown-model-404', {
  level: 'should',
  profile: 'sdk',
  title: 'it is refused with 404 not_found_error',
  because: 'Claude Code offers another model when it sees one; a 200 is another model than the one that was asked for.',
  breaks: ['claude-code'],
  source: httpError(404),
  after: ['errors/unknown-model', 'errors/status-fits-type'],
  reads: { 'errors/unknown-model': 'answer' },
  *check(answers, exchanges) {
    yield* otherStatus(answers, 404)
    yield* each(answers, function* ({ status }, fixture) {
      const error = see(exchanges[fixture], 'error')
      if (status === 404 && error.is === 'there' && error.value.error.type !== 'not_found_error')
        yield { at: '/error/type', expected: 'not_found_error', actual: error.value.error.type }
    })
  },
})

export const beforeStream = requirement('errors/before-the-stream', {
  level: 'must',
  profile: 'sdk',
  title: 'what is wrong with a request is said by the status, also where it asks for a stream',
  because: 'An error inside a stream with status 200 is never retried, and clients show half an answer.',
  breaks: ['claude-code'],
  source: httpError(400),
  after: ['errors/unknown-model'],
  reads: { 'errors/unknown-model': 'answer', 'errors/unknown-model:stream': 'answer' },
  // A model that is served after all shows no error.
  unless: ({ 'errors/unknown-model': { status } }) => status < 400,
  *check({ 'errors/unknown-model': json, 'errors/unknown-model:stream': stream }, exchanges) {
    // What is served after all is no error, in whatever form: who else was asked is another question.
    const served = see(exchanges['errors/unknown-model:stream'], 'message').is === 'there'
    if (stream.status !== json.status && !served)
      yield {
        fixture: 'errors/unknown-model:stream',
        at: 'status',
        expected: `${json.status}, as without stream`,
        actual: String(stream.status),
      }
  },
})

export const unknownBeta = requirement('errors/unknown-beta', {
  level: 'must',
  profile: 'claude-code',
  title: 'a beta value it does not know is ignored, or refused with 400',
  because: 'Clients send new values before gateways know them.',
  breaks: ['claude-code'],
  source: claudeCode(
    'llm-gateway-protocol',
    "Forward the header verbatim; don't allowlist individual values, because the set changes with Claude Code releases.",
  ),
  reads: { 'errors/unknown-beta': 'answer' },
  *check(answers) {
    yield* otherStatus(answers, 200, 400)
  },
})

export const thenValid = requirement('errors/then-valid', {
  level: 'must',
  profile: 'minimum',
  title: 'a valid request is served after all those that were refused',
  because: 'One bad request must not spoil a connection, a worker or a whole gateway for the next.',
  breaks: ['typescript-sdk', 'python-sdk', 'claude-code', 'raw-http'],
  source: docs(
    'api/messages/create',
    'Send a structured list of input messages with text and/or image content, and the model will generate the next message in the conversation.',
  ),
  reads: { 'errors/then-valid': 'answer' },
  *check(_, exchanges) {
    yield* unserved(exchanges)
  },
})
