export interface Limits {
  /** Requests under way at once. */
  readonly concurrency: number
  /** Milliseconds without a byte. */
  readonly idleTimeout: number
  /** Milliseconds for one exchange, whatever comes. */
  readonly totalTimeout: number
  /** Bytes of body read of one answer. */
  readonly maxBytes: number
  /** Times that an answer is waited out which says busy. */
  readonly patience: number
  /** Milliseconds for the whole run. */
  readonly deadline: number
  readonly budget: Budget
}

/** Hard caps: a run that could exceed one sends nothing, and no second try exceeds one. */
export interface Budget {
  readonly requests: number
  readonly inputTokens: number
  readonly outputTokens: number
}

export const unlimited: Budget = { requests: Infinity, inputTokens: Infinity, outputTokens: Infinity }

export const usualLimits: Limits = {
  concurrency: 6,
  idleTimeout: 60_000,
  totalTimeout: 300_000,
  maxBytes: 8 * 1024 * 1024,
  patience: 2,
  deadline: 1_800_000,
  budget: unlimited,
}

/** So many exchanges in a row without any HTTP answer, or valid requests of which none was served, and the gateway is taken for lost. */
export const lostAfter = 4

/**
 * Bytes of body that are more than any answer to our requests needs. Once a run has read as much as one answer may have, no other may
 * have more than this, or they would fill memory and tape.
 */
const enoughBytes = 512 * 1024

/** Bytes of body that memory has room for in all answers under way: as many of the largest as are by default. */
const mostUnderWay = usualLimits.concurrency * usualLimits.maxBytes

/** The most that is read of one answer, `read` bytes of others into the run. */
export function mostOfOne({ maxBytes, concurrency }: Limits, read: number): number {
  const share = Math.floor(mostUnderWay / concurrency)
  return Math.min(maxBytes, read < maxBytes ? Math.max(share, enoughBytes) : enoughBytes)
}

/** Whether a budget covers what would have been sent then. */
export function affords(budget: Budget, cost: Budget): boolean {
  return (
    cost.requests <= budget.requests &&
    cost.inputTokens <= budget.inputTokens &&
    cost.outputTokens <= budget.outputTokens
  )
}
