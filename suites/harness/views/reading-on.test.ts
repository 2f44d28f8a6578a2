import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { blocks as blockExamples, message } from '../../../schemas/examples.ts'
import { validateMessage } from '../../../schemas/validators.js'
import type { Answered, Exchange } from '../wire/exchange.ts'
import { isObject } from '../wire/json.ts'
import { answered, event, eventStream, exchange, hello, streamed } from './examples.ts'
import { attempt, stripped } from './holes.ts'
import { words } from './legal-stream.ts'
import { isAnchor, see } from './views.ts'

/* What of a Message can still be read behind a defect. The units are tested beside themselves; here is what comes of them together. */

const { start, block, delta, stop, end, last, ping, error } = event
const call = { type: 'tool_use', id: 'toolu_01', name: 'get_weather', input: {} }
const fragment = (partial_json: string) => ({ type: 'input_json_delta', partial_json })
const text = (text: string) => ({ type: 'text_delta', text })

interface Read {
  /** `id at place`, once a requirement. */
  readonly found: readonly string[]
  /** The texts of the blocks whose text can be told. */
  readonly text: string
  readonly stop: unknown
  readonly tokens: readonly [input: unknown, output: unknown]
  /** `/path by id`. */
  readonly holes: readonly string[]
}

function read(one: Exchange): Read {
  const seen = see(one, 'message')
  if (seen.is !== 'there') throw new Error(`${seen.is} ${JSON.stringify(seen)}`)
  const { value, voids } = stripped({ message: seen.value })
  const whole = isObject(value['message']) ? value['message'] : {}
  const usage = isObject(whole['usage']) ? whole['usage'] : {}
  const content = Array.isArray(whole['content']) ? whole['content'] : []
  return {
    found: seen.found.map(({ by, finding }) => `${by} at ${finding.at}`),
    text: content.map((one: unknown) => (isObject(one) ? String(one['text'] ?? '') : '')).join('|'),
    stop: whole['stop_reason'],
    tokens: [usage['input_tokens'], usage['output_tokens']],
    holes: voids.map(({ path, by }) => `${path.slice('/message'.length)} by ${by.join(', ')}`),
  }
}

const whole: Read = { found: [], text: 'Hello!', stop: 'end_turn', tokens: [12, 6], holes: [] }
/** Two blocks, each of some text. */
const two = [start(), block(0), delta(0), stop(0), block(1), delta(1, text('Bye!')), stop(1), end(), last]

test('of what is right, all', () => {
  expect(read(streamed(hello))).toEqual(whole)
  expect(read(exchange(answered(message)))).toEqual(whole)
})

const stream = (body: string, more: Partial<Answered> = {}) =>
  exchange(answered(body, more), { asks: { stream: true } })
const written = eventStream(hello)

describe('what can be mended without a loss', () => {
  test.for<[about: string, one: Exchange, found: string, said?: string]>([
    ['[DONE] at the end', stream(`${written}data: [DONE]\n\n`), 'streaming/no-trailing-done at event 7'],
    ['no names', stream(written.replaceAll(/event: .*\n/g, '')), 'streaming/named at event 1'],
    ['other names', stream(written.replaceAll(/event: /g, 'event: x_')), 'streaming/name-is-type at event 1'],
    [
      'names that the data does not repeat',
      stream(written.replaceAll(/"type":"(message|content)_\w+",?/g, '')),
      'streaming/name-is-type at event 1',
    ],
    [
      'an event whose data is not called so',
      stream(written.replace('data: {"type":"message_delta"', '{"type":"message_delta"')),
      'streaming/framed at event 5, byte 552',
    ],
    ['a last event without its blank line', stream(written.trimEnd()), 'streaming/framed at event 6, byte 647'],
    [
      'indexes that begin at 1',
      streamed([start(), block(1), delta(1), stop(1), end(), last]),
      'streaming/indexes at event 2',
    ],
    [
      'indexes with a gap',
      streamed([...two.slice(0, 4), block(5), delta(5, text('Bye!')), stop(5), end(), last]),
      'streaming/indexes at event 5',
      'Hello!|Bye!',
    ],
    [
      'the same index twice',
      streamed([...two.slice(0, 4), block(0), delta(0, text('Bye!')), stop(0), end(), last]),
      'streaming/indexes at event 5',
      'Hello!|Bye!',
    ],
    ['no indexes', streamed(hello.map((one) => ({ ...one, index: undefined }))), 'streaming/indexes at event 2 /index'],
    [
      'negative indexes',
      streamed(hello.map((one) => ('index' in one ? { ...one, index: -1 } : one))),
      'streaming/indexes at event 2 /index',
    ],
    [
      'a block in a block',
      streamed([start(), block(0), block(1), delta(1, text('Bye!')), delta(0), stop(1), stop(0), end(), last]),
      'streaming/one-block-at-a-time at event 3',
      'Hello!|Bye!',
    ],
    ['a stop that never came', streamed(hello.toSpliced(3, 1)), 'streaming/blocks-closed at event 4'],
    [
      'a stop that came late',
      streamed([start(), block(0), delta(0), end(), stop(0), last]),
      'streaming/blocks-closed at event 4',
    ],
    ['a second start', streamed(hello.toSpliced(3, 0, start())), 'streaming/begins at event 4'],
    ['a start that came late', streamed([hello[1] ?? ping, start(), ...hello.slice(2)]), 'streaming/begins at event 1'],
    [
      'content in message_start',
      streamed(hello.with(0, start([{ type: 'text', text: 'Early' }]))),
      'streaming/starts-empty at event 1',
    ],
    ['a second message_stop', streamed([...hello, last]), 'streaming/ends at event 7'],
    ['no message_stop', streamed(hello.slice(0, -1)), 'streaming/ends at after event 5'],
    ['a delta of a foreign index', streamed(hello.with(2, delta(4))), 'streaming/open-block at event 3'],
    [
      'a start of text without text',
      streamed(hello.with(1, { ...block(0), content_block: { type: 'text' } })),
      'streaming/block-start-shape at event 2 /content_block/text',
    ],
    ['a lost start of text', streamed(hello.toSpliced(1, 1)), 'streaming/open-block at event 2'],
    [
      'a block behind message_delta',
      streamed([...two.slice(0, 4), end(), ...two.slice(4, 7), last]),
      'streaming/message-delta at event 6',
      'Hello!|Bye!',
    ],
    ['gzip that nobody labelled', stream('', { body: gzipSync(written) }), 'transport/readable at body'],
    [
      'a wrong length over JSON',
      exchange(answered(message, { ends: 'cut' })),
      `transport/whole at byte ${JSON.stringify(message).length}`,
    ],
    ['JSON for a stream', stream(JSON.stringify(message)), 'streaming/served at body'],
    ['a stream for JSON', exchange(answered(written)), 'messages/json at body'],
    [
      'a stream that broke off behind all it had to say',
      stream(eventStream(hello.slice(0, -1)), { ends: 'cut' }),
      `transport/whole at byte ${eventStream(hello.slice(0, -1)).length}`,
    ],
  ])('%s', ([, one, found, said = 'Hello!']) => {
    expect(read(one)).toEqual({ ...whole, text: said, found: [found] })
  })

  test('anything after an error', () => {
    const events = see(streamed([...hello.slice(0, 3), error, ...hello.slice(3)]), 'events')
    expect(events).toMatchObject({
      is: 'there',
      value: { error: { number: 4 }, blocks: [{ deltas: [{ number: 3 }] }], messageDeltas: [] },
      found: [{ by: 'streaming/nothing-after-error', finding: { at: 'event 5' } }],
    })
  })
})

const lostEnd = (by: string) =>
  ['/stop_reason', '/stop_sequence', '/content', '/usage/output_tokens'].map((path) => `${path} by ${by}`)

describe('what is mended, and voids', () => {
  test.for<[about: string, one: Exchange, read: Partial<Read>]>([
    [
      'a delta that is no JSON',
      stream(written.replace(/data: .*Hello!.*/, 'data: {"type')),
      {
        found: ['streaming/data-json at event 3 data'],
        text: '',
        holes: ['/content/0/text by streaming/data-json', '/content/0/citations by streaming/data-json'],
      },
    ],
    [
      'a delta without its text',
      streamed(two.with(2, delta(0, { type: 'text_delta' }))),
      {
        found: ['streaming/delta-shape at event 3 /delta/text'],
        text: '|Bye!',
        holes: ['/content/0/text by streaming/delta-shape', '/content/0/citations by streaming/delta-shape'],
      },
    ],
    [
      'a start without text, and no delta',
      streamed([start(), { ...block(0), content_block: { type: 'text' } }, stop(0), end(), last]),
      {
        found: ['streaming/block-start-shape at event 2 /content_block/text'],
        text: '',
        holes: ['/content/0/text by streaming/block-start-shape'],
      },
    ],
    [
      'a delta that does not fit',
      streamed(two.with(2, delta(0, fragment('{}')))),
      {
        found: ['streaming/delta-fits at event 3'],
        text: '|Bye!',
        holes: ['/content/0/text by streaming/delta-fits', '/content/0/citations by streaming/delta-fits'],
      },
    ],
    [
      'a lost start of a call',
      streamed([start(), delta(0, fragment('{"city":"Oslo"}')), stop(0), end(), last]),
      {
        found: ['streaming/open-block at event 2'],
        text: '',
        holes: ['/type', '/id', '/name'].map((path) => `/content/0${path} by streaming/open-block`),
      },
    ],
    [
      'fragments that are no JSON',
      streamed([start(), block(0, call), delta(0, fragment('{"ci')), stop(0), end(), last]),
      { found: ['tools/input-json at event 4'], text: '', holes: ['/content/0/input by tools/input-json'] },
    ],
    [
      'no message_start',
      streamed(hello.slice(1)),
      {
        found: ['streaming/begins at event 1'],
        tokens: [undefined, 6],
        holes: ['/usage/input_tokens', '/id', '/type', '/role', '/model'].map((path) => `${path} by streaming/begins`),
      },
    ],
    [
      'a message_start without usage',
      streamed(hello.with(0, { ...start(), message: { ...start().message, usage: undefined } })),
      {
        found: ['usage/message-start at event 1 /message/usage'],
        tokens: [undefined, 6],
        holes: ['/usage/input_tokens by usage/message-start'],
      },
    ],
    [
      'no message_delta',
      streamed(hello.toSpliced(4, 1)),
      {
        found: ['streaming/message-delta at event 5'],
        stop: undefined,
        tokens: [12, undefined],
        holes: ['/stop_reason', '/usage/output_tokens', '/stop_sequence'].map(
          (path) => `${path} by streaming/message-delta`,
        ),
      },
    ],
    [
      'a message_delta without usage',
      streamed(hello.with(4, { ...end(), usage: undefined })),
      {
        found: ['usage/message-delta at event 5 /usage'],
        tokens: [12, undefined],
        holes: ['/usage/output_tokens by usage/message-delta'],
      },
    ],
    [
      'an end before the stop_reason',
      streamed(hello.slice(0, 4)),
      {
        found: ['streaming/ends at after event 4'],
        text: '',
        stop: undefined,
        tokens: [12, undefined],
        holes: lostEnd('streaming/ends'),
      },
    ],
    [
      'a cut before the stop_reason',
      stream(eventStream(hello.slice(0, 3)), { ends: 'cut' }),
      {
        found: [`transport/whole at byte ${eventStream(hello.slice(0, 3)).length}`],
        text: '',
        stop: undefined,
        tokens: [12, undefined],
        holes: lostEnd('transport/whole'),
      },
    ],
    [
      'latin-1',
      stream('', { body: Buffer.from(written.replace('Hello!', 'H\u00e9'), 'latin1') }),
      {
        found: ['transport/readable at body'],
        text: '',
        holes: ['/content/0/text by transport/readable', '/content/0/citations by transport/readable'],
      },
    ],
    [
      'counts of another protocol',
      exchange(answered({ ...message, usage: { prompt_tokens: 12, completion_tokens: 6 } })),
      {
        found: ['usage/shape at /usage/input_tokens', 'usage/shape at /usage/output_tokens'],
        tokens: [undefined, undefined],
        holes: ['/usage/input_tokens by usage/shape', '/usage/output_tokens by usage/shape'],
      },
    ],
  ])('%s', ([, one, expected]) => {
    const due = { ...whole, ...expected }
    const got = read(one)
    expect({ ...got, holes: got.holes.toSorted() }).toEqual({ ...due, holes: due.holes.toSorted() })
  })

  test('what lies around the holes can be looked at, and whoever looks at them is blocked', () => {
    const seen = see(streamed(two.with(2, delta(0, { type: 'text_delta' }))), 'message')
    if (seen.is !== 'there') throw new Error(seen.is)
    const [first, second] = seen.value.content
    expect(attempt(() => first?.type === 'text' && first.text)).toMatchObject({
      ok: false,
      by: ['streaming/delta-shape'],
    })
    expect(attempt(() => second?.type === 'text' && second.text)).toEqual({ ok: true, value: 'Bye!' })
  })
})

test.for<[about: string, one: Exchange, found: readonly string[]]>([
  [
    'in a body',
    exchange(answered({ ...message, id: 7, usage: { input_tokens: 12 } })),
    ['messages/shape at /id', 'usage/shape at /usage/output_tokens'],
  ],
  [
    'in a stream',
    stream(
      `${eventStream([start(), block(1), delta(1), stop(1), end({ stop_reason: 'end_turn' }, {}), last])}data: [DONE]\n\n`,
    ),
    [
      'usage/message-delta at event 5 /usage/output_tokens',
      'streaming/no-trailing-done at event 7',
      'streaming/indexes at event 2',
    ],
  ],
  [
    'in its transport and in it',
    stream('', { body: gzipSync(eventStream([...hello, last])) }),
    ['transport/readable at body', 'streaming/ends at event 7'],
  ],
  [
    'in its mode and in it',
    stream(JSON.stringify({ ...message, model: undefined })),
    ['streaming/served at body', 'messages/shape at /model'],
  ],
])('two defects %s are both found', ([, one, found]) => {
  expect(read(one).found).toEqual(found)
})

describe('whether it anchors what is judged', () => {
  test.for<[about: string, one: Exchange, anchors: boolean]>([
    ['a Message', exchange(answered(message)), true],
    ['a Message without content', exchange(answered({ ...message, content: [] })), true],
    ['one with a block that can be read', exchange(answered({ ...message, id: 7 })), true],
    ['one with none', exchange(answered({ ...message, id: 7, content: [] })), false],
    ['one whose only block has holes', exchange(answered({ ...message, content: [{ type: 'text' }] })), false],
    [
      'one whose only block says no more than its type',
      exchange(answered({ id: 'x', content: [{ type: 'x' }] })),
      false,
    ],
    ['no Message', exchange(answered({})), false],
    ['a stream that lost its beginning', streamed(hello.slice(1)), true],
    ['a stream of which the content is lost', streamed(hello.slice(0, 4)), false],
  ])('%s: %j', ([, one, anchors]) => {
    expect(isAnchor(one)).toBe(anchors)
  })
})

describe('of any Message that is wrong somewhere', () => {
  const content = fc.array(fc.constantFrom<unknown>(...blockExamples), { minLength: 1, maxLength: 3 })
  const value = fc.oneof(
    fc.jsonValue({ maxDepth: 1 }),
    fc.constantFrom<unknown>(undefined, null, 7, '', [], {}, [{}], ...words),
  )

  /** The pointers to all that a value holds. */
  function pointers(value: unknown, at = ''): readonly string[] {
    if (typeof value !== 'object' || value === null) return []
    return Object.entries(value).flatMap(([key, inner]) => [`${at}/${key}`, ...pointers(inner, `${at}/${key}`)])
  }

  /** The value with another one at a pointer. */
  function altered(value: unknown, [key, ...rest]: readonly string[], other: unknown): unknown {
    if (key === undefined) return other
    if (Array.isArray(value))
      return value.map((item: unknown, at) => (String(at) === key ? altered(item, rest, other) : item))
    if (!isObject(value)) return value
    return { ...value, [key]: altered(value[key], rest, other) }
  }

  /** What a validator says of a Message beside its holes. */
  function wrongBeside(message: object): readonly string[] {
    const { value, voids } = stripped({ message })
    if (validateMessage(value['message'])) return []
    const holes = voids.map(({ path }) => path.slice('/message'.length))
    const places = (validateMessage.errors ?? []).map(({ instancePath, params }) =>
      'missingProperty' in params ? `${instancePath}/${String(params['missingProperty'])}` : instancePath,
    )
    return places.filter((place) => !holes.some((hole) => place === hole || place.startsWith(`${hole}/`)))
  }

  test('each part is as the schema says, or a hole', () => {
    const changes = fc.array(fc.tuple(fc.nat(), value), { minLength: 1, maxLength: 3 })
    fc.assert(
      fc.property(content, changes, (content, changes) => {
        const body = changes.reduce<unknown>(
          (body, [place, other]) => {
            const all = pointers(body)
            return altered(body, (all[place % all.length] ?? '/id').split('/').slice(1), other)
          },
          structuredClone({ ...message, content }),
        )
        const seen = see(exchange(answered(body)), 'message')
        if (seen.is !== 'there') return
        expect(wrongBeside(seen.value)).toEqual([])
      }),
      { numRuns: 400 },
    )
  })

  test('also where more is wrong than is told', () => {
    const wrong = fc.constantFrom<unknown>(7, null, { type: 'text' }, { type: 'text', text: 7 }, { text: 'x' })
    const many = fc.array(fc.oneof(wrong, fc.constant({ type: 'text', text: 'x' })), { minLength: 30, maxLength: 60 })
    const skills = fc.array(wrong, { maxLength: 30 })
    fc.assert(
      fc.property(many, skills, fc.constantFrom<unknown>('end_turn', 7), (content, skills, odd) => {
        const container = { id: 'c', expires_at: 'x', skills }
        const body = { ...message, content, container, stop_sequence: odd, usage: odd, stop_reason: odd }
        const seen = see(exchange(answered(body)), 'message')
        if (seen.is !== 'there') throw new Error(seen.is)
        expect(wrongBeside(seen.value)).toEqual([])
        expect(seen.found.length).toBeLessThan(100)
      }),
      { numRuns: 60 },
    )
  })
})

describe('a stream that says nothing but pings is one finding, and nothing else is made of it', () => {
  const only = eventStream([ping, ping, ping])
  test.for<[ends: Answered['ends'], by: string]>([
    ['complete', 'streaming/begins'],
    ['cut', 'transport/whole'],
    ['hung', 'transport/whole'],
  ])('%s', ([ends, by]) => {
    const one = exchange(answered(only, { ends }), { asks: { stream: true } })
    for (const view of ['events', 'message'] as const) {
      const seen = see(one, view)
      expect(seen.is === 'refused' && seen.refusals.map((refusal) => refusal.by)).toEqual([by])
    }
  })
})
