import { compile } from 'json-schema-to-typescript'
import { nameOf, shapes } from './schemas.ts'
import type { Schema, Schemas } from './schemas.ts'

/**
 * The TypeScript types of all named shapes, as the text of one module.
 *
 * One schema with every shape in it goes into json-schema-to-typescript, for file by file it would write shared types
 * again and again. Types are closed (`additionalProperties: false`) though answers are open: an index signature would
 * take every misspelt field, and no interface of the official SDK would fit. Only what says that it is open is open.
 */
export async function types(schemas: Schemas): Promise<string> {
  const named = [...shapes(schemas)]
  const index = {
    type: 'object',
    properties: Object.fromEntries(named.map(([name]) => [name, { $ref: `#/$defs/${name}` }])),
    $defs: Object.fromEntries(named.map(([name, schema]) => [name, plain(schema, schemas)])),
  } as const
  // Its own types know JSON Schema draft 4 only.
  const text = await compile(index as unknown as Parameters<typeof compile>[0], 'Index', {
    bannerComment: '',
    additionalProperties: false,
    ignoreMinAndMaxItems: true,
    style: { semi: false, singleQuote: true, printWidth: 120 },
  })
  return tidy(text)
}

/** The same shape in the words that json-schema-to-typescript knows: it ignores conditions, and reads a free object as `{}`. */
function plain(schema: Schema, schemas: Schemas): Schema {
  const { $ref, description, tsType, type, enum: values, const: value, required } = schema
  if ($ref !== undefined) return { $ref: `#/$defs/${nameOf($ref, schemas)}` }
  const about = description === undefined ? {} : { description }
  const branches = branchesOf(schema)
  if (branches !== null) return { ...about, oneOf: branches.map((branch) => plain(branch, schemas)) }
  const written = tsType ?? freeObject(schema)
  if (written !== null) return { ...about, tsType: written }
  const { properties, items, additionalProperties } = schema
  return {
    ...about,
    ...(type !== undefined && { type }),
    ...(values !== undefined && { enum: values }),
    ...(value !== undefined && { const: value }),
    ...(required !== undefined && { required }),
    ...(properties !== undefined && { properties: plainProperties(properties, schemas) }),
    ...(items !== undefined && { items: plain(items, schemas) }),
    ...(additionalProperties === true && { additionalProperties }),
    ...(typeof additionalProperties === 'object' && { additionalProperties: plain(additionalProperties, schemas) }),
  }
}

/** The type of an object, or null, of which nothing more is said; null where more is said. */
function freeObject({ type, properties, additionalProperties }: Schema): string | null {
  if (properties ?? additionalProperties) return null
  if (type === 'object') return 'Record<string, unknown>'
  return [type].flat().join() === 'object,null' ? 'Record<string, unknown> | null' : null
}

function plainProperties(properties: Readonly<Record<string, Schema | boolean>>, schemas: Schemas) {
  const entries = Object.entries(properties)
  return Object.fromEntries(entries.map(([name, of]) => [name, typeof of === 'boolean' ? of : plain(of, schemas)]))
}

/** The shapes among which a schema chooses, by `oneOf`, by one if/then/else, or by an if/then for each; null where it does not. */
function branchesOf({ oneOf, then, else: otherwise, allOf }: Schema): readonly Schema[] | null {
  if (oneOf !== undefined) return oneOf
  if (then !== undefined && otherwise !== undefined) return [then, otherwise]
  const chosen = allOf?.flatMap((choice) => (choice.then?.$ref === undefined ? [] : [choice.then]))
  return chosen !== undefined && chosen.length === allOf?.length ? chosen : null
}

/** Without the index itself, and with every short comment on one line. */
function tidy(text: string): string {
  return text
    .replace(/export interface Index \{[^}]*\}\n+/, '')
    .replace(/\/\*\*\n\s+\* ([^\n]+)\n\s+\*\//g, '/** $1 */')
}
