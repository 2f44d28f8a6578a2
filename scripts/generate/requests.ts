import { existsSync, readFileSync, readdirSync } from 'node:fs'
import type { Ajv2020 } from 'ajv/dist/2020.js'
import type { Fixture } from '../../schemas/types.ts'
import { InputError } from '../../suites/harness/wire/input-error.ts'
import { jsonIn } from '../json-file.ts'
import { idOf } from './ajv.ts'

const fixtures = new URL('../../fixtures/', import.meta.url)

/**
 * All fixtures under `fixtures/requests` as the text of one module: names, bodies, and the media they carry, inlined, so
 * that a bundle reads no file. Throws an InputError, with everything that is wrong, where a fixture is no fixture, or names another or
 * a medium that is not there.
 */
export function requests(ajv: Ajv2020): string {
  const read = readFixtures()
  const media = filesBelow('media/')
  const wrong = [...read].flatMap(([name, fixture]) =>
    mistakes(fixture, read, media, ajv).map((it) => `${name}: ${it}`),
  )
  if (wrong.length > 0) throw new InputError(`fixtures/requests\n  ${wrong.join('\n  ')}`)

  const known = read as ReadonlyMap<string, Fixture> // No mistakes: the schema vouches for them.
  const valid = [...known].map(([name, fixture]) => [name, completed(fixture, known)] as const)
  const exchanges = valid.flatMap(([name, { modes = ['json'] }]) =>
    modes.map((mode) => (mode === 'json' ? name : `${name}:${mode}`)),
  )
  const bodies = valid.map(([name, fixture]) => [name, { ...fixture, $schema: undefined }])
  const table = JSON.stringify(Object.fromEntries(bodies), null, 2)
  const carried = media.filter((name) => table.includes(`"@media/${name}"`))
  return `import type { Fixture } from '../schemas/types.ts'

/** The fixtures, as in \`tools/single\`. */
export type FixtureName =${union(valid.map(([name]) => name))}

/** The fixtures in each mode they are sent in, as in \`tools/single\` and \`tools/single:stream\`. */
export type ExchangeName =${union(exchanges)}
${carried.length === 0 ? '' : `\nconst media = {\n${carried.map(inline).join('')}}\n`}
export const requests: Readonly<Record<FixtureName, Fixture>> = ${table.replaceAll(/"@media\/([^"]+)"/g, "media['$1']")}
`
}

/** A fixture with all that it has from the one it is like. */
function completed({ like, ...own }: Fixture, all: ReadonlyMap<string, Fixture>): Fixture {
  const other = like === undefined ? undefined : all.get(like)
  return other ? { ...completed(other, all), ...own, body: { ...other.body, ...own.body } } : own
}

/** By name: the path below `requests`, without `.json`. Throws an InputError where one is no JSON. */
function readFixtures(): ReadonlyMap<string, unknown> {
  const files = filesBelow('requests/').filter((file) => file.endsWith('.json'))
  return new Map(files.map((file) => [file.slice(0, -'.json'.length), readJson(file)]))
}

function filesBelow(folder: string): readonly string[] {
  const at = new URL(folder, fixtures)
  if (!existsSync(at)) return []
  const files = readdirSync(at, { recursive: true, encoding: 'utf8' })
  return files.map((file) => file.replaceAll('\\', '/')).sort()
}

function readJson(file: string): unknown {
  return jsonIn(readFileSync(new URL(`requests/${file}`, fixtures), 'utf8'), `fixtures/requests/${file}`)
}

function mistakes(
  fixture: unknown,
  all: ReadonlyMap<string, unknown>,
  media: readonly string[],
  ajv: Ajv2020,
): string[] {
  if (!ajv.validate<Fixture>(idOf('Fixture'), fixture))
    return (ajv.errors ?? []).map(({ instancePath, message }) => `${instancePath || 'it'} ${message}`)
  const named = [fixture.like, fixture.follows, fixture.afterwards].filter(
    (name) => name !== undefined && !all.has(name),
  )
  const carried = [...JSON.stringify(fixture).matchAll(/"@media\/([^"]+)"/g)].map(([, name = '']) => name)
  return [
    ...named.map((name) => `there is no fixture "${name}"`),
    ...carried.filter((name) => !media.includes(name)).map((name) => `there is no fixtures/media/${name}`),
  ]
}

function inline(name: string): string {
  return `  '${name}':\n    '${readFileSync(new URL(`media/${name}`, fixtures)).toString('base64')}',\n`
}

function union(names: readonly string[]): string {
  return names.length === 0 ? ' never' : names.map((name) => `\n  | '${name}'`).join('')
}
