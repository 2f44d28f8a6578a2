import { describe, expect, test } from 'vitest'
import { message } from '../../../schemas/examples.ts'
import type { RequirementId } from '../../ids.ts'
import type { Exchange } from '../wire/exchange.ts'
import { answered, event, exchange, failed, hello, streamed, unanswered } from './examples.ts'
import { attempt } from './holes.ts'
import { foundOfError, refusal, unserved, withoutAnswer } from './served.ts'

const errorEvent = (type: unknown) => streamed([event.start(), { type: 'error', error: { type, message: 'No.' } }])
const foreignError = exchange(answered('event: error\ndata: {"type":"error","error":"overloaded_error"}\n\n'), {
  asks: { stream: true },
})

describe('why it was not served', () => {
  test.for<[about: string, exchange: Exchange, at: string | null, actual?: string]>([
    ['a Message', exchange(answered(message)), null],
    ['a stream', streamed(hello), null],
    ['a 200 that is no Message', exchange(answered('Hello')), null],
    ['a stream out of order', streamed([event.last]), null],
    ['nothing', exchange(unanswered), 'status', 'no answer'],
    ['an envelope', exchange(failed(529, 'overloaded_error')), 'status', '529 overloaded_error'],
    ['an error without an envelope', exchange(answered('Bad gateway', { status: 502 })), 'status', '502'],
    ['another success', exchange(answered('', { status: 204 })), 'status', '204'],
    ['a redirect', exchange(answered('', { status: 302 })), 'status', '302'],
    ['an error event', errorEvent('api_error'), 'event 2', 'an error event: api_error'],
    ['a lone error event', streamed([event.ping, event.error]), 'event 2', 'an error event: overloaded_error'],
  ])('%s', ([, one, at, actual]) => {
    const finding = at && { at, expected: at === 'status' ? '200' : 'an answer', actual }
    expect(refusal(one)).toEqual(finding)
  })
})

test.for<[about: string, exchange: Exchange, by: RequirementId]>([
  ['no envelope', foreignError, 'errors/in-stream-envelope'],
  ['not the last word', streamed([event.error, event.ping, event.last]), 'streaming/nothing-after-error'],
])('an error event that is wrong itself is told once, by who found it: %s', ([, one, by]) => {
  expect(foundOfError(one)).toEqual([by])
  expect(attempt(() => refusal(one))).toMatchObject({ ok: false, by: [by] })
  expect(attempt(() => [...unserved({ 'a/one': one })])).toMatchObject({ ok: false, by: [by] })
})

test('whatever else is wrong with its stream', () => {
  const one = streamed([event.start(), event.block(3), event.error])
  expect(foundOfError(one)).toEqual([])
  expect(refusal(one)).toMatchObject({ at: 'event 3' })
})

test('a finding for each that was not served, by fixture', () => {
  const exchanges = {
    'a/one': exchange(failed(500)),
    'a/two': exchange(answered(message)),
    'a/three': exchange(unanswered),
  }
  expect([...unserved(exchanges)]).toEqual([
    { fixture: 'a/one', at: 'status', expected: '200', actual: '500 api_error' },
    { fixture: 'a/three', at: 'status', expected: '200', actual: 'no answer' },
  ])
})

const back = exchange(answered('', { status: 503, headers: [['Retry-After', '30']] }))

describe('nothing came that could be judged', () => {
  test.for<[about: string, exchange: Exchange, why: ReturnType<typeof withoutAnswer>]>([
    ['nothing', exchange(unanswered), 'no-answer'],
    ['429', exchange(failed(429, 'rate_limit_error')), 'rate-limited'],
    ['529', exchange(failed(529, 'overloaded_error')), 'rate-limited'],
    ['503 that says when to come back', back, 'rate-limited'],
    ['503 that does not', exchange(failed(503)), null],
    ['429 with a page', exchange(answered('<h1>Slow down</h1>', { status: 429 })), 'rate-limited'],
    ['an overload in the stream', errorEvent('overloaded_error'), 'rate-limited'],
    ['a rate limit in the stream', errorEvent('rate_limit_error'), 'rate-limited'],
    ['another error in the stream', errorEvent('api_error'), null],
    ['an error in the stream that is no envelope', foreignError, null],
    ['500', exchange(failed(500)), null],
    ['400 that speaks of an overload', exchange(failed(400, 'overloaded_error')), null],
    ['a Message', exchange(answered(message)), null],
    ['a stream', streamed(hello), null],
  ])('%s', ([, one, why]) => {
    expect(withoutAnswer(one)).toBe(why)
  })
})
