import { createHash } from 'node:crypto'
import { wrongKey } from '../harness/gather/compose.ts'
import { redactedMark } from '../harness/tape/redact.ts'
import { requirement } from '../harness/judge/requirement.ts'
import { each, otherStatus } from '../harness/views/placed.ts'
import { clip, show } from '../harness/views/finding.ts'
import { unserved } from '../harness/views/served.ts'
import { decode } from '../harness/wire/body.ts'
import { claudeCode, httpError, measured, opinion, page, typescriptSdk } from '../sources.ts'

/* Who may ask: the two credential headers, right and wrong. */

export const bearer = requirement('auth/bearer-offered', {
  level: 'must',
  profile: 'minimum',
  title: 'the key is accepted as Authorization: Bearer',
  because: 'Every official SDK of today sends it so, and so does everybody who uses ANTHROPIC_AUTH_TOKEN.',
  breaks: ['typescript-sdk', 'python-sdk', 'go-sdk', 'java-sdk', 'claude-code'],
  source: typescriptSdk('src/client.ts', 'return buildHeaders([{ Authorization: `Bearer ${this.apiKey}` }]);'),
  gates: 'bearer',
  probe: ['auth/bearer'],
  declinedBy: [401, 403],
})

export const xApiKey = requirement('auth/x-api-key-offered', {
  level: 'must',
  profile: 'sdk',
  title: 'the key is accepted as x-api-key',
  because: 'The older line of the SDKs, the AI SDK and every curl example send it so.',
  breaks: ['typescript-sdk-0', 'python-sdk-1', 'ai-sdk'],
  source: measured('python-sdk-1', '1.17.0', '2026-11-25', 'sends the key as x-api-key and in no other header'),
  gates: 'x-api-key',
  probe: ['auth/x-api-key'],
  declinedBy: [401, 403],
})

export const both = requirement('auth/both-accepted', {
  level: 'must',
  profile: 'claude-code',
  title: 'the key in both headers at once is accepted',
  because: 'An apiKeyHelper sends it so.',
  breaks: ['claude-code'],
  source: claudeCode(
    'llm-gateway-connect',
    "The helper's value is sent in both the Authorization and x-api-key headers, so it works whichever header your gateway reads.",
  ),
  reads: { 'auth/both': 'answer' },
  *check(_, exchanges) {
    yield* unserved(exchanges)
  },
})

export const none = requirement('auth/none-refused', {
  level: 'must',
  profile: 'minimum',
  title: 'a request without a credential is refused with 401',
  because: 'Anything else lets strangers in, or tells a client with a missing key something wrong.',
  breaks: ['typescript-sdk', 'python-sdk', 'claude-code'],
  source: httpError(401),
  reads: { 'auth/none': 'answer' },
  *check(answers) {
    yield* otherStatus(answers, 401)
  },
})

export const wrongBearer = requirement('auth/wrong-bearer-refused', {
  level: 'must',
  profile: 'minimum',
  title: 'a wrong key as Authorization: Bearer is refused with 401',
  because: 'SDKs raise AuthenticationError by this status, and Claude Code asks for a new login.',
  breaks: ['typescript-sdk', 'python-sdk', 'go-sdk', 'java-sdk', 'claude-code'],
  source: httpError(401),
  reads: { 'auth/wrong-bearer': 'answer' },
  *check(answers) {
    yield* otherStatus(answers, 401)
  },
})

export const wrongXApiKey = requirement('auth/wrong-x-api-key-refused', {
  level: 'must',
  profile: 'sdk',
  title: 'a wrong key as x-api-key is refused with 401',
  because: 'A gateway that only looks at one of the two headers lets the other through, or fails on it.',
  breaks: ['typescript-sdk-0', 'python-sdk-1', 'ai-sdk'],
  source: httpError(401),
  reads: { 'auth/wrong-x-api-key': 'answer' },
  *check(answers) {
    yield* otherStatus(answers, 401)
  },
})

export const beforeStream = requirement('auth/before-the-stream', {
  level: 'must',
  profile: 'sdk',
  title: 'a wrong key is refused before a stream begins: by the status',
  because: 'Inside a stream with status 200 the SDKs cannot tell it from a failure of the moment.',
  breaks: ['claude-code'],
  source: httpError(401),
  after: ['auth/wrong-bearer-refused'],
  reads: { 'auth/wrong-bearer:stream': 'answer' },
  *check(answers) {
    yield* otherStatus(answers, 401)
  },
})

export const type = requirement('auth/error-type', {
  level: 'must',
  profile: 'minimum',
  title: 'the error of a wrong key is an authentication_error',
  because: 'It is how a client tells "log in again" from "not allowed".',
  breaks: ['claude-code'],
  source: httpError(401),
  after: ['auth/wrong-bearer-refused'],
  reads: { 'auth/wrong-bearer': 'error' },
  *check(errors) {
    yield* each(errors, function* ({ error }) {
      if (error.type !== 'authentication_error')
        yield { at: '/error/type', expected: 'authentication_error', actual: error.type }
    })
  },
})

export const malformed = requirement('auth/malformed-refused', {
  level: 'should',
  profile: 'sdk',
  title: 'an Authorization header without a scheme is refused with 401',
  because: 'It is a mistake people make; a 500 sends them looking in the wrong place.',
  breaks: [],
  source: page('https://www.rfc-editor.org/rfc/rfc9110#section-11.6.2'),
  reads: { 'auth/malformed': 'answer' },
  *check(answers) {
    yield* otherStatus(answers, 401)
  },
})

export const notEchoed = requirement('auth/key-not-echoed', {
  level: 'should',
  profile: 'minimum',
  title: 'the key, or a trace of it, comes back in no answer',
  because: 'What is echoed ends up in logs and screenshots.',
  breaks: [],
  source: opinion('No sentence of the format forbids it; every log that holds the key does.'),
  every: 'answer',
  *check(answer) {
    for (const [name, value] of answer.headers)
      if (`${name}${value}`.includes(redactedMark))
        yield { at: `header ${name}`, expected: 'no credential', actual: redactedMark }
    const body = decode(answer)
    if (body.ok && body.text.includes(redactedMark))
      yield { at: 'body', expected: 'no credential', actual: redactedMark }
  },
})

export const wrongNotEchoed = requirement('auth/wrong-key-not-echoed', {
  level: 'should',
  profile: 'minimum',
  title: 'a wrong key comes back in no answer either, as it is or hashed',
  because: 'It is mostly the right key of somewhere else, or one character beside the right one.',
  breaks: [],
  source: opinion('No sentence of the format forbids it; every log that holds the key does.'),
  reads: {
    'auth/wrong-bearer': 'text',
    'auth/wrong-bearer:stream': 'text',
    'auth/wrong-x-api-key': 'text',
    'auth/malformed': 'text',
  },
  *check(texts, exchanges) {
    yield* each(texts, function* (text, fixture) {
      const { came } = exchanges[fixture]
      for (const [name, value] of came.kind === 'answer' ? came.headers : [])
        if (isEcho(value)) yield { at: `header ${name}`, expected: 'no credential', actual: show(value) }
      if (isEcho(text)) yield { at: 'body', expected: 'no credential', actual: clip(text) }
    })
  },
})

/** The ways in which a key is written down: as it is, its first half, in base64, hashed. */
const traces = [
  wrongKey,
  wrongKey.slice(0, 16),
  Buffer.from(wrongKey).toString('base64').slice(0, -4),
  ...['sha256', 'md5'].map((name) => createHash(name).update(wrongKey).digest('hex')),
]

function isEcho(text: string): boolean {
  return traces.some((trace) => text.includes(trace))
}
