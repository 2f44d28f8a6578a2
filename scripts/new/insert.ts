/* Where things stand in files that people write: pure edits of their text. */

const begun = /^export const \w+ = requirement\(\s*'([^']+)'/gm

/** The id of the last requirement of a chapter; null where it has none. */
export function lastRequirement(chapter: string): string | null {
  return [...chapter.matchAll(begun)].at(-1)?.[1] ?? null
}

/** A chapter with more below its last requirement, and above the private functions that follow. */
export function belowLastRequirement(chapter: string, more: string): string {
  const last = [...chapter.matchAll(begun)].at(-1)?.index ?? 0
  return insertedAt(chapter, endOf('\n})\n', chapter, last), `\n${more}`)
}

/** The list of ids with one more behind another. */
export function behindId(ids: string, before: string, id: string): string {
  return insertedAt(ids, endOf(`  '${before}',\n`, ids, 0), `  '${id}',\n`)
}

/** A table by id with one more entry behind another, to be filled in. */
export function behindEntry(table: string, before: string, id: string): string {
  const from = endOf(`  '${before}':`, table, 0)
  return insertedAt(table, endOf("',\n", table, from), `  '${id}': 'TODO',\n`)
}

/** A module with one more item in its exported list `name`. */
export function inList(module: string, name: string, item: string): string {
  const list = module.indexOf(`export const ${name}:`)
  return insertedAt(module, endOf('\n]', module, list) - 1, item)
}

/** A module that imports names from another, each once. */
export function importing(module: string, names: readonly string[], from: string): string {
  const found = new RegExp(`^import \\{([^}]*)\\} from '${from.replaceAll('.', '\\.')}'`, 'm').exec(module)
  if (!found) {
    const last = [...module.matchAll(/^(?:import .*|\}) from '.*\n/gm)].at(-1)
    const line = `import { ${names.join(', ')} } from '${from}'\n`
    return insertedAt(module, last ? last.index + last[0].length : 0, line)
  }
  const known = (found[1] ?? '').split(',').flatMap((name) => name.trim() || [])
  const all = [...known, ...names.filter((name) => !known.includes(name))].sort()
  return module.replace(found[0], `import { ${all.join(', ')} } from '${from}'`)
}

/** A chapter in which a requirement reads one more exchange as answer; null where its `reads` do not stand in it. */
export function readingAnswer(chapter: string, id: string, exchange: string): string | null {
  const at = chapter.indexOf(`requirement('${id}'`)
  const reads = /reads: \{[^{}]*?(?=,?\s*\})/.exec(at < 0 ? '' : chapter.slice(at, endOf('\n})\n', chapter, at)))
  return reads ? insertedAt(chapter, at + reads.index + reads[0].length, `, '${exchange}': 'answer'`) : null
}

/** The vocabulary with one more capability. */
export function withCapability(vocabulary: string, capability: string): string {
  const list = vocabulary.indexOf('"Capability": {')
  const last = /"(?=\s*\])/.exec(vocabulary.slice(list))
  return insertedAt(vocabulary, list + (last?.index ?? 0) + 1, `,\n        "${capability}"`)
}

function insertedAt(text: string, at: number, more: string): string {
  return text.slice(0, at) + more + text.slice(at)
}

/** Throws where what should be there is not: the file is not laid out as the others are. */
function endOf(what: string, text: string, from: number): number {
  const at = from < 0 ? -1 : text.indexOf(what, from)
  if (at < 0) throw new Error(`There is no ${JSON.stringify(what)} where it should be.`)
  return at + what.length
}
