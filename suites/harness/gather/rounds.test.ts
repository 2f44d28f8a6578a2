import { requests } from '../../../fixtures/requests.ts'
import { describe, expect, test } from 'vitest'
import { createReference } from '../../../fixtures/gateways/reference/reference.ts'
import type { Transport } from '../wire/exchange.ts'
import { gather } from './gather.ts'
import { usualLimits } from './limits.ts'
import { inProcess } from '../wire/in-process.ts'
import type { Plan, Step } from './plan.ts'
import { redactor } from '../tape/redact.ts'
import { referenceTarget } from '../../run/reference-target.ts'
import { planFor, wholeProfile } from '../../run/selection.ts'

/** A gateway in which every answer takes one round: all requests under way are answered together, once no more come. */
function inRounds(): { transport: Transport; rounds: () => number; most: () => number; names: string[][] } {
  const answer = inProcess(createReference())
  const names: string[][] = []
  let waiting: (() => void)[] = []
  let underWay = 0
  let most = 0
  let open: string[] = []
  const transport: Transport = async (outgoing, signal) => {
    underWay++
    most = Math.max(most, underWay)
    open.push(outgoing.fixture)
    const came = await answer(outgoing, signal)
    await new Promise<void>((resolve) => {
      waiting.push(resolve)
      setImmediate(() => setImmediate(answerAll))
    })
    return came
  }
  function answerAll(): void {
    if (waiting.length === 0 || waiting.length < underWay) return
    names.push(open)
    const all = waiting
    waiting = []
    open = []
    underWay = 0
    for (const resolve of all) resolve()
  }
  return { transport, rounds: () => names.length, most: () => most, names }
}

async function gathered(plan: Plan, transport: Transport, concurrency: number): Promise<void> {
  await gather({
    plan,
    target: referenceTarget('http://gateway.test'),
    transport,
    limits: { ...usualLimits, concurrency },
    redactor: redactor([]),
    record: () => {},
    signal: new AbortController().signal,
    preflight: () => null,
  })
}

/** Exchanges in the longest chain of which each waits for the one before it. */
function longest(steps: readonly Step[]): number {
  const depth = (name: string): number => {
    const step = steps.find((other) => other.name === name)
    return step ? 1 + Math.max(0, ...step.dependsOn.map(depth)) : 0
  }
  return Math.max(0, ...steps.map(({ name }) => depth(name)))
}

describe.for(['minimum', 'sdk', 'claude-code', 'full'] as const)('the plan of %s', (profile) => {
  const plan = planFor(wholeProfile(profile), requests)
  const [first, ...rest] = plan.steps
  const of = (...phases: (string | undefined)[]): Step[] => rest.filter(({ fixture }) => phases.includes(fixture.phase))

  test('lasts as long as its longest chain, where nothing else limits it', async () => {
    const { transport, rounds } = inRounds()
    await gathered(plan, transport, 1000)
    const oneByOne = of('upsetting').length + of('again').length
    expect(rounds()).toBe(1 + longest(of(undefined, 'either')) + longest(of('refused')) + oneByOne)
  })

  test('keeps to the concurrency', async () => {
    const { transport, most } = inRounds()
    await gathered(plan, transport, 3)
    // Requests that belong side by side count as one.
    const sideBySide = rest.filter(({ fixture }) => fixture.parallel !== undefined).length
    expect(most()).toBeLessThanOrEqual(2 + Math.max(1, sideBySide))
    expect(most()).toBeGreaterThanOrEqual(3)
  })

  test('begins alone, and asks what is to be refused only once all else is answered', async () => {
    const { transport, names } = inRounds()
    await gathered(plan, transport, 1000)
    expect(names[0]).toEqual([first?.name])
    const positive = new Set(of(undefined, 'either').map(({ name }) => name))
    const lastPositive = names.findLastIndex((round) => round.some((name) => positive.has(name)))
    const others = new Set(of('refused', 'upsetting', 'again').map(({ name }) => name))
    expect(names.findIndex((round) => round.some((name) => others.has(name)))).toBeGreaterThan(lastPositive)
  })
})
