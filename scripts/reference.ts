import type { Gateway } from '../fixtures/gateways/answer.ts'
import { upstreamKey } from '../fixtures/gateways/reference/identity.ts'
import { relay } from '../fixtures/gateways/relays/relay.ts'
import { arrivals } from '../fixtures/gateways/upstreams/arrivals.ts'
import { messagesUpstream } from '../fixtures/gateways/upstreams/messages.ts'
import type { Behind } from '../suites/harness/gather/behind.ts'

/* What a check without a gateway needs, in one piece that is loaded only then. */

export { createReference } from '../fixtures/gateways/reference/reference.ts'
export { serve } from '../fixtures/gateways/serve.ts'

/** The faithful relay, and the upstream behind it that shows what arrives. */
export function relayed(): { readonly gateway: Gateway; readonly behind: Behind } {
  const arrived = arrivals()
  const gateway = relay(arrived.over(messagesUpstream()))
  return { gateway, behind: { take: arrived.take, url: 'http://upstream.invalid', key: upstreamKey } }
}
