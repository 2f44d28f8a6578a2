import type { Exchange } from '../wire/exchange.ts'
import { header, wholeHeaders } from '../wire/headers.ts'
import type { Finding } from './finding.ts'

/**
 * A finding where the header of an answer is not right, or is missing; `expected` says in words what would be. An absent one says
 * nothing where a recorder may have left it out. `name` in lower case.
 */
export function* wrongHeader(
  exchange: Exchange,
  name: string,
  expected: string,
  isRight: (value: string) => boolean,
): Iterable<Finding> {
  if (exchange.came.kind !== 'answer') return
  const found = header(exchange.came.headers, name)
  if (found === undefined ? !wholeHeaders(exchange) : isRight(found)) return
  yield { at: `header ${name}`, expected, actual: found ?? 'missing' }
}
