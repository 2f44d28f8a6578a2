import { usualLimits } from '../../suites/harness/gather/limits.ts'
import { toLine } from '../../suites/harness/tape/tape.ts'
import type { Exchange } from '../../suites/harness/wire/exchange.ts'
import { examine } from '../../suites/run/examine.ts'
import { everything } from '../../suites/self/proof.ts'
import { reportOf } from '../report/report.ts'
import { demand } from './demands.ts'
import type { Random } from './random.ts'
import { tracesIn } from './readings.ts'
import { target, type Recorded } from './recorded.ts'
import { saying } from './said.ts'
import { ways } from './ways.ts'
import { secrets } from './words.ts'

/* A whole run against a gateway that says a secret: what is gathered, why it ended, and what is reported of it. */

/** Runs such a check in process. Throws where a trace of the secret is left, or it ends in a mistake of ours. */
export async function saysToRun({ all }: Recorded, choices: Random): Promise<void> {
  const secret = choices.pick(Object.values(secrets))
  const way = choices.below(ways.length)
  const exchange = saying(secret, way, choices.pick(all), choices)
  const [fixture = ''] = exchange.fixture.split(':')
  const selection = { ...everything, fixtures: [fixture] }
  const gathered: Exchange[] = []
  const run = await examine(
    target,
    selection,
    { ...usualLimits, patience: 0 },
    {
      transport: () => Promise.resolve(exchange.came),
      record: (one) => gathered.push(one),
      signal: new AbortController().signal,
      today: '2026-01-01',
    },
  )
  const { ending, failure } = run.gathered
  demand(ending === 'error' ? String(failure) : null, 'a run ends in no mistake of ours')
  const outputs = [
    ['tape.jsonl', gathered.map((one) => `${JSON.stringify(toLine(one))}\n`).join('')],
    ['why it ended', JSON.stringify(run.diagnosis)],
    ['the report', JSON.stringify(reportOf({ ...run, selection, started: new Date(0) }))],
  ] as const
  for (const [name, text] of outputs)
    demand(
      tracesIn(name, text, ...Object.values(secrets))[0] ?? null,
      `way ${way} to say the secret leaves no trace in a run`,
    )
}
