import { bulky, swollen, type Bulky } from '../../fixtures/gateways/bulky.ts'
import { createReference } from '../../fixtures/gateways/reference/reference.ts'
import type { Exchange } from '../../suites/harness/wire/exchange.ts'
import { judgingFor } from '../../suites/run/judging.ts'
import { everything, tapeOf } from '../../suites/self/proof.ts'
import { inTurn, timed } from './programs.ts'
import { ms, type Row } from './table.ts'

/** As large as most of them may be before they count as too much. */
const bytes = 2_000_000

/** What an answer is: the text of a long stream, in pieces of a few letters. */
const ordinary: Bulky = { ...bulky.find(({ id }) => id === 'stream/deltas')!, id: 'ordinary' }

/** The answer that is dearest to judge, of all that are built to be, beside an ordinary one of the same size. */
export async function dearest(): Promise<readonly Row[]> {
  const tapes = await Promise.all([...bulky, ordinary].map(async (sent) => [sent, await tapeWith(sent)] as const))
  const once = new Map<Bulky, number>()
  for (const [sent, tape] of tapes) once.set(sent, await judging(tape))
  const [worst = ordinary] = bulky.toSorted((a, b) => (once.get(b) ?? 0) - (once.get(a) ?? 0))
  const of = (wanted: Bulky) => () => judging(tapes.find(([sent]) => sent === wanted)?.[1] ?? [])
  const took = await inTurn(5, { worst: of(worst), ordinary: of(ordinary) })
  return [
    {
      what: `judging the dearest answer of ${bytes / 1e6} MB, ${worst.id}`,
      ours: ms(took.worst),
      compared: `an ordinary stream of the same size: ${ms(took.ordinary)}`,
      ratio: took.worst / took.ordinary,
    },
  ]
}

async function tapeWith(sent: Bulky): Promise<readonly Exchange[]> {
  const fixtures = ['messages/hello', 'messages/hello:stream', 'tokens/short', 'models/list', 'validation/no-model']
  return tapeOf(swollen(sent, bytes, createReference()), { selection: { ...everything, fixtures } })
}

/** The milliseconds of judging a tape anew: what was read of an exchange is remembered by the exchange. */
function judging(tape: readonly Exchange[]): Promise<number> {
  const judged = judgingFor(everything)
  const fresh = tape.map((exchange) => ({
    ...exchange,
    came: exchange.came.kind === 'answer' ? { ...exchange.came } : exchange.came,
  }))
  return timed(() => {
    for (const exchange of fresh) judged.add(exchange)
    judged.verdicts()
  })
}
