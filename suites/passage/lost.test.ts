import { describe, expect, test } from 'vitest'
import { lost } from './lost.ts'

describe('what is legal on the way is no loss:', () => {
  test.for<[what: string, sent: unknown, arrived: unknown]>([
    ['the same', { a: [1, { b: null }] }, { a: [1, { b: null }] }],
    ['another order of keys, and more of them', { a: 1, b: 2 }, { c: 3, b: 2, a: 1 }],
    ['absent for null', { a: null }, {}],
    ['a block for a text', { content: 'Hi' }, { content: [{ type: 'text', text: 'Hi' }] }],
    ['a text for a block', { content: [{ type: 'text', text: 'Hi' }] }, { content: 'Hi' }],
    ['a breakpoint that is gone, which is looked at elsewhere', { cache_control: { type: 'ephemeral' } }, {}],
  ])('%s', ([, sent, arrived]) => {
    expect([...lost(sent, arrived, '')]).toEqual([])
  })
})

describe('a loss is placed, with what was sent and what arrived:', () => {
  test.for<[what: string, sent: unknown, arrived: unknown, at: string, expected: string, actual: string]>([
    ['a value', { a: { b: 1 } }, { a: { b: 2 } }, '/x/a/b', '1', '2'],
    ['a field', { a: { b: 1 } }, { a: {} }, '/x/a/b', '1', 'absent'],
    ['an object', { a: { b: 1 } }, { a: 'b' }, '/x/a', '{"b":1}', '"b"'],
    ['an item of a list', { a: [1, 2] }, { a: [1] }, '/x/a', '[1,2]', '[1]'],
    ['a list', { a: [1] }, {}, '/x/a', '[1]', 'absent'],
    [
      'blocks, by their types',
      [{ type: 'text' }, { type: 'image' }],
      [{ type: 'text' }],
      '/x',
      '["text","image"]',
      '["text"]',
    ],
    ['null for what was there', { a: 1 }, { a: null }, '/x/a', '1', 'null'],
    ['what every object has, and this one has not', JSON.parse('{"__proto__": 1}'), {}, '/x/__proto__', '1', 'absent'],
  ])('%s', ([, sent, arrived, at, expected, actual]) => {
    expect([...lost(sent, arrived, '/x')]).toEqual([{ at, expected, actual }])
  })
})
