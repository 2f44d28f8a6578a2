import { isDeepStrictEqual } from 'node:util'
import { describe, expect, test } from 'vitest'
import { plainMessage } from '../../fixtures/gateways/alter.ts'
import type { Answer } from '../../fixtures/gateways/answer.ts'
import { createReference } from '../../fixtures/gateways/reference/reference.ts'
import { eventsOf } from '../../fixtures/gateways/reference/stream.ts'
import { profiles } from '../../schemas/values.ts'
import type { Message } from '../../schemas/types.ts'
import { catalogue } from '../catalogue.ts'
import { exchangesOf, isWrong } from '../harness/gather/plan.ts'
import { inProcess } from '../harness/wire/in-process.ts'
import { requests } from '../../fixtures/requests.ts'
import { concludeFor } from '../run/judging.ts'
import { planFor, wholeProfile } from '../run/selection.ts'
import type { Judged } from '../harness/judge/judge.ts'
import type { Exchange } from '../harness/wire/exchange.ts'
import { brokenOf, everything, judgeTape, tapeOf } from './proof.ts'

/* What a lenient gateway makes of a request that is wrong on purpose breaks nobody's client: only what is about that request accuses it. */

const wrong = planFor(everything, requests)
  .steps.map(({ name }) => name)
  .filter((name) => isWrong(name, requests))

const lenient = { ...plainMessage('msg_lenient'), content: [{ type: 'text', text: 'Hello.' }] } as unknown as Message

const said = (type: string, body: Answer['body']): Answer => ({
  status: 200,
  headers: [
    ['content-type', type],
    ['request-id', 'req_lenient'],
  ],
  body,
})

/** What a gateway may make of a request it does not look at closely. */
const answers: Readonly<Record<string, Answer>> = {
  'a Message': said('application/json', { json: lenient }),
  'a stream': said('text/event-stream', { events: eventsOf(lenient) }),
  'a Message beyond its limit, from another model, without a reason to stop': said('application/json', {
    json: { ...lenient, id: '', model: 'gpt-x', stop_reason: null, usage: { input_tokens: 900, output_tokens: 900 } },
  }),
}

const right = await tapeOf(createReference())

/** What the reference says to the whole catalogue, but for one request, however often it is sent. */
function judgedWith(name: string, came: Exchange['came']): Judged {
  const asked = right.find(({ fixture }) => fixture === name)?.sent
  return judgeTape(
    right.map((exchange) => (isDeepStrictEqual(exchange.sent, asked) ? { ...exchange, came } : exchange)),
  )
}

/** An answer as it comes over a wire. */
async function cameOf(answer: Answer): Promise<Exchange['came']> {
  const outgoing = { fixture: '', method: 'POST', url: new URL('http://reference.invalid'), headers: [], body: null }
  const limits = { idleTimeout: 1000, totalTimeout: 1000, maxBytes: 1_000_000 }
  return inProcess(() => answer)({ ...outgoing, ...limits }, new AbortController().signal)
}

/** Who reads it, or one that is recorded as the same. */
function aboutIt(name: string): ReadonlySet<string> {
  const asked = right.find(({ fixture }) => fixture === name)?.sent
  const alike = new Set(right.filter(({ sent }) => isDeepStrictEqual(sent, asked)).map(({ fixture }) => fixture))
  const reads = catalogue.filter((one) => 'reads' in one && exchangesOf(one).some((other) => alike.has(other)))
  return new Set(reads.map(({ id }) => id))
}

describe('a wrong request that is taken for a right one', () => {
  test.for(wrong.flatMap((name) => Object.keys(answers).map((answer) => [name, answer] as const)))(
    '%s, answered with %s',
    async ([name, answer]) => {
      const judged = judgedWith(name, await cameOf(answers[answer] ?? said('', { raw: '' })))
      const own = aboutIt(name)
      expect(brokenOf(judged.verdicts).filter((id) => !own.has(id))).toEqual([])
      const exits = profiles.map((profile) => {
        const { conclusion } = concludeFor({ ...wholeProfile(profile), upstream: 'reference' }, judged, {
          ending: 'complete',
          today: '2026-11-24',
        })
        return conclusion.exitCode
      })
      if (isStrict(name)) return
      expect(judged.verdicts.filter(({ why }) => why === 'prerequisite').map(({ id }) => id)).toEqual([])
      expect(exits).toEqual([0, 0, 0, 0])
      expect(brokenOf(judged.verdicts).length).toBeLessThanOrEqual(1)
    },
  )
})

/** Who asks is no matter of leniency. */
function isStrict(name: string): boolean {
  return requests[name.replace(':stream', '') as keyof typeof requests].credential !== undefined
}
