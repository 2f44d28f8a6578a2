import { expect, test } from 'vitest'
import { escaped, inWords, printable } from './printable.ts'

test('controls, line ends and turns of direction are spaces', () => {
  expect(printable('a\u001b[31mb\r\nc\u0085d\u2028e\u202ef\u2066g')).toBe('a [31mb  c d e f g')
})

test('markup is text, and lines stay lines', () => {
  expect(escaped(`<b title="x" id='y'>\u0007&amp;\nend`)).toBe(
    '&lt;b title=&quot;x&quot; id=&#39;y&#39;&gt; &amp;amp;\nend',
  )
})

test('a name of ours as words', () => {
  expect(inWords('not-yet-shown')).toBe('not yet shown')
})
