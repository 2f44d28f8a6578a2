import type { RunEnding } from '../../schemas/types.ts'
import { diagnose } from './diagnose.ts'
import type { Exchange } from './exchange.ts'
import { affords, gather, type Gathered, type Limits } from './gather.ts'
import type { Cost } from './plan.ts'
import { redactor } from './redact.ts'
import { concludeFor, judgingFor, planFor, type Outcome, type Selection } from './run.ts'
import type { Target } from './target.ts'
import { overHttp } from './transport.ts'

export interface Examined {
  readonly gathered: Gathered
  readonly outcome: Outcome
  /** Why the run ended before it was done, for a person; null where it did not. */
  readonly stoppedBy: string | null
  /** The target as it was examined in the end: with the other credential header, where only that one was accepted. */
  readonly target: Target
}

interface Watching {
  readonly record?: (exchange: Exchange) => void
  readonly signal: AbortSignal
  readonly today: string
}

/**
 * Plans, gathers, judges and concludes over real sockets: what check and the vitest face both do. A 401 to the first request
 * tries the other credential header, once.
 */
export async function examine(target: Target, selection: Selection, limits: Limits, on: Watching): Promise<Examined> {
  const first = await examineOnce(target, selection, limits, on)
  const other = first.gathered.ending === 'unauthorised' ? otherHeader(target) : null
  if (!other) return first
  const second = await examineOnce(other, selection, limits, on)
  const { sent } = first.gathered
  const all = { ...second.gathered.sent, requests: second.gathered.sent.requests + sent.requests }
  if (second.gathered.ending !== 'unauthorised') return { ...second, gathered: { ...second.gathered, sent: all } }
  const stoppedBy = `${first.stoppedBy?.replace(/;[^;]*$/, '')}; ${other.auth} was refused too.`
  return { ...first, stoppedBy, gathered: { ...first.gathered, sent: all } }
}

function otherHeader(target: Target): Target | null {
  if (target.auth === 'bearer') return { ...target, auth: 'x-api-key' }
  return target.auth === 'x-api-key' ? { ...target, auth: 'bearer' } : null
}

async function examineOnce(target: Target, selection: Selection, limits: Limits, on: Watching): Promise<Examined> {
  const judging = judgingFor(selection)
  const plan = planFor(selection)
  const transport = overHttp({})
  let stoppedBy: string | null = affords(limits.budget, plan.cost) ? null : tooDear(plan.cost)
  const preflight = (first: Exchange): RunEnding | null => {
    const diagnosis = diagnose(first, target)
    stoppedBy = diagnosis?.sentence ?? null
    return diagnosis?.ending ?? null
  }
  try {
    const gathered = await gather({
      plan,
      target,
      transport,
      limits,
      redactor: redactor([target.key ?? '', ...target.secrets].filter((secret) => secret !== '')),
      record: (exchange) => {
        judging.add(exchange)
        on.record?.(exchange)
      },
      signal: on.signal,
      ...(target.kind === 'gateway' && { preflight }),
    })
    const outcome = concludeFor(selection, judging.verdicts(), gathered.ending, on.today)
    return { gathered, outcome, stoppedBy, target }
  } finally {
    await transport.close()
  }
}

function tooDear({ requests, inputTokens, outputTokens }: Cost): string {
  return `The budget does not cover this run: it would need ${requests} requests, ${inputTokens} input tokens and ${outputTokens} output tokens. Nothing was sent.`
}

/** The reference answers at once: where a fault makes it hang, two seconds show it. */
export const referenceIdleTimeout = 2000
