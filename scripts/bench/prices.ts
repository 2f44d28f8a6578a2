import { profiles } from '../../schemas/values.ts'
import { planFor, wholeProfile, type Selection } from '../../suites/run/selection.ts'
import type { Row } from './table.ts'

/** What a run of each profile sends, and at most costs. */
export function prices(): readonly Row[] {
  return [
    ...profiles.map((profile) => price(profile, wholeProfile(profile))),
    price('--quick', { ...wholeProfile('sdk'), quick: true }),
  ]
}

function price(of: string, selection: Selection): Row {
  const { cost } = planFor(selection)
  return {
    what: `requests of ${of}`,
    ours: `${cost.requests}, ${cost.paidRequests} paid`,
    compared: `at most ${cost.inputTokens} input and ${cost.outputTokens} output tokens`,
    ratio: null,
  }
}
