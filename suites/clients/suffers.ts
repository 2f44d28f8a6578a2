/** What a client was measured to come to where a requirement is broken. */
export type Suffers = 'breaks' | 'recovers' | 'is-unharmed'

/** Which version of a client was measured, and when. */
export interface Measurement {
  readonly version: string
  readonly date: string
}
