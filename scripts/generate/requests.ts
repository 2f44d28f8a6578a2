import { existsSync, readFileSync, readdirSync } from 'node:fs'
import type { Ajv2020 } from 'ajv/dist/2020.js'
import type { Fixture } from '../../schemas/types.ts'
import type { FixtureFacts } from '../../suites/harness/gather/plan.ts'
import { priced, type PricedFixture } from '../../suites/harness/gather/price.ts'
import { InputError } from '../../suites/harness/wire/input-error.ts'
import { jsonIn } from '../json-file.ts'
import { asText } from './as-text.ts'
import { idOf } from './ajv.ts'

const fixtures = new URL('../../fixtures/', import.meta.url)

/** All fixtures under `fixtures/requests`: each with all that it has, and what it takes. */
export interface Fixtures {
  readonly byName: Readonly<Record<string, PricedFixture>>
  /** The names of the files under `fixtures/media` that bodies carry, as in `@media/red.png`. */
  readonly carried: readonly string[]
}

/**
 * Reads them. Throws an InputError, with everything that is wrong, where a fixture is no fixture, or names another or a medium that is
 * not there.
 */
export function fixturesRead(ajv: Ajv2020): Fixtures {
  const read = readFixtures()
  const media = filesBelow('media/')
  const wrong = [...read].flatMap(([name, fixture]) =>
    mistakes(fixture, read, media, ajv).map((it) => `${name}: ${it}`),
  )
  if (wrong.length > 0) throw new InputError(`fixtures/requests\n  ${wrong.join('\n  ')}`)

  const known = read as ReadonlyMap<string, Fixture> // No mistakes: the schema vouches for them.
  const completed = Object.fromEntries([...known].map(([name, fixture]) => [name, complete(fixture, known)]))
  const table = JSON.stringify(completed)
  const whole = JSON.parse(withMedia(table, (name) => `"${base64(name)}"`)) as typeof completed
  const prices = priced(whole)
  const byName = Object.entries(completed).map(([name, fixture]) => {
    const { inputTokens = 0, outputTokens = 0 } = prices[name] ?? {}
    return [name, { ...fixture, inputTokens, outputTokens }]
  })
  return {
    byName: Object.fromEntries(byName) as Fixtures['byName'],
    carried: media.filter((name) => table.includes(`"@media/${name}"`)),
  }
}

/** The text of fixtures/requests.ts: names, bodies, and the media they carry, inlined, so that a bundle reads no file. */
export function requests({ byName, carried }: Fixtures): string {
  const exchanges = Object.entries(byName).flatMap(([name, { modes = ['json'] }]) =>
    modes.map((mode) => (mode === 'json' ? name : `${name}:${mode}`)),
  )
  const media = carried.map((name) => `  '${name}':\n    '${base64(name)}',\n`)
  return `import type { PricedFixture } from '../suites/harness/gather/price.ts'

/** The fixtures, as in \`tools/single\`. */
export type FixtureName =${union(Object.keys(byName))}

/** The fixtures in each mode they are sent in, as in \`tools/single\` and \`tools/single:stream\`. */
export type ExchangeName =${union(exchanges)}
${carried.length === 0 ? '' : `\nconst media = {\n${media.join('')}}\n`}
export const requests: Readonly<Record<FixtureName, PricedFixture>> = ${withMedia(JSON.stringify(byName, null, 2), (name) => `media['${name}']`)}
`
}

/** The text of fixtures/facts.ts: what of them a plan has to know. */
export function fixtureFacts({ byName }: Fixtures): string {
  const lines = Object.entries(byName).map(([name, fixture]) => {
    const { about, modes, path, credential, needs, follows, afterwards, phase, upstream, endpoint, long } = fixture
    const { inputTokens, outputTokens } = fixture
    const asked = { about, modes, path, credential, needs, follows, afterwards, phase, upstream, endpoint, long }
    const facts: { [F in keyof FixtureFacts]-?: FixtureFacts[F] | undefined } = { ...asked, inputTokens, outputTokens }
    return `  ${asText([name, facts])},\n`
  })
  return `import type { FixtureFacts } from '../suites/harness/gather/plan.ts'
import type { FixtureName } from './requests.ts'

/** What of every fixture a plan has to know. */
export const fixtureFacts = Object.fromEntries(
  [
${lines.join('')}  ].map((text) => JSON.parse(text) as [string, FixtureFacts]),
) as Readonly<Record<FixtureName, FixtureFacts>>
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
