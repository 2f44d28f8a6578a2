import { decode } from '../../suites/harness/wire/body.ts'
import { readEventStream } from '../../suites/harness/views/event-stream.ts'
import type { Answered, Exchange } from '../../suites/harness/wire/exchange.ts'
import { shortened } from '../../suites/harness/views/finding.ts'
import { parseJson } from '../../suites/harness/wire/json.ts'
import { clock } from '../../suites/harness/views/stream.ts'
import type { Words } from './words/en.ts'
import { markedJson } from './marked.ts'
import { markup, nothing, type Markup } from './markup.ts'

/** Events laid out around each broken one, and at both ends of a stream; the answer as it came has them all. */
const around = 3
/** Characters of data shown: of a broken event, and of another one. */
const mostData = { here: 1200, elsewhere: 200 }
const mostMarks = 400
/** Characters of a stream that are laid out: what is longer is shown by its beginning, at every place that points to it. */
const mostRead = 500_000

/** The events of a stream over time, those that findings point at marked; nothing where the answer is no stream. */
export function timeline(
  exchange: Exchange & { came: Answered },
  places: readonly string[],
  { html: words }: Words,
): Markup {
  const decoded = decode(exchange.came)
  if (!decoded.ok) return nothing
  const text = decoded.text.slice(0, mostRead)
  if (!/^(\uFEFF)?(event|data|:)/m.test(text)) return nothing
  const { frames } = readEventStream(text)
  if (frames.length === 0) return nothing
  const times = clock(exchange)
  const events = frames.map(({ number, event, data, end }) => ({ number, event, data, at: times(end) }))
  const here = broken(places, events.length)
  const last = exchange.came.endedAt ?? events.at(-1)?.at ?? null
  const bar =
    last !== null && last > 0 && events.every(({ at }) => at !== null)
      ? markup`<div class="bar" aria-hidden="true">${events
          .slice(0, mostMarks)
          .map(
            ({ number, at }) =>
              markup`<i${here.has(number) ? markup` class="here"` : nothing} style="left:${(((at ?? 0) / last) * 100).toFixed(2)}%"></i>`,
          )}</div><div class="scale soft"><span>${words.sent}</span><span>${words.end(Math.round(last))}</span></div>`
      : nothing
  return markup`<p class="soft">${words.stream(events.length, text === decoded.text)}</p>${bar}<ol class="events" aria-label="${words.streamList}">${folded(events, here, fieldsAt(places), words)}</ol>`
}

interface TimedEvent {
  readonly number: number
  readonly event: string | null
  readonly data: string
  readonly at: number | null
}

/** The events worth a look, a line for each stretch of others between them. */
function folded(
  events: readonly TimedEvent[],
  here: ReadonlySet<number>,
  fields: ReadonlyMap<number, readonly string[]>,
  words: Words['html'],
): Markup[] {
  const near = new Set([...here].flatMap((one) => Array.from({ length: 2 * around + 1 }, (_, at) => one - around + at)))
  const isNear = ({ number }: TimedEvent): boolean => number <= 2 || number > events.length - 2 || near.has(number)
  const lines: Markup[] = []
  let skipped = 0
  const skip = (): void => {
    if (skipped > 0) lines.push(markup`<li class="folded soft">${words.moreEvents(skipped)}</li>`)
    skipped = 0
  }
  for (const event of events) {
    if (isNear(event)) {
      skip()
      lines.push(line(event, here.has(event.number), fields.get(event.number) ?? [], words))
    } else skipped++
  }
  skip()
  return lines
}

function line(
  { number, event, data, at }: TimedEvent,
  isHere: boolean,
  fields: readonly string[],
  words: Words['html'],
): Markup {
  const most = isHere ? mostData.here : mostData.elsewhere
  const value = fields.length > 0 && data.length <= mostData.here ? parseJson(data) : undefined
  const shown =
    value === undefined
      ? markup`<code>${shortened(data, most)}</code>`
      : markup`<pre tabindex="0">${markedJson(value, fields, mostData.here, words.moreOnTape)}</pre>`
  return markup`<li${isHere ? markup` class="here"` : nothing}><span class="soft">${number}</span><span class="soft">${at === null ? '' : `${at} ms`}</span><span class="id">${event ?? words.noName}${isHere ? markup` <strong class="bad">${words.brokenHere}</strong>` : nothing}</span>${shown}</li>`
}

/** By event, the fields of its data that places such as `event 7 /delta` point at. */
function fieldsAt(places: readonly string[]): ReadonlyMap<number, readonly string[]> {
  const fields = new Map<number, readonly string[]>()
  for (const place of places) {
    const [, number, field] = /\bevent (\d+) (\/\S*)$/.exec(place) ?? []
    if (field !== undefined) fields.set(Number(number), [...(fields.get(Number(number)) ?? []), field])
  }
  return fields
}

/** The numbers of the events that places such as `event 7 /delta` or `after event 4` name; the last one for the end. */
function broken(places: readonly string[], count: number): ReadonlySet<number> {
  return new Set(
    places.flatMap((place) => {
      const number = /\bevent (\d+)/.exec(place)?.[1]
      if (number !== undefined) return [Math.min(Number(number), count)]
      return place === 'the end' ? [count] : []
    }),
  )
}
