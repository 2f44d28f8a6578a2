import { languageOf, type Typed } from './options.ts'
import type { Words } from './report/words/en.ts'
import { wordsOf } from './report/words/words.ts'

/** The words of the language that was asked for. Throws an InputError where it is none of ours. */
export function wordsFor(typed: Typed): Words {
  return wordsOf[languageOf(typed)]
}
