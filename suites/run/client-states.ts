import type { Capability, CapabilityState, Profile, ReportedClient } from '../../schemas/types.ts'
import { catalogue, measurements, requirementOf } from '../catalogue.ts'
import { settingFor, settingsFor } from '../harness/judge/client-settings.ts'
import { clients, type Claim, type Client } from '../harness/judge/clients.ts'
import { binds, onlyBehind } from '../harness/judge/conclude.ts'
import type { Verdict } from '../harness/judge/judge.ts'

type States = Readonly<Partial<Record<Capability, CapabilityState>>>
type CredentialHeader = 'bearer' | 'x-api-key'

/** The rung that asks for all a client needs; the credential header it sends by itself, and how it is made to send the other. */
interface Needs {
  readonly profile: Profile
  readonly sends?: { readonly by: CredentialHeader; readonly otherwise: string }
}

const needs: Readonly<Record<Client, Needs>> = {
  'typescript-sdk': {
    profile: 'sdk',
    sends: { by: 'bearer', otherwise: "send the key as defaultHeaders: { 'x-api-key': key }" },
  },
  'typescript-sdk-0': {
    profile: 'sdk',
    sends: { by: 'x-api-key', otherwise: 'name the key authToken instead of apiKey' },
  },
  'python-sdk': {
    profile: 'sdk',
    sends: { by: 'bearer', otherwise: "send the key as default_headers={'x-api-key': key}" },
  },
  'python-sdk-1': {
    profile: 'sdk',
    sends: { by: 'x-api-key', otherwise: 'name the key auth_token= instead of api_key=' },
  },
  'go-sdk': {
    profile: 'sdk',
    sends: { by: 'bearer', otherwise: 'send the key by option.WithHeader("x-api-key", key)' },
  },
  'java-sdk': {
    profile: 'sdk',
    sends: { by: 'bearer', otherwise: 'send the key by putHeader("x-api-key", key) of the client\'s builder' },
  },
  'ai-sdk': {
    profile: 'sdk',
    sends: { by: 'x-api-key', otherwise: 'name the key authToken instead of apiKey' },
  },
  'claude-code': {
    profile: 'claude-code',
    sends: { by: 'bearer', otherwise: 'set ANTHROPIC_API_KEY instead of ANTHROPIC_AUTH_TOKEN' },
  },
  'raw-http': { profile: 'minimum' },
}

/** What a client does about what is broken, where it recovers. */
const recovery: Readonly<Partial<Record<Client, string>>> = {
  'claude-code': 'it asks again, without streaming or without what was refused',
}
const askingAgain = 'it asks again'

/**
 * What the verdicts of a run at a profile, null where only a part of it was asked, mean for each client: it breaks on a broken must on
 * which it is known to; it works where all it needs was asked, and holds; it recovers where it works all the same; it works with the
 * other credential header where that is what is accepted; anything else is not shown.
 */
export function clientStates(
  verdicts: readonly Verdict[],
  states: States,
  profile: Profile | null,
): Record<Client, ReportedClient> {
  const stateOf = (client: Client) => clientState(client, verdicts, states, profile)
  return Object.fromEntries((Object.keys(clients) as Client[]).map((client) => [client, stateOf(client)])) as Record<
    Client,
    ReportedClient
  >
}

function clientState(
  client: Client,
  verdicts: readonly Verdict[],
  states: States,
  profile: Profile | null,
): ReportedClient {
  const { profile: needed, sends } = needs[client]
  const { breaks: musts, recovers: mended } = mustsOf(client, verdicts)
  const broken = brokenOf(musts)
  const refused = sends && states[sends.by] === 'declined' ? gatesOf(sends.by) : []
  const header = sends && refused.length > 0 && states[otherThan(sends.by)] === 'shown' ? [sends.otherwise] : []
  const unaccepted =
    client === 'claude-code' ? verdicts.filter(({ outcome, id }) => id in settingFor && !fine.has(outcome)) : []
  const settings = settingsFor(unaccepted.map(({ id }) => id))
  const otherwise = [...header, ...(settings.length > 0 ? [`set ${settings.join(' and ')}`] : [])].join(', and ')
  const workaround = otherwise === '' ? {} : { workaround: otherwise }
  const excused = [...(header.length > 0 ? refused : []), ...unaccepted.map(({ id }) => id as string)]
  const ids = [...new Set([...broken, ...refused])]
  if (ids.some((id) => !excused.includes(id))) {
    const [first] = broken
    const met = first === undefined ? {} : { sees: requirementOf(first)?.because ?? '' }
    return { status: 'breaks', ids, ...met, ...groundsOf(client, ids), ...workaround }
  }
  const recovers = brokenOf(mended)
  const how = recovers.length > 0 ? { recovers, how: recovery[client] ?? askingAgain } : {}
  const unseen = onlyBehind(new Set(recovers), verdicts)
  if (profile === null || !binds(needed, profile) || isOpen(musts.filter(({ id }) => !unseen.has(id))))
    return { status: 'not-shown', ids: [], ...how, ...workaround }
  const status = recovers.length > 0 ? 'recovers' : otherwise === '' ? 'works' : 'works-with'
  return { status, ids: [], ...how, ...groundsOf(client), ...workaround }
}

/** The musts on which a client is known to suffer, by what it comes to. */
function mustsOf(client: Client, verdicts: readonly Verdict[]): Readonly<Record<Claim['suffers'], readonly Verdict[]>> {
  const musts = verdicts.filter(({ level }) => level === 'must')
  return {
    breaks: musts.filter(({ id }) => requirementOf(id)?.breaks.includes(client)),
    recovers: musts.filter(({ id }) => requirementOf(id)?.recovers.includes(client)),
  }
}

function brokenOf(musts: readonly Verdict[]): string[] {
  return musts.filter(({ outcome }) => outcome === 'broken').map(({ id }) => id)
}

/** What a state rests on: this client was measured, and where it breaks, on one of the ids on which it does. */
function groundsOf(client: Client, ids?: readonly string[]): Pick<ReportedClient, 'source' | 'version' | 'date'> {
  const measurement = measurements[client]
  const isMeasured = (id: string): boolean =>
    requirementOf(id)?.claims.some((claim) => claim.client === client && claim.source === 'measured') === true
  return measurement && (ids === undefined || ids.some(isMeasured))
    ? { source: 'measured', ...measurement }
    : { source: 'opinion' }
}

/** What was accepted, or what nobody knows. */
const fine: ReadonlySet<Verdict['outcome']> = new Set(['holds', 'unjudged'])

/** Something it needs was not judged, though not for want of an occasion; or nothing of it was. */
function isOpen(musts: readonly Verdict[]): boolean {
  return (
    musts.some(({ outcome, why }) => outcome === 'unjudged' && why !== 'nothing-of-its-kind' && why !== 'model') ||
    musts.every(({ outcome }) => outcome !== 'holds')
  )
}

function otherThan(header: CredentialHeader): CredentialHeader {
  return header === 'bearer' ? 'x-api-key' : 'bearer'
}

function gatesOf(capability: Capability): readonly string[] {
  return catalogue.flatMap((requirement) =>
    'gates' in requirement && requirement.gates === capability ? [requirement.id] : [],
  )
}
