import { setMaxListeners } from 'node:events'
import http from 'node:http'
import https from 'node:https'
import type { Answered, Came, HeaderList, NotAnswered, Outgoing, Transport } from './exchange.ts'
import { proxyAuthorization, proxyFor, TunnelAgent } from './proxy.ts'
import type { Ending, Failure } from '../../../schemas/types.ts'

export interface HttpOptions {
  /** Connections to one host at once; a request above that waits, and its time limits run. Default: as many as are asked for. */
  readonly connections?: number
  /** Accept a certificate that nobody vouches for. */
  readonly allowSelfSigned?: boolean
  /** Where HTTPS_PROXY, HTTP_PROXY and NO_PROXY stand. Default: the process's environment. */
  readonly environment?: Readonly<Record<string, string | undefined>>
  /** Send even loopback through the proxy. */
  readonly proxyLoopback?: boolean
}

export interface HttpTransport extends Transport {
  /** Closes every connection, also those in use. */
  close(): void
}

/** Bytes of response headers above which an answer counts as no HTTP. */
const mostHeaderBytes = 1024 * 1024

/**
 * Sends requests over node:http and node:https, which hide nothing of what is judged: headers raw, repeated and in order, bytes before
 * decoding, the time of each piece. Whatever a gateway does ends as an answer or as nothing; only a proxy variable that is no URL
 * throws. Redirects are not followed. The socket of an earlier answer is used again; where it turns out to have been closed
 * meanwhile, the request is sent once more on a new one, as every HTTP client does.
 */
export function overHttp(options: HttpOptions = {}): HttpTransport {
  const { environment = process.env, proxyLoopback = false } = options
  const agents = new Map<string, http.Agent>()

  function route(url: URL): Route {
    const proxy = proxyFor(url, environment, proxyLoopback)
    const tunnel = url.protocol === 'https:' ? proxy : null
    const via = tunnel ? null : proxy
    const secure = (via ?? url).protocol === 'https:'
    const id = `${secure} ${tunnel?.href ?? ''}`
    let agent = agents.get(id)
    if (!agent) agents.set(id, (agent = agentFor(secure, tunnel, options)))
    return { agent, secure, via }
  }

  async function send(outgoing: Outgoing, signal: AbortSignal): Promise<Came> {
    // Any number of exchanges may wait for the one signal that ends a run.
    setMaxListeners(0, signal)
    const { came, stale } = await exchange(outgoing, route(outgoing.url), signal)
    return stale ? (await exchange(outgoing, route(outgoing.url), signal)).came : came
  }

  const close = (): void => {
    for (const agent of agents.values()) agent.destroy()
  }
  return Object.assign(send, { close })
}

/** How a request travels: by TLS or not, and the proxy that is told the whole URL, where there is one. */
interface Route {
  readonly agent: http.Agent
  readonly secure: boolean
  readonly via: URL | null
}

function agentFor(secure: boolean, tunnel: URL | null, { connections, allowSelfSigned }: HttpOptions): http.Agent {
  const pool = { keepAlive: true, maxSockets: connections ?? Infinity }
  if (!secure) return new http.Agent(pool)
  // Left undefined, and not true, Node still reads NODE_TLS_REJECT_UNAUTHORIZED; NODE_EXTRA_CA_CERTS it always reads.
  const trust = allowSelfSigned ? { rejectUnauthorized: false } : {}
  return tunnel ? new TunnelAgent(tunnel, { ...pool, ...trust }) : new https.Agent({ ...pool, ...trust })
}

/** `stale`: nothing came because the connection, kept from an earlier answer, had been closed. */
function exchange(outgoing: Outgoing, route: Route, signal: AbortSignal): Promise<{ came: Came; stale: boolean }> {
  return new Promise((resolve) => {
    const request = begin(outgoing, route)
    let answer: Recorder | null = null
    let settled = false
    let sentAt = performance.now()
    const idle = setTimeout(
      () => giveUp('hung', 'timeout', `no byte for ${seconds(outgoing.idleTimeout)}`),
      outgoing.idleTimeout,
    )
    const total = setTimeout(
      () => giveUp('hung', 'timeout', `no end in ${seconds(outgoing.totalTimeout)}`),
      outgoing.totalTimeout,
    )
    const interrupt = (): void => settle(nothing('interrupted', 'the run was interrupted'))

    function settle(came: Came, stale = false): void {
      if (settled) return
      settled = true
      clearTimeout(idle)
      clearTimeout(total)
      signal.removeEventListener('abort', interrupt)
      if (came.kind === 'nothing' || came.ends !== 'complete') request.destroy()
      resolve({ came, stale })
    }

    function giveUp(ends: Ending, failure: Failure, detail: string): void {
      if (!settled) settle(answer ? answer.end(ends, performance.now() - sentAt) : nothing(failure, detail))
    }

    function ended(response: http.IncomingMessage): void {
      giveUp(response.complete ? 'complete' : 'cut', 'reset', '')
    }

    request.on('socket', (socket) => {
      if (request.reusedSocket) sentAt = performance.now()
      else
        socket.once(
          outgoing.url.protocol === 'https:' ? 'secureConnect' : 'connect',
          () => (sentAt = performance.now()),
        )
    })
    request.on('finish', () => idle.refresh())
    request.on('error', (error) => {
      // Once an answer is there, its own end tells how it ended; bytes behind a complete one, for instance, take nothing from it.
      if (answer) return
      const came = failed(error)
      settle(came, request.reusedSocket && came.failure === 'reset' && !signal.aborted)
    })
    request.on('close', () => {
      // Once an answer is there, its own end tells how it ended.
      if (!answer) giveUp('cut', 'reset', 'the connection was closed without an answer')
    })
    request.on('response', (response) => {
      const recorder = (answer = record(response.statusCode ?? 0, pairs(response.rawHeaders), outgoing))
      idle.refresh()
      response.on('data', (bytes: Buffer) => {
        idle.refresh()
        const ends = recorder.piece(bytes, performance.now() - sentAt)
        if (ends) giveUp(ends, 'reset', '')
      })
      response.on('error', () => giveUp('cut', 'reset', ''))
      // Node says `end` only of a body that ended as it was framed; one that broke off is an error or a close.
      response.on('end', () => giveUp('complete', 'reset', ''))
      response.on('close', () => ended(response))
    })
    if (signal.aborted) return interrupt()
    signal.addEventListener('abort', interrupt, { once: true })
    request.end(outgoing.body ?? undefined)
  })
}

function begin({ method, url, headers, body }: Outgoing, { agent, secure, via }: Route): http.ClientRequest {
  const named = new Set(headers.map(([name]) => name.toLowerCase()))
  const own: HeaderList = [
    ...(named.has('host') ? [] : [['host', url.host] as const]),
    ...headers,
    ...(body === null || named.has('content-length') ? [] : [['content-length', String(body.length)] as const]),
    ...(via ? proxyAuthorization(via) : []),
  ]
  const to = via ?? url
  const request = (secure ? https : http).request({
    method,
    host: to.hostname.replace(/^\[|\]$/g, ''),
    port: to.port || (secure ? 443 : 80),
    path: via ? url.href.split('#', 1)[0] : `${url.pathname}${url.search}`,
    headers: own.flat(),
    agent,
    maxHeaderSize: mostHeaderBytes,
  })
  request.maxHeadersCount = 0
  return request
}

interface Recorder {
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
  const pieces: Uint8Array[] = []
  const chunks: [at: number, length: number][] = []
  let total = 0

  function piece(bytes: Uint8Array, at: number): 'too-large' | 'hung-up' | null {
    const kept = bytes.subarray(0, Math.min(maxBytes, hangUpAfter) - total)
    const time = tenths(at)
    const last = chunks.at(-1)
    // What came at one moment is one chunk: a flood of single bytes must not cost more than it weighs.
    if (last?.[0] === time) last[1] += kept.length
    else if (kept.length > 0) chunks.push([time, kept.length])
    pieces.push(kept)
    total += kept.length
    if (total >= hangUpAfter) return 'hung-up'
    return kept.length < bytes.length ? 'too-large' : null
  }

  function end(ends: Ending, at: number): Answered {
    return { kind: 'answer', status, headers, body: Buffer.concat(pieces), chunks, ends, endedAt: tenths(at) }
  }

  return { piece, end }
}

function pairs(rawHeaders: readonly string[]): HeaderList {
  return rawHeaders.flatMap((name, index) => (index % 2 === 0 ? [[name, rawHeaders[index + 1] ?? ''] as const] : []))
}

function tenths(milliseconds: number): number {
  return Math.round(milliseconds * 10) / 10
}

function seconds(milliseconds: number): string {
  return `${milliseconds / 1000} s`
}

function nothing(failure: Failure, detail: string): NotAnswered {
  return { kind: 'nothing', failure, detail }
}

/** What Node's error codes mean to somebody who runs a gateway. */
const failures: readonly (readonly [code: RegExp, failure: Failure])[] = [
  [/^(ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|EHOSTDOWN|ENETDOWN|EADDRNOTAVAIL|EACCES|EPERM)$/, 'refused'],
  [/^(ENOTFOUND|EAI_\w+|ENODATA)$/, 'unresolved'],
  [/^(ETIMEDOUT|ESOCKETTIMEDOUT)$/, 'timeout'],
  [/CERT|SELF_SIGNED|UNABLE_TO_|CRL_|HOSTNAME_MISMATCH|INVALID_CA|INVALID_PURPOSE|PATH_LENGTH_EXCEEDED/, 'certificate'],
  [/^(HPE_\w+|EPROTO|ERR_SSL_\w+|ERR_HTTP_\w+)$/, 'not-http'],
]

function failed(error: NodeJS.ErrnoException): NotAnswered {
  const code = error.code ?? ''
  const failure = failures.find(([pattern]) => pattern.test(code))?.[1] ?? 'reset'
  const first = error instanceof AggregateError ? (error.errors[0] as Error) : error
  return nothing(failure, (first.message || code).trim())
}
