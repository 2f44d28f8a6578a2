import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import * as alter from '../../fixtures/gateways/alter.ts'
import * as parts from '../../fixtures/gateways/parts.ts'
import { InputError } from '../../suites/harness/wire/input-error.ts'
import { begin, type Wanted } from './begin.ts'
import { alterations } from './stubs.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** What a requirement would begin, by path; nothing is written. */
function begun(id: string, on: Wanted['on'], chapter?: string): ReadonlyMap<string, string> {
  return new Map(begin({ id, on, chapter }, root).map(({ path, text }) => [path, text]))
}

/** The declaration of a requirement or a fault in what would be written. */
function declared(changes: ReadonlyMap<string, string>, path: string, id: string): string {
  const text = changes.get(path) ?? ''
  const from = text.lastIndexOf('\n', text.search(new RegExp(`(requirement|fault)\\('${id}'`)))
  return from < 0 ? '' : text.slice(from, text.indexOf('})', from))
}

const chinese = ['scripts/report/words/zh-titles.ts', 'scripts/report/words/zh-because.ts']
const idsOf = (text = ''): string[] => [...text.matchAll(/^ {2}'([^']+)',$/gm)].map(([, id = '']) => id)
const declaredIn = (text = ''): string[] => [...text.matchAll(/= requirement\('([^']+)'/g)].map(([, id = '']) => id)

describe('judged on every exchange', () => {
  const changes = begun('usage/grows', { every: 'message' })
  const chapter = changes.get('suites/usage/usage.ts') ?? ''

  test('it takes an id, a requirement and a fault, and no fixture', () => {
    const faults = 'fixtures/gateways/faults/usage.ts'
    expect([...changes.keys()]).toEqual(['suites/ids.ts', ...chinese, 'suites/usage/usage.ts', faults])
    expect(declared(changes, 'suites/usage/usage.ts', 'usage/grows')).toMatch(/const usageGrows[^]*every: 'message'/)
    expect(declared(changes, faults, 'usage/grows')).toMatch(/breaks: \['usage\/grows'\],[^]*over: alterMessage/)
  })

  test('it has its line in each table of what is said in Chinese', () => {
    for (const table of chinese)
      expect(changes.get(table)).toMatch(/^ {2}'usage\/searches-counted':[^:]*',\n {2}'usage\/grows': 'TODO',$/m)
  })

  test('it stands below the last requirement of its chapter, above private functions, and its id in the same order', () => {
    expect(declaredIn(chapter).at(-1)).toBe('usage/grows')
    expect(chapter.indexOf('function outputOf')).toBeGreaterThan(chapter.indexOf("'usage/grows'"))
    expect(idsOf(changes.get('suites/ids.ts')).filter((id) => id.startsWith('usage/'))).toEqual(declaredIn(chapter))
  })

  test('a chapter is chosen by its file, and each id keeps the order of the chapters', () => {
    const inCall = begun('tools/ids-short', { every: 'message' }, 'call.ts')
    const ids = idsOf(inCall.get('suites/ids.ts'))
    expect(ids[ids.indexOf('tools/ids-short') - 1]).toBe('tools/call-as-text')
    expect(begun('tools/ids-short', { every: 'message' }, 'suites/tools/turns.ts').has('suites/tools/turns.ts')).toBe(
      true,
    )
  })

  test.for(Object.keys(alterations))('a fault comes at the view %s by a function that there is', (view) => {
    const changes = begun('streaming/new', { every: view })
    const text = declared(changes, 'fixtures/gateways/faults/streaming.ts', 'streaming/new')
    const [, name = ''] = /over: (\w+)\(/.exec(text) ?? []
    expect(Object.keys(alter)).toContain(name)
  })
})

describe('judged on named exchanges', () => {
  test('one that is there is read as what it asks for', () => {
    const changes = begun('tools/new', { reads: ['tools/single', 'tools/single:stream'] }, 'turns')
    expect(declared(changes, 'suites/tools/turns.ts', 'tools/new')).toContain(
      "reads: { 'tools/single': 'message', 'tools/single:stream': 'message' }",
    )
    expect([...changes.keys()].some((path) => path.endsWith('.json'))).toBe(false)
    const counting = begun('tokens/new', { reads: ['tokens/short'] })
    expect(declared(counting, 'suites/tokens/tokens.ts', 'tokens/new')).toContain("'tokens/short': 'count'")
    const refused = begun('validation/new', { reads: ['validation/no-model'] })
    expect(declared(refused, 'suites/validation/validation.ts', 'validation/new')).toContain("no-model': 'error'")
  })

  test('a new one is begun, and a requirement of the chapter says that it is served', () => {
    const changes = begun('output/new', { reads: ['output/fresh'] }, 'prompt')
    expect(JSON.parse(changes.get('fixtures/requests/output/fresh.json') ?? '')).toMatchObject({ modes: ['json'] })
    expect(changes.get('suites/output/prompt.ts')).toContain("'output/options': 'answer', 'output/fresh': 'answer'")
    expect(declaredIn(changes.get('suites/output/prompt.ts')).at(-1)).toBe('output/new')
  })

  test('or one of its own, where the chapter has none', () => {
    const changes = begun('usage/new', { reads: ['usage/fresh:stream'] })
    expect(declaredIn(changes.get('suites/usage/usage.ts')).slice(-2)).toEqual(['usage/new-served', 'usage/new'])
    expect(idsOf(changes.get('suites/ids.ts'))).toEqual(expect.arrayContaining(['usage/new-served', 'usage/new']))
    expect(changes.get('suites/usage/usage.ts')).toContain("import { unserved } from '../harness/views/served.ts'")
    expect(JSON.parse(changes.get('fixtures/requests/usage/fresh.json') ?? '')).toMatchObject({ modes: ['stream'] })
  })

  test('one whose id ends with served reads them as answer', () => {
    const changes = begun('usage/new-served', { reads: ['usage/fresh'] })
    expect(declaredIn(changes.get('suites/usage/usage.ts')).at(-1)).toBe('usage/new-served')
    expect(declared(changes, 'suites/usage/usage.ts', 'usage/new-served')).toContain("{ 'usage/fresh': 'answer' }")
  })
})

test('a gate takes the word, a probe that needs it, a fault that fails it, and a variant that declines it', () => {
  const changes = begun('output/holograms-offered', { gates: 'holograms' }, 'shape')
  expect([...changes.keys()].sort()).toEqual([
    'fixtures/gateways/faults/output.ts',
    'fixtures/gateways/variants/capabilities.ts',
    'fixtures/requests/output/holograms.json',
    'schemas/vocabulary.schema.json',
    ...chinese.toSorted(),
    'suites/ids.ts',
    'suites/output/shape.ts',
  ])
  const vocabulary = JSON.parse(changes.get('schemas/vocabulary.schema.json') ?? '') as {
    $defs: Record<string, unknown>
  }
  expect(vocabulary.$defs['Capability']).toHaveProperty('enum', expect.arrayContaining(['server-tools', 'holograms']))
  expect(JSON.parse(changes.get('fixtures/requests/output/holograms.json') ?? '')).toMatchObject({
    modes: ['json', 'stream'],
    needs: ['holograms'],
  })
  expect(declared(changes, 'suites/output/shape.ts', 'output/holograms-offered')).toContain(
    "gates: 'holograms',\n  probe: ['output/holograms', 'output/holograms:stream'],",
  )
  expect(changes.get('fixtures/gateways/variants/capabilities.ts')).toContain("id: 'no-holograms'")
  expect(Object.keys({ ...alter, ...parts })).toEqual(expect.arrayContaining(['failing', 'mentions']))
})

test('whatever is begun says what is to be filled in', () => {
  const kinds: readonly Wanted['on'][] = [{ every: 'events' }, { reads: ['usage/fresh'] }, { gates: 'holograms' }]
  const silent = kinds.flatMap((on) => [...begun('usage/new', on)].filter(([, text]) => !text.includes('TODO')))
  const lists = ['suites/ids.ts', 'schemas/vocabulary.schema.json']
  expect(silent.map(([path]) => path).filter((path) => !lists.includes(path))).toEqual([])
})

test.for<[about: string, wanted: Wanted, says: string]>([
  ['no id', { id: 'Usage/Grows', on: { every: 'message' } }, 'An id is area/what-holds'],
  ['an id that is taken', { id: 'usage/shape', on: { every: 'message' } }, 'There is usage/shape already.'],
  ['an area that is none', { id: 'harness/new', on: { every: 'message' } }, 'There is no area harness'],
  [
    'a chapter that is none',
    { id: 'tools/new', on: { every: 'message' }, chapter: 'x' },
    'arguments.ts, call.ts, server.ts, strict.ts, threads.ts, turns.ts',
  ],
  ['a view that is none', { id: 'usage/new', on: { every: 'mesage' } }, 'did you mean message?'],
  ['a mode it is not sent in', { id: 'usage/new', on: { reads: ['tokens/short:stream'] } }, 'add that to its modes'],
  ['a fixture of another area', { id: 'usage/new', on: { reads: ['tokens/new'] } }, 'a new one is called usage/WHAT'],
  ['a capability that has its gate', { id: 'usage/new', on: { gates: 'tools' } }, 'tools has its gate already'],
  ['a capability in capitals', { id: 'usage/new', on: { gates: 'Tools' } }, 'in small letters'],
])('%s is one sentence', ([, wanted, says]) => {
  expect(() => begin(wanted, root)).toThrow(InputError)
  expect(() => begin(wanted, root)).toThrow(says)
})
