import type { Progress } from '../suites/harness/gather/gather.ts'
import type { Target } from '../suites/harness/wire/target.ts'
import type { Io } from './io.ts'
import { printable } from './report/printable.ts'
import { fitted } from './report/width.ts'
import type { Words } from './report/words/en.ts'

/** Shows how far a run is: one line that is written over on a terminal, a plain line each quarter elsewhere, nothing when quiet. */
export function progressLine(
  target: Target,
  quiet: boolean,
  words: Words,
  io: Io,
): { readonly show: (at: Progress) => void; readonly done: () => void } {
  if (quiet || target.kind === 'reference') return { show: () => {}, done: () => {} }
  if (!io.terminal) return { show: eachQuarter(io, words), done: () => {} }
  return {
    show: (at) => io.err(`\r\u001B[K${sentence(at, io.width, words)}`),
    done: () => io.err('\r\u001B[K'),
  }
}

function eachQuarter(io: Io, words: Words): (at: Progress) => void {
  let quarter = 0
  return (at) => {
    const now = Math.floor((at.requests / at.planned) * 4)
    if (now > quarter && now < 4) io.err(`${sentence(at, Infinity, words)}\n`)
    quarter = Math.max(quarter, now)
  }
}

function sentence({ requests, planned, outputTokens, waitingFor }: Progress, width: number, words: Words): string {
  const [first] = waitingFor
  const text = printable(words.progress(requests, planned, outputTokens, first, waitingFor.length > 1))
  return fitted(text, width - 1)
}
