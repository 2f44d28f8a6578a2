import { requirement, type EverySubject } from '../harness/judge/requirement.ts'
import { show, type Finding } from '../harness/views/finding.ts'
import type { Passage } from '../harness/views/passage.ts'
import { see } from '../harness/views/views.ts'
import type { Exchange } from '../harness/wire/exchange.ts'
import { header } from '../harness/wire/headers.ts'
import type { JsonObject } from '../harness/wire/json.ts'
import { claudeCode, docs, unchanged } from '../sources.ts'
import { lost } from './lost.ts'
import { relayed } from './parts.ts'

/* What becomes of an answer on its way back from an upstream of the same protocol. */

/** What a Message is made of, on both sides; null where the upstream said none, or the client left before it was whole. */
function messages({ behind }: Passage, exchange: Exchange): { said: JsonObject; got: JsonObject | null } | null {
  const said = see(behind, 'message')
  const { came } = exchange
  if (said.is !== 'there' || said.found.length > 0 || came.kind !== 'answer' || came.ends === 'hung-up') return null
  const got = see(exchange, 'message')
  return { said: { ...said.value }, got: got.is === 'there' ? (got.value as unknown as JsonObject) : null }
}

/** Judged on every Message of the upstream: these fields of it come back as they were said. */
function saidKept(...fields: readonly string[]): EverySubject<'passage'> {
  return {
    every: 'passage',
    where: (passage, exchange) => relayed(passage) && (messages(passage, exchange)?.got ?? null) !== null,
    *check(passage, exchange) {
      const { said, got } = messages(passage, exchange) ?? {}
      for (const field of fields) if (said && got) yield* lost(said[field] ?? null, got[field], `/${field}`)
    },
  }
}

export const answerKept = requirement('passage/answer-kept', {
  level: 'must',
  profile: 'sdk',
  compares: 'answer',
  title: 'what the upstream answered with a Message, the client is answered with one',
  because: 'It was made and paid for, and nobody got it.',
  breaks: ['typescript-sdk', 'python-sdk', 'claude-code'],
  source: unchanged,
  every: 'passage',
  where: (passage, exchange) => relayed(passage) && messages(passage, exchange) !== null,
  *check(passage, exchange) {
    const { came } = exchange
    if (came.kind === 'answer' && messages(passage, exchange)?.got === null)
      yield { at: 'answer', expected: "the upstream's Message", actual: `${came.status}, and no Message in it` }
  },
})

export const contentKept = requirement('passage/content-kept', {
  level: 'must',
  profile: 'sdk',
  compares: 'answer',
  title: 'the content of an answer comes back as the upstream said it',
  because: 'Text, a call or a signature that is lost on the way back is missing in everything that follows.',
  breaks: ['typescript-sdk', 'python-sdk', 'claude-code'],
  source: unchanged,
  ...saidKept('content'),
})

export const stopKept = requirement('passage/stop-kept', {
  level: 'must',
  profile: 'sdk',
  compares: 'answer',
  title: 'stop_reason, stop_sequence and stop_details come back as the upstream said them',
  because: 'A client goes on, or stops, by a reason that nobody gave.',
  breaks: ['typescript-sdk', 'python-sdk', 'claude-code'],
  source: unchanged,
  ...saidKept('stop_reason', 'stop_sequence', 'stop_details'),
})

export const usageKept = requirement('passage/usage-kept', {
  level: 'must',
  profile: 'sdk',
  compares: 'answer',
  title: 'usage comes back as the upstream counted it',
  because:
    'Budgets and compaction go by it: told less, a session runs over its window; told more, it forgets too early.',
  breaks: ['claude-code'],
  source: unchanged,
  ...saidKept('usage'),
})

const unmodified = claudeCode(
  'llm-gateway-rollout',
  "Return upstream errors unmodified: Claude Code's automatic recovery matches on error wording, so wrapping errors in the gateway's own envelope breaks it",
)

/** The key a gateway has upstream is its own affair, and so is what it tells its client about that. */
const ofTheOperator: ReadonlySet<number> = new Set([401, 403])

/** What the upstream refused, and what was made of it; null where it refused nothing, or nothing but the key it was shown. */
function errors({ behind }: Passage, exchange: Exchange) {
  const said = see(behind, 'error')
  const { came } = exchange
  if (said.is !== 'there' || behind.came.kind !== 'answer' || came.kind !== 'answer') return null
  if (ofTheOperator.has(behind.came.status)) return null
  const got = see(exchange, 'error')
  return { from: behind.came, said: said.value.error, to: came, got: got.is === 'there' ? got.value.error : null }
}

function refusedThere(passage: Passage, exchange: Exchange): boolean {
  return relayed(passage) && errors(passage, exchange) !== null
}

export const errorStatusKept = requirement('passage/error-status-kept', {
  level: 'must',
  profile: 'sdk',
  compares: 'answer',
  title: 'an error of the upstream comes back with its status and type',
  because: 'By them a client tries again, waits, or gives up; a 529 told as 500 is tried again at once.',
  breaks: ['typescript-sdk', 'python-sdk', 'claude-code'],
  source: unmodified,
  ofWrong: true,
  every: 'passage',
  least: 'errors/unknown-model',
  where: refusedThere,
  *check(passage, exchange) {
    const { from, said, to, got } = errors(passage, exchange) ?? {}
    if (from?.status !== to?.status) yield { at: 'status', expected: String(from?.status), actual: String(to?.status) }
    else if (got && said && got.type !== said.type)
      yield { at: '/error/type', expected: said.type, actual: show(got.type) }
  },
})

/** The statuses whose words clients look for; those of the others may be the gateway's own. */
const readByClients: ReadonlySet<number> = new Set([400, 413])

export const errorWordsKept = requirement('passage/error-words-kept', {
  level: 'must',
  profile: 'sdk',
  compares: 'answer',
  title: 'the words of a 400 or 413 of the upstream come back unwrapped, or as a capability_rejected token',
  because: 'Claude Code finds in them which field to leave out, or that the prompt is too long, and goes on.',
  breaks: ['claude-code'],
  source: claudeCode(
    'llm-gateway-protocol',
    "The retry logic matches on the upstream's error wording, so forward error response bodies unmodified.",
  ),
  ofWrong: true,
  after: ['passage/error-status-kept'],
  every: 'passage',
  least: 'thinking/forged',
  where: (passage, exchange) =>
    refusedThere(passage, exchange) && readByClients.has(errors(passage, exchange)?.from.status ?? 0),
  *check(passage, exchange) {
    const { said, got } = errors(passage, exchange) ?? {}
    if (said && got && got.message !== said.message && !got.message.includes('capability_rejected:'))
      yield { at: '/error/message', expected: show(said.message), actual: show(got.message) }
  },
})

/** Headers by which a client waits, or does not try again. */
const paceHeaders = ['retry-after', 'retry-after-ms', 'x-should-retry'] as const

export const paceKept = requirement('passage/retry-headers-kept', {
  level: 'should',
  profile: 'sdk',
  compares: 'answer',
  title: 'retry-after, retry-after-ms and x-should-retry of an error come back',
  because: 'The upstream knows when it will answer again; a client that guesses comes too soon, or for nothing.',
  breaks: [],
  source: docs('api/rate-limits#response-headers', 'The number of seconds to wait until you can retry the request.'),
  every: 'passage',
  least: 'upstream/rate-limited',
  where: (passage, exchange) =>
    refusedThere(passage, exchange) && paceHeaders.some((name) => saidOf(passage.behind, name) !== undefined),
  *check(passage, exchange) {
    yield* headersLost(passage, exchange, paceHeaders)
  },
})

export const requestIdKept = requirement('passage/request-id-kept', {
  level: 'should',
  profile: 'sdk',
  compares: 'answer',
  title: "the upstream's request-id comes back",
  because: 'By it the upstream finds the request again when somebody asks what went wrong.',
  breaks: [],
  source: docs('api/errors#request-id', 'Every API response includes a unique request-id header.'),
  every: 'passage',
  // Where it made an answer of its own of what came, that is another one.
  where: (passage, exchange) =>
    relayed(passage) &&
    statusOf(passage.behind) === statusOf(exchange) &&
    saidOf(passage.behind, 'request-id') !== undefined,
  *check(passage, exchange) {
    yield* headersLost(passage, exchange, ['request-id'])
  },
})

function statusOf({ came }: Exchange): number | null {
  return came.kind === 'answer' ? came.status : null
}

function* headersLost({ behind }: Passage, exchange: Exchange, names: readonly string[]): Iterable<Finding> {
  for (const name of names) {
    const [from, to] = [behind, exchange].map((one) => saidOf(one, name))
    if (from !== undefined && from !== to) yield { at: `header ${name}`, expected: from, actual: to ?? 'absent' }
  }
}

function saidOf({ came }: Exchange, name: string): string | undefined {
  return came.kind === 'answer' ? header(came.headers, name) : undefined
}

export const pingsKept = requirement('passage/pings-kept', {
  level: 'should',
  profile: 'claude-code',
  compares: 'answer',
  title: 'a stream with pings comes back with some: pings, or comment lines',
  because: 'In a long pause they are all that comes; a stream that is silent for five minutes is given up.',
  breaks: ['claude-code'],
  source: claudeCode(
    'llm-gateway-rollout',
    'pass server-sent events through as they arrive, including keep-alive pings, instead of buffering the whole response',
  ),
  every: 'passage',
  least: 'messages/hello:stream',
  where: (passage, exchange) =>
    relayed(passage) && keepsAlive(passage.behind) === true && keepsAlive(exchange) !== null,
  *check(_, exchange) {
    if (keepsAlive(exchange) === false)
      yield { at: 'event ping', expected: 'at least one', actual: 'none, and no comment line' }
  },
})

/** Whether a whole stream says anything that only keeps it alive; null for what is none. */
function keepsAlive(exchange: Exchange): boolean | null {
  const text = see(exchange, 'text')
  const events = see(exchange, 'events')
  if (text.is !== 'there' || events.is !== 'there') return null
  return /^(event: ?ping\b|:)/m.test(text.value)
}
