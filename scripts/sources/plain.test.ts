import { expect, test } from 'vitest'
import { plainCode, plainProse } from './plain.ts'

test.for([
  [
    'a list',
    '1. `message_start`: contains a\n   `Message` object.\n2. A *series* of',
    'message_start: contains a Message object. A series of',
  ],
  [
    'links',
    'using [server-sent events](https://a.example/Using%5Fserver) (SSE), ![a cat](cat.png)',
    'using server-sent events (SSE), a cat',
  ],
  ['escapes', 'The stop\\_reason field', 'The stop_reason field'],
  ['a table', '| `name` | Must match.   |\n', 'name Must match.'],
  ['a heading, a quotation, a tag', '## Title\n\n> <Note>\n> **Whole** text\n> </Note>', 'Title Whole text'],
  ['typographic marks', '“Claude’s” answer – in part…', '"Claude\'s" answer - in part...'],
  ['an object', '`{"type": "ping"}`', '{"type": "ping"}'],
  ['a status', '* 400 - `invalid_request_error`: There was', '400 - invalid_request_error: There was'],
  ['emphasis', 'may stop _before_ reaching max_tokens', 'may stop before reaching max_tokens'],
])('%s, as it is read', ([, markdown, plain]) => {
  expect(plainProse(markdown ?? '')).toBe(plain)
})

test('what is plain stays as it is', () => {
  const plain = 'stop_reason: "max_tokens" (see 3 - 2), a < b > c'
  expect(plainProse(plain)).toBe(plain)
})

test('code keeps its marks, and loses its line breaks only', () => {
  expect(plainCode('if (a !== `b`) {\n\t  return *c\n}')).toBe('if (a !== `b`) { return *c }')
})
