import { expect, test } from 'vitest'
import { answered, eventStream, exchange, hello, unanswered } from '../harness/views/examples.ts'
import { timing } from './timed.ts'

/** A stream of a greeting that comes event by event, so many milliseconds apart. */
function stream(fixture: string, gaps: readonly number[]) {
  const text = eventStream(hello)
  const sizes = text.split(/(?<=\n\n)/).map((frame) => frame.length)
  let at = 0
  const chunks = sizes.map((size, index) => [(at += gaps[index] ?? 0), size] as const)
  return exchange(answered(text, { chunks, endedAt: at }), { fixture, asks: { stream: true } })
}

test('the first token is that of the first delta, in the middle of all streams; the gap is the longest of any', () => {
  const { add, timed } = timing()
  const before = hello.findIndex(({ type }) => type === 'content_block_delta')
  add(
    stream(
      'a:stream',
      hello.map(() => 10),
    ),
  )
  add(
    stream(
      'b:stream',
      hello.map(() => 20),
    ),
  )
  add(
    stream(
      'c:stream',
      hello.map((_, at) => (at === hello.length - 1 ? 400 : 30)),
    ),
  )
  expect(timed()).toMatchObject({ firstToken: 20 * (before + 1), longestGap: 400 })
})

test('an exchange takes as long as all its attempts, and what never came takes nothing', () => {
  const { add, timed } = timing()
  add(exchange(answered({}, { endedAt: 5 }), { fixture: 'a' }))
  add(exchange(answered({}, { endedAt: 7.25 }), { fixture: 'a', attempt: 2 }))
  add(exchange(unanswered, { fixture: 'b' }))
  add(exchange(answered({}, { endedAt: null }), { fixture: 'c' }))
  add(exchange(answered({}, { endedAt: 9 }), { fixture: 'd', origin: 'waiting' }))
  expect(timed()).toEqual({ exchanges: { a: 12.3 } })
})

test('what is made to fail says nothing of how long a token takes, and nothing at all is null', () => {
  const { add, timed } = timing()
  expect(timed()).toBeNull()
  add({
    ...stream(
      'a:stream',
      hello.map(() => 10),
    ),
    upstream: 'reference',
  })
  expect(timed()).not.toHaveProperty('firstToken')
})
