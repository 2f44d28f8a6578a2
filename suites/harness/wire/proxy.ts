import http from 'node:http'
import https from 'node:https'
import { BlockList, isIP, isIPv6 } from 'node:net'
import type { Duplex } from 'node:stream'
import tls from 'node:tls'
import { domainToASCII } from 'node:url'
import type { HeaderList } from './exchange.ts'
import { proxyErrorCode, wordsOf } from './failure.ts'
import { header } from './headers.ts'
import { InputError } from './input-error.ts'

type Environment = Readonly<Record<string, string | undefined>>

/**
 * The proxy that the environment names for a URL; null where it names none, or excepts the host. Loopback is never sent through one
 * unless `loopbackToo`. Throws an InputError for a variable that names no proxy we can use: with its name, without its value.
 */
export function proxyFor(url: URL, environment: Environment, loopbackToo = false): URL | null {
  const named =
    given(environment, url.protocol === 'https:' ? 'https_proxy' : 'http_proxy') ?? given(environment, 'all_proxy')
  if (named === null || (!loopbackToo && isLoopback(url.hostname))) return null
  return isExcepted(url, given(environment, 'no_proxy')?.value ?? '') ? null : proxyOf(named)
}

/** A variable that is set, by the name it is set under. */
interface Given {
  readonly variable: string
  readonly value: string
}

/** In lower case first, as curl has it. Empty is as good as unset. */
function given(environment: Environment, name: string): Given | null {
  for (const variable of [name, name.toUpperCase()]) {
    const value = environment[variable]
    if (value) return { variable, value }
  }
  return null
}

function proxyOf({ variable, value }: Given): URL {
  const address = value.includes('://') ? value : `http://${value}`
  if (!/^https?:/i.test(address))
    throw new InputError(
      `${variable} names a proxy of another kind than http and https, which are all that is spoken here: unset it, or name the gateway in NO_PROXY.`,
    )
  if (!URL.canParse(address))
    throw new InputError(
      `${variable} is no URL of a proxy: write it like http://proxy.example:3128, the port not above 65535.`,
    )
  const url = new URL(address)
  if (!isDecodable(url.username) || !isDecodable(url.password))
    throw new InputError(
      `The user name or the password in ${variable} holds a % that escapes nothing: write %25 for the sign itself.`,
    )
  if (url.username !== '' && url.password === '' && !/:@/.test(address))
    throw new InputError(
      `${variable} holds a user name without a password: write user:password@, or user:@ where the proxy wants none.`,
    )
  return url
}

function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text)
    return true
  } catch {
    return false
  }
}

/** Whether the host of a URL is this machine, by its name. */
export function isLoopback(hostname: string): boolean {
  return (
    hostname === 'localhost' || hostname.endsWith('.localhost') || hostname === '[::1]' || hostname.startsWith('127.')
  )
}

/**
 * Whether a NO_PROXY list excepts a URL. Its entries stand between commas or spaces: a host, which covers what is below it, with or
 * without a dot before it; an address, or a range of them as in 10.0.0.0/8; `*` for any host or part of one, as in 10.1.*; each with a
 * port if need be. An address of IPv6 may stand in brackets, and a name in its own letters.
 */
function isExcepted(url: URL, list: string): boolean {
  return list.split(/[\s,]+/).some((entry) => covers(entry.toLowerCase(), url))
}

function covers(entry: string, url: URL): boolean {
  const [, given = '', port] = isIPv6(entry) ? [entry, entry] : (/^(.*?)(?::(\d+))?$/.exec(entry) ?? [])
  if (port !== undefined && port !== portOf(url)) return false
  const host = given.replace(/[[\]]/g, '')
  const hostname = bare(url.hostname).replace(/\.$/, '')
  const written = host.replace(/^\*?\./, '').replace(/\.$/, '')
  if (written.includes('*')) return isLike(hostname, written)
  if (isIP(hostname)) return isAmong(hostname, host)
  const name = domainToASCII(written) || written
  return name !== '' && `.${hostname}`.endsWith(`.${name}`)
}

/** Whether a host is written like this, where each `*` stands for anything. */
function isLike(hostname: string, pattern: string): boolean {
  return new RegExp(`^${pattern.replaceAll(/[^*\w]/g, '\\$&').replaceAll(/\*+/g, '.*')}$`).test(hostname)
}

/** Whether an address is this one, or in this range, however they are written. */
function isAmong(address: string, range: string): boolean {
  const [from = '', bits] = range.split('/', 2)
  const most = isIPv6(from) ? 128 : 32
  const prefix = bits === undefined ? most : /^\d{1,3}$/.test(bits) ? Number(bits) : Infinity
  if (isIP(from) !== isIP(address) || prefix > most) return false
  const list = new BlockList()
  list.addSubnet(from, prefix, family(from))
  return list.check(address, family(address))
}

function family(address: string): 'ipv4' | 'ipv6' {
  return isIPv6(address) ? 'ipv6' : 'ipv4'
}

/** A host without the brackets that an address of IPv6 has in a URL. */
export function bare(hostname: string): string {
  return hostname.replace(/^\[|\]$/g, '')
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

/** Statuses by which a proxy says that it did not get through to where it was asked to go. */
const notThrough: ReadonlySet<number> = new Set([502, 503, 504])

/**
 * Whether an answer that came by a proxy is the proxy's own, and says nothing of the gateway: 407 is never anybody else's, Squid marks
 * its errors, and a 502, 503 or 504 by the hand of a proxy is a gateway's only where it is JSON.
 */
export function isOfProxy(status: number, headers: HeaderList): boolean {
  if (status === 407 || (status >= 400 && header(headers, 'x-squid-error') !== undefined)) return true
  const byHand = headers.some(([name]) => /^(via|proxy-.+)$/i.test(name))
  return notThrough.has(status) && byHand && !/json/i.test(header(headers, 'content-type') ?? '')
}

/** What a proxy did instead of leading on: `answered 407 to CONNECT`. Its host is named, without credentials. */
export function proxyError(proxy: URL, did: string): Error {
  return Object.assign(new Error(`the proxy ${proxy.host} ${did}`), { code: proxyErrorCode })
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
    const host = options.host ?? ''
    const authority = `${isIPv6(host) ? `[${host}]` : host}:${options.port ?? 443}`
    const request = (proxy.protocol === 'https:' ? https : http).request({
      method: 'CONNECT',
      host: bare(proxy.hostname),
      port: portOf(proxy),
      path: authority,
      headers: ['host', authority, ...proxyAuthorization(proxy).flat()],
      agent: false,
    })
    this.asked.add(request)
    request.once('close', () => this.asked.delete(request))
    request.on('error', (error) => connected(proxyError(proxy, `did not answer: ${wordsOf(error)}`)))
    // Any 2xx opens the tunnel, and Node calls each answer to CONNECT by this event. Source: RFC 9110, section 9.3.6.
    request.once('connect', ({ statusCode = 0 }, socket) => {
      if (statusCode >= 200 && statusCode < 300) return connected(null, tls.connect({ ...options, socket }))
      socket.destroy()
      connected(proxyError(proxy, `answered ${statusCode} to CONNECT`))
    })
    request.end()
  }

  override destroy(): void {
    for (const request of this.asked) request.destroy()
    super.destroy()
  }
}
