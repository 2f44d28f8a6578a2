import { toBytes, type Bytes, type Gateway } from '../../fixtures/gateways/answer.ts'
import { createReference } from '../../fixtures/gateways/reference/reference.ts'
import { catalogue } from '../../suites/catalogue.ts'
import { judgingAlone } from '../../suites/harness/judge/alone.ts'
import { attempt } from '../../suites/harness/views/holes.ts'
import { textOf } from '../../suites/harness/views/text.ts'
import { see, type FinishedMessage } from '../../suites/harness/views/views.ts'
import type { Came, Exchange } from '../../suites/harness/wire/exchange.ts'
import { inProcess } from '../../suites/harness/wire/in-process.ts'
import { selectedIds, wholeProfile } from '../../suites/run/selection.ts'
import type { Case } from './cases.ts'
import type { Asked } from './form.ts'
import { masked } from './masked.ts'

/** What a gateway says to the requests of a command, where it is not what the reference says. */
export interface Provoked {
  /** The requirements that it is seen to break, by its answers alone. */
  readonly broken: readonly string[]
  /** It says that this is no whole answer: an error, an answer that breaks off, no Message, or another reason to stop. */
  readonly fails: boolean
  /** The stop_reason by which it says so, where its answers break no rule and none of them is an error: whoever reads it knows. */
  readonly stopped: string | null
  /** It answers in other words than the reference, where both can be read. */
  readonly otherWords: boolean
}

/**
 * Asks gateways, in this process, what was asked in a run on the reference, as `reference` makes one. Returns, for a case, what of that
 * is answered otherwise than by the reference; null where nothing is. Times are no part of it: rooms keep none.
 */
export async function replaying(
  asked: readonly Asked[],
  reference: () => Gateway = createReference,
): Promise<(tried: Pick<Case, 'over'>) => Promise<Provoked | null>> {
  const alone = judgingAlone(catalogue, selectedIds({ ...wholeProfile('full'), upstream: null }))
  const right = await repliesOf(reference(), asked)
  const known = new Set(right.flatMap(({ exchange }) => alone(exchange).broken.map(({ id }) => id)))
  return async ({ over }) => {
    const replies = await repliesOf(over(reference()), asked)
    const others = replies.flatMap(({ said, exchange }, index) => {
      const before = right[index]
      return before !== undefined && said !== before.said ? [{ exchange, before: before.exchange }] : []
    })
    if (others.length === 0) return null
    const broken = others.flatMap(({ exchange }) => alone(exchange).broken.map(({ id }) => id))
    const seen = [...new Set(broken)].filter((id) => !known.has(id))
    const stops = others.map(({ exchange, before }) => stoppedUnlike(exchange, before))
    const isAlone = seen.length === 0 && !others.some(({ exchange }) => isFailure(exchange.came))
    return {
      broken: seen,
      stopped: isAlone ? (stops.find((stop) => stop !== null) ?? null) : null,
      fails: others.some(({ exchange, before }) => failsUnlike(exchange, before)),
      otherWords: others.some(({ exchange, before }) => wordsOf(exchange) !== wordsOf(before)),
    }
  }
}

function failsUnlike(exchange: Exchange, before: Exchange): boolean {
  if (isFailure(exchange.came)) return !isFailure(before.came)
  const then = readOf(before, ({ stop_reason }) => stop_reason)
  return then !== null && readOf(exchange, ({ stop_reason }) => stop_reason) !== then
}

/** The stop_reason of an answer, where it is another one than before. */
function stoppedUnlike(exchange: Exchange, before: Exchange): string | null {
  const [now, then] = [exchange, before].map((one) => readOf(one, ({ stop_reason }) => stop_reason))
  return then === null || now === then ? null : (now ?? null)
}

function isFailure(came: Came): boolean {
  return came.kind === 'nothing' || came.status >= 400 || came.ends !== 'complete'
}

/** What of a Message can be read; null where nothing can. */
function readOf(exchange: Exchange, read: (message: FinishedMessage) => string): string | null {
  const seen = see(exchange, 'message')
  if (seen.is !== 'there') return null
  const attempted = attempt(() => read(seen.value))
  return attempted.ok ? attempted.value : null
}

/** What a Message says and calls, however it is cut into blocks. */
function wordsOf(exchange: Exchange): string | null {
  return readOf(exchange, (message) => {
    const calls = message.content.filter(({ type }) => type === 'tool_use').map((call) => JSON.stringify(call))
    return masked([textOf(message), ...calls].join(' '), null)
      .replaceAll(/\s+/g, ' ')
      .trim()
  })
}

interface Reply {
  readonly exchange: Exchange
  /** Everything of the answer that a client can see, but for ids and times. */
  readonly said: string
}

async function repliesOf(gateway: Gateway, asked: readonly Asked[]): Promise<readonly Reply[]> {
  const replies: Reply[] = []
  for (const [index, { method, path, headers, body }] of asked.entries()) {
    let said = ''
    const ask = inProcess(async (request) => {
      const answer = await gateway(request)
      said = saying(toBytes(answer))
      return answer
    })
    const fixture = `run/${index + 1}`
    const outgoing = { fixture, method, url: new URL(path, 'http://127.0.0.1'), headers }
    const came = await ask({ ...outgoing, body: body === null ? null : Buffer.from(body), ...unlimited }, never)
    const sent = { method, path, headers, body }
    replies.push({
      said,
      exchange: { fixture, origin: 'gathered', attempt: 1, needs: [], values: {}, sent, came },
    })
  }
  return replies
}

const unlimited = { idleTimeout: Infinity, totalTimeout: Infinity, maxBytes: Infinity }
const never = new AbortController().signal

function saying({ status, headers, pieces, ends }: Bytes): string {
  const lengths = pieces.map(({ bytes }) => bytes.length)
  const body = Buffer.concat(pieces.map(({ bytes }) => bytes)).toString('latin1')
  return masked(JSON.stringify([status, headers, lengths, ends, body]), null)
}
