import { isObject, objects, parseJson, type JsonObject } from '../harness/wire/json.ts'
import type { Voice } from './pieces.ts'

/* A request of Chat Completions, as it arrived. It is an upstream's to refuse what is wrong with it: here only what is there is read. */

export interface ChatText {
  readonly voice: Voice
  readonly text: string
}

const voices: ReadonlyMap<unknown, Voice> = new Map([
  ['system', 'system'],
  ['developer', 'system'],
  ['assistant', 'assistant'],
  ['tool', 'tool'],
  ['function', 'tool'],
])

/** Every text that is carried, in its order. */
export function chatTexts({ messages }: JsonObject): readonly ChatText[] {
  return objects(messages).flatMap((message) => {
    const voice = voices.get(message['role']) ?? 'user'
    return textsCarriedBy(message).map((text) => ({ voice, text }))
  })
}

/** The texts of one message. */
export function textsOf({ content }: JsonObject): readonly string[] {
  if (typeof content === 'string') return [content]
  return objects(content).flatMap(({ text }) => (typeof text === 'string' ? [text] : []))
}

/** The texts that a message carries: where one is JSON, as some send the blocks that a tool came back with, those in it too. */
export function textsCarriedBy(message: JsonObject): readonly string[] {
  return textsOf(message).flatMap((text) => [text, ...stringsIn(parseJson(text))])
}

function stringsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(stringsIn) : []
}

/** The parts of one type, of whoever said them. */
export function chatParts(type: string, { messages }: JsonObject): readonly JsonObject[] {
  return objects(messages).flatMap(({ content }) => objects(content).filter((part) => part['type'] === type))
}

export interface ChatCall {
  readonly id: unknown
  readonly name: unknown
  readonly input: unknown
}

/** Every call, in its order. */
export function chatCalls({ messages }: JsonObject): readonly ChatCall[] {
  return objects(messages).flatMap(({ tool_calls }) => callsOf(tool_calls))
}

/** The calls of one message or answer, their arguments parsed. */
export function callsOf(tool_calls: unknown): readonly ChatCall[] {
  return objects(tool_calls).map(({ id, function: called }) => {
    const { name, arguments: input } = isObject(called) ? called : {}
    return { id, name, input: typeof input === 'string' ? parseJson(input || '{}') : input }
  })
}

/** The tools that are declared, by name. */
export function chatTools({ tools }: JsonObject): ReadonlyMap<unknown, JsonObject> {
  return new Map(
    objects(tools).flatMap((tool): [unknown, JsonObject][] => {
      const declared = tool['function']
      return isObject(declared) ? [[declared['name'], declared]] : []
    }),
  )
}
