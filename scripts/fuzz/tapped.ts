import { toLine } from '../../suites/harness/tape/tape.ts'
import type { Exchange } from '../../suites/harness/wire/exchange.ts'
import { bodyKinds, tapping, type Bodies } from '../../suites/run/tap/tapping.ts'
import { everything } from '../../suites/self/proof.ts'
import { demand } from './demands.ts'
import type { Random } from './random.ts'
import { tracesIn } from './readings.ts'
import type { Recorded } from './recorded.ts'
import { saying } from './said.ts'
import { ways } from './ways.ts'
import { secrets } from './words.ts'

/* An exchange that goes through a tap: nobody told it a secret, but for those that clients send. */

/** What a tap makes of exchanges, by name: a line each, what it keeps, and what all of it came to. */
export function tapped(exchanges: readonly Exchange[], bodies: Bodies): ReadonlyMap<string, string> {
  const kept: Exchange[] = []
  const tap = tapping({ selection: everything, bodies, secrets: [], write: (exchange) => kept.push(exchange) })
  const lines = exchanges.map(({ sent, came }, index) =>
    tap.take({
      number: index + 1,
      began: 1000 * index,
      took: 1,
      method: sent.method,
      path: sent.path,
      headers: sent.headers,
      body: sent.body === null ? null : Buffer.from(sent.body),
      came,
      whole: true,
    }),
  )
  const { judged, clients, models } = tap.end()
  return new Map([
    ['lines', JSON.stringify(lines)],
    ['shapes', JSON.stringify(kept.map(({ leftOut }) => leftOut ?? null))],
    ['tape.jsonl', kept.map((exchange) => `${JSON.stringify(toLine(exchange))}\n`).join('')],
    ['the end', JSON.stringify({ judged, clients, models })],
  ])
}

/** Says what a client sent as its key back to it, in one of the ways. Throws where a trace of it is left. */
export function saysToTap({ all }: Recorded, choices: Random): void {
  const way = choices.below(ways.length)
  const exchange = saying(secrets.key, way, choices.pick(all), choices)
  const { sent } = exchange
  const keyed = { ...exchange, sent: { ...sent, headers: [...sent.headers, ['x-api-key', secrets.key] as const] } }
  for (const [name, text] of tapped([keyed], choices.pick(bodyKinds)))
    demand(tracesIn(name, text, secrets.key)[0] ?? null, `way ${way} to say the secret leaves no trace at a tap`)
}
