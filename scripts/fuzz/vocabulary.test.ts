import { describe, expect, test } from 'vitest'
import { redactor } from '../../suites/harness/tape/redact.ts'
import { redacted } from '../../suites/harness/tape/as-it-came.ts'
import type { Answered, Exchange } from '../../suites/harness/wire/exchange.ts'
import { typed } from '../typed.ts'
import { difference, judgedAs, taken } from './demands.ts'
import { recorded, target } from './recorded.ts'
import { secret, unknownWords, words } from './words.ts'

/*
 * No word is judged by its being known to JavaScript: wherever a gateway, a file or a line may say one, `constructor` and `__proto__`
 * are what any other unknown word is. scripts/fuzz puts them everywhere by chance; here they stand in every vocabulary there is.
 */

const { all, beside } = await recorded()

function named(name: string): Exchange {
  const found = all.find(({ fixture }) => fixture === name)
  if (!found) throw new Error(`No exchange is named ${name}.`)
  return found
}

type Put = (word: string) => Exchange

/** A word in the body of an exchange, in place of whatever the pattern finds first. */
function inBody(name: string, pattern: RegExp, put: (word: string) => string): Put {
  const exchange = named(name)
  const { came } = exchange
  if (came.kind !== 'answer') throw new Error(`${name} was not answered.`)
  const text = Buffer.from(came.body).toString()
  if (!pattern.test(text)) throw new Error(`${name} holds nothing like ${pattern}.`)
  return (word) => {
    const body = Buffer.from(text.replace(pattern, () => put(word)))
    return { ...exchange, came: { ...came, body, chunks: [[1, body.length]] } }
  }
}

/** The value of a key, the first one that has it. */
function value(name: string, key: string): Put {
  return inBody(name, new RegExp(`"${key}":(?:"[^"]*"|null)`), (word) => `"${key}":${JSON.stringify(word)}`)
}

/** One more key, behind this one. */
function key(name: string, before: string): Put {
  return inBody(name, new RegExp(`"${before}":\\{`), (word) => `"${before}":{${JSON.stringify(word)}:1,`)
}

function inEvent(name: string, event: string, part: RegExp, put: (word: string) => string): Put {
  const whole = new RegExp(`event: ${event}\\ndata: .*`)
  const found = whole.exec(bodyOf(named(name)))?.[0] ?? ''
  return inBody(name, whole, (word) => found.replace(part, () => put(word)))
}

function bodyOf({ came }: Exchange): string {
  return came.kind === 'answer' ? Buffer.from(came.body).toString() : ''
}

function withHeader(name: string, change: (headers: Answered['headers'], word: string) => Answered['headers']): Put {
  const exchange = named(name)
  return (word) =>
    exchange.came.kind === 'answer'
      ? { ...exchange, came: { ...exchange.came, headers: change(exchange.came.headers, word) } }
      : exchange
}

const hello = 'messages/hello'
const stream = 'messages/hello:stream'
const anEvent = (word: string): string => `event: ${word}\ndata: {"type":${JSON.stringify(word)}}\n\nevent: ping`

const vocabularies: readonly (readonly [about: string, put: Put])[] = [
  ['a type of message', value(hello, 'type')],
  ['a role', value(hello, 'role')],
  ['a model', value(hello, 'model')],
  ['an id', value(hello, 'id')],
  ['a stop reason', value(hello, 'stop_reason')],
  ['a stop sequence', value(hello, 'stop_sequence')],
  ['a service tier', value(hello, 'service_tier')],
  ['a block', inBody(hello, /"content":\[\{"type":"text"/, (word) => `"content":[{"type":${JSON.stringify(word)}`)],
  ['a key of a message', inBody(hello, /^\{/, (word) => `{${JSON.stringify(word)}:1,`)],
  ['a key of usage', key(hello, 'usage')],
  ['a tool', value('tools/single', 'name')],
  ['the id of a call', inBody('tools/single', /"id":"toolu_[^"]*"/, (word) => `"id":${JSON.stringify(word)}`)],
  ['an argument', key('tools/single', 'input')],
  ['a citation', inBody('documents/cited', /"type":"char_location"/, (word) => `"type":${JSON.stringify(word)}`)],
  ['a signature', value('thinking/plain', 'signature')],
  ['an event', inBody(stream, /event: ping/, anEvent)],
  ['the name of an event', inBody(stream, /event: ping/, (word) => `event: ${word}`)],
  ['the type of an event', inEvent(stream, 'ping', /"type":"ping"/, (word) => `"type":${JSON.stringify(word)}`)],
  [
    'a block that begins',
    inEvent(stream, 'content_block_start', /"type":"text"/, (word) => `"type":${JSON.stringify(word)}`),
  ],
  [
    'a delta',
    inEvent(stream, 'content_block_delta', /"type":"text_delta"/, (word) => `"type":${JSON.stringify(word)}`),
  ],
  [
    'the reason of an end',
    inEvent(stream, 'message_delta', /"stop_reason":"[^"]*"/, (word) => `"stop_reason":${JSON.stringify(word)}`),
  ],
  ['a key of an end', inEvent(stream, 'message_delta', /"delta":\{/, (word) => `"delta":{${JSON.stringify(word)}:1,`)],
  [
    'a key of its usage',
    inEvent(stream, 'message_delta', /"usage":\{/, (word) => `"usage":{${JSON.stringify(word)}:1,`),
  ],
  ['an index', inEvent(stream, 'content_block_stop', /"index":0/, (word) => `"index":${JSON.stringify(word)}`)],
  [
    'an error',
    inBody('validation/no-model', /"error":\{"type":"[^"]*"/, (word) => `"error":{"type":${JSON.stringify(word)}`),
  ],
  ['a key of an error', key('validation/no-model', 'error')],
  ['a model that is listed', value('models/list', 'id')],
  ['a type that is listed', value('models/list', 'type')],
  ['a key of a count', inBody('tokens/short', /^\{/, (word) => `{${JSON.stringify(word)}:1,`)],
  ['a header', withHeader(hello, (headers, word) => [...headers, [word, word]])],
  ['a content-type', withHeader(hello, (headers, word) => [['content-type', word], ...headers])],
  ['an encoding', withHeader(hello, (headers, word) => [...headers, ['content-encoding', word]])],
  [
    'an encoding of a stream',
    withHeader(stream, (headers, word) => [...headers, ['content-encoding', `${word}, gzip`]]),
  ],
  ['a fixture', (word) => ({ ...named(hello), fixture: word })],
  ['a fixture that streams', (word) => ({ ...named(stream), fixture: `${word}:stream` })],
  ['a capability', (word) => ({ ...named(hello), needs: [word] })],
  ['a canary', (word) => ({ ...named(hello), canary: word })],
  ['a placeholder', (word) => ({ ...named(hello), values: Object.fromEntries([[word, word]]) })],
  ['a reason for another try', (word) => ({ ...named(hello), attempt: 2, retryOf: word })],
  ['a tool that was asked for', (word) => asking('tools/single', /"name":"[^"]*"/, `"name":${JSON.stringify(word)}`)],
  [
    'an argument that was asked for',
    (word) => asking('tools/single', /"required":\[/, `"required":[${JSON.stringify(word)},`),
  ],
  ['a model that was asked for', (word) => asking(hello, /"model":"[^"]*"/, `"model":${JSON.stringify(word)}`)],
]

function asking(name: string, pattern: RegExp, put: string): Exchange {
  const exchange = named(name)
  return { ...exchange, sent: { ...exchange.sent, body: (exchange.sent.body ?? '').replace(pattern, () => put) } }
}

const pairs = words.known.map((word, index) => [word, unknownWords.known[index] ?? ''] as const)

describe('a word that JavaScript knows is judged as any unknown one, as', () => {
  const clean = redactor([secret])
  test.for(vocabularies)('%s', ([, put]) => {
    for (const [known, unknown] of pairs) {
      const exchange = put(known)
      const around = beside(exchange.fixture)
      const { judged } = taken([...around, exchange], target, ['report.json'])
      const other = judgedAs([...around, put(unknown)].map((one) => redacted(one, clean)))
      expect([known, difference(judged, other)]).toEqual([known, null])
    }
  })
})

describe('a word that JavaScript knows is nothing that can be typed, as', () => {
  test.for<[about: string, line: (word: string) => readonly string[]]>([
    ['a command', (word) => [word]],
    ['an option', (word) => ['list', `--${word}`]],
    ['an option with a value', (word) => ['plan', `--${word}=1`]],
    ['an id', (word) => ['explain', word]],
    ['a requirement', (word) => ['plan', '--only', word]],
    ['a fixture', (word) => ['plan', '--fixture', word]],
    ['a fixture that streams', (word) => ['plan', '--fixture', `${word}:stream`]],
    ['a capability', (word) => ['plan', '--require', word]],
    ['what is lacked', (word) => ['plan', '--lacks', word]],
    ['a profile', (word) => ['plan', '--profile', word]],
    ['a fault', (word) => ['check', '--fault', word]],
    ['a variant', (word) => ['mock', '--variant', word]],
    [
      'an environment variable',
      (word) => ['check', '--base-url', 'http://127.0.0.1:9', '--model', 'm', '--key-env', word],
    ],
    [
      'a variable of a header',
      (word) => ['check', '--base-url', 'http://127.0.0.1:9', '--model', 'm', '--header-env', `x-secret=${word}`],
    ],
    ['a file', (word) => ['judge', word]],
  ])('%s', async ([, line]) => {
    for (const [known] of pairs) {
      const { code, out, err } = await typed(line(known), { GATEWAY_API_KEY: secret })
      expect([known, code, out]).toEqual([known, 2, ''])
      expect(err.trim().split('\n')).toHaveLength(1)
    }
  })
})
