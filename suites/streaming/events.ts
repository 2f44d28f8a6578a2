import { requirement } from '../harness/judge/requirement.ts'
import { show } from '../harness/views/finding.ts'
import { peek } from '../harness/views/holes.ts'
import { own } from '../harness/wire/json.ts'
import { docs, measured, typescriptSdk } from '../sources.ts'

/* An answer to stream: true, event by event. The views judge it; here stands what each refusal means. */

const flow = 'build-with-claude/streaming#event-types'
const noSentinel = 'All events are named events, rather than data-only events. Removed unnecessary data: [DONE] event.'

export const offered = requirement('streaming/offered', {
  level: 'must',
  profile: 'sdk',
  title: 'a request with stream: true is served',
  because: 'Every interactive client streams.',
  breaks: ['claude-code'],
  source: docs(
    'build-with-claude/streaming',
    'you can set "stream": true to incrementally stream the response using server-sent events (SSE)',
  ),
  gates: 'streaming',
  probe: ['messages/hello:stream'],
})

export const servedAsStream = requirement('streaming/served', {
  level: 'must',
  profile: 'sdk',
  title: 'stream: true is answered with an event stream',
  because: 'A JSON body holds no events: the SDKs see none, and raise.',
  breaks: [],
  source: docs('build-with-claude/streaming', 'incrementally stream the response using server-sent events (SSE)'),
  vouches: 'stream',
})

export const framed = requirement('streaming/framed', {
  level: 'must',
  profile: 'sdk',
  title: 'the bytes are framed as an event stream: fields, and a blank line after each event, the last one too',
  because: 'An event that is not ended by a blank line is never dispatched; the SDKs lose message_stop that way.',
  breaks: [],
  source: typescriptSdk(
    'src/core/streaming.ts',
    "if (!line) { // empty line and we didn't previously encounter any messages if (!event && !data.length) return null;",
  ),
  vouches: 'stream',
})

export const named = requirement('streaming/named', {
  level: 'must',
  profile: 'sdk',
  title: 'each event has an event line',
  because: 'The SDKs skip data-only events without a word: the answer is empty, and an error goes unseen.',
  breaks: [],
  source: docs('api/versioning', 'All events are named events, rather than data-only events.'),
  vouches: 'stream',
})

export const noDone = requirement('streaming/no-done', {
  level: 'must',
  profile: 'sdk',
  title: 'no [DONE] stands in the stream, and none with an event name behind it',
  because:
    'It is no JSON: with an event name both SDKs raise after a complete answer; instead of message_stop it ends nothing.',
  breaks: [],
  source: docs('api/versioning', noSentinel),
  vouches: 'stream',
})

export const noTrailingDone = requirement('streaming/no-trailing-done', {
  level: 'should',
  profile: 'sdk',
  title: 'no data: [DONE] follows the last event',
  because: 'It belongs to another protocol. The SDKs skip what has no event line; other readers parse it, and fail.',
  breaks: [],
  source: docs('api/versioning', noSentinel),
  vouches: 'stream',
})

export const dataJson = requirement('streaming/data-json', {
  level: 'must',
  profile: 'sdk',
  title: 'the data of each event is one JSON object',
  because: 'Both SDKs parse it, and raise.',
  breaks: [],
  source: docs(
    'build-with-claude/streaming',
    'Each server-sent event includes a named event type and associated JSON data.',
  ),
  vouches: 'stream',
})

export const nameIsType = requirement('streaming/name-is-type', {
  level: 'must',
  profile: 'sdk',
  title: 'the event line names the type of its data',
  because:
    'Some clients go by the name and drop what it does not tell them, others by the type; Claude Code needs both to agree.',
  breaks: [],
  source: docs(
    flow,
    'Each event uses an SSE event name (for example, event: message_stop), and includes the matching event type in its data.',
  ),
  vouches: 'stream',
})

export const messageStartShape = requirement('streaming/message-start-shape', {
  level: 'must',
  profile: 'sdk',
  title: 'message_start carries a Message with id, type, role, model and content',
  because: 'It is the object the SDKs build the answer in; what is missing here is missing for good.',
  breaks: [],
  source: docs(flow, 'message_start: contains a Message object with empty content.'),
  vouches: 'stream',
})

export const stopReasonAtStart = requirement('streaming/stop-reason-at-start', {
  level: 'should',
  profile: 'sdk',
  title: 'message_start has the key stop_reason',
  because: 'Typed clients declare it as always there. The SDKs put the whole message together without it.',
  breaks: [],
  source: docs(
    'api/messages/create',
    'In streaming mode, it is null in the message_start event and non-null otherwise.',
  ),
  vouches: 'stream',
})

export const blockStartShape = requirement('streaming/block-start-shape', {
  level: 'must',
  profile: 'sdk',
  title: 'content_block_start carries the block with the fields of its type, empty where deltas will fill them',
  because: 'The Python SDK adds text to the text of the start; where there is none it raises.',
  breaks: [],
  source: docs(flow, '{"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}}'),
  vouches: 'stream',
})

/** What deltas bring, by the type of the block they fill. */
const filledByDeltas: Readonly<Record<string, readonly string[]>> = {
  text: ['text'],
  thinking: ['thinking', 'signature'],
}

export const blockStartsEmpty = requirement('streaming/block-starts-empty', {
  level: 'must',
  profile: 'sdk',
  title: 'text, thinking and signature are empty in content_block_start: deltas bring them',
  because:
    'What stands in the start is handed to nobody as a delta: whoever shows an answer as it comes shows it without its beginning.',
  breaks: [],
  source: measured(
    'typescript-sdk',
    '1.14.0',
    '2026-11-26',
    'calls the listeners of text, thinking and signature for deltas alone, and says a text twice that a delta brings once more',
  ),
  every: 'events',
  where: ({ blocks }) => blocks.some(({ start }) => own(filledByDeltas, String(start['type'])) !== undefined),
  *check({ blocks }) {
    for (const { start, startedBy } of blocks)
      for (const field of own(filledByDeltas, String(start['type'])) ?? []) {
        // What a start lacks brings nothing, and hides nothing that stands beside it.
        const brought = peek(start, field)
        if (typeof brought === 'string' && brought !== '')
          yield { at: `event ${startedBy} /content_block/${field}`, expected: '""', actual: show(brought) }
      }
  },
})

export const deltaShape = requirement('streaming/delta-shape', {
  level: 'must',
  profile: 'sdk',
  title: 'each delta has the field its type says: text, partial_json, thinking, signature or citation',
  because: 'undefined is added to the text, or the client raises.',
  breaks: [],
  source: docs(
    'build-with-claude/streaming#content-block-delta-types',
    'Each content_block_delta event contains a delta of a type that updates the content block at a given index.',
  ),
  vouches: 'stream',
})

export const messageDeltaShape = requirement('streaming/message-delta-shape', {
  level: 'must',
  profile: 'sdk',
  title: 'message_delta has a delta object with stop_reason as a string or null',
  because: 'Both SDKs read delta.stop_reason without asking.',
  breaks: [],
  source: docs(flow, 'One or more message_delta events, indicating top-level changes to the final Message object.'),
  vouches: 'stream',
})

export const begins = requirement('streaming/begins', {
  level: 'must',
  profile: 'sdk',
  title: 'a stream begins with message_start, once, or is a lone error',
  because:
    'Both SDKs raise on any other beginning; a second message_start raises in one and is swallowed in the other.',
  breaks: [],
  source: typescriptSdk(
    'src/lib/MessageStream.ts',
    'Unexpected event order, got ${event.type} before receiving "message_stop"',
  ),
  vouches: 'events',
})

export const startsEmpty = requirement('streaming/starts-empty', {
  level: 'must',
  profile: 'sdk',
  title: 'message_start has content []',
  because:
    'Blocks are appended to it: content that stands there already shifts every index, and text lands in the wrong block.',
  breaks: [],
  source: docs(flow, 'message_start: contains a Message object with empty content.'),
  vouches: 'events',
})

export const indexes = requirement('streaming/indexes', {
  level: 'must',
  profile: 'sdk',
  title: 'block indexes are integers, begin at 0 and go up by one',
  because: 'The TypeScript SDK loses the text without a word, the Python SDK raises IndexError.',
  breaks: [],
  source: docs(
    flow,
    'Each content block has an index that corresponds to its index in the final Message content array.',
  ),
  vouches: 'events',
})

export const oneBlockAtATime = requirement('streaming/one-block-at-a-time', {
  level: 'must',
  profile: 'sdk',
  title: 'a block is stopped before the next one starts',
  because:
    'The TypeScript SDK hands the last block to whoever listens for finished ones: agents run the wrong tool, twice.',
  breaks: [],
  source: docs(
    flow,
    'A series of content blocks, each of which has a content_block_start, one or more content_block_delta events, and a content_block_stop event.',
  ),
  vouches: 'events',
})

export const openBlock = requirement('streaming/open-block', {
  level: 'must',
  profile: 'sdk',
  title: 'every content_block_delta and content_block_stop belongs to the open block',
  because: 'Outside an open block both SDKs raise, or the fragment ends up in another block.',
  breaks: [],
  source: docs(
    flow,
    'A series of content blocks, each of which has a content_block_start, one or more content_block_delta events, and a content_block_stop event.',
  ),
  vouches: 'events',
})

export const deltaFits = requirement('streaming/delta-fits', {
  level: 'must',
  profile: 'sdk',
  title: 'the type of a delta fits the type of its block',
  because: 'Tool arguments sent as text stay {} without a word.',
  breaks: [],
  source: docs(
    'build-with-claude/streaming#content-block-delta-types',
    'Each content_block_delta event contains a delta of a type that updates the content block at a given index.',
  ),
  vouches: 'events',
})

export const blocksClosed = requirement('streaming/blocks-closed', {
  level: 'must',
  profile: 'sdk',
  title: 'all blocks are stopped before message_delta and message_stop',
  because: 'A block that is never stopped is never handed on: its tool is not run.',
  breaks: [],
  source: docs(
    flow,
    'A series of content blocks, each of which has a content_block_start, one or more content_block_delta events, and a content_block_stop event.',
  ),
  vouches: 'events',
})

export const messageDelta = requirement('streaming/message-delta', {
  level: 'must',
  profile: 'sdk',
  title: 'a message_delta comes after the last block and before message_stop',
  because: 'It carries stop_reason and the output tokens; without it both keep their values of the beginning.',
  breaks: [],
  source: docs(flow, 'One or more message_delta events, indicating top-level changes to the final Message object.'),
  vouches: 'events',
})

export const ends = requirement('streaming/ends', {
  level: 'must',
  profile: 'sdk',
  title: 'a stream ends with one message_stop, or with an error event',
  because: 'Without it the TypeScript SDK raises, and the Python SDK returns half an answer as a whole one.',
  breaks: [],
  source: docs(
    flow,
    'One or more message_delta events, indicating top-level changes to the final Message object. A final message_stop event.',
  ),
  vouches: 'events',
})

export const nothingAfterError = requirement('streaming/nothing-after-error', {
  level: 'must',
  profile: 'sdk',
  title: 'nothing follows an error event',
  because: 'A normal ending after it makes a failed answer look complete.',
  breaks: ['raw-http'],
  source: typescriptSdk(
    'src/core/streaming.ts',
    'throw new APIError(undefined, body, undefined, response.headers, type);',
  ),
  vouches: 'events',
})
