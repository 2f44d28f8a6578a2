import type { Message } from '../../../schemas/types.ts'
import type { Exchange } from '../wire/exchange.ts'
import { own } from '../wire/json.ts'
import { show } from './finding.ts'
import { each, type PlacedFinding } from './placed.ts'
import { says, textOf } from './text.ts'

/** The word a canary should have brought into the text, and did not; null where it did, or where the exchange has none. */
export function missed(message: Message, { canary, values }: Exchange): string | null {
  const word = canary === undefined ? undefined : own(values, canary)
  return word === undefined || says(message, word) ? null : word
}

/** A canary that the model itself cut off or refused proves nothing. */
export function proves(message: Message, exchange: Exchange): boolean {
  if (missed(message, exchange) === null) return true
  return message.stop_reason !== 'max_tokens' && message.stop_reason !== 'refusal'
}

/**
 * A finding for each message that does not say the word only somebody who read the whole request can know. The word was missed
 * twice then, with different values; whether the model can say a word back at all is what the control in `after` tells.
 */
export function unsaid<N extends string>(
  messages: Readonly<Record<N, Message>>,
  exchanges: Readonly<Record<N, Exchange>>,
): Iterable<PlacedFinding<N>> {
  return each(messages, function* (message, fixture) {
    const word = missed(message, exchanges[fixture])
    if (word !== null) yield { at: '/content', expected: word, actual: show(textOf(message)) }
  })
}
