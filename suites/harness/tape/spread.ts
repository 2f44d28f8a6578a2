import type { Span } from './escapes.ts'

export interface Spread {
  /** The texts put together, one behind the other, each closed by a byte that no text holds. */
  readonly text: Uint8Array
  /** Where a span of `text` stands in the bytes it was put together from: in several places, where it is spread. */
  placesOf(span: Span): Span[]
}

/**
 * What stands in pieces in a body: the strings of one name in their order, and of a stream's events those of one name and index too,
 * as its deltas are put together. An index may be wrong, and then the name alone shows the text. Read leniently, for it serves to find
 * things: what is no JSON is passed over. One pass, linear in its length.
 */
export function spread(bytes: Uint8Array): Spread {
  const texts = stringsThatMayJoin(bytes).filter((strings) => strings.length > 2)
  const count = texts.reduce((sum, strings) => sum + strings.length / 2, 0)
  // Each string twice at most: by its name, and by its index too.
  const text = new Uint8Array(2 * bytes.length + texts.length)
  // Of each string: where it begins in the text that is put together, and where it stands in the bytes.
  const [at, from, to] = [new Int32Array(count), new Int32Array(count), new Int32Array(count)]
  let [string, length] = [0, 0]
  for (const strings of texts) {
    for (let index = 0; index < strings.length; index += 2, string++) {
      const [start = 0, end = 0] = [strings[index], strings[index + 1]]
      at[string] = length
      from[string] = start
      to[string] = end
      for (let next = start; next < end; next++) text[length++] = bytes[next]!
    }
    text[length++] = closing
  }

  function placesOf([start, end]: Span): Span[] {
    const places: Span[] = []
    for (let index = lastAtMost(at, start); at[index]! < end; index++) {
      const shift = from[index]! - at[index]!
      const [first, last] = [Math.max(from[index]!, start + shift), Math.min(to[index]!, end + shift)]
      if (last > first) places.push([first, last])
    }
    return places
  }

  return { text: text.subarray(0, length), placesOf }
}

/** No byte of UTF-8. */
const closing = 0xff

/** The last of ascending numbers that is no more than `most`; the first one is. */
function lastAtMost(numbers: Int32Array, most: number): number {
  let [low, high] = [0, numbers.length - 1]
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if (numbers[middle]! <= most) low = middle
    else high = middle - 1
  }
  return low
}

const [quote, backslash, colon, lineFeed, carriageReturn, space] = [0x22, 0x5c, 0x3a, 10, 13, 32] as const

/** So many names, and indexes of names, are told apart; who uses more of them spreads no text over one. */
const mostNames = 2000

/** Strings: where each begins and ends, without its quotes, one after the other. */
type Strings = number[]

/** The strings that are not empty, of each name, and of each index of a name that comes with several. */
function stringsThatMayJoin(bytes: Uint8Array): readonly Strings[] {
  const byName = new Map<number, { readonly all: Strings; readonly byIndex: Map<number, Strings> }>()
  let [name, index, told] = [0, 0, 0]

  function add(start: number, end: number): void {
    let named = byName.get(name)
    if (named) named.all.push(start, end)
    else if (told++ < mostNames) byName.set(name, (named = { all: [start, end], byIndex: new Map() }))
    else return
    const strings = named.byIndex.get(index)
    if (strings) strings.push(start, end)
    else if (told++ < mostNames) named.byIndex.set(index, [start, end])
  }

  function readLine(start: number, end: number): void {
    // Behind what it counts, or on a line before: an index holds until there is another.
    index = indexIn(bytes, start, end) ?? index
    for (let at = start; at < end;) {
      if (bytes[at] !== quote) {
        at++
        continue
      }
      const close = closingQuote(bytes, at + 1, end)
      if (close === -1) return
      let next = close + 1
      while (next < end && bytes[next] === space) next++
      if (next < end && bytes[next] === colon) {
        name = hashOf(bytes, at + 1, close)
        if (name === indexHash) index = indexAt(bytes, next + 1, end)
        at = next + 1
      } else {
        if (close > at + 1) add(at + 1, close)
        at = close + 1
      }
    }
  }

  for (let start = 0; start < bytes.length;) {
    let end = start
    while (end < bytes.length && bytes[end] !== lineFeed && bytes[end] !== carriageReturn) end++
    if (end - start >= shortestLine) readLine(start, end)
    start = end + 1
  }
  return [...byName.values()].flatMap(({ all, byIndex }) => (byIndex.size > 1 ? [all, ...byIndex.values()] : [all]))
}

/** Shorter ones hold no string that is not empty. */
const shortestLine = 3

function hashOf(bytes: Uint8Array, start: number, end: number): number {
  let hash = 0
  for (let at = start; at < end; at++) hash = (Math.imul(hash, 31) + bytes[at]!) | 0
  return hash
}

const indexName = Buffer.from('"index":')
const indexHash = hashOf(indexName, 1, indexName.length - 2)

/** A hash of the first index in a line; null where there is none. */
function indexIn(bytes: Uint8Array, start: number, end: number): number | null {
  if (end - start <= indexName.length) return null
  const at = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).indexOf(indexName)
  return at === -1 ? null : indexAt(bytes, start + at + indexName.length, end)
}

/** A hash of the number that stands at a place; 0 where none does. */
function indexAt(bytes: Uint8Array, start: number, end: number): number {
  let from = start
  while (from < end && bytes[from] === space) from++
  let to = from
  while (to < end && bytes[to]! >= 0x30 && bytes[to]! <= 0x39) to++
  return hashOf(bytes, from, to)
}

function closingQuote(bytes: Uint8Array, from: number, end: number): number {
  for (let at = from; at < end; at++) {
    if (bytes[at] === quote) return at
    if (bytes[at] === backslash) at++
  }
  return -1
}
