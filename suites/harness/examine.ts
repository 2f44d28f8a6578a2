import type { RunEnding } from '../../schemas/types.ts'
import { diagnose } from './diagnose.ts'
import type { Exchange } from './exchange.ts'
import { gather, type Gathered, type Limits } from './gather.ts'
import { redactor } from './redact.ts'
import { concludeFor, judgingFor, planFor, type Outcome, type Selection } from './run.ts'
import type { Target } from './target.ts'
import { overHttp } from './transport.ts'

export interface Examined {
  readonly gathered: Gathered
  readonly outcome: Outcome
  /** Why the run ended at its first exchange, for a person; null where it did not. */
  readonly stoppedBy: string | null
}

/** Plans, gathers, judges and concludes over real sockets: what check and the vitest face both do. */
export async function examine(
  target: Target,
  selection: Selection,
  limits: Limits,
  on: { readonly record?: (exchange: Exchange) => void; readonly signal: AbortSignal; readonly today: string },
): Promise<Examined> {
  const judging = judgingFor(selection)
  const transport = overHttp({})
  let stoppedBy: string | null = null
  const preflight = (first: Exchange): RunEnding | null => {
    const diagnosis = diagnose(first, target)
    stoppedBy = diagnosis?.sentence ?? null
    return diagnosis?.ending ?? null
  }
  try {
    const gathered = await gather({
      plan: planFor(selection),
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
    return { gathered, outcome: concludeFor(selection, judging.verdicts(), gathered.ending, on.today), stoppedBy }
  } finally {
    await transport.close()
  }
}

/** The reference answers at once: where a fault makes it hang, two seconds show it. */
export const referenceIdleTimeout = 2000
