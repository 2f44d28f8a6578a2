import { setMaxListeners } from 'node:events'
import http from 'node:http'
import https from 'node:https'
import type { Socket } from 'node:net'
import { after } from '../../../fixtures/gateways/timer.ts'
import { connections, type Connection, type Connections } from './connections.ts'
import type { Answered, Came, HeaderList, Outgoing, Transport } from './exchange.ts'
import { failed, nothing, wordsOf } from './failure.ts'
import { keeping } from './pieces.ts'
import { lateness, type Lateness } from './lateness.ts'
import { learntShares, overdue, waiting, type Limit, type Share, type Shares, type Waiting } from './waiting.ts'
import { bare, isOfProxy, proxyAuthorization, proxyError, proxyFor, TunnelAgent } from './proxy.ts'
import type { Ending } from '../../../schemas/types.ts'

export interface HttpOptions {
  /** Accept a certificate that nobody vouches for. */
  readonly allowSelfSigned?: boolean
  /** Where HTTPS_PROXY, HTTP_PROXY and NO_PROXY stand. Default: the process's environment. */
  readonly environment?: Readonly<Record<string, string | undefined>>
  /** Send even loopback through the proxy. */
  readonly proxyLoopback?: boolean
  /** The clock by which connections are at rest. Default: the real one. */
  readonly now?: () => number
}

export interface HttpTransport extends Transport {
  /** Closes every connection, also those in use. */
  close(): void
}

/** Bytes of response headers above which an answer counts as no HTTP: ten times what other clients take, and no more than is judged in no time. */
export const mostHeaderBytes = 256 * 1024

/**
 * Sends requests over node:http and node:https, which hide nothing of what is judged: headers raw, repeated and in order, bytes before
 * decoding, the time of each piece. Whatever a gateway does ends as an answer or as nothing; only a proxy variable that names no
 * proxy throws. Redirects are not followed, and nothing is sent twice: `connections` says when a connection is used again.
 */
export function overHttp(options: HttpOptions = {}): HttpTransport {
  const { environment = process.env, proxyLoopback = false, now } = options
  const routes = new Map<string, Route>()
  const open = new Set<Open>()
  const shares = learntShares()
  const late = lateness()

  function routeTo(url: URL): Route {
    const way = wayTo(url, environment, proxyLoopback)
    const id = `${url.origin} ${(way.via ?? way.tunnel)?.href ?? ''}`
    const known = routes.get(id)
    if (known) return known
    const route: Route = { ...way, kept: connections(now) }
    routes.set(id, route)
    return route
  }

  function openOn({ secure, tunnel, kept }: Route): Open {
    const agent = agentFor({ secure, tunnel }, { maxSockets: 1 }, options)
    const connection: Open = {
      agent,
      setUp: 0,
      close() {
        open.delete(connection)
        agent.destroy()
      },
    }
    open.add(connection)
    let watched = false
    agent.on('free', (socket: Socket) => {
      // One that the gateway asked to close is closed already.
      if (socket.destroyed) return
      kept.rests(connection)
      if (!watched) socket.once('close', () => kept.closed(connection))
      watched = true
    })
    return connection
  }

  async function send(outgoing: Outgoing, signal: AbortSignal): Promise<Came> {
    // Any number of exchanges may wait for the one signal that ends a run.
    setMaxListeners(0, signal)
    const route = routeTo(outgoing.url)
    // Twice round the event loop: what has come is read by then, also that a connection at rest was closed.
    for (let turn = 0; turn < 2; turn++) await new Promise(setImmediate)
    const kept = route.kept.take()
    const came = await exchange(outgoing, route, kept ?? openOn(route), { shares, late }, signal)
    route.kept.done(kept !== null, came.kind === 'nothing' && came.reused === true)
    return came
  }

  const close = (): void => {
    for (const connection of open) connection.close()
  }
  return Object.assign(send, { close })
}

/** How requests for one host travel: by TLS or not, and by a proxy that is told the whole URL, or one that is tunnelled through. */
export interface Way {
  readonly secure: boolean
  readonly via: URL | null
  readonly tunnel: URL | null
}

interface Route extends Way {
  readonly kept: Connections<Open>
}

/** The way to a URL, by the proxies that the environment names. Throws as `proxyFor` does. */
export function wayTo(
  url: URL,
  environment: Readonly<Record<string, string | undefined>>,
  proxyLoopback: boolean,
): Way {
  const proxy = proxyFor(url, environment, proxyLoopback)
  const tunnel = url.protocol === 'https:' ? proxy : null
  const via = tunnel ? null : proxy
  return { secure: (via ?? url).protocol === 'https:', via, tunnel }
}

/** One connection: an agent that never holds more. */
interface Open extends Connection {
  readonly agent: http.Agent
  setUp: number
}

/** What opens connections of one way, and keeps them. */
export function agentFor(
  { secure, tunnel }: Pick<Way, 'secure' | 'tunnel'>,
  connections: Pick<http.AgentOptions, 'maxSockets' | 'timeout'>,
  { allowSelfSigned }: Pick<HttpOptions, 'allowSelfSigned'>,
): http.Agent {
  const pool = { keepAlive: true, ...connections }
  if (!secure) return new http.Agent(pool)
  // Left undefined, and not true, Node still reads NODE_TLS_REJECT_UNAUTHORIZED; NODE_EXTRA_CA_CERTS it always reads.
  const trust = allowSelfSigned ? { rejectUnauthorized: false } : {}
  return tunnel ? new TunnelAgent(tunnel, { ...pool, ...trust }) : new https.Agent({ ...pool, ...trust })
}

function exchange(
  outgoing: Outgoing,
  { secure, via }: Route,
  connection: Open,
  { shares, late }: { readonly shares: Shares; readonly late: Lateness },
  signal: AbortSignal,
): Promise<Came> {
  return new Promise((resolve) => {
    const stopWatching = late.watch()
    const request = begin(outgoing, secure, via, connection.agent)
    const began = performance.now()
    const wait = waiting(outgoing, began)
    const listener = outgoing.listen?.()
    let answer: Recorder | null = null
    let share: Share = () => 1
    let settled = false
    let sentAt = began
    const alarm = alarmAt(wait.until, giveUp)
    const interrupt = (): void => settle(nothing('interrupted', 'the run was interrupted'))

    function giveUp(limit: Limit, at: number): void {
      if (settled) return
      if (!answer) return settle(nothing('timeout', overdue(limit, outgoing)))
      const came = answer.end('hung', at - sentAt)
      shares.givenUp(came, limit, share(limit))
      settle(came)
    }

    function ends(how: Ending): void {
      if (settled || !answer) return
      const came = answer.end(how, performance.now() - sentAt)
      shares.ended(came)
      settle(came)
    }

    function settle(came: Came): void {
      if (settled) return
      settled = true
      stopWatching()
      alarm.stop()
      signal.removeEventListener('abort', interrupt)
      if (came.kind === 'nothing' || came.ends !== 'complete') {
        request.destroy()
        connection.close()
      }
      resolve(came)
    }

    /** The connection stands: what is sent from now on is on its way. */
    function stands(): void {
      sentAt = performance.now()
      if (!request.reusedSocket) connection.setUp = sentAt - began
    }

    request.on('socket', (socket) => {
      if (request.reusedSocket) stands()
      else socket.once(outgoing.url.protocol === 'https:' ? 'secureConnect' : 'connect', stands)
    })
    request.on('finish', () => {
      wait.stirs(performance.now())
    })
    request.on('error', (error) => {
      // Once an answer is there, its own end tells how it ended; bytes behind a complete one, for instance, take nothing from it.
      if (answer) return
      const broke = request.reusedSocket && failed(error).failure === 'reset'
      const came = failed(via ? proxyError(via, `did not answer: ${wordsOf(error)}`) : error)
      settle(broke ? { ...came, reused: true } : came)
    })
    request.on('close', () => {
      // Once an answer is there, its own end tells how it ended.
      if (!answer) settle(nothing('reset', 'the connection was closed without an answer'))
    })
    request.on('response', (response) => {
      const { statusCode: status = 0 } = response
      const headers = pairs(response.rawHeaders)
      if (via && isOfProxy(status, headers)) return settle(failed(proxyError(via, `answered ${status}`)))
      const recorder = (answer = record(status, headers, outgoing))
      share = shares.of(headers)
      wait.answers(performance.now(), share)
      alarm.set()
      response.on('data', (bytes: Buffer) => {
        const now = performance.now()
        const enough = recorder.piece(bytes, late.earliest(now) - sentAt)
        if (enough) return ends(enough)
        wait.hears(now, listener ? listener.hears(bytes) : 'word')
        alarm.set()
      })
      response.on('error', () => ends('cut'))
      // Node says `end` only of a body that ended as it was framed; one that broke off is an error or a close.
      response.on('end', () => ends('complete'))
      response.on('close', () => ends(response.complete ? 'complete' : 'cut'))
    })
    if (signal.aborted) return interrupt()
    signal.addEventListener('abort', interrupt, { once: true })
    alarm.set()
    request.end(outgoing.body ?? undefined)
  })
}

/**
 * Goes off at a moment that moves: call `set` where it may have come nearer. What came while we were busy is read before anyone is
 * blamed for silence.
 */
function alarmAt(
  until: Waiting['until'],
  goesOff: (limit: Limit, at: number) => void,
): { readonly set: () => void; readonly stop: () => void } {
  let timer: NodeJS.Timeout | undefined
  let setFor = Infinity
  let stopped = false

  function set(): void {
    const { at } = until()
    if (stopped || at >= setFor) return
    clearTimeout(timer)
    setFor = at
    timer = after(at - performance.now(), () => {
      setFor = Infinity
      if (performance.now() < until().at) set()
      else setImmediate(look)
    })
  }

  function look(): void {
    const { at, limit } = until()
    if (stopped) return
    if (performance.now() < at) set()
    else goesOff(limit, at)
  }

  function stop(): void {
    stopped = true
    clearTimeout(timer)
  }

  return { set, stop }
}

function begin(
  { method, url, headers, body }: Outgoing,
  secure: boolean,
  via: URL | null,
  agent: http.Agent,
): http.ClientRequest {
  const named = new Set(headers.map(([name]) => name.toLowerCase()))
  const length = body === null || named.has('content-length') ? [] : [['content-length', String(body.length)] as const]
  return beginOn({ secure, via }, agent, { method, url, headers: [...headers, ...length] })
}

interface Beginning extends Pick<Outgoing, 'method' | 'url' | 'headers'> {
  /** Path and query as they are to be written. Default: those of the URL. */
  readonly path?: string
}

/** Begins a request on one way: with these headers, and a host where they name none. Its body is still to be written. */
export function beginOn(
  { secure, via }: Pick<Way, 'secure' | 'via'>,
  agent: http.Agent,
  { method, url, path = `${url.pathname}${url.search}`, headers }: Beginning,
): http.ClientRequest {
  const isNamed = headers.some(([name]) => name.toLowerCase() === 'host')
  const to = via ?? url
  const request = (secure ? https : http).request({
    method,
    host: bare(to.hostname),
    port: to.port || (secure ? 443 : 80),
    path: via ? `${url.origin}${path}` : path,
    headers: [
      ...(isNamed ? [] : [['host', url.host] as const]),
      ...headers,
      ...(via ? proxyAuthorization(via) : []),
    ].flat(),
    agent,
    maxHeaderSize: mostHeaderBytes,
  })
  request.maxHeadersCount = 0
  return request
}

export interface Recorder {
  /** Takes a piece in; the way the body ends, where this piece is the last one we want. */
  piece(bytes: Uint8Array, at: number): 'too-large' | 'hung-up' | null
  end(ends: Ending, at: number): Answered
}

/** Keeps an answer as it comes in, piece by piece, up to what we are ready to read. */
export function record(
  status: number,
  headers: HeaderList,
  { maxBytes, hangUpAfter = Infinity }: Pick<Outgoing, 'maxBytes' | 'hangUpAfter'>,
): Recorder {
  const pieces = keeping()
  const chunks: [at: number, length: number][] = []
  let total = 0

  function piece(bytes: Uint8Array, at: number): 'too-large' | 'hung-up' | null {
    const left = Math.min(maxBytes, hangUpAfter) - total
    const kept = bytes.length <= left ? bytes : bytes.subarray(0, left)
    const last = chunks.at(-1)
    // None came before the one before it, nor before anything was asked.
    const time = Math.max(tenths(at), last?.[0] ?? 0)
    // What came at one moment is one chunk: a flood of single bytes must not cost more than it weighs.
    if (last?.[0] === time) last[1] += kept.length
    else if (kept.length > 0) chunks.push([time, kept.length])
    pieces.add(kept)
    total += kept.length
    if (total >= hangUpAfter) return 'hung-up'
    return kept.length < bytes.length ? 'too-large' : null
  }

  function end(ends: Ending, at: number): Answered {
    // One that is given up ended when its wait was over, but never before what came last.
    const endedAt = Math.max(tenths(at), chunks.at(-1)?.[0] ?? 0)
    return { kind: 'answer', status, headers, body: pieces.whole(), chunks, ends, endedAt }
  }

  return { piece, end }
}

/** Raw headers as Node has them, name and value in turn, as a list of pairs. */
export function pairs(rawHeaders: readonly string[]): HeaderList {
  return rawHeaders.flatMap((name, index) => (index % 2 === 0 ? [[name, rawHeaders[index + 1] ?? ''] as const] : []))
}

function tenths(milliseconds: number): number {
  return Math.round(milliseconds * 10) / 10
}
