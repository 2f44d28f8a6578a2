import { requests } from '../../fixtures/requests.ts'
import type { Message } from '../../schemas/types.ts'
import { requirement } from '../harness/judge/requirement.ts'
import { attempt } from '../harness/views/holes.ts'
import { each } from '../harness/views/placed.ts'
import { unserved } from '../harness/views/served.ts'
import { accumulated, docs, measured } from '../sources.ts'
import { missed } from '../harness/views/canaries.ts'
import { textOf } from '../harness/views/text.ts'
import { show } from '../harness/views/finding.ts'
import type { Exchange } from '../harness/wire/exchange.ts'

/* Several requests at once, and characters of many scripts. */

const names = ['messages/unicode', 'messages/unicode:stream'] as const
const words = ['messages/parallel-one', 'messages/parallel-two', 'messages/parallel-three'] as const

export const parallelServed = requirement('messages/parallel-served', {
  level: 'must',
  profile: 'claude-code',
  title: 'three requests at the same moment are served, and so are characters of many scripts',
  because: 'Agents work on several things at once.',
  breaks: ['claude-code', 'raw-http'],
  source: measured(
    'typescript-sdk',
    '1.14.0',
    '2026-11-25',
    'raises where one of three requests at the same moment is not served',
  ),
  reads: {
    'messages/parallel-one': 'answer',
    'messages/parallel-two': 'answer',
    'messages/parallel-three': 'answer',
    'messages/unicode': 'answer',
    'messages/unicode:stream': 'answer',
  },
  *check(_, exchanges) {
    yield* unserved(exchanges)
  },
})

export const noCrossTalk = requirement('messages/no-cross-talk', {
  level: 'must',
  profile: 'claude-code',
  title: 'each of several answers belongs to its own request',
  because: 'An answer that goes to somebody else is the worst a gateway can do.',
  breaks: ['claude-code', 'raw-http'],
  source: docs(
    'api/messages/create',
    'Send a structured list of input messages with text and/or image content, and the model will generate the next message in the conversation.',
  ),
  reads: {
    'messages/parallel-one': 'message',
    'messages/parallel-two': 'message',
    'messages/parallel-three': 'message',
  },
  // Somebody's word has to be said, or there is nothing to tell whose answer it is.
  unlessIn: (message, exchange, fixture) =>
    missed(message, exchange) !== null && strangerIn(message, fixture) === undefined,
  *check(messages, exchanges) {
    yield* each(messages, function* (message, fixture) {
      if (strangerIn(message, fixture))
        yield { at: '/content', expected: exchanges[fixture].values['word'] ?? '', actual: show(textOf(message)) }
    })
  },
})

/** Whose word an answer says, where that is another than it was asked for. */
function strangerIn(message: Message, fixture: (typeof words)[number]): string | undefined {
  const text = textOf(message)
  return words.find(
    (other) => other !== fixture && (requests[other].values ?? []).some(({ word }) => word && text.includes(word)),
  )
}

export const characters = requirement('messages/characters-kept', {
  level: 'must',
  profile: 'claude-code',
  title: 'characters of every script are said back whole, in both modes',
  because: 'A character cut between two chunks is two broken ones.',
  breaks: ['raw-http'],
  source: accumulated,
  reads: { 'messages/unicode': 'message', 'messages/unicode:stream': 'message' },
  unless: (messages, exchanges) => names.every((name) => isKnownSilent(messages, exchanges, name)),
  *check(messages, exchanges) {
    yield* each(messages, function* (message) {
      const text = textOf(message)
      if (text.includes('\uFFFD')) yield { at: '/content', expected: 'whole characters', actual: show(text) }
    })
    // What JSON says back and the stream does not was lost on the way.
    const json = missed(messages['messages/unicode'], exchanges['messages/unicode'])
    const stream = missed(messages['messages/unicode:stream'], exchanges['messages/unicode:stream'])
    if (json === null && stream !== null)
      yield {
        fixture: 'messages/unicode:stream',
        at: '/content',
        expected: stream,
        actual: show(textOf(messages['messages/unicode:stream'])),
      }
  },
})

/** Whether an answer that can be read says nothing of its word. */
function isKnownSilent(
  messages: Readonly<Record<(typeof names)[number], Message>>,
  exchanges: Readonly<Record<(typeof names)[number], Exchange>>,
  name: (typeof names)[number],
): boolean {
  const silent = attempt(() => isSilent(messages[name], exchanges[name]))
  return silent.ok && silent.value
}

/** Whether an answer says nothing of its word, whole or broken. */
function isSilent(message: Message, exchange: Exchange): boolean {
  return missed(message, exchange) !== null && !textOf(message).includes('\uFFFD')
}
