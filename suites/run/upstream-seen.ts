import type { Gateway } from '../../fixtures/gateways/answer.ts'
import { upstreamKey } from '../../fixtures/gateways/reference/identity.ts'
import { arrivals, type Arrival } from '../../fixtures/gateways/upstreams/arrivals.ts'
import { quirksOf } from '../../fixtures/gateways/upstreams/quirks.ts'
import { speaking } from '../../fixtures/gateways/upstreams/speaking.ts'
import { upstreams } from '../../fixtures/gateways/upstreams/upstreams.ts'
import type { Dialect } from '../../schemas/types.ts'
import type { Behind } from '../harness/gather/behind.ts'
import { lastMark } from '../harness/wire/mark.ts'

/** An upstream of ours, what it shows of what reaches it, and how it is made to speak otherwise to a request. */
export interface UpstreamSeen extends Pick<Behind, 'key'> {
  readonly gateway: Gateway
  readonly take: () => readonly Arrival[]
  readonly speak: (mark: string, quirk: string) => void
}

/** The upstream that is spoken to in a dialect. `usually`: the quirk under which it answers where nobody asks for another. */
export function upstreamSeen(dialect: Dialect, usually?: string): UpstreamSeen {
  const arrived = arrivals()
  const ways = new Map<string, string>()
  const gateway = arrived.over(
    speaking(upstreams[dialect](), quirksOf[dialect], (body) => ways.get(lastMark(body) ?? '') ?? usually),
  )
  return { gateway, take: arrived.take, key: upstreamKey, speak: (mark, quirk) => void ways.set(mark, quirk) }
}
