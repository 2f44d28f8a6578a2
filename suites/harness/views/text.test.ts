import { expect, test } from 'vitest'
import { message } from '../../../schemas/examples.ts'
import type { Message } from '../../../schemas/types.ts'
import { says, textOf } from './text.ts'

const saying = (...content: readonly object[]): Message => ({ ...message, content: content as Message['content'] })

test.for<[about: string, content: readonly object[], text: string]>([
  ['nothing', [], ''],
  ['one text', [{ type: 'text', text: 'Hello!' }], 'Hello!'],
  [
    'texts around other blocks, joined without a gap',
    [
      { type: 'thinking', thinking: 'Hm', signature: 's' },
      { type: 'text', text: 'one ' },
      { type: 'tool_use', id: 't', name: 'n', input: { text: 'not this' } },
      { type: 'text', text: 'two' },
    ],
    'one two',
  ],
  ['a block of an unknown type whose text is none', [{ type: 'hologram', text: 7 }], ''],
])('the text of %s', ([, content, text]) => {
  expect(textOf(saying(...content))).toBe(text)
})

test.for<[text: string, word: string, said: boolean]>([
  ['The word is Heron.', 'heron', true],
  ['the word is heron', 'HERON', true],
  ['her on', 'heron', false],
  ['', 'heron', false],
  ['**Red**.', 'red', true],
  ['It is not rendered.', 'red', false],
  ['redredred', 'red', true],
  ['a red1', 'red', false],
  ['HERON-12x', 'heron-12', true],
  ['anything', '', true],
])('%j says %j: %j', ([text, word, said]) => {
  expect(says(saying({ type: 'text', text }), word)).toBe(said)
})

test('a word that ends a block is said, whatever the next block begins with', () => {
  expect(says(saying({ type: 'text', text: 'red' }, { type: 'text', text: 'Anything else?' }), 'red')).toBe(true)
})

test('a word may be cut in two blocks', () => {
  expect(says(saying({ type: 'text', text: 'he' }, { type: 'text', text: 'ron' }), 'heron')).toBe(true)
})
