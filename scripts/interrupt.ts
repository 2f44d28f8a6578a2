/** What a terminal, a shell that closes, or a CI system sends to end a process. SIGKILL leaves nobody a choice. */
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const

export interface Interrupt {
  /** Aborts with the first of these signals. A second one ends the process at once, as if nobody listened. */
  readonly signal: AbortSignal
  /** Listens no more. */
  release(): void
}

/** Listens for the signals that end a process, so that what it is about can end in order. */
export function interruptible(): Interrupt {
  const controller = new AbortController()
  const release = (): void => {
    for (const signal of signals) process.removeListener(signal, interrupt)
  }
  function interrupt(): void {
    release()
    controller.abort()
  }
  for (const signal of signals) process.on(signal, interrupt)
  return { signal: controller.signal, release }
}
