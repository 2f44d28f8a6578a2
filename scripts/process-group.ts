import type { ChildProcess } from 'node:child_process'

/** Sends a signal to everything in the group of a process, which it leads; where there are no groups, to the process itself. */
export function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return
  try {
    process.kill(process.platform === 'win32' ? child.pid : -child.pid, signal)
  } catch {
    // It is gone.
  }
}
