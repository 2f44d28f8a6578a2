import { upstreamKey } from '../fixtures/gateways/reference/identity.ts'
import { serve } from '../fixtures/gateways/serve.ts'
import { arrivals } from '../fixtures/gateways/upstreams/arrivals.ts'
import { upstreams } from '../fixtures/gateways/upstreams/upstreams.ts'
import type { Upstream } from '../schemas/types.ts'
import type { Behind } from '../suites/harness/gather/behind.ts'
import { InputError } from '../suites/harness/wire/input-error.ts'
import { unheard } from './unheard.ts'

/** An upstream of ours that is being served, and shows what reaches it. */
export interface ServedUpstream extends Behind {
  close(): Promise<void>
}

/** Serves the upstream that stands behind a gateway under test. Throws an InputError where its port cannot be had. */
export async function serveUpstream({ dialect, port }: Upstream): Promise<ServedUpstream> {
  const make = upstreams.get(dialect)
  if (!make) throw new InputError(`No upstream speaks ${dialect} yet.`)
  const arrived = arrivals()
  const server = await serve(arrived.over(make()), { port, pace: 1 }).catch((error: unknown) => {
    throw unheard(port, error, {
      inUse: `The upstream cannot listen on port ${port}, which is in use; end what listens there, or name another.`,
      forbidden: `The upstream may not listen on port ${port}; name one above 1023.`,
    })
  })
  return { take: arrived.take, url: server.url, key: upstreamKey, close: () => server.close() }
}
