import type { Diagnosis, Report, ReportedTiming, ReportedUnread, TappedClient } from '../../schemas/types.ts'
import type { Gathered } from '../../suites/harness/gather/gather.ts'
import type { UnreadExchange } from '../../suites/harness/judge/verdict.ts'
import { redactor } from '../../suites/harness/tape/redact.ts'
import { clientStates } from '../../suites/run/client-states.ts'
import { secretsOf } from '../../suites/run/secrets.ts'
import type { Concluded } from '../../suites/run/judging.ts'
import { isPart, type Selection } from '../../suites/run/selection.ts'
import type { Target } from '../../suites/harness/wire/target.ts'
import { tool } from '../tool.ts'

export interface ToReport {
  readonly target: Target
  readonly selection: Selection
  readonly started: Date
  readonly gathered: Pick<Gathered, 'ending' | 'sent'>
  readonly outcome: Concluded
  /** Why the run ended before it was done; null where it did not. */
  readonly diagnosis: Diagnosis | null
  /** What of a recording was not judged, or not as it stands there. */
  readonly notes?: readonly string[]
  /** Whose exchanges a tap judged. */
  readonly tapped?: readonly TappedClient[]
  /** How long answers took, where that is known. */
  readonly timing?: ReportedTiming | null
}

/** The report of a run, as report.json holds it, without a trace of a secret: every rendering starts from this. */
export function reportOf({
  target,
  selection,
  started,
  gathered,
  outcome,
  diagnosis,
  notes = [],
  tapped,
  timing = null,
}: ToReport): Report {
  const { conclusion, verdicts, capabilities, changed } = outcome
  const waiver = (id: string) =>
    conclusion.waived.includes(id) ? selection.waivers.find((one) => one.id === id) : undefined
  const report: Report = {
    tool,
    target: identityOf(target),
    profile: selection.profile,
    started: started.toISOString(),
    ending: gathered.ending,
    sent: gathered.sent,
    verdicts: verdicts.map(({ blockedBy, findings, counts, unread, ...verdict }) => {
      const waived = waiver(verdict.id)
      return {
        ...verdict,
        ...(blockedBy.length > 0 && { blockedBy: [...blockedBy] }),
        ...(counts && { counts: { ...counts, silent: counts.silent.map(unreadOf) } }),
        ...(unread && { unread: unread.map(unreadOf) }),
        ...(waived && { waived }),
        findings: [...findings],
      }
    }),
    capabilities: Object.fromEntries(Object.entries(capabilities).map(([name, state]) => [name, { state }])),
    clients: clientStates(verdicts, capabilities, isPart(selection) ? null : selection.profile),
    conclusion: {
      exitCode: conclusion.exitCode,
      conformant: conclusion.conformant,
      reached: conclusion.reached,
      reasons: [...conclusion.reasons],
      grounds: conclusion.grounds.map((ground) => ({ ...ground })),
      failing: [...conclusion.failing],
    },
    ...(diagnosis && { diagnosis }),
    ...(selection.changes && {
      changes: selection.changes.map(({ field, because }) => ({ field, because, seen: changed.includes(field) })),
    }),
    ...(notes.length > 0 && { notes: [...notes] }),
    ...(tapped && { tapped: [...tapped] }),
    ...(timing && { timing }),
    complete: true,
  }
  return redactor(secretsOf(target)).value(report)
}

/** Which gateway was asked; never its key, not even where its address holds it. */
export function identityOf(target: Target): Report['target'] {
  const { kind, baseUrl, model, name, fault } = target
  const identity = { kind, baseUrl, model, ...(name !== undefined && { name }), ...(fault !== undefined && { fault }) }
  return redactor(secretsOf(target)).value(identity)
}

function unreadOf({ fixture, why, blockedBy }: UnreadExchange): ReportedUnread {
  return { fixture, why, ...(blockedBy.length > 0 && { blockedBy: [...blockedBy] }) }
}
