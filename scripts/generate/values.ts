import { shapes } from './schemas.ts'
import type { Schemas } from './schemas.ts'

/**
 * Every enumeration of strings as a constant, `StopReason` as `stopReasons`, and every table of words, `DeltasByBlock` as
 * `deltasByBlock`: the text of one module.
 */
export function values(schemas: Schemas): string {
  return `${enumerations(schemas)}\n${tables(schemas)}`
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
