import { describe, expect, test } from 'vitest'
import { typed } from '../typed.ts'
import { recorded } from './recorded.ts'
import { answeredTo, askings, otherwise, pairs, vocabulariesOf } from './vocabulary.ts'
import { secret } from './words.ts'

/*
 * No word is judged by its being known to JavaScript: wherever a gateway, a file or a line may say one, `constructor` and `__proto__`
 * are what any other unknown word is. scripts/fuzz puts them everywhere by chance; here they stand in every vocabulary there is.
 */

const given = await recorded()

/** One of each kind: what a table would give for them are functions, one that makes something of anything, and an object. */
const telling = ['toString', 'constructor', '__proto__', 'then']
const some = pairs.filter(([known]) => telling.includes(known))

describe('a word that JavaScript knows is judged as any unknown one, as', () => {
  test.for(vocabulariesOf(given))('%s', ([, put]) => {
    for (const pair of some) expect([pair, otherwise(put, pair, given)]).toEqual([pair, null])
  })
})

describe('the reference answers a word that JavaScript knows as any unknown one, as', () => {
  test.for(askings)('%s', async ([, asks]) => {
    for (const [known, unknown] of some)
      expect([known, await answeredTo(asks(known))]).toEqual([known, await answeredTo(asks(unknown))])
  })
})

describe('a word that JavaScript knows is nothing that can be typed, as', () => {
  test.for<[about: string, line: (word: string) => readonly string[]]>([
    ['a command', (word) => [word]],
    ['an option', (word) => ['list', `--${word}`]],
    ['an option with a value', (word) => ['plan', `--${word}=1`]],
    ['an id', (word) => ['explain', word]],
    ['a requirement', (word) => ['plan', '--only', word]],
    ['a fixture', (word) => ['plan', '--fixture', word]],
    ['a fixture that streams', (word) => ['plan', '--fixture', `${word}:stream`]],
    ['a capability', (word) => ['plan', '--require', word]],
    ['what is lacked', (word) => ['plan', '--lacks', word]],
    ['a profile', (word) => ['plan', '--profile', word]],
    ['a fault', (word) => ['check', '--fault', word]],
    ['a variant', (word) => ['mock', '--variant', word]],
    [
      'an environment variable',
      (word) => ['check', '--base-url', 'http://127.0.0.1:9', '--model', 'm', '--key-env', word],
    ],
    [
      'a variable of a header',
      (word) => ['check', '--base-url', 'http://127.0.0.1:9', '--model', 'm', '--header-env', `x-secret=${word}`],
    ],
    ['a file', (word) => ['judge', word]],
  ])('%s', async ([, line]) => {
    for (const [known] of pairs) {
      const { code, out, err } = await typed(line(known), { GATEWAY_API_KEY: secret })
      expect([known, code, out]).toEqual([known, 2, ''])
      expect(err.trim().split('\n')).toHaveLength(1)
      expect(err).not.toContain('mistake of its own')
    }
  })
})
