import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  beginningOfJson,
  holdsAtMost,
  inStrings,
  isObject,
  objects,
  own,
  parseJson,
  toJson,
  type JsonObject,
} from './json.ts'

test.for<[value: unknown, is: boolean]>([
  [{}, true],
  [{ a: 1 }, true],
  [[], false],
  [null, false],
  [undefined, false],
  ['{}', false],
  [7, false],
])('%j is an object: %j', ([value, is]) => {
  expect(isObject(value)).toBe(is)
})

test.for<[value: unknown, found: readonly object[]]>([
  [
    [{ a: 1 }, null, 'x', [], { b: 2 }],
    [{ a: 1 }, { b: 2 }],
  ],
  [[], []],
  [{ 0: { a: 1 } }, []],
  [null, []],
  ['text', []],
])('the objects of %j', ([value, found]) => {
  expect(objects(value)).toEqual(found)
})

test.for<[key: string, value: unknown]>([
  ['a', 1],
  ['__proto__', 2],
  ['toString', undefined],
  ['b', undefined],
])('the own %s of an object', ([key, value]) => {
  expect(own(JSON.parse('{"a":1,"__proto__":2}') as JsonObject, key)).toBe(value)
})

describe('JSON that somebody else wrote', () => {
  test.for<[text: string, value: unknown]>([
    ['{"a":[1,null,"x"]}', { a: [1, null, 'x'] }],
    ['null', null],
    [' 7\n', 7],
    ['', undefined],
    ['{"a":1', undefined],
    ['undefined', undefined],
    ['\uFEFF{}', undefined],
  ])('%j', ([text, value]) => {
    expect(parseJson(text)).toEqual(value)
  })

  const lists = (depth: number) => `${'['.repeat(depth)}${' '.repeat(1000)}${']'.repeat(depth)}`
  const objectsIn = (depth: number) => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`

  test.for<[about: string, text: string, read: boolean]>([
    ['lists 500 deep', lists(500), true],
    ['lists 501 deep', lists(501), false],
    ['lists 501 deep, with no room for more', '['.repeat(501) + ']'.repeat(501), false],
    ['objects 500 deep', objectsIn(500), true],
    ['objects 501 deep', objectsIn(501), false],
    ['lists and objects 502 deep together', `${'[{"a":'.repeat(251)}1${'}]'.repeat(251)}`, false],
    ['so deep that the parser itself gives up', '['.repeat(1_000_000), false],
    ['lists beside each other', `[${'[],'.repeat(1000)}[]]`, true],
    ['objects beside each other', `[${'{},'.repeat(1000)}{}]`, true],
    ['brackets in a string', JSON.stringify('[{'.repeat(1000)), true],
    ['brackets behind an escaped quote', JSON.stringify(`"${'['.repeat(1000)}`), true],
    ['brackets behind a string that ends in a backslash', `["\\\\",${lists(500)}]`, false],
    ['brackets that close in a string only', `${'["]",'.repeat(501)}1${']'.repeat(501)}`, false],
  ])('%s', ([, text, read]) => {
    expect(text.length).toBeGreaterThan(1000)
    expect(parseJson(text) !== undefined).toBe(read)
  })
})

test.for<[text: string, values: number]>([
  ['[]', 1],
  ['{}', 1],
  ['[1,2]', 2],
  ['{"a":1,"b":{}}', 3],
  ['event: ping\ndata: 7\n\n', 3],
])('%j holds as many values and lines as %i', ([text, values]) => {
  expect(holdsAtMost(values, text)).toBe(true)
  expect(holdsAtMost(values - 1, text)).toBe(false)
})

test.each(['', '"one value"', '7'])('%j holds none', (text) => {
  expect(holdsAtMost(0, text)).toBe(true)
})

describe('the beginning of a value as JSON', () => {
  test('is all of it, or more than is asked for', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.nat(60), fc.constantFrom(0, 2), (value, most, indent) => {
        const all = JSON.stringify(value, null, indent)
        const beginning = beginningOfJson(value, most, indent)
        if (all.length <= most) expect(beginning).toBe(all)
        else expect(beginning.length).toBeGreaterThan(most)
        expect(beginning.slice(0, most)).toBe(all.slice(0, most))
      }),
      { numRuns: 500 },
    )
  })

  test('of a long text is not much more', () => {
    expect(beginningOfJson('x'.repeat(1000), 10)).toBe(`"${'x'.repeat(11)}"`)
    expect(beginningOfJson({ ['k'.repeat(1000)]: 1 }, 10)).toBe(`{"${'k'.repeat(11)}":1}`)
  })

  test('is taken without a look at the rest', () => {
    const list = [1, 2, 3]
    Object.defineProperty(list, 2, {
      get: () => {
        throw new Error('looked at')
      },
    })
    expect(beginningOfJson(list, 3)).toBe('[1,2]')
    expect(() => beginningOfJson(list, 4)).toThrow('looked at')
  })
})

describe('JSON that can be shown anywhere', () => {
  test.for<[about: string, character: string]>([
    ['a line feed', '\n'],
    ['DEL', '\x7f'],
    ['a C1 control', '\x9b'],
    ['the last C1 control', '\x9f'],
    ['a line separator', '\u2028'],
    ['a paragraph separator', '\u2029'],
    ['right-to-left override', '\u202e'],
    ['an isolate', '\u2066'],
  ])('escapes %s, and reads back', ([, character]) => {
    const shown = toJson({ text: character })
    expect(shown).not.toContain(character)
    expect(JSON.parse(shown)).toEqual({ text: character })
  })

  test.each(['é', '漢', '😀', '\u00a0', '\u2027', '\u202f'])('leaves %j as it is', (character) => {
    expect(toJson(character)).toBe(`"${character}"`)
  })

  test('escapes each occurrence, by four digits', () => {
    expect(toJson('\x7f \x7f \u202e')).toBe(String.raw`"\u007f \u007f \u202e"`)
  })

  test('escapes what the runner of a CI job takes for a command, which reads back the same', () => {
    const text = '##[stop-commands]x ###vso[y]'
    expect(toJson(text)).toBe(String.raw`"\u0023#[stop-commands]x #\u0023#vso[y]"`)
    expect(JSON.parse(toJson({ [text]: text }))).toEqual({ [text]: text })
    expect(toJson('## title [1]')).toBe('"## title [1]"')
  })

  test('indents where that is asked for', () => {
    expect(toJson({ a: [1] }, 2)).toBe('{\n  "a": [\n    1\n  ]\n}')
    expect(toJson({ a: [1] })).toBe('{"a":[1]}')
  })
})

test('each string of a value is changed, however deep, and nothing else', () => {
  const value = { a: ['x', 1, null, { b: 'y', toString: 'z' }], ['__proto__']: 'p' }
  expect(inStrings(value, (text) => `<${text}>`)).toEqual({
    a: ['<x>', 1, null, { b: '<y>', toString: '<z>' }],
    ['__proto__']: '<p>',
  })
})
