import type { Duplex } from 'node:stream'
import { envelope } from './admission.ts'

/** What a client spoke that was no HTTP/1.1. */
export type Misspoken = 'tls' | 'http2'

const notHttp = 'This is no HTTP request.'
const onlyHttp1 = 'This tap speaks HTTP/1.1 only.'

/** What Node says of bytes that are no request: the bytes, too. */
interface ClientError extends NodeJS.ErrnoException {
  readonly rawPacket?: Buffer
}

/** Tells a client that what it sent is no request, as far as it understands that, and hangs up. Returns what it spoke instead, where that can be told. */
export function answerMisspoken(error: ClientError, socket: Duplex): Misspoken | null {
  const how = spoken(error.rawPacket)
  if (!socket.writable || how === 'tls' || error.code === 'ECONNRESET') {
    socket.destroy()
    return how
  }
  const [status, text] = how === null ? ['400 Bad Request', notHttp] : ['505 HTTP Version Not Supported', onlyHttp1]
  const body = envelope('invalid_request_error', text)
  socket.end(
    `HTTP/1.1 ${status}\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
  )
  return how
}

/** What the first bytes of a connection are, where they are no HTTP/1.1 that somebody could have meant. */
function spoken(bytes: Buffer | undefined): Misspoken | null {
  if (bytes?.[0] === 0x16 && bytes[1] === 0x03) return 'tls'
  return bytes?.toString('latin1', 0, 14) === 'PRI * HTTP/2.0' ? 'http2' : null
}
