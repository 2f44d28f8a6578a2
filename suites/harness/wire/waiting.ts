import { header } from './headers.ts'
import type { Answered, HeaderList, Heard, Outgoing } from './exchange.ts'

/* How long an exchange is waited for. Moments are milliseconds of any clock that goes forward: the real one, or a gateway's own. */

/** What is waited for: a byte; a word, where there are only pings, comments and white space; after the last word, or in all, the end. */
export type Limit = 'byte' | 'word' | 'end' | 'total'

/** The share of the usual time that is given for something: 1 for all of it. */
export type Share = (limit: Limit) => number

/** Milliseconds after its last word by which an answer has to end, unless less is allowed without a byte. */
const toEnd = 5_000

/** Times as long as for a byte a word is waited for. */
const toSpeak = 2

/** The wait for one exchange. */
export interface Waiting {
  /** Something moved: our request went out. */
  stirs(at: number): void
  /** The head of the answer came; of its usual time the body is given these shares. */
  answers(at: number, share: Share): void
  /** Bytes of the body came. */
  hears(at: number, heard: Heard): void
  /** When to give up where nothing more comes, and on what. */
  until(): { readonly at: number; readonly limit: Limit }
}

/** Begins to wait. */
export function waiting({ idleTimeout, totalTimeout }: Limits, began: number): Waiting {
  let stirred = began
  let head: number | null = null
  let spoke = began
  let said = false
  let share: Share = () => 1
  const part = (limit: Limit, usual: number): number => Math.max(Math.min(usual, least), usual * share(limit))

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
      const end = { at: began + totalTimeout, limit: 'total' } as const
      if (head === null) return sooner({ at: stirred + idleTimeout, limit: 'byte' }, end)
      const whole = sooner({ at: head + part('total', totalTimeout), limit: 'total' }, end)
      if (said) return sooner({ at: spoke + part('end', Math.min(idleTimeout, toEnd)), limit: 'end' }, whole)
      const word = sooner({ at: spoke + part('word', toSpeak * idleTimeout), limit: 'word' }, whole)
      return sooner({ at: stirred + part('byte', idleTimeout), limit: 'byte' }, word)
    },
  }
}

/** What is said of an exchange that was given up without an answer. */
export function overdue(limit: Limit, { idleTimeout, totalTimeout }: Limits): string {
  return limit === 'total' ? `no end in ${totalTimeout / 1000} s` : `no byte for ${idleTimeout / 1000} s`
}

type Limits = Pick<Outgoing, 'idleTimeout' | 'totalTimeout'>
type Due = ReturnType<Waiting['until']>

function sooner(one: Due, other: Due): Due {
  return one.at < other.at ? one : other
}

/** What a run has learnt of how bodies end. */
export interface Shares {
  /** What the body behind this head is given, by what is known when it comes. */
  of(headers: HeaderList): Share
  /** An answer has ended. */
  ended(answer: Answered): void
  /** It was given up, when this share of this limit was over. */
  givenUp(answer: Answered, limit: Limit, share: number): void
}

/** No share is less than this, and none less than so many milliseconds. */
const leastShare = 1 / 16
const least = 500

/**
 * A body that is given up halves what those after it are given for the same thing, and one that ends restores it: a gateway that
 * never closes a stream, pings for ever or trickles is found out by the first ones, and not waited for a hundred times. Those that
 * were under way together halve it once. Each media type has its own shares; while nothing has ended at all, they have the same. What
 * a shorter wait could break is broken already, by a longer one; and what comes before a head always has its whole time.
 */
export function learntShares(): Shares {
  const shares = new Map<string, number>()
  let endedYet = false
  const keyOf = (headers: HeaderList, limit: Limit): string => `${limit} ${endedYet ? mediaType(headers) : ''}`
  const shareOf = (headers: HeaderList, limit: Limit): number => shares.get(keyOf(headers, limit)) ?? 1

  return {
    of(headers) {
      const given = new Map(limits.map((limit) => [limit, shareOf(headers, limit)]))
      return (limit) => given.get(limit) ?? 1
    },
    ended({ headers, body, ends }) {
      // One that we left, or without a body, says nothing of how bodies end.
      if (body.length === 0 || (ends !== 'complete' && ends !== 'cut')) return
      if (!endedYet) shares.clear()
      endedYet = true
      for (const limit of limits) shares.delete(keyOf(headers, limit))
    },
    givenUp({ headers }, limit, share) {
      const half = Math.max(leastShare, share / 2)
      shares.set(keyOf(headers, limit), Math.min(shareOf(headers, limit), half))
    },
  }
}

const limits: readonly Limit[] = ['byte', 'word', 'end', 'total']

function mediaType(headers: HeaderList): string {
  return (header(headers, 'content-type') ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? ''
}
