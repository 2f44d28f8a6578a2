import type { Report, RunRecord } from '../../schemas/types.ts'

/** What a history keeps of a run. */
export function recordOf({ tool, target, profile, started, ending, verdicts, conclusion, timing }: Report): RunRecord {
  const ids = (outcome: 'holds' | 'broken'): string[] =>
    verdicts.flatMap((verdict) => (verdict.outcome === outcome && verdict.hint !== true ? [verdict.id] : []))
  return {
    format: 1,
    tool,
    target,
    profile,
    started,
    ending,
    exitCode: conclusion.exitCode,
    holds: ids('holds'),
    broken: ids('broken'),
    ...(timing?.firstToken !== undefined && { firstToken: timing.firstToken }),
    ...(timing?.longestGap !== undefined && { longestGap: timing.longestGap }),
  }
}

type OfTarget = Pick<RunRecord, 'target' | 'profile'>

/** What runs of one target have in common: the gateway, its name and model, and the rung it is judged by. */
export function targetKey({ target: { kind, name, baseUrl, model, fault }, profile }: OfTarget): string {
  // A reference that a run started for itself is at another port each time.
  return JSON.stringify([kind, name, kind === 'reference' ? null : baseUrl, model, fault, profile])
}

/** What tells a run from all others, wherever its files were copied to. */
export function runKey(run: OfTarget & Pick<RunRecord, 'started'>): string {
  return `${targetKey(run)} ${run.started}`
}
