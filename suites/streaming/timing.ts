import type { Message } from '../../schemas/types.ts'
import { requirement } from '../harness/judge/requirement.ts'
import { each } from '../harness/views/placed.ts'
import { asked } from '../harness/views/asked.ts'
import { refusal, unserved } from '../harness/views/served.ts'
import { accumulated, claudeCode, docs } from '../sources.ts'
import { textOf } from '../harness/views/text.ts'
import { show } from '../harness/views/finding.ts'

/* When events come, and what happens when a client leaves. Times come from the tape; no clock is looked at. */

export const incremental = requirement('streaming/incremental', {
  level: 'must',
  profile: 'claude-code',
  title: 'a long answer arrives bit by bit, not all at its end',
  because: 'A gateway that collects the whole answer first stalls the client until it gives up.',
  breaks: ['claude-code'],
  source: claudeCode(
    'llm-gateway-protocol',
    'a gateway that buffers complete responses before relaying them stalls the client',
  ),
  capability: 'streaming',
  least: 'streaming/long:stream',
  every: 'events',
  where: ({ blocks, messageDeltas }, { came }) => {
    const deltas = blocks.flatMap((block) => block.deltas)
    const usage = messageDeltas.at(-1)?.data['usage'] as { output_tokens?: unknown } | undefined
    const tokens = typeof usage?.output_tokens === 'number' ? usage.output_tokens : 0
    const isTimed = typeof deltas[0]?.at === 'number'
    const took = isTimed && came.kind === 'answer' ? (came.endedAt ?? 0) : 0
    return took >= 1000 && Math.max(deltas.length, tokens) >= 200
  },
  *check({ blocks }, { came }) {
    const first = blocks.flatMap(({ deltas }) => deltas)[0]?.at ?? 0
    const end = (came.kind === 'answer' ? came.endedAt : null) ?? 0
    if (first >= end * 0.95)
      yield {
        at: `event ${blocks[0]?.startedBy ?? 1}`,
        expected: `before ${Math.round(end * 0.95)} ms`,
        actual: `${Math.round(first)} of ${Math.round(end)} ms`,
      }
  },
})

export const noSilence = requirement('streaming/no-silence', {
  level: 'should',
  profile: 'claude-code',
  title: 'a stream is never silent for more than a minute: pings or comments bridge a pause',
  because: 'Claude Code aborts a stream that says nothing for 300 seconds, and proxies do so earlier.',
  breaks: [],
  source: claudeCode('llm-gateway-protocol', 'aborts a stream that goes silent for 300 seconds by default'),
  capability: 'streaming',
  every: 'answer',
  // By the bytes, whatever they say: who waits for a stream waits for them.
  where: ({ status }, exchange) => status === 200 && asked(exchange).stream,
  *check(_, { came }) {
    let before = 0
    for (const [at] of came.kind === 'answer' ? came.chunks : []) {
      if (at - before > 60_000)
        yield {
          at: `${Math.round(before)} ms`,
          expected: 'something within a minute',
          actual: `${Math.round((at - before) / 1000)} s of silence`,
        }
      before = at
    }
  },
})

export const longServed = requirement('streaming/long-served', {
  level: 'must',
  profile: 'claude-code',
  title: 'a stream of some hundred deltas is served',
  because: 'It is what an answer usually is.',
  breaks: ['claude-code'],
  source: docs(
    'build-with-claude/streaming#event-types',
    'A series of content blocks, each of which has a content_block_start, one or more content_block_delta events, and a content_block_stop event.',
  ),
  reads: { 'streaming/long:stream': 'answer' },
  *check(_, exchanges) {
    yield* unserved(exchanges)
  },
})

export const longWhole = requirement('streaming/long-whole', {
  level: 'must',
  profile: 'claude-code',
  title: 'no part of a long stream is lost or doubled: a count goes up by one',
  because: 'A fragment lost between two chunks is a hole in a file.',
  breaks: ['claude-code'],
  source: accumulated,
  reads: { 'streaming/long:stream': 'message' },
  // A model that does not count proves nothing; one that does, and then skips, does.
  unless: ({ 'streaming/long:stream': message }) => {
    const numbers = numbersIn(message)
    return numbers.length < 50 || numbers[0] !== 1
  },
  *check(messages) {
    yield* each(messages, function* (message) {
      const numbers = numbersIn(message)
      const last = message.stop_reason === 'max_tokens' ? numbers.length - 1 : numbers.length
      const gap = numbers.slice(0, last).findIndex((number, index) => number !== index + 1)
      const around = numbers.slice(gap - 1, gap + 2).join(' ')
      if (gap > 0 && gap < last - 1) yield { at: '/content', expected: `${gap + 1} after ${gap}`, actual: show(around) }
    })
  },
})

export const survives = requirement('streaming/survives-hang-up', {
  level: 'should',
  profile: 'claude-code',
  title: 'a client that leaves in the middle of a stream spoils nothing for the next request',
  because: 'Users press escape.',
  breaks: [],
  source: docs('build-with-claude/streaming'),
  reads: { 'streaming/hang-up:stream': 'answer', 'streaming/after-hang-up:stream': 'text' },
  *check(_, exchanges) {
    yield* unserved(exchanges)
    const fixture = 'streaming/after-hang-up:stream'
    const { [fixture]: next } = exchanges
    // Served, but only when it was sent again.
    if (next.retryOf !== undefined && refusal(next) === null)
      yield { fixture, at: 'first try', expected: 'an answer', actual: next.retryOf }
  },
})

function numbersIn(message: Message): readonly number[] {
  return (textOf(message).match(/\d+/g) ?? []).map(Number)
}
