import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { printable } from './printable.ts'

test('controls, line ends and turns of direction are spaces', () => {
  expect(printable('a\u001b[31mb\r\nc\u0085d\u2028e\u202ef\u2066g')).toBe('a [31mb  c d e f g')
})

describe('what the runner of a CI job obeys', () => {
  test.for([
    ['##[stop-commands]tok', '# #[stop-commands]tok'],
    ['said ##[add-mask]x, ##vso[task.setvariable]y', 'said # #[add-mask]x, # #vso[task.setvariable]y'],
    ['###[group]', '## #[group]'],
    ['#\u0000#[group]', '# #[group]'],
    ['::error::x', ': :error::x'],
    [' \t::add-mask::x', '  : :add-mask::x'],
    ['x\r\n::set-output name=a::b', 'x  : :set-output name=a::b'],
    ['section_start:1560896352:x\r\u001b[0K', 'section_start :1560896352:x  [0K'],
    ['section_end:1560896352:x\r\u001b[0K', 'section_end :1560896352:x  [0K'],
  ])('%j', ([text = '', harmless]) => {
    expect(printable(text)).toBe(harmless)
  })

  test('and what it does not stays as it is', () => {
    for (const text of ['std::vector', 'a::b', 'x :: y', '## title [1]', '# [x]', '#[x]', 'section_start: x', '::1'])
      expect(printable(text)).toBe(text)
  })

  test('what is harmless once is harmless twice', () => {
    const text = fc
      .array(fc.constantFrom('#', '[', ':', 'a', ' ', '\n', '\u0000', 'section_start:1'))
      .map((all) => all.join(''))
    fc.assert(
      fc.property(text, (given) => {
        expect(printable(printable(given))).toBe(printable(given))
      }),
    )
  })
})
