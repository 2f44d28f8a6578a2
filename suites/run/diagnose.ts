import type { RunEnding, Failure } from '../../schemas/types.ts'
import type { Answered, Exchange } from '../harness/wire/exchange.ts'
import { endpoint, type Target } from '../harness/wire/target.ts'
import { see } from '../harness/views/views.ts'
import { header } from '../harness/wire/headers.ts'

/** Why a run ends at its first exchange: what came, its probable cause, and the next step. */
export interface Diagnosis {
  readonly ending: RunEnding
  readonly sentence: string
  /** The model is probably the cause: the list of models helps. */
  readonly model?: true
}

/** Looks at the first exchange; null where the gateway can be judged, well or badly. Wording is shown, never matched. */
export function diagnose(first: Exchange, target: Target): Diagnosis | null {
  const { came } = first
  if (came.kind === 'nothing')
    return { ending: 'unreachable', sentence: `${target.baseUrl} ${silence[came.failure]} (${came.detail})` }
  if (came.status === 401)
    return {
      ending: 'unauthorised',
      sentence: `${target.baseUrl} answered 401: ${said(first)}. The key in ${target.keyVariable} was sent as ${sentAs(target)}; some gateways want the other header: --auth ${target.auth === 'bearer' ? 'x-api-key' : 'bearer'}`,
    }
  if (came.status >= 300 && came.status < 400)
    return {
      ending: 'unreachable',
      sentence: `${target.baseUrl} answered ${came.status}, a redirect${to(came)}; clients do not follow it with a body. Use the address it points to as Base URL.`,
    }
  if (isPage(came, first))
    return {
      ending: 'unreachable',
      sentence: `${target.baseUrl} answered ${came.status} with a web page: this is probably not the API's address. Look for the Base URL in the gateway's documentation.`,
    }
  if (came.status === 404 && see(first, 'error').is !== 'there')
    return {
      ending: 'unreachable',
      sentence: `${endpoint(target.baseUrl, '/v1/messages').href} answered 404: the path is probably wrong. A Base URL is what stands before /v1/messages.`,
    }
  if (came.status === 404)
    return {
      ending: 'unreachable',
      sentence: `${target.baseUrl} answered 404: ${said(first)}. Probably it does not serve the model ${target.model}.`,
      model: true,
    }
  return refused(first, came, target)
}

/** Answers that are HTTP and no judgement of the format: who may ask, who pays, and whether anybody is there. */
function refused(first: Exchange, { status }: Answered, target: Target): Diagnosis | null {
  const answered = `${target.baseUrl} answered ${status}: ${said(first)}.`
  if (status === 402)
    return { ending: 'unauthorised', sentence: `${answered} The account behind the key has probably no balance left.` }
  if (status === 403)
    return {
      ending: 'unauthorised',
      sentence: `${answered} The key may not use the model ${target.model}, or the gateway admits certain clients or addresses only: some want a user-agent or another header (--header).`,
    }
  if (status === 429)
    return {
      ending: 'unreachable',
      sentence: `${answered} It stayed busy although it was waited for: the quota of the key is probably used up. Try later, or with --concurrency 1.`,
    }
  if (status === 502 || status === 503 || status === 504)
    return {
      ending: 'unreachable',
      sentence: `${answered} Twice: nothing stands behind it yet, or nobody there serves the model ${target.model}. --wait SECONDS waits for a gateway that is still starting.`,
      model: true,
    }
  return null
}

const silence: Readonly<Record<Failure, string>> = {
  refused: 'refused the connection: nothing listens there',
  unresolved: 'has a host name that does not resolve',
  certificate:
    'has a certificate that is not trusted; name its authority by NODE_EXTRA_CA_CERTS=FILE, or say --allow-self-signed',
  reset: 'closed the connection without an answer',
  timeout: 'did not answer in time',
  'not-http': 'answered something that is not HTTP',
  interrupted: 'was not waited for',
}

function said(exchange: Exchange): string {
  const error = see(exchange, 'error')
  if (error.is === 'there') return `${error.value.error.type}: ${error.value.error.message}`
  return 'without the error envelope'
}

function sentAs({ auth }: Target): string {
  if (auth === 'none') return 'nothing (--auth none)'
  return auth === 'bearer' ? 'Authorization: Bearer' : auth === 'both' ? 'both credential headers' : 'x-api-key'
}

function to({ headers }: Answered): string {
  const location = header(headers, 'location')
  return location ? ` to ${location}` : ''
}

function isPage({ headers }: Answered, exchange: Exchange): boolean {
  const type = header(headers, 'content-type') ?? ''
  const text = see(exchange, 'text')
  return type.startsWith('text/html') || (text.is === 'there' && /^\s*<(!doctype|html)/i.test(text.value))
}
