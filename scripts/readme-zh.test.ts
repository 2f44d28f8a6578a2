import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { commandsInChinese } from './help-zh.ts'

/* README.zh-CN.md says everything that README.md says: heading by heading, block by block, row by row, name by name. */

interface Section {
  readonly level: number
  /** Its code blocks, without their comments. */
  readonly blocks: readonly string[]
  /** Of each row of its tables, how many cells it has. */
  readonly rows: readonly number[]
  /** What stands between backticks outside of blocks, and where links lead. */
  readonly names: ReadonlySet<string>
  /** The figures of its text and its tables, in no order. */
  readonly figures: readonly string[]
  readonly paragraphs: number
}

const read = (name: string): string => readFileSync(new URL(`../${name}`, import.meta.url), 'utf8')

function sectionsOf(page: string): Section[] {
  const blocks: string[] = []
  // A heading is none where it is a comment in a block.
  const text = page.replaceAll(
    /^```.*\n[^]*?^```$/gm,
    (block) => `\uE000${blocks.push(withoutComments(block)) - 1}\uE000`,
  )
  return text
    .split(/^(?=#+ )/m)
    .filter((part) => part !== '')
    .map((part) => ({
      level: /^#+/.exec(part)?.[0].length ?? 0,
      blocks: [...part.matchAll(/\uE000(\d+)\uE000/g)].map(([, index]) => blocks[Number(index)] ?? ''),
      rows: part.split('\n').flatMap((line) => (line.startsWith('|') ? [line.split('|').length] : [])),
      names: new Set([
        ...[...part.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name),
        // Each page leads to the other one.
        ...[...part.matchAll(/\]\(([^)]+)\)/g)].flatMap(([, to = '']) => (to.startsWith('README') ? [] : [to])),
      ]),
      figures: (part.replaceAll(/\uE000\d+\uE000|\]\([^)]+\)/g, '').match(/\d+(?:[.,]\d+)*/g) ?? []).toSorted(),
      paragraphs: part.split(/\n{2,}/).filter((paragraph) => paragraph.trim() !== '').length,
    }))
}

/** A block without what is said in it: the comments of a shell or of a program, and what folders are. */
function withoutComments(block: string): string {
  return block
    .split('\n')
    .map((line) => line.replace(/\s+(?:#|\/\/)\s.*$/, '').replace(/^([a-z]+\/) {2,}.*$/, '$1'))
    .join('\n')
}

const [english, chinese] = [sectionsOf(read('README.md')), sectionsOf(read('README.zh-CN.md'))]

test('it has the same headings, of the same level', () => {
  expect(english.length).toBeGreaterThan(10)
  expect(chinese.map(({ level }) => level)).toEqual(english.map(({ level }) => level))
})

describe.for(english.map((section, index) => [index, section] as const))('section %i', ([index, section]) => {
  const own = chinese[index]

  test('has the same code, but for comments', () => {
    expect(own?.blocks).toEqual(section.blocks)
  })

  test('has the same tables', () => {
    expect(own?.rows).toEqual(section.rows)
  })

  test('has as many paragraphs', () => {
    expect(own?.paragraphs).toBe(section.paragraphs)
  })

  test('names the same options, files, fields and pages', () => {
    expect([...section.names].filter((name) => !own?.names.has(name))).toEqual([])
    expect([...(own?.names ?? [])].filter((name) => !section.names.has(name))).toEqual([])
  })

  test('says the same figures', () => {
    expect(own?.figures).toEqual(section.figures)
  })
})

test('its table of commands says what --help says', () => {
  for (const [name, { about }] of Object.entries(commandsInChinese))
    expect(read('README.zh-CN.md')).toContain(`| \`${name}\` | ${about} |`)
})

test('what one of them has more than the other is seen', () => {
  const page = '# a\n\nb `c` 1,200 to 3.5\n\n```sh\nd     # e\n```\n\n| f | g |\n'
  expect(sectionsOf(page)).toEqual([
    { level: 1, blocks: ['```sh\nd\n```'], rows: [4], names: new Set(['c']), figures: ['1,200', '3.5'], paragraphs: 4 },
  ])
  expect(sectionsOf(`${page}\n## h\n`)).toHaveLength(2)
})
