import type { TapeHeader } from '../../schemas/types.ts'
import type { Piped } from '../../suites/harness/wire/pipe.ts'
import type { Selection } from '../../suites/run/selection.ts'
import type { ClientOf } from '../../suites/run/tap/client-of.ts'
import type { TappedLine } from '../../suites/run/tap/line.ts'
import type { Bodies, TappedEnd } from '../../suites/run/tap/tapping.ts'

/* What the thread that pipes and the one that judges say to each other. */

/** What the judging thread begins with. */
export interface Beginning {
  readonly selection: Selection
  readonly bodies: Bodies
  readonly secrets: readonly string[]
  /** Where the tape is written, and how it begins; null for none. */
  readonly tape: { readonly path: string; readonly header: TapeHeader } | null
}

export type ToJudge =
  | { readonly kind: 'piped'; readonly piped: Piped }
  /** One that is not looked at, since too many wait. */
  | { readonly kind: 'missed'; readonly client: ClientOf }
  | { readonly kind: 'end' }

export type FromJudge =
  | { readonly kind: 'line'; readonly line: TappedLine; readonly secrets: readonly string[] }
  | { readonly kind: 'ended'; readonly end: TappedEnd }
  /** The tape can no longer be written: nothing more is looked at. */
  | { readonly kind: 'lost'; readonly sentence: string }
