import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/* npm run new -- area/name: a requirement, its fixture and its fault, as stubs. The self tests are red until they are filled in. */

const root = fileURLToPath(new URL('..', import.meta.url))

/** Writes the stubs. Throws an Error with one sentence where that cannot be done; nothing is written then. */
export function scaffold(id: string, folder: string): readonly string[] {
  const match = /^([a-z]+)\/([a-z0-9][a-z0-9-]*)$/.exec(id)
  if (!match) throw new Error('An id is area/what-holds, in small letters and hyphens: npm run new -- streaming/ends')
  const [, area = '', name = ''] = match
  const chapter = chapterOf(area, folder)
  const paths = {
    ids: join(folder, 'suites/ids.ts'),
    chapter,
    faults: join(folder, `fixtures/gateways/faults/${area}.ts`),
    fixture: join(folder, `fixtures/requests/${area}/${name}.json`),
  }
  if (!existsSync(paths.faults))
    throw new Error(`There is no fixtures/gateways/faults/${area}.ts; begin one like its neighbours.`)
  const ids = readFileSync(paths.ids, 'utf8')
  if (ids.includes(`'${id}'`) || existsSync(paths.fixture)) throw new Error(`There is ${id} already.`)
  const files: [path: string, text: string][] = [
    [paths.ids, withId(ids, id, area)],
    [paths.chapter, `${readFileSync(paths.chapter, 'utf8')}\n${requirementStub(id, name)}`],
    [paths.faults, withFault(readFileSync(paths.faults, 'utf8'), id)],
    [paths.fixture, fixtureStub],
  ]
  for (const [path, text] of files) {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, text)
  }
  return files.map(([path]) => path)
}

/** Folders of suites that hold no chapters. */
const notAreas: ReadonlySet<string> = new Set(['harness', 'run', 'self', 'vitest'])

/** The chapter named like its area, else the first one. */
function chapterOf(area: string, folder: string): string {
  const directory = join(folder, 'suites', area)
  const chapters = existsSync(directory)
    ? readdirSync(directory).filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    : []
  const own = chapters.find((file) => file === `${area}.ts`) ?? chapters.toSorted()[0]
  if (own === undefined || notAreas.has(area)) throw new Error(`There is no area ${area}.`)
  return join(directory, own)
}

function withId(ids: string, id: string, area: string): string {
  const last = [...ids.matchAll(new RegExp(`^ {2}'${area}/[^']+',\\n`, 'gm'))].at(-1)
  if (!last) throw new Error(`suites/ids.ts holds no id of ${area}.`)
  const end = last.index + last[0].length
  return `${ids.slice(0, end)}  '${id}',\n${ids.slice(end)}`
}

function withFault(faults: string, id: string): string {
  const end = faults.lastIndexOf('\n]')
  return `${faults.slice(0, end)}
  fault('${id}', {
    about: 'TODO: what it does wrong, in one sentence',
    breaks: ['${id}'],
    at: 'TODO: the place where it shows',
    over: (inner) => inner,
  }),${faults.slice(end)}`
}

function requirementStub(id: string, name: string): string {
  const constant = name.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase()).replace(/^\d/, '_$&')
  return `export const ${constant} = requirement('${id}', {
  level: 'should',
  profile: 'full',
  title: 'TODO: one sentence that is true of a gateway which keeps the promise',
  because: 'TODO: what goes wrong otherwise',
  breaks: [],
  source: { opinion: 'TODO: the documented sentence, or the client that breaks; with one it may become a must' },
  reads: { '${id}': 'message' },
  *check({ '${id}': message }) {
    if (message.content.length < 0) yield { fixture: '${id}', at: 'TODO', expected: 'TODO', actual: 'TODO' }
  },
})
`
}

const fixtureStub = `${JSON.stringify(
  {
    $schema: '../../../schemas/fixture.schema.json',
    about: 'TODO: what is asked, in one sentence.',
    modes: ['json'],
    body: { model: '{{model}}', max_tokens: 128, messages: [{ role: 'user', content: 'TODO' }] },
  },
  null,
  2,
)}\n`

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    const written = scaffold(process.argv[2] ?? '', root)
    process.stdout.write(`${written.join('\n')}\n\nFill in each TODO, then: npm run generate && npm test\n`)
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
    process.exitCode = 2
  }
}
