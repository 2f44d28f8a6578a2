import type { Dialect } from '../../../schemas/types.ts'
import type { Arrived, Exchange } from '../wire/exchange.ts'
import { isObject, parseJson, type JsonObject } from '../wire/json.ts'
import { lastMark } from '../wire/mark.ts'
import { asked } from './asked.ts'

/** A request, and what of it reached the upstream. */
export interface Passage {
  /** How the gateway spoke to its upstream. */
  readonly dialect: Dialect
  /** The body as it was sent to the gateway. */
  readonly sent: JsonObject
  /** The body as it arrived. */
  readonly arrived: JsonObject
  /** Every time that the whole request arrived, in order, each as an exchange of its own. */
  readonly tries: readonly Exchange[]
  /** The last of them, from which the client was answered: every view reads the upstream's side of it. */
  readonly behind: Exchange
}

/** The passage of an exchange; null where none of what arrived is its request. */
export function passageOf(exchange: Exchange, arrivals: readonly Arrived[]): Passage | null {
  const { body } = asked(exchange)
  const asking = arrivals.filter(({ sent }) => sent.method === 'POST')
  const mark = lastMark(exchange.sent.body ?? '')
  // A prompt that is quoted to another model first is no try; where texts were joined, all are.
  const whole = mark === null ? [] : asking.filter(({ sent }) => beginsText(parseJson(sent.body ?? ''), mark))
  const tries = (whole.length > 0 ? whole : asking).map((arrived) => exchangeOf(arrived, exchange))
  const behind = tries.at(-1)
  if (!behind) return null
  const { endpoint, body: arrived } = asked(behind)
  const dialect = endpoint === 'chat-completions' ? endpoint : 'messages'
  return { dialect, sent: body, arrived, tries, behind }
}

function exchangeOf({ sent, came }: Arrived, { fixture, origin }: Exchange): Exchange {
  return { fixture, origin, attempt: 1, needs: [], values: {}, sent, came }
}

/** Whether any text of a value begins with a mark. */
function beginsText(value: unknown, mark: string): boolean {
  if (typeof value === 'string') return value.startsWith(mark)
  if (Array.isArray(value)) return value.some((item) => beginsText(item, mark))
  return isObject(value) && Object.values(value).some((item) => beginsText(item, mark))
}
