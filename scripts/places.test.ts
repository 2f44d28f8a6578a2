import fc from 'fast-check'
import { expect, test } from 'vitest'
import { foldersOf, type Named } from './places.ts'

const named = (...names: readonly string[]): Named[] => names.map((name) => ({ name, model: 'm' }))
const of = (name: string, ...models: readonly string[]): Named[] => models.map((model) => ({ name, model }))

test.for<[what: string, targets: readonly Named[], folders: readonly (string | RegExp)[]]>([
  ['names that are safe stay', named('acme', 'other_1.2-b'), ['acme', 'other_1.2-b']],
  ['several models of one name', of('acme', 'large', 'small'), ['acme-large', 'acme-small']],
  ['other scripts stay readable', named('生产', 'тест', 'é'), ['生产', 'тест', 'é']],
  ['what is safe keeps its name beside what is not', named('a b', 'a-b'), [/^a-b-[0-9a-f]{8}$/, 'a-b']],
  ['capitals alone do not tell folders apart', named('Prod', 'prod'), [/^Prod-[0-9a-f]{8}$/, /^prod-[0-9a-f]{8}$/]],
  ['nor do ways to write an accent', named('é', 'e\u0301'), [/^é-[0-9a-f]{8}$/, /^e\u0301-[0-9a-f]{8}$/]],
  ['models likewise', of('a', 'claude/x', 'claude x'), [/^a-claude-x-[0-9a-f]{8}$/, /^a-claude-x-[0-9a-f]{8}$/]],
  [
    'a name with a model is not the model with a name',
    [...of('a', 'b-c', 'd'), ...of('a-b', 'c', 'd')],
    [/^a-b-c-[0-9a-f]{8}$/, 'a-d', /^a-b-c-[0-9a-f]{8}$/, 'a-b-d'],
  ],
  ['no letter at all', named('🔥', '..'), [/^target-[0-9a-f]{8}$/, /^target-[0-9a-f]{8}$/]],
  ['one of them alone', named('🔥', 'acme'), ['target', 'acme']],
  ['no way up and nothing hidden', named('../up', '.hidden', 'dot.'), ['-up', 'hidden', 'dot']],
  ['devices of Windows', named('con', 'NUL.txt'), [/^con-[0-9a-f]{8}$/, /^NUL\.txt-[0-9a-f]{8}$/]],
])('%s', ([, targets, folders]) => {
  expect(foldersOf(targets)).toEqual(
    folders.map((folder) => (typeof folder === 'string' ? folder : (expect.stringMatching(folder) as string))),
  )
})

const names = fc.oneof(
  fc.constantFrom(
    'a',
    'A',
    'a b',
    'a-b',
    'a/b',
    '生产',
    '测试',
    '..',
    '.',
    '',
    'con',
    'a-b-c',
    '🔥',
    'x'.repeat(300),
    '长'.repeat(90),
  ),
  fc.string({ unit: 'grapheme', maxLength: 12 }),
)
const targets = fc.uniqueArray(fc.record({ name: names, model: names }), {
  maxLength: 8,
  selector: ({ name, model }) => JSON.stringify([name, model]),
})

test('a name that looks like the folder of another does not get it', () => {
  const [folder = ''] = foldersOf(named('a b', 'a-b'))
  const folders = foldersOf(named('a b', 'a-b', folder))
  expect(folders.slice(0, 2)).toEqual([folder, 'a-b'])
  expect(folders[2]).not.toBe(folder)
})

test('no two share a folder, none is too long or leads elsewhere, and the order does not matter', () => {
  fc.assert(
    fc.property(targets, (all) => {
      const folders = foldersOf(all)
      expect(new Set(folders.map((folder) => folder.normalize('NFKC').toLowerCase())).size).toBe(all.length)
      for (const folder of folders) {
        expect(folder).toMatch(/^[^./\\\p{Cc}][^/\\\p{Cc}]*$/u)
        expect(Buffer.byteLength(folder)).toBeLessThan(255)
      }
      expect(foldersOf(all.toReversed()).toReversed()).toEqual(folders)
    }),
    { numRuns: 500 },
  )
})
