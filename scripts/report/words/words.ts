import { en, type Words } from './en.ts'
import type { Language } from './languages.ts'
import { zh } from './zh.ts'

export const wordsOf: Readonly<Record<Language, Words>> = { en, zh }
