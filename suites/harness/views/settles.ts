import type { Message } from '../../../schemas/types.ts'
import type { Exchange } from '../wire/exchange.ts'
import { see } from './views.ts'

type Settles = NonNullable<Exchange['settles']>

/** What a fixture may ask its exchange to reach. Whether a model gets there is the model's affair; that is why there are two tries. */
const predicates: Readonly<Record<Settles, (message: Message) => boolean>> = {
  tool_use: ({ content }) => content.some(({ type }) => type === 'tool_use'),
  two_tool_uses: ({ content }) => content.filter(({ type }) => type === 'tool_use').length > 1,
  thinking: ({ content }) => content.some(({ type }) => type === 'thinking' || type === 'redacted_thinking'),
  server_tool_use: ({ content }) => content.some(({ type }) => type === 'server_tool_use'),
  citations: ({ content }) =>
    content.some((block) => 'citations' in block && Array.isArray(block.citations) && block.citations.length > 0),
  refusal: ({ stop_reason }) => stop_reason === 'refusal',
  cache_read: ({ usage }) => (usage.cache_read_input_tokens ?? 0) > 0,
}

/** Whether the exchange is one that has to reach something. */
export function settling(exchange: Exchange): boolean {
  return exchange.settles !== undefined
}

/** Whether it did. False too where there is no Message to see it in. */
export function reached(exchange: Exchange): boolean {
  if (exchange.settles === undefined) return true
  const message = see(exchange, 'message')
  return message.is === 'there' && predicates[exchange.settles](message.value)
}

/** All text of a Message, in order: never only its first block, which may well be thinking. */
export function textOf({ content }: Message): string {
  return content.map((block) => ('text' in block && typeof block.text === 'string' ? block.text : '')).join('')
}

/** The word a canary should have brought into the text, and did not; null where it did, or where the exchange has none. */
export function missed(message: Message, { canary, values }: Exchange): string | null {
  const word = canary === undefined ? undefined : values[canary]
  return word === undefined || says(message, word) ? null : word
}

/** A canary that the model itself cut off or refused proves nothing. */
export function proves(message: Message, exchange: Exchange): boolean {
  const withheld = message.stop_reason === 'max_tokens' || message.stop_reason === 'refusal'
  return !withheld || missed(message, exchange) === null
}

/** Whether the text says a word: contained, whatever the case, since endpoints decorate. */
export function says(message: Message, word: string): boolean {
  return textOf(message).toLowerCase().includes(word.toLowerCase())
}
