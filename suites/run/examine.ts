import type { RunEnding } from '../../schemas/types.ts'
import { diagnose } from './diagnose.ts'
import type { Exchange } from '../harness/wire/exchange.ts'
import { affords, gather, type Gathered, type Limits, type Progress, type ToGather } from '../harness/gather/gather.ts'
import { parseJson, isObject } from '../harness/wire/json.ts'
import type { Cost } from '../harness/gather/plan.ts'
import { redactor } from '../harness/tape/redact.ts'
import { concludeFor, judgingFor, planFor, wholeProfile, type Concluded, type Selection } from './selection.ts'
import type { Target } from '../harness/wire/target.ts'
import { overHttp } from '../harness/wire/transport.ts'
import { see } from '../harness/views/views.ts'

export interface Examined {
  readonly gathered: Gathered
  readonly outcome: Concluded
  /** Why the run ended before it was done, for a person; null where it did not. */
  readonly stoppedBy: string | null
  /** The target as it was examined in the end: with the other credential header, where only that one was accepted. */
  readonly target: Target
}

interface Watching {
  readonly record?: (exchange: Exchange) => void
  readonly progress?: (at: Progress) => void
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
  const transport = overHttp({ ...(target.allowSelfSigned && { allowSelfSigned: true }) })
  let stoppedBy: string | null = affords(limits.budget, plan.cost) ? null : tooDear(plan.cost)
  let modelMissing = false
  const preflight = (first: Exchange): RunEnding | null => {
    const diagnosis = diagnose(first, target)
    stoppedBy = diagnosis?.sentence ?? null
    modelMissing = diagnosis?.model === true
    return diagnosis?.ending ?? null
  }
  try {
    const asking = {
      target,
      transport,
      limits,
      redactor: redactor([target.key ?? '', ...target.secrets].filter((secret) => secret !== '')),
      signal: on.signal,
    }
    const gathered = await gather({
      ...asking,
      plan,
      record: (exchange) => {
        judging.add(exchange)
        on.record?.(exchange)
      },
      ...(on.progress && { progress: on.progress }),
      ...(target.kind === 'gateway' && { preflight }),
    })
    if (modelMissing) stoppedBy = `${stoppedBy} ${served(await modelsServed(asking))}`
    const outcome = concludeFor(selection, judging.verdicts(), { ending: gathered.ending, today: on.today })
    return { gathered, outcome, stoppedBy, target }
  } finally {
    await transport.close()
  }
}

/** The models a gateway lists, by name; null where it gives no list that can be read. */
export async function listModels(target: Target, limits: Limits): Promise<readonly string[] | null> {
  const transport = overHttp({ ...(target.allowSelfSigned && { allowSelfSigned: true }) })
  const secrets = [target.key ?? '', ...target.secrets].filter((secret) => secret !== '')
  try {
    const signal = new AbortController().signal
    return await modelsServed({ target, transport, limits, redactor: redactor(secrets), signal })
  } finally {
    transport.close()
  }
}

async function modelsServed(asking: Omit<ToGather, 'plan' | 'record'>): Promise<readonly string[] | null> {
  const plan = planFor({ ...wholeProfile('full'), fixtures: ['models/list'] })
  let models: readonly string[] | null = null
  await gather({
    ...asking,
    plan: { ...plan, steps: plan.steps.filter(({ name }) => name === 'models/list') },
    limits: { ...asking.limits, patience: 0 },
    record: (exchange) => {
      const text = see(exchange, 'text')
      models = text.is === 'there' ? idsIn(text.value) : null
    },
  })
  return models
}

/** The ids of any list of models, whatever its shape otherwise: this is to help a person, not to judge. */
function idsIn(text: string): readonly string[] | null {
  const page = parseJson(text)
  const data: unknown[] = isObject(page) && Array.isArray(page['data']) ? page['data'] : []
  const ids = data.flatMap((entry) => (isObject(entry) && typeof entry['id'] === 'string' ? [entry['id']] : []))
  return ids.length > 0 ? ids : null
}

/** `It serves: a, b, c.` */
export function served(models: readonly string[] | null): string {
  if (!models) return 'Its list of models could not be read.'
  const some = models.slice(0, 20).join(', ')
  return `It serves: ${some}${models.length > 20 ? `, and ${models.length - 20} more` : ''}.`
}

function tooDear({ requests, inputTokens, outputTokens }: Cost): string {
  return `The budget does not cover this run: it would need ${requests} requests, ${inputTokens} input tokens and ${outputTokens} output tokens. Nothing was sent.`
}

/** The reference answers at once: where a fault makes it hang, two seconds show it. */
export const referenceIdleTimeout = 2000
