/** A character that takes two columns of a terminal: East Asian wide and full-width ones, and emoji. */
const wide =
  /[\u1100-\u115F\u2E80-\u303E\u3041-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF01-\uFF60\uFFE0-\uFFE6\u{1F300}-\u{1F64F}\u{1F900}-\u{1F9FF}\u{20000}-\u{3FFFD}]/u

/** How many columns a line takes on a terminal. */
export function columns(line: string): number {
  let sum = 0
  for (const character of line) sum += wide.test(character) ? 2 : 1
  return sum
}

/** A line with spaces behind it, up to so many columns. */
export function padded(line: string, most: number): string {
  return line + ' '.repeat(Math.max(0, most - columns(line)))
}

/** A line of so many columns at most; what is cut off is marked. */
export function fitted(line: string, most: number): string {
  if (columns(line) <= most) return line
  let [kept, taken] = ['', 3]
  for (const character of line) {
    taken += columns(character)
    if (taken > most) break
    kept += character
  }
  return `${kept}...`
}

/** A line broken into several of so many columns where it can be: at a space or beside a wide character. All but the first are indented. */
export function wrapped(text: string, indent: number, most: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(/(?<=\S) /))
    for (const [index, piece] of word.split(breaks).entries()) {
      const glue = index === 0 && line !== '' ? ' ' : ''
      if (line !== '' && columns(line) + glue.length + columns(piece) > most) {
        lines.push(line)
        line = ' '.repeat(indent) + piece
      } else line += glue + piece
    }
  return [...lines, line]
}

/** Between two characters of which one is wide, unless a mark would then end or begin a line that does not. */
const breaks = new RegExp(
  `(?<=${wide.source})(?<![（“《])(?![，。；：、！？）”》…])|(?<![（“《])(?=${wide.source})(?![，。；：、！？）”》…])`,
  'u',
)
