import type { ClientCaseKind, ClientExit, ClientState } from '../../schemas/types.ts'
import { asksAgain, asksOtherwise } from './form.ts'

/** One run of a command, as far as a state is told from it: texts are masked. */
export interface Ran {
  readonly exit: ClientExit
  readonly out: string
  readonly err: string
  /** The forms of its requests. */
  readonly asked: readonly string[]
}

/** What a gateway says to the requests of the command, apart from what the command makes of it. */
export interface Met {
  readonly kind: ClientCaseKind
  /** Its answers break a rule, or say that they are no whole ones: a client that looks at them can see it. */
  readonly noticeable: boolean
  /** Its answers have other words in them. */
  readonly otherWords: boolean
}

/**
 * What a command does about a gateway that answers it otherwise than the reference does, from one run of it there and two on the
 * reference, which ended well and wrote the same.
 *
 * A doubt is the command's: whatever it says on standard error counts as a word about it, as long as it says the same there each time
 * on the reference. Other words than those of the reference are no loss where they are legal.
 */
export function stateOf(met: Met, ran: Ran, reference: readonly [Ran, Ran]): ClientState {
  const [first, second] = reference
  const forms = reference.map(({ asked }) => asked)
  const isLegal = met.kind === 'variant' && !met.noticeable
  if (ran.exit.kind === 'time') return asksAgain(ran.asked, forms) ? 'notices' : 'hangs'
  if (ran.exit.kind === 'signal' || ran.exit.code !== 0) return isLegal && !met.otherWords ? 'trips' : 'notices'
  const says = ran.err !== '' && first.err === second.err && ran.err !== first.err
  if (ran.out === first.out) {
    if (asksOtherwise(ran.asked, forms)) return 'survives'
    return says && !isLegal ? 'notices' : 'unharmed'
  }
  if (isLegal) return met.otherWords ? 'other-words' : 'trips'
  if (says) return 'notices'
  return met.noticeable ? 'loses-silently' : 'undetectable'
}
