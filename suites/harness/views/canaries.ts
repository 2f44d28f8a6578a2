import type { Message } from '../../../schemas/types.ts'
import type { Exchange } from '../wire/exchange.ts'
import { asked } from './asked.ts'
import { objects, own } from '../wire/json.ts'
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
  return !isWithheld(message)
}

/** Whether a model cut its answer off, or refused: what is not in it says nothing of the gateway. */
export function isWithheld({ stop_reason }: Message): boolean {
  return stop_reason === 'max_tokens' || stop_reason === 'refusal'
}

/**
 * A finding for each message that does not say the word only somebody who read the whole request can know. The word was missed
 * twice then, with different values. Whether the model says such a word at all is what the control in `after` tells: the same request
 * with the word in plain sight.
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

/**
 * A finding for each control that is not met: the word in plain sight is not said, or the whole question is said back with it, as
 * by whoever says back whatever comes, and understands nothing.
 */
export function unmet<N extends string>(
  messages: Readonly<Record<N, Message>>,
  exchanges: Readonly<Record<N, Exchange>>,
): Iterable<PlacedFinding<N>> {
  return each(messages, function* (message, fixture) {
    const exchange = exchanges[fixture]
    const text = textOf(message)
    const word = missed(message, exchange)
    if (word !== null) yield { at: '/content', expected: word, actual: show(text) }
    else if (spaced(text).includes(spaced(questionOf(exchange))))
      yield { at: '/content', expected: 'an answer', actual: 'the question itself' }
  })
}

/** The last text of a request. */
function questionOf(exchange: Exchange): string {
  const content = objects(asked(exchange).body['messages']).at(-1)?.['content']
  const text = typeof content === 'string' ? content : objects(content).at(-1)?.['text']
  return String(text)
}

function spaced(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim()
}
