import { requests } from '../../fixtures/requests.ts'
import type { Diagnosis } from '../../schemas/types.ts'
import { isWrong } from '../harness/gather/plan.ts'
import { asked } from '../harness/views/asked.ts'
import { clip } from '../harness/views/finding.ts'
import type { Exchange } from '../harness/wire/exchange.ts'
import { counted } from '../harness/wire/counted.ts'
import type { Target } from '../harness/wire/target.ts'
import { markOf } from '../harness/wire/mark.ts'
import { see } from '../harness/views/views.ts'

/** An upstream of ours as a diagnosis names it, and how many requests have reached it at all. */
export interface Reached {
  readonly url: string
  readonly key: string
  readonly requests: number
}

/**
 * Whether there is no answer to a request but from the upstream. A list of models and a count may be a gateway's own, and what is
 * wrong it may refuse by itself.
 */
export function needsUpstream(exchange: Exchange): boolean {
  return asked(exchange).endpoint === 'messages' && !isWrong(exchange.fixture, requests)
}

/**
 * Why nothing can be said of what passes, seen from the first exchange: the gateway answered without asking the upstream that was
 * served for it, or shows it a key of somebody else's. Null where its request arrived and was answered, or it refused by itself.
 */
export function diagnoseBehind(exchange: Exchange, target: Target, upstream: Reached): Diagnosis | null {
  const { came, arrivals = [] } = exchange
  if (came.kind !== 'answer' || !needsUpstream(exchange)) return null
  const last = arrivals.at(-1)
  if (last && [401, 403].includes(last.came.status)) return refusedThere(exchange, target, upstream)
  const isServed = came.status >= 200 && came.status <= 299
  return !last && isServed ? unasked(came.status, target, upstream) : null
}

/** The same, seen from the end of a run in which no request arrived of those that need the upstream. */
export function neverAsked(target: Target, upstream: Reached): Diagnosis {
  return unasked(null, target, upstream)
}

function unasked(status: number | null, { baseUrl }: Target, { url, key, requests }: Reached): Diagnosis {
  const answered = `The gateway at ${baseUrl} answered${status === null ? '' : ` ${status}`}`
  const sentence =
    requests === 0
      ? `${answered} and never asked the upstream that was served for it at ${url}: give the gateway that address as its upstream, and ${key} as its key there.`
      : `${answered}, and of the ${counted(requests, 'request')} that reached the upstream at ${url} none is one that was sent to it: the word before each prompt, such as ${markOf(1)}, does not arrive there.`
  return { kind: 'upstream-unasked', url, ...(status !== null && { status }), sentence }
}

function refusedThere(exchange: Exchange, { baseUrl }: Target, { url, key }: Reached): Diagnosis {
  const { came } = exchange
  const status = came.kind === 'answer' ? came.status : undefined
  const error = see(exchange, 'error')
  const said = error.is === 'there' ? clip(error.value.error.message) : undefined
  const sentence = `The upstream at ${url} refused the key that the gateway at ${baseUrl} showed it: give the gateway ${key} as its key there.`
  return {
    kind: 'upstream-refused',
    url,
    ...(status !== undefined && { status }),
    ...(said !== undefined && { said }),
    sentence,
  }
}
