import type { Exchange } from '../wire/exchange.ts'
import { saysBusy } from './busy.ts'
import { see } from './views.ts'
import type { RequirementId } from '../../ids.ts'
import { isObject } from '../wire/json.ts'
import type { Finding } from './finding.ts'
import { each, type PlacedFinding } from './placed.ts'
import { peek, Unreadable } from './holes.ts'

/** Why a valid request was not served: another status than 200, or an error event in the stream; null where it was. */
export function refusal(exchange: Exchange): Finding | null {
  if (exchange.came.kind !== 'answer') return { at: 'status', expected: '200', actual: 'no answer' }
  const { status } = exchange.came
  if (status !== 200) return { at: 'status', expected: '200', actual: `${status}${errorType(exchange)}` }
  const error = streamError(exchange)
  const found = error ? foundOfError(exchange) : []
  // oxlint-disable-next-line no-throw-literal -- what is wrong with the event is a finding already
  if (found.length > 0) throw new Unreadable(found)
  return error ? { at: `event ${error.number}`, expected: 'an answer', actual: `an error event: ${error.type}` } : null
}

/** A finding for each exchange that was not served. For requirements that read `answer`. */
export function unserved<N extends string>(exchanges: Readonly<Record<N, Exchange>>): Iterable<PlacedFinding<N>> {
  return each(exchanges, function* (exchange) {
    const finding = refusal(exchange)
    if (finding) yield finding
  })
}

/** Nothing that could be judged came, and that is not (yet) the gateway's breach: no answer at all, or rate limit and overload. */
export function withoutAnswer(exchange: Exchange): 'no-answer' | 'rate-limited' | null {
  if (exchange.came.kind === 'nothing') return 'no-answer'
  if (saysBusy(exchange.came)) return 'rate-limited'
  const type = streamError(exchange)?.type
  return type === 'overloaded_error' || type === 'rate_limit_error' ? 'rate-limited' : null
}

/** Who found something wrong with the error event of a stream: that is told once, and not by each that wanted an answer. */
export function foundOfError(exchange: Exchange): readonly RequirementId[] {
  const events = see(exchange, 'events')
  const found = events.is === 'there' ? events.found : []
  return found.flatMap(({ by }) => (ofErrorEvents.has(by) ? [by] : []))
}

/** The requirements that find something wrong with an error event. */
export const ofErrorEvents: ReadonlySet<RequirementId> = new Set<RequirementId>([
  'streaming/nothing-after-error',
  'errors/in-stream-envelope',
])

function streamError(exchange: Exchange): { number: number; type: string } | null {
  const events = see(exchange, 'events')
  if (events.is !== 'there' || !events.value.error) return null
  const { number, data } = events.value.error
  const error = peek(data, 'error')
  return { number, type: String((isObject(error) ? peek(error, 'type') : null) ?? 'error') }
}

function errorType(exchange: Exchange): string {
  const error = see(exchange, 'error')
  return error.is === 'there' ? ` ${error.value.error.type}` : ''
}
