import type { Diagnosis } from '../../schemas/types.ts'
import { headerOf, readRecording, type Recording } from '../harness/tape/recording.ts'
import type { Judged } from '../harness/judge/judge.ts'
import { withoutAnswer } from '../harness/views/served.ts'
import { ourError } from './diagnose.ts'
import { concludeFor, judgingFor, type Concluded } from './judging.ts'
import { selectionOn, type Selection } from './selection.ts'

/** A recording, judged by the catalogue of today. */
export interface Rejudged {
  readonly recording: Recording
  readonly selection: Selection
  readonly judged: Judged
}

/**
 * Judges a tape or a HAR again, sending nothing. A tape says what its run looked at, and then the verdicts are those of that run;
 * `choose` may look at something else; `host`: of a HAR, only what was said to that host. Throws an InputError where the file cannot be read, is neither, or holds nothing to judge.
 */
export async function rejudge(
  path: string,
  choose: (recorded: Selection) => Selection,
  host?: string,
): Promise<Rejudged> {
  const selection = choose(selectionOn(await headerOf(path)))
  const judging = judgingFor(selection)
  const silent: Record<Silence, number> = { 'rate-limited': 0, 'no-answer': 0 }
  const recording = await readRecording(
    path,
    (exchange) => {
      judging.add(exchange)
      const silence = exchange.origin === 'recorded' ? withoutAnswer(exchange) : null
      if (silence) silent[silence]++
    },
    { host },
  )
  return {
    recording: { ...recording, notes: [...recording.notes, ...told(silent)] },
    selection,
    judged: judging.verdicts(),
  }
}

type Silence = NonNullable<ReturnType<typeof withoutAnswer>>

/** What of recorded traffic brought nothing to judge: nobody asked for it, so it is counted and said, and decides nothing. */
function told(silent: Readonly<Record<Silence, number>>): string[] {
  const parts = [
    ...(silent['rate-limited'] > 0 ? [`${silent['rate-limited']} met a busy gateway (429, 529 and the like)`] : []),
    ...(silent['no-answer'] > 0 ? [`${silent['no-answer']} got no answer`] : []),
  ]
  return parts.length > 0 ? [`Exchanges with nothing to judge: ${parts.join(', ')}.`] : []
}

/** What it comes to; `failure`: as a look that ended in an error of ours. */
export function concludeRecording(
  { recording, selection, judged }: Rejudged,
  today: string,
  failure: unknown = judged.failures[0]?.error,
): { readonly outcome: Concluded; readonly diagnosis: Diagnosis | null; readonly ending: Recording['ending'] } {
  const ending = failure === undefined ? recording.ending : 'error'
  const diagnosis = failure === undefined ? recording.diagnosis : ourError(failure)
  const because = diagnosis ? { because: diagnosis.sentence } : {}
  return { outcome: concludeFor(selection, judged, { ending, today, recorded: true, ...because }), diagnosis, ending }
}
