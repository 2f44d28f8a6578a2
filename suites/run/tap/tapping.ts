import type { TapeLeftOut, TappedClient } from '../../../schemas/types.ts'
import { catalogue } from '../../catalogue.ts'
import { judgingAlone, type Alone } from '../../harness/judge/alone.ts'
import type { Judged } from '../../harness/judge/judge.ts'
import { credentialsSent } from '../../harness/tape/credentials-sent.ts'
import { knownQuery } from '../../harness/tape/known-query.ts'
import { redactor, type Redactor } from '../../harness/tape/redact.ts'
import { asked } from '../../harness/views/asked.ts'
import { shortened } from '../../harness/views/finding.ts'
import { withoutAnswer } from '../../harness/views/served.ts'
import { encodings, unpack } from '../../harness/wire/body.ts'
import type { Exchange } from '../../harness/wire/exchange.ts'
import type { Piped } from '../../harness/wire/pipe.ts'
import { unfit } from '../keepable.ts'
import { judgingFor } from '../judging.ts'
import { selectedIds, type Selection } from '../selection.ts'
import { watching, type Trouble } from './behaviour.ts'
import { byClient } from './by-client.ts'
import { clientOf, type ClientOf } from './client-of.ts'
import type { TappedLine, TappedVerdict } from './line.ts'
import { withoutBodies } from './shapes.ts'
import { unservedValid, type NotServed } from './unserved.ts'

/** How much of bodies is kept: their shapes, all but pictures and documents, everything. */
export const bodyKinds = ['shapes', 'text', 'all'] as const
export type Bodies = (typeof bodyKinds)[number]

export interface ToTap {
  readonly selection: Selection
  readonly bodies: Bodies
  /** What must be written nowhere, besides the credentials that clients send. */
  readonly secrets: readonly string[]
  /** Takes each exchange as it may be kept. */
  readonly write: (exchange: Exchange) => void
}

/** What all of it came to. */
export interface TappedEnd {
  readonly judged: Judged
  readonly clients: readonly TappedClient[]
  readonly models: readonly string[]
  /** The credentials that clients sent. */
  readonly secrets: readonly string[]
}

export interface Tapping {
  take(piped: Piped): TappedLine
  /** One went through that cannot be looked at, since judging is behind. */
  missed(client: ClientOf): void
  /** The credentials met so far. */
  secrets(): readonly string[]
  end(): TappedEnd
}

const mostModels = 5

/** Each that got no answer is remembered by name: those of a gateway that is down say nothing more after these. */
const mostUnanswered = 100

/**
 * Takes what went through a pipe, exchange by exchange as they end: redacts it, hands it on to be kept, judges it by itself and with
 * all others, and watches what the client does. Whatever a gateway or a client says is no reason to throw; only `write` may.
 */
export function tapping({ selection, bodies, secrets, write }: ToTap): Tapping {
  const total = judgingFor(selection)
  const alone = judgingAlone(catalogue, selectedIds({ ...selection, upstream: null }))
  const watch = watching()
  const clients = byClient()
  const known = redacting(secrets)
  const models = new Set<string>()
  let unanswered = 0

  function take(piped: Piped): TappedLine {
    const body = textOf(piped)
    const redact = known.withThoseOf(piped, body)
    const exchange = exchangeOf(piped, body, redact)
    const from = clientOf(exchange.sent.headers)
    write(kept(exchange, bodies))
    const { model } = asked(exchange).body
    if (typeof model === 'string' && models.size < mostModels) models.add(shortened(model, 80))
    const shows = exchange.leftOut ? { broken: [], holds: 0 } : alone(exchange)
    if (withoutAnswer(exchange) === null || unanswered++ < mostUnanswered) total.add(exchange)
    const verdict = verdictOf(exchange, shows)
    const unserved = unservedValid(exchange)
    const did = watch.take({
      from,
      exchange,
      began: piped.began,
      ended: piped.began + piped.took,
      trouble: troubleOf(exchange, shows, unserved),
    })
    clients.add(from, { exchange: exchange.fixture, verdict, broken: shows.broken, unserved, did })
    return {
      exchange: exchange.fixture,
      client: from.client,
      method: exchange.sent.method,
      path: exchange.sent.path.split('?', 1)[0] ?? '',
      stream: asked(exchange).stream,
      status: exchange.came.kind === 'answer' ? exchange.came.status : null,
      took: piped.took,
      verdict,
      unserved,
      did,
    }
  }

  return {
    take,
    missed: (client) => clients.missed(client),
    secrets: known.all,
    end() {
      for (const [from, did] of watch.left()) clients.left(from, did)
      return { judged: total.verdicts(), clients: clients.all(), models: [...models], secrets: known.all() }
    },
  }
}

/** The exchange as one of ours, without a trace of a credential. */
function exchangeOf(piped: Piped, body: string | null, redact: Redactor): Exchange {
  const { number, method, path, headers, came, whole } = piped
  const [pathname = '', ...query] = path.split('?')
  const exchange: Exchange = {
    fixture: `tap/${number}`,
    origin: 'gathered',
    attempt: 1,
    needs: [],
    values: {},
    sent: redact.sent({ method, path: pathname + knownQuery(new URLSearchParams(query.join('?'))), headers, body }),
    came: redact.came(came),
  }
  return whole ? exchange : withoutBodies(exchange, noShapes)
}

const noShapes: TapeLeftOut = {}

/** What was sent, unpacked where the client packed it. */
function textOf({ headers, body }: Piped): string | null {
  if (body === null) return null
  const unpacked = unpack(body, encodings(headers), false)
  return Buffer.from(unpacked.ok ? unpacked.bytes : body).toString('utf8')
}

function kept(exchange: Exchange, bodies: Bodies): Exchange {
  if (exchange.leftOut || bodies === 'all') return exchange
  if (bodies === 'shapes') return withoutBodies(exchange)
  const { sent } = exchange
  return { ...exchange, sent: { ...sent, body: sent.body?.replaceAll(media, `$1"${leftOut}"`) ?? null } }
}

/** The data of a picture or a document, and what stands in its place. */
const media = /("data"\s*:\s*)"[A-Za-z0-9+/=\s]{100,}"/g
const leftOut = Buffer.from('left out').toString('base64')

function verdictOf(exchange: Exchange, { broken, holds, failure }: Alone): TappedVerdict {
  const { leftOut: isLeftOut, came } = exchange
  if (isLeftOut) return { is: 'not-judged', why: 'too-large' }
  if (broken.length > 0) return { is: 'broken', ids: broken.map(({ id }) => id) }
  if (failure !== undefined) return { is: 'not-judged', why: 'error' }
  if (came.kind === 'nothing')
    return { is: 'not-judged', why: came.failure === 'interrupted' ? 'hung-up' : 'no-answer' }
  if (came.ends === 'hung-up') return { is: 'not-judged', why: 'hung-up' }
  // Nothing that holds of it counts: what is asked of an answer waits for one.
  return withoutAnswer(exchange) === null ? { is: 'holds', count: holds } : { is: 'not-judged', why: 'busy' }
}

/** What a client met instead of what it wanted; null where all was well. */
function troubleOf({ came }: Exchange, { broken }: Alone, unserved: NotServed | null): Trouble | null {
  if (came.kind === 'nothing') return came.failure === 'interrupted' ? itLeft : { said: 'no answer', isGrave: true }
  if (came.status >= 400) return { said: `status ${came.status}`, isGrave: true }
  const grave = broken.find(({ level }) => level === 'must')
  if (grave) return { said: `broken ${grave.id}`, isGrave: true }
  if (unserved) return { said: `an error within a ${came.status}`, isGrave: true }
  if (came.ends === 'hung-up') return itLeft
  const [advice] = broken
  return advice ? { said: `broken ${advice.id}`, isGrave: false } : null
}

const itLeft: Trouble = { said: 'the client left', isGrave: false }

/** So many credentials are looked for: a client has one, or a new one each hour. */
const mostSecrets = 40

interface Redacting {
  /** What redacts the credentials of this exchange, and of those before it. */
  withThoseOf(piped: Piped, body: string | null): Redactor
  all(): readonly string[]
}

function redacting(given: readonly string[]): Redacting {
  const secrets = new Set(given)
  let redact = redactor(given)
  return {
    withThoseOf({ headers, path }, body) {
      const sent = credentialsSent(headers, `http://127.0.0.1${path}`, body).filter((one) => unfit(one) === null)
      if (sent.every((one) => secrets.has(one))) return redact
      for (const one of sent) secrets.add(one)
      for (const one of secrets) if (secrets.size > mostSecrets && !given.includes(one)) secrets.delete(one)
      redact = redactor([...secrets])
      return redact
    },
    all: () => [...secrets],
  }
}
