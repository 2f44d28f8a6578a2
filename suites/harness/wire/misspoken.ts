import { STATUS_CODES } from 'node:http'
import { envelope, type Refused } from './admission.ts'
import { mostHeaderBytes } from './transport.ts'

/** What a client spoke that was no HTTP/1.1. */
export type Misspoken = 'tls' | 'http2'

/** What Node says of bytes that are no request, with the bytes. */
export interface ClientError extends NodeJS.ErrnoException {
  readonly rawPacket?: Buffer
}

/** What the first bytes of a connection are, where they are no HTTP/1.1 that somebody could have meant. */
export function spoken({ rawPacket: bytes }: ClientError): Misspoken | null {
  if (bytes?.[0] === 0x16 && bytes[1] === 0x03) return 'tls'
  return bytes?.toString('latin1', 0, 14) === 'PRI * HTTP/2.0' ? 'http2' : null
}

/** Whether there was no more to come: whoever leaves in the middle of a request is told nothing. */
export function hasLeft({ code }: ClientError): boolean {
  return code === 'ECONNRESET' || code === 'HPE_INVALID_EOF_STATE'
}

/** Why such bytes are not taken. */
export function refusalOfBytes(error: ClientError): Refused {
  const type = 'invalid_request_error'
  if (spoken(error) === 'http2') return { status: 505, type, message: 'This tap speaks HTTP/1.1 only.' }
  if (error.code === 'HPE_HEADER_OVERFLOW')
    return { status: 431, type, message: `This request has more than ${mostHeaderBytes / 1024} KiB of headers.` }
  return { status: 400, type, message: 'This is no HTTP request.' }
}

/** A refusal as it is written where there is no request to answer; the connection ends with it. */
export function bareAnswer({ status, type, message }: Refused): string {
  const body = envelope(type, message)
  return [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'content-type: application/json',
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
    '',
    body,
  ].join('\r\n')
}
