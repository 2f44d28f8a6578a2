import { upstreamKey } from '../../fixtures/gateways/reference/identity.ts'
import { requirement } from '../harness/judge/requirement.ts'
import { each } from '../harness/views/placed.ts'
import { see } from '../harness/views/views.ts'
import type { Exchange } from '../harness/wire/exchange.ts'
import { claudeCode, opinion, unchanged } from '../sources.ts'

/* Whether, how often, and under whose name a request reaches the upstream: judged only where that is ours and shows what arrives. */

export const arrives = requirement('passage/arrives', {
  level: 'must',
  profile: 'sdk',
  title: 'what is answered with success was asked of the upstream',
  because: 'An answer that the model never gave is made up, or one that was given to somebody else.',
  breaks: ['typescript-sdk', 'python-sdk', 'claude-code'],
  source: unchanged,
  vouches: 'passage',
})

export const once = requirement('passage/once', {
  level: 'should',
  profile: 'sdk',
  title: 'a request is sent upstream once, and again only after a failure',
  because: 'Each try is paid for, and the client is told of one.',
  breaks: [],
  source: opinion('Whoever sends a request again that was answered pays for it twice, behind the back of its client.'),
  every: 'passage',
  *check({ tries }) {
    const statuses = tries.map(({ came }) => (came.kind === 'answer' ? came.status : 0))
    if (tries.slice(0, -1).some((one) => !failed(one)))
      yield { at: 'upstream', expected: 'one request', actual: `${tries.length}, answered ${statuses.join(', ')}` }
  },
})

/** Whether it may be asked again, or elsewhere, after that. */
function failed({ came }: Exchange): boolean {
  if (came.kind !== 'answer' || came.ends !== 'complete') return true
  return came.status >= 500 || [401, 403, 404, 408, 409, 429].includes(came.status)
}

export const countAsked = requirement('passage/count-asked', {
  level: 'may',
  profile: 'sdk',
  title: 'count_tokens is asked of the upstream',
  because: "A count of the gateway's own is a guess, by which agents compact too early or too late.",
  breaks: [],
  source: claudeCode('llm-gateway-protocol', "Expose the endpoint so token counts don't consume inference requests"),
  reads: { 'tokens/short': 'count', 'passage/count': 'count' },
  *check(counts, exchanges) {
    yield* each(counts, function* (_, fixture) {
      if (exchanges[fixture].arrivals?.length === 0) yield { at: 'upstream', expected: 'the request', actual: 'none' }
    })
  },
})

export const letGo = requirement('passage/let-go', {
  level: 'should',
  profile: 'sdk',
  title: 'where the client leaves, the upstream is let go',
  because: 'It goes on to generate, and to be paid for, what nobody will read.',
  breaks: [],
  source: opinion('Who no longer passes an answer on has no use for it, and pays for every word of it.'),
  every: 'passage',
  least: 'passage/left:stream',
  // It must be seen to leave: one that holds an answer back until it has all of it leaves nobody.
  where: ({ behind }, exchange) => leftAt(exchange) + 1000 < endOf(behind),
  *check({ behind }, { arrivals = [] }) {
    if (!arrivals.find(({ sent }) => sent === behind.sent)?.letGo)
      yield { at: 'upstream', expected: 'the connection closed, within 3 seconds', actual: 'it goes on' }
  },
})

/** Milliseconds after which the client left; never, where it did not. */
function leftAt({ came }: Exchange): number {
  return came.kind === 'answer' && came.ends === 'hung-up' ? (came.endedAt ?? Infinity) : Infinity
}

/** Milliseconds that an answer takes. */
function endOf({ came }: Exchange): number {
  return came.kind === 'answer' ? (came.endedAt ?? 0) : 0
}

export const clientKeyKeptBack = requirement('passage/client-key-kept-back', {
  level: 'should',
  profile: 'sdk',
  title: "the client's credential stays with the gateway",
  because: 'It opens the gateway to whoever reads the logs of its upstream.',
  breaks: [],
  source: opinion('A credential is for whom it was given to: the gateway has one of its own for the upstream.'),
  every: 'passage',
  *check(_, { arrivals = [] }) {
    if (arrivals.some(({ credentials }) => credentials.includes('client')))
      yield { at: 'upstream', expected: "the gateway's own credential alone", actual: "the client's" }
  },
})

export const upstreamKeyKeptBack = requirement('passage/upstream-key-kept-back', {
  level: 'must',
  profile: 'sdk',
  title: "the gateway's credential for its upstream never reaches a client",
  because: 'Whoever reads it there uses the account of the operator.',
  breaks: [],
  source: claudeCode('llm-gateway-rollout', 'Configured on the gateway; never appears in client commands'),
  every: 'passage',
  *check(_, exchange) {
    const text = see(exchange, 'text')
    const { came } = exchange
    const headers = came.kind === 'answer' ? came.headers.flat() : []
    if ([...headers, text.is === 'there' ? text.value : ''].some((said) => said.includes(upstreamKey)))
      yield { at: 'answer', expected: 'no trace of the key', actual: 'the key' }
  },
})
