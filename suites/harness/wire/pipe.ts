import http, { type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Came, HeaderList, NotAnswered } from './exchange.ts'
import { failed, nothing, wordsOf } from './failure.ts'
import { header } from './headers.ts'
import { asked, passedOn } from './passed-on.ts'
import { isLoopback, isOfProxy, proxyError } from './proxy.ts'
import { endpoint } from './target.ts'
import {
  agentFor,
  beginOn,
  mostHeaderBytes,
  pairs,
  record,
  wayTo,
  type HttpOptions,
  type Recorder,
} from './transport.ts'

/** One exchange between a client and the upstream, as it went through. Nothing of it is redacted. */
export interface Piped {
  /** From 1, in the order in which they began. */
  readonly number: number
  /** Milliseconds since 1970. */
  readonly began: number
  /** Milliseconds from its first byte to its end. */
  readonly took: number
  readonly method: string
  /** Path and query below the Base URL. */
  readonly path: string
  /** As the client sent them. */
  readonly headers: HeaderList
  readonly body: Uint8Array | null
  readonly came: Came
  /** False where more went through than is kept: what is kept says nothing then. */
  readonly whole: boolean
}

/** What a client spoke that was no HTTP/1.1. */
export type Misspoken = 'tls' | 'http2'

export interface PipeOptions extends Pick<HttpOptions, 'allowSelfSigned' | 'environment' | 'proxyLoopback'> {
  /** The Base URL of the one gateway that everything goes to. */
  readonly upstream: string
  /** 0, the default, for any free one. */
  readonly port?: number
  /** Origins whose pages may use it. */
  readonly origins?: ReadonlySet<string>
  /** Exchanges that are taken; what comes after them is refused. */
  readonly most?: number
  /** Bytes of an exchange that are kept, and of all under way together; the rest goes through unseen. */
  readonly keeps?: { readonly each: number; readonly all: number }
  readonly ended: (piped: Piped) => void
  readonly misspoke?: (how: Misspoken) => void
  /** A request was turned away here, with these words, and went to nobody. */
  readonly turnedAway?: (message: string) => void
}

export interface Pipe {
  readonly url: string
  readonly port: number
  /** Resolves when the last exchange of `most` has ended. */
  readonly done: Promise<void>
  /** Takes no more, and hangs up on both sides of what is under way: each of those has `ended` when this resolves. */
  close(): Promise<void>
}

/** An exchange of ours is a hundred times smaller; a session of an agent with pictures is not. */
const usualKeeps = { each: 16 * 1024 * 1024, all: 256 * 1024 * 1024 }

/** Milliseconds at rest after which a connection to the upstream is not used again: fewer than servers and their proxies wait. */
const restsAtMost = 4000

/** The same on the side of the clients: more than they wait. */
const keptForClients = 75_000

/**
 * Stands between clients and one upstream, on loopback: bytes go through as they come, both ways, and a copy is kept of each
 * exchange. What the client does to its connection is done to the upstream's, and the other way round. No redirect is followed, and
 * nothing is sent twice. Rejects where the port cannot be had; throws as `proxyFor` does for a proxy that cannot be used.
 */
export async function pipe(options: PipeOptions): Promise<Pipe> {
  const {
    upstream,
    port = 0,
    most = Infinity,
    origins = new Set<string>(),
    keeps = usualKeeps,
    ended,
    misspoke,
  } = options
  const way = wayTo(new URL(upstream), options.environment ?? process.env, options.proxyLoopback ?? false)
  const agent = agentFor(way, { timeout: restsAtMost }, options)
  const live = new Set<{ hangUp(): void }>()
  const memory = memoryOf(keeps.all)
  let begun = 0
  let closing = false
  let settleDone: () => void = () => {}
  const done = new Promise<void>((resolve) => (settleDone = resolve))

  const server = http.createServer({ maxHeaderSize: mostHeaderBytes, requestTimeout: 0 }, (incoming, outgoing) => {
    const headers = pairs(incoming.rawHeaders)
    const refused = refusalOf(incoming, headers, origins) ?? (begun >= most || closing ? taken : null)
    if (refused) {
      options.turnedAway?.(refused.message)
      return refuse(incoming, outgoing, refused)
    }
    const origin = header(headers, 'origin')
    if (isPreflight(incoming)) return allow(incoming, outgoing, origin ?? '')
    const number = ++begun
    const began = Date.now()
    const clock = performance.now()
    const room = memory.roomFor(keeps.each)
    const under = passThrough(
      { incoming, outgoing, headers, to: { upstream, way, agent }, origin, room },
      (came, body) => {
        live.delete(under)
        room.release()
        ended({
          number,
          began,
          took: performance.now() - clock,
          method: incoming.method ?? 'GET',
          path: incoming.url ?? '/',
          headers,
          body,
          came,
          whole: !room.overflown,
        })
        if (begun >= most && live.size === 0) settleDone()
      },
    )
    live.add(under)
  })
  server.maxHeadersCount = 0
  server.keepAliveTimeout = keptForClients
  server.on('clientError', (error: NodeJS.ErrnoException & { rawPacket?: Buffer }, socket) => {
    const how = spoken(error.rawPacket)
    if (how) misspoke?.(how)
    if (!socket.writable || how === 'tls' || error.code === 'ECONNRESET') return void socket.destroy()
    const [status, text] = how === null ? ['400 Bad Request', notHttp] : ['505 HTTP Version Not Supported', onlyHttp1]
    const body = envelope('invalid_request_error', text)
    socket.end(
      `HTTP/1.1 ${status}\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
    )
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  const address = server.address() as AddressInfo

  async function close(): Promise<void> {
    closing = true
    const closed = new Promise<void>((resolve) => server.close(() => resolve()))
    for (const exchange of live) exchange.hangUp()
    server.closeAllConnections()
    agent.destroy()
    await closed
  }

  return { url: `http://127.0.0.1:${address.port}`, port: address.port, done, close }
}

interface Passing {
  readonly incoming: IncomingMessage
  readonly outgoing: ServerResponse
  readonly headers: HeaderList
  readonly to: { readonly upstream: string; readonly way: ReturnType<typeof wayTo>; readonly agent: http.Agent }
  /** The allowed origin that it comes from, if any. */
  readonly origin: string | undefined
  readonly room: Room
}

/** One exchange: `ends` is called once, with what came and with the body that was sent, as far as they are kept. */
function passThrough(
  { incoming, outgoing, headers, to, origin, room }: Passing,
  ends: (came: Came, body: Uint8Array | null) => void,
): { hangUp(): void } {
  const began = performance.now()
  const sent: Buffer[] = []
  let sentAt: number | null = null
  let recorder: Recorder | null = null
  let settled = false
  const clock = pausable(() => performance.now() - (sentAt ?? began))

  function settle(came: Came): void {
    if (settled) return
    settled = true
    ends(came, sent.length === 0 ? null : Buffer.concat(sent))
  }

  function endsAs(how: 'complete' | 'cut' | 'hung-up'): void {
    if (recorder) settle(recorder.end(how, clock.now()))
  }

  /** Nothing came: the client is told in the words of the protocol, as long as nothing else was said to it. */
  function fails(came: NotAnswered): void {
    if (settled) return
    settle(came)
    if (outgoing.headersSent || outgoing.destroyed) outgoing.destroy()
    // A connection that was at rest may have been closed under the request: what the upstream did is done to the client.
    else if (came.reused) incoming.socket.destroy()
    else
      refuse(incoming, outgoing, {
        status: 502,
        type: 'api_error',
        message: `The upstream did not answer: ${came.detail}`,
      })
  }

  const request = beginOn(to.way, to.agent, {
    method: incoming.method ?? 'GET',
    url: endpoint(to.upstream, incoming.url ?? '/'),
    headers: asked(headers),
  })
  request.on('finish', () => (sentAt ??= performance.now()))
  request.on('error', (error) => {
    if (recorder) return
    const { via } = to.way
    const came = failed(via ? proxyError(via, `did not answer: ${wordsOf(error)}`) : error)
    fails(request.reusedSocket && failed(error).failure === 'reset' ? { ...came, reused: true } : came)
  })
  request.on('close', () => {
    if (!recorder) fails(nothing('reset', 'the connection was closed without an answer'))
  })
  request.on('response', (response) => {
    sentAt ??= performance.now()
    const { statusCode: status = 0 } = response
    const came = pairs(response.rawHeaders)
    if (to.way.via && isOfProxy(status, came)) {
      fails(failed(proxyError(to.way.via, `answered ${status}`)))
      return void request.destroy()
    }
    recorder = record(status, came, { maxBytes: Infinity })
    const piece = recorder.piece
    response.on('data', (bytes: Buffer) => {
      if (room.take(bytes.length)) piece(bytes, clock.now())
      if (outgoing.write(bytes)) return
      response.pause()
      clock.pause()
    })
    outgoing.on('drain', () => {
      clock.resume()
      response.resume()
    })
    response.on('error', () => {})
    response.on('end', () => {
      endsAs('complete')
      outgoing.end()
    })
    response.on('close', () => {
      endsAs(response.complete ? 'complete' : 'cut')
      // What broke off there breaks off here.
      if (!response.complete) outgoing.destroy()
    })
    const lines =
      origin === undefined
        ? passedOn(came)
        : [...passedOn(came).filter(([name]) => !/^access-control-/i.test(name)), ...allowing(origin)]
    outgoing.sendDate = false
    outgoing.strictContentLength = false
    try {
      outgoing.writeHead(status, response.statusMessage, lines.flat())
      outgoing.flushHeaders()
    } catch (error) {
      // A header that came, and that Node does not send.
      request.destroy()
      recorder = null
      fails(nothing('not-http', wordsOf(error instanceof Error ? error : new Error(String(error)))))
    }
  })

  outgoing.on('error', () => {})
  outgoing.on('close', () => {
    if (outgoing.writableFinished) return
    if (recorder) endsAs('hung-up')
    else settle(nothing('interrupted', 'the client hung up'))
    request.destroy()
  })
  incoming.on('error', () => {})
  incoming.on('data', (bytes: Buffer) => {
    if (room.take(bytes.length)) sent.push(bytes)
  })
  incoming.pipe(request)

  return {
    hangUp() {
      if (recorder) endsAs('hung-up')
      else settle(nothing('interrupted', 'the tap was ended'))
      request.destroy()
      outgoing.destroy()
    },
  }
}

/** Milliseconds in which nobody is kept waiting by us: while a client does not read, the upstream is not read either. */
function pausable(now: () => number): { now(): number; pause(): void; resume(): void } {
  let lost = 0
  let since: number | null = null
  return {
    now: () => Math.max(0, (since ?? now()) - lost),
    pause: () => (since ??= now()),
    resume: () => {
      if (since !== null) lost += now() - since
      since = null
    },
  }
}

/** What one exchange may keep of what goes through. */
interface Room {
  /** Whether so many more bytes are kept. Once they are not, none are. */
  take(bytes: number): boolean
  release(): void
  readonly overflown: boolean
}

/** Memory for copies, shared by all exchanges under way. */
function memoryOf(all: number): { roomFor(each: number): Room } {
  let used = 0
  return {
    roomFor(each) {
      let own = 0
      let overflown = false
      return {
        take(bytes) {
          overflown ||= own + bytes > each || used + bytes > all
          if (overflown) return false
          own += bytes
          used += bytes
          return true
        },
        release: () => (used -= own),
        get overflown() {
          return overflown
        },
      }
    },
  }
}

interface Refused {
  readonly status: number
  readonly type: 'api_error' | 'invalid_request_error' | 'permission_error'
  readonly message: string
}

const taken: Refused = {
  status: 503,
  type: 'api_error',
  message: 'This tap has taken as many requests as it was to take.',
}
const notHttp = 'This is no HTTP request.'
const onlyHttp1 = 'This tap speaks HTTP/1.1 only.'

/**
 * Why a request does not go through; null where it does. It is for clients of this machine: a page of another origin, or a name that
 * somebody else's DNS leads here, is turned away.
 */
function refusalOf(
  { url = '', headers: { host } }: IncomingMessage,
  headers: HeaderList,
  origins: ReadonlySet<string>,
): Refused | null {
  if (!url.startsWith('/'))
    return {
      status: 400,
      type: 'invalid_request_error',
      message: 'This tap stands in front of one gateway, and is no proxy: take it as the Base URL.',
    }
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

function isPreflight({ method, headers }: IncomingMessage): boolean {
  return method === 'OPTIONS' && headers.origin !== undefined && headers['access-control-request-method'] !== undefined
}

function allowing(origin: string): HeaderList {
  return [
    ['access-control-allow-origin', origin],
    ['access-control-expose-headers', '*'],
    ['vary', 'origin'],
  ]
}

function allow({ headers }: IncomingMessage, outgoing: ServerResponse, origin: string): void {
  const lines: HeaderList = [
    ...allowing(origin),
    ['access-control-allow-methods', String(headers['access-control-request-method'])],
    ['access-control-allow-headers', String(headers['access-control-request-headers'] ?? '*')],
    ['access-control-max-age', '600'],
  ]
  outgoing.writeHead(204, lines.flat()).end()
}

function refuse(incoming: IncomingMessage, outgoing: ServerResponse, { status, type, message }: Refused): void {
  incoming.unpipe()
  incoming.resume()
  outgoing.writeHead(status, { 'content-type': 'application/json' }).end(envelope(type, message))
}

function envelope(type: Refused['type'], message: string): string {
  return JSON.stringify({ type: 'error', error: { type, message } })
}

/** What the first bytes of a connection are, where they are no HTTP/1.1 that somebody could have meant. */
function spoken(bytes: Buffer | undefined): Misspoken | null {
  if (bytes?.[0] === 0x16 && bytes[1] === 0x03) return 'tls'
  return bytes?.toString('latin1', 0, 14) === 'PRI * HTTP/2.0' ? 'http2' : null
}
