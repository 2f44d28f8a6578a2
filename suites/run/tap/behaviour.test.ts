import { expect, test } from 'vitest'
import { answered, exchange, failed } from '../../harness/views/examples.ts'
import { message } from '../../../schemas/examples.ts'
import type { JsonObject } from '../../harness/wire/json.ts'
import { watching, type Did, type Watch } from './behaviour.ts'

const hello = [{ role: 'user', content: 'Hello' }]

/** Watches a client that asks these things in turn, each met with trouble or none; what it did in the last. */
function lastOf(...turns: readonly Step[]): readonly Did[] | undefined {
  return watched(watching(), turns).at(-1)
}

/** After what it asked for nothing more. */
function leftIn(turns: readonly Step[]): readonly string[] {
  const watch = watching()
  watched(watch, turns)
  return watch.left().map(([{ client, session }, { kind, exchange: where, after, because }]) => {
    expect([kind, after]).toEqual(['left', where])
    return `${client} ${session}: ${where} ${because}`
  })
}

function watched(watch: Watch, turns: readonly Step[]): readonly (readonly Did[])[] {
  return turns.map(([asks, trouble, { came, session = 'a', began, ended, headers = [], isGrave = true } = {}], index) =>
    watch.take({
      from: { client: 'cli', session },
      exchange: exchange(came ?? (trouble === null ? answered(message) : failed(400)), {
        asks: { messages: hello, ...asks },
        fixture: `tap/${index + 1}`,
        sent: { headers },
      }),
      began: began ?? index * 10,
      ended: ended ?? index * 10 + 5,
      trouble: trouble === null ? null : { said: trouble, isGrave },
    }),
  )
}

type Step = readonly [asks: JsonObject, trouble: string | null, more?: Partial<Watched>]

interface Watched {
  readonly came: Parameters<typeof exchange>[0]
  readonly session: string
  readonly isGrave: boolean
  readonly began: number
  readonly ended: number
  readonly headers: readonly (readonly [string, string])[]
}

const did = (kind: Did['kind'], because: string, changed: readonly string[] = []): Did => ({
  kind,
  exchange: 'tap/2',
  after: 'tap/1',
  because,
  changed,
})

test('asks without stream what it had asked as one', () => {
  const trouble = 'broken streaming/ends'
  expect(lastOf([{ stream: true }, trouble], [{ stream: false }, null])).toEqual([did('fell-back', trouble)])
  expect(lastOf([{ stream: true }, trouble], [{}, null])).toEqual([did('fell-back', trouble)])
})

test('asks the same again, or with something changed', () => {
  expect(lastOf([{ max_tokens: 9 }, 'status 400'], [{ max_tokens: 9 }, null])).toEqual([did('repeated', 'status 400')])
  expect(
    lastOf(
      [{ max_tokens: 9, thinking: { type: 'adaptive' } }, 'status 400'],
      [{ max_tokens: 5 }, null, { headers: [['anthropic-beta', 'x']] }],
    ),
  ).toEqual([did('repeated', 'status 400', ['max_tokens', 'thinking', 'anthropic-beta'])])
})

test('a mark for the cache, or a turn of the system, makes no other place in a conversation', () => {
  const marked = [{ role: 'user', content: [{ type: 'text', text: 'x', cache_control: { type: 'ephemeral' } }] }]
  const plain = [
    { role: 'user', content: [{ type: 'text', text: 'x' }] },
    { role: 'system', content: 'y' },
  ]
  expect(lastOf([{ messages: marked }, 'no answer'], [{ messages: plain }, null])).toEqual([
    did('repeated', 'no answer', ['messages']),
  ])
})

test.for<[name: string, turns: readonly Step[]]>([
  [
    'after all was well',
    [
      [{}, null],
      [{}, null],
    ],
  ],
  [
    'of another session',
    [
      [{}, 'status 400'],
      [{}, null, { session: 'b' }],
    ],
  ],
  [
    'while the other one still ran',
    [
      [{}, 'status 400', { ended: 50 }],
      [{}, null, { began: 20 }],
    ],
  ],
])('a request %s is none that is repeated', ([, turns]) => {
  expect(lastOf(...turns)).toEqual([])
})

const call = { type: 'tool_use', id: 'toolu_01', name: 'Read', input: {} } as const
const thought = { type: 'thinking', thinking: 'Hm', signature: 'c2ln' } as const
const thinking = answered({ ...message, content: [thought, call], stop_reason: 'tool_use' })
const sentBack = (content: readonly object[]) => ({
  messages: [
    ...hello,
    { role: 'assistant', content },
    { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'toolu_01' }] },
  ],
})

test('sends a turn back without the thinking that came with it', () => {
  expect(lastOf([{}, null, { came: thinking }], [sentBack([call]), null])).toEqual([did('lost-thinking', '')])
  expect(lastOf([{}, null, { came: thinking }], [sentBack([thought, call]), null])).toEqual([])
  const without = answered({ ...message, content: [call], stop_reason: 'tool_use' })
  expect(lastOf([{}, null, { came: without }], [sentBack([call]), null])).toEqual([])
})

const further = { messages: [...hello, { role: 'assistant', content: 'x' }, { role: 'user', content: 'And?' }] }
const elsewhere = { messages: [{ role: 'user', content: 'Bye' }, ...further.messages.slice(1)] }

test('goes on from what was broken, unless it had asked that again, or it was no more than advice', () => {
  const trouble = 'broken tools/stop-reason'
  expect(lastOf([{}, trouble], [further, null])).toEqual([did('went-on', trouble)])
  expect(lastOf([{}, trouble], [{}, null], [further, null])).toEqual([])
  expect(lastOf([{}, trouble, { isGrave: false }], [further, null])).toEqual([])
  expect(lastOf([{}, null], [further, null])).toEqual([])
  expect(lastOf([{}, trouble], [elsewhere, null])).toEqual([])
  expect(lastOf([{}, trouble, { ended: 50 }], [further, null, { began: 20 }])).toEqual([])
})

test.for<[name: string, turns: readonly Step[], left: readonly string[]]>([
  ['after the last one, in trouble', [[{}, 'status 500']], ['cli a: tap/1 status 500']],
  [
    'after one that was asked again',
    [
      [{}, 'status 500'],
      [{}, null],
    ],
    [],
  ],
  [
    'after one that was asked again in vain',
    [
      [{}, 'status 500'],
      [{}, 'status 400'],
    ],
    ['cli a: tap/2 status 400'],
  ],
  [
    'after one that it went on from',
    [
      [{}, 'broken x/y'],
      [further, null],
    ],
    [],
  ],
  [
    'after one before something else',
    [
      [{}, 'broken x/y'],
      [elsewhere, null],
    ],
    [],
  ],
  ['after one that broke no more than advice', [[{}, 'broken x/y', { isGrave: false }]], []],
  ['after one that was well', [[{}, null]], []],
  [
    'in one session',
    [
      [{}, 'broken x/y'],
      [{}, null, { session: 'b' }],
    ],
    ['cli a: tap/1 broken x/y'],
  ],
  [
    'after two that ran at once',
    [
      [{}, 'status 500', { ended: 20 }],
      [elsewhere, 'no answer', { began: 10, ended: 30 }],
    ],
    ['cli a: tap/1 status 500', 'cli a: tap/2 no answer'],
  ],
])('asks for nothing more: %s', ([, turns, left]) => {
  expect(leftIn(turns)).toEqual(left)
})

test('told to go on where the answer was cut off, a model is asked again', () => {
  const said = (...texts: string[]) => ({
    messages: [{ role: 'user', content: texts.map((text) => ({ type: 'text', text })) }],
  })
  const trouble = 'an error within a 200'
  const resumed = [said('Hello\n', 'It was cut off: resume.'), null] as const
  expect(lastOf([said('Hello'), trouble], resumed)).toEqual([did('repeated', trouble, ['messages'])])
  expect(lastOf([{}, trouble], resumed)).toEqual([did('repeated', trouble, ['messages'])])
  expect(lastOf([said('Hello', 'you'), trouble], resumed)).toEqual([])
  expect(lastOf([said('Hello', 'It was cut off: resume.', 'Do.'), trouble], resumed)).toEqual([])
})
