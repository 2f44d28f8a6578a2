import { expect, test } from 'vitest'
import { breakpointsOf, partsOf, textOf } from './parts.ts'

const text = (words: string, more: object = {}) => ({ type: 'text', text: words, ...more })

test('the blocks of a conversation are its parts; texts that follow each other in one turn are one', () => {
  const parts = partsOf({
    messages: [
      { role: 'user', content: 'A' },
      { role: 'user', content: [text('B'), text('C'), { type: 'image' }, text('D')] },
      'no turn',
      { role: 'assistant' },
    ],
  })
  expect(parts.map((part) => [part.at, part.role, part.type, textOf(part)])).toEqual([
    ['/messages/0/content/0', 'user', 'text', 'A'],
    ['/messages/1/content/0', 'user', 'text', 'BC'],
    ['/messages/1/content/2', 'user', 'image', ''],
    ['/messages/1/content/3', 'user', 'text', 'D'],
  ])
})

const cached = { cache_control: { type: 'ephemeral' } }
const long = { cache_control: { type: 'ephemeral', ttl: '1h' } }

test('a breakpoint is known by what it stands behind, and lives five minutes unless it says otherwise', () => {
  const found = breakpointsOf({
    ...long,
    tools: [{ name: 'a' }, { name: 'b', ...cached }],
    system: [text('S', long)],
    messages: [{ role: 'user', content: [text('A', cached), { type: 'tool_result', tool_use_id: 't1', ...cached }] }],
  })
  expect(found).toEqual([
    { at: '/cache_control', behind: 'all of it', ttl: '1h' },
    { at: '/tools/1/cache_control', behind: 'tool b', ttl: '5m' },
    { at: '/system/0/cache_control', behind: 'text S', ttl: '1h' },
    { at: '/messages/0/content/0/cache_control', behind: 'text A', ttl: '5m' },
    { at: '/messages/0/content/1/cache_control', behind: 'tool_result t1', ttl: '5m' },
  ])
  expect(breakpointsOf({ system: 'S', messages: 7 })).toEqual([])
})

test('a breakpoint behind a text that was split is the same one', () => {
  const words = 'word '.repeat(40)
  const behind = (content: readonly object[]) => breakpointsOf({ messages: [{ content }] }).map((one) => one.behind)
  expect(behind([text(words.slice(0, 50)), text(words.slice(50), cached)])).toEqual(behind([text(words, cached)]))
})
