import type { Capability, Diagnosis, Profile, Report, ReportedClient, ReportedUnread } from '../../schemas/types.ts'
import { catalogue, requirementOf } from '../../suites/catalogue.ts'
import { binds } from '../../suites/harness/judge/conclude.ts'
import { clients, type Client } from '../../suites/harness/judge/clients.ts'
import type { Gathered } from '../../suites/harness/gather/gather.ts'
import type { Verdict } from '../../suites/harness/judge/judge.ts'
import type { UnreadExchange } from '../../suites/harness/judge/verdict.ts'
import { redactor } from '../../suites/harness/tape/redact.ts'
import { secretsOf } from '../../suites/run/secrets.ts'
import type { Concluded, Selection } from '../../suites/run/selection.ts'
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
}

/** The report of a run, as report.json holds it, without a trace of a secret: every rendering starts from this. */
export function reportOf({ target, selection, started, gathered, outcome, diagnosis, notes = [] }: ToReport): Report {
  const { conclusion, verdicts, capabilities } = outcome
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
    clients: clientsOf(verdicts, capabilities, selection.profile),
    conclusion: {
      exitCode: conclusion.exitCode,
      conformant: conclusion.conformant,
      reached: conclusion.reached,
      reasons: [...conclusion.reasons],
      grounds: conclusion.grounds.map((ground) => ({ ...ground })),
      failing: [...conclusion.failing],
    },
    ...(diagnosis && { diagnosis }),
    ...(notes.length > 0 && { notes: [...notes] }),
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

/** The credential header each client sends by itself, and how it is made to send the other. */
const sends: Readonly<Partial<Record<Client, { readonly by: 'bearer' | 'x-api-key'; readonly otherwise: string }>>> = {
  'typescript-sdk': { by: 'bearer', otherwise: "send the key as defaultHeaders: { 'x-api-key': key }" },
  'typescript-sdk-0': { by: 'x-api-key', otherwise: 'name the key authToken instead of apiKey' },
  'python-sdk': { by: 'x-api-key', otherwise: 'name the key auth_token= instead of api_key=' },
  'claude-code': { by: 'bearer', otherwise: 'set ANTHROPIC_API_KEY instead of ANTHROPIC_AUTH_TOKEN' },
}

/** The rung that asks for all a client needs. */
const needs: Readonly<Record<Client, Profile>> = {
  'typescript-sdk': 'sdk',
  'typescript-sdk-0': 'sdk',
  'python-sdk': 'sdk',
  'claude-code': 'claude-code',
  'raw-http': 'minimum',
}

/**
 * What the verdicts mean for each client: it breaks on a broken must that names it; it works where all it needs was asked, and holds;
 * it works with the other credential header where that is what is accepted.
 */
function clientsOf(
  verdicts: readonly Verdict[],
  capabilities: Concluded['capabilities'],
  profile: Profile,
): Record<string, ReportedClient> {
  return Object.fromEntries(
    (Object.keys(clients) as Client[]).map((client) => {
      const musts = verdicts.filter(({ id, level }) => level === 'must' && requirementOf(id)?.breaks.includes(client))
      const header = sends[client]
      const refused = header && capabilities[header.by] === 'declined' ? gatesOf(header.by) : []
      const broken = musts.filter(({ outcome }) => outcome === 'broken').map(({ id }) => id)
      const ids = [...new Set([...broken, ...refused])]
      const other = header?.by === 'bearer' ? 'x-api-key' : 'bearer'
      const isAccepted = refused.length === 0 || capabilities[other] === 'shown'
      const open =
        !binds(needs[client], profile) ||
        musts.some(({ outcome, why }) => outcome === 'unjudged' && why !== 'nothing-of-its-kind' && why !== 'model') ||
        musts.every(({ outcome }) => outcome !== 'holds')
      const breaks = ids.some((id) => !refused.includes(id)) || !isAccepted
      const status = breaks ? 'breaks' : open ? 'not-shown' : refused.length > 0 ? 'works-with' : 'works'
      const [first] = broken
      return [
        client,
        {
          status,
          ids: status === 'works-with' ? [] : ids,
          ...(status === 'breaks' && first !== undefined && { sees: requirementOf(first)?.because ?? '' }),
          ...(header && refused.length > 0 && isAccepted && { workaround: header.otherwise }),
        },
      ]
    }),
  )
}

function gatesOf(capability: Capability): readonly string[] {
  return catalogue.flatMap((requirement) =>
    'gates' in requirement && requirement.gates === capability ? [requirement.id] : [],
  )
}
