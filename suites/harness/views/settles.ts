import type { Message } from '../../../schemas/types.ts'
import type { Exchange } from '../wire/exchange.ts'
import { certain } from './holes.ts'
import { see } from './views.ts'

type Settles = NonNullable<Exchange['settles']>

/** What a fixture may ask its exchange to reach. Whether a model gets there is the model's affair; that is why there are two tries. */
const predicates: Readonly<Record<Settles, (message: Message) => boolean>> = {
  tool_use: ({ content }) => content.some(({ type }) => type === 'tool_use'),
  two_tool_uses: ({ content }) => content.filter(({ type }) => type === 'tool_use').length > 1,
  thinking: ({ content }) => content.some(({ type }) => type === 'thinking' || type === 'redacted_thinking'),
  redacted_thinking: ({ content }) => content.some(({ type }) => type === 'redacted_thinking'),
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

/** Whether it did. False too where there is no Message to see it in, and where that cannot be told. */
export function reached(exchange: Exchange): boolean {
  if (exchange.settles === undefined) return true
  const message = see(exchange, 'message')
  return message.is === 'there' && certain(() => settled(exchange, message.value))
}

/** Whether a Message is what its exchange has to reach. Reads holes. */
export function settled({ settles }: Exchange, message: Message): boolean {
  return settles === undefined || predicates[settles](message)
}
