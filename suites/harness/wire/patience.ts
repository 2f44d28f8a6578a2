import { header } from './headers.ts'
import type { Answered, HeaderList, Heard, Outgoing } from './exchange.ts'

/* How long an exchange is waited for. Moments are milliseconds of any clock that goes forward: the real one, or a gateway's own. */

/** Milliseconds after its last word by which an answer has to end, unless less is allowed without a byte. */
const toEnd = 5_000

/** Times as long as for a byte a word is waited for, where there is life and nothing else: pings, comments, white space. */
const toSpeak = 2

/** Milliseconds that no share goes below. */
const least = 1_000

/** The wait for one exchange. */
export interface Waiting {
  /** Something moved: our request went out, the connection stands. */
  stirs(at: number): void
  /** The head of the answer came; its body is given this share of the usual time. */
  answers(at: number, share: number): void
  /** Bytes of the body came. */
  hears(at: number, heard: Heard): void
  /** When to give up where nothing more comes, and what is then to be said of it. */
  until(): { readonly at: number; readonly because: string }
}

/** Begins to wait. */
export function waiting({ idleTimeout, totalTimeout }: Limits, began: number): Waiting {
  let stirred = began
  let head: number | null = null
  let spoke = began
  let said = false
  let share = 1
  const part = (milliseconds: number): number => Math.max(Math.min(milliseconds, least), milliseconds * share)

  return {
    stirs(at) {
      stirred = at
    },
    answers(at, given) {
      stirred = spoke = head = at
      share = given
    },
    hears(at, heard) {
      stirred = at
      if (heard !== 'nothing') spoke = at
      if (heard === 'last-word') said = true
    },
    until() {
      const total = Math.min(began + totalTimeout, (head ?? Infinity) + part(totalTimeout))
      const word = said ? Math.min(idleTimeout, toEnd) : toSpeak * idleTimeout
      const silence = Math.min(stirred + part(idleTimeout), head === null ? Infinity : spoke + part(word))
      return silence < total
        ? { at: silence, because: `no byte for ${seconds(idleTimeout)}` }
        : { at: total, because: `no end in ${seconds(totalTimeout)}` }
    },
  }
}

type Limits = Pick<Outgoing, 'idleTimeout' | 'totalTimeout'>

function seconds(milliseconds: number): string {
  return `${milliseconds / 1000} s`
}

/** What a run has learnt of how bodies end. */
export interface Patience {
  /** The share of its usual time that a body is given, by the head of its answer: 1 for all of it. */
  share(headers: HeaderList): number
  /** An answer has ended, or was given up when its share was over. */
  learn(answer: Answered, share: number): void
}

/**
 * A body that is given up halves the share of those after it, and one that ends restores it: a gateway that never closes a stream, or
 * trickles, is found out by the first ones, and not waited for a hundred times. Those that were under way together halve it once.
 * Shares are kept by media type; while nothing has ended at all, there is one for all. What a shorter wait could break is broken
 * already, by a longer one; and what comes before the head of an answer always has its whole time.
 */
export function patience(): Patience {
  const shares = new Map<string, number>()
  let endedYet = false
  const kindOf = (headers: HeaderList): string => (endedYet ? mediaType(headers) : '')
  const share = (headers: HeaderList): number => shares.get(kindOf(headers)) ?? 1

  function learn({ headers, ends }: Answered, given: number): void {
    if (ends === 'hung') shares.set(kindOf(headers), Math.min(share(headers), given / 2))
    else {
      endedYet = true
      shares.delete(mediaType(headers))
    }
  }

  return { share, learn }
}

function mediaType(headers: HeaderList): string {
  return (header(headers, 'content-type') ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? ''
}
