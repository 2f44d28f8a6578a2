import type { ClientReport, ClientTried } from '../../schemas/types.ts'
import { failing } from '../client/conclude.ts'
import { happened } from './client.ts'
import { testCase, testSuite, testSuites } from './junit.ts'
import { en } from './words/en.ts'

/**
 * What a client did as JUnit XML: a suite for each kind of gateway, a case for each of them, and a last one for the conclusion, which
 * fails unless the exit code is 0.
 */
export function clientJunit({ tried, started, conclusion }: ClientReport): string {
  const kinds = [...new Set(tried.map(({ kind }) => kind))]
  const suites = kinds.map((kind) =>
    testSuite(
      kind,
      started,
      tried.filter((one) => one.kind === kind).map((one) => caseOf(one)),
    ),
  )
  const failure = conclusion.exitCode === 0 ? null : conclusion.reasons
  return testSuites('messages-conformance client', [
    ...suites,
    testSuite('conclusion', started, [testCase('client', 'conclusion', failure === null ? null : { failure })]),
  ])
}

function caseOf(one: ClientTried) {
  const state = en.trial.states[one.state]
  const lines = [`${state}: ${one.about}`, ...happened(one, en)]
  if (failing.includes(one.state)) return testCase(`client.${one.kind}`, one.id, { failure: lines })
  if (one.state === 'not-provoked') return testCase(`client.${one.kind}`, one.id, { skipped: state })
  return testCase(`client.${one.kind}`, one.id, { out: lines })
}
