import { serve } from '../fixtures/gateways/serve.ts'
import type { Upstream } from '../schemas/types.ts'
import type { Behind } from '../suites/harness/gather/behind.ts'
import { upstreamSeen } from '../suites/run/upstream-seen.ts'
import { unheard } from './unheard.ts'

/** An upstream of ours that is being served, and shows what reaches it. */
export interface ServedUpstream extends Behind {
  close(): Promise<void>
}

/** Serves the upstream that stands behind a gateway under test. Throws an InputError where its port cannot be had. */
export async function serveUpstream({ dialect, port }: Upstream): Promise<ServedUpstream> {
  const { gateway, ...seen } = upstreamSeen(dialect)
  const server = await serve(gateway, { port, pace: 1 }).catch((error: unknown) => {
    throw unheard(port, error, {
      inUse: `The upstream cannot listen on port ${port}, which is in use; end what listens there, or name another.`,
      forbidden: `The upstream may not listen on port ${port}; name one above 1023.`,
    })
  })
  return { ...seen, url: server.url, close: () => server.close() }
}
