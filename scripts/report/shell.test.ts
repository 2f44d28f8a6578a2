import { execFileSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { scratch } from '../../suites/self/scratch.ts'
import { printable } from './printable.ts'
import { shellWord, type Piece } from './shell.ts'

const environment = { NAME: 'value of $NAME `x` "y"', PATH: process.env['PATH'] ?? '' }

/** The words that a shell makes of a line; nothing else comes of it. */
function wordsOf(shell: string, words: readonly string[]): readonly string[] {
  const folder = scratch()
  const said = execFileSync(shell, ['-c', `printf '%s\\0' ${words.join(' ')}`], {
    cwd: folder,
    env: environment,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  expect(readdirSync(folder)).toEqual([])
  return said.toString().split('\0').slice(0, -1)
}

function meant(pieces: readonly Piece[]): string {
  return pieces.map((piece) => (typeof piece === 'string' ? piece : environment.NAME)).join('')
}

const name = { variable: 'NAME' } as const

const hostile: readonly (readonly Piece[])[] = [
  ['$(touch pwned)'],
  ['`touch pwned`'],
  ['; touch pwned #'],
  ['\n touch pwned \nx'],
  ['&& touch pwned || touch pwned'],
  ['> pwned'],
  ['!! !$ !touch'],
  ['-n'],
  ['--', ''],
  ['~', '/x'],
  ['*'],
  ['[a-z]{b,c}?'],
  ['it\'s "quoted" \\ and \\\\ more\\'],
  ["'"],
  ['$NAME ${NAME} $$'],
  ['a=b'],
  ['=ls'],
  ['%s %d %n \\n \\101'],
  ['\u0007\u001b[31m\u202e漢字😀'],
  ['##[stop-commands]x'],
  ['::error::x'],
  ['section_start:1:x'],
  [''],
  [' '],
  [name],
  ['Bearer ', name],
  [name, 'x', name],
  [name, '', 'x'],
  [name, '', name, '', '_'],
  ['', name, '[0]'],
  ['a: $(touch pwned)', name, '`touch pwned`\n'.trim()],
  [name, '"; touch pwned'],
  ['x\ny ', name, ' z'],
  ['!', name],
  ['\u001b', name],
]

describe.for(['bash', 'sh'])('%s', (shell) => {
  test('takes each for one word that means itself, and runs nothing', () => {
    expect(
      wordsOf(
        shell,
        hostile.map((pieces) => shellWord(...pieces)),
      ),
    ).toEqual(hostile.map(meant))
  })

  test('whatever text and variables are made into', () => {
    const text = fc
      .array(fc.constantFrom(...'a-$`\'"\\!#*?~ =:;&|<>(){}[]%@\n\r\t\u001b\u202eé漢😀', '##[x]', '::x', '$NAME'), {
        maxLength: 12,
      })
      // A shell has no word that ends in a line feed by itself.
      .map((chars) => chars.join('').replace(/\n+$/, ''))
    const word = fc.array(fc.oneof(text, fc.constant(name)), { minLength: 1, maxLength: 3 })
    fc.assert(
      fc.property(fc.array(word, { minLength: 40, maxLength: 60 }), (all) => {
        expect(
          wordsOf(
            shell,
            all.map((pieces) => shellWord(...pieces)),
          ),
        ).toEqual(all.map(meant))
      }),
      { numRuns: 10 },
    )
  })
})

test('is one line, of what can be printed', () => {
  for (const pieces of hostile) {
    const word = shellWord(...pieces)
    expect(word).toBe(printable(word))
  }
})

test('reads as one would write it', () => {
  expect(shellWord('https://gateway.example/a?b=c')).toBe("'https://gateway.example/a?b=c'")
  expect(shellWord('https://gateway.example/a')).toBe('https://gateway.example/a')
  expect(shellWord('authorization: Bearer ', name)).toBe('"authorization: Bearer $NAME"')
  expect(shellWord(name, 'x')).toBe('"${NAME}x"')
  expect(shellWord('a\nb')).toBe('"$(printf \'a\\012b\')"')
})

test('a variable that no shell can have is a mistake of ours', () => {
  expect(() => shellWord({ variable: 'x; touch pwned' })).toThrow(TypeError)
})
