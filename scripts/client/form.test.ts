import { expect, test } from 'vitest'
import { asksAgain, asksOtherwise, formOf, type Asked } from './form.ts'

const body = { model: 'm', max_tokens: 1, stream: true, messages: [{ role: 'user', content: 'hi' }] }
const asked = (change: object = {}, path = '/v1/messages'): Asked => ({
  method: 'POST',
  path,
  headers: [],
  body: JSON.stringify({ ...body, ...change }),
})

test.for<[about: string, other: Asked, same: boolean]>([
  ['the same', asked(), true],
  ['other words, and another session', asked({ messages: [{ role: 'user', content: 'It is Monday.' }] }), true],
  ['another query', asked({}, '/v1/messages?beta=true'), true],
  ['no stream', asked({ stream: false }), false],
  ['a field less', asked({ max_tokens: undefined }), false],
  ['a turn more', asked({ messages: [...body.messages, ...body.messages] }), false],
  ['another endpoint', asked({}, '/v1/messages/count_tokens'), false],
  ['no body', { ...asked(), body: null }, false],
  ['a body that is no JSON', { ...asked(), body: '{' }, false],
])('%s', ([, other, same]) => {
  expect(formOf(other) === formOf(asked())).toBe(same)
})

test.for<[about: string, forms: string[], others: string[][], again: boolean, otherwise: boolean]>([
  ['the same', ['a', 'b'], [['a', 'b']], false, false],
  ['the same in another order', ['b', 'a'], [['a', 'b']], false, false],
  ['once more', ['a', 'b', 'b'], [['a', 'b']], true, true],
  ['something else', ['a', 'c'], [['a', 'b']], false, true],
  ['less', ['a'], [['a', 'b']], false, true],
  ['as one of the others', ['a', 'a'], [['a'], ['a', 'a']], false, false],
])('asked %s', ([, forms, others, again, otherwise]) => {
  expect([asksAgain(forms, others), asksOtherwise(forms, others)]).toEqual([again, otherwise])
})
