import { clients, type Claim, type Client } from '../harness/judge/clients.ts'
import type { Requirement } from '../harness/judge/requirement.ts'
import { measurements, sufferedBy, type BySuffering } from './suffered.ts'

/** Who is taken to read an answer as another client does, where nobody measured it: as the SDK that it is built like. */
const readsLike: ReadonlyMap<Client, Client> = new Map([
  ['typescript-sdk-0', 'typescript-sdk'],
  ['python-sdk-1', 'python-sdk'],
  ['go-sdk', 'typescript-sdk'],
  ['java-sdk', 'typescript-sdk'],
  ['ai-sdk', 'typescript-sdk'],
])

const measured = Object.keys(measurements) as Client[]

/** Of those that were measured, who reads like a client. */
const linesLike: ReadonlyMap<Client, readonly Client[]> = new Map(
  (Object.keys(clients) as Client[]).map((like) => [
    like,
    measured.filter((line) => (readsLike.get(line) ?? line) === like),
  ]),
)

type Written = Pick<Requirement, 'id' | 'breaks'>

/**
 * Who suffers where a requirement is broken, in the order of the clients: what was measured, and of whom nothing was, our opinion. That is
 * the list a chapter writes, and whoever reads like an SDK breaks where all of its lines were measured to break.
 */
export function claimsOf({ id, breaks }: Written, found: BySuffering = sufferedBy(id)): readonly Claim[] {
  return (Object.keys(clients) as Client[]).flatMap((client): Claim[] => {
    const state = found[client]
    const measurement = measurements[client]
    if (!state || !measurement) return isThoughtToBreak(client, breaks, found) ? [opinion(client)] : []
    return state === 'is-unharmed' ? [] : [{ client, suffers: state, source: 'measured', ...measurement }]
  })
}

/** What is known of the clients where a requirement is broken: `breaks` and `recovers` are all that do, measured or by our opinion. */
export interface Suffered {
  readonly breaks: readonly Client[]
  readonly recovers: readonly Client[]
  /** Each of them, and how that is known. */
  readonly claims: readonly Claim[]
}

/** A requirement as its chapter declares it, with what is known of the clients. */
export function withClaims<R extends Written>(requirement: R): R & Suffered {
  const claims = claimsOf(requirement)
  const who = (suffers: Claim['suffers']): readonly Client[] =>
    claims.filter((claim) => claim.suffers === suffers).map(({ client }) => client)
  return { ...requirement, breaks: who('breaks'), recovers: who('recovers'), claims }
}

/** Whether a list tells clients apart that are alike: then it names all that break, and nobody else is taken to read like one of them. */
export function tellsApart(breaks: readonly Client[]): boolean {
  return breaks.some((client) => readsLike.has(client))
}

function opinion(client: Client): Claim {
  return { client, suffers: 'breaks', source: 'opinion' }
}

function isThoughtToBreak(client: Client, breaks: readonly Client[], found: BySuffering): boolean {
  const like = readsLike.get(client)
  if (breaks.includes(client) || like === undefined || tellsApart(breaks)) return breaks.includes(client)
  const lines = linesLike.get(like) ?? []
  const isMeasured = lines.some((line) => found[line] !== undefined)
  return isMeasured ? lines.every((line) => found[line] === 'breaks') : breaks.includes(like)
}
