import type { Capability, Dialect, Level, Profile } from '../../../schemas/types.ts'
import type { ExchangeName } from '../../../fixtures/requests.ts'
import type { RequirementId } from '../../ids.ts'
import type { Exchange } from '../wire/exchange.ts'
import type { Finding } from '../views/finding.ts'
import type { Client } from './clients.ts'
import type { Source } from './source.ts'
import type { Views } from '../views/views.ts'

/** The way something went between a client and an upstream. */
export type Direction = 'request' | 'answer'

/** What every requirement says of itself, but for its grounds. */
interface About {
  readonly level: Level
  /** The lowest rung of the ladder on which it binds, given that its capability is offered. */
  readonly profile: Profile
  /** One sentence that is true of a gateway which keeps the promise. */
  readonly title: string
  /** Requirements without which this one says nothing. Views bring their vouchers by themselves. */
  readonly after?: readonly RequirementId[]
  /** The capability it belongs to, where its fixtures do not say so already. */
  readonly capability?: Capability
  /** The protocol of an upstream behind which alone it is judged, where it is about what becomes of it there. */
  readonly dialect?: Dialect
  /** It judges what is answered to requests that are wrong on purpose, too; answers, texts and errors are judged anyway. */
  readonly ofWrong?: true
  /** What it finds shows over a whole run, and not again in the one exchange where it was found. */
  readonly overall?: true
  /** Its findings set two things side by side: a request as sent and as it arrived, or an answer as said and as it came back. */
  readonly compares?: Direction
  /** A hint about the gateway's honesty rather than its format: shown apart, outside the exit code. */
  readonly hint?: true
}

/** Why a requirement is there, and what it rests on. */
export interface Grounds {
  /** Why anybody should care: what goes wrong otherwise. */
  readonly because: string
  /** The clients that break where it does not hold, by our opinion: a chapter leaves out who was measured, for the catalogue knows them. */
  readonly breaks: readonly Client[]
  /** The documented sentence, the client's own code, or the measurement it rests on; without one of these it is never a must. */
  readonly source: Source
  /** Protocols of an upstream that have no place for what it asks: behind a gateway that speaks one of them it is not applicable, and why. */
  readonly beyond?: { readonly [D in Dialect]?: string }
}

type View = keyof Views

/** Judged on each exchange of the tape that has this view, whatever sent it. */
export interface EverySubject<V extends View = View> {
  readonly every: V
  /** Narrows the subject; without one the verdict is unjudged, so that a loop over nothing does not hold. */
  readonly where?: (subject: Views[V], exchange: Exchange) => boolean
  /** The model did not do what could be judged: then the verdict is unjudged, and not held for want of findings. */
  readonly unless?: (subject: Views[V], exchange: Exchange) => boolean
  /** The exchange that shows the subject most cheaply; by default the view's own (see plan.ts). */
  readonly least?: ExchangeName
  readonly check: (subject: Views[V], exchange: Exchange) => Iterable<Finding>
}

/** The fixtures it reads and the view demanded of each. */
export type Reads = { readonly [name in ExchangeName]?: View }

type Seen<R extends Reads> = { readonly [N in keyof R]: R[N] extends View ? Views[R[N]] : never }
type Exchanges<R extends Reads> = { readonly [N in keyof R]: Exchange }

/** Judged once, over the named exchanges together. What could not be read of them blocks a check that comes to it. */
export interface ReadsSubject<R extends Reads = Reads> {
  readonly reads: R
  /** The model did not do what could be judged: then the verdict is unjudged, and not held for want of findings. */
  readonly unless?: (read: Seen<R>, exchanges: Exchanges<R>) => boolean
  /** The same of one of the exchanges: that one is not read then, and the others are judged. */
  readonly unlessIn?: (one: Seen<R>[keyof R], exchange: Exchange, fixture: keyof R) => boolean
  readonly check: (read: Seen<R>, exchanges: Exchanges<R>) => Iterable<Finding & { readonly fixture: keyof R }>
}

/** Judged by the view itself: what it finds wrong with an exchange is the finding. */
export interface VouchesSubject {
  readonly vouches: View
  /** The part of the value it is about: where that could not be read, there is nothing to vouch for. */
  readonly part?: string
  readonly least?: ExchangeName
}

/**
 * The gate of a capability. It reads all exchanges of the capability's plainest request; the first is the probe.
 * A polite refusal of the probe declines the capability; whatever else is not served is a finding of the gate.
 */
export interface GatesSubject {
  readonly gates: Capability
  readonly probe: readonly [ExchangeName, ...ExchangeName[]]
  /** The canary of its probe shows it: what is served and does not reach the model is not shown. */
  readonly byCanary?: true
  /** Statuses of the probe that decline the capability. Default: 400, 403, 404, 405, 422, 501 in the envelope. */
  readonly declinedBy?: readonly number[]
  /** The capability is an endpoint of its own: 404, 405 and 501 decline it with any body. */
  readonly endpoint?: true
  /** Not shown is no breach, unless the capability is required: documented silence, or the model's choice. */
  readonly mayStaySilent?: true
}

export type Subject = EverySubject | ReadsSubject | VouchesSubject | GatesSubject

/** A subject without the functions that judge it. */
type NamedSubject =
  | Omit<EverySubject, 'where' | 'unless' | 'check'>
  | Omit<ReadsSubject, 'unless' | 'unlessIn' | 'check'>
  | VouchesSubject
  | GatesSubject

/**
 * A requirement as far as it is data, without its grounds: what plans a run, or names what is in the catalogue, needs no more, and must not
 * wait for what judges.
 */
export type Facts = About & NamedSubject & { readonly id: RequirementId }
export type Requirement = About & Grounds & Subject & { readonly id: RequirementId }

/** Declares one promise. An identity function: it is here for inference, so that a check sees the views it demanded, already parsed. */
export function requirement<V extends View>(id: RequirementId, spec: About & Grounds & EverySubject<V>): Requirement
export function requirement<const R extends Reads>(
  id: RequirementId,
  spec: About & Grounds & ReadsSubject<R>,
): Requirement
export function requirement(id: RequirementId, spec: About & Grounds & (VouchesSubject | GatesSubject)): Requirement
export function requirement(id: RequirementId, spec: object): Requirement {
  return { id, ...spec } as Requirement
}
