import type { Failure } from '../../../schemas/types.ts'
import type { NotAnswered } from './exchange.ts'

/** The code of an error that is a proxy's doing. */
export const proxyErrorCode = 'ERR_PROXY'

/** What Node's error codes mean to somebody who runs a gateway. */
const failures: readonly (readonly [code: RegExp, failure: Failure])[] = [
  [/^(ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|EHOSTDOWN|ENETDOWN|EADDRNOTAVAIL|EACCES|EPERM)$/, 'refused'],
  [/^(ENOTFOUND|EAI_\w+|ENODATA)$/, 'unresolved'],
  [/^(ETIMEDOUT|ESOCKETTIMEDOUT)$/, 'timeout'],
  [/CERT|SELF_SIGNED|UNABLE_TO_|CRL_|HOSTNAME_MISMATCH|INVALID_CA|INVALID_PURPOSE|PATH_LENGTH_EXCEEDED/, 'certificate'],
  [/^(HPE_\w+|EPROTO|ERR_SSL_\w+|ERR_HTTP_\w+)$/, 'not-http'],
  [new RegExp(`^${proxyErrorCode}$`), 'proxy'],
]

/** Why there was no answer, from the error that a request ended in. */
export function failed(error: NodeJS.ErrnoException): NotAnswered {
  const code = error.code ?? ''
  return nothing(failures.find(([pattern]) => pattern.test(code))?.[1] ?? 'reset', wordsOf(error))
}

export function nothing(failure: Failure, detail: string): NotAnswered {
  return { kind: 'nothing', failure, detail }
}

/** What an error says. One for several addresses says nothing itself: its first one does. */
export function wordsOf(error: NodeJS.ErrnoException): string {
  const first: unknown = error instanceof AggregateError ? error.errors[0] : error
  return ((first instanceof Error && first.message) || error.code || 'no reason given').trim()
}
