/** One dispatched event. `start` and `end` are UTF-8 byte offsets into the body: from its first field to after its blank line. */
export interface Frame {
  /** Counts dispatched events from 1. */
  readonly number: number
  /** The `event:` line; null where there is none or it is empty, which clients of this format drop. */
  readonly event: string | null
  /** All `data:` lines, joined by a line feed. */
  readonly data: string
  readonly start: number
  readonly end: number
}

/**
 * Something that a tolerant reader drops without a word. `frame` is the number of the event it stands in, or would have been; `at` is the
 * byte it begins at; `rest` what stands in an event beside its name and its data, from the first such line to the last, null where
 * nothing does.
 */
export type FramingFault = { readonly frame: number; readonly at: number } & (
  | { readonly kind: 'no-data'; readonly name: string; readonly rest: string | null }
  | {
      readonly kind: 'unterminated'
      readonly name: string | null
      readonly data: string | null
      readonly rest: string | null
    }
  | { readonly kind: 'stray-line'; readonly line: string }
  | { readonly kind: 'nul' }
)

export interface EventStream {
  readonly frames: readonly Frame[]
  /** By ascending frame; the first hundred, so that a body which is no event stream does not fill the memory. */
  readonly faults: readonly FramingFault[]
  /** The body begins with a byte order mark: legal, but one official client then loses the first event. */
  readonly bom: boolean
}

const mostFaults = 100
const longestQuote = 200
const lf = 10
const cr = 13
const space = 32
const colon = 58
const letter = { a: 97, d: 100, e: 101, n: 110, t: 116, v: 118 } as const

/** Reads a whole body as `eachFrame` does, and keeps all frames. */
export function readEventStream(text: string): EventStream {
  const frames: Frame[] = []
  const faults: FramingFault[] = []
  eachFrame(text, faults, (frame) => frames.push(frame))
  return { frames, faults, bom: beginsWithMark(text) }
}

export function beginsWithMark(text: string): boolean {
  return text.charCodeAt(0) === 0xfeff
}

/**
 * Hands on the frames of a body, decoded but with its byte order mark, by the event-stream grammar; one pass, linear in its length. Every
 * event that a browser would dispatch is a frame, and nothing else is. `id` and `retry` mean nothing in this format: skipped. What a
 * frame, and what stands before it, is at fault for is in `faults` when it comes; the rest is once there are no more.
 * Source: https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation
 */
export function eachFrame(text: string, faults: FramingFault[], take: (frame: Frame) => void): void {
  const bom = beginsWithMark(text)
  const byteAt = byteOffsets(text, bom)
  // The next of each of these, or the end of the text.
  let feed = indexFrom(text, '\n', 0)
  let back = indexFrom(text, '\r', 0)
  let nul = indexFrom(text, '\0', 0)
  let number = 1
  // The event under way: where it began (-1: none is), its name and its data, where those came.
  let start = -1
  let name: string | null = null
  let data: string | null = null
  let further: string[] = []
  // What else stands in it, from here to there (-1: nothing does).
  let restFrom = -1
  let restTo = -1

  const found = (fault: FramingFault): void => {
    if (faults.length < mostFaults) faults.push(fault)
  }
  const rest = (): string | null => (restFrom === -1 ? null : text.slice(restFrom, restTo))

  for (let from = bom ? 1 : 0, next; from < text.length; from = next) {
    const first = text.charCodeAt(from)
    if (first === lf || first === cr) {
      next = first === cr && text.charCodeAt(from + 1) === lf ? from + 2 : from + 1
      if (data !== null)
        take({ number: number++, event: name || null, data: joined(data, further), start, end: byteAt(next) })
      else if (name !== null) found({ kind: 'no-data', name, rest: rest(), frame: number, at: start })
      start = -1
      name = data = null
      if (further.length > 0) further = []
      restFrom = -1
      continue
    }
    if (feed < from) feed = indexFrom(text, '\n', from)
    if (back < from) back = indexFrom(text, '\r', from)
    const to = Math.min(feed, back)
    next = Math.min(text.length, back + 1 === feed ? to + 2 : to + 1)
    if (isData(text, from, to)) {
      if (start === -1) start = byteAt(from)
      const value = valueOf(text, from + 4, to)
      if (data === null) data = value
      else further.push(value)
    } else if (isEvent(text, from, to)) {
      if (start === -1) start = byteAt(from)
      name = valueOf(text, from + 5, to)
    } else if (first !== colon) {
      if (restFrom === -1) restFrom = from
      restTo = to
      if (!isOtherField(text, from, to)) {
        const line = text.slice(from, Math.min(to, from + longestQuote))
        found({ kind: 'stray-line', line, frame: number, at: byteAt(from) })
      }
    }
    if (nul < next) {
      found({ kind: 'nul', frame: number, at: byteAt(nul) })
      nul = indexFrom(text, '\0', next)
    }
  }
  if (start !== -1) {
    const unsaid = data === null ? null : joined(data, further)
    found({ kind: 'unterminated', name, data: unsaid, rest: rest(), frame: number, at: start })
  }
}

function indexFrom(text: string, mark: string, from: number): number {
  const at = text.indexOf(mark, from)
  return at === -1 ? text.length : at
}

function joined(data: string, further: readonly string[]): string {
  return further.length === 0 ? data : `${data}\n${further.join('\n')}`
}

/** The line from `from` to `to` is the field `data`: its name, then a colon or nothing. Letter by letter, since a loop takes longer. */
function isData(text: string, from: number, to: number): boolean {
  return (
    text.charCodeAt(from) === letter.d &&
    text.charCodeAt(from + 1) === letter.a &&
    text.charCodeAt(from + 2) === letter.t &&
    text.charCodeAt(from + 3) === letter.a &&
    (from + 4 === to || text.charCodeAt(from + 4) === colon)
  )
}

/** The same of the field `event`. */
function isEvent(text: string, from: number, to: number): boolean {
  return (
    text.charCodeAt(from) === letter.e &&
    text.charCodeAt(from + 1) === letter.v &&
    text.charCodeAt(from + 2) === letter.e &&
    text.charCodeAt(from + 3) === letter.n &&
    text.charCodeAt(from + 4) === letter.t &&
    (from + 5 === to || text.charCodeAt(from + 5) === colon)
  )
}

/** What follows the colon at `at`, without one leading space. */
function valueOf(text: string, at: number, to: number): string {
  if (at === to) return ''
  return text.slice(text.charCodeAt(at + 1) === space ? at + 2 : at + 1, to)
}

/** A field of the grammar that means nothing here, as in `id: 7` or `x-trace: 1`; a line such as `{"type":...}` is something lost. */
function isOtherField(text: string, from: number, to: number): boolean {
  return /^(?:id|retry)$|^[A-Za-z][\w-]*:/.test(text.slice(from, Math.min(to, from + longestQuote)))
}

/**
 * Turns string positions into UTF-8 byte offsets. Call with ascending positions that never split a run beyond ASCII: line ends never
 * do, save after a byte order mark, so that is counted ahead.
 */
function byteOffsets(text: string, bom: boolean): (position: number) => number {
  // Most are, and a look at each character for those beyond takes as long as all the rest.
  if (Buffer.byteLength(text) === text.length) return (position) => position
  const beyondAscii = /[^\0-\x7f]+/g
  let extra = 0
  if (bom) {
    beyondAscii.lastIndex = 1
    extra = 2
  }
  let run = beyondAscii.exec(text)
  return (position) => {
    for (; run !== null && run.index < position; run = beyondAscii.exec(text))
      extra += Buffer.byteLength(run[0]) - run[0].length
    return position + extra
  }
}
