import { header } from '../../harness/wire/headers.ts'
import type { HeaderList } from '../../harness/wire/exchange.ts'
import { shortened } from '../../harness/views/finding.ts'

/** Who sent a request, by what it says of itself. */
export interface ClientOf {
  /** `claude-cli/2.1.332`, `Anthropic/JS 1.14.0`. */
  readonly client: string
  readonly app?: string
  readonly session?: string
}

/** Reads who sent a request from its headers, which are redacted: a session is told by its hash. */
export function clientOf(headers: HeaderList): ClientOf {
  // Behind the product stand comments: the platform, the way it was started.
  const agent = (header(headers, 'user-agent') ?? '').replaceAll(/\([^)]*\)/g, ' ')
  const client = shortened(agent.replaceAll(/\s+/g, ' ').trim(), 40)
  const app = header(headers, 'x-app')
  const session = headers.find(([name]) => /session-id$/i.test(name))?.[1]
  return {
    client: client === '' ? 'unnamed' : client,
    ...(app !== undefined && { app: shortened(app, 40) }),
    ...(session !== undefined && { session }),
  }
}
