/** Where something stands, in bytes. */
export type Span = readonly [start: number, end: number]

/**
 * Bytes with one layer of escapes undone: those of JSON and of JavaScript, of HTML, and of URLs, whichever come, mixed. What shows
 * nowhere, such as a control character, is left out. The very same bytes where there is nothing to undo. One pass, linear in its
 * length. It is lenient, for it serves to find things, not to read them: a run of backslashes, or an ampersand that was escaped
 * again and again, is undone in one go.
 */
export function unescaped(bytes: Uint8Array): Uint8Array {
  let first = 0
  while (first < bytes.length && !isSpecial(bytes[first]!)) first++
  if (first === bytes.length) return bytes
  const out = new Uint8Array(bytes.length)
  let length = 0
  const undone = undo(bytes, (byte) => {
    out[length++] = byte
  })
  return undone ? out.subarray(0, length) : bytes
}

/** Where spans of the unescaped bytes stand in the bytes that were given; ascending spans, which do not overlap. */
export function escapedSpans(bytes: Uint8Array, spans: readonly Span[]): Span[] {
  const found: Span[] = []
  if (spans.length === 0) return found
  let at = 0
  let start = 0
  undo(bytes, (_, from, to) => {
    const span = spans[found.length]
    if (!span) return
    if (at === span[0]) start = from
    if (++at === span[1]) found.push([start, to])
  })
  return found
}

/** Told each byte of what is meant, and from where to where it was written. Whether anything was an escape. */
function undo(bytes: Uint8Array, say: (byte: number, from: number, to: number) => void): boolean {
  const escape: Escape = { to: 0, means: 0 }
  let undone = false
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at]!
    if (!isSpecial(byte) || !reads(bytes, at, escape)) {
      say(byte, at, at + 1)
      continue
    }
    undone = true
    const { to, means } = escape
    if (means < 0x80) {
      if (!isUnseen(means)) say(means, at, to)
    } else for (const one of utf8(means)) say(one, at, to)
    at = to - 1
  }
  return undone
}

/** What is written up to `to`, and the character it means. One object for all of a pass, since there may be millions. */
interface Escape {
  to: number
  means: number
}

const [backslash, ampersand, percent, hash, semicolon] = [0x5c, 0x26, 0x25, 0x23, 0x3b] as const
const [two, five, lowerU, lowerX] = [0x32, 0x35, 0x75, 0x78] as const
/** A character that does not show. */
const nothing = 0
/** What is added to a byte that is a part of a character only: beyond all characters. */
const bareByte = 0x110000

/** The bytes that an escape, or something that does not show, begins with. */
const special = Uint8Array.from({ length: 256 }, (_, byte) =>
  isUnseen(byte) || [backslash, ampersand, percent, 0xc2, 0xe2, 0xef].includes(byte) ? 1 : 0,
)

function isSpecial(byte: number): boolean {
  return special[byte] === 1
}

/** Reads what may be an escape; false where it is none. */
function reads(bytes: Uint8Array, at: number, escape: Escape): boolean {
  switch (bytes[at]) {
    case backslash:
      return readsBackslashes(bytes, at, escape)
    case ampersand:
      return readsEntity(bytes, at, escape)
    case percent:
      return readsPercent(bytes, at, escape)
    default:
      return readsUnseen(bytes, at, escape)
  }
}

function ends(escape: Escape, to: number, means: number): true {
  escape.to = to
  escape.means = means
  return true
}

/** Letters that mean a control character behind a backslash: b, f, n, r, t. */
const controls: ReadonlySet<number> = new Set([0x62, 0x66, 0x6e, 0x72, 0x74])
const quotes: ReadonlySet<number> = new Set([0x22, 0x27, 0x2f, 0x60])

/** `\u006d`, `\x6d`, `\/`, `\n`, each behind any number of backslashes, as JSON within JSON has them. */
function readsBackslashes(bytes: Uint8Array, at: number, escape: Escape): boolean {
  let to = at
  while (bytes[to] === backslash) to++
  const letter = bytes[to] ?? 0
  if (letter === lowerU || letter === lowerX) {
    const end = to + (letter === lowerU ? 5 : 3)
    const code = numberAt(bytes, to + 1, end, 16)
    if (code !== -1) return ends(escape, end, code)
  }
  if (quotes.has(letter)) return ends(escape, to + 1, letter)
  if (controls.has(letter)) return ends(escape, to + 1, nothing)
  return to - at > 1 && ends(escape, to, backslash)
}

/** `&#43;`, `&#x2b;`, `&amp;` and the like; `&amp;amp;#43;` too. */
function readsEntity(bytes: Uint8Array, at: number, escape: Escape): boolean {
  let from = at + 1
  while (isAmp(bytes, from)) from += 4
  if (bytes[from] === hash) {
    const isHex = (bytes[from + 1]! | 0x20) === lowerX
    const start = from + (isHex ? 2 : 1)
    let end = start
    while (end - start < longestNumber && digit(bytes[end]!, isHex ? 16 : 10) !== -1) end++
    const code = numberAt(bytes, start, end, isHex ? 16 : 10)
    if (code !== -1 && code < bareByte) return ends(escape, bytes[end] === semicolon ? end + 1 : end, code)
  }
  let end = from
  while (end - from < longestName && isLetter(bytes[end]!)) end++
  const means = end > from && bytes[end] === semicolon ? named.get(word(bytes, from, end)) : undefined
  if (means !== undefined) return ends(escape, end + 1, means)
  return from > at + 1 && ends(escape, from, ampersand)
}

/** `amp;` */
function isAmp(bytes: Uint8Array, at: number): boolean {
  return bytes[at] === 0x61 && bytes[at + 1] === 0x6d && bytes[at + 2] === 0x70 && bytes[at + 3] === semicolon
}

const longestNumber = 7
const longestName = 16

/** The marks of ASCII that have names, by all of them. Source: https://html.spec.whatwg.org/entities.json */
const named: ReadonlyMap<string, number> = new Map(
  Object.entries({
    ...{ amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", plus: '+', sol: '/', bsol: '\\', equals: '=', lowbar: '_' },
    ...{ period: '.', colon: ':', semi: ';', comma: ',', num: '#', percnt: '%', dollar: '$', excl: '!', quest: '?' },
    ...{ commat: '@', ast: '*', lpar: '(', rpar: ')', lsqb: '[', rsqb: ']', lcub: '{', rcub: '}', verbar: '|' },
    ...{ grave: '`', Hat: '^', AMP: '&', LT: '<', GT: '>', QUOT: '"', UnderBar: '_', midast: '*', vert: '|' },
    ...{ lbrack: '[', rbrack: ']', lbrace: '{', rbrace: '}', VerticalLine: '|', DiacriticalGrave: '`' },
    ...{ Tab: '\t', NewLine: '\n' },
  }).map(([name, mark]) => [name, mark.charCodeAt(0)]),
)

function word(bytes: Uint8Array, from: number, to: number): string {
  return String.fromCharCode(...bytes.subarray(from, to))
}

/** `%2b`; `%252b` too. */
function readsPercent(bytes: Uint8Array, at: number, escape: Escape): boolean {
  let from = at + 1
  while (bytes[from] === two && bytes[from + 1] === five) from += 2
  const code = numberAt(bytes, from, from + 2, 16)
  if (code !== -1) return ends(escape, from + 2, code < 0x80 ? code : bareByte + code)
  return from > at + 1 && ends(escape, from, percent)
}

/** Control characters, zero-width ones, and those that turn the direction of text around. */
function readsUnseen(bytes: Uint8Array, at: number, escape: Escape): boolean {
  const first = bytes[at]!
  if (first < 0x80) return ends(escape, at + 1, nothing)
  const second = bytes[at + 1] ?? 0
  const third = bytes[at + 2] ?? 0
  if (!continues(second)) return false
  if (first === 0xc2) return isUnseen(second) && ends(escape, at + 2, nothing)
  const code = ((first & 0x0f) << 12) | ((second & 0x3f) << 6) | (third & 0x3f)
  return continues(third) && isUnseen(code) && ends(escape, at + 3, nothing)
}

/** Whether a byte goes on with a character of UTF-8. */
function continues(byte: number): boolean {
  return (byte & 0xc0) === 0x80
}

function isUnseen(code: number): boolean {
  return (
    code < 0x20 ||
    (code >= 0x7f && code < 0xa0) ||
    code === 0xad ||
    (code >= 0x200b && code <= 0x200f) ||
    (code >= 0x2028 && code <= 0x202e) ||
    (code >= 0x2060 && code <= 0x206f) ||
    code === 0xfeff
  )
}

/** The bytes of a character beyond ASCII; none for one that does not show, and for half of a pair. */
function utf8(code: number): readonly number[] {
  if (code >= bareByte) return [code & 0xff]
  if (isUnseen(code) || (code >= 0xd800 && code <= 0xdfff)) return []
  return [...Buffer.from(String.fromCodePoint(code))]
}

/** The number written between two places; -1 where there is none. */
function numberAt(bytes: Uint8Array, from: number, to: number, base: 10 | 16): number {
  if (from >= to || to > bytes.length) return -1
  let number = 0
  for (let at = from; at < to; at++) {
    const value = digit(bytes[at]!, base)
    if (value === -1) return -1
    number = number * base + value
  }
  return number
}

function digit(byte: number, base: 10 | 16): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30
  const letter = byte | 0x20
  return base === 16 && letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1
}

function isLetter(byte: number): boolean {
  return (byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7a
}
