import type { HeaderList } from './exchange.ts'

/* What becomes of headers in between: everything goes on as it came, but for what belongs to one connection. */

/** Headers of one connection, not of what is said over it. Source: RFC 9110, section 7.6.1. */
const ofTheConnection: ReadonlySet<string> = new Set([
  ...['connection', 'keep-alive', 'proxy-connection', 'proxy-authenticate', 'proxy-authorization'],
  ...['te', 'trailer', 'transfer-encoding', 'upgrade', 'http2-settings'],
])

/** Those of a message that go on to the other side: in their order, each as it was written. */
export function passedOn(headers: HeaderList): HeaderList {
  const named = headers
    .filter(([name]) => name.toLowerCase() === 'connection')
    .flatMap(([, value]) => value.toLowerCase().split(','))
    .map((name) => name.trim())
  const dropped = new Set([...ofTheConnection, ...named])
  return headers.filter(([name]) => !dropped.has(name.toLowerCase()))
}

/**
 * The headers of a client's request as they go to the upstream: without the host it was sent to, nor the promise to wait for a
 * 100, which was given already; asking for no encoding that cannot be read here; and framed as the body came.
 */
export function asked(method: string, headers: HeaderList): HeaderList {
  const names = new Set(headers.map(([name]) => name.toLowerCase()))
  const framing: HeaderList = names.has('transfer-encoding')
    ? [['transfer-encoding', 'chunked']]
    : names.has('content-length') || bodiless.has(method)
      ? []
      : [['content-length', '0']]
  const kept = passedOn(headers)
    .filter(([name, value]) => !/^(?:host:|expect: *100-continue$)/i.test(`${name}:${value}`))
    .map(([name, value]) =>
      /^accept-encoding$/i.test(name) ? ([name, readable(value)] as const) : ([name, value] as const),
    )
  return [...kept, ...framing]
}

/** Methods whose requests have no body unless they say so. */
const bodiless: ReadonlySet<string> = new Set(['GET', 'HEAD', 'DELETE', 'OPTIONS', 'TRACE'])

/** Of an accept-encoding, what `body.ts` can undo; Node 20 has no zstd. */
function readable(value: string): string {
  const known = value.split(',').map((coding) => coding.trim())
  return (
    known.filter((coding) => /^(?:gzip|x-gzip|deflate|br|identity)\s*(?:;|$)/i.test(coding)).join(', ') || 'identity'
  )
}
