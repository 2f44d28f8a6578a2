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
  /** Whether a person reads standard output on a terminal, and no program. */
  readonly onTerminal: boolean
  /** Whether stderr is a terminal, on which a line can be written over. */
  readonly terminal: boolean
}

/** The process itself. A standard output that closes or fills up is told by `flush`; a standard error that does, nobody can be told of. */
export function ioOf(process: NodeJS.Process): Io {
  const { stdout, stderr } = process
  let ask: Io['ask'] = null
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
    read: async () => (await import('node:stream/consumers')).text(process.stdin),
    // Standard input is opened by whoever looks at it, and what is typed ahead is one and the same asker's.
    get ask() {
      if (stderr.isTTY === true && process.stdin.isTTY === true) ask ??= asking(process.stdin, stderr)
      return ask
    },
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
    onTerminal: stdout.isTTY === true && process.env['CI'] === undefined,
    terminal: stderr.isTTY === true && process.env['CI'] === undefined,
  }
}

/** Asks for one line after the other; what is typed ahead is kept for the next question. A question rejects where the input ends. */
function asking(input: NodeJS.ReadStream, output: NodeJS.WriteStream): (question: string) => Promise<string> {
  let lines: AsyncIterator<string> | null = null
  return async (question) => {
    const { createInterface } = await import('node:readline')
    output.write(question)
    // The terminal edits the line itself, and sends its signals as ever.
    lines ??= createInterface({ input, terminal: false })[Symbol.asyncIterator]()
    input.ref()
    try {
      const { value, done } = await lines.next()
      if (done === true) throw new InputError('Nothing more was typed.')
      return value
    } finally {
      // Nobody waits for what is typed later.
      input.unref()
    }
  }
}
