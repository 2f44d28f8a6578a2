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
 * Something that a tolerant reader drops without a word. `frame` is the number of the event it stands in, or would have been;
 * `at` is the byte it begins at.
 */
export type FramingFault = { readonly frame: number; readonly at: number } & (
  | { readonly kind: 'no-data'; readonly name: string }
  | { readonly kind: 'unterminated'; readonly name: string | null; readonly data: string | null }
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

/** Reads a whole body as `framesOf` does, and keeps all frames. */
export function readEventStream(text: string): EventStream {
  const faults: FramingFault[] = []
  return { frames: [...framesOf(text, faults)], faults, bom: beginsWithMark(text) }
}

export function beginsWithMark(text: string): boolean {
  return text.charCodeAt(0) === 0xfeff
}

/**
 * The frames of a body, decoded but with its byte order mark, by the event-stream grammar; one pass, linear in its length. Every
 * event that a browser would dispatch is a frame, and nothing else is. `id` and `retry` mean nothing in this format: skipped. What a
 * frame, and what stands before it, is at fault for is in `faults` when it comes; the rest is once there are no more.
 * Source: https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation
 */
export function* framesOf(text: string, faults: FramingFault[]): Generator<Frame, void, void> {
  const bom = beginsWithMark(text)
  const byteAt = byteOffsets(text, bom)
  const lineEnd = lineEnds(text)
  let number = 1
  let nul = text.indexOf('\0')
  // The event under way: where it began (-1: none is), its name and its data, where those came.
  let start = -1
  let name: string | null = null
  let data: string | null = null
  let further: string[] = []

  const found = (fault: FramingFault): void => {
    if (faults.length < mostFaults) faults.push(fault)
  }

  for (let from = bom ? 1 : 0, next; from < text.length; from = next) {
    const to = lineEnd(from)
    next = Math.min(text.length, to + (text.charCodeAt(to) === cr && text.charCodeAt(to + 1) === lf ? 2 : 1))
    if (from === to) {
      if (data !== null)
        yield { number: number++, event: name || null, data: joined(data, further), start, end: byteAt(next) }
      else if (name !== null) found({ kind: 'no-data', name, frame: number, at: start })
      start = -1
      name = data = null
      if (further.length > 0) further = []
    } else if (isField(text, from, to, 'data')) {
      if (start === -1) start = byteAt(from)
      const value = valueOf(text, from + 4, to)
      if (data === null) data = value
      else further.push(value)
    } else if (isField(text, from, to, 'event')) {
      if (start === -1) start = byteAt(from)
      name = valueOf(text, from + 5, to)
    } else if (text.charCodeAt(from) !== colon && !isOtherField(text, from, to)) {
      const line = text.slice(from, Math.min(to, from + longestQuote))
      found({ kind: 'stray-line', line, frame: number, at: byteAt(from) })
    }
    if (nul !== -1 && nul < next) {
      found({ kind: 'nul', frame: number, at: byteAt(nul) })
      nul = text.indexOf('\0', next)
    }
  }
  if (start !== -1) {
    const unsaid = data === null ? null : joined(data, further)
    found({ kind: 'unterminated', name, data: unsaid, frame: number, at: start })
  }
}

function joined(data: string, further: readonly string[]): string {
  return further.length === 0 ? data : `${data}\n${further.join('\n')}`
}

/** The line from `from` to `to` is the field `name`: its name, then a colon or nothing. */
function isField(text: string, from: number, to: number, name: string): boolean {
  for (let at = 0; at < name.length; at++) if (text.charCodeAt(from + at) !== name.charCodeAt(at)) return false
  return from + name.length === to || text.charCodeAt(from + name.length) === colon
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

/** Finds where the line that begins at `from` ends: at CR, LF or the end of the text. Call with ascending positions. */
function lineEnds(text: string): (from: number) => number {
  let feed = text.indexOf('\n')
  let back = text.indexOf('\r')
  return (from) => {
    if (feed !== -1 && feed < from) feed = text.indexOf('\n', from)
    if (back !== -1 && back < from) back = text.indexOf('\r', from)
    if (feed === -1 || back === -1) return Math.max(feed, back) === -1 ? text.length : Math.max(feed, back)
    return Math.min(feed, back)
  }
}

/**
 * Turns string positions into UTF-8 byte offsets. Call with ascending positions that never split a run beyond ASCII: line ends never
 * do, save after a byte order mark, so that is counted ahead.
 */
function byteOffsets(text: string, bom: boolean): (position: number) => number {
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
