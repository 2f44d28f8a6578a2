import { compile } from 'json-schema-to-typescript'
import { nameOf, shapes } from './schemas.ts'
import type { Schema, Schemas } from './schemas.ts'

/**
 * The TypeScript types of all named shapes, as the text of one module.
 *
 * One schema with every shape in it goes into json-schema-to-typescript, for file by file it would write shared types
 * again and again. Types are closed (`additionalProperties: false`) though answers are open: an index signature would
 * take every misspelt field, and no interface of the official SDK would fit.
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
  const { $ref, description, tsType, properties, items, additionalProperties } = schema
  if ($ref !== undefined) return { $ref: `#/$defs/${nameOf($ref, schemas)}` }
  const branches = branchesOf(schema)
  const about = description === undefined ? {} : { description }
  if (tsType !== undefined) return { ...about, tsType }
  if (branches !== null) return { ...about, oneOf: branches.map((branch) => plain(branch, schemas)) }
  if (isFree(schema)) return { ...about, tsType: [schema.type].flat().map(freeType).join(' | ') }
  const { $id: _, allOf: __, title: ___, minItems: ____, maxItems: _____, ...rest } = schema
  return {
    ...rest,
    ...(properties && { properties: plainProperties(properties, schemas) }),
    ...(items && { items: plain(items, schemas) }),
    ...(typeof additionalProperties === 'object' && { additionalProperties: plain(additionalProperties, schemas) }),
  }
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
    .replace(/\n \* \n \* @(min|max)Items \d+/g, '')
    .replace(/\/\*\*\n\s+\* ([^\n]+)\n\s+\*\//g, '/** $1 */')
}
