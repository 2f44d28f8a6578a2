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
