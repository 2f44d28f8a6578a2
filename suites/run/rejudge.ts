import type { Diagnosis } from '../../schemas/types.ts'
import { headerOf, readRecording, type Recording } from '../harness/tape/recording.ts'
import type { Judged } from '../harness/judge/judge.ts'
import { ourError } from './diagnose.ts'
import { concludeFor, judgingFor, selectionOn, type Concluded, type Selection } from './selection.ts'

/** A recording, judged by the catalogue of today. */
export interface Rejudged {
  readonly recording: Recording
  readonly selection: Selection
  readonly judged: Judged
}

/**
 * Judges a tape or a HAR again, sending nothing. A tape says what its run looked at, and then the verdicts are those of that run;
 * `choose` may look at something else. Throws an InputError where the file cannot be read, is neither, or holds nothing to judge.
 */
export async function rejudge(path: string, choose: (recorded: Selection) => Selection): Promise<Rejudged> {
  const selection = choose(selectionOn(await headerOf(path)))
  const judging = judgingFor(selection)
  const recording = await readRecording(path, (exchange) => judging.add(exchange))
  return { recording, selection, judged: judging.verdicts() }
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
