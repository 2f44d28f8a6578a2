import type { Message } from '../../../schemas/types.ts'

/** All text of a Message, in order: never only its first block, which may well be thinking. */
export function textOf({ content }: Message): string {
  return content.map((block) => ('text' in block && typeof block.text === 'string' ? block.text : '')).join('')
}

/** Whether the text says a word: contained, whatever the case, since endpoints decorate. */
export function says(message: Message, word: string): boolean {
  return textOf(message).toLowerCase().includes(word.toLowerCase())
}
