import { Ajv2020 } from 'ajv/dist/2020.js'
import { nameOf, shapes } from './schemas.ts'
import type { Schemas } from './schemas.ts'

/** RFC 3339, as far as a pattern can tell. */
const date = String.raw`\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])`
const time = String.raw`([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(\.\d+)?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)`

/** A validator that knows each named shape by `idOf(name)`. */
export function ajvOf(schemas: Schemas): Ajv2020 {
  const ajv = new Ajv2020({
    allErrors: true,
    strict: true,
    strictRequired: false, // A condition requires properties that only its parent lists.
    allowUnionTypes: true,
    discriminator: true,
    inlineRefs: false,
    unicode: false, // Counting code points takes a module of ajv at run time, and no length here is above 1;
    logger: false, // for this much ajv calls it deprecated. All else that it might log throws, being strict.
    code: { source: true, esm: true },
    formats: { date: new RegExp(`^${date}$`), 'date-time': new RegExp(`^${date}T${time}$`, 'i') },
  })
  // Bookkeeping for keywords of 2020-12 that no schema here uses; it would double the code.
  ajv.opts.unevaluated = false
  ajv.opts.dynamicRef = false
  for (const [name, schema] of bare(schemas)) ajv.addSchema(schema, idOf(name))
  return ajv
}

export function idOf(name: string): string {
  return `https://messages-conformance.dev/shapes/${name}`
}

const annotations = new Set(['$id', '$schema', 'title', 'description', 'tsType'])

/**
 * Every shape by itself, without annotations. References name shapes, but for those to enumerations, which are put in
 * place: `discriminator` wants to see the values of its tag in the branch.
 */
function bare(schemas: Schemas): ReadonlyMap<string, object> {
  const named = shapes(schemas)
  const place = (key: string, node: unknown): unknown => {
    if (annotations.has(key) && typeof node === 'string') return undefined
    if (typeof node !== 'object' || node === null || !('$ref' in node)) return node
    const name = nameOf(String(node.$ref), schemas)
    const values = named.get(name)?.enum
    return values === undefined ? { $ref: idOf(name) } : { enum: values }
  }
  return new Map([...named].map(([name, schema]) => [name, JSON.parse(JSON.stringify(schema), place) as object]))
}
