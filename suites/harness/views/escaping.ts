/*
 * A text that went through a chain of writers and readers of JSON, HTML and ASCII. What one of them did too often, or not at all,
 * shows between words that came through whole; what else differs may be the model's.
 */

/** What stood between two words, and what stands there now. */
export interface Misescaped {
  readonly words: readonly [string, string]
  readonly expected: string
  readonly actual: string
}

const word = /[a-z]{4,}/g
/** An escape takes up to six characters, or twelve where it is escaped again. */
const farthest = 12

/** Where `actual` is what a broken escaping makes of `expected`, between two words that stand in both. */
export function* misescaped(expected: string, actual: string): Iterable<Misescaped> {
  for (const { words, between, found } of gaps(expected, actual))
    if (found !== between && isBroken(between, found)) yield { words, expected: between, actual: found }
}

/** Whether enough of a text is there to say anything of the characters between its words. */
export function isComparable(expected: string, actual: string): boolean {
  return [...gaps(expected, actual)].length > 0
}

function* gaps(
  expected: string,
  actual: string,
): Iterable<{ readonly words: readonly [string, string]; readonly between: string; readonly found: string }> {
  const words = [...expected.matchAll(word)]
  let from = 0
  for (const [at, before] of words.entries()) {
    const after = words[at + 1]
    const start = actual.indexOf(before[0], from)
    if (!after || start < 0) continue
    from = start + before[0].length
    const between = expected.slice(before.index + before[0].length, after.index)
    const end = actual.indexOf(after[0], from)
    if (end < 0 || end - from > between.length * farthest) continue
    yield { words: [before[0], after[0]], between, found: actual.slice(from, end) }
  }
}

function isBroken(expected: string, actual: string): boolean {
  return (
    /\uFFFD|[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/.test(actual) ||
    readings.some((read) => read(actual) === expected || read(expected) === actual) ||
    isAsciiOf(expected, actual) ||
    hasLost(expected, actual)
  )
}

const readings: readonly ((text: string) => string)[] = [unescapedJson, unescapedHtml, unescapedSpace, ofOneLineEnd]

/** A backslash and what it stands for, once; another character behind it stays as it is. */
function unescapedJson(text: string): string {
  return text.replaceAll(/\\(?:u([0-9a-f]{4})|([nrtbf"'\\/]))/gi, (_, code: string | undefined, letter = '') =>
    code === undefined ? (controls.get(letter) ?? letter) : String.fromCharCode(Number.parseInt(code, 16)),
  )
}

/** Line feeds and tabs alone: what escapes them may leave a backslash as it is. */
function unescapedSpace(text: string): string {
  return text.replaceAll(/\\([nt])/g, (whole, letter: string) => controls.get(letter) ?? whole)
}

/** No model says a carriage return where it was told a line feed. */
function ofOneLineEnd(text: string): string {
  return text.replaceAll('\r\n', '\n')
}

const controls: ReadonlyMap<string, string> = new Map([
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
  ['b', '\b'],
  ['f', '\f'],
])

function unescapedHtml(text: string): string {
  return text.replaceAll(/&(?:#(x?)([0-9a-f]{1,6})|(amp|lt|gt|quot|apos));/gi, (whole, hex, code, name) => {
    if (name) return entities.get(String(name).toLowerCase()) ?? whole
    const point = Number.parseInt(String(code), hex ? 16 : 10)
    return point <= 0x10ffff ? String.fromCodePoint(point) : whole
  })
}

const entities: ReadonlyMap<string, string> = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
])

function isAsciiOf(expected: string, actual: string): boolean {
  return [/[^\0-\x7f]/gu, /[^\0-\x7f]/g].some((beyond) => {
    const marked = expected.replaceAll(beyond, '?')
    return marked !== expected && marked === actual
  })
}

/** Whether one kind of character is gone, and nothing else. White space may be the model's to leave out. */
function hasLost(expected: string, actual: string): boolean {
  return [...new Set(expected)].some(
    (character) => /\S/.test(character) && expected.replaceAll(character, '') === actual,
  )
}
