import http, { type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { allow, isPreflight, noProxy, refusalOf, refuse, taken } from './admission.ts'
import type { Came, HeaderList } from './exchange.ts'
import { header } from './headers.ts'
import { lateness } from './lateness.ts'
import { bareAnswer, hasLeft, refusalOfBytes, spoken, type ClientError, type Misspoken } from './misspoken.ts'
import { passThrough, type Passage } from './passing.ts'
import { memoryOf } from './room.ts'
import { agentFor, mostHeaderBytes, pairs, wayTo, type HttpOptions } from './transport.ts'

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
 * nothing is sent twice; trailers and interim answers (1xx) end here. Rejects where the port cannot be had; throws as `proxyFor` does
 * for a proxy that cannot be used.
 */
export async function pipe(options: PipeOptions): Promise<Pipe> {
  const { upstream, port = 0, most = Infinity, origins = new Set<string>(), keeps = usualKeeps, ended } = options
  const way = wayTo(new URL(upstream), options.environment ?? process.env, options.proxyLoopback ?? false)
  const agent = agentFor(way, { timeout: restsAtMost }, options)
  const live = new Set<Passage>()
  const memory = memoryOf(keeps.all)
  const late = lateness()
  let begun = 0
  let closing = false
  let settleDone: () => void = () => {}
  const done = new Promise<void>((resolve) => (settleDone = resolve))

  // Whoever names no host is told so as everybody else is, not in words of Node's.
  const server = http.createServer(
    { maxHeaderSize: mostHeaderBytes, requestTimeout: 0, requireHostHeader: false },
    take,
  )
  // What a client expects beyond a 100 is for the upstream to meet.
  server.on('checkExpectation', take)

  function take(incoming: IncomingMessage, outgoing: ServerResponse): void {
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
      { incoming, outgoing, headers, to: { upstream, way, agent }, origin, room, late },
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
  }

  // Who takes it for a proxy to TLS is told as those are that take it for one to the rest.
  server.on('connect', (_, client: Duplex) => {
    options.turnedAway?.(noProxy.message)
    client.on('error', () => {})
    client.end(bareAnswer(noProxy))
  })
  server.maxHeadersCount = 0
  server.keepAliveTimeout = keptForClients
  const refusedOn = new WeakSet<Duplex>()
  server.on('clientError', (error: ClientError, socket) => {
    // What comes behind bytes that were refused is no request either, and was told with them.
    if (refusedOn.has(socket)) return
    refusedOn.add(socket)
    // Within an answer nothing else can be said.
    if (hasLeft(error) || [...live].some((exchange) => exchange.answersOn(socket))) return void socket.destroy()
    const how = spoken(error)
    const refused = refusalOfBytes(error)
    if (how) options.misspoke?.(how)
    else options.turnedAway?.(refused.message)
    if (how === 'tls') socket.destroy()
    else socket.end(bareAnswer(refused))
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
