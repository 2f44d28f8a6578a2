import { describe, expect, test } from 'vitest'
import { gravest, outcomeOf, type Got, type Raised } from './outcome.ts'

const result = (acts: unknown, books: unknown = null, requests = 1): Got => ({ is: 'result', acts, books, requests })
const notFound: Raised = { name: 'NotFoundError', status: 404, type: 'not_found_error', words: 'no such model' }
const error = (change: Partial<Raised> = {}, requests = 1): Got => {
  return { is: 'error', error: { ...notFound, ...change }, requests }
}
const hung: Got = { is: 'hung', requests: 1 }

describe('what became of a call, beside the same one on the right gateway', () => {
  test.for<[string, right: Got, now: Got]>([
    ['same', result('Hello.', 'msg_1'), result('Hello.', 'msg_1')],
    ['same', error(), error()],
    ['bookkeeping', result('Hello.', { usage: 5 }), result('Hello.', { usage: 0 })],
    ['silently-other', result('Hello.'), result('Hell')],
    ['silently-other', result('Hello.'), result('Hell', null, 2)],
    ['silently-other', error(), result('Hello.')],
    ['recovers', result('Hello.'), result('Hello.', null, 2)],
    ['recovers', result('Hello.', 'msg_1'), result('Hello.', 'msg_2', 2)],
    ['same', result('Hello.', null, 2), result('Hello.', null, 2)],
    ['raises', result('Hello.'), error()],
    ['hangs', result('Hello.'), hung],
    ['hangs', error(), hung],
    ['another-error', error(), error({ status: 400 })],
    ['another-error', error(), error({ type: null })],
    ['another-error', error(), error({ name: 'APIError' })],
    ['other-words', error(), error({ words: 'unknown' })],
  ])('%s', ([outcome, right, now]) => {
    expect(outcomeOf(right, now, true)).toBe(outcome)
  })

  test('where the gateway said the same as the right one, nothing was provoked', () => {
    expect(outcomeOf(result('Hello.'), result('Hello.'), false)).toBe('not-provoked')
  })

  test('but what differs without that is said all the same: an earlier answer may have caused it', () => {
    expect(outcomeOf(result('Hello.'), result('Hell'), false)).toBe('silently-other')
  })

  test('a call that hangs on the right gateway measures nothing', () => {
    expect(() => outcomeOf(hung, hung, true)).toThrow('hangs on the right gateway')
  })
})

test('the gravest of a group stands for it', () => {
  expect(gravest(['same', 'silently-other', 'raises'])).toBe('silently-other')
  expect(gravest(['not-provoked', 'same'])).toBe('same')
  expect(gravest(['recovers', 'bookkeeping'])).toBe('recovers')
  expect(gravest([])).toBe('not-provoked')
})
