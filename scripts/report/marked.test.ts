import { expect, test } from 'vitest'
import { markedJson } from './marked.ts'

const value = { id: 'm', content: [{ type: 'text', text: '<b>' }], usage: { 'a/b': 1, empty: {} } }
const marked = (...places: string[]): string[] =>
  markedJson(value, places, 10_000, 'more').flatMap(({ markup }) => {
    const [, text] = /^<mark>(.*)<\/mark>\n$/.exec(markup) ?? []
    return text === undefined ? [] : [text.trim()]
  })

test.for<[place: string, line: string]>([
  ['/id', '&quot;id&quot;: &quot;m&quot;,'],
  ['/content/0/text', '&quot;text&quot;: &quot;&lt;b&gt;&quot;'],
  ['/content', '&quot;content&quot;: ['],
  ['/content/0', '{'],
  ['/usage/a~1b', '&quot;a/b&quot;: 1,'],
  ['/usage/input_tokens', '&quot;usage&quot;: {'],
  ['/content/7/text', '&quot;content&quot;: ['],
  ['/stop_reason', '{'],
])('%s', ([place, line]) => {
  expect(marked(place)).toEqual([line])
})

test('what is no place in the value marks nothing', () => {
  expect(marked('status', 'header content-type', 'event 3 /delta')).toEqual([])
})

test('without marks it is what JSON.stringify says, and what is too long ends with a word', () => {
  const text = (most: number): string =>
    markedJson(value, [], most, 'more')
      .map(({ markup }) => markup)
      .join('')
      .replaceAll('&quot;', '"')
      .replaceAll('&lt;', '<')
      .replaceAll('&gt;', '>')
  expect(text(10_000)).toBe(`${JSON.stringify(value, null, 2)}\n`)
  expect(text(20)).toMatch(/^\{\n {2}"id": "m",\n.*more\n$/s)
})
