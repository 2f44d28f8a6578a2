import { expect, test } from 'vitest'
import { circles, importsOf, loadedWith, readImports, wrongWays, type Import, type Imports } from './imports.ts'

function graph(edges: Readonly<Record<string, readonly string[]>>): Imports {
  return new Map(Object.entries(edges).map(([from, to]) => [from, to.map((one) => ({ to: one, loaded: 'at-once' }))]))
}

test('no modules import each other in a circle', () => {
  const imports = readImports()
  expect(imports.size).toBeGreaterThan(250)
  expect(circles(imports)).toEqual([])
})

test('imports run one way, the harness knows no requirement, and its rooms stand in order', () => {
  expect(wrongWays(readImports())).toEqual([])
})

test('a circle is found, also one by types', () => {
  expect(circles(graph({ a: ['b'], b: ['c', 'd'], c: [], d: ['a'] }))).toEqual([['a', 'b', 'd', 'a']])
  expect(circles(graph({ a: ['b', 'c'], b: ['c'], c: [] }))).toEqual([])
})

test.for<[from: string, to: string]>([
  ['schemas/a.ts', 'fixtures/b.ts'],
  ['fixtures/a.ts', 'suites/ids.ts'],
  ['suites/self/a.test.ts', 'scripts/typed.ts'],
  ['suites/harness/judge/judge.ts', 'suites/catalogue.ts'],
  ['suites/harness/judge/judge.ts', 'suites/tools/call.ts'],
  ['suites/harness/judge/judge.ts', 'suites/ids.ts'],
  ['suites/harness/judge/judge.ts', 'suites/run/selection.ts'],
  ['suites/harness/wire/body.ts', 'suites/harness/views/views.ts'],
  ['suites/harness/views/walk.ts', 'suites/harness/judge/judge.ts'],
  ['suites/harness/judge/judge.ts', 'suites/harness/gather/gather.ts'],
  ['suites/tools/call.ts', 'suites/run/selection.ts'],
  ['suites/tools/call.ts', 'suites/catalogue.ts'],
])('%s may not import %s', ([from, to]) => {
  expect(wrongWays(graph({ [from]: [to] }))).toEqual([`${from} -> ${to}`])
})

test('an import is read however it is written', () => {
  const text = [
    "import type { A } from './a.ts'",
    'import {',
    '  b,',
    "} from '../b.ts'",
    "export { c } from './c.ts'",
    "const d = () => import('./d.ts')",
    "import fs from 'node:fs'",
  ].join('\n')
  expect(importsOf('suites/x/y.ts', text)).toEqual<Import[]>([
    { to: 'suites/x/a.ts', loaded: 'never' },
    { to: 'suites/b.ts', loaded: 'at-once' },
    { to: 'suites/x/c.ts', loaded: 'at-once' },
    { to: 'suites/x/d.ts', loaded: 'later' },
  ])
})

test('what is loaded with a module is what it needs at once, however far away', () => {
  const imports: Imports = new Map([
    ['a', [{ to: 'b', loaded: 'at-once' }]],
    [
      'b',
      [
        { to: 'c', loaded: 'at-once' },
        { to: 'd', loaded: 'later' },
        { to: 'e', loaded: 'never' },
      ],
    ],
    ['c', [{ to: 'a', loaded: 'at-once' }]],
    ['d', [{ to: 'f', loaded: 'at-once' }]],
  ])
  expect([...loadedWith('a', imports)]).toEqual(['a', 'b', 'c'])
})
