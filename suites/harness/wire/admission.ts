import type { IncomingMessage, ServerResponse } from 'node:http'
import type { HeaderList } from './exchange.ts'
import { header } from './headers.ts'
import { isLoopback } from './proxy.ts'

/* Who may use a tap, and what everybody else is told: in the envelope of the protocol, as far as HTTP is spoken at all. */

export interface Refused {
  readonly status: number
  readonly type: 'api_error' | 'invalid_request_error' | 'permission_error'
  readonly message: string
}

/** Enough went through. */
export const taken: Refused = {
  status: 503,
  type: 'api_error',
  message: 'This tap has taken as many requests as it was to take.',
}

/** Somebody else is asked for. */
export const noProxy: Refused = {
  status: 400,
  type: 'invalid_request_error',
  message: 'This tap stands in front of one gateway, and is no proxy: take it as the Base URL.',
}

/**
 * Why a request does not go through; null where it does. It is for clients of this machine: a page of another origin, or a name that
 * somebody else's DNS leads here, is turned away.
 */
export function refusalOf(
  { url = '', httpVersion, headers: { host } }: IncomingMessage,
  headers: HeaderList,
  origins: ReadonlySet<string>,
): Refused | null {
  if (!url.startsWith('/')) return noProxy
  // Source: RFC 9112, section 3.2.
  if (host === undefined && httpVersion === '1.1')
    return { status: 400, type: 'invalid_request_error', message: 'This request has no host header.' }
  if (host !== undefined && !(URL.canParse(`http://${host}`) && isLoopback(new URL(`http://${host}`).hostname)))
    return { status: 403, type: 'permission_error', message: 'This tap answers on 127.0.0.1 and localhost only.' }
  const origin = header(headers, 'origin')
  if (origin !== undefined && !origins.has(origin))
    return {
      status: 403,
      type: 'permission_error',
      message: 'Pages of this origin may not use this tap; --allow-origin names those that may.',
    }
  return null
}

export function isPreflight({ method, headers }: IncomingMessage): boolean {
  return method === 'OPTIONS' && headers.origin !== undefined && headers['access-control-request-method'] !== undefined
}

export function allowing(origin: string): HeaderList {
  return [
    ['access-control-allow-origin', origin],
    ['access-control-expose-headers', '*'],
    ['vary', 'origin'],
  ]
}

export function allow({ headers }: IncomingMessage, outgoing: ServerResponse, origin: string): void {
  const lines: HeaderList = [
    ...allowing(origin),
    ['access-control-allow-methods', String(headers['access-control-request-method'])],
    ['access-control-allow-headers', String(headers['access-control-request-headers'] ?? '*')],
    ['access-control-max-age', '600'],
  ]
  outgoing.writeHead(204, lines.flat()).end()
}

export function refuse(incoming: IncomingMessage, outgoing: ServerResponse, { status, type, message }: Refused): void {
  incoming.unpipe()
  incoming.resume()
  outgoing.writeHead(status, { 'content-type': 'application/json' }).end(envelope(type, message))
}

/** An error in the envelope of the protocol. */
export function envelope(type: Refused['type'], message: string): string {
  return JSON.stringify({ type: 'error', error: { type, message } })
}
