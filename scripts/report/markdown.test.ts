import { expect, test } from 'vitest'
import { code, text } from './markdown.ts'

test('Markdown in what a gateway said stays text, on one line', () => {
  expect(text('a\n# *b* [c](d) <e> | `f` & @g')).toBe(
    'a &#35; &#42;b&#42; &#91;c&#93;(d) &#60;e&#62; &#124; &#96;f&#96; &#38; &#64;g',
  )
})

test('code holds whatever backticks there are, and at most 300 characters', () => {
  expect(code('```js')).toBe('<code>&#96;&#96;&#96;js</code>')
  expect(code('x'.repeat(300))).toBe(`<code>${'x'.repeat(300)}</code>`)
  expect(code('x'.repeat(301))).toBe(`<code>${'x'.repeat(297)}...</code>`)
})
