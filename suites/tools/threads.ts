import { requirement } from '../harness/judge/requirement.ts'
import { unsaid } from '../harness/views/canaries.ts'
import { Unreadable } from '../harness/views/holes.ts'
import { each } from '../harness/views/placed.ts'
import { refusal } from '../harness/views/served.ts'
import { see } from '../harness/views/views.ts'
import { isObject } from '../harness/wire/json.ts'
import type { Finding } from '../harness/views/finding.ts'
import type { Exchange } from '../harness/wire/exchange.ts'
import { measured, typescriptSdk } from '../sources.ts'

/* Conversations that the server keeps: the tool runners of the SDKs begin one unless they are told otherwise. */

const threadState = 'src/lib/internal/threads/ThreadState.ts'

export const offered = requirement('tools/threads-offered', {
  level: 'must',
  profile: 'full',
  title: 'a conversation that the server is to keep is served, or refused politely',
  because: 'The tool runners of the SDKs begin one unless they are told otherwise; a 500 ends the run.',
  breaks: [],
  source: typescriptSdk(threadState, "if (anchor.type === 'create') { params.thread = { type: 'create' };"),
  gates: 'threads',
  probe: ['tools/thread'],
})

export const continued = requirement('tools/thread-continued', {
  level: 'must',
  profile: 'full',
  title: 'a conversation that was kept goes on with the new turn alone, or is refused by a code that says what to send',
  because: 'The tool runners know what to do about those codes, and raise at anything else.',
  breaks: [],
  source: typescriptSdk(
    threadState,
    "params.thread = { type: 'continue', previous_message_id: anchor.previousMessageId };",
  ),
  reads: { 'tools/thread-continued': 'answer' },
  *check(_, exchanges) {
    yield* each(exchanges, uncoded)
  },
})

export const remembered = requirement('tools/thread-remembered', {
  level: 'must',
  profile: 'full',
  title: 'what an earlier turn of a kept conversation said reaches the model',
  because:
    'A gateway that drops the field behind a 200 has lost the conversation, and the call that a result belongs to.',
  breaks: [],
  source: typescriptSdk(threadState, 'A `continue` sends only what the server lacks.'),
  after: ['output/recall'],
  reads: { 'tools/thread-continued': 'message' },
  *check(messages, exchanges) {
    yield* unsaid(messages, exchanges)
  },
})

export const refused = requirement('tools/thread-refused', {
  level: 'should',
  profile: 'sdk',
  title: 'a conversation that nobody keeps is refused by a code that says what to send',
  because: 'By it the tool runners send the whole conversation; in any other words their first tool result is the end.',
  breaks: ['typescript-sdk', 'python-sdk'],
  source: measured(
    'typescript-sdk',
    '1.14.0',
    '2026-11-25',
    'beta.messages.toolRunner raises at its second request unless the error says thread_unsupported_request or thread_not_found',
  ),
  reads: { 'tools/thread-unknown': 'answer' },
  *check(answers, exchanges) {
    yield* each(answers, function* ({ status }, fixture) {
      if (status === 200) yield { at: 'status', expected: '400 or 404', actual: '200 to a result without its call' }
      else yield* uncoded(exchanges[fixture])
    })
  },
})

/** The codes by which an SDK knows that it has to send the whole conversation. */
const codes: readonly unknown[] = ['thread_unsupported_request', 'thread_not_found', 'thread_already_continued']

/** What a turn was refused with, where that was no such code. */
function uncoded(exchange: Exchange): readonly Finding[] {
  const unserved = refusal(exchange)
  const error = see(exchange, 'error')
  // oxlint-disable-next-line no-throw-literal -- what is wrong with the envelope is a finding already
  if (unserved && error.is === 'refused') throw new Unreadable(error.refusals.map(({ by }) => by))
  const details = error.is === 'there' ? error.value.error.details : null
  const isCoded = isObject(details) && codes.includes(details['error_code'])
  const expected = `200, or an error with details.error_code ${codes.join(' or ')}`
  return unserved && !isCoded ? [{ ...unserved, expected }] : []
}
