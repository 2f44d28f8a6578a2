import { writeSync } from 'node:fs'
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

/** What a command has that serves nobody, sends nothing, and is done when it has printed. */
export interface PrintingIo extends Io {
  /** Says a text on standard output, and waits until it is taken. */
  readonly print: (text: string) => void
}

/** The process itself. A standard output that closes or fills up is told by `flush`; a standard error that does, nobody can be told of. */
export function ioOf(process: NodeJS.Process): PrintingIo {
  let ask: Io['ask'] = null
  let lost: unknown = null
  const lose = (error: unknown): void => {
    lost ??= unusable('Standard output', error)
  }
  // Opened by whoever needs them: loading the streams of Node is most of what --help takes.
  let output: NodeJS.WriteStream | null = null
  let errors: NodeJS.WriteStream | null = null
  const stdout = (): NodeJS.WriteStream => (output ??= process.stdout.on('error', lose))
  const stderr = (): NodeJS.WriteStream => (errors ??= process.stderr.on('error', () => {}))
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
      if (lost === null) attempt(() => stdout().write(text), lose)
    },
    print: (text) => {
      const print = (): void => {
        // What the stream holds back is said first. On Windows it is the stream that knows how a console is spoken to.
        const left = output === null && process.platform !== 'win32' ? untaken(text) : Buffer.from(text)
        if (left.length > 0) stdout().write(left)
      }
      if (lost === null) attempt(print, lose)
    },
    err: (text) =>
      attempt(
        () => stderr().write(text),
        () => {},
      ),
    read: async () => (await import('node:stream/consumers')).text(process.stdin),
    // Standard input is opened by whoever looks at it, and what is typed ahead is one and the same asker's.
    get ask() {
      if (stderr().isTTY === true && process.stdin.isTTY === true) ask ??= asking(process.stdin, stderr())
      return ask
    },
    flush: () =>
      new Promise((resolve) => {
        // An error of a write is told a turn after the write is done.
        const done = (): unknown => setImmediate(() => resolve(lost))
        const opened = output
        if (lost !== null || opened === null) resolve(lost)
        else
          attempt(
            () => opened.write('', done),
            (error) => {
              lose(error)
              done()
            },
          )
      }),
    get width() {
      return stdout().columns ?? 100
    },
    get onTerminal() {
      return stdout().isTTY === true && process.env['CI'] === undefined
    },
    get terminal() {
      return stderr().isTTY === true && process.env['CI'] === undefined
    },
  }
}

/** Writes a text to standard output; what of it that does not take at once. Throws what the operating system says. */
function untaken(text: string): Buffer {
  let left = Buffer.from(text)
  try {
    while (left.length > 0) left = left.subarray(writeSync(1, left))
  } catch (error) {
    // Full for now: whoever started the process has it so that nobody waits.
    if (!(error instanceof Error && 'code' in error && error.code === 'EAGAIN')) throw error
  }
  return left
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
