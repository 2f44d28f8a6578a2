import { requirement } from '../harness/judge/requirement.ts'
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
  breaks: ['typescript-sdk'],
  source: typescriptSdk(threadState, "if (anchor.type === 'create') { params.thread = { type: 'create' };"),
  gates: 'threads',
  probe: ['tools/thread', 'tools/thread:stream'],
})

export const continued = requirement('tools/thread-continued', {
  level: 'must',
  profile: 'full',
  title: 'a conversation that was kept goes on with the new turn alone, or is refused by a code that says what to send',
  because: 'Behind a gateway that drops the field, the second turn has lost the call that its result belongs to.',
  breaks: ['typescript-sdk'],
  source: typescriptSdk(
    threadState,
    "params.thread = { type: 'continue', previous_message_id: anchor.previousMessageId };",
  ),
  reads: { 'tools/thread-continued': 'answer' },
  *check(_, exchanges) {
    yield* each(exchanges, unlessCoded)
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
      else yield* unlessCoded(exchanges[fixture])
    })
  },
})

/** The codes by which an SDK knows that it has to send the whole conversation. */
const codes: readonly unknown[] = [
  'thread_unsupported_request',
  'thread_not_found',
  'thread_already_continued',
  'thread_continue_in_flight',
]

/** A finding where a turn was refused, and by no such code. */
function* unlessCoded(exchange: Exchange): Iterable<Finding> {
  const unserved = refusal(exchange)
  if (!unserved) return
  const error = see(exchange, 'error')
  const details = error.is === 'there' ? error.value.error.details : null
  const code = isObject(details) ? details['error_code'] : undefined
  if (!codes.includes(code))
    yield {
      ...unserved,
      expected: 'error.details.error_code: thread_unsupported_request',
      actual: `${unserved.actual}, no such code`,
    }
}
