import { gzipSync } from 'node:zlib'
import { endings, failures, settlements } from '../../schemas/values.ts'
import { header } from '../../suites/harness/wire/headers.ts'
import type { Answered, Came, Exchange, HeaderList } from '../../suites/harness/wire/exchange.ts'
import { parseJson } from '../../suites/harness/wire/json.ts'
import { withAnswer, withBody, withText } from './answered.ts'
import type { Random } from './random.ts'
import { altered, anyWord, withSecrets, written } from './tree.ts'
import type { Words } from './words.ts'

/* An exchange, changed somewhere: in what was asked, in what came, in its bytes, or in how they came. */

type Alter = (exchange: Exchange, random: Random, words: Words) => Exchange

/** An exchange with one to three things changed. */
export function alteredExchange(exchange: Exchange, random: Random, words: Words): Exchange {
  let result = exchange
  for (let left = 1 + random.below(3); left > 0; left--) result = random.pick(alterations)(result, random, words)
  return result
}

/** Changes an answer; nothing, where none came. */
function ofAnswer(alter: (came: Answered, random: Random, words: Words) => Came): Alter {
  return (exchange, random, words) => withAnswer(exchange, (came) => alter(came, random, words))
}

/** Changes the text of a body. */
function ofText(alter: (text: string, random: Random, words: Words) => string): Alter {
  return (exchange, random, words) => withText(exchange, (text) => alter(text, random, words))
}

/** What the body is made of, JSON or the data of an event. */
const inBody = ofText((text, random, words) => {
  const whole = parseJson(text)
  return whole === undefined ? inEvent(text, random, words) : written(altered(whole, random, words), words)
})

const between = '\n\n'

function inEvent(text: string, random: Random, words: Words): string {
  const events = text.split(between)
  const at = random.below(events.length)
  const [, name = '', data = ''] = /^(event: [^\n]*\n)?data: ([^]*)$/.exec(events[at] ?? '') ?? []
  const value = parseJson(data)
  if (value === undefined) return text
  const changed = `${name}data: ${written(altered(value, random, words), words)}`
  return events.with(at, changed).join(between)
}

/** The type of an event, in its name and in its data. */
const eventType = ofText((text, random, words) => {
  const events = text.split(between)
  const at = random.below(events.length)
  const word = withSecrets(anyWord(random, words), words).replaceAll(/[\r\n]/g, ' ')
  const name = (event: string): string =>
    event
      .replace(/^event: .*/, () => `event: ${word}`)
      .replace(/"type":"[^"]*"/, () => `"type":${JSON.stringify(word)}`)
  return events.map((event, index) => (index === at ? name(event) : event)).join(between)
})

/** The order and the number of events. */
const eventOrder = ofText((text, random) => {
  const events = text.split(between)
  const [one, other] = [random.below(events.length), random.below(events.length)]
  switch (random.below(4)) {
    case 0:
      return events.toSpliced(one, 1).join(between)
    case 1:
      return events.toSpliced(one, 0, events[other] ?? '').join(between)
    case 2:
      return events
        .with(one, events[other] ?? '')
        .with(other, events[one] ?? '')
        .join(between)
    default:
      return events.slice(0, one).join(between)
  }
})

/** How events are framed. */
const framing = ofText((text, random, words) => {
  const ends = ['\r', '\r\n', '\n']
  const end = random.pick(ends)
  const word = withSecrets(anyWord(random, words), words)
  const lines = text.split('\n')
  const at = random.below(lines.length)
  switch (random.below(6)) {
    case 0:
      return lines.join(end)
    case 1:
      return lines.map((line) => line + random.pick(ends)).join('')
    case 2:
      return lines
        .toSpliced(at, 0, random.pick([`: ${word}`, `id: ${word}`, word, `event: ${word}`, 'data: [DONE]', '']))
        .join('\n')
    case 3:
      return `\uFEFF${text}`
    case 4:
      return lines.map((line) => line.replace(/^(event|data): /, '$1:')).join('\n')
    default:
      return lines
        .map((line, index) => (index === at ? line.replace(/^data: (.*)$/, 'data: $1\ndata: ') : line))
        .join('\n')
  }
})

/** The secret, a character an event, in deltas that stand behind one that is there. */
const secretInPieces = ofText((text, random, words) => {
  const events = text.split(between)
  const deltas = events.flatMap((event, index) => (/"(?:text|input_json|thinking)_delta"/.test(event) ? [index] : []))
  if (deltas.length === 0) return text
  const at = random.pick(deltas)
  const size = 1 + random.below(3)
  const pieces = (words.secrets[0] ?? '').match(new RegExp(`.{1,${size}}`, 'g')) ?? []
  const said = pieces.map((piece) =>
    (events[at] ?? '').replace(
      /"(text|partial_json|thinking)":"(?:[^"\\]|\\.)*"/,
      (_, key: string) => `"${key}":"${piece}"`,
    ),
  )
  return events.toSpliced(at, 0, ...said).join(between)
})

/** Any bytes. */
const bytes = ofAnswer((came, random) => {
  const body = Buffer.from(came.body)
  const at = random.below(body.length + 1)
  const length = random.below(Math.min(200, body.length - at + 1))
  switch (random.below(5)) {
    case 0:
      return withBody(came, body.subarray(0, at))
    case 1:
      return withBody(came, Buffer.concat([body.subarray(0, at), body.subarray(at + length)]))
    case 2:
      return withBody(came, Buffer.concat([body.subarray(0, at + length), body.subarray(at)]))
    case 3:
      return withBody(came, Buffer.concat([body.subarray(0, at), Buffer.from([random.below(256)]), body.subarray(at)]))
    default:
      if (at < body.length) body[at] = random.below(256)
      return withBody(came, body)
  }
})

/** Encodings that are there and not said, or said and not there. */
const encoding = ofAnswer((came, random, words) => {
  const names = [
    'gzip',
    'deflate',
    'br',
    'identity',
    'x-gzip',
    'gzip, gzip',
    withSecrets(anyWord(random, words), words),
  ]
  const labelled = [...came.headers, ['content-encoding', random.pick(names)] as const]
  const packed = random.chance(0.5) ? withBody(came, gzipSync(came.body)) : came
  return random.chance(0.2) ? packed : { ...packed, headers: labelled }
})

const headers = ofAnswer((came, random, words) => ({ ...came, headers: alteredHeaders(came.headers, random, words) }))

const telling = ['content-type', 'request-id', 'retry-after', 'cache-control', 'location', 'www-authenticate', 'x-any']

function alteredHeaders(list: HeaderList, random: Random, words: Words): HeaderList {
  const word = withSecrets(anyWord(random, words), words).replaceAll(/[\r\n]/g, ' ')
  const at = random.below(list.length + 1)
  switch (random.below(4)) {
    case 0:
      return list.toSpliced(at, 1)
    case 1:
      return [...list, [random.pick(telling), word]]
    case 2:
      return [...list, [word, word]]
    default:
      return list.map(([name, value], index) => (index === at ? [name, word] : [name, value]))
  }
}

const statuses = [
  100, 200, 200, 201, 204, 301, 400, 401, 402, 403, 404, 405, 408, 413, 418, 422, 429, 500, 501, 503, 529, 600,
]

const status = ofAnswer((came, random) => ({ ...came, status: random.pick(statuses) }))

/** When the pieces came, and how the body ended. */
const pieces = ofAnswer((came, random) => {
  const chunks: [number, number][] = []
  let at = 0
  for (let left = came.body.length; left > 0; at += random.pick([0, 0.1, 5, 70_000])) {
    const length = Math.min(left, 1 + random.below(200))
    chunks.push([at, length])
    left -= length
  }
  const ends = random.pick(['complete', ...endings] as const)
  return { ...came, chunks, ends, endedAt: random.chance(0.1) ? null : at }
})

const silence = ofAnswer((came, random, words) =>
  random.chance(0.9)
    ? came
    : {
        kind: 'nothing',
        failure: random.pick(failures),
        detail: withSecrets(anyWord(random, words), words),
      },
)

/** What was asked, as it may stand in a recording: nobody vouches for it. */
const request: Alter = (exchange, random, words) => {
  const body = parseJson(exchange.sent.body ?? '')
  return body === undefined
    ? exchange
    : { ...exchange, sent: { ...exchange.sent, body: written(altered(body, random, words), words) } }
}

/** What a fixture says of its exchange, and which try it was: nothing a gateway has a say in. */
const account: Alter = (exchange, random, words) => {
  const none = { ...words, secrets: ['nothing'] }
  const word = withSecrets(anyWord(random, none), none)
  const changes: readonly Partial<Exchange>[] = [
    { fixture: word },
    { origin: 'recorded' },
    { canary: word },
    { needs: [word] },
    { settles: random.pick(settlements) },
    { attempt: 2, retryOf: word },
    { values: Object.fromEntries([[word, word]]) },
    { upstream: 'reference' },
  ]
  return { ...exchange, ...random.pick(changes) }
}

/** Those that reach furthest come up more often. */
const alterations: readonly Alter[] = [
  ...[inBody, inBody, inBody, inBody, inBody, inBody],
  ...[
    eventType,
    eventOrder,
    framing,
    secretInPieces,
    bytes,
    encoding,
    headers,
    status,
    pieces,
    silence,
    request,
    account,
  ],
]

/** Whether an exchange is plain enough to be changed in its text. */
export function isPlain({ came }: Exchange): boolean {
  return (
    came.kind === 'answer' && header(came.headers, 'content-encoding') === undefined && came.body.length < 64 * 1024
  )
}
