import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { RequirementId } from '../../ids.ts'
import { isObject, type JsonObject } from '../wire/json.ts'
import { attempt, certain, holeAt, peek, pierced, stripped, Unreadable, without, type Void } from './holes.ts'
import { words } from './legal-stream.ts'

const usage: readonly RequirementId[] = ['usage/shape']
const shape: readonly RequirementId[] = ['messages/shape', 'messages/content-blocks']
const lost = (path: string, by = usage): Void => ({ path, by })

/** Who stands in the way of looking at something; null where nobody does. */
const inTheWay = (look: () => unknown): readonly RequirementId[] | null => {
  const tried = attempt(look)
  return tried.ok ? null : tried.by
}

const message = () => ({
  id: 'msg_01',
  usage: { input_tokens: 12, output_tokens: 6 },
  content: [
    { type: 'text', text: 'Hello!' },
    { type: 'text', text: 'Bye!' },
  ],
})

describe('a value with holes', () => {
  test('is the value itself where nothing is lost', () => {
    const value = message()
    expect(pierced(value, [])).toBe(value)
  })

  test('throws where it cannot be read, names who found why, and is there beside that', () => {
    const value = pierced(message(), [lost('/usage/input_tokens'), lost('/content/1/text', shape), lost('/id', shape)])
    expect(inTheWay(() => value.usage.input_tokens)).toEqual(usage)
    expect(inTheWay(() => value.content[1]?.text)).toEqual(shape)
    expect(inTheWay(() => value.id)).toEqual(shape)
    expect([value.usage.output_tokens, value.content[0], value.content[1]?.type]).toEqual([
      6,
      { type: 'text', text: 'Hello!' },
      'text',
    ])
    expect(value.content).toHaveLength(2)
    expect(Array.isArray(value.content)).toBe(true)
  })

  test('is a copy along the paths only; what it is a copy of stays whole', () => {
    const value = message()
    const copy = pierced(value, [lost('/content/1/text')])
    expect(value).toEqual(message())
    expect(copy.usage).toBe(value.usage)
    expect(copy.content[0]).toBe(value.content[0])
    expect(copy.content === value.content).toBe(false)
  })

  test('copies each object once, however many holes there are in it', () => {
    let copies = 0
    const many = Object.fromEntries(Array.from({ length: 50 }, (_, key) => [`k${key}`, key]))
    const counted = new Proxy(many, {
      ownKeys(target) {
        copies++
        return Reflect.ownKeys(target)
      },
    })
    pierced(
      { inner: counted },
      Object.keys(many).map((key) => lost(`/inner/${key}`)),
    )
    expect(copies).toBe(1)
  })

  test('serialises, and is compared, as far as no hole is', () => {
    const value = pierced(message(), [lost('/usage/input_tokens')])
    expect(JSON.stringify(value.content)).toBe(JSON.stringify(message().content))
    expect({ ...value, usage: null }).toEqual({ ...message(), usage: null })
    expect(inTheWay(() => JSON.stringify(value))).toEqual(usage)
    expect(inTheWay(() => structuredClone(value.usage))).toEqual(usage)
    expect(Object.keys(value.usage)).toEqual(['input_tokens', 'output_tokens'])
  })

  test.for<[about: string, path: string, key: string]>([
    ['a slash', '/a~1b', 'a/b'],
    ['a tilde', '/a~0b', 'a~b'],
    ['a tilde that looks like a slash', '/a~01b', 'a~1b'],
    ['nothing', '/', ''],
    ...words.map((word): [string, string, string] => [word, `/${word}`, word]),
  ])('has them under any key: %s', ([, path, key]) => {
    const whole: JsonObject = Object.fromEntries([
      [key, 1],
      ['b', 2],
    ])
    const value = pierced(whole, [lost(path)])
    expect(holeAt(value, key)).toEqual(usage)
    expect(inTheWay(() => value[key])).toEqual(usage)
    expect(value['b']).toBe(2)
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype)
    expect(stripped(value)).toEqual({ value: { b: 2 }, voids: [lost(path)] })
  })

  test('a key that objects inherit stays a key beside them', () => {
    const value: JsonObject = pierced<JsonObject>(JSON.parse('{"__proto__":{"a":1},"b":2}') as JsonObject, [lost('/b')])
    expect(Object.keys(value)).toEqual(['__proto__', 'b'])
    expect(Object.keys(stripped(value).value)).toEqual(['__proto__'])
    expect(value['a']).toBeUndefined()
  })

  test.for(words)('under a word that objects inherit, deeper: %s', (word) => {
    const value: JsonObject = pierced<JsonObject>({ a: 1 }, [lost(`/${word}/${word}`)])
    expect(holeAt(value, word)).toEqual(usage)
    expect(Object.hasOwn(Object.prototype, 'hologram')).toBe(false)
    expect(holeAt({}, word)).toBeNull()
  })

  test('where a part is voided that is not there, the nearest that is becomes the hole', () => {
    const value: JsonObject = pierced<JsonObject>({ usage: null, id: 'x' }, [
      lost('/usage/input_tokens/deep'),
      lost('/id/0'),
    ])
    expect(holeAt(value, 'usage')).toEqual(usage)
    expect(holeAt(value, 'id')).toEqual(usage)
    expect(holeAt(pierced<JsonObject>({}, [lost('/content/0/text', shape)]), 'content')).toEqual(shape)
  })

  test('a hole in a hole is the outer one, whichever was told first', () => {
    const [outer, inner] = [lost('/usage', shape), lost('/usage/input_tokens')]
    for (const voids of [
      [outer, inner],
      [inner, outer],
    ])
      expect(holeAt(pierced(message(), voids), 'usage')).toEqual(shape)
    const twice = pierced(pierced(message(), [outer]), [inner])
    expect(holeAt(twice, 'usage')).toEqual(shape)
  })

  test('of two who found the same, the first is in the way', () => {
    expect(holeAt(pierced(message(), [lost('/id', shape), lost('/id', usage)]), 'id')).toEqual(shape)
  })

  test('more holes can be dug later, and the first stay', () => {
    const value = pierced(pierced(message(), [lost('/usage/input_tokens')]), [lost('/usage/output_tokens', shape)])
    expect(inTheWay(() => value.usage.input_tokens)).toEqual(usage)
    expect(inTheWay(() => value.usage.output_tokens)).toEqual(shape)
  })
})

describe('looking without falling in', () => {
  const value: JsonObject = pierced<JsonObject>({ a: 1, b: 2, c: undefined }, [lost('/a')])

  test.for<[key: string, hole: boolean, value: unknown]>([
    ['a', true, undefined],
    ['b', false, 2],
    ['c', false, undefined],
    ['d', false, undefined],
    ...words.map((word): [string, boolean, unknown] => [word, false, undefined]),
  ])('%s', ([key, hole, there]) => {
    expect(holeAt(value, key)).toEqual(hole ? usage : null)
    expect(peek(value, key)).toBe(there)
  })

  test('at nothing, nothing is there', () => {
    expect(holeAt(undefined, 'a')).toBeNull()
    expect(peek(undefined, 'a')).toBeUndefined()
  })

  test('a getter of somebody else is no hole', () => {
    const other = {
      get a() {
        return 1
      },
    }
    expect(holeAt(other, 'a')).toBeNull()
    expect(peek(other, 'a')).toBe(1)
  })
})

test('loops go round a name that could not be read; read by name, it blocks', () => {
  const read: Record<string, number> = { 'a/one': 1 }
  without(read, 'a/two', shape)
  expect(Object.keys(read)).toEqual(['a/one'])
  expect({ ...read }).toEqual({ 'a/one': 1 })
  expect(Object.values(read)).toEqual([1])
  expect(JSON.stringify(read)).toBe('{"a/one":1}')
  expect(inTheWay(() => read['a/two'])).toEqual(shape)
  expect(holeAt(read, 'a/two')).toEqual(shape)
})

describe('a value stripped of its holes', () => {
  test('has none, and says which it had', () => {
    const value = pierced(message(), [lost('/usage/input_tokens'), lost('/content/1/text', shape), lost('/id', shape)])
    expect(stripped(value)).toEqual({
      value: { usage: { output_tokens: 6 }, content: [{ type: 'text', text: 'Hello!' }, { type: 'text' }] },
      voids: [lost('/id', shape), lost('/usage/input_tokens'), lost('/content/1/text', shape)],
    })
  })

  test('in a list what follows a hole stays where it was', () => {
    const value = pierced({ list: ['a', 'b', 'c'] }, [lost('/list/1')])
    expect(stripped(value)).toEqual({ value: { list: ['a', null, 'c'] }, voids: [lost('/list/1')] })
  })

  test('names them by where it stands', () => {
    expect(stripped(pierced({ 'a/b': { c: 1 } }, [lost('/a~1b/c')]), '/content/3').voids).toEqual([
      lost('/content/3/a~1b/c'),
    ])
  })

  test('that has none is the same', () => {
    expect(stripped(message())).toEqual({ value: message(), voids: [] })
  })

  test('is pierced by these again to what it was, whatever was lost', () => {
    const path = fc
      .array(fc.constantFrom('a', 'b', '0', '1', 'a/b', '~', '', ...words), { minLength: 1, maxLength: 3 })
      .map((keys) => keys.map((key) => `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`).join(''))
    const voids = fc.array(fc.record({ path, by: fc.constantFrom(usage, shape) }), { minLength: 1, maxLength: 4 })
    const key = fc.constantFrom('a', 'b', '0', 'a/b', '~', '', ...words)
    const inner = fc.oneof(fc.dictionary(key, fc.jsonValue({ maxDepth: 0 })), fc.constant(7))
    const record = fc.dictionary(key, inner)
    fc.assert(
      fc.property(record, voids, (whole, lost) => {
        const value = pierced<JsonObject>(whole, lost)
        const once = stripped(value)
        expect(once.voids.length).toBeGreaterThan(0)
        expect(isObject(JSON.parse(JSON.stringify(once.value)))).toBe(true)
        const again = stripped(pierced<JsonObject>(once.value, once.voids))
        expect(again.value).toEqual(once.value)
        expect(new Set(again.voids.map(({ path }) => path))).toEqual(new Set(once.voids.map(({ path }) => path)))
      }),
      { numRuns: 300 },
    )
  })
})

describe('what is tried', () => {
  test('brings what it brings, or who was in the way', () => {
    const among = new Map([['a/one', usage]])
    expect(attempt(() => 7)).toEqual({ ok: true, value: 7 })
    const fallen = attempt(() => {
      // oxlint-disable-next-line no-throw-literal -- as a hole does
      throw new Unreadable(shape, among)
    })
    expect(fallen).toEqual({ ok: false, by: shape, among })
    expect(attempt(() => pierced(message(), [lost('/id')]).id)).toEqual({ ok: false, by: usage, among: null })
  })

  test('what else is thrown is thrown on', () => {
    const fails = () => {
      throw new TypeError('ours')
    }
    expect(() => attempt(fails)).toThrow('ours')
    expect(() => certain(fails)).toThrow('ours')
  })

  test('is certain only where it can be told and is so', () => {
    const value = pierced(message(), [lost('/id')])
    expect(certain(() => value.usage.input_tokens === 12)).toBe(true)
    expect(certain(() => value.usage.input_tokens === 13)).toBe(false)
    expect(certain(() => value.id === 'msg_01')).toBe(false)
  })
})
