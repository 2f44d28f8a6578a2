import { expect, test } from 'vitest'
import { escaped, inWords } from './printable.ts'

test('markup is text, and lines stay lines', () => {
  expect(escaped(`<b title="x" id='y'>\u0007&amp;\nend`)).toBe(
    '&lt;b title=&quot;x&quot; id=&#39;y&#39;&gt; &amp;amp;\nend',
  )
})

test('a name of ours as words', () => {
  expect(inWords('not-yet-shown')).toBe('not yet shown')
})
