import { expect, test } from 'vitest'
import { goneFrom } from './gone.ts'

const text = 'Each stream ends with a message_stop event. No event follows it, and the connection is closed.'

test('what stands there is found, whole or in parts', () => {
  expect(goneFrom(text, 'ends with a message_stop event.')).toBe(null)
  expect(goneFrom(text, 'Each stream ends ... the connection is closed.')).toBe(null)
})

test('one altered word is named, with what stands before it', () => {
  expect(goneFrom(text, 'Each stream ends with no message_stop event.')).toEqual({
    still: 'Each stream ends with',
    word: 'no',
  })
  expect(goneFrom(text, 'Every stream ends')).toEqual({ still: '', word: 'Every' })
})

test('a word is whole: more of it, or less, is another one', () => {
  expect(goneFrom(text, 'the connection is close')).toEqual({ still: 'the connection is', word: 'close' })
  expect(goneFrom(text, 'he connection is closed')).toEqual({ still: '', word: 'he' })
  expect(goneFrom('the class_names, and the class', 'the class')).toBe(null)
})

test('parts stand in their order', () => {
  expect(goneFrom(text, 'No event follows ... Each stream ends')).toEqual({ still: '', word: 'Each' })
})
