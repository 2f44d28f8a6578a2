import { requirement } from '../harness/judge/requirement.ts'
import { noSuchEndpoint, see } from '../harness/views/views.ts'
import { docs, typescriptSdk } from '../sources.ts'

/* What every answer that is no 200 looks like. */

export const envelope = requirement('errors/envelope', {
  level: 'must',
  profile: 'minimum',
  title: 'an error is {"type": "error", "error": {"type", "message"}} as JSON',
  because: 'Clients choose their class, their retry and the text they show from error.type and error.message.',
  breaks: ['claude-code', 'raw-http'],
  source: docs(
    'api/errors#error-shapes',
    'The API always returns errors as JSON, with a top-level error object that always includes a type and message value.',
  ),
  vouches: 'error',
})

export const never200 = requirement('errors/never-200', {
  level: 'must',
  profile: 'minimum',
  ofWrong: true,
  title: 'an error is never delivered with status 200',
  because: 'Both SDKs hand it on as a Message without content, and raise nothing.',
  breaks: ['claude-code', 'raw-http'],
  source: docs('api/errors#http-errors', 'The API follows a predictable HTTP error code format'),
  vouches: 'json',
})

export const inStreamEnvelope = requirement('errors/in-stream-envelope', {
  level: 'must',
  profile: 'sdk',
  title: 'an error event holds the same envelope',
  because: 'The SDKs take the type of the error they raise from it.',
  breaks: [],
  source: typescriptSdk('src/core/streaming.ts', 'const type = body?.error?.type as ErrorType | undefined;'),
  vouches: 'stream',
})

export const everywhere = requirement('errors/envelope-everywhere', {
  level: 'should',
  profile: 'sdk',
  title: 'an endpoint that is not there says so in the envelope too',
  because: 'Clients show the message; a page or another envelope shows as noise.',
  breaks: [],
  source: docs('api/errors#error-shapes', 'The API always returns errors as JSON'),
  every: 'answer',
  where: ({ status }, exchange) => noSuchEndpoint(exchange, status) && exchange.sent.method !== 'HEAD',
  *check(_, exchange) {
    if (see(exchange, 'error').is !== 'there')
      yield { at: 'body', expected: 'the error envelope', actual: 'something else' }
  },
})
