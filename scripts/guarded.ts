import { credentialsAmong } from '../suites/harness/wire/credential-like.ts'
import { redactor } from '../suites/harness/tape/redact.ts'
import type { Io } from './io.ts'

/** Everything a command prints goes out by it, and nothing that is withheld does. */
export interface GuardedIo extends Io {
  /** From now on no trace of these is printed. */
  readonly withhold: (secrets: readonly string[]) => void
}

export function guarded(io: Io): GuardedIo {
  const withheld = new Set<string>()
  let redact = redactor([])
  const clean = (text: string): string => redact.text(text)
  return {
    // Asked when they are needed: the process may say something else by then.
    get environment() {
      return io.environment
    },
    get width() {
      return io.width
    },
    get onTerminal() {
      return io.onTerminal
    },
    get terminal() {
      return io.terminal
    },
    read: () => io.read(),
    get ask() {
      const { ask } = io
      return ask && ((question: string) => ask(clean(question)))
    },
    flush: () => io.flush(),
    out: (text) => io.out(clean(text)),
    err: (text) => io.err(clean(text)),
    withhold: (secrets) => {
      for (const secret of secrets) withheld.add(secret)
      redact = redactor([...withheld])
    },
  }
}

/** A sentence may say what was typed, such as the name of a file: a key in its place is not to be printed. */
export function withholdTyped(argv: readonly string[], io: GuardedIo): void {
  try {
    io.withhold(credentialsAmong(argv, io.environment))
  } catch {
    // An environment that cannot be read is a mistake of ours, and about to be told.
  }
}
