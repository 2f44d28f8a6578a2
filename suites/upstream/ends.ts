import { refusalCategory } from '../../fixtures/gateways/reference/identity.ts'
import { foreignStopReasons } from '../../schemas/values.ts'
import { requirement } from '../harness/judge/requirement.ts'
import { show, type Finding } from '../harness/views/finding.ts'
import { each } from '../harness/views/placed.ts'
import { isObject } from '../harness/wire/json.ts'
import { docs } from '../sources.ts'

/* What becomes of ends that no plain question leads to: judged only where the built-in reference is the upstream, and ends so on request. */

/** A finding where an answer ends in other words than the upstream's. Words of another protocol have a requirement of their own. */
function* otherEnd(actual: unknown, expected: string): Iterable<Finding> {
  if (actual !== expected && !(foreignStopReasons as readonly unknown[]).includes(actual))
    yield { at: '/stop_reason', expected: `${expected}, as the upstream said`, actual: show(actual) }
}

export const stopReasonKept = requirement('upstream/stop-reason-kept', {
  level: 'must',
  profile: 'sdk',
  title: 'a turn that the upstream paused, or had no room for, does not read as one that is done',
  because: 'Told end_turn, an agent stops in the middle of its work, and takes half an answer for all of it.',
  breaks: ['raw-http'],
  source: docs(
    'api/messages/create',
    'we paused a long-running turn. You may provide the response back as-is in a subsequent request to let the model continue.',
  ),
  beyond: { 'chat-completions': 'It has no word for a turn that is to be continued, nor for a window that is full.' },
  reads: {
    'upstream/paused': 'message',
    'upstream/paused:stream': 'message',
    'upstream/window-exceeded': 'message',
    'upstream/window-exceeded:stream': 'message',
  },
  *check(messages) {
    yield* each(messages, ({ stop_reason }, name) =>
      otherEnd(stop_reason, name.startsWith('upstream/paused') ? 'pause_turn' : 'model_context_window_exceeded'),
    )
  },
})

export const refusalKept = requirement('upstream/refusal-kept', {
  level: 'must',
  profile: 'sdk',
  title: 'an upstream that declined to answer is not taken for one that answered',
  because: 'Told end_turn, a client takes a refusal for the answer, and never asks another model.',
  breaks: ['raw-http'],
  source: docs(
    'build-with-claude/refusals-and-fallback',
    'A refusal is a successful HTTP 200 response with `stop_reason: "refusal"`',
  ),
  reads: { 'upstream/refused': 'message', 'upstream/refused:stream': 'message' },
  *check(messages) {
    yield* each(messages, ({ stop_reason }) => otherEnd(stop_reason, 'refusal'))
  },
})

export const stopDetailsKept = requirement('upstream/stop-details-kept', {
  level: 'should',
  profile: 'sdk',
  title: 'what the upstream says of why it declined comes through',
  because: 'The category tells a client whether another model would answer.',
  breaks: [],
  source: docs(
    'build-with-claude/handling-stop-reasons#refusal',
    'On a refusal, the `stop_details` object identifies the policy category that triggered it.',
  ),
  beyond: { 'chat-completions': 'It says that a filter ended the answer, and no more.' },
  after: ['upstream/refusal-kept'],
  reads: { 'upstream/refused': 'message', 'upstream/refused:stream': 'message' },
  *check(messages) {
    yield* each(messages, function* ({ stop_reason, stop_details }) {
      const category = isObject(stop_details) ? stop_details['category'] : undefined
      // The reason stands beside it: where that was not to be read, neither was this.
      if (stop_reason === 'refusal' && category !== refusalCategory)
        yield {
          at: '/stop_details',
          expected: `the category that the upstream named: ${refusalCategory}`,
          actual: show(stop_details),
        }
    })
  },
})
