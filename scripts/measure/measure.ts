import { toBytes, type Answer, type Gateway } from '../../fixtures/gateways/answer.ts'
import { createReference } from '../../fixtures/gateways/reference/reference.ts'
import type { Group, Outcome } from '../../suites/clients/outcomes.ts'
import type { Call } from './calls.ts'
import { gravest, outcomeOf, type Got } from './outcome.ts'

/** Makes a call into a gateway. */
export type Caller = (call: Call, gateway: Gateway) => Promise<Got>

/** The gravest outcome of each group of calls in which the gateway said something else than one that is right. */
export type ByGroup = Partial<Record<Group, Outcome>>

/** What stands in front of a right gateway, and what it is called. */
export interface Differing {
  readonly id: string
  readonly over: (inner: Gateway) => Gateway
}

/**
 * Makes the same calls on each of some gateways as on the right one, one after the other, and tells by group what became of them.
 * Throws where a call hangs on the right gateway.
 */
export async function* measure(
  caller: Caller,
  calls: readonly Call[],
  gateways: readonly Differing[],
): AsyncGenerator<readonly [id: string, ByGroup]> {
  const right = await all(caller, calls, (inner) => inner)
  for (const { id, over } of gateways) {
    const now = await all(caller, calls, over)
    const both = calls.map((_, index): readonly [Made, Made] => {
      const [before, after] = [right[index], now[index]]
      if (!before || !after) throw new Error('A call was not made.')
      return [before, after]
    })
    yield [id, byGroupOf(calls, both)]
  }
}

/** The gravest outcome of each group of calls, each made on the right gateway and on another; groups that met nothing are left out. */
export function byGroupOf(calls: readonly Call[], both: readonly (readonly [right: Made, now: Made])[]): ByGroup {
  const found = new Map<Group, Outcome[]>()
  for (const [index, [before, after]] of both.entries()) {
    const group = calls[index]?.group
    if (group) found.set(group, [...(found.get(group) ?? []), outcomeOf(before.got, after.got, after.fired)])
  }
  const met = [...found].map(([group, outcomes]) => [group, gravest(outcomes)] as const)
  return Object.fromEntries(met.filter(([, outcome]) => outcome !== 'not-provoked'))
}

/** What became of a call; `fired`: the gateway said something else than the right one. */
export interface Made {
  readonly got: Got
  readonly fired: boolean
}

async function all(
  caller: Caller,
  calls: readonly Call[],
  over: (inner: Gateway) => Gateway,
): Promise<readonly Made[]> {
  let fired = false
  const gateway = watched(over, () => (fired = true))
  const made: Made[] = []
  for (const call of calls) {
    fired = false
    made.push({ got: await caller(call, gateway), fired })
  }
  return made
}

/**
 * A gateway that tells when what stands in front of the right one changes something: the request before it gets there, or what was
 * answered. One request at a time, so that it knows which is which. Minted ids do not count, nor do delays: nobody waits here.
 */
export function watched(over: (inner: Gateway) => Gateway, notice: () => void): Gateway {
  const reference = createReference()
  const within: { readonly asked: string; readonly said: string }[] = []
  const faulty = over(async (request) => {
    const asked = await textOf(request)
    const answer = await reference(request)
    within.push({ asked, said: saidBy(answer) })
    return answer
  })
  let turn: Promise<unknown> = Promise.resolve()
  return (request) => {
    const answered = turn.then(async () => {
      within.length = 0
      const asked = await textOf(request)
      const answer = await faulty(request)
      const said = saidBy(answer)
      // What is in front may ask more than it was asked, to know what would be said in the other mode.
      if (!within.some((one) => one.asked === asked && one.said === said)) notice()
      return answer
    })
    turn = answered.catch(() => {})
    return answered
  }
}

async function textOf(request: Request): Promise<string> {
  return JSON.stringify([request.method, request.url, [...request.headers], await request.clone().text()])
}

function saidBy(answer: Answer): string {
  const { status, headers, pieces, ends } = toBytes(answer)
  const body = Buffer.concat(pieces.map(({ bytes }) => bytes)).toString('latin1')
  return JSON.stringify([status, headers, ends, body]).replaceAll(/_ref\d{6}/g, '_ref')
}
