import { requests } from '../../fixtures/requests.ts'
import type { Gateway } from '../../fixtures/gateways/answer.ts'
import { faults } from '../../fixtures/gateways/faults/faults.ts'
import { createReference } from '../../fixtures/gateways/reference/reference.ts'
import { variants } from '../../fixtures/gateways/variants.ts'
import { catalogue } from '../../suites/catalogue.ts'
import { gather } from '../../suites/harness/gather/gather.ts'
import { usualLimits } from '../../suites/harness/gather/limits.ts'
import { exchangesOf } from '../../suites/harness/gather/plan.ts'
import type { Redactor } from '../../suites/harness/tape/redact.ts'
import type { Exchange } from '../../suites/harness/wire/exchange.ts'
import { inProcess } from '../../suites/harness/wire/in-process.ts'
import type { Target } from '../../suites/harness/wire/target.ts'
import { planFor } from '../../suites/run/selection.ts'
import { referenceTarget } from '../../suites/run/reference-target.ts'
import { everything } from '../../suites/self/proof.ts'
import { isPlain } from './exchanges.ts'
import { secrets } from './words.ts'

/** The gateway that every case is about: one that somebody named, so that everything is printed that can be. */
export const target: Target = {
  ...referenceTarget(`https://gateway.example/${secrets.path}`),
  kind: 'gateway',
  name: 'fuzzed',
  key: secrets.key,
  headers: [['x-gate', secrets.header]],
  secrets: [secrets.header],
  headerVariables: { 'x-gate': 'GATE' },
}

/** What there is to be changed. */
export interface Recorded {
  /** Exchanges of several gateways, as they came: nothing is redacted. */
  readonly all: readonly Exchange[]
  /** Those of the reference that some requirement reads together with the one of this name, and the plainest. */
  readonly beside: (name: string) => readonly Exchange[]
}

/** Legal differences and breaches that bring what the reference never says. */
const others: readonly ((inner: Gateway) => Gateway)[] = [
  ...variants.filter(({ socket }) => !socket).filter((_, index) => index % 6 === 0),
  ...faults.filter(({ socket }) => !socket).filter((_, index) => index % 60 === 0),
].map(({ over }) => over)

let once: Promise<Recorded> | undefined

/** Asks the reference, and a few gateways that differ from it, everything there is to ask: once, it takes seconds. */
export function recorded(): Promise<Recorded> {
  return (once ??= record())
}

async function record(): Promise<Recorded> {
  const reference = await recordedFrom(createReference({ key: secrets.key }))
  const more = await Promise.all(others.map((over) => recordedFrom(over(createReference({ key: secrets.key })))))
  const byName = new Map(reference.map((exchange) => [exchange.fixture, exchange]))
  const together = readTogether()
  return {
    all: [...reference, ...more.flat()].filter(isPlain),
    beside: (name) => [...plainest, ...(together.get(name) ?? [])].flatMap((other) => byName.get(other) ?? []),
  }
}

/** An anchor, in both modes: without a Message nothing is judged. */
const plainest = ['messages/hello', 'messages/hello:stream']

/** So many exchanges are judged beside one, at most: those of a long list say the same. */
const mostBeside = 6

function readTogether(): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, Set<string>>()
  for (const requirement of catalogue) {
    const names = exchangesOf(requirement).slice(0, mostBeside)
    for (const name of names)
      found.set(name, new Set([...(found.get(name) ?? []), ...names.filter((other) => other !== name)]))
  }
  return new Map([...found].map(([name, others]) => [name, [...others].slice(0, mostBeside)]))
}

async function recordedFrom(gateway: Gateway): Promise<readonly Exchange[]> {
  const tape: Exchange[] = []
  await gather({
    plan: planFor(everything, requests),
    target,
    transport: inProcess(gateway),
    limits: { ...usualLimits, idleTimeout: 120_000, patience: 0 },
    redactor: asItIs,
    record: (exchange) => tape.push(exchange),
    signal: new AbortController().signal,
    sleep: () => Promise.resolve(),
  })
  return tape
}

/** Takes nothing out: a case is redacted as a run is, after it was changed. */
const asItIs: Redactor = {
  text: (text) => text,
  bytes: (bytes) => bytes,
  headers: (list) => list,
  sent: (sent) => sent,
  came: (came) => came,
  answered: (answered) => answered,
  value: (value) => value,
}
