import { shapes } from './schemas.ts'
import type { Schemas } from './schemas.ts'

/** Every enumeration of strings as a constant, `StopReason` as `stopReasons`: the text of one module. */
export function values(schemas: Schemas): string {
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

function plural(name: string): string {
  const camel = name.charAt(0).toLowerCase() + name.slice(1)
  if (camel.endsWith('s')) return `${camel}es`
  return /[^aeioh]y$/.test(camel) ? `${camel.slice(0, -1)}ies` : `${camel}s`
}

function quote(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
}
