import { requirement } from '../harness/judge/requirement.ts'
import { each, failed, isFailure, otherStatus, wrongStatus } from '../harness/views/placed.ts'
import { see } from '../harness/views/views.ts'
import { docs, httpError, opinion } from '../sources.ts'

/* Requests that are wrong. How they are refused is a must; that they are refused is advice, where accepting loses nothing. */

const malformed = {
  'validation/not-json': 'answer',
  'validation/empty-body': 'answer',
  'validation/no-model': 'answer',
  'validation/no-max-tokens': 'answer',
  'validation/no-messages': 'answer',
  'validation/empty-messages': 'answer',
  'validation/messages-string': 'answer',
  'validation/message-string': 'answer',
  'validation/unknown-role': 'answer',
  'validation/negative-max-tokens': 'answer',
  'validation/fractional-max-tokens': 'answer',
  'validation/max-tokens-string': 'answer',
  'validation/block-without-type': 'answer',
  'validation/unknown-block': 'answer',
  'validation/text-without-text': 'answer',
  'validation/text-number': 'answer',
  'validation/stop-sequences-string': 'answer',
  'validation/stream-string': 'answer',
  'validation/streamed-no-max-tokens': 'answer',
  'validation/temperature-word': 'answer',
  'validation/system-first': 'answer',
  'validation/sampling-2026-10-21': 'answer',
} as const

/** Clients send an empty text beside a call, and gateways take it: whether it is refused is theirs to say, how is not. */
const tolerable = { 'validation/empty-text': 'answer' } as const

/** The same body, by whichever header the key comes: what fails on one of them fails before it reads the body. */
const byEitherHeader = {
  'validation/no-messages-bearer': 'answer',
  'validation/no-messages-x-api-key': 'answer',
} as const

const malformedTools = {
  'validation/tool-without-name': 'answer',
  'validation/tool-without-schema': 'answer',
  'validation/tool-name-illegal': 'answer',
  'validation/duplicate-tools': 'answer',
  'validation/undeclared-choice': 'answer',
  'validation/stray-result': 'answer',
  'validation/unanswered-call': 'answer',
} as const

const retried = 'A 5xx is taken for a failure of the moment: SDKs send the same bad request three times.'

export const never5xx = requirement('validation/never-5xx', {
  level: 'must',
  profile: 'minimum',
  title: 'a malformed request is never answered with 5xx, by whichever header the key comes',
  because: retried,
  breaks: ['claude-code'],
  source: httpError(400),
  reads: { ...malformed, ...tolerable, ...byEitherHeader },
  *check(answers) {
    yield* failed(answers, '400')
  },
})

export const toolsNever5xx = requirement('validation/tools-never-5xx', {
  level: 'must',
  profile: 'sdk',
  title: 'a request with malformed tools is never answered with 5xx',
  because: retried,
  breaks: ['claude-code'],
  source: httpError(400),
  reads: malformedTools,
  *check(answers) {
    yield* failed(answers, '400')
  },
})

export const refused = requirement('validation/refused', {
  level: 'should',
  profile: 'sdk',
  title: 'a malformed request is refused with 400',
  because: 'What is let through here fails later, further from its cause.',
  breaks: [],
  source: httpError(400),
  reads: malformed,
  unlessIn: isFailure,
  *check(answers) {
    yield* otherStatus(answers, 400)
  },
})

export const toolsRefused = requirement('validation/tools-refused', {
  level: 'should',
  profile: 'full',
  title: 'a request with malformed tools is refused with 400',
  because: 'A tool nobody can call, or a result of no call, is a mistake of the client that it should hear of.',
  breaks: [],
  source: httpError(400),
  reads: malformedTools,
  unlessIn: isFailure,
  *check(answers) {
    yield* otherStatus(answers, 400)
  },
})

export const refusedAlike = requirement('validation/refused-alike', {
  level: 'should',
  profile: 'minimum',
  title: 'the same wrong request is refused the same way each time: status and type',
  because: 'What is 400 now and something else then comes of several instances behind one name that are not alike.',
  breaks: [],
  source: opinion('The same question has the same answer, where no model has a say in it.'),
  reads: {
    'validation/no-model': 'answer',
    'validation/no-model-again': 'answer',
    'validation/no-model-once-more': 'answer',
  },
  *check(answers, exchanges) {
    let first: string | undefined
    yield* each(answers, function* ({ status }, fixture) {
      const error = see(exchanges[fixture], 'error')
      const refusal = `${status} ${error.is === 'there' ? error.value.error.type : ''}`.trim()
      // Whether it is refused at all is validation/refused.
      if (status >= 400) first ??= refusal
      if (status >= 400 && refusal !== first) yield { at: 'status', expected: `${first}, as before`, actual: refusal }
    })
  },
})

export const largeBody = requirement('validation/large-body', {
  level: 'should',
  profile: 'claude-code',
  title: 'a body of three megabytes is refused for what is wrong with it, and not for its size',
  because: 'The usual limit of a framework is one or two: a long session with screenshots ends there.',
  breaks: [],
  source: docs('api/errors#request-size-limits'),
  reads: { 'validation/large': 'answer' },
  *check(answers) {
    yield* wrongStatus(answers, '400', (status) => status >= 400 && status <= 499 && status !== 413 && status !== 404)
  },
})
