import type { ReportedTiming } from '../../schemas/types.ts'
import type { Exchange } from '../harness/wire/exchange.ts'
import { see } from '../harness/views/views.ts'

/**
 * Collects how long answers took, exchange by exchange: how soon a stream says its first word, how long the longest silence within one
 * was, and how long each exchange took with all its attempts. Null where no time is known, as in most recordings of others.
 */
export function timing(): { add(exchange: Exchange): void; timed(): ReportedTiming | null } {
  const took = new Map<string, number>()
  const firstTokens: number[] = []
  let longestGap: number | null = null

  function add(exchange: Exchange): void {
    const { came, fixture, origin, upstream } = exchange
    if (origin === 'waiting' || came.kind === 'nothing' || came.endedAt === null) return
    took.set(fixture, (took.get(fixture) ?? 0) + came.endedAt)
    // What makes the upstream fail says nothing of how it is when all is well.
    const stream = upstream === undefined && came.status === 200 ? see(exchange, 'stream') : null
    if (stream?.is !== 'there') return
    const first = stream.value.events.find(({ type, at }) => type === 'content_block_delta' && at !== null)
    if (first?.at !== undefined && first.at !== null) firstTokens.push(first.at)
    for (const [index, [at]] of came.chunks.entries()) {
      const before = came.chunks[index - 1]
      if (before) longestGap = Math.max(longestGap ?? 0, at - before[0])
    }
  }

  return {
    add,
    timed: () =>
      took.size === 0
        ? null
        : {
            ...(firstTokens.length > 0 && { firstToken: rounded(median(firstTokens)) }),
            ...(longestGap !== null && { longestGap: rounded(longestGap) }),
            exchanges: Object.fromEntries([...took].map(([name, milliseconds]) => [name, rounded(milliseconds)])),
          },
  }
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? 0
}

function rounded(milliseconds: number): number {
  return Math.round(milliseconds * 10) / 10
}
