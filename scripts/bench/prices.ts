import { fixtureFacts } from '../../fixtures/facts.ts'
import { faults } from '../../fixtures/gateways/faults/faults.ts'
import { createReference } from '../../fixtures/gateways/reference/reference.ts'
import type { Fault } from '../../fixtures/gateways/fault.ts'
import { profiles } from '../../schemas/values.ts'
import { planFor, selectedIds, wholeProfile, type Selection } from '../../suites/run/selection.ts'
import { brokenOf, judgeTape, tapeOf } from '../../suites/self/proof.ts'
import type { Row } from './table.ts'

const quick: Selection = { ...wholeProfile('sdk'), quick: true }

/** What a run of each profile sends, and at most costs: in all, for each requirement that it judges, and for each fault that it catches. */
export async function prices(): Promise<readonly Row[]> {
  const rows = profiles.map((profile) => {
    const selection = wholeProfile(profile)
    const ids: ReadonlySet<string> = selectedIds(selection)
    // The proof holds that a fault breaks what it says.
    return price(profile, selection, ids.size, faults.filter(({ breaks }) => breaks.some((id) => ids.has(id))).length)
  })
  const { verdicts } = judgeTape(await tapeOf(createReference(), { selection: quick }), quick)
  const judged = verdicts.filter(({ outcome }) => outcome !== 'unjudged').length
  let caught = 0
  for (const fault of faults) if (await isCaught(fault)) caught++
  return [...rows, price('--quick', quick, judged, caught)]
}

/** Whether a quick look shows a fault. What takes a socket is not tried, and counts as missed. */
async function isCaught({ over, breaks, run, socket }: Fault): Promise<boolean> {
  if (socket) return false
  const tape = await tapeOf(over(createReference()), { selection: quick, run })
  return brokenOf(judgeTape(tape, quick).verdicts).some((id) => breaks.includes(id))
}

function price(of: string, selection: Selection, requirements: number, caught: number): Row {
  const { cost } = planFor(selection, fixtureFacts)
  const each = (count: number): string =>
    `${(cost.requests / count).toFixed(2)} requests, ${(cost.paidRequests / count).toFixed(2)} of them paid, and ${Math.round((cost.inputTokens + cost.outputTokens) / count)} tokens each`
  return {
    what: `requests of ${of}`,
    ours: `${cost.requests}, ${cost.paidRequests} paid`,
    compared: `at most ${cost.inputTokens} input and ${cost.outputTokens} output tokens; for ${requirements} requirements ${each(requirements)}; for ${caught} of ${faults.length} faults ${each(caught)}`,
    ratio: null,
  }
}
