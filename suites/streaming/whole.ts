import { requirement } from '../harness/judge/requirement.ts'
import { wrongHeader } from '../harness/views/wrong-header.ts'
import { each } from '../harness/views/placed.ts'
import { accumulated, docs, opinion, typescriptSdk } from '../sources.ts'
import { show } from '../harness/views/finding.ts'
import { says, textOf } from '../harness/views/text.ts'
import { see } from '../harness/views/views.ts'

/* A stream in legal order, looked at as a whole. */

export const contentType = requirement('streaming/content-type', {
  level: 'must',
  profile: 'sdk',
  title: 'an event stream says content-type: text/event-stream',
  because: 'An EventSource refuses anything else, and proxies buffer what they do not know to be a stream.',
  breaks: ['raw-http'],
  source: docs('build-with-claude/streaming', 'incrementally stream the response using server-sent events (SSE)'),
  every: 'stream',
  *check(_, exchange) {
    const stream = 'text/event-stream'
    yield* wrongHeader(exchange, 'content-type', stream, (type) => type.toLowerCase().startsWith(stream))
  },
})

export const startsOpen = requirement('streaming/starts-open', {
  level: 'must',
  profile: 'sdk',
  title: 'message_start has stop_reason null and stop_sequence null',
  because: 'A client that sees a stop_reason at the start takes the message for finished.',
  breaks: ['raw-http'],
  source: docs(
    'api/messages/create',
    'In streaming mode, it is null in the message_start event and non-null otherwise.',
  ),
  every: 'events',
  where: ({ start }) => start !== null,
  *check({ start }) {
    for (const key of ['stop_reason', 'stop_sequence'] as const) {
      const value = start?.message[key]
      if (value !== null && value !== undefined)
        yield { at: `event ${start?.number} /message/${key}`, expected: 'null', actual: show(value) }
    }
  },
})

export const stopReasonKept = requirement('streaming/stop-reason-kept', {
  level: 'must',
  profile: 'sdk',
  title: 'no later message_delta takes stop_reason back',
  because: 'Each message_delta overwrites it: one without the key, or with null, erases it in both SDKs.',
  breaks: [],
  source: typescriptSdk(
    'src/lib/MessageStream.ts',
    'snapshot.stop_reason = event.delta.stop_reason; snapshot.stop_sequence = event.delta.stop_sequence;',
  ),
  every: 'events',
  where: ({ messageDeltas }) => messageDeltas.length > 1,
  *check({ messageDeltas }) {
    let set: unknown = null
    for (const { number, data } of messageDeltas) {
      const delta = data['delta'] as { stop_reason?: unknown }
      if (set !== null && (delta.stop_reason === null || delta.stop_reason === undefined))
        yield { at: `event ${number} /delta/stop_reason`, expected: show(set), actual: show(delta.stop_reason) }
      set = delta.stop_reason ?? set
    }
  },
})

export const closes = requirement('streaming/closes', {
  level: 'must',
  profile: 'sdk',
  title: 'the answer ends after its last event',
  because: 'Both SDKs read to the end of the body: finalMessage() never resolves, or ends in a ReadTimeout.',
  breaks: [],
  source: typescriptSdk('src/core/streaming.ts', 'for await (const sse of _iterSSEMessages(response, controller))'),
  every: 'events',
  *check({ events }, { came }) {
    if (came.kind === 'answer' && came.ends === 'hung')
      yield {
        at: `after event ${events.at(-1)?.number ?? 0}`,
        expected: 'the end of the body',
        actual: 'an open connection, until the time limit',
      }
  },
})

export const noReplacement = requirement('streaming/characters', {
  level: 'should',
  profile: 'sdk',
  title: 'no answer holds a replacement character that nobody asked for',
  because: 'U+FFFD is what is left of a character that was cut between two chunks.',
  breaks: [],
  source: opinion('A model may say U+FFFD; one that nobody asked for is nearly always a broken character.'),
  every: 'message',
  where: (_, { sent }) => !sent.body?.includes('\uFFFD'),
  *check({ content }, exchange) {
    const text = see(exchange, 'text')
    // Nearly all hold none, and what came is looked through faster than what it comes to.
    const mayHoldOne = text.is !== 'there' || /\uFFFD|\\ufffd/i.test(text.value)
    for (const [index, block] of content.entries())
      if (mayHoldOne && JSON.stringify(block).includes('\uFFFD'))
        yield { at: `/content/${index}`, expected: 'whole characters', actual: 'U+FFFD' }
  },
})

export const echo = requirement('streaming/same-text', {
  level: 'must',
  profile: 'sdk',
  title: 'what JSON says back word for word, the stream says back word for word',
  because: 'A delta lost on the way is a hole in the answer that nobody sees.',
  breaks: ['raw-http'],
  source: accumulated,
  after: ['messages/echo'],
  reads: { 'messages/hello:stream': 'message' },
  *check(messages, exchanges) {
    yield* each(messages, function* (message, fixture) {
      const word = exchanges[fixture].values['word'] ?? ''
      const text = textOf(message)
      if (!says(message, word)) yield { at: '/content', expected: word, actual: show(text) }
      else if (text.indexOf(word) !== text.lastIndexOf(word))
        yield { at: '/content', expected: `${word}, once`, actual: show(text) }
    })
  },
})
