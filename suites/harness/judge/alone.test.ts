import { expect, test } from 'vitest'
import { about, saying, served } from '../../self/by-hand.ts'
import { textOf } from '../views/text.ts'
import { judgingAlone } from './alone.ts'
import { requirement } from './requirement.ts'

const wrong = { at: '/content', expected: 'right', actual: 'wrong' }

const says = (id: Parameters<typeof requirement>[0], word: string, more: object = {}) =>
  requirement(id, {
    ...about,
    ...more,
    every: 'message',
    *check(message) {
      if (textOf(message) === 'throw') throw new Error('ours')
      if (textOf(message) === word) yield wrong
    },
  })

const catalogue = [
  says('messages/shape', 'wrong', { level: 'should' }),
  says('messages/content-blocks', 'wrong'),
  says('messages/id-unique', 'wrong', { after: ['messages/content-blocks'] }),
  says('messages/json', 'wrong', { level: 'may' }),
  says('integrity/model-name', 'wrong', { level: 'should', hint: true }),
  requirement('messages/echo', { ...about, reads: { 'messages/hello': 'message' }, *check() {} }),
]
const alone = judgingAlone(catalogue, new Set(catalogue.map(({ id }) => id)))
const hello = (text: string) => served('messages/hello', saying(text))

test('what is broken, each must first, without hints, notes, and what others hide', () => {
  expect(alone(hello('wrong'))).toEqual({
    broken: [
      { id: 'messages/content-blocks', level: 'must' },
      { id: 'messages/shape', level: 'should' },
    ],
    holds: 0,
  })
})

test('one exchange hides nothing of the next', () => {
  expect(alone(hello('right'))).toEqual({ broken: [], holds: 3 })
})

test('only what is selected', () => {
  expect(judgingAlone(catalogue, new Set(['messages/shape']))(hello('wrong')).broken.map(({ id }) => id)).toEqual([
    'messages/shape',
  ])
})

test('a mistake of ours is no breach', () => {
  const { broken, failure } = alone(hello('throw'))
  expect([broken, failure]).toEqual([[], new Error('ours')])
})
