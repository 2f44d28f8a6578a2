import { expect, test } from 'vitest'
import { lastMark, marked, markOf } from './mark.ts'

const mark = markOf(7)

function bodyOf(...messages: readonly unknown[]): string {
  return JSON.stringify({ model: 'm', messages })
}

test('marks are of one length, and the latest one of a conversation is its own', () => {
  expect(markOf(7)).toBe('[r00007q]')
  expect(markOf(31_415).length).toBe(mark.length)
  expect(lastMark(`${markOf(12)} and before that ${markOf(9)}`)).toBe(markOf(12))
  expect(lastMark('none')).toBeNull()
})

test.for<[what: string, sent: readonly unknown[], arrives: readonly unknown[]]>([
  ['a text', [{ role: 'user', content: 'Hi' }], [{ role: 'user', content: `${mark} Hi` }]],
  [
    'the last text of several blocks, behind what may be cached',
    [{ role: 'user', content: [{ type: 'text', text: 'A' }, { type: 'text', text: 'B' }, { type: 'image' }] }],
    [{ role: 'user', content: [{ type: 'text', text: 'A' }, { type: 'text', text: `${mark} B` }, { type: 'image' }] }],
  ],
  [
    'a result, where the turn says nothing else',
    [{ role: 'user', content: [{ type: 'tool_result', tool_use_id: 't', content: [{ type: 'text', text: '4' }] }] }],
    [
      {
        role: 'user',
        content: [{ type: 'tool_result', tool_use_id: 't', content: [{ type: 'text', text: `${mark} 4` }] }],
      },
    ],
  ],
  [
    'what the user said before a prefill',
    [
      { role: 'user', content: 'Hi' },
      { role: 'assistant', content: 'He' },
    ],
    [
      { role: 'user', content: `${mark} Hi` },
      { role: 'assistant', content: 'He' },
    ],
  ],
  ['nothing, where the text is blank', [{ role: 'user', content: ' ' }], [{ role: 'user', content: ' ' }]],
  ['nothing, where there is no text', [{ role: 'user', content: 7 }, 'x'], [{ role: 'user', content: 7 }, 'x']],
])('%s is marked', ([, sent, arrives]) => {
  expect(marked(bodyOf(...sent), mark)).toBe(bodyOf(...arrives))
})

test('what is no conversation stays as it is, byte for byte', () => {
  for (const body of [null, '', '{', '[1]', '{ "messages": 7 }', '{ "messages": [] }'])
    expect(marked(body, mark)).toBe(body)
})
