import type { Fixture, Mode } from '../../../schemas/types.ts'
import { asked } from '../views/asked.ts'
import { attempt } from '../views/holes.ts'
import type { Exchange, HeaderList } from '../wire/exchange.ts'
import type { Target } from '../wire/target.ts'
import { rawContent } from '../views/raw-content.ts'
import { see } from '../views/views.ts'
import { isObject, objects, type JsonObject } from '../wire/json.ts'

/** A request ready to be sent: path and query below the Base URL. */
export interface Composed {
  readonly method: string
  readonly path: string
  readonly headers: HeaderList
  readonly body: string | null
  readonly values: Readonly<Record<string, string>>
}

const agent = 'messages-conformance'
/** What makes a request long: some 250,000 tokens that say nothing. */
const filler = 'All work and no play makes this a long prompt. '.repeat(22_000)
/** The key that nobody has. */
export const wrongKey = 'wrong-key-0000000000000000'

/**
 * The request of a fixture in a mode, for the given try. `before` is the exchange it follows; its assistant turn is sent back from
 * the raw answer. Null where there is no such turn to send back.
 */
export function compose(
  fixture: Fixture,
  mode: Mode,
  attempt: number,
  target: Target,
  before?: Exchange,
): Composed | null {
  const given = fixture.values?.[attempt - 1] ?? fixture.values?.[0] ?? {}
  const inherited = before ? { ...before.values, ...given } : given
  const previous = before && idOf(before)
  const values = {
    filler: fixture.long ? filler : '',
    model: target.model,
    'small-model': target.smallModel ?? target.model,
    ...(previous !== undefined && { previous }),
    ...inherited,
  }
  const filled = fixture.body === undefined ? undefined : fill(fixture.body, values)
  const body = isObject(filled) ? withHistory(filled, fixture, values, before) : undefined
  if (body === null) return null
  const raw = fixture.raw?.replaceAll('{{filler}}', values.filler)
  const text = raw ?? (body && JSON.stringify(mode === 'stream' ? { ...body, stream: true } : body)) ?? null
  return {
    method: fixture.method ?? 'POST',
    path: filledText(fixture.path ?? '/v1/messages', values, segment),
    headers: headersOf(fixture, target, text !== null),
    body: text,
    values: inherited,
  }
}

function fill(value: unknown, values: Readonly<Record<string, string>>): unknown {
  if (typeof value === 'string') return filledText(value, values)
  if (Array.isArray(value)) return value.map((item) => fill(item, values))
  if (!isObject(value)) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, fill(item, values)]))
}

/** A text with the values of its placeholders, written as it needs them. */
function filledText(
  text: string,
  values: Readonly<Record<string, string>>,
  as: (value: string) => string = String,
): string {
  return text.replaceAll(/\{\{([\w-]+)\}\}/g, (whole, name: string) => {
    const value = values[name]
    return value === undefined ? whole : as(value)
  })
}

/** A value in one segment of a path, escaped as the official SDKs do it: the name of a model may hold any character. */
function segment(text: string): string {
  return text.replaceAll(/[^\w\-.~!$&'()*+,;=:@]+/g, (part) =>
    Buffer.from(part).toString('hex').toUpperCase().replaceAll(/../g, '%$&'),
  )
}

/** The id of the answer that a thread goes on from. */
function idOf(before: Exchange): string | undefined {
  const message = see(before, 'message')
  const id = message.is === 'there' ? attempt(() => message.value.id) : null
  return id?.ok ? id.value : undefined
}

/**
 * The conversation so far, the assistant's turn as it came, and what the fixture adds to it; of a conversation that the server keeps, only
 * what is new. Null where there is nothing to go on from.
 */
function withHistory(
  body: JsonObject,
  fixture: Fixture,
  values: Readonly<Record<string, string>>,
  before?: Exchange,
): JsonObject | null {
  if (!fixture.follows) return body
  const content = before ? rawContent(before) : null
  if (!before || !content) return null
  const turn = answerTo(content, fixture, values)
  if (turn.length === 0) return null
  const { stream: _, ...earlier } = asked(before).body
  const added = [{ role: 'user', content: turn }, ...objects(body['messages'])]
  if (isObject(body['thread'])) {
    const { system: _system, tools: _tools, ...others } = earlier
    return idOf(before) === undefined ? null : { ...others, ...body, messages: added }
  }
  return { ...earlier, ...body, messages: [...objects(earlier['messages']), { role: 'assistant', content }, ...added] }
}

function answerTo(
  content: readonly JsonObject[],
  fixture: Fixture,
  values: Readonly<Record<string, string>>,
): JsonObject[] {
  const calls = content.filter(({ type }) => type === 'tool_use')
  const results = calls.map(({ id }) => ({
    type: 'tool_result',
    tool_use_id: id,
    ...(fixture.result !== undefined && { content: fill(fixture.result, values) }),
    ...(fixture.isError && { is_error: true }),
  }))
  const then = fixture.then === undefined ? [] : [{ type: 'text', text: fill(fixture.then, values) }]
  return [...results, ...then]
}

function headersOf(fixture: Fixture, target: Target, hasBody: boolean): HeaderList {
  const version = fixture.apiVersion === undefined ? target.apiVersion : fixture.apiVersion
  const headers = new Map<string, string | string[]>([
    ['accept', 'application/json'],
    ['user-agent', agent],
  ])
  if (hasBody) headers.set('content-type', 'application/json')
  if (version !== null) headers.set('anthropic-version', version)
  for (const [name, value] of target.headers) headers.set(name.toLowerCase(), value)
  for (const [name, value] of credential(fixture, target)) headers.set(name, value)
  for (const [name, value] of Object.entries(fixture.headers ?? {}))
    if (value === null) headers.delete(name)
    else headers.set(name, value)
  // A list is a line for each of its values: several lines of one name say the same as one line of them all (RFC 9110, 5.3).
  return [...headers].flatMap(([name, value]) => [value].flat().map((line) => [name, line] as const))
}

function credential(fixture: Fixture, target: Target): HeaderList {
  const key = target.key ?? ''
  const kind = fixture.credential ?? 'given'
  const own = target.keyHeader?.toLowerCase()
  if (own !== undefined && kind === 'given') return [[own, key]]
  // Who looks at a header of its own has to find the wrong key there.
  const wrong: HeaderList = own === undefined ? [] : [[own, wrongKey]]
  switch (kind === 'given' ? target.auth : kind) {
    case 'none':
      return []
    case 'x-api-key':
      return [['x-api-key', key]]
    case 'both':
      return [
        ['authorization', `Bearer ${key}`],
        ['x-api-key', key],
      ]
    case 'wrong-bearer':
      return [['authorization', `Bearer ${wrongKey}`], ...wrong]
    case 'wrong-x-api-key':
      return [['x-api-key', wrongKey], ...wrong]
    case 'malformed':
      return [['authorization', wrongKey]]
    default:
      return [['authorization', `Bearer ${key}`]]
  }
}
