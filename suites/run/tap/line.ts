import type { RequirementId } from '../../ids.ts'
import type { Did } from './behaviour.ts'
import type { NotServed } from './unserved.ts'

/** What one exchange came to, for whoever looks on. Without a trace of a credential. */
export interface TappedLine {
  readonly exchange: string
  readonly client: string
  readonly method: string
  /** Without its query. */
  readonly path: string
  readonly stream: boolean
  /** Null where nothing came. */
  readonly status: number | null
  /** Milliseconds from the first byte of the request to the last of the answer. */
  readonly took: number
  readonly verdict: TappedVerdict
  readonly unserved: NotServed | null
  readonly did: readonly Did[]
}

export type TappedVerdict =
  | { readonly is: 'holds'; readonly count: number }
  | { readonly is: 'broken'; readonly ids: readonly RequirementId[] }
  | { readonly is: 'not-judged'; readonly why: TappedWhy }

/** Why nothing of an exchange is judged: too many waited, it was larger than is kept, the client left, nothing came, it met a busy gateway, or a mistake of ours. */
export type TappedWhy = 'behind' | 'too-large' | 'hung-up' | 'no-answer' | 'busy' | 'error'
