import { expect, test } from 'vitest'
import type { HeaderList } from './exchange.ts'
import { header, wholeHeaders } from './headers.ts'

const headers: HeaderList = [
  ['Content-Type', 'application/json'],
  ['content-type', 'text/html'],
  ['x-empty', ''],
]

test.for<[name: string, value: string | undefined]>([
  ['content-type', 'application/json'],
  ['x-empty', ''],
  ['retry-after', undefined],
  ['constructor', undefined],
])('the first %s, whatever its case: %j', ([name, value]) => {
  expect(header(headers, name)).toBe(value)
})

test.for<['gathered' | 'recorded', boolean]>([
  ['gathered', true],
  ['recorded', false],
])('an absent header of what was %s says something: %j', ([origin, whole]) => {
  const sent = { method: 'GET', path: '/v1/models', headers: [], body: null }
  const came = { kind: 'nothing', failure: 'reset', detail: '' } as const
  expect(wholeHeaders({ fixture: 'f', origin, attempt: 1, needs: [], values: {}, sent, came })).toBe(whole)
})
