import { serve } from '../fixtures/gateways/serve.ts'
import type { Dialect, Upstream } from '../schemas/types.ts'
import type { Behind } from '../suites/harness/gather/behind.ts'
import { upstreamElsewhere } from '../suites/run/upstream-elsewhere.ts'
import { upstreamSeen } from '../suites/run/upstream-seen.ts'
import { unheard } from './unheard.ts'

/** An upstream of ours that stands behind a gateway, and shows what reaches it. */
export interface ServedUpstream extends Behind {
  close(): Promise<void>
}

/** The upstream of a target: served for the run, or where it is served already. Throws an InputError where it cannot be had. */
export async function upstreamOf({ dialect, port = 0, url }: Upstream): Promise<ServedUpstream> {
  if (url === undefined) return serveUpstream(dialect, port)
  const { done, ...behind } = await upstreamElsewhere(dialect, url)
  return { ...behind, close: done }
}

async function serveUpstream(dialect: Dialect, port: number): Promise<ServedUpstream> {
  const { gateway, ...seen } = upstreamSeen(dialect)
  const server = await serve(gateway, { port, pace: 1 }).catch((error: unknown) => {
    throw unheard(port, error, {
      inUse: `The upstream cannot listen on port ${port}, which is in use; end what listens there, or name another.`,
      forbidden: `The upstream may not listen on port ${port}; name one above 1023.`,
    })
  })
  return { ...seen, url: server.url, close: () => server.close() }
}
