import type { Message, StopReason } from '../../schemas/types.ts'
import { askedTools, asked } from '../harness/views/asked.ts'
import { certain } from '../harness/views/holes.ts'
import type { Exchange } from '../harness/wire/exchange.ts'
import { isObject, type JsonObject } from '../harness/wire/json.ts'

/** A tool_use block and where it stands. */
export interface Call {
  readonly id: string
  readonly name: string
  readonly input: JsonObject
  readonly caller: unknown
  readonly index: number
}

/** The client's tool calls of an answer, in order. */
export function calls({ content }: Message): readonly Call[] {
  return content.flatMap((block, index) => {
    if (!isCall(block)) return []
    const { id, name, input } = block as { id: string; name: string; input: JsonObject }
    return [{ id, name, input, caller: 'caller' in block ? block.caller : undefined, index }]
  })
}

export function hasCall(message: Message): boolean {
  return message.content.some(isCall)
}

function isCall(block: Message['content'][number]): boolean {
  return block.type === 'tool_use' && 'input' in block
}

/**
 * Of an answer that says it ended in the middle, or was refused there, no call holds to anything: not to its schema, nor to what was asked.
 * Source: https://platform.claude.com/docs/en/build-with-claude/structured-outputs#invalid-outputs
 */
export function saysCutShort(message: Message): boolean {
  return certain(() => message.stop_reason !== null && inTheMiddle.has(message.stop_reason))
}

const inTheMiddle: ReadonlySet<string> = new Set<StopReason>(['max_tokens', 'model_context_window_exceeded', 'refusal'])

interface Declared {
  /** The names a call may have; null where a toolset or a remote server adds some that are not in the request. */
  readonly declared: ReadonlySet<string> | null
  readonly schemas: ReadonlyMap<
    string,
    { readonly required: readonly string[]; readonly properties: ReadonlyMap<string, unknown> }
  >
}

/** The tools a request declared. */
export function inputsOf(exchange: Exchange): Declared {
  const tools = askedTools(exchange)
  const open =
    tools.length === 0 ||
    asked(exchange).body['mcp_servers'] !== undefined ||
    tools.some(({ name }) => typeof name !== 'string')
  const schemas = tools.flatMap(({ name, input_schema }) => {
    if (typeof name !== 'string' || !isObject(input_schema)) return []
    const required: unknown = input_schema['required']
    const properties = isObject(input_schema['properties']) ? Object.entries(input_schema['properties']) : []
    const names = Array.isArray(required) ? required.filter((key): key is string => typeof key === 'string') : []
    return [[name, { required: names, properties: new Map(properties) }] as const]
  })
  return { declared: open ? null : new Set(tools.map(({ name }) => String(name))), schemas: new Map(schemas) }
}
