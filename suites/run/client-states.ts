import type { Capability, CapabilityState, Profile, ReportedClient } from '../../schemas/types.ts'
import { catalogue, requirementOf } from '../catalogue.ts'
import { settingFor, settingsFor } from '../harness/judge/client-settings.ts'
import { breaksWith, clients, type Client } from '../harness/judge/clients.ts'
import { binds } from '../harness/judge/conclude.ts'
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

/**
 * What the verdicts of a run at a profile, null where only a part of it was asked, mean for each client: it breaks on a broken must that names it; it works where all it needs
 * was asked, and holds; it works with the other credential header where that is what is accepted; anything else is not shown.
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
  const musts = verdicts.filter(
    ({ id, level }) => level === 'must' && breaksWith(client, requirementOf(id)?.breaks ?? []),
  )
  const broken = musts.filter(({ outcome }) => outcome === 'broken').map(({ id }) => id as string)
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
    return {
      status: 'breaks',
      ids,
      ...(first !== undefined && { sees: requirementOf(first)?.because ?? '' }),
      ...workaround,
    }
  }
  if (profile === null || !binds(needed, profile) || isOpen(musts))
    return { status: 'not-shown', ids: [], ...workaround }
  return { status: otherwise === '' ? 'works' : 'works-with', ids: [], ...workaround }
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
