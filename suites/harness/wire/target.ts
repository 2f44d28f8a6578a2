import type { Auth } from '../../../schemas/types.ts'
import type { HeaderList } from './exchange.ts'

/** A gateway under test and what is known about it. The key lives here and in outgoing headers, nowhere else. */
export interface Target {
  /** `reference`: the built-in gateway, and every output says so. */
  readonly kind: 'gateway' | 'reference'
  readonly name?: string
  readonly baseUrl: string
  readonly model: string
  readonly smallModel?: string
  readonly auth: Auth
  /** A header of the gateway's own that carries the key, in place of those of the format. */
  readonly keyHeader?: string
  readonly key: string | null
  /** Where the key came from, for the commands we print: the variable's name. */
  readonly keyVariable: string
  readonly headers: HeaderList
  /** Values of `headers` that are secret too. */
  readonly secrets: readonly string[]
  /** The variables those values came from, by header name: for the commands and files we write. */
  readonly headerVariables?: Readonly<Record<string, string>>
  readonly apiVersion: string
  /** Accept a certificate that nobody vouches for. */
  readonly allowSelfSigned?: true
  readonly fault?: string
  /** The target file that says what runs beside it, such as its upstream: no other option does. */
  readonly file?: string
  /** The port on which an upstream was served for it, where that was typed. */
  readonly upstreamPort?: number
}

/** Where a path of the API lies: behind the path of the Base URL, with the query of both. */
export function endpoint(baseUrl: string, path: string): URL {
  const url = new URL(baseUrl)
  const behind = partsBehind(url, path)
  url.pathname = behind.pathname
  url.search = behind.query
  url.hash = ''
  return url
}

/** The same as a request names it, where the path is somebody else's: nothing of it is resolved or escaped anew. */
export function pathBehind(baseUrl: string, path: string): string {
  const { pathname, query } = partsBehind(new URL(baseUrl), path)
  return query === '' ? pathname : `${pathname}?${query}`
}

function partsBehind(base: URL, path: string): { readonly pathname: string; readonly query: string } {
  // Not as a URL: a path that begins with two slashes names no host.
  const [pathname = '', ...asked] = path.split('?')
  return {
    pathname: base.pathname.replace(/\/+$/, '') + pathname,
    query: [base.search.slice(1), asked.join('?')].filter((query) => query !== '').join('&'),
  }
}

/** The documented version that every client in the field still sends; the newer one has fixtures of its own. */
export const defaultApiVersion = '2023-06-01'

/** Where a key is looked for unless another variable is named. */
export const keyVariable = 'GATEWAY_API_KEY'
