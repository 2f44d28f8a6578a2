import type { Heard, Listener } from '../wire/exchange.ts'

/* What a body still has to say, told from its bytes while it comes: when to stop waiting. What it said is read later, from the whole. */

const lastLine = /^event: ?(message_stop|error)\s/m

/** A stream that said its last word but was left open is whole; streaming/closes judges the rest. */
export function saysLastWord(text: string): boolean {
  return lastLine.test(text)
}

/** Lines that only keep a connection alive, or mean nothing in this format; comments and events named ping do too. */
const idleLine = /^(data: ?\{\s*"type"\s*:\s*"ping"|id\b|retry\b)/

/** As much of a line as those lines take. */
const longest = 64

/**
 * Listens to an answer: to JSON, whose last word closes its first bracket; else to the lines of an event stream, where message_stop
 * and error are. White space before JSON, comments and pings are no words. Each byte is looked at once. Of a compressed body every
 * byte is a word, and none the last.
 */
export function lastWord(): Listener {
  let reads: ((byte: number) => Heard) | null = null
  let finished = false

  function hears(bytes: Uint8Array): Heard {
    let spoke = false
    for (let at = 0; at < bytes.length; at++) {
      const byte = bytes[at] ?? 0
      reads ??= isSpace(byte) ? null : byte === curly || byte === square ? json() : lines()
      const heard = reads?.(byte) ?? 'nothing'
      if (heard === 'nothing') continue
      spoke = true
      if (heard === 'last-word') finished = true
    }
    return spoke ? (finished ? 'last-word' : 'word') : 'nothing'
  }

  return { hears }
}

const [curly, square, curlyEnd, squareEnd, quote, backslash] = Buffer.from('{[}]"\\') as unknown as number[]
const [lf, cr, colon] = [10, 13, 58]

function isSpace(byte: number): boolean {
  return byte === 32 || (byte >= 9 && byte <= 13)
}

/** One JSON value: the last word is the bracket that closes the first. */
function json(): (byte: number) => Heard {
  let depth = 0
  let inString = false
  let escaped = false
  return (byte) => {
    if (inString) {
      if (escaped) escaped = false
      else if (byte === backslash) escaped = true
      else if (byte === quote) inString = false
      return 'word'
    }
    if (isSpace(byte)) return 'nothing'
    if (byte === quote) inString = true
    else if (byte === curly || byte === square) depth++
    else if ((byte === curlyEnd || byte === squareEnd) && --depth === 0) return 'last-word'
    return 'word'
  }
}

/** The lines of an event stream: each speaks when it ends, or when it is longer than any that says nothing. */
function lines(): (byte: number) => Heard {
  const line = Buffer.alloc(longest)
  let length = 0
  let inPing = false

  function ends(): Heard {
    const used = length
    length = 0
    if (used > 0 && line[0] === colon) return 'nothing'
    const text = line.toString('latin1', 0, used).trim()
    if (text === '' || text.startsWith('event:')) inPing = /^event: ?ping$/.test(text)
    if (text === '' || inPing || idleLine.test(text)) return 'nothing'
    return saysLastWord(`${text}\n`) ? 'last-word' : 'word'
  }

  return (byte) => {
    if (byte === lf || byte === cr) return ends()
    if (length === longest) return line[0] === colon || inPing ? 'nothing' : 'word'
    line[length++] = byte
    return 'nothing'
  }
}
