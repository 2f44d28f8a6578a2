import { expect, test } from 'vitest'
import { answered, exchange, failed } from '../../harness/views/examples.ts'
import { message } from '../../../schemas/examples.ts'
import type { JsonObject } from '../../harness/wire/json.ts'
import { watching, type Did } from './behaviour.ts'

const hello = [{ role: 'user', content: 'Hello' }]

/** Watches a client that asks these things in turn, each met with trouble or none; what it did in the last. */
function lastOf(...turns: readonly Step[]): readonly Did[] | undefined {
  const watch = watching()
  return turns
    .map(([asks, trouble, { came, who = 'a', began, ended, headers = [] } = {}], index) =>
      watch({
        who,
        exchange: exchange(came ?? (trouble === null ? answered(message) : failed(400)), {
          asks: { messages: hello, ...asks },
          fixture: `tap/${index + 1}`,
          sent: { headers },
        }),
        began: began ?? index * 10,
        ended: ended ?? index * 10 + 5,
        trouble,
      }),
    )
    .at(-1)
}

type Step = readonly [asks: JsonObject, trouble: string | null, more?: Partial<Watched>]

interface Watched {
  readonly came: Parameters<typeof exchange>[0]
  readonly who: string
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
      [{}, null, { who: 'b' }],
    ],
  ],
  [
    'further on',
    [
      [{}, 'status 400'],
      [{ messages: [...hello, { role: 'assistant', content: 'x' }, ...hello] }, null],
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
