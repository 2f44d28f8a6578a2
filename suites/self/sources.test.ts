import { expect, test } from 'vitest'
import { catalogue } from '../catalogue.ts'
import { partsOf, type Source } from '../harness/judge/source.ts'

/* What requirements rest on, as far as it can be seen without the documentation: `npm run sources` looks the quotes up. */

const sources = catalogue.map(({ id, level, source }) => ({ id, level, source }))

/** What carries a must: a documented sentence, the code of a client, a measurement. */
const carries: ReadonlySet<Source['kind']> = new Set(['documented', 'code', 'measured'])

test('a must rests on a documented sentence, on code of a client, or on a measurement', () => {
  const bare = sources.filter(({ level, source }) => level === 'must' && !carries.has(source.kind))
  expect(
    bare.map(({ id, source }) => `${id} rests on ${source.kind}: name one of the three, or make it a should`),
  ).toEqual([])
})

test('a quote, and each part of one, has six words or more: less stands anywhere', () => {
  const short = sources.flatMap(({ id, source }) =>
    'quote' in source ? partsOf(source.quote).flatMap((part) => (wordsOf(part) < 6 ? [`${id}: ${part}`] : [])) : [],
  )
  expect(short).toEqual([])
  expect(wordsOf("if (sse.event === 'error')")).toBe(4)
  expect(wordsOf("The reason that Claude's answer stopped.")).toBe(6)
})

function wordsOf(text: string): number {
  return text.match(/[\p{L}\p{N}_](?:['\p{L}\p{N}_]*[\p{L}\p{N}_])?/gu)?.length ?? 0
}

test('a measurement names a version, a day and what was seen', () => {
  const wrong = sources.filter(
    ({ source }) =>
      source.kind === 'measured' &&
      !(/^\d+\.\d+\.\d+$/.test(source.version) && isDay(source.date) && source.finding.length > 20),
  )
  expect(wrong.map(({ id }) => id)).toEqual([])
  expect(['2026-11-25', '2026-02-30', 'November'].map(isDay)).toEqual([true, false, false])
})

function isDay(text: string): boolean {
  const time = Date.parse(`${text}T00:00:00Z`)
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text)
}
