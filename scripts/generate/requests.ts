import { existsSync, readFileSync, readdirSync } from 'node:fs'
import type { Ajv2020 } from 'ajv/dist/2020.js'
import type { PricedFixture } from '../../fixtures/fixture.ts'
import type { Fixture } from '../../schemas/types.ts'
import { priced } from '../../suites/harness/gather/price.ts'
import { InputError } from '../../suites/harness/wire/input-error.ts'
import { jsonIn } from '../json-file.ts'
import { idOf } from './ajv.ts'

const fixtures = new URL('../../fixtures/', import.meta.url)

/**
 * All fixtures under `fixtures/requests` as the text of one module: names, bodies, the media they carry, inlined, so that a bundle reads
 * no file, and what each takes. Throws an InputError, with everything that is wrong, where a fixture is no fixture, or names another or a
 * medium that is not there.
 */
export function requests(ajv: Ajv2020): string {
  const read = readFixtures()
  const media = filesBelow('media/')
  const wrong = [...read].flatMap(([name, fixture]) =>
    mistakes(fixture, read, media, ajv).map((it) => `${name}: ${it}`),
  )
  if (wrong.length > 0) throw new InputError(`fixtures/requests\n  ${wrong.join('\n  ')}`)

  const known = read as ReadonlyMap<string, Fixture> // No mistakes: the schema vouches for them.
  const completed = Object.fromEntries([...known].map(([name, fixture]) => [name, complete(fixture, known)]))
  const whole = withMedia(JSON.stringify(completed), (name) => `"${base64(name)}"`)
  const prices = priced(JSON.parse(whole) as typeof completed)
  const byName = Object.fromEntries(
    Object.entries(completed).map(([name, fixture]): [string, PricedFixture] => {
      const { inputTokens = 0, outputTokens = 0 } = prices[name] ?? {}
      return [name, { ...fixture, inputTokens, outputTokens }]
    }),
  )
  const table = JSON.stringify(byName, null, 2)
  const carried = media.filter((name) => table.includes(`"@media/${name}"`))
  const exchanges = Object.entries(byName).flatMap(([name, { modes = ['json'] }]) =>
    modes.map((mode) => (mode === 'json' ? name : `${name}:${mode}`)),
  )
  const inlined = carried.map((name) => `  '${name}':\n    '${base64(name)}',\n`)
  return `import type { PricedFixture } from './fixture.ts'

/** The fixtures, as in \`tools/single\`. */
export type FixtureName =${union(Object.keys(byName))}

/** The fixtures in each mode they are sent in, as in \`tools/single\` and \`tools/single:stream\`. */
export type ExchangeName =${union(exchanges)}
${carried.length === 0 ? '' : `\nconst media = {\n${inlined.join('')}}\n`}
export const requests: Readonly<Record<FixtureName, PricedFixture>> = ${withMedia(table, (name) => `media['${name}']`)}
`
}

/** A table with what stands for each medium in its place. */
function withMedia(table: string, standIn: (name: string) => string): string {
  return table.replaceAll(/"@media\/([^"]+)"/g, (_, name: string) => standIn(name))
}

/** A fixture with all that it has from the one it is like. */
function complete({ like, $schema: _, ...own }: Fixture, all: ReadonlyMap<string, Fixture>): Fixture {
  const other = like === undefined ? undefined : all.get(like)
  return other ? { ...complete(other, all), ...own, body: { ...other.body, ...own.body } } : own
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

function base64(name: string): string {
  return readFileSync(new URL(`media/${name}`, fixtures)).toString('base64')
}

function union(names: readonly string[]): string {
  return names.length === 0 ? ' never' : names.map((name) => `\n  | '${name}'`).join('')
}
