import { text } from 'node:stream/consumers'
import { InputError } from '../suites/harness/wire/input-error.ts'
import { unusable } from '../suites/harness/tape/unusable.ts'

/** What a command may touch of the process it runs in: tests hand it another one. */
export interface Io {
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly out: (text: string) => void
  readonly err: (text: string) => void
  /** All that comes in by standard input. */
  readonly read: () => Promise<string>
  /** Asks whoever sits there for a line; null where nobody does. */
  readonly ask: ((question: string) => Promise<string>) | null
  /** Waits until what was said is said; what standard output could not take, as an error, else null. */
  readonly flush: () => Promise<unknown>
  /** Columns to wrap at. */
  readonly width: number
  /** Whether stderr is a terminal, on which a line can be written over. */
  readonly terminal: boolean
}

/** The process itself. A standard output that closes or fills up is told by `flush`; a standard error that does, nobody can be told of. */
export function ioOf(process: NodeJS.Process): Io {
  const { stdin, stdout, stderr } = process
  let lost: unknown = null
  const lose = (error: unknown): void => {
    lost ??= unusable('Standard output', error)
  }
  stdout.on('error', lose)
  stderr.on('error', () => {})
  const attempt = (write: () => unknown, fail: (error: unknown) => void): void => {
    try {
      write()
    } catch (error) {
      fail(error)
    }
  }
  return {
    environment: process.env,
    out: (text) => {
      if (lost === null) attempt(() => stdout.write(text), lose)
    },
    err: (text) =>
      attempt(
        () => stderr.write(text),
        () => {},
      ),
    read: () => text(stdin),
    ask: stdin.isTTY === true && stderr.isTTY === true ? (question) => asked(question, stdin, stderr) : null,
    flush: () =>
      new Promise((resolve) => {
        // An error of a write is told a turn after the write is done.
        const done = (): unknown => setImmediate(() => resolve(lost))
        if (lost !== null) done()
        else
          attempt(
            () => stdout.write('', done),
            (error) => {
              lose(error)
              done()
            },
          )
      }),
    width: stdout.columns ?? 100,
    terminal: stderr.isTTY === true && process.env['CI'] === undefined,
  }
}

/** The line that somebody types behind a question. Rejects where the input ends instead. */
async function asked(question: string, input: NodeJS.ReadStream, output: NodeJS.WriteStream): Promise<string> {
  const { createInterface } = await import('node:readline/promises')
  const lines = createInterface({ input, output })
  const ended = new Promise<never>((_, reject) => {
    lines.once('close', () => reject(new InputError('Nothing more was typed.')))
  })
  try {
    return await Promise.race([lines.question(question), ended])
  } finally {
    ended.catch(() => {})
    lines.close()
  }
}
