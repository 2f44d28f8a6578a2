import { shapes } from './schemas.ts'
import type { Schemas } from './schemas.ts'

/**
 * Every enumeration of strings as a constant, `StopReason` as `stopReasons`, every table of words, `DeltasByBlock` as
 * `deltasByBlock`, and all words together: the text of one module.
 */
export function values(schemas: Schemas): string {
  return `${enumerations(schemas)}\n${tables(schemas)}\n${words(schemas)}`
}

function enumerations(schemas: Schemas): string {
  const enumerations = [...shapes(schemas)].flatMap(([name, { description, enum: members }]) =>
    members?.every((member) => typeof member === 'string') ? [{ name, description, members }] : [],
  )
  return enumerations
    .map(({ name, description, members }) => {
      const about = description === undefined ? '' : `/** ${description} */\n`
      const list = members.map((member) => `  ${quote(member)},\n`).join('')
      return `${about}export const ${plural(name)} = [\n${list}] as const\n`
    })
    .join('\n')
}

/** A definition that is one constant object. A map, since the words that are looked up in it are a gateway's. */
function tables(schemas: Schemas): string {
  return [...schemas.values()]
    .flatMap(({ $defs = {} }) => Object.entries($defs))
    .flatMap(([name, { description, const: table }]) => {
      if (typeof table !== 'object' || table === null) return []
      const lines = Object.entries(table).map(([word, words]) => `  [${quote(word)}, ${listed(words)}],\n`)
      const type = 'ReadonlyMap<string, readonly string[]>'
      return [`/** ${description} */\nexport const ${camel(name)}: ${type} = new Map([\n${lines.join('')}])\n`]
    })
    .join('\n')
}

/** What stands in what is sent, answered and written because a schema says so. */
function words(schemas: Schemas): string {
  const found = new Set([...schemas.values()].flatMap(wordsOf))
  const list = [...found].toSorted().map((word) => `  ${quote(word)},\n`)
  return `/** Every word of the schemas: names of properties, and what is fixed or enumerated. */\nexport const contractWords: readonly string[] = [\n${list.join('')}]\n`
}

function wordsOf(schema: unknown): string[] {
  if (Array.isArray(schema)) return schema.flatMap(wordsOf)
  if (typeof schema !== 'object' || schema === null) return []
  return Object.entries(schema).flatMap(([key, inner]: [string, unknown]) => {
    if (key === 'const' || key === 'enum') return textsIn(inner)
    const names = key === 'properties' && typeof inner === 'object' && inner !== null ? Object.keys(inner) : []
    return [...names, ...wordsOf(inner)]
  })
}

/** The strings of a value, names too. */
function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) => [...(Array.isArray(value) ? [] : [key]), ...textsIn(inner)])
}

function listed(words: unknown): string {
  return `[${(words as readonly string[]).map(quote).join(', ')}]`
}

function camel(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1)
}

function plural(name: string): string {
  const word = camel(name)
  if (word.endsWith('s')) return `${word}es`
  return /[^aeioh]y$/.test(word) ? `${word.slice(0, -1)}ies` : `${word}s`
}

function quote(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
}
