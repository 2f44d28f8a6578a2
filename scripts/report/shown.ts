import type { Report } from '../../schemas/types.ts'
import type { Exchange } from '../../suites/harness/wire/exchange.ts'
import type { Selection } from '../../suites/run/selection.ts'
import type { Target } from '../../suites/harness/wire/target.ts'
import type { Words } from './words/en.ts'

/** What a rendering is made from. */
export interface ToShow {
  readonly report: Report
  readonly target: Target
  readonly selection: Selection
  /** How check is typed here. */
  readonly command: string
  /** What a person reads is said in these; what a machine reads in English. */
  readonly words: Words
  /** The exchanges that findings are about, by name. */
  readonly exchanges: ReadonlyMap<string, Exchange>
}

/** The names of the exchanges that a report points at. */
export function namesShown({ verdicts }: Report): ReadonlySet<string> {
  return new Set(
    verdicts.flatMap(({ outcome, findings }) => (outcome === 'broken' ? findings.map(({ fixture }) => fixture) : [])),
  )
}
