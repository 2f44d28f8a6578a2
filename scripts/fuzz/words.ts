/* What is put where a gateway, or whoever wrote a file, may write what they like. */

/** The credential of every case: it may turn up in no output, however it was written in an answer. */
export const secret = 'Qz7+w9Zr/2%Xk4=Lm8_Pt3-Vb6Nc1Hd5'

/** All that a gateway may know of the gateway that every case is about: its key, a header of its own, a part of its address. */
export const secrets = { key: secret, header: 'h3ader/5%4ep5t+8x2', path: 'sk-path-1234567' } as const

/** Words by what they are out to do. */
export interface Words {
  /** Words that every object of JavaScript knows without having been told; the first by what it is itself, the others by what it has. */
  readonly known: readonly string[]
  /** What a terminal, a log, a page, a table or a shell would obey, and what breaks text. */
  readonly harmful: readonly string[]
  /** The secret, as it may be written in JSON between quotes. */
  readonly secrets: readonly string[]
}

const inherited = Object.getOwnPropertyNames(Object.prototype).filter((word) => word !== '__proto__')
const known = ['__proto__', ...inherited, 'prototype', 'then', 'toJSON']

export const words: Words = {
  known,
  harmful: [
    '',
    ' ',
    'null',
    '\u0000\u0007\u001B[2J\u001B]0;owned\u0007',
    '\u007F\u0085\u009B31m\u2028\u2029\u202E\u2066\uFEFF',
    '<script>alert(1)</script><img src=x onerror=alert(1)>',
    '"\'`${x}]]>&amp;<!-- --></td></tr></table></pre>',
    '\r\n::error::injected\n ::set-output name=x::y',
    '##[stop-commands]x ##vso[task.complete] section_start:1:x',
    '\n# head\n| a | b |\n|---|---|\n[x](javascript:alert(1))',
    "$(touch pwned) `touch pwned` '; touch pwned; '\"",
    '\uD800',
    'x\uDC00y',
    '\uFFFD',
    'a'.repeat(3000),
    '漢😀'.repeat(300),
    '/'.repeat(100),
    '~1~0/../..',
    '{"error":{"message":"wrapped"}}',
    '[DONE]',
    'tool_use',
    'stop',
    'message_stop',
    'event: error\ndata: {}',
    '2026-13-45',
    '-1',
  ],
  secrets: secretForms(secret),
}

/** The same words, each a letter further on: nobody knows any of them. What is judged otherwise under these is judged by a word. */
export const unknownWords: Words = { ...words, known: known.map((word) => word.replaceAll(/[a-y]/gi, next)) }

function next(letter: string): string {
  return String.fromCharCode(letter.charCodeAt(0) + 1)
}

/**
 * A text with its letters and numbers masked: what is said of a word and of the one a letter further on is the same then, wherever it
 * was cut, and however many bytes it was packed into.
 */
export function masked(text: string): string {
  return text.replaceAll(/[a-z]/gi, 'x').replaceAll(/\d+/g, '0')
}

/** Without the secret, for files that were redacted when they were written. */
export const secretless: Words = { ...words, secrets: ['nothing'] }

/** A secret between the quotes of JSON, as different writers write it, and as encodings of it that are undone where it is found. */
function secretForms(text: string): readonly string[] {
  const escaped = (write: (code: number) => string): string =>
    [...text].map((char) => write(char.charCodeAt(0))).join('')
  const hex = (code: number): string => code.toString(16).padStart(4, '0')
  return [
    text,
    escaped((code) => `\\u${hex(code)}`),
    escaped((code) => `\\u${hex(code).toUpperCase()}`),
    escaped((code) => (code % 2 === 0 ? `\\u${hex(code)}` : String.fromCharCode(code))),
    text.replaceAll('-', String.raw`\u002D`),
    escaped((code) => `&#${code};`),
    escaped((code) => `&#x${code.toString(16)};`),
    escaped((code) => `%${code.toString(16)}`),
    Buffer.from(text).toString('base64'),
    Buffer.from(`Bearer ${text}`).toString('base64'),
    Buffer.from(text).toString('hex'),
    text.toUpperCase(),
    `Bearer ${text}`,
  ]
}
