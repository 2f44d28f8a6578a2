import type { Dialect } from '../../../schemas/types.ts'
import type { Exchange } from '../wire/exchange.ts'
import { see } from './views.ts'

/** The protocol in which an exchange was handed on to its upstream; null where it was not, nobody looked, or it cannot be read. */
export function dialectBehind(exchange: Exchange): Dialect | null {
  if (!exchange.arrivals) return null
  try {
    const passage = see(exchange, 'passage')
    return passage.is === 'there' ? passage.value.dialect : null
  } catch {
    // Where reading fails by a mistake of ours, the requirements say so.
    return null
  }
}
