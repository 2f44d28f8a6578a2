import type { Ending, Failure, Fixture, Owner, TapeLeftOut, Unredactable } from '../../../schemas/types.ts'
import type { HeaderList } from '../../../fixtures/gateways/answer.ts'

export type { HeaderList }

/** What is about to be sent. `url` is whole; `headers` hold the credential; nothing here is recorded before it was redacted. */
export interface Outgoing {
  /** The exchange it is for; not sent. */
  readonly fixture: string
  readonly method: string
  readonly url: URL
  readonly headers: HeaderList
  readonly body: Uint8Array | null
  /** Milliseconds without a byte after which the exchange is given up. */
  readonly idleTimeout: number
  /** Milliseconds after which it is given up whatever comes. */
  readonly totalTimeout: number
  /** Bytes of body (before decoding) after which reading stops. */
  readonly maxBytes: number
  /** Hang up, as a client that lost interest does, once this many body bytes have come. */
  readonly hangUpAfter?: number
  /** Makes a listener for the body. Without one, whatever comes is a word. */
  readonly listen?: () => Listener
}

/** What bytes of a body say, as far as waiting for more goes: nothing but that somebody is there, something, or all there was to say. */
export type Heard = 'nothing' | 'word' | 'last-word'

/** Reads a body along as it comes, piece by piece, looking at each byte once; bytes are as they come, before decoding. */
export interface Listener {
  hears(bytes: Uint8Array): Heard
}

/** What was sent, as recorded: path and query below the Base URL; credentials redacted. */
export interface Sent {
  readonly method: string
  readonly path: string
  readonly headers: HeaderList
  readonly body: string | null
}

/** An HTTP answer, kept whole: raw header list, body bytes before decoding, and the milliseconds at which each piece came. */
export interface Answered {
  readonly kind: 'answer'
  readonly status: number
  readonly headers: HeaderList
  readonly body: Uint8Array
  /** [milliseconds since the request was sent, bytes], in order; empty where the recorder kept no times. */
  readonly chunks: readonly (readonly [at: number, length: number])[]
  readonly ends: Ending
  /** Milliseconds since the request was sent at which the body ended; null where the recorder kept no times. */
  readonly endedAt: number | null
  /** Why its body is on no tape, where it is not: `body` has as many bytes, which say nothing. */
  readonly withheld?: Unredactable
}

/** No HTTP answer came. `detail` is for a person, redacted. */
export interface NotAnswered {
  readonly kind: 'nothing'
  readonly failure: Failure
  readonly detail: string
  /** The connection had served an exchange before, and broke under this one. */
  readonly reused?: true
}

export type Came = Answered | NotAnswered

/** Sends one request and keeps everything that comes back. Never throws for what a gateway does. */
export type Transport = (outgoing: Outgoing, signal: AbortSignal) => Promise<Came>

/** One request that reached the upstream of a gateway, and what the upstream answered, redacted. */
export interface Arrived {
  readonly sent: Sent
  readonly came: Answered
  /** Whose credentials it carried, wherever they stood. */
  readonly credentials: readonly Owner[]
  /** Whoever asked left before all was said. */
  readonly letGo?: true
}

/** One exchange of a run, with what later judging needs to know of the fixture that sent it. */
export interface Exchange {
  /** The fixture and mode, as in `tools/single` or `tools/single:stream`; for recorded traffic the entry's own name. */
  readonly fixture: string
  /**
   * `gathered` by us, headers whole; `recorded` by others, where an absent header or time says nothing; or a look at a gateway that
   * may still be starting or answer elsewhere, by which nothing is judged.
   */
  readonly origin: 'gathered' | 'recorded' | 'waiting'
  /** 1 for the first try. The last one on the tape counts. */
  readonly attempt: number
  /** Why this is another try, where it is: `status 503`, `reset`, `unreached`. */
  readonly retryOf?: string
  readonly needs: readonly string[]
  readonly settles?: Fixture['settles']
  /** It made the upstream fail: nothing is judged by it but what reads it by name. */
  readonly upstream?: 'reference'
  /** Which of the values the text of the answer should say. */
  readonly canary?: string
  /** The placeholder values this try was sent with. */
  readonly values: Readonly<Record<string, string>>
  readonly sent: Sent
  readonly came: Came
  /** What of it reached the upstream, in order; absent where nobody looked. */
  readonly arrivals?: readonly Arrived[]
  /** Its bodies are kept by nobody: nothing is judged by it. */
  readonly leftOut?: TapeLeftOut
}

/** The name under which the same question is asked as a stream. */
export function inStream(name: string): string {
  return `${name}:stream`
}

/** Whether an exchange is asked as a stream, by its name. */
export function isStream(name: string): boolean {
  return quirkOf(name).name.endsWith(inStream(''))
}

/** The name under which it is asked while the upstream speaks in a way of its own: `tools/single:stream@chat/no-done`. */
export function underQuirk(name: string, quirk: string): string {
  return `${name}@${quirk}`
}

/** An exchange's name and the quirk of the upstream under which it was made; null where that spoke as usual. */
export function quirkOf(exchange: string): { readonly name: string; readonly quirk: string | null } {
  const at = exchange.indexOf('@')
  return at < 0 ? { name: exchange, quirk: null } : { name: exchange.slice(0, at), quirk: exchange.slice(at + 1) }
}
