import { expect, test } from 'vitest'
import { violations } from './violations.ts'

const schema = {
  type: 'object',
  properties: {
    seats: { type: 'integer' },
    note: { type: ['string', 'null'] },
    carriage: { type: 'string', enum: ['first', 'quiet'] },
    names: { type: 'array', items: { type: 'string' } },
    journey: { type: 'object', properties: { to: { type: 'string' } }, required: ['to'], additionalProperties: false },
    open: { type: 'object', properties: {} },
    either: { anyOf: [{ type: 'string' }, { type: 'integer' }] },
    named: { type: 'object', patternProperties: { '^x-': {} }, additionalProperties: false },
  },
  required: ['seats'],
  additionalProperties: false,
}
const found = (value: unknown, isWhole = true) => [...violations(schema, value, '/input', () => isWhole)]

test.for<object>([
  { seats: 2 },
  { seats: 2, note: null, carriage: 'quiet', names: [], journey: { to: 'Braga' } },
  { seats: 2, carriage: 'Quiet' },
  { seats: 2, open: { whatever: 1 }, named: { 'x-any': 1 } },
  { seats: 2, either: true },
])('%j holds to its schema, as far as that is read', (value) => {
  expect(found(value)).toEqual([])
})

test.for<[value: unknown, at: string, expected: string]>([
  ['two', '/input', 'object'],
  [[], '/input', 'object'],
  [{}, '/input', 'seats'],
  [{ seats: '2' }, '/input/seats', 'integer'],
  [{ seats: 2.5 }, '/input/seats', 'integer'],
  [{ seats: 2, note: 1 }, '/input/note', 'string or null'],
  [{ seats: 2, carriage: 'third' }, '/input/carriage', 'one of ["first","quiet"]'],
  [{ seats: 2, names: ['Ida', 7] }, '/input/names/1', 'string'],
  [{ seats: 2, journey: {} }, '/input/journey', 'to'],
  [{ seats: 2, journey: { to: 'Braga', via: 'Nine' } }, '/input/journey/via', 'no such argument'],
  [{ seats: 2, constructor: 1 }, '/input/constructor', 'no such argument'],
])('%j does not, at %s', ([value, at, expected]) => {
  expect(found(value)).toMatchObject([{ at, expected }])
})

test.for([undefined, null, true, 'object'])('%j is no schema, and forbids nothing', (none) => {
  expect([...violations(none, { seats: 'two' }, '/input', () => true)]).toEqual([])
})

test.for<[value: unknown, places: readonly string[]]>([
  [{}, []],
  [{ seats: 2, carriage: 'qui' }, []],
  [{ seats: 2, journey: {}, names: ['I'] }, []],
  [
    { note: 1, carriage: 'qui', smoking: true, journey: { to: 7 } },
    ['/input/note', '/input/smoking', '/input/journey/to'],
  ],
])('of %j, which was cut short, what is there has its type', ([value, places]) => {
  expect(found(value, false).map(({ at }) => at)).toEqual(places)
})
