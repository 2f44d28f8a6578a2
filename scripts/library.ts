import type { Report, Auth } from '../schemas/types.ts'
import type { Exchange, HeaderList } from '../suites/harness/wire/exchange.ts'
import { examine } from '../suites/run/examine.ts'
import { usualLimits, type Limits } from '../suites/harness/gather/limits.ts'
import { concludeRecording, rejudge } from '../suites/run/rejudge.ts'
import { concludeFor, judgingFor } from '../suites/run/judging.ts'
import { checkedSelection, forTarget, wholeProfile, type Selection } from '../suites/run/selection.ts'
import { InputError } from '../suites/harness/wire/input-error.ts'
import { defaultApiVersion, keyVariable, type Target } from '../suites/harness/wire/target.ts'
import { isCredentialHeader } from '../suites/harness/wire/credential-like.ts'
import { keepable } from '../suites/run/keepable.ts'
import { sendable } from '../suites/run/sendable.ts'
import { checkedBaseUrl } from '../suites/run/which-target.ts'
import { reportOf } from './report/report.ts'

/* What other programs call: check a gateway, judge a recording, look at the catalogue. */

export { catalogue } from '../suites/catalogue.ts'
export { planFor as plan, wholeProfile } from '../suites/run/selection.ts'
export { InputError } from '../suites/harness/wire/input-error.ts'
export type { Answered, Came, Exchange, HeaderList, NotAnswered, Sent } from '../suites/harness/wire/exchange.ts'
export type { Progress } from '../suites/harness/gather/gather.ts'
export type { Budget, Limits } from '../suites/harness/gather/limits.ts'
export type { Cost, Plan, Step } from '../suites/harness/gather/plan.ts'
export type { Requirement } from '../suites/harness/judge/requirement.ts'
export type { Selection } from '../suites/run/selection.ts'
export type { Target } from '../suites/harness/wire/target.ts'
export type * from '../schemas/types.ts'

/** A gateway to check. */
export interface GatewayUnderTest {
  /** What stands before `/v1/messages`. */
  readonly baseUrl: string
  readonly model: string
  /** The credential; null for none. It is in no report and in no exchange that is handed out. */
  readonly key: string | null
  /** How the credential travels. Default: bearer; a 401 tries the other header once. */
  readonly auth?: Auth
  /** A header of the gateway's own that carries the key, in place of `auth`. */
  readonly keyHeader?: string
  readonly smallModel?: string
  /** Sent with every request. */
  readonly headers?: HeaderList
  /** The same, with values that are withheld like the key. */
  readonly secretHeaders?: HeaderList
  readonly apiVersion?: string
  readonly allowSelfSigned?: boolean
}

export interface CheckOptions {
  /** What is looked at. Default: the whole profile `sdk`. */
  readonly selection?: Partial<Selection>
  readonly limits?: Partial<Limits>
  readonly signal?: AbortSignal
}

export interface Checked {
  readonly report: Report
  readonly exchanges: readonly Exchange[]
  /** Why the run ended before it was done, for a person; null where it did not. */
  readonly stoppedBy: string | null
}

/**
 * Plans, gathers, judges and concludes, as the command `check` does. Whatever the gateway does is a verdict in the report, and never
 * throws; a Base URL that cannot be one, or a header that cannot be sent, throws an InputError.
 *
 * @example
 * const { report } = await check({ baseUrl: 'https://gateway.example', model: 'claude-sonnet-4-5', key: process.env.KEY ?? null })
 * if (report.conclusion.exitCode !== 0) console.error(report.conclusion.reasons)
 */
export async function check(gateway: GatewayUnderTest, options: CheckOptions = {}): Promise<Checked> {
  const started = new Date()
  const target = targetOf(gateway)
  const selection = forTarget(selected(options.selection, 'sdk'), target)
  const exchanges: Exchange[] = []
  const examined = await examine(
    target,
    selection,
    { ...usualLimits, ...options.limits },
    {
      record: (exchange) => exchanges.push(exchange),
      signal: options.signal ?? new AbortController().signal,
      today: today(),
    },
  )
  const report = reportOf({ ...examined, selection, started })
  return { report, exchanges, stoppedBy: examined.diagnosis?.sentence ?? null }
}

/**
 * Judges what was recorded, sending nothing: exchanges that `check` handed out, or a file (a tape, or a HAR 1.2). Of a tape, what its
 * run looked at; of anything else, a part of the profile `full`, as far as the recording goes. Throws an InputError for a file that cannot be read.
 */
export async function judge(
  recorded: string | Iterable<Exchange>,
  options: Pick<CheckOptions, 'selection'> = {},
): Promise<Report> {
  if (typeof recorded === 'string') {
    const rejudged = await rejudge(recorded, (found) => checkedSelection({ ...found, ...options.selection }))
    const { outcome, diagnosis, ending } = concludeRecording(rejudged, today())
    const { recording, selection } = rejudged
    const started = new Date(recording.started)
    return reportOf({ target: recording.target, selection, started, gathered: { ending, sent }, outcome, diagnosis })
  }
  const selection = selected(options.selection, 'full')
  const judging = judgingFor(selection)
  for (const exchange of recorded) judging.add(exchange)
  const target = targetOf({ baseUrl: 'http://recorded.invalid', model: 'recorded', key: null, auth: 'none' })
  const outcome = concludeFor(selection, judging.verdicts(), { ending: 'recorded', today: today(), recorded: true })
  const gathered = { ending: 'recorded', sent } as const
  return reportOf({ target, selection, started: new Date(0), gathered, outcome, diagnosis: null })
}

/** Judging sends nothing. */
const sent = { requests: 0, inputTokens: 0, outputTokens: 0 }

function selected(part: Partial<Selection> = {}, profile: Selection['profile']): Selection {
  return checkedSelection({ ...wholeProfile(part.profile ?? profile), ...part })
}

function targetOf(gateway: GatewayUnderTest): Target {
  const {
    baseUrl,
    model,
    smallModel,
    key,
    auth,
    keyHeader,
    headers = [],
    secretHeaders = [],
    apiVersion,
    allowSelfSigned,
  } = gateway
  if (keyHeader !== undefined && (key === null || auth !== undefined))
    throw new InputError('keyHeader says how a key is sent: it goes with a key, and without auth.')
  const target = sendable({
    kind: 'gateway',
    baseUrl: checkedBaseUrl(baseUrl),
    model,
    ...(smallModel !== undefined && { smallModel }),
    auth: key === null ? 'none' : (auth ?? 'bearer'),
    ...(keyHeader !== undefined && { keyHeader }),
    key,
    keyVariable,
    headers: [...headers, ...secretHeaders],
    secrets: [...headers.filter(([name, value]) => isCredentialHeader(name, value)), ...secretHeaders].map(
      ([, value]) => value,
    ),
    apiVersion: apiVersion ?? defaultApiVersion,
    ...(allowSelfSigned && { allowSelfSigned: true }),
  })
  return keepable(target)
}

function today(): string {
  return new Date().toISOString().slice(0, 10)
}
