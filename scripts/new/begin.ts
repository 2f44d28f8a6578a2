import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { Fixture } from '../../schemas/types.ts'
import { parseName } from '../../suites/harness/gather/plan.ts'
import { inStream } from '../../suites/harness/wire/exchange.ts'
import { InputError } from '../../suites/harness/wire/input-error.ts'
import { jsonIn } from '../json-file.ts'
import { nearest } from '../nearest.ts'
import { draftOf, type Change, type Draft } from './draft.ts'
import {
  behindEntry,
  behindId,
  belowLastRequirement,
  importing,
  inList,
  lastRequirement,
  readingAnswer,
  withCapability,
} from './insert.ts'
import {
  alterations,
  failureStub,
  faultStub,
  fixtureStub,
  requirementStub,
  variantStub,
  type Subject,
  type View,
} from './stubs.ts'

/** A requirement that is to be begun. */
export interface Wanted {
  readonly id: string
  /** What it is judged on: every exchange that has a view, some exchanges by name, or the probe of a capability. */
  readonly on: { readonly every: string } | { readonly reads: readonly string[] } | { readonly gates: string }
  /** The chapter it belongs to, by its file; by default the one named like its area, else the first. */
  readonly chapter?: string | undefined
}

/** Where it is begun. */
interface Place {
  readonly area: string
  readonly chapter: string
  readonly faults: string
  readonly files: Draft
  readonly folder: string
}

/**
 * What a new requirement of its kind needs, as changes to the files below a folder; nothing is written. Throws an InputError, with
 * what to do instead, where it cannot be begun.
 */
export function begin({ id, on, chapter }: Wanted, folder: string): readonly Change[] {
  const [, area = ''] = /^([a-z]+)\/[a-z0-9][a-z0-9-]*$/.exec(id) ?? []
  if (area === '') throw new InputError('An id is area/what-holds, in small letters and hyphens, as in streaming/ends.')
  const files = draftOf(folder)
  const faults = `fixtures/gateways/faults/${area}.ts`
  const place = { area, chapter: chapterOf(area, chapter, folder), faults, files, folder }
  if (!files.has(faults))
    throw new InputError(`There is no ${faults}: begin it like those beside it, and name it in faults.ts there.`)
  if (files.read('suites/ids.ts').includes(`'${id}'`)) throw new InputError(`There is ${id} already.`)
  if ('every' in on) beginEvery(id, on.every, place)
  else if ('reads' in on) beginReads(id, on.reads, place)
  else beginGate(id, on.gates, place)
  return files.changes()
}

function beginEvery(id: string, view: string, place: Place): void {
  const every = viewNamed(view)
  declare(id, { every }, place)
  breakIt(id, every, place)
}

/** A new fixture needs somebody who says that it is served: a requirement of the chapter that says it of others, or one more. */
function beginReads(id: string, exchanges: readonly string[], place: Place): void {
  for (const exchange of exchanges) beginFixture(exchange, null, place)
  const isAboutServing = id.endsWith('served')
  for (const exchange of exchanges)
    if (!isAboutServing && isServedByRight(exchange, place) && !isReadAsAnswer(exchange, place))
      readAsAnswer(id, exchange, place)
  const as = isAboutServing ? 'answer' : viewOf(exchanges[0] ?? '', place)
  declare(id, { reads: exchanges, as }, place)
  if (isAboutServing) failIt(id, place)
  else breakIt(id, as, place)
}

function beginGate(id: string, capability: string, place: Place): void {
  const { files, area } = place
  const vocabulary = 'schemas/vocabulary.schema.json'
  if (!/^[a-z][a-z0-9-]*$/.test(capability))
    throw new InputError('A capability is called in small letters and hyphens, as in parallel-tools.')
  if (sources(place).some((text) => text.includes(`gates: '${capability}'`)))
    throw new InputError(`${capability} has its gate already, and one is enough: npm run list shows it.`)
  const probe = `${area}/${capability}`
  if (files.has(fixturePath(probe)))
    throw new InputError(`There is a fixture ${probe} already: remove it, or rename it.`)
  if (!files.read(vocabulary).includes(`"${capability}"`))
    files.write(vocabulary, withCapability(files.read(vocabulary), capability), `the capability ${capability}`)
  beginFixture(probe, capability, place)
  declare(id, { gates: capability, probe: [probe, inStream(probe)] }, place)
  failIt(id, place)
  const variants = 'fixtures/gateways/variants/capabilities.ts'
  const imported = importing(files.read(variants), ['mentions'], '../parts.ts')
  files.write(variants, inList(imported, 'variants', variantStub(capability)), 'a variant that declines it')
}

/** What is said of a requirement in Chinese, and where. */
const chinese = [
  ['scripts/report/words/zh-titles.ts', 'its title in Chinese'],
  ['scripts/report/words/zh-because.ts', 'its reason in Chinese'],
] as const

/** Puts a requirement below the last one of its chapter, and its id behind that of the last one. */
function declare(id: string, subject: Subject, { chapter, files }: Place): void {
  const text = files.read(chapter)
  const last = lastRequirement(text)
  if (last === null) throw new InputError(`${chapter} holds no requirement yet: write its first by hand.`)
  const stub = requirementStub(id, constantOf(id, text), subject)
  const imported = importedBy(subject).reduce((module, [name, from]) => importing(module, [name], from), text)
  files.write('suites/ids.ts', behindId(files.read('suites/ids.ts'), last, id), id)
  for (const [table, what] of chinese) files.write(table, behindEntry(files.read(table), last, id), what)
  files.write(chapter, belowLastRequirement(imported, stub), `the requirement ${id}`)
}

/** What the check of a stub calls, and where that stands. */
function importedBy(subject: Subject): readonly (readonly [name: string, from: string])[] {
  if (!('as' in subject)) return []
  return [subject.as === 'answer' ? ['unserved', '../harness/views/served.ts'] : ['each', '../harness/views/placed.ts']]
}

function breakIt(id: string, view: View, { faults, files }: Place): void {
  const imported = importing(files.read(faults), [alterations[view].name], '../alter.ts')
  files.write(faults, inList(imported, 'faults', faultStub(id, view)), `a fault that breaks ${id}`)
}

function failIt(id: string, { faults, files }: Place): void {
  const imported = importing(importing(files.read(faults), ['failing'], '../alter.ts'), ['mentions'], '../parts.ts')
  files.write(faults, inList(imported, 'faults', failureStub(id)), `a fault that breaks ${id}`)
}

function beginFixture(exchange: string, capability: string | null, { area, files }: Place): void {
  const { fixture, mode } = parseName(exchange)
  const path = fixturePath(fixture)
  if (files.has(path)) {
    if (fixtureNamed(fixture, files).modes?.includes(mode) ?? mode === 'json') return
    throw new InputError(`${fixture} is not sent as ${mode}: add that to its modes, in ${path}.`)
  }
  if (!new RegExp(`^${area}/[a-z0-9][a-z0-9-]*$`).test(fixture))
    throw new InputError(
      `There is no fixture ${fixture}; a new one is called ${area}/WHAT, in small letters and hyphens.`,
    )
  files.write(path, fixtureStub(capability, mode), 'the fixture')
}

/** Lets some requirement say that an exchange is served. */
function readAsAnswer(id: string, exchange: string, place: Place): void {
  const { area, chapter, files } = place
  const served = [...files.read(chapter).matchAll(/requirement\('([^']+)'/g)].map(([, other = '']) => other)
  for (const other of served.filter((one) => one.startsWith(`${area}/`) && one.endsWith('served'))) {
    const extended = readingAnswer(files.read(chapter), other, exchange)
    if (extended === null) continue
    files.write(chapter, extended, `${other} reads ${exchange} as answer: see that its title says so`)
    return
  }
  declare(`${id}-served`, { reads: [exchange], as: 'answer' }, place)
  failIt(`${id}-served`, place)
}

function isServedByRight(exchange: string, { files }: Place): boolean {
  return (fixtureNamed(parseName(exchange).fixture, files).phase ?? 'positive') === 'positive'
}

function isReadAsAnswer(exchange: string, place: Place): boolean {
  const probed = new RegExp(`probe: \\[[^\\]]*'${exchange}'`)
  return sources(place).some((text) => text.includes(`'${exchange}': 'answer'`) || probed.test(text))
}

/** The view that what a fixture asks for is read as. */
function viewOf(exchange: string, { files }: Place): View {
  const { path = '/v1/messages', phase } = fixtureNamed(parseName(exchange).fixture, files)
  if (phase === 'refused') return 'error'
  if (path.endsWith('/count_tokens')) return 'count'
  if (path.startsWith('/v1/models/')) return 'model'
  return path.startsWith('/v1/models') ? 'models' : 'message'
}

function viewNamed(word: string): View {
  const views = Object.keys(alterations) as View[]
  const found = views.find((view) => view === word)
  if (found) return found
  const near = nearest(word, views)
  throw new InputError(
    `There is no view ${word}${near ? `; did you mean ${near}?` : `. There are: ${views.join(', ')}.`}`,
  )
}

/** Folders of suites that hold no chapters. */
const notAreas: ReadonlySet<string> = new Set(['harness', 'run', 'self', 'vitest'])

function chapterOf(area: string, wanted: string | undefined, folder: string): string {
  const chapters = chaptersOf(area, folder)
  if (chapters.length === 0)
    throw new InputError(
      `There is no area ${area}: begin suites/${area}/ like the one of a neighbour, with a chapter that catalogue.ts lists.`,
    )
  const name = basename(wanted ?? area, '.ts')
  const found = chapters.find((file) => basename(file, '.ts') === name)
  if (wanted !== undefined && !found)
    throw new InputError(
      `There is no chapter ${name} in ${area}; there are: ${chapters.map((file) => basename(file)).join(', ')}.`,
    )
  return found ?? chapters[0] ?? ''
}

function chaptersOf(area: string, folder: string): readonly string[] {
  const at = join(folder, 'suites', area)
  if (notAreas.has(area) || !existsSync(at)) return []
  return readdirSync(at)
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .map((file) => `suites/${area}/${file}`)
    .filter((file) => lastRequirement(readFileSync(join(folder, file), 'utf8')) !== null)
    .sort()
}

/** The text of every chapter of every area. */
function sources({ folder, files }: Place): readonly string[] {
  const areas = readdirSync(join(folder, 'suites'), { withFileTypes: true }).filter((entry) => entry.isDirectory())
  return areas.flatMap(({ name }) => chaptersOf(name, folder)).map((file) => files.read(file))
}

/** The name of a requirement in its chapter: what holds; its area too, where that is one word or taken. */
function constantOf(id: string, chapter: string): string {
  const camel = (text: string): string => text.replaceAll(/[-/](\w)/g, (_, letter: string) => letter.toUpperCase())
  const name = camel(id.slice(id.indexOf('/') + 1))
  const isTaken = new RegExp(`(?:const |function\\*? |[{,] )${name}\\b`).test(chapter)
  return isTaken || /^\d|^[a-z]+$/.test(name) ? camel(id) : name
}

function fixturePath(name: string): string {
  return `fixtures/requests/${name}.json`
}

/** A fixture as its file says; its schema vouches for it when it is generated. */
function fixtureNamed(name: string, files: Draft): Pick<Fixture, 'modes' | 'path' | 'phase'> {
  return jsonIn(files.read(fixturePath(name)), fixturePath(name)) as Fixture
}
