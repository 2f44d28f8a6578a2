import { outcomes, type Outcome } from '../../suites/clients/outcomes.ts'

/**
 * What a caller got of one call, as every driver reports it. `acts` is what a program acts on: words, calls, why it ended, counts and
 * names that were asked for. `books` is what it at most writes down: ids, usage, the model's name. Both are JSON.
 */
export type Got = (
  | { readonly is: 'result'; readonly acts: unknown; readonly books: unknown }
  | { readonly is: 'error'; readonly error: Raised }
  | { readonly is: 'hung' }
) & {
  /** How many requests it took. */
  readonly requests: number
}

/** An error as a caller can tell it from others, and the words it came in. */
export interface Raised {
  readonly name: string
  readonly status: number | null
  readonly type: string | null
  readonly words: string
}

/** What became of a call, beside the same one on a gateway that is right; `fired`: the gateway said something else than that one. */
export function outcomeOf(right: Got, now: Got, fired: boolean): Outcome {
  const outcome = compared(right, now)
  return outcome === 'same' && !fired ? 'not-provoked' : outcome
}

function compared(right: Got, now: Got): Outcome {
  if (right.is === 'hung') throw new Error('A call hangs on the right gateway: nothing can be measured by it.')
  if (now.is === 'hung') return 'hangs'
  if (right.is === 'error') {
    if (now.is === 'result') return 'silently-other'
    if (identityOf(right.error) !== identityOf(now.error)) return 'another-error'
    return right.error.words === now.error.words ? 'same' : 'other-words'
  }
  if (now.is === 'error') return 'raises'
  if (JSON.stringify(right.acts) !== JSON.stringify(now.acts)) return 'silently-other'
  if (now.requests > right.requests) return 'recovers'
  return JSON.stringify(right.books) === JSON.stringify(now.books) ? 'same' : 'bookkeeping'
}

function identityOf({ name, status, type }: Raised): string {
  return JSON.stringify([name, status, type])
}

/** The gravest of some outcomes; of none, that nothing was provoked. */
export function gravest(found: Iterable<Outcome>): Outcome {
  const ranks = [...found].map((outcome) => outcomes.indexOf(outcome))
  return outcomes[Math.max(0, ...ranks)] ?? 'not-provoked'
}
