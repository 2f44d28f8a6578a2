import type { Message } from '../../../schemas/types.ts'

/** All text of a Message, in order: never only its first block, which may well be thinking. */
export function textOf({ content }: Message): string {
  return content.map((block) => ('text' in block && typeof block.text === 'string' ? block.text : '')).join('')
}

/**
 * Whether the text says a word, whatever the case and whatever stands around it, since endpoints decorate. A plain word, such as a
 * colour, is not said by one that it is a part of: nothing red is in `rendered`.
 */
export function says(message: Message, word: string): boolean {
  const whole = textOf(message)
  if (!/^[a-z]+$/i.test(word)) return whole.toLowerCase().includes(word.toLowerCase())
  const alone = new RegExp(`(?<![a-z0-9])(?:${word})+(?![a-z0-9])`, 'i')
  // A word may be cut in two blocks, and one block may begin right behind a word that ends another.
  return [whole, ...message.content.map((block) => ('text' in block ? block.text : ''))].some((text) =>
    alone.test(String(text)),
  )
}
