import type { Message } from '../../schemas/types.ts'
import { requirement } from '../harness/judge/requirement.ts'
import { show } from '../harness/views/finding.ts'
import { each } from '../harness/views/placed.ts'
import type { Exchange } from '../harness/wire/exchange.ts'
import { isObject, own, parseJson, type JsonObject } from '../harness/wire/json.ts'
import { docs } from '../sources.ts'
import { calls, hasCall, inputsOf, saysCutShort, type Call } from './calls.ts'
import { isComparable, misescaped } from '../harness/views/escaping.ts'

/* What the arguments of a call are made of: their characters, their types, and none beside them. */

const handling = 'agents-and-tools/tool-use/handle-tool-calls'
const conforming = docs(
  handling,
  "input: An object containing the input being passed to the tool, conforming to the tool's input_schema.",
)

export const charactersKept = requirement('tools/characters-kept', {
  level: 'must',
  profile: 'claude-code',
  title: 'the characters of an argument arrive: none broken, lost, escaped twice or turned into an entity',
  because: 'A file name with a broken character is another file, and a file with \\n for each line feed is none.',
  breaks: ['raw-http', 'claude-code'],
  source: docs(
    'build-with-claude/streaming#input-json-delta',
    'The deltas for tool_use content blocks correspond to updates for the input field of the block.',
  ),
  reads: { 'tools/unicode': 'message', 'tools/unicode:stream': 'message' },
  // A text of its own was made up by the model.
  unlessIn: (message, exchange) => !calls(message).some((call) => isOfOurs(call, exchange)),
  *check(messages, exchanges) {
    yield* each(messages, function* (message, fixture) {
      for (const { input, index } of calls(message)) {
        const at = `/content/${index}/input`
        if (JSON.stringify(input).includes('\uFFFD'))
          yield { at: `${at}/content`, expected: 'whole characters', actual: show(input) }
        else
          for (const { words, expected, actual } of misescaped(pinned(exchanges[fixture]), String(input['content'])))
            yield { at: `${at}/content`, expected: show(words.join(expected)), actual: show(words.join(actual)) }
      }
    })
  },
})

function isOfOurs({ input }: Call, exchange: Exchange): boolean {
  return isComparable(pinned(exchange), String(input['content'])) || JSON.stringify(input).includes('\uFFFD')
}

function pinned({ values }: Exchange): string {
  return own(values, 'content') ?? ''
}

export const usualNames = requirement('tools/usual-names-kept', {
  level: 'must',
  profile: 'claude-code',
  title: "a tool that is named like a client's own gets its arguments, in both modes",
  because:
    'A gateway that knows Read or Write by name, and treats them in its own way, runs the tools of Claude Code on nothing.',
  breaks: [],
  source: conforming,
  reads: { 'tools/unicode': 'message', 'tools/unicode:stream': 'message' },
  unless: (messages, exchanges) => mostGiven(messages, exchanges) === 0,
  unlessIn: (message) => !hasCall(message),
  *check(messages, exchanges) {
    const most = mostGiven(messages, exchanges)
    yield* each(messages, function* (message, fixture) {
      const [call] = calls(message)
      if (call && givenTo(call, exchanges[fixture]).length < most)
        yield {
          at: `/content/${call.index}/input`,
          expected: `${most} arguments, as in the other mode`,
          actual: show(call.input),
        }
    })
  },
})
/** Most arguments that an answer gives to its first call. */
function mostGiven<N extends string>(
  messages: Readonly<Record<N, Message>>,
  exchanges: Readonly<Record<N, Exchange>>,
): number {
  const fixtures = Object.keys(messages) as N[]
  return Math.max(0, ...fixtures.map((fixture) => givenTo(calls(messages[fixture])[0], exchanges[fixture]).length))
}

/** The required arguments that a call was given: any other may be the model's to add. */
function givenTo(call: Call | undefined, exchange: Exchange): readonly string[] {
  const required = call ? (inputsOf(exchange).schemas.get(call.name)?.required ?? []) : []
  return required.filter((name) => call && Object.hasOwn(call.input, name))
}

export const typed = requirement('tools/arguments-typed', {
  level: 'should',
  profile: 'sdk',
  title:
    'an argument is of the type its schema says: no number as text, no text as a number, no null for what is left out',
  because: 'Code that checks its arguments refuses the call; code that does not adds 1 to "4".',
  // The tool runner of the SDK tells the model what its parser said, and goes on.
  breaks: [],
  source: conforming,
  after: ['tools/name-declared'],
  capability: 'tools',
  least: 'tools/rich-schema',
  every: 'message',
  // Of an answer that was cut short too: what of the arguments is there has a type.
  where: (message, exchange) => calls(message).some((call) => typedArguments(call, exchange).length > 0),
  *check(message, exchange) {
    for (const call of calls(message))
      for (const { name, types, value } of typedArguments(call, exchange))
        if (!types.some((type) => isOfType(value, type)))
          yield { at: `/content/${call.index}/input/${name}`, expected: types.join(' or '), actual: show(value) }
  },
})

/** The arguments whose schema says which types they may have. */
function typedArguments(
  { name, input }: Call,
  exchange: Exchange,
): readonly { readonly name: string; readonly types: readonly string[]; readonly value: unknown }[] {
  const properties = inputsOf(exchange).schemas.get(name)?.properties ?? []
  return [...properties].flatMap(([argument, schema]) => {
    const types = Object.hasOwn(input, argument) ? typesOf(schema) : null
    return types ? [{ name: argument, types, value: input[argument] }] : []
  })
}

/** The types a schema allows; null where it does not say, or says it in a way that is not read here. */
export function typesOf(schema: unknown): readonly string[] | null {
  if (!isObject(schema)) return null
  const branches: unknown = schema['anyOf'] ?? schema['oneOf']
  if (Array.isArray(branches)) {
    const each = branches.map(typesOf)
    return each.every((types) => types !== null) ? each.flat() : null
  }
  const types = [schema['type']].flat()
  return types.length > 0 && types.every((type) => typeof type === 'string') ? types : null
}

export function isOfType(value: unknown, type: string): boolean {
  switch (type) {
    case 'null':
      return value === null
    case 'array':
      return Array.isArray(value)
    case 'object':
      return isObject(value)
    case 'integer':
      return Number.isInteger(value)
    default:
      return typeof value === type
  }
}

export const pinnedKept = requirement('tools/types-kept', {
  level: 'should',
  profile: 'sdk',
  title:
    'arguments of every type arrive as they were pinned: zeros in front, null, false, 0 and what is empty, and none beside them',
  because: 'A null that is dropped, or a code without its zeros, is another order than the one that was given.',
  breaks: [],
  source: conforming,
  after: ['messages/echo', 'tools/arguments-plain', 'tools/arguments-typed'],
  reads: { 'tools/rich-schema': 'message', 'tools/rich-schema:stream': 'message' },
  unlessIn: (message) => !hasCall(message) || saysCutShort(message),
  *check(messages, exchanges) {
    yield* each(messages, function* (message, fixture) {
      const [call] = calls(message)
      const given = parseJson(own(exchanges[fixture].values, 'arguments') ?? '')
      if (call && isObject(given)) yield* different(given, call)
    })
  },
})

function* different(given: JsonObject, { input, index }: Call) {
  for (const name of new Set([...Object.keys(given), ...Object.keys(input)])) {
    const [expected, actual] = [own(given, name), own(input, name)]
    if (canonical(expected) !== canonical(actual))
      yield { at: `/content/${index}/input/${name}`, expected: show(expected), actual: show(actual) }
  }
}

/** A value as text, whatever the order of its keys. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    isObject(inner) ? Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1))) : inner,
  )
}
