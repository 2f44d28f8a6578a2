import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { escapedSpans, unescaped } from './escapes.ts'

const meant = (text: string): string => Buffer.from(unescaped(Buffer.from(text))).toString()

describe('one layer of escapes', () => {
  test.for([
    ['of JSON, in lower and in upper case', '\\u006dock\\u002B\\u002b', 'mock++'],
    ['of JSON, short', '\\"\\/', '"/'],
    ['of JSON beyond ASCII', '\\u00e4\\u6f22', 'ä漢'],
    ['of JSON within JSON within JSON', '\\\\u006d\\\\\\\\u006f\\\\\\"', 'mo"'],
    ['of a backslash', 'a\\\\c', 'a\\c'],
    ['of JavaScript', '\\x6D\\x2b', 'm+'],
    ['of HTML', '&#43;&#x2b;&#X2B;&amp;&lt;&quot;&#39;', '+++&<"\''],
    ['of HTML without the last mark', '&#43 ', '+ '],
    [
      'of HTML, by all of its names',
      '&lowbar;&UnderBar;&lbrack;&lsqb;&QUOT;&amp;AMP;&VerticalLine;a&Tab;b',
      '__[["&|ab',
    ],
    ['of HTML, again and again', '&amp;amp;#43;&amp;amp;', '+&'],
    ['of URLs', 'sk%2Flive%2b%c3%a4', 'sk/live+ä'],
    ['of URLs, again and again', '%252525%25252F', '%/'],
    ['mixed', '\\u0026#43;%5Cn', '&#43;\\n'],
  ])('%s', ([, written, said]) => {
    expect(meant(written ?? '')).toBe(said)
  })

  test.for([
    ['control characters, as they are and escaped', 'm\0o\r\nc\\nk\\u0000\\u001b%00%0a&#7;\u0085', 'mock'],
    ['marks without width or of direction', 'm\u200bo\u202ec\u2066k\ufeff\u00ad\\u200b', 'mock'],
    ['halves of pairs', 'm\\ud83do', 'mo'],
  ])('leaves out %s', ([, written, said]) => {
    expect(meant(written ?? '')).toBe(said)
  })

  test.for([
    'plain',
    'a & b',
    '100 %',
    '%zz',
    '&copy;',
    '&#;',
    '&#xzz;',
    '\\',
    '\\c',
    '\\u00',
    '\\u00zz',
    'é漢😀 \u00a0',
  ])('none in %j: the very same bytes', (text) => {
    const bytes = Buffer.from(text)
    expect(unescaped(bytes)).toBe(bytes)
  })

  test.for([[0xc2, 0x41], [0xe2, 0x41, 0x42], [0xe2, 0x80], [0xef], [0xe2, 0x80, 0x41]])(
    'none in bytes that are no UTF-8: %j',
    (given) => {
      const bytes = Uint8Array.from(given)
      expect(unescaped(bytes)).toBe(bytes)
    },
  )
})

/** Ways to write one character. */
const ways: readonly ((char: string) => string)[] = [
  (char) => char,
  (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  (char) => `\\\\u${char.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`,
  (char) => `&#${char.charCodeAt(0)};`,
  (char) => `&amp;#x${char.charCodeAt(0).toString(16)};`,
  (char) => `%25${char.charCodeAt(0).toString(16).padStart(2, '0')}`,
  (char) => `\u200b${char}`,
]

test('whatever way each character of a word is written, the word is meant, and found where it is written', () => {
  const written = fc.array(fc.constantFrom(...ways), { minLength: 6, maxLength: 6 })
  fc.assert(
    fc.property(written, fc.stringMatching(/^[ .]{0,9}$/), (how, before) => {
      const word = [...'s3cr+t'].map((char, index) => how[index]!(char)).join('')
      const bytes = Buffer.from(`${before}\\n${word}|`)
      expect(meant(bytes.toString())).toBe(`${before}s3cr+t|`)
      const [span] = escapedSpans(bytes, [[before.length, before.length + 6]])
      // What does not show belongs to nobody: a span begins at the first character that does.
      expect(bytes.subarray(...span!).toString()).toBe(word.replace(/^\u200b/, ''))
    }),
  )
})

test('several spans, each where it is written', () => {
  const bytes = Buffer.from('a\\u0062c%64\\ne')
  expect(
    escapedSpans(bytes, [
      [0, 1],
      [1, 3],
      [4, 5],
    ]),
  ).toEqual([
    [0, 1],
    [1, 8],
    [13, 14],
  ])
  expect(escapedSpans(bytes, [])).toEqual([])
})
