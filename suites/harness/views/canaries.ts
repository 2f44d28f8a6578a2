import type { Message } from '../../../schemas/types.ts'
import type { Exchange } from '../wire/exchange.ts'
import { missed, textOf } from './settles.ts'
import { show } from './shape.ts'

/**
 * A finding for each message that does not say the word only somebody who read the whole request can know. The word was missed
 * twice then, with different values; whether the model can say a word back at all is what the control in `after` tells.
 */
export function* unsaid<N extends string>(
  messages: Readonly<Record<N, Message>>,
  exchanges: Readonly<Record<N, Exchange>>,
) {
  for (const fixture of Object.keys(messages) as N[]) {
    const word = missed(messages[fixture], exchanges[fixture])
    if (word !== null) yield { fixture, at: '/content', expected: word, actual: show(textOf(messages[fixture])) }
  }
}
