import { readFileSync, readdirSync } from 'node:fs'
import { InputError } from '../../suites/harness/wire/input-error.ts'
import { jsonIn } from '../json-file.ts'

/** A JSON Schema, as far as the generators look into it. */
export interface Schema {
  readonly $id?: string
  readonly $ref?: string
  readonly $defs?: Readonly<Record<string, Schema>>
  readonly title?: string
  readonly description?: string
  readonly type?: string | readonly string[]
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly required?: readonly string[]
  readonly properties?: Readonly<Record<string, Schema | boolean>>
  readonly additionalProperties?: Schema | boolean
  readonly items?: Schema
  readonly allOf?: readonly Schema[]
  readonly oneOf?: readonly Schema[]
  readonly if?: Schema
  readonly then?: Schema
  readonly else?: Schema
  /** Said to json-schema-to-typescript only. */
  readonly tsType?: string
}

/** File name, as in `message.schema.json`, to schema. */
export type Schemas = ReadonlyMap<string, Schema>

const folder = new URL('../../schemas/', import.meta.url)

/** All schemas in the order of their file names. Throws an InputError where one is no JSON. */
export function readSchemas(): Schemas {
  const names = readdirSync(folder).filter((name) => name.endsWith('.schema.json'))
  return new Map(names.sort().map((name) => [name, readSchema(name)]))
}

function readSchema(name: string): Schema {
  return jsonIn(readFileSync(new URL(name, folder), 'utf8'), `schemas/${name}`) as Schema
}

/** Every named shape: the root of a file by its title, and all definitions. Throws an InputError where two share a name. */
export function shapes(schemas: Schemas): ReadonlyMap<string, Schema> {
  const named = new Map<string, Schema>()
  for (const [file, { $defs = {}, ...root }] of schemas)
    for (const [name, schema] of [[titleOf(file, root), root] as const, ...Object.entries($defs)]) {
      if (named.has(name)) throw new InputError(`${file}: another schema is called "${name}" too.`)
      if (schema.type !== undefined || schema.enum !== undefined || schema.if !== undefined) named.set(name, schema)
    }
  return named
}

/** The name of the shape that a reference points to. Throws an InputError where it points to no file. */
export function nameOf(ref: string, schemas: Schemas): string {
  const [file = '', pointer = ''] = ref.split('#')
  if (pointer !== '') return pointer.slice(pointer.lastIndexOf('/') + 1)
  const root = schemas.get(file)
  if (root === undefined) throw new InputError(`There is no schema "${file}", to which a $ref points.`)
  return titleOf(file, root)
}

function titleOf(file: string, { title }: Schema): string {
  if (title === undefined) throw new InputError(`${file} has no title to name its type by.`)
  return title
}
