import { open } from '../../suites/harness/tape/open.ts'
import type { Exchange } from '../../suites/harness/wire/exchange.ts'
import { renderedFiles } from '../report/files.ts'
import { rendered } from '../report/renderings.ts'
import { withAnswer, withBody, withText } from './answered.ts'
import { demand, printedOf, taken } from './demands.ts'
import type { Random } from './random.ts'
import { tracesIn } from './readings.ts'
import { target, type Recorded } from './recorded.ts'
import { packed, packedKinds, ways } from './ways.ts'
import { everything } from '../../suites/self/proof.ts'
import { en } from '../report/words/en.ts'
import { secrets } from './words.ts'

/* The secret, said in one way and in one place of an exchange: whoever reads what leaves in every way finds no trace of it. */

/** Takes such an exchange the way of a run. Throws where a trace of the secret is left, and as `taken` does. */
export function saysSecret({ all, beside }: Recorded, choices: Random): void {
  const secret = choices.pick(Object.values(secrets))
  const way = choices.below(ways.length)
  const exchange = saying(secret, way, choices.pick(all), choices)
  const others = beside(exchange.fixture)
  // The first one is diagnosed, by its own words.
  const tape = choices.chance(0.5) ? [exchange, ...others] : [...others, exchange]
  // A page takes longer than all the rest; only a page shows what is remembered of a body that is withheld.
  const paged = choices.chance(isWithheld(exchange) ? 0.5 : 0.1)
  const files = paged ? renderedFiles : renderedFiles.filter((file) => file !== 'report.html')
  const { outputs, report } = taken(tape, target, files)
  // What is put together of several things may come to be a secret only then.
  const file = choices.pick(renderedFiles)
  const conclusion = { ...report.conclusion, reasons: [ways[way]?.(secret) ?? secret] }
  const shown = {
    report: { ...report, conclusion },
    target,
    selection: everything,
    words: en,
    command: 'check',
    exchanges: new Map(),
  }
  const made = [
    [file, rendered(file, shown) ?? ''],
    ['stdout', printedOf(target, conclusion.reasons.join('\n'))],
    ['stderr', printedOf(target, conclusion.reasons.join('\n'), 'err')],
  ] as const
  for (const [name, text] of [...outputs, ...made])
    demand(tracesIn(name, text, ...Object.values(secrets))[0] ?? null, `way ${way} to say the secret leaves no trace`)
}

function isWithheld({ came }: Exchange): boolean {
  return came.kind === 'answer' && 'because' in open(came)
}

/** An exchange that says a secret in one of the ways, somewhere. */
export function saying(secret: string, way: number, exchange: Exchange, choices: Random): Exchange {
  return choices.pick(places)(exchange, ways[way]?.(secret) ?? secret, choices, secret)
}

type Place = (exchange: Exchange, said: string, choices: Random, secret: string) => Exchange

const places: readonly Place[] = [
  ...[inString, inString, inString, inPieces, inPieces, inPieces],
  ...[inHeader, inHeader, inName, aroundEvent, inError, inDetail, inRequest],
  // The ways to say it are of no account there, and each kind of such a body is one of its own.
  ...Array.from<Place>({ length: 6 }).fill(inBytes),
]

/** At the beginning of a string of the body: as it stands where JSON can hold it so, or as JSON writes it. */
function inString(exchange: Exchange, said: string, choices: Random): Exchange {
  return withText(exchange, (text) => put(text, /(?<=":")/g, choices, ` ${written(said, choices)} `))
}

/** Some characters a delta, behind one that is there: of its index, of one that is wrong, or with those of another block between them. */
function inPieces(exchange: Exchange, said: string, choices: Random): Exchange {
  const size = 1 + choices.below(3)
  const placed = choices.pick([
    ...Array.from<Placed>({ length: 4 }).fill((event) => [event]),
    counted,
    lost,
    interleaved,
  ])
  return withText(exchange, (text) => {
    const events = text.split('\n\n')
    const deltas = events.flatMap((event, at) => (deltaText.test(event) ? [at] : []))
    if (deltas.length === 0) return put(text, /(?<=":")/g, choices, escaped(said))
    const at = choices.pick(deltas)
    const piece = (part: string): string =>
      (events[at] ?? '').replace(deltaText, (_, key: string) => `"${key}":"${escaped(part)}"`)
    const pieces = said.match(new RegExp(`[^]{1,${size}}`, 'g')) ?? []
    return events.toSpliced(at + 1, 0, ...pieces.map(piece).flatMap(placed)).join('\n\n')
  })
}

/** A delta as it comes, and what comes with it. */
type Placed = (event: string, number: number) => readonly string[]

const counted: Placed = (event, number) => [event.replace(indexed, `"index":${number}`)]
const lost: Placed = (event, number) => [number % 3 === 1 ? event.replace(indexed, '"index":null') : event]
const interleaved: Placed = (event) => [
  event,
  event.replace(indexed, '"index":77').replace(deltaText, (_, key: string) => `"${key}":" so "`),
]
const indexed = /"index":\d+/

const deltaText = /"(text|partial_json|thinking)":"(?:[^"\\]|\\.)*"/

const telling = [
  'x-debug',
  'server',
  'via',
  'location',
  'www-authenticate',
  'request-id',
  'retry-after',
  'content-type',
]

function inHeader(exchange: Exchange, said: string, choices: Random): Exchange {
  const name = choices.pick(telling)
  const value = name === 'location' ? `https://gateway.example/${said}` : `a ${said}`
  return withAnswer(exchange, (came) => ({
    ...came,
    headers: [...came.headers, [name, value.replaceAll(/[^ -~]/g, '')]],
  }))
}

function inName(exchange: Exchange, _: string, __: Random, secret: string): Exchange {
  const name = `x-${secret.toLowerCase().replaceAll(/[^!#$%&'*+.^_`|~0-9a-z-]/g, '')}`
  return withAnswer(exchange, (came) => ({ ...came, headers: [...came.headers, [name, '1']] }))
}

/** In what stands around the data of an event: a comment, an id, a name of its own. */
function aroundEvent(exchange: Exchange, said: string, choices: Random): Exchange {
  const line = said.replaceAll(/[\r\n]/g, ' ')
  const around = choices.pick([`: ${line}`, `id: ${line}`, `event: ${line}\ndata: {"type":"${escaped(line)}"}\n`])
  return withText(exchange, (text) => put(text, /^(?=event: )/gm, choices, `${around}\n`))
}

function inError(exchange: Exchange, said: string, choices: Random): Exchange {
  const status = choices.pick([400, 401, 403, 404, 429, 500, 503, 529])
  const body = `{"type":"error","error":{"type":"api_error","message":"no ${written(said, choices)}"}}`
  return withAnswer(exchange, (came) => ({ ...withBody(came, Buffer.from(body)), status }))
}

function inBytes(exchange: Exchange, _: string, choices: Random, secret: string): Exchange {
  const { headers, raw } = packed(secret, choices.below(packedKinds))
  return withAnswer(exchange, (came) => ({ ...withBody(came, raw), headers: [...came.headers, ...headers] }))
}

function inDetail(exchange: Exchange, said: string): Exchange {
  return { ...exchange, came: { kind: 'nothing', failure: 'not-http', detail: said } }
}

/** In what was asked, as in a turn that is sent back. */
function inRequest(exchange: Exchange, said: string, choices: Random): Exchange {
  const { sent } = exchange
  if (sent.body === null || choices.chance(0.3))
    return { ...exchange, sent: { ...sent, path: `${sent.path}/${encodeURIComponent(said)}` } }
  return { ...exchange, sent: { ...sent, body: put(sent.body, /(?<=":")/g, choices, written(said, choices)) } }
}

/** A text with something put where a pattern matches, at one of these places. */
function put(text: string, pattern: RegExp, choices: Random, said: string): string {
  const found = [...text.matchAll(pattern)].map(({ index }) => index)
  if (found.length === 0) return text
  const at = choices.pick(found)
  return text.slice(0, at) + said + text.slice(at)
}

/** Between the quotes of a string of JSON: JSON of its own, where it is, is left as it is now and then. */
function written(said: string, choices: Random): string {
  const isJson = !said.includes('"') && /^(?:[^\\]|\\u[0-9a-fA-F]{4}|\\\/)*$/.test(said)
  return isJson && choices.chance(0.5) ? printing(said) : escaped(said)
}

function printing(said: string): string {
  // oxlint-disable-next-line no-control-regex -- JSON holds none as it stands
  return said.replaceAll(/[\u0000-\u001f]/g, '')
}

function escaped(said: string): string {
  return JSON.stringify(said).slice(1, -1)
}
