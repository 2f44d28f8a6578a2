import { deflateSync, gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { message, model } from '../../../schemas/examples.ts'
import type { RequirementId } from '../../ids.ts'
import type { Answered, Came, Exchange } from '../wire/exchange.ts'
import { isObject, type JsonObject } from '../wire/json.ts'
import { accumulate } from './accumulate.ts'
import { answered, event, eventStream, exchange, failed, hello, numbered, streamed, unanswered } from './examples.ts'
import { stripped } from './holes.ts'
import { alterations, legalStream } from './legal-stream.ts'
import { isLarge, noSuchEndpoint, see, type Seen, type Views } from './views.ts'
import { walk } from './walk.ts'

/** A short word for what was seen: why it is not there, or whose findings say so and where, or what was found in what is. */
function brief(seen: Seen<unknown>): string {
  if (seen.is === 'absent') return seen.why
  const said = (seen.is === 'there' ? seen.found : seen.refusals).map(({ by, finding }) => `${by} at ${finding.at}`)
  return seen.is === 'refused' ? said.join(', ') : ['there', ...said].join(', ')
}

const findingOf = (seen: Seen<unknown>) =>
  (seen.is === 'refused' ? seen.refusals : seen.is === 'there' ? seen.found : [])[0]?.finding

/** What of a Message could not be read, and for whose sake. */
const holesOf = (seen: Seen<object>): readonly string[] =>
  seen.is === 'there'
    ? stripped({ value: seen.value }).voids.map(({ path, by }) => `${path.slice(6)} by ${by.join(', ')}`)
    : []

const ofPath = (path: string, method = 'GET') => ({ sent: { path, method, body: null } })
const counting = { sent: { path: '/v1/messages/count_tokens' } }
const listing = ofPath('/v1/models')
const naming = ofPath('/v1/models/claude-reference')
const streaming = { asks: { stream: true } }

test('each view is read once', () => {
  const one = streamed(hello)
  for (const view of ['text', 'stream', 'events', 'message'] as const) expect(see(one, view)).toBe(see(one, view))
})

test('a large one is let go of when some more large ones were read, and then read again', () => {
  const large = () => exchange(answered({ ...message, id: 'x'.repeat(200_000) }))
  const [one, small] = [large(), exchange(answered(message))]
  const [before, ofSmall] = [see(one, 'message'), see(small, 'message')]
  for (let count = 0; count < 3; count++) see(large(), 'message')
  expect(see(one, 'message')).not.toBe(before)
  expect(see(one, 'message')).toEqual(before)
  expect(see(small, 'message')).toBe(ofSmall)
})

test('a large answer has a larger body than ours have, whether its pieces are known or not', () => {
  for (const chunks of [[], [[1, 200_000]] as const]) {
    expect(isLarge(exchange(answered('x'.repeat(200_000), { chunks })))).toBe(true)
    expect(isLarge(exchange(answered('x', { chunks: [[1, 1]] })))).toBe(false)
  }
  expect(isLarge(exchange(unanswered))).toBe(false)
})

test('the answer is whatever came', () => {
  const came = answered('', { status: 500 })
  expect(see(exchange(came), 'answer')).toEqual({ is: 'there', value: came, found: [] })
  expect(brief(see(exchange(unanswered), 'answer'))).toBe('no-answer')
})

describe('the body as text', () => {
  const text = (came: Came) => see(exchange(came), 'text')

  test.for<[about: string, came: Came, text: string]>([
    ['as it came', answered('Hé'), 'Hé'],
    ['whatever the status', answered('Hé', { status: 502 }), 'Hé'],
    ['empty', answered(''), ''],
    ['unpacked', answered('', { body: gzipSync('Hé'), headers: [['content-encoding', 'gzip']] }), 'Hé'],
    [
      'of a stream that said its last word, but was left open',
      answered(eventStream(hello), { ends: 'hung' }),
      eventStream(hello),
    ],
    ['the same, by an error', answered(eventStream([event.error]), { ends: 'hung' }), eventStream([event.error])],
    ['the same, without a space', answered('event:error\ndata:{}\n\n', { ends: 'hung' }), 'event:error\ndata:{}\n\n'],
  ])('%s', ([, came, value]) => {
    expect(text(came)).toEqual({ is: 'there', value, found: [] })
  })

  test('is not there where nothing came, or where we hung up', () => {
    expect(brief(text(unanswered))).toBe('no-answer')
    expect(brief(text(answered('Hé', { ends: 'hung-up' })))).toBe('nothing-of-its-kind')
  })

  test('is not recorded where the tape withholds it', () => {
    expect(brief(text(answered('00', { withheld: 'unreadable' })))).toBe('not-recorded')
  })

  const packed = (encoding: string) => ({ headers: [['content-encoding', encoding]] }) as const
  const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024 + 1), { level: 1 })
  test.for<[about: string, came: Answered, expected: string, actual: string]>([
    ['an unknown encoding', answered('x', packed('zstd')), 'an encoding that was offered', 'zstd'],
    [
      'no gzip',
      answered('Hello', packed('gzip')),
      'a body that decodes as its content-encoding says',
      'gzip: incorrect header check',
    ],
    ['no UTF-8', answered('', { body: Buffer.from([0x61, 0xff]) }), 'UTF-8', 'byte 1 of 2'],
    [
      'more values than memory has room for',
      answered(` [${'0,'.repeat(250_000)}0]`),
      'a body of reasonable size',
      'more than 250000 values and lines',
    ],
    [
      'more lines than memory has room for',
      answered('\n'.repeat(2_000_001)),
      'a body of reasonable size',
      'more than 2000000 values and lines',
    ],
    [
      'a bomb',
      answered('', { ...packed('gzip'), body: bomb }),
      'a body of reasonable size',
      'gzip: more than 16777216 bytes',
    ],
  ])('cannot be read: %s', ([, came, expected, actual]) => {
    expect(brief(text(came))).toBe('transport/readable at body')
    expect(findingOf(text(came))).toEqual({ at: 'body', expected, actual })
  })

  test.for<[about: string, came: Answered, text: string, expected: string, actual: string]>([
    [
      'gzip that nobody labelled',
      answered('', { body: gzipSync('{}') }),
      '{}',
      'a content-encoding header, since the body is compressed',
      'gzip, without a content-encoding',
    ],
    [
      'deflate that nobody labelled',
      answered('', { body: deflateSync('{"type":"message"}') }),
      '{"type":"message"}',
      'a content-encoding header, since the body is compressed',
      'deflate, without a content-encoding',
    ],
    ['latin-1', answered('', { body: Buffer.from('{"a":"é"}', 'latin1') }), '{"a":"é"}', 'UTF-8', 'byte 6 of 9'],
    [
      'latin-1, compressed as it says',
      answered('', { ...packed('gzip'), body: gzipSync(Buffer.from('data: é', 'latin1')) }),
      'data: é',
      'UTF-8',
      'byte 6 of 7',
    ],
  ])('is guessed, and that is found: %s', ([, came, value, expected, actual]) => {
    expect(text(came)).toEqual({
      is: 'there',
      value,
      found: [{ by: 'transport/readable', finding: { at: 'body', expected, actual } }],
    })
  })

  test.for(['{"type":"message"}', ' [1]\n'])('JSON says by itself where it ends: %j', (body) => {
    const cut = { at: `byte ${body.length}`, expected: 'the rest of the body', actual: 'the connection closed' }
    expect(text(answered(body, { ends: 'cut' }))).toEqual({
      is: 'there',
      value: body,
      found: [{ by: 'transport/whole', finding: cut }],
    })
  })

  test.for<[ends: 'cut' | 'hung' | 'too-large', body: string, actual: string]>([
    ['cut', '{"type"', 'the connection closed'],
    ['cut', eventStream(hello), 'the connection closed'],
    ['hung', '{"type"', 'nothing more, until the time limit'],
    ['hung', eventStream(hello.slice(0, -1)), 'nothing more, until the time limit'],
    ['hung', 'data: event: message_stop \n\n', 'nothing more, until the time limit'],
    ['hung', 'event: message_stopped\n\n', 'nothing more, until the time limit'],
    ['too-large', eventStream(hello), 'more than the size limit'],
  ])('is not whole: %s after %j', ([ends, body, actual]) => {
    const at = `byte ${Buffer.byteLength(body)}`
    expect(brief(text(answered(body, { ends })))).toBe(`transport/whole at ${at}`)
    expect(findingOf(text(answered(body, { ends })))).toEqual({ at, expected: 'the rest of the body', actual })
  })
})

describe('an error', () => {
  test.for<[about: string, exchange: Exchange, seen: string]>([
    ['an envelope', exchange(failed(400)), 'there'],
    ['an envelope for a stream', exchange(failed(500), streaming), 'there'],
    ['an envelope of any endpoint', exchange(failed(404), listing), 'there'],
    ['nothing', exchange(unanswered), 'no-answer'],
    ['a Message', exchange(answered(message)), 'nothing-of-its-kind'],
    ['an envelope with 200', exchange(failed(200)), 'nothing-of-its-kind'],
    ['an envelope with a redirect', exchange(failed(399)), 'nothing-of-its-kind'],
    ['an answer to HEAD', exchange(answered('', { status: 404 }), ofPath('/', 'HEAD')), 'nothing-of-its-kind'],
    ['a page', exchange(answered('<h1>Bad gateway</h1>', { status: 502 })), 'errors/envelope at body'],
    ['a list', exchange(answered([], { status: 400 })), 'errors/envelope at body'],
    [
      'half of an envelope',
      exchange(answered('{"type":"er', { status: 400, ends: 'cut' })),
      'transport/whole at byte 11',
    ],
    [
      'a foreign envelope',
      exchange(answered({ error: { message: 'No.' } }, { status: 400 })),
      'errors/envelope at /type, errors/envelope at /error/type',
    ],
    ['404 with a page', exchange(answered('Not found', { status: 404 })), 'errors/envelope at body'],
    [
      '404 with a page, where models would be',
      exchange(answered('Not found', { status: 404 }), listing),
      'nothing-of-its-kind',
    ],
    [
      '405 with a page, where tokens would be counted',
      exchange(answered('No', { status: 405 }), counting),
      'nothing-of-its-kind',
    ],
    [
      '501 with a page, where a model would be',
      exchange(answered('No', { status: 501 }), naming),
      'nothing-of-its-kind',
    ],
    [
      '400 with a page, where models would be',
      exchange(answered('No', { status: 400 }), listing),
      'errors/envelope at body',
    ],
  ])('%s', ([, one, seen]) => {
    expect(brief(see(one, 'error'))).toBe(seen)
  })

  test('is the envelope itself, or what it said instead', () => {
    expect(see(exchange(failed(400, 'x')), 'error')).toMatchObject({ value: { error: { type: 'x', message: 'No.' } } })
    const page = see(exchange(answered('<h1>Bad\n gateway</h1>', { status: 502 })), 'error')
    expect(findingOf(page)?.actual).toBe('<h1>Bad gateway</h1>')
  })
})

test.for<[path: string, status: number, missing: boolean]>([
  ['/v1/models', 404, true],
  ['/v1/models', 405, true],
  ['/v1/models', 501, true],
  ['/v1/models', 400, false],
  ['/v1/models', 500, false],
  ['/v1/messages', 404, false],
])('GET or POST %s with %i: the endpoint is not there: %j', ([path, status, missing]) => {
  const method = path === '/v1/messages' ? 'POST' : 'GET'
  expect(noSuchEndpoint(exchange(unanswered, ofPath(path, method)), status)).toBe(missing)
})

/** The views of a success, an exchange of whose kind each is, and an answer that is right. */
const successes: readonly (readonly [view: keyof Views, sending: Parameters<typeof exchange>[1], body: unknown])[] = [
  ['json', {}, message],
  ['message', {}, message],
  ['stream', streaming, eventStream(hello)],
  ['events', streaming, eventStream(hello)],
  ['message', streaming, eventStream(hello)],
  ['count', counting, { input_tokens: 12 }],
  ['models', listing, { data: [model] }],
  ['model', naming, model],
]

describe.for(successes)('%s (%j)', ([view, sending, body]) => {
  const seen = (came: Came) => brief(see(exchange(came, sending), view))

  test.for<[status: number, seen: string]>([
    [200, 'there'],
    [299, 'there'],
    [199, 'nothing-of-its-kind'],
    [300, 'nothing-of-its-kind'],
    [400, 'nothing-of-its-kind'],
    [500, 'nothing-of-its-kind'],
    [429, 'rate-limited'],
    [529, 'rate-limited'],
  ])('answered %i: %s', ([status, due]) => {
    expect(seen(answered(body, { status }))).toBe(due)
  })

  test('nothing, or not all of it', () => {
    expect(seen(unanswered)).toBe('no-answer')
    const whole = typeof body === 'string' ? body : JSON.stringify(body)
    const cut = (text: string) => seen(answered(text, { ends: 'cut' }))
    expect(cut(whole)).toBe(`there, transport/whole at byte ${whole.length}`)
    const half = whole.slice(0, whole.length / 2)
    expect(cut(half)).toBe(`${typeof body === 'string' ? 'there, ' : ''}transport/whole at byte ${half.length}`)
    expect(cut(whole.slice(0, 5))).toBe('transport/whole at byte 5')
  })

  test('is of no other endpoint', () => {
    const others = successes.filter(
      ([other]) =>
        other !== view &&
        !(
          ['json', 'message', 'stream', 'events'].includes(view) &&
          ['json', 'message', 'stream', 'events'].includes(other)
        ),
    )
    expect(others.length).toBeGreaterThan(1)
    for (const [, other] of others)
      expect(brief(see(exchange(answered(body), other), view))).toBe('nothing-of-its-kind')
    expect(brief(see(exchange(answered(body), ofPath('/', 'POST')), view))).toBe('nothing-of-its-kind')
  })
})

test('what was asked decides between a body and a stream', () => {
  expect(brief(see(exchange(answered(message), streaming), 'json'))).toBe('nothing-of-its-kind')
  expect(brief(see(exchange(answered(message), streaming), 'stream'))).toBe('streaming/served at body')
  expect(brief(see(exchange(answered(eventStream(hello))), 'stream'))).toBe('nothing-of-its-kind')
  expect(brief(see(exchange(answered(eventStream(hello))), 'json'))).toBe('messages/json at body')
  expect(brief(see(exchange(answered(message), streaming), 'events'))).toBe('streaming/served at body')
})

describe('the JSON of a Message', () => {
  test.for<[about: string, body: unknown, seen: string]>([
    ['any object', {}, 'there'],
    ['a page', '<h1>Log in</h1>', 'messages/json at body'],
    ['a list', [message], 'messages/json at body'],
    ['an envelope', { type: 'error', error: { type: 'api_error', message: 'No.' } }, 'errors/never-200 at status'],
    ['an error that is no object', { type: 'error', content: [] }, 'errors/never-200 at status'],
    ['a foreign error', { error: { message: 'No.' } }, 'errors/never-200 at status'],
    ['content beside an error', { error: { message: 'No.' }, content: [] }, 'there'],
    ['error: null', { error: null }, 'there'],
    ['chat completions', { choices: [] }, 'messages/own-protocol at body'],
    ['another object of theirs', { object: 'response' }, 'messages/own-protocol at body'],
    ['their fields beside content', { choices: [], object: 'x', content: [] }, 'there'],
  ])('%s', ([, body, seen]) => {
    expect(brief(see(exchange(answered(body)), 'json'))).toBe(seen)
  })
})

describe('a Message', () => {
  const seen = (body: unknown) => see(exchange(answered(body)), 'message')
  const valueOf = (body: unknown) => {
    const read = seen(body)
    if (read.is !== 'there') throw new Error(brief(read))
    return read.value
  }
  const without = (key: string) => ({ ...message, [key]: undefined })
  const holding = (...content: readonly unknown[]) => ({ ...message, content })

  test.for<[body: unknown, seen: string]>([
    [message, 'there'],
    [{ ...message, stop_reason: 'hologram', extra: 1 }, 'there'],
    [holding({ type: 'hologram' }, { type: 'constructor' }), 'there'],
    [holding(), 'there'],
    [{ choices: [] }, 'messages/own-protocol at body'],
    [without('id'), 'there, messages/shape at /id'],
    [without('content'), 'messages/shape at /content'],
    [
      {},
      'messages/shape at /id, messages/shape at /type, messages/shape at /role, messages/shape at /model, messages/shape at /content, messages/stop-reason-set at /stop_reason, usage/shape at /usage',
    ],
    [
      { ...message, content: [], id: 7, role: 'x', usage: null, type: 'y' },
      'messages/shape at /id, messages/shape at /type, messages/shape at /role, usage/shape at /usage',
    ],
    [{ ...message, content: 'Hello!' }, 'there, messages/shape at /content'],
    [{ ...message, stop_sequence: 7 }, 'there, messages/shape at /stop_sequence'],
    [without('stop_reason'), 'there, messages/stop-reason-set at /stop_reason'],
    [{ ...message, stop_reason: 7 }, 'there, messages/stop-reason-set at /stop_reason'],
    [{ ...message, stop_reason: null }, 'there, messages/stop-reason-set at /stop_reason'],
    [without('usage'), 'there, usage/shape at /usage'],
    [{ ...message, usage: { input_tokens: '12', output_tokens: 6 } }, 'there, usage/shape at /usage/input_tokens'],
    [holding({ type: 'text' }), 'there, messages/content-blocks at /content/0/text'],
    [holding('Hello!'), 'there, messages/content-blocks at /content/0'],
    [holding({ text: 'Hello!' }), 'there, messages/content-blocks at /content/0/type'],
    [
      holding({ type: 'text', text: '' }, { type: 'tool_use', id: 't', name: 'n' }),
      'there, tools/shape at /content/1/input',
    ],
    [holding({ type: 'thinking', thinking: '' }), 'there, thinking/shape at /content/0/signature'],
    [holding({ type: 'redacted_thinking' }), 'there, thinking/shape at /content/0/data'],
    [holding({ type: 'server_tool_use', id: 's', name: 'n' }), 'there, messages/content-blocks at /content/0/input'],
    [
      { ...message, id: 7, usage: null, content: [{ type: 'text' }] },
      'there, messages/shape at /id, messages/content-blocks at /content/0/text, usage/shape at /usage',
    ],
  ])('%j: %s', ([body, due]) => {
    expect(brief(seen(body))).toBe(due)
    // What is wrong is a hole, and nothing else is.
    const wrong = due.startsWith('there') ? due.split(', ').slice(1) : []
    expect(holesOf(seen(body))).toEqual(wrong.map((one) => one.split(' at ').toReversed().join(' by ')))
  })

  test('the rest of it is there', () => {
    const { id, usage, content } = valueOf({ ...message, model: 7, usage: { input_tokens: '12', output_tokens: 6 } })
    expect([id, usage.output_tokens, content]).toEqual(['msg_01', 6, message.content])
  })

  test.for<[about: string, exchange: Exchange, seen: string]>([
    ['the least', streamed(hello), 'there'],
    [
      'without stop_reason',
      streamed([event.start(), event.end({}), event.last]),
      'there, messages/stop-reason-set at /stop_reason',
    ],
    ['that an error ended', streamed([event.start(), event.error]), 'no-answer'],
    [
      'that an error ended before it was said why it stops',
      streamed([...hello.slice(0, -2), event.error]),
      'no-answer',
    ],
    [
      'that an error ended in the middle of a block',
      streamed([...hello.filter(({ type }) => type !== 'content_block_stop' && type !== 'message_stop'), event.error]),
      'no-answer',
    ],
    ['that an error ended behind its last word', streamed([...hello.slice(0, -1), event.error]), 'there'],
    ['out of order', streamed([event.start(), event.last]), 'there, streaming/message-delta at event 2'],
    [
      'that cannot be read',
      streamed([{ type: 'message_start' }]),
      'streaming/message-start-shape at event 1 /message, streaming/ends at after event 1',
    ],
    [
      'whose tool input is no JSON',
      streamed([
        event.start(),
        event.block(0, { type: 'tool_use', id: 't', name: 'n', input: {} }),
        event.delta(0, { type: 'input_json_delta', partial_json: '{' }),
        event.stop(0),
        event.end(),
        event.last,
      ]),
      'there, tools/input-json at event 4',
    ],
    [
      'whose thinking was never signed',
      streamed([
        event.start(),
        event.block(0, { type: 'thinking', thinking: '' }),
        event.stop(0),
        event.end(),
        event.last,
      ]),
      'there, thinking/shape at /content/0/signature',
    ],
    [
      'that begins with blocks',
      streamed([event.start([{ type: 'text', text: 'a' }]), event.end(), event.last]),
      'there, streaming/starts-empty at event 1',
    ],
    [
      'that begins with blocks, since code goes on',
      streamed([event.start([{ type: 'text', text: 'a' }]), event.end(), event.last], { container: 'c' }),
      'there',
    ],
  ])('of a stream %s', ([, one, due]) => {
    expect(brief(see(one, 'message'))).toBe(due)
  })

  test('is the same in both modes', () => {
    expect(see(streamed(hello), 'message')).toEqual(see(exchange(answered(message)), 'message'))
  })
})

describe('what other endpoints answer', () => {
  test.for<[view: keyof Views, body: unknown, seen: string]>([
    ['count', { input_tokens: 0 }, 'there'],
    ['count', 'twelve', 'tokens/shape at body'],
    ['count', [12], 'tokens/shape at body'],
    ['count', {}, 'tokens/shape at /input_tokens'],
    ['count', { input_tokens: '12' }, 'tokens/shape at /input_tokens'],
    ['models', { data: [] }, 'there'],
    ['models', { data: [{ id: 'm' }], object: 'list' }, 'there'],
    ['models', 'none', 'models/shape at body'],
    ['models', [model], 'models/shape at body'],
    ['models', {}, 'models/shape at /data'],
    ['models', { data: { 0: model } }, 'models/shape at /data'],
    ['models', { data: [model, 'm'] }, 'models/shape at /data/1/id'],
    ['models', { data: [{ ...model, id: 7 }, 'm'] }, 'models/shape at /data/0/id'],
    ['model', 'none', 'models/one-shape at body'],
    ['model', { ...model, id: undefined }, 'models/one-shape at /id'],
  ])('%s %j: %s', ([view, body, due]) => {
    const sending = view === 'count' ? counting : view === 'models' ? listing : naming
    expect(brief(see(exchange(answered(body), sending), view))).toBe(due)
  })

  test('a list is shown as far as it is wrong', () => {
    const seen = see(exchange(answered({ data: [model, 'm'] }), listing), 'models')
    expect(findingOf(seen)).toEqual({ at: '/data/1/id', expected: 'a string', actual: '"m"' })
    const none = see(exchange(answered({ data: 'none' }), listing), 'models')
    expect(findingOf(none)).toEqual({ at: '/data', expected: 'a list', actual: '"none"' })
  })
})

describe('of any stream', () => {
  const views = ['answer', 'text', 'json', 'error', 'stream', 'events', 'message', 'count', 'models', 'model'] as const
  const asking = (continues: boolean): JsonObject => (continues ? { container: 'container_01' } : {})
  const owners: ReadonlySet<RequirementId> = new Set(['messages/stop-reason-set', 'thinking/shape'])

  test('a legal one is read, and what its Message lacks is said by who owns that', () => {
    fc.assert(
      fc.property(legalStream, ({ events, continues, error }) => {
        const one = streamed(events, asking(continues))
        expect(brief(see(one, 'events'))).toBe('there')
        const whole = see(one, 'message')
        const isSaid = events.some(({ delta }) => isObject(delta) && typeof delta['stop_reason'] === 'string')
        if (error && !isSaid) expect(brief(whole)).toBe('no-answer')
        else expect(whole.is).toBe('there')
        if (whole.is === 'there') for (const { by } of whole.found) expect(owners).toContain(by)
      }),
      { numRuns: 150 },
    )
  })

  test('an altered one never makes a view throw', () => {
    fc.assert(
      fc.property(legalStream, alterations, ({ events, continues }, alter) => {
        const one = streamed(alter(events), asking(continues))
        for (const view of views) expect(['there', 'refused', 'absent']).toContain(see(one, view).is)
      }),
      { numRuns: 300 },
    )
  })

  test('nor accumulate, where nobody vouched for the shape of its events', () => {
    fc.assert(
      fc.property(legalStream, alterations, ({ events, continues }, alter) => {
        const altered = alter(events)
        const { walked } = walk(numbered(altered), { beginsWithBlocks: continues })
        const { message, voids } = accumulate(walked, streamed(altered))
        expect(isObject(message)).toBe(true)
        for (const { path, by } of voids) expect([path.slice(0, 1), by.length > 0]).toEqual(['/', true])
      }),
      { numRuns: 500 },
    )
  })
})
