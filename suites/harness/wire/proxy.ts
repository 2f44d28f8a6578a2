import http from 'node:http'
import https from 'node:https'
import type { Duplex } from 'node:stream'
import tls from 'node:tls'

type Environment = Readonly<Record<string, string | undefined>>

/**
 * The proxy that the environment names for a URL; null where it names none, or excepts the host. Loopback is never sent through one
 * unless `loopbackToo`. A NO_PROXY entry is a host, which covers what is below it, with a port if need be; `*` is everything.
 * Throws a TypeError for a variable that is no URL, without its value.
 */
export function proxyFor(url: URL, environment: Environment, loopbackToo = false): URL | null {
  const name = url.protocol === 'https:' ? 'https_proxy' : 'http_proxy'
  const proxy = given(environment, name) ?? given(environment, 'all_proxy')
  if (proxy === null || (!loopbackToo && isLoopback(url.hostname))) return null
  const excepted = (given(environment, 'no_proxy') ?? '').split(',').map((entry) => entry.trim().toLowerCase())
  if (excepted.some((entry) => covers(entry, url))) return null
  const address = proxy.includes('://') ? proxy : `http://${proxy}`
  if (!URL.canParse(address) || !/^https?:/i.test(address))
    throw new TypeError(`${name.toUpperCase()} is no http or https URL.`)
  return new URL(address)
}

/** In lower case first, as curl has it. Empty is as good as unset. */
function given(environment: Environment, name: string): string | null {
  return environment[name] || environment[name.toUpperCase()] || null
}

function isLoopback(hostname: string): boolean {
  return (
    hostname === 'localhost' || hostname.endsWith('.localhost') || hostname === '[::1]' || hostname.startsWith('127.')
  )
}

function covers(entry: string, url: URL): boolean {
  if (entry === '*') return true
  const [, host = '', port] = /^\*?\.?(.*?)(?::(\d+))?$/.exec(entry) ?? []
  if (host === '' || (port !== undefined && port !== portOf(url))) return false
  return url.hostname === host || url.hostname.endsWith(`.${host}`)
}

function portOf(url: URL): string {
  return url.port || (url.protocol === 'https:' ? '443' : '80')
}

/** The header that a proxy with a user name and password in its URL wants. */
export function proxyAuthorization(proxy: URL): readonly (readonly [name: string, value: string])[] {
  if (proxy.username === '' && proxy.password === '') return []
  const credentials = `${decodeURIComponent(proxy.username)}:${decodeURIComponent(proxy.password)}`
  return [['proxy-authorization', `Basic ${Buffer.from(credentials).toString('base64')}`]]
}

type Connected = (error: Error | null, socket?: Duplex) => void

/** An agent whose TLS connections go through a proxy, by CONNECT. */
export class TunnelAgent extends https.Agent {
  private readonly proxy: URL
  private readonly asked = new Set<http.ClientRequest>()

  constructor(proxy: URL, options: https.AgentOptions) {
    super(options)
    this.proxy = proxy
  }

  override createConnection(options: tls.ConnectionOptions, connected: Connected): undefined {
    const { proxy } = this
    const authority = `${options.host ?? ''}:${options.port ?? 443}`
    const request = (proxy.protocol === 'https:' ? https : http).request({
      method: 'CONNECT',
      host: proxy.hostname.replace(/^\[|\]$/g, ''),
      port: portOf(proxy),
      path: authority,
      headers: ['host', authority, ...proxyAuthorization(proxy).flat()],
      agent: false,
    })
    this.asked.add(request)
    request.once('close', () => this.asked.delete(request))
    request.once('error', connected)
    request.once('response', (response) => {
      response.destroy()
      connected(tunnelError(proxy, response.statusCode))
    })
    request.once('connect', (response, socket) => {
      if (response.statusCode !== 200) {
        socket.destroy()
        return connected(tunnelError(proxy, response.statusCode))
      }
      connected(null, tls.connect({ ...options, socket }))
    })
    request.end()
  }

  override destroy(): void {
    for (const request of this.asked) request.destroy()
    super.destroy()
  }
}

function tunnelError(proxy: URL, status = 0): Error {
  const message = `the proxy ${proxy.host} answered ${status} to CONNECT`
  return Object.assign(new Error(message), { code: 'ECONNREFUSED' })
}
