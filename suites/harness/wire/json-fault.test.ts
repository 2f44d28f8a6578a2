import fc from 'fast-check'
import { expect, test } from 'vitest'
import { faultInJson } from './json-fault.ts'

test.for<[text: string, line: number, column: number]>([
  ['', 1, 1],
  ['{', 1, 2],
  ['{\n  "a": 1,\n}', 3, 1],
  ['{\n  "a": 1\n  "b": 2\n}', 3, 3],
  ['{"a": [1, 2,, 3]}', 1, 13],
  ["{'a': 1}", 1, 2],
  ['{"a" 1}', 1, 6],
  ['{"a": "b', 1, 9],
  ['{"a": "b\nc"}', 1, 9],
  ['{"a": "\\x"}', 1, 8],
  ['[tru]', 1, 2],
  ['[01]', 1, 3],
  ['[1] // why', 1, 5],
  ['{"a": 1}}', 1, 9],
  ['[1}', 1, 3],
  ['\uFEFF{}', 1, 1],
])('%j is no JSON at line %i, column %i', ([text, line, column]) => {
  expect(faultInJson(text)).toEqual({ line, column })
})

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

test('a fault is found in what JSON.parse refuses, and in nothing else', () => {
  const pieces = fc.constantFrom(...'{}[]:,"\\ \n-01.5eEtruefalsn\u0001', '"a"', 'true', 'null', '\\u00e9', '12')
  const nearly = fc.tuple(fc.json(), fc.nat(), fc.nat({ max: 2 }), pieces).map(([json, at, gone, piece]) => {
    const place = at % (json.length + 1)
    return json.slice(0, place) + piece + json.slice(place + gone)
  })
  const texts = fc.oneof(
    fc.json(),
    nearly,
    fc.array(pieces, { maxLength: 12 }).map((all) => all.join('')),
  )
  fc.assert(
    fc.property(texts, (text) => {
      expect(faultInJson(text) === null).toBe(isJson(text))
    }),
    { numRuns: 3000 },
  )
})
