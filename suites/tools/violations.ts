import { show, type Finding } from '../harness/views/finding.ts'
import { isObject, own, strings, type JsonObject } from '../harness/wire/json.ts'
import { isOfType, typesOf } from './arguments.ts'

/** Whether a value came to its end. Asked only where that makes a difference. */
type IsWhole = () => boolean

/**
 * What of a value is against its schema: its type, a property that is forbidden, and, where the value is whole, one that is missing and a
 * value that is not listed. Keywords that are not read here forbid nothing; a schema that is put together from others is not read at all.
 */
export function* violations(schema: unknown, value: unknown, at: string, isWhole: IsWhole): Iterable<Finding> {
  if (isObject(schema) && !composing.some((key) => Object.hasOwn(schema, key)))
    yield* ofKind(schema, value, at, isWhole)
}

/** Keywords by which a schema is put together from others, or says of more names than it lists. */
const composing = ['$ref', 'allOf', 'anyOf', 'oneOf', 'patternProperties']

function* ofKind(schema: JsonObject, value: unknown, at: string, isWhole: IsWhole): Iterable<Finding> {
  const types = typesOf(schema)
  if (types && !types.some((type) => isOfType(value, type))) {
    yield { at, expected: types.join(' or '), actual: show(value) }
  } else if (isObject(value)) {
    yield* ofObject(schema, value, at, isWhole)
  } else if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) yield* violations(schema['items'], item, `${at}/${index}`, isWhole)
  } else if (!isListed(value, schema['enum']) && isWhole()) {
    yield { at, expected: `one of ${show(schema['enum'])}`, actual: show(value) }
  }
}

function* ofObject(schema: JsonObject, value: JsonObject, at: string, isWhole: IsWhole): Iterable<Finding> {
  const properties = isObject(schema['properties']) ? schema['properties'] : {}
  for (const name of strings(schema['required']))
    if (!Object.hasOwn(value, name) && isWhole()) yield { at, expected: name, actual: show(value) }
  for (const [name, part] of Object.entries(value)) {
    const known = own(properties, name)
    if (known !== undefined) yield* violations(known, part, `${at}/${name}`, isWhole)
    else if (schema['additionalProperties'] === false)
      yield { at: `${at}/${name}`, expected: 'no such argument', actual: show(part) }
  }
}

/** Whether a value is one that is listed. The case of a letter is documented not to be held to. */
function isListed(value: unknown, listed: unknown): boolean {
  const plain = (one: unknown): unknown => (typeof one === 'string' ? one.toLowerCase() : one)
  return !Array.isArray(listed) || listed.some((one) => plain(one) === plain(value))
}
