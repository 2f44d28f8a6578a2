import { existsSync, readFileSync } from 'node:fs'
import type { Requirement } from '../../suites/harness/judge/requirement.ts'
import { ruleOf, type Quoted } from '../../suites/harness/judge/source.ts'
import { InputError } from '../../suites/harness/wire/input-error.ts'
import { pagesAt, remedy, type Folder } from './folder.ts'
import { goneFrom } from './gone.ts'
import { plainCode, plainProse } from './plain.ts'

/** A quote of the catalogue, and whose it is. */
export interface QuoteOf {
  readonly id: string
  readonly source: Quoted
}

/** A quote that is no longer where it was, and a sentence on that. */
export interface Missing extends QuoteOf {
  readonly because: string
}

/** The quotes of requirements, each with whose it is. */
export function quotesOf(requirements: readonly Pick<Requirement, 'id' | 'source'>[]): readonly QuoteOf[] {
  return requirements.flatMap(({ id, source }) => ('quote' in source ? [{ id, source }] : []))
}

/**
 * The quotes that do not stand where they say: a documented sentence on its page in the folder, code in the installed package.
 * Throws an InputError for a folder that has none of the pages, and for a package that is not installed.
 */
export function missingFrom(quotes: readonly QuoteOf[], folder: Folder, modules: URL): readonly Missing[] {
  const texts = new Map<string, readonly string[]>()
  for (const { source } of quotes) {
    const place = ruleOf(source)
    if (!texts.has(place)) texts.set(place, textsOf(source, folder, modules))
  }
  const documented = quotes.filter(({ source }) => source.kind === 'documented')
  if (documented.length > 0 && documented.every(({ source }) => texts.get(ruleOf(source))?.length === 0))
    throw new InputError(`${folder.name} holds none of the pages that are cited. ${remedy}`)
  return quotes.flatMap((quote) => {
    const because = missing(quote.source, texts.get(ruleOf(quote.source)) ?? [])
    return because === null ? [] : [{ ...quote, because }]
  })
}

/** What stands at the place a source names, plain; nothing where the place is gone. */
function textsOf(source: Quoted, folder: Folder, modules: URL): readonly string[] {
  if (source.kind === 'documented') return pagesAt(source.url, folder).map(plainProse)
  const home = new URL(`${source.package}/`, modules)
  if (!existsSync(home)) throw new InputError(`${source.package} is not installed. Run: npm ci`)
  const file = new URL(source.file, home)
  return existsSync(file) ? [plainCode(readFileSync(file, 'utf8'))] : []
}

function missing({ kind, quote }: Quoted, texts: readonly string[]): string | null {
  const plain = kind === 'documented' ? plainProse(quote) : plainCode(quote)
  const gone = texts.map((text) => goneFrom(text, plain))
  if (gone.includes(null)) return null
  const [closest] = gone.flatMap((one) => one ?? []).toSorted((a, b) => b.still.length - a.still.length)
  if (closest === undefined)
    return kind === 'documented' ? 'the page is not in the folder' : 'the file is not in the package'
  return closest.still === ''
    ? `"${closest.word}" does not stand there`
    : `"${closest.still}" still stands there, and "${closest.word}" does not follow`
}
