import type { Step } from '../harness/gather/plan.ts'
import { see } from '../harness/views/views.ts'
import type { Exchange } from '../harness/wire/exchange.ts'
import { endpoint } from '../harness/wire/target.ts'

/* A Base URL that lacks its path: where the API answers instead, found by asking. */

/** Where many gateways keep the Messages format, below what people take for the Base URL. */
const places = ['/anthropic', '/api'] as const

/** At most two looks, each a request without a model or messages, which nobody can serve: a refusal costs nothing. */
export function looksAround(baseUrl: string): readonly Step[] {
  const { pathname } = new URL(baseUrl)
  return places
    .filter((place) => !pathname.endsWith(place))
    .map((place) => ({
      name: `look${place}`,
      fixture: {
        about: `Whether an API answers at ${place}.`,
        path: `${place}/v1/messages`,
        phase: 'refused',
        body: {},
      },
      mode: 'json',
      origin: 'waiting',
      dependsOn: [],
      paid: false,
      inputTokens: 0,
      outputTokens: 0,
    }))
}

/** What a look came to: the Base URL that was tried, and whether an API answered there. */
export interface Look {
  readonly baseUrl: string
  readonly answers: boolean
}

/** What one exchange of a run came to as a look; null where it was none. A refusal in the envelope is an API; a 404 says that nothing is there. */
export function lookOf(exchange: Exchange, baseUrl: string): Look | null {
  const place = places.find((one) => exchange.fixture === `look${one}`)
  if (place === undefined) return null
  const { came } = exchange
  return {
    baseUrl: endpoint(baseUrl, place).href,
    answers: came.kind === 'answer' && came.status !== 404 && see(exchange, 'error').is === 'there',
  }
}
