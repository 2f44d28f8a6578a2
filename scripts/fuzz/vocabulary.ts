import { toBytes } from '../../fixtures/gateways/answer.ts'
import { defaultKey, defaultModel } from '../../fixtures/gateways/reference/identity.ts'
import { createReference } from '../../fixtures/gateways/reference/reference.ts'
import type { Answered, Exchange } from '../../suites/harness/wire/exchange.ts'
import { withAnswer, withText } from './answered.ts'
import { difference, inDetail, taken } from './demands.ts'
import { target, type Recorded } from './recorded.ts'
import { tapped } from './tapped.ts'
import { masked, unknownWords, words } from './words.ts'

/* Every vocabulary of the contract: each place where a gateway, or whoever wrote a recording, may say a word of their own. */

/** An exchange with a word put in one place. */
export type Put = (word: string) => Exchange

/** The words that JavaScript knows, each with one that nobody knows. */
export const pairs: readonly (readonly [known: string, unknown: string])[] = words.known.map((word, index) => [
  word,
  unknownWords.known[index] ?? '',
])

/**
 * How a word that JavaScript knows is taken otherwise than one that nobody knows: in a verdict, a finding, a line that is printed, or
 * what a tap says of it; null where it is not. Throws as `taken` does.
 */
export function otherwise(put: Put, [known, unknown]: readonly [string, string], { beside }: Recorded): string | null {
  const [one, other] = [known, unknown].map((word) => {
    const exchange = put(word)
    const { judged, outputs } = taken([...beside(exchange.fixture), exchange], target, [])
    const tap = tapped([exchange], 'shapes')
    const said = { printed: outputs.get('stdout'), tapped: tap.get('lines'), kept: tap.get('shapes') }
    return { judged, said: Object.entries(said).map(([what, text]) => [what, masked(text ?? '')] as const) }
  })
  if (!one || !other) return null
  const inWords = one.said.find(([, text], index) => text !== other.said[index]?.[1])
  return difference(one.judged, other.judged, inDetail) ?? (inWords ? `what is ${inWords[0]} of it` : null)
}

const hello = 'messages/hello'
const stream = 'messages/hello:stream'
const tool = 'tools/single'
const toolStream = 'tools/single:stream'

/** Puts a word into what was recorded, by what it stands for. */
export function vocabulariesOf({ all }: Recorded): readonly (readonly [about: string, put: Put])[] {
  function named(name: string): Exchange {
    const found = all.find(({ fixture }) => fixture === name)
    if (!found) throw new Error(`No exchange is named ${name}.`)
    return found
  }

  function bodyOf(name: string): string {
    const { came } = named(name)
    if (came.kind !== 'answer') throw new Error(`${name} was not answered.`)
    return Buffer.from(came.body).toString()
  }

  /** A body with whatever the pattern finds first replaced. */
  function inBody(name: string, pattern: RegExp, put: (word: string, found: string) => string): Put {
    const text = bodyOf(name)
    if (!pattern.test(text)) throw new Error(`${name} holds nothing like ${pattern}.`)
    return (word) => withText(named(name), () => text.replace(pattern, (found) => put(word, found)))
  }

  /** The value of a key, the first one that has it. */
  function value(name: string, key: string): Put {
    return inBody(name, new RegExp(`"${key}":(?:"[^"]*"|null)`), (word) => `"${key}":${quoted(word)}`)
  }

  /** One more key, behind this one. */
  function key(name: string, before: string): Put {
    return inBody(name, new RegExp(`"${before}":\\{`), (word) => `"${before}":{${quoted(word)}:1,`)
  }

  /** All that an object holds, a level further down. */
  function within(name: string, pattern: RegExp): Put {
    return inBody(name, pattern, (word, found) => found.replace(/\{.*\}/, (inner) => `{${quoted(word)}:${inner}}`))
  }

  function inEvent(name: string, event: string, part: RegExp, put: (word: string) => string): Put {
    const whole = new RegExp(`event: ${event}\\ndata: .*`)
    return inBody(name, whole, (word, found) => found.replace(part, () => put(word)))
  }

  function withHeader(name: string, change: (headers: Answered['headers'], word: string) => Answered['headers']): Put {
    return (word) => withAnswer(named(name), (came) => ({ ...came, headers: change(came.headers, word) }))
  }

  function asking(exchange: Exchange, pattern: RegExp, put: string): Exchange {
    return { ...exchange, sent: { ...exchange.sent, body: (exchange.sent.body ?? '').replace(pattern, () => put) } }
  }

  /** An exchange with one place changed, and another one too. */
  function and(put: Put, change: (text: string) => string): Put {
    return (word) => withText(put(word), change)
  }

  const blockBegins = inEvent(stream, 'content_block_start', /"type":"text"/, (word) => `"type":${quoted(word)}`)
  const delta = inEvent(stream, 'content_block_delta', /"type":"text_delta"/, (word) => `"type":${quoted(word)}`)
  const besideThat = inBody(
    stream,
    /"message":\{/,
    (word, found) => `${found}${quoted(word)}:{"stop_details":{"type":"none"}},`,
  )
  return [
    ['a type of message', value(hello, 'type')],
    ['a role', value(hello, 'role')],
    ['a model', value(hello, 'model')],
    ['an id', value(hello, 'id')],
    ['a stop reason', value(hello, 'stop_reason')],
    ['the stop reason of a call', value(tool, 'stop_reason')],
    ['a stop sequence', value(hello, 'stop_sequence')],
    ['a service tier', value(hello, 'service_tier')],
    ['a block', inBody(hello, /"content":\[\{"type":"text"/, (word) => `"content":[{"type":${quoted(word)}`)],
    ['a key of a message', inBody(hello, /^\{/, (word) => `{${quoted(word)}:1,`)],
    ['all of a message', within(hello, /^\{.*\}$/)],
    ['a key of usage', key(hello, 'usage')],
    ['all of usage', within(hello, /"usage":\{.*\}(?=\}$)/)],
    ['a tool', value(tool, 'name')],
    ['the id of a call', inBody(tool, /"id":"toolu_[^"]*"/, (word) => `"id":${quoted(word)}`)],
    ['an argument', key(tool, 'input')],
    ['all of an input', within(tool, /"input":\{[^{}]*\}/)],
    ['a citation', inBody('documents/cited', /"type":"char_location"/, (word) => `"type":${quoted(word)}`)],
    ['a signature', value('thinking/plain', 'signature')],
    [
      'an event',
      inBody(stream, /event: ping/, (word) => `event: ${word}\ndata: {"type":${quoted(word)}}\n\nevent: ping`),
    ],
    ['the name of an event', inBody(stream, /event: ping/, (word) => `event: ${word}`)],
    ['the type of an event', inEvent(stream, 'ping', /"type":"ping"/, (word) => `"type":${quoted(word)}`)],
    ['an event whose data is none', inBody(stream, /event: ping\ndata: .*/, (word) => `event: ${word}\ndata: {`)],
    ['a block that begins', blockBegins],
    [
      'a block that begins before another',
      inEvent('thinking/plain:stream', 'content_block_start', /"type":"thinking"/, (word) => `"type":${quoted(word)}`),
    ],
    ['a block of which a delta is lost', and(blockBegins, (text) => text.replace(/"delta":\{[^{}]*\}/, '"delta":7'))],
    ['a delta', delta],
    [
      'a delta of a block that never began',
      and(delta, (text) => text.replace(/event: content_block_start\n.*\n\n/, () => '')),
    ],
    ['a delta of a call', inEvent(toolStream, 'content_block_delta', /"input_json_delta"/, quoted)],
    [
      'the reason of an end',
      inEvent(stream, 'message_delta', /"stop_reason":"[^"]*"/, (word) => `"stop_reason":${quoted(word)}`),
    ],
    ['a key of an end', inEvent(stream, 'message_delta', /"delta":\{/, (word) => `"delta":{${quoted(word)}:1,`)],
    ['all of an end', inEvent(stream, 'message_delta', /"delta":\{[^{}]*\}/, (word) => `"delta":{${quoted(word)}:{}}`)],
    ['a key of its usage', inEvent(stream, 'message_delta', /"usage":\{/, (word) => `"usage":{${quoted(word)}:1,`)],
    [
      'all of its usage',
      inEvent(
        stream,
        'message_delta',
        /"usage":\{.*\}(?=\}$)/,
        (word) => `"usage":{${quoted(word)}:{"output_tokens":7}}`,
      ),
    ],
    ['all of the usage that begins', within(stream, /"usage":\{.*\}(?=\}\}\n)/)],
    ['all of a message that begins', within(stream, /"message":\{.*\}(?=\}\n)/)],
    ['an object beside all that a message begins with', besideThat],
    [
      'an object beside what cannot be read of a message that begins',
      and(besideThat, (text) => text.replace(/"input_tokens":\d+/, '"input_tokens":"many"')),
    ],
    ['an index', inEvent(stream, 'content_block_stop', /"index":0/, (word) => `"index":${quoted(word)}`)],
    [
      'the index of a block that is stopped again',
      inBody(
        stream,
        /event: message_delta/,
        (word, found) =>
          `event: content_block_stop\ndata: {"type":"content_block_stop","index":${quoted(word)}}\n\n${found}`,
      ),
    ],
    [
      'an error',
      inBody('validation/no-model', /"error":\{"type":"[^"]*"/, (word) => `"error":{"type":${quoted(word)}`),
    ],
    ['a key of an error', key('validation/no-model', 'error')],
    ['all of an error', within('validation/no-model', /"error":\{[^{}]*\}/)],
    ['a model that is listed', value('models/list', 'id')],
    ['a type that is listed', value('models/list', 'type')],
    ['a key of a count', inBody('tokens/short', /^\{/, (word) => `{${quoted(word)}:1,`)],
    ['all of a count', within('tokens/short', /^\{.*\}$/)],
    ['a header', withHeader(hello, (headers, word) => [...headers, [word, word]])],
    ['a content-type', withHeader(hello, (headers, word) => [['content-type', word], ...headers])],
    ['an encoding', withHeader(hello, (headers, word) => [...headers, ['content-encoding', word]])],
    [
      'an encoding of a stream',
      withHeader(stream, (headers, word) => [...headers, ['content-encoding', `${word}, gzip`]]),
    ],
    ['a fixture', (word) => ({ ...named(hello), fixture: word })],
    ['a fixture that breaks', (word) => ({ ...withText(named(hello), () => '{}'), fixture: word })],
    ['a fixture that streams', (word) => ({ ...named(stream), fixture: `${word}:stream` })],
    ['a capability', (word) => ({ ...named(hello), needs: [word] })],
    ['a canary', (word) => ({ ...named(hello), canary: word })],
    ['a placeholder', (word) => ({ ...named(hello), values: Object.fromEntries([[word, word]]) })],
    ['a reason for another try', (word) => ({ ...named(hello), attempt: 2, retryOf: word })],
    ['a tool that was asked for', (word) => asking(named(tool), /"name":"[^"]*"/, `"name":${quoted(word)}`)],
    [
      'a tool that was asked for without its schema, and called',
      (word) => asking(value(tool, 'name')(word), /"tools":\[.*\]/, `"tools":[{"type":"bash","name":${quoted(word)}}]`),
    ],
    ['an argument that was asked for', (word) => asking(named(tool), /"required":\[/, `"required":[${quoted(word)},`)],
    [
      'an argument that was asked for in both modes',
      (word) => asking(named('tools/unicode'), /"required":\[/, `"required":[${quoted(word)},`),
    ],
    ['an argument beside those that were pinned', key('tools/rich-schema', 'input')],
    ['a model that was asked for', (word) => asking(named(hello), /"model":"[^"]*"/, `"model":${quoted(word)}`)],
  ]
}

const input = (properties: object): object => ({ type: 'object', properties, required: Object.keys(properties) })
const called = (tool: object): object => ({ tools: [tool], tool_choice: { type: 'any' } })
const tooled = (schema: object): object => called({ name: 'look_up', description: 'Looks up.', input_schema: schema })

/** What a client may ask the reference, with a word of its own somewhere. */
export const askings: readonly (readonly [about: string, asks: (word: string) => object])[] = [
  ['a model', (model) => ({ model })],
  ['a key', (word) => Object.fromEntries([[word, 1]])],
  ['a role', (role) => ({ messages: [{ role, content: 'Hi' }] })],
  ['a block', (type) => ({ messages: [{ role: 'user', content: [{ type, text: 'Hi' }] }] })],
  ['a kind of tool', (type) => called({ type, name: 'bash' })],
  ['a tool without its schema', (name) => called({ type: 'bash_20250124', name })],
  ['a tool', (name) => called({ name, input_schema: input({ a: { type: 'string' } }) })],
  ['a property', (word) => tooled(input(Object.fromEntries([[word, { type: 'string' }]])))],
  ['a property that is only required', (word) => tooled({ type: 'object', properties: {}, required: [word] })],
  ['a format', (format) => tooled(input({ a: { type: 'string', format } }))],
  ['a type of schema', (type) => tooled(input({ a: { type } }))],
  [
    'a schema that is meant',
    (word) => tooled({ type: 'object', properties: { a: { $ref: `#/$defs/${word}` } }, required: ['a'] }),
  ],
  ['a choice', (type) => ({ ...tooled(input({})), tool_choice: { type } })],
  ['a format of output', (type) => ({ output_config: { format: { type } } })],
]

/** The status and the masked body with which the reference answers. */
export async function answeredTo(asks: object): Promise<string> {
  const body = { model: defaultModel, max_tokens: 64, messages: [{ role: 'user', content: 'Look it up.' }], ...asks }
  const headers = { 'x-api-key': defaultKey, 'anthropic-version': '2023-06-01', 'content-type': 'application/json' }
  const request = new Request('http://gateway.test/v1/messages', {
    method: 'POST',
    headers,
    body: JSON.stringify(body),
  })
  const { status, pieces } = toBytes(await createReference()(request))
  const { content, error } = JSON.parse(Buffer.concat(pieces.map(({ bytes }) => bytes)).toString()) as {
    content?: unknown
    error?: unknown
  }
  return `${status} ${masked(JSON.stringify([content, error]))}`
}

function quoted(word: string): string {
  return JSON.stringify(word)
}
