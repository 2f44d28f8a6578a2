import type { Exchange } from '../wire/exchange.ts'
import { InputError } from '../wire/input-error.ts'
import { credentialsIn, credentialsOf } from './har-credentials.ts'
import { entriesIn } from './har-entries.ts'
import { exchangeIn, hostIn, leftOut, type LeftOut } from './har-exchange.ts'
import { redactor } from './redact.ts'

/** What was found in a HAR. */
export interface HarRead {
  readonly exchanges: number
  /** What was left out of it, read otherwise than it stands there, or mixed with others: in sentences. */
  readonly notes: readonly string[]
}

export interface HarOptions {
  /** Only exchanges with this host. */
  readonly host?: string | undefined
  /** Bytes of an entry that are too many. */
  readonly mostBytes?: number
}

/**
 * Hands on the exchanges with the Messages API and its neighbours that a HAR 1.2 holds, in its order, each named by its place; with
 * the host, where there are several. What the recorder did to an exchange is no fault of the gateway: such entries are left out, and
 * counted. Headers pass the same filter as on our own tape, and credentials of requests are redacted wherever they occur: so all of
 * it is read twice, and none of it kept. Throws an InputError for what is no HAR and for one without such an exchange, at the latest
 * behind the last one.
 * Source: http://www.softwareishard.com/blog/har-12-spec/
 */
export function readHar(
  pieces: () => Iterable<Uint8Array>,
  onExchange: (exchange: Exchange) => void,
  { host, mostBytes }: HarOptions = {},
): HarRead {
  const credentials = new Set<string>()
  const keep = (found: readonly string[]): void => {
    for (const credential of found) credentials.add(credential)
  }
  const hosts = new Map<string, number>()
  for (const entry of entriesIn(pieces(), mostBytes, (part) => keep(credentialsIn(part)))) {
    if (!entry) continue
    keep(credentialsOf(entry))
    const asked = hostIn(entry)
    if (asked !== null) hosts.set(asked, (hosts.get(asked) ?? 0) + 1)
  }
  if (host !== undefined && !hosts.has(host))
    throw new InputError(`It holds no exchange with that host. It holds: ${[...hosts.keys()].join(', ') || 'none'}.`)
  const redact = redactor([...credentials])
  const left = new Map<LeftOut, number[]>()
  const mended: number[] = []
  let place = 0
  let exchanges = 0
  for (const entry of entriesIn(pieces(), mostBytes)) {
    place++
    const asked = entry && hostIn(entry)
    if (host !== undefined && asked !== host) continue
    const name = `entry ${place}${hosts.size > 1 && asked !== null ? ` (${asked})` : ''}`
    const read = entry ? exchangeIn(entry, redact.text(name)) : { leftOut: 'too-large' as const }
    if ('leftOut' in read) {
      const places = left.get(read.leftOut)
      if (places) places.push(place)
      else left.set(read.leftOut, [place])
      continue
    }
    if (read.mended) mended.push(place)
    exchanges++
    const { sent, came } = read.exchange
    onExchange({ ...read.exchange, sent: redact.sent(sent), came: redact.came(came) })
  }
  if (exchanges > 0) {
    const notes = [...mixed(hosts, host), ...leftOutOf(left), ...mendedOf(mended)]
    return { exchanges, notes: notes.map(redact.text) }
  }
  left.delete('other')
  const entries = place === 1 ? 'entry' : 'entries'
  const none = `Of the ${place} ${entries} of this HAR, none is a recorded exchange with the Messages API.`
  throw new InputError([none, ...leftOutOf(left)].join(' '))
}

/** The exchanges of a HAR that is at hand; see `readHar`. */
export function exchangesOfHar(text: string): readonly Exchange[] {
  const bytes = Buffer.from(text)
  const exchanges: Exchange[] = []
  readHar(
    () => [bytes],
    (exchange) => exchanges.push(exchange),
  )
  return exchanges
}

/** That the traffic of several hosts is judged as one. */
function mixed(hosts: ReadonlyMap<string, number>, host: string | undefined): string[] {
  if (hosts.size < 2 || host !== undefined) return []
  const all = [...hosts].map(([name, count]) => `${name} (${count})`).join(', ')
  return [`It holds exchanges with ${hosts.size} hosts, judged together: ${all}. --host NAME judges one of them.`]
}

/** What was not judged: each reason with how many entries, and which. What has nothing to do with the API is only counted. */
function leftOutOf(left: ReadonlyMap<LeftOut, readonly number[]>): string[] {
  const parts = [...left].map(([why, places]) => {
    const which = why === 'other' ? '' : ` (${placesIn(places)})`
    return `${places.length} ${leftOut[why]}${which}`
  })
  return parts.length > 0 ? [`Entries that were not judged: ${parts.join('; ')}.`] : []
}

/** What was read as it was said, and not as it was recorded. */
function mendedOf(places: readonly number[]): string[] {
  return places.length > 0
    ? [`Streams whose last blank line the recorder has trimmed, read with it: ${places.length} (${placesIn(places)}).`]
    : []
}

function placesIn(places: readonly number[]): string {
  const some = places.slice(0, 5).join(', ')
  return `${places.length === 1 ? 'entry' : 'entries'} ${some}${places.length > 5 ? ` and ${places.length - 5} more` : ''}`
}
