import type { Progress } from '../suites/harness/gather/gather.ts'
import type { Target } from '../suites/harness/wire/target.ts'
import type { Io } from './io.ts'
import { printable } from './report/printable.ts'
import { counted, thousands } from '../suites/harness/wire/counted.ts'

/** Shows how far a run is: one line that is written over on a terminal, a plain line each quarter elsewhere, nothing when quiet. */
export function progressLine(
  target: Target,
  quiet: boolean,
  io: Io,
): { readonly show: (at: Progress) => void; readonly done: () => void } {
  if (quiet || target.kind === 'reference') return { show: () => {}, done: () => {} }
  if (!io.terminal) return { show: eachQuarter(io), done: () => {} }
  return {
    show: (at) => io.err(`\r\u001B[K${sentence(at, io.width)}`),
    done: () => io.err('\r\u001B[K'),
  }
}

function eachQuarter(io: Io): (at: Progress) => void {
  let quarter = 0
  return (at) => {
    const now = Math.floor((at.requests / at.planned) * 4)
    if (now > quarter && now < 4) io.err(`${sentence(at, Infinity)}\n`)
    quarter = Math.max(quarter, now)
  }
}

function sentence({ requests, planned, outputTokens, waitingFor }: Progress, width: number): string {
  const [first] = waitingFor
  const waiting = first === undefined ? '' : `; waiting for ${first}${waitingFor.length > 1 ? ' and others' : ''}`
  const text = printable(
    `${requests} of ${counted(planned, 'request')}, at most ${thousands(outputTokens)} output tokens${waiting}`,
  )
  return text.length < width ? text : `${text.slice(0, Math.max(0, width - 4))}...`
}
