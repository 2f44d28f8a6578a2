import { describe, expect, test } from 'vitest'
import type { RequirementId } from '../../ids.ts'
import { mostFindings } from './finding.ts'
import { shapeRefusals, type ShapeError } from './shape.ts'

const body = { content: [{ type: 'text', text: 7 }], 'a/b': { '~c': 'deep' }, none: null }
const found = (...errors: ShapeError[]) =>
  shapeRefusals(errors, body, () => 'messages/shape').map(({ finding }) => finding)

describe('an error as a finding', () => {
  test.for<[about: string, error: ShapeError, at: string, expected: string, actual: string]>([
    [
      'a type',
      { instancePath: '/content/0/text', keyword: 'type', message: 'must be string' },
      '/content/0/text',
      'string',
      '7',
    ],
    [
      'what is missing, at the place where it should stand',
      { instancePath: '/content/0', keyword: 'required', message: 'must …', params: { missingProperty: 'id' } },
      '/content/0/id',
      'to be there',
      'missing',
    ],
    [
      'what is missing at the top',
      { instancePath: '', keyword: 'required', params: { missingProperty: 'usage' } },
      '/usage',
      'to be there',
      'missing',
    ],
    [
      'a fixed value',
      { instancePath: '/none', keyword: 'const', message: 'must be equal to constant', params: { allowedValue: 'x' } },
      '/none',
      '"x"',
      'null',
    ],
    [
      'a sentence that does not begin like others',
      { instancePath: '/content', keyword: 'maxItems', message: 'must NOT have more than 0 items' },
      '/content',
      'must NOT have more than 0 items',
      '[{"type":"text","text":7}]',
    ],
    ['no sentence', { instancePath: '/none', keyword: 'nullable' }, '/none', 'nullable', 'null'],
    [
      'the body itself',
      { instancePath: '', keyword: 'type', message: 'must be array' },
      'body',
      'array',
      JSON.stringify(body),
    ],
    [
      'a path with escapes',
      { instancePath: '/a~1b/~0c', keyword: 'type', message: 'must be null' },
      '/a~1b/~0c',
      'null',
      '"deep"',
    ],
    [
      'a path that ends before its end',
      { instancePath: '/none/x/y', keyword: 'type', message: 'must be string' },
      '/none/x/y',
      'string',
      'missing',
    ],
    [
      'a path through a list, by a word that lists know',
      { instancePath: '/content/length', keyword: 'type', message: 'must be string' },
      '/content/length',
      'string',
      'missing',
    ],
    [
      'a path through a text',
      { instancePath: '/content/0/type/length', keyword: 'type', message: 'must be string' },
      '/content/0/type/length',
      'string',
      'missing',
    ],
  ])('%s', ([, error, at, expected, actual]) => {
    expect(found(error)).toEqual([{ at, expected, actual }])
  })
})

test('a path is told once, by its first error, and each path is told', () => {
  const at = (instancePath: string, message: string): ShapeError => ({ instancePath, keyword: 'type', message })
  expect(found(at('/none', 'must be string'), at('/content', 'must be x'), at('/none', 'must be number'))).toEqual([
    { at: '/none', expected: 'string', actual: 'null' },
    { at: '/content', expected: 'x', actual: '[{"type":"text","text":7}]' },
  ])
})

test('of each owner no more is told than is kept of its findings', () => {
  const errors = Array.from({ length: 3 * mostFindings }, (_, at): ShapeError => ({
    instancePath: at % 2 === 0 ? `/content/${at}` : `/usage/${at}`,
    keyword: 'type',
  }))
  const owner = (path: string): RequirementId => (path.startsWith('/usage') ? 'usage/shape' : 'messages/shape')
  const told = shapeRefusals(errors, body, owner).map(({ finding }) => finding.at)
  expect(told).toEqual(errors.slice(0, 2 * mostFindings).map(({ instancePath }) => instancePath))
})

test('the owner and the place are asked of the whole path', () => {
  const asked: [string, unknown][] = []
  const owner = (path: string, whole: unknown): RequirementId => {
    asked.push([path, whole])
    return path === '/usage' ? 'usage/shape' : 'messages/shape'
  }
  const missing = (missingProperty: string): ShapeError => ({
    instancePath: '',
    keyword: 'required',
    params: { missingProperty },
  })
  const refusals = shapeRefusals([missing('usage'), missing('id')], body, owner, (path) => `event 3 ${path}`)
  expect(refusals.map(({ by, finding }) => [by, finding.at])).toEqual([
    ['usage/shape', 'event 3 /usage'],
    ['messages/shape', 'event 3 /id'],
  ])
  expect(asked).toEqual([
    ['/usage', body],
    ['/id', body],
  ])
})

test.each([null, undefined, []])('no errors, no refusals: %j', (errors) => {
  expect(shapeRefusals(errors, body, () => 'messages/shape')).toEqual([])
})

describe('of more than a report can hold', () => {
  const type = (instancePath: string): ShapeError => ({ instancePath, keyword: 'type', message: 'must be string' })
  const many = (count: number) => Array.from({ length: count }, (_, at) => type(`/content/${at}/text`))
  const paths = (...errors: ShapeError[]) =>
    shapeRefusals(errors, body, (path) => (path.startsWith('/usage') ? 'usage/shape' : 'messages/shape'))

  test('each says what it voids, as long as all are told', () => {
    const all = paths(...many(20), type('/usage/input_tokens'))
    expect(all.map(({ path }) => path)).toEqual([
      ...many(20).map(({ instancePath }) => instancePath),
      '/usage/input_tokens',
    ])
  })

  test('where they are not, they void all that stands around', () => {
    const all = paths(...many(21), type('/usage/input_tokens'))
    expect(all).toHaveLength(21)
    expect(new Set(all.map(({ path }) => path))).toEqual(new Set(['/content', '/usage']))
    expect(all.map(({ finding }) => finding.at)).toContain('/content/19/text')
    expect(all.map(({ finding }) => finding.at)).not.toContain('/content/20/text')
  })

  test('and no part of the body is forgotten, however late it is told', () => {
    const all = paths(...many(1000), type('/none'), type('/id'), type('/id/x'))
    expect(new Set(all.map(({ path }) => path))).toEqual(new Set(['/content', '/none', '/id']))
  })
})
