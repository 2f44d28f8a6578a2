import { expect, test } from 'vitest'
import { answered } from '../harness/views/examples.ts'
import { exchangeOf } from './by-hand.ts'
import { brokenOf, judgeTape } from './proof.ts'

/* What errors/nothing-leaked takes for a trace of what stands behind a gateway, and what it leaves alone. */

function isFound(message: string): boolean {
  const error = { type: 'error', error: { type: 'invalid_request_error', message } }
  const refused = exchangeOf('validation/no-model', answered(error, { status: 400 }))
  return brokenOf(judgeTape([refused]).verdicts).includes('errors/nothing-leaked')
}

test.for([
  'TypeError: x at handler (server.js:12:5)',
  'at Object.<anonymous> (/app/server.js:10:15)',
  // V8 writes the place of what was evaluated within that of who evaluates.
  'at eval (eval at <anonymous> (/app/server.js:1:2), <anonymous>:1:1)',
  'at run (eval at start (/app/server.js:1:2), <anonymous>:1:1)',
  'at a (at a (at a (/app/server.js:1:2)',
])('a frame of a stack is found: %s', (message) => {
  expect(isFound(message)).toBe(true)
})

test.for([
  'max_tokens is at most 4096 (see: docs)',
  'messages are too long at position 3 (4096:1)',
  'the model is busy at noon (UTC)',
])('a sentence is none: %s', (message) => {
  expect(isFound(message)).toBe(false)
})
