import { languageOf, type Typed } from './options.ts'
import { en, type Words } from './report/words/en.ts'
import type { Language } from './report/words/languages.ts'

/** English is there; another language is loaded for those who ask for it. */
const spoken: Readonly<Record<Language, () => Promise<Words>>> = {
  en: () => Promise.resolve(en),
  zh: async () => (await import('./report/words/zh.ts')).zh,
}

/** The words of the language that was asked for. Throws an InputError where it is none of ours. */
export async function wordsFor(typed: Typed): Promise<Words> {
  return spoken[languageOf(typed)]()
}
