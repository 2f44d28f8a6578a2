/** A place in a text, as editors count: both from 1. */
export interface Place {
  readonly line: number
  readonly column: number
}

/**
 * Where a text stops being JSON; null where it is JSON. For what may hold a secret: the messages of JSON.parse quote what they stumble
 * over, and not all of them say where. Source: RFC 8259.
 */
export function faultInJson(text: string): Place | null {
  const open: ('}' | ']')[] = []
  let at = 0
  /** `first`: an element or a member comes next, or the end of what has just begun. */
  let next: 'value' | 'first' | 'name' | 'separator' = 'value'

  function take(pattern: RegExp): boolean {
    pattern.lastIndex = at
    if (!pattern.test(text)) return false
    at = pattern.lastIndex
    return true
  }

  /** Takes a string in; false, and `at` where it breaks, where there is none. */
  function takeString(): boolean {
    if (text[at] !== '"') return false
    for (at++; at < text.length && text[at] !== '"' && text.charCodeAt(at) >= 0x20; at++)
      if (text[at] === '\\' && !take(escape)) return false
    if (text[at] !== '"') return false
    at++
    return true
  }

  for (take(blanks); ; take(blanks)) {
    const close = open.at(-1)
    const char = text[at]
    if ((next === 'first' || next === 'separator') && close !== undefined && char === close) {
      open.pop()
      next = 'separator'
      at++
    } else if (next === 'separator') {
      if (close === undefined) return char === undefined ? null : placeOf(at, text)
      if (char !== ',') return placeOf(at, text)
      next = close === '}' ? 'name' : 'value'
      at++
    } else if (next === 'name' || (next === 'first' && close === '}')) {
      if (!takeString()) return placeOf(at, text)
      take(blanks)
      if (text[at] !== ':') return placeOf(at, text)
      next = 'value'
      at++
    } else if (char === '{' || char === '[') {
      open.push(char === '{' ? '}' : ']')
      next = 'first'
      at++
    } else if (char === '"' ? takeString() : take(scalar)) next = 'separator'
    else return placeOf(at, text)
  }
}

const blanks = /[ \t\r\n]*/y
/** All of it but its last character, which the loop steps over as over any other. */
const escape = /\\(?=["\\/bfnrt])|\\u[\da-fA-F]{3}(?=[\da-fA-F])/y
const scalar = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y

function placeOf(at: number, text: string): Place {
  const before = text.slice(0, at).split('\n')
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 }
}
