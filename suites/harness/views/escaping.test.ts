import { describe, expect, test } from 'vitest'
import { requests } from '../../../fixtures/requests.ts'
import { isComparable, misescaped } from './escaping.ts'

const whole = requests['tools/unicode'].values?.[0]?.['content'] ?? ''
const found = (actual: string, expected = whole): readonly string[] =>
  [...misescaped(expected, actual)].map(({ words, actual: now }) => `${words.join(' ')}: ${JSON.stringify(now)}`)

describe('what a broken escaping does', () => {
  const cases: readonly (readonly [string, (text: string) => string, string])[] = [
    ['line feeds as backslash and n', (text) => text.replaceAll('\n', String.raw`\n`), String.raw`delta echo: "'\\n"`],
    ['tabs as backslash and t', (text) => text.replaceAll('\t', String.raw`\t`), String.raw`foxtrot golf: "\\t"`],
    ['escaped twice', (text) => JSON.stringify(text).slice(1, -1), String.raw`alpha bravo: " \\\""`],
    [
      'read twice',
      (text) => text.replaceAll(/\\([nt])/g, (_, c) => (c === 'n' ? '\n' : '\t')),
      String.raw`echo foxtrot: " \n\t "`,
    ],
    ['entities', (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;'), 'golf hotel: "\\n&lt;"'],
    ['entities with numbers', (text) => text.replaceAll('"', '&#34;'), 'alpha bravo: " &#34;"'],
    ['entities read', (text) => text.replaceAll('&amp;', '&'), 'juliet kilo: " & "'],
    ['quotes lost', (text) => text.replaceAll('"', ''), 'alpha bravo: " "'],
    ['backslashes lost', (text) => text.replaceAll('\\', ''), 'echo foxtrot: " nt "'],
    ['question marks', (text) => text.replaceAll(/[^\0-\x7f]/gu, '?'), 'november oscar: " ? "'],
    ['two question marks for a pair', (text) => text.replaceAll(/[^\0-\x7f]/g, '?'), 'november oscar: " ?? "'],
    ['half a pair', (text) => text.replaceAll('\uD83E', ''), 'november oscar: " \\udd89 "'],
    ['replacement characters', (text) => text.replaceAll('é', '\uFFFD'), 'papa quebec: " \uFFFD "'],
    [
      'escapes for what is not ASCII',
      (text) => text.replaceAll('\u2028', String.raw`\u2028`),
      String.raw`quebec romeo: "\\u2028"`,
    ],
    ['apostrophes lost', (text) => text.replaceAll("'", ''), 'charlie delta: " "'],
    ['brackets lost', (text) => text.replaceAll('<', ''), 'golf hotel: "\\n"'],
    ['a carriage return before each line feed', (text) => text.replaceAll('\n', '\r\n'), `delta echo: "'\\r\\n"`],
    ['an emoji lost', (text) => text.replaceAll('🦉', ''), 'november oscar: "  "'],
  ]
  test.for(cases)('%s', ([, change, expected]) => {
    expect(found(change(whole))).toContain(expected)
  })
})

describe('what a model does', () => {
  const cases: readonly (readonly [string, (text: string) => string])[] = [
    ['nothing', (text) => text],
    ['ends with a line feed', (text) => `${text}\n`],
    ['begins with one', (text) => `\n${text}`],
    ['four blanks for a tab', (text) => text.replaceAll('\t', '    ')],
    ['a line feed for a line separator', (text) => text.replaceAll('\u2028', '\n')],
    ['no line separator', (text) => text.replaceAll('\u2028', '')],
    ['curly quotes', (text) => text.replaceAll('"', '”')],
    ['another text', () => 'A file about birds.'],
    ['half of it', (text) => text.slice(0, 40)],
    ['words in another order', (text) => text.split(' ').toReversed().join(' ')],
  ]
  test.for(cases)('%s', ([, change]) => expect(found(change(whole))).toEqual([]))
})

test('a text of which nothing is there cannot be compared', () => {
  expect(isComparable(whole, whole)).toBe(true)
  expect(isComparable(whole, 'A file about birds.')).toBe(false)
  expect(isComparable(whole, '')).toBe(false)
})

test('both tries of the fixture hold every character that is escaped somewhere', () => {
  for (const { content = '' } of requests['tools/unicode'].values ?? [])
    for (const character of ['"', "'", '\\', '\n', '\t', '<', '>', '&', '{', '\u2028'])
      expect(content).toContain(character)
})
