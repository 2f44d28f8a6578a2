/** What a call of a client can come to on a gateway that is not right, the mildest first. */
export const outcomes = [
  'not-provoked',
  'same',
  'other-words',
  'bookkeeping',
  'recovers',
  'another-error',
  'raises',
  'hangs',
  'silently-other',
] as const

export type Outcome = (typeof outcomes)[number]

/** The kinds of calls that are told apart: what one way of calling hides, another may not. */
export const groups = ['create', 'stream', 'raw', 'loop', 'runner', 'parse', 'count', 'models', 'errors'] as const

export type Group = (typeof groups)[number]
