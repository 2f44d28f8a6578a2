import { requirement } from '../harness/judge/requirement.ts'
import { otherStatus } from '../harness/views/placed.ts'
import { unserved } from '../harness/views/served.ts'
import { docs, httpError, measured, typescriptSdk } from '../sources.ts'

/* The anthropic-version header: two live versions, none, and one there never was. */

export const older = requirement('auth/version-2023-06-01', {
  level: 'must',
  profile: 'sdk',
  title: 'anthropic-version 2023-06-01 is accepted',
  because: 'The older line of the SDKs, the AI SDK and Claude Code send it with every request.',
  breaks: ['typescript-sdk-0', 'python-sdk-1', 'ai-sdk', 'claude-code'],
  source: measured('python-sdk-1', '1.17.0', '2026-11-25', 'sends anthropic-version: 2023-06-01 with every request'),
  reads: { 'auth/version-2023-06-01': 'answer' },
  *check(_, exchanges) {
    yield* unserved(exchanges)
  },
})

export const newer = requirement('auth/version-2026-10-21', {
  level: 'must',
  profile: 'sdk',
  title: 'anthropic-version 2026-10-21 is accepted',
  because: 'Every official SDK of today sends it with every request.',
  breaks: ['typescript-sdk', 'python-sdk', 'go-sdk', 'java-sdk'],
  source: typescriptSdk('src/client.ts', "'anthropic-version': '2026-10-21', }, await this.authHeaders(options),"),
  reads: { 'auth/version-2026-10-21': 'answer' },
  *check(_, exchanges) {
    yield* unserved(exchanges)
  },
})

export const absent = requirement('auth/default-version-offered', {
  level: 'must',
  profile: 'minimum',
  title: 'a request without anthropic-version is served, or refused politely',
  because: 'Many gateways make the header optional; the official API refuses without it.',
  breaks: ['raw-http'],
  source: httpError(400),
  gates: 'default-version',
  probe: ['messages/page'],
  declinedBy: [400],
})

export const unknown = requirement('auth/unknown-version-refused', {
  level: 'should',
  profile: 'full',
  title: 'a version there never was is refused with 400',
  because: 'A gateway that ignores the header cannot keep what the version promises.',
  breaks: [],
  source: docs('api/versioning'),
  reads: { 'auth/unknown-version': 'answer' },
  *check(answers) {
    yield* otherStatus(answers, 400)
  },
})
