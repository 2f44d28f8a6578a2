import type { Dialect } from '../../../schemas/types.ts'
import { decode } from '../wire/body.ts'
import type { Arrived, Exchange } from '../wire/exchange.ts'
import { isObject, parseJson, type JsonObject } from '../wire/json.ts'
import { lastMark } from '../wire/mark.ts'
import { asked, type Endpoint } from './asked.ts'

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
  /** The one from which the client was answered, the last where that does not show: every view reads the upstream's side of it. */
  readonly behind: Exchange
}

/** Where a request may arrive, by where it was sent: a count that a gateway makes for itself, or a look at what is said, is no try. */
const goesTo: ReadonlyMap<Endpoint, readonly Endpoint[]> = new Map([
  ['messages', ['messages', 'chat-completions']],
  ['count_tokens', ['count_tokens']],
])

/** The passage of an exchange; null where none of what arrived is its request. */
export function passageOf(exchange: Exchange, arrivals: readonly Arrived[]): Passage | null {
  const { endpoint, body } = asked(exchange)
  const mark = lastMark(exchange.sent.body ?? '')
  const asking = arrivals
    .map((arrived) => exchangeOf(arrived, exchange))
    .filter((arrived) => arrived.sent.method === 'POST' && goesTo.get(endpoint)?.includes(asked(arrived).endpoint))
  // A prompt that is quoted to another model first is no try; where texts were joined, all are.
  const whole = mark === null ? [] : asking.filter(({ sent }) => beginsText(parseJson(sent.body ?? ''), mark))
  const tries = whole.length > 0 ? whole : asking
  const behind = answering(tries, exchange)
  if (!behind) return null
  const there = asked(behind)
  const dialect = there.endpoint === 'chat-completions' ? there.endpoint : 'messages'
  return { dialect, sent: body, arrived: there.body, tries, behind }
}

/** The try whose answer the client got, by the id that the upstream gave it; the last one where that was not passed on. */
function answering(tries: readonly Exchange[], exchange: Exchange): Exchange | undefined {
  if (tries.length < 2) return tries[0]
  const got = textOf(exchange)
  const known = tries.findLast((one) => {
    const [id] = answerId.exec(textOf(one)) ?? []
    return id !== undefined && got.includes(id)
  })
  return known ?? tries.at(-1)
}

/** What upstreams of ours call their answers, and their errors, as JSON. */
const answerId = /"(?:msg_|chatcmpl-|req_)\w+"/

function textOf({ came }: Exchange): string {
  const decoded = came.kind === 'answer' ? decode(came) : null
  return decoded?.ok ? decoded.text : ''
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
