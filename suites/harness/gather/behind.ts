import { isDeepStrictEqual } from 'node:util'
import type { Arrival } from '../../../fixtures/gateways/upstreams/arrivals.ts'
import type { Owner } from '../../../schemas/types.ts'
import { redactor } from '../tape/redact.ts'
import type { Arrived, Sent } from '../wire/exchange.ts'
import { isObject, parseJson } from '../wire/json.ts'
import { lastMark } from '../wire/mark.ts'

/** The upstream behind the gateway, where it is ours and shows what reaches it. */
export interface Behind {
  /** What has arrived since it was asked last. Throws, or rejects, where that can no longer be seen. */
  readonly take: () => readonly Arrival[] | Promise<readonly Arrival[]>
  /** Where the gateway reaches it. */
  readonly url: string
  /** The credential that it gave out. */
  readonly key: string
  /** Makes it speak in a way of its own to the request with that mark; absent where it cannot be told to. */
  readonly speak?: (mark: string, quirk: string) => void | Promise<void>
}

/** Gives every arrival of a run to the exchange it belongs to. */
export interface Claims {
  /** What belongs to the request that was just answered. */
  readonly of: (sent: Sent) => Promise<readonly Arrived[]>
  /** What arrived of requests after they had been answered: by each of them, once nothing else is under way. */
  readonly late: () => Promise<(sent: Sent) => readonly Arrived[]>
  /** Waits until nobody asks for it any more, its client having left; as long as `patience` does at most, which the signal ends. */
  readonly left: (sent: Sent, patience: (signal: AbortSignal) => Promise<void>) => Promise<void>
}

/** Nobody asks so often at once; what is left unclaimed, such as a health check, is forgotten in time. */
const mostKept = 200

/** `keys`: the credentials of the client. */
export function claims({ take, key }: Pick<Behind, 'take' | 'key'>, keys: readonly string[]): Claims {
  let pool: readonly Arrival[] = []
  const taken = async (): Promise<void> => {
    const came = await take()
    // Others ask meanwhile: it joins the pool that is there now.
    pool = [...pool, ...came]
  }
  const claimed = (sent: Sent): readonly Arrived[] => {
    const own = pool.filter((arrival) => belongs(arrival.sent, sent))
    pool = pool.filter((arrival) => !own.includes(arrival)).slice(-mostKept)
    return own.map((arrival) => arrivedOf(arrival, { upstream: [key], client: keys.filter((one) => one !== key) }))
  }
  return {
    async left(sent, patience) {
      await taken()
      const own = pool.filter((arrival) => belongs(arrival.sent, sent))
      // A wait that nobody waits for any more would hold the process.
      const over = new AbortController()
      await Promise.race([patience(over.signal), Promise.all(own.map(({ leaving }) => leaving.over()))])
      over.abort()
    },
    async of(sent) {
      await taken()
      return claimed(sent)
    },
    async late() {
      await taken()
      // Without a mark, nothing tells one of several requests that say the same from the others.
      return (sent) => (lastMark(sent.body ?? '') === null ? [] : claimed(sent))
    },
  }
}

/** A request with a mark is known by it, wherever it stands; one without, such as one that is wrong on purpose, by being the same. */
function belongs(arrived: Sent, sent: Sent): boolean {
  const mark = lastMark(sent.body ?? '')
  if (mark !== null) return lastMark(arrived.body ?? '') === mark
  return sent.body !== null && isDeepStrictEqual(bodyOf(arrived), bodyOf(sent))
}

function bodyOf({ body }: Sent): unknown {
  const parsed = parseJson(body ?? '')
  return isObject(parsed) ? { ...parsed, model: null, stream: null } : body
}

/** An arrival with whose credentials it carried, in place of a gateway's own, which no redactor of ours was given. */
function arrivedOf(
  { sent, came, leaving }: Arrival,
  known: Readonly<Record<'client' | 'upstream', readonly string[]>>,
): Arrived {
  const text = JSON.stringify([sent.headers, sent.path, sent.body])
  const carries = (keys: readonly string[]): boolean => keys.some((key) => key !== '' && text.includes(key))
  const foreign = credentialsIn(sent).filter((value) => ![...known.client, ...known.upstream].includes(value))
  const credentials: Owner[] = [
    ...(carries(known.client) ? (['client'] as const) : []),
    ...(carries(known.upstream) ? (['upstream'] as const) : []),
    ...(foreign.length > 0 ? (['other'] as const) : []),
  ]
  const rest = { credentials, ...(leaving.isOver() && { letGo: true as const }) }
  if (foreign.length === 0) return { sent, came, ...rest }
  const redact = redactor(foreign)
  return { sent: redact.sent(sent), came: redact.answered(came), ...rest }
}

function credentialsIn({ headers }: Sent): readonly string[] {
  return headers
    .filter(([name]) => ['authorization', 'x-api-key', 'api-key'].includes(name.toLowerCase()))
    .map(([, value]) => value.replace(/^\w+ +/, ''))
    .filter((value) => value !== '')
}
