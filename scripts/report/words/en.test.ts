import { expect, test } from 'vitest'
import { en } from './en.ts'

/* One of a thing is said as one, wherever a count stands before a word. */

const { html } = en

test.for<[one: string, more: string, said: (count: number) => string]>([
  ['1 holds', '2 hold', (count) => `${count} ${en.outcomeCounted('holds', count)}`],
  ['1 not judged', '2 not judged', (count) => `${count} ${en.outcomeCounted('unjudged', count)}`],
  ['1 request was sent.', '2 requests were sent.', en.sent],
  ['a.har: 1 exchange.', 'a.har: 2 exchanges.', (count) => en.recording('a.har', count, null)],
  ['1 of 9 targets was not come to.', '2 of 9 targets were not come to.', (count) => en.notComeTo(count, 9)],
  [
    '1 of 9 targets does not keep its promises.',
    '2 of 9 targets do not keep their promises.',
    (count) => en.targetsBroken(count, 9),
  ],
  ['1 more exchange', '2 more exchanges', html.moreExchanges],
  ['1 more event', '2 more events', html.moreEvents],
  ['1 byte that cannot be read: gzip', '2 bytes that cannot be read: gzip', (count) => html.unreadable(count, 'gzip')],
  ['The stream: 1 event', 'The stream: 2 events', (count) => html.stream(count, true)],
  ['The stream: its first 1 event', 'The stream: its first 2 events', (count) => html.stream(count, false)],
])('%s, %s', ([one, more, said]) => {
  expect([said(1), said(2)]).toEqual([one, more])
})
