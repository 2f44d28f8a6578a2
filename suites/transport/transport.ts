import { header, wholeHeaders } from '../harness/wire/headers.ts'
import { requirement } from '../harness/judge/requirement.ts'
import { failed, otherStatus, wrongStatus } from '../harness/views/placed.ts'
import { unserved } from '../harness/views/served.ts'
import { see } from '../harness/views/views.ts'
import { claudeCode, docs, httpError, measured, opinion, typescriptSdk } from '../sources.ts'

/* The bytes of an answer. */

export const whole = requirement('transport/whole', {
  level: 'must',
  profile: 'minimum',
  title: 'the whole body of an answer arrives',
  because: 'A body that breaks off is an error in every client, or half an answer taken for a whole one.',
  breaks: ['raw-http'],
  source: typescriptSdk(
    'src/lib/MessageStream.ts',
    "throw new AnthropicError('stream ended without producing a Message with role=assistant');",
  ),
  vouches: 'text',
})

export const readable = requirement('transport/readable', {
  level: 'must',
  profile: 'minimum',
  title: 'the body is UTF-8 and compressed only as content-encoding says',
  because: 'Anything else is noise to every client.',
  breaks: ['raw-http'],
  source: typescriptSdk('src/core/streaming.ts', "const decoder = new TextDecoder('utf-8', { ignoreBOM: true });"),
  vouches: 'text',
})

/** Reasons to send an exchange again that say nothing of the gateway: the model did not get there, the other credential header. */
const notOfTheGateway: ReadonlySet<string> = new Set(['unreached', 'credential'])

/** What fails where a client has just left is streaming/survives-hang-up. */
export const steady = requirement('transport/steady', {
  level: 'should',
  profile: 'minimum',
  title: 'a valid request is served at the first try',
  because: 'What fails now and then costs every client a retry, and mid-stream there is none.',
  breaks: [],
  source: docs('api/errors', "500 - api_error: An unexpected error has occurred internal to Anthropic's systems."),
  overall: true,
  every: 'answer',
  where: (_, { retryOf, attempt, fixture }) =>
    fixture !== 'streaming/after-hang-up:stream' &&
    (attempt === 1 || (retryOf !== undefined && !notOfTheGateway.has(retryOf))),
  *check({ status }, exchange) {
    const { retryOf } = exchange
    if (retryOf !== undefined && status === 200 && see(exchange, 'text').is === 'there')
      yield { at: 'first try', expected: '200', actual: retryOf }
  },
})

export const requestId = requirement('transport/request-id', {
  level: 'should',
  profile: 'sdk',
  title: 'every answer has a request-id header',
  because: 'SDKs hand it on as _request_id; it is what support asks for.',
  breaks: [],
  source: docs('api/errors#request-id', 'Every API response includes a unique request-id header.'),
  every: 'answer',
  where: (_, exchange) => wholeHeaders(exchange),
  *check(answer) {
    if (!header(answer.headers, 'request-id')) yield { at: 'header request-id', expected: 'an id', actual: 'missing' }
  },
})

export const requestIdsDiffer = requirement('transport/request-ids-differ', {
  level: 'should',
  profile: 'sdk',
  title: 'no two answers have the same request-id',
  because: 'An id that is not unique finds the wrong request.',
  breaks: [],
  source: docs('api/errors#request-id', 'Every API response includes a unique request-id header.'),
  after: ['transport/request-id'],
  reads: { 'messages/hello': 'text', 'messages/hello:stream': 'text' },
  *check(_, { 'messages/hello': one, 'messages/hello:stream': other }) {
    const [first, second] = [one, other].map(({ came }) =>
      came.kind === 'answer' ? header(came.headers, 'request-id') : undefined,
    )
    if (first === second)
      yield {
        fixture: 'messages/hello:stream',
        at: 'header request-id',
        expected: 'another than before',
        actual: String(second),
      }
  },
})

export const sdkHeaders = requirement('transport/sdk-headers', {
  level: 'must',
  profile: 'sdk',
  title: 'the headers and the query that official clients send along are tolerated',
  because: 'Every SDK sends x-stainless headers, and beta methods send ?beta=true.',
  breaks: ['typescript-sdk', 'python-sdk'],
  source: claudeCode(
    'llm-gateway-protocol',
    'Inference requests post to /v1/messages?beta=true, so match on the path, not the full URL.',
  ),
  reads: { 'transport/sdk-headers': 'answer' },
  *check(_, exchanges) {
    yield* unserved(exchanges)
  },
})

export const notCached = requirement('transport/not-cached', {
  level: 'should',
  profile: 'minimum',
  title: 'no answer may be kept by a shared cache',
  because: "The next one to ask would get somebody else's answer.",
  breaks: [],
  source: opinion('The official API says no-cache on streams and nothing on JSON.'),
  every: 'answer',
  *check(answer) {
    const found = header(answer.headers, 'cache-control')
    if (found && /\bpublic\b|s-maxage=[1-9]/i.test(found))
      yield { at: 'header cache-control', expected: 'nothing that lets a shared cache keep it', actual: found }
  },
})

export const noBom = requirement('transport/no-bom', {
  level: 'should',
  profile: 'sdk',
  title: 'a stream does not begin with a byte order mark',
  because: 'The Python SDK then loses message_start.',
  breaks: [],
  source: measured(
    'python-sdk',
    '1.13.0',
    '2026-11-22',
    'message_start behind a byte order mark is lost, and the stream raises',
  ),
  capability: 'streaming',
  every: 'stream',
  *check({ bom }) {
    if (bom) yield { at: 'byte 0', expected: 'the first event', actual: 'U+FEFF' }
  },
})

export const wrongMethod = requirement('transport/wrong-method', {
  level: 'should',
  profile: 'full',
  title: 'GET where only POST is served is refused with a 4xx',
  because: 'Health checks and crawlers do it.',
  breaks: [],
  source: opinion('No client does it, and no page says what follows.'),
  reads: { 'transport/get-messages': 'answer' },
  *check(answers) {
    yield* wrongStatus(answers, 'a 4xx', (status) => status >= 400 && status <= 499)
  },
})

export const unknownPath = requirement('transport/unknown-path', {
  level: 'should',
  profile: 'full',
  title: 'a path there is none of is answered with 404',
  because: 'A client that asks for an endpoint the gateway lacks falls back on a 404 only.',
  breaks: [],
  source: httpError(404),
  reads: { 'transport/unknown-path': 'answer' },
  *check(answers) {
    yield* otherStatus(answers, 404)
  },
})

export const head = requirement('transport/head', {
  level: 'should',
  profile: 'claude-code',
  title: 'HEAD /api/hello does not fail with 5xx',
  because: 'Claude Code warms its connection with it; it may be refused.',
  breaks: [],
  source: claudeCode(
    'llm-gateway-protocol',
    'A gateway also sees best-effort startup traffic it can reject without breaking anything.',
  ),
  reads: { 'transport/head': 'answer' },
  *check(answers) {
    yield* failed(answers, 'below 500')
  },
})
