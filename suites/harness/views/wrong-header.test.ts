import { expect, test } from 'vitest'
import type { Came } from '../wire/exchange.ts'
import { answered, exchange, unanswered } from './examples.ts'
import { wrongHeader } from './wrong-header.ts'

const json = answered({}, { headers: [['Content-Type', 'application/json']] })
const text = answered(
  {},
  {
    headers: [
      ['content-type', 'text/plain'],
      ['content-type', 'application/json'],
    ],
  },
)
const empty = answered({}, { headers: [['content-type', '']] })

test.for<[about: string, came: Came, origin: 'gathered' | 'recorded', actual: string | null]>([
  ['right, in other case', json, 'gathered', null],
  ['wrong', text, 'gathered', 'text/plain'],
  ['wrong, on a recording', text, 'recorded', 'text/plain'],
  ['empty', empty, 'gathered', ''],
  ['missing', answered({}), 'gathered', 'missing'],
  ['missing, on a recording, where it may have been left out', answered({}), 'recorded', null],
  ['no answer that could have one', unanswered, 'gathered', null],
])('a header that is %s', ([, came, origin, actual]) => {
  const isJson = (type: string): boolean => type === 'application/json'
  const found = wrongHeader(exchange(came, { origin }), 'content-type', 'JSON', isJson)
  expect([...found]).toEqual(actual === null ? [] : [{ at: 'header content-type', expected: 'JSON', actual }])
})
