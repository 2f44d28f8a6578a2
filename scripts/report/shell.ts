import { printable } from './printable.ts'

/** A part of a word: text that means itself, or the value of a variable. */
export type Piece = string | { readonly variable: string }

/**
 * One word for a POSIX shell that means exactly these pieces, whatever they hold: nothing in it is run, expanded or taken for an
 * option of the shell, and it is one line that can be printed anywhere. Only the line feeds that a text ends with are lost.
 */
export function shellWord(...given: readonly Piece[]): string {
  // What stands behind a variable decides how it is written: nothing does not.
  const pieces = given.filter((piece) => piece !== '')
  const texts = pieces.filter((piece) => typeof piece === 'string')
  const whole = texts.join('')
  if (texts.length === pieces.length && plain.test(whole) && printable(whole) === whole) return whole
  if (texts.length < pieces.length && texts.every(isQuotable)) return `"${pieces.map(inQuotes).join('')}"`
  const words = pieces.map((piece) => (typeof piece === 'string' ? literal(piece) : `"$${nameOf(piece)}"`))
  return words.join('') || "''"
}

/** What no shell takes for anything else, at the beginning of a word neither. */
const plain = /^[\w./:@%+,][\w./:@%+=,-]*$/

/** What means itself between double quotes, also where `!` stands for an earlier command. */
function isQuotable(text: string): boolean {
  return !/[\\$`"!]/.test(text) && printable(text) === text
}

function inQuotes(piece: Piece, index: number, pieces: readonly Piece[]): string {
  if (typeof piece === 'string') return piece
  const next = pieces[index + 1]
  return typeof next === 'string' && /^\w/.test(next) ? `\${${nameOf(piece)}}` : `$${nameOf(piece)}`
}

function literal(text: string): string {
  return printable(text) === text ? `'${text.replaceAll("'", `'\\''`)}'` : `"$(printf '${formatOf(text)}')"`
}

/** The format of printf that writes a text: in octal whatever cannot be printed, or is taken for something else, by whomever. */
function formatOf(text: string): string {
  return [...Buffer.from(text)]
    .map((byte, index) => {
      const char = String.fromCharCode(byte)
      const isPlain = /[\w ./@+=,]/.test(char) && byte < 0x80
      return isPlain || (char === '-' && index > 0) ? char : `\\${byte.toString(8).padStart(3, '0')}`
    })
    .join('')
}

/** Throws a TypeError for what would be another word in a shell: a mistake of ours, since variables are looked at where they are named. */
function nameOf({ variable }: { readonly variable: string }): string {
  if (!/^[A-Za-z_]\w*$/.test(variable)) throw new TypeError('No shell has a variable of that name.')
  return variable
}
