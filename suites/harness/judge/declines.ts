import type { Exchange } from '../wire/exchange.ts'
import type { GatesSubject } from './requirement.ts'
import { see } from '../views/views.ts'

const politely = [400, 403, 404, 405, 422, 501]
const noSuchEndpoint = [404, 405, 501]

/**
 * Whether a probe's answer declines the capability: refused in the envelope with a status that says "not here", whatever the words.
 * 401, 408, 413 and 429 never decline, and 5xx is a failure, not an answer.
 */
export function declines(probe: Exchange, gate: GatesSubject): boolean {
  if (probe.came.kind !== 'answer') return false
  const { status } = probe.came
  if (gate.endpoint && noSuchEndpoint.includes(status)) return true
  return (gate.declinedBy ?? politely).includes(status) && see(probe, 'error').is === 'there'
}
