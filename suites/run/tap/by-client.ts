import type { TappedBehaviour, TappedBreach, TappedClient, TappedUnserved } from '../../../schemas/types.ts'
import type { Alone } from '../../harness/judge/alone.ts'
import type { Did } from './behaviour.ts'
import type { ClientOf } from './client-of.ts'
import type { TappedVerdict } from './line.ts'
import type { NotServed } from './unserved.ts'

/** What one exchange adds to what is known of its client. */
interface Added {
  readonly exchange: string
  readonly verdict: TappedVerdict
  readonly broken: Alone['broken']
  readonly unserved: NotServed | null
  readonly did: readonly Did[]
}

type Counts = Pick<TappedClient, 'exchanges' | 'judged' | 'behind' | 'unseen' | 'broken'>

interface Known {
  readonly from: ClientOf
  readonly sessions: Set<string>
  readonly counts: { -readonly [name in keyof Counts]: number }
  readonly breaks: Map<string, TappedBreach>
  readonly unserved: Map<string, TappedUnserved>
  readonly did: Map<string, TappedBehaviour>
}

/** Clients are few; whoever says that it is another one each time is told in one line. */
const mostClients = 50
const mostSessions = 10_000
/** Kinds of one thing that are told apart. */
const mostKinds = 200
const others: ClientOf = { client: 'others' }

/** Adds up what the exchanges of each client come to, in memory that does not grow with their number. */
export function byClient(): {
  add(from: ClientOf, added: Added): void
  missed(from: ClientOf): void
  left(from: ClientOf, did: Did): void
  all(): readonly TappedClient[]
} {
  const clients = new Map<string, Known>()

  function known(from: ClientOf): Known {
    const name = `${from.client} ${from.app ?? ''}`
    const before = clients.get(name)
    if (before) return before
    if (clients.size >= mostClients && from !== others) return known(others)
    const counts = { exchanges: 0, judged: 0, behind: 0, unseen: 0, broken: 0 }
    const client: Known = { from, sessions: new Set(), counts, breaks: new Map(), unserved: new Map(), did: new Map() }
    clients.set(name, client)
    return client
  }

  return {
    add(from, { exchange, verdict, broken, unserved, did }) {
      const { counts, sessions, ...client } = known(from)
      counts.exchanges++
      if (from.session !== undefined && sessions.size < mostSessions) sessions.add(from.session)
      if (verdict.is !== 'not-judged') counts.judged++
      else if (verdict.why === 'too-large') counts.unseen++
      if (broken.length > 0) counts.broken++
      const first = exchange
      for (const { id, level } of broken) countIn(client.breaks, id, { id, level, exchanges: 1, first })
      if (unserved)
        countIn(client.unserved, `${unserved.kind} ${unserved.status ?? ''}`, { ...unserved, exchanges: 1, first })
      for (const one of did) countDid(client, one)
    },
    missed(from) {
      const { counts } = known(from)
      counts.exchanges++
      counts.behind++
    },
    left: (from, did) => countDid(known(from), did),
    all: () =>
      [...clients.values()].map(({ from: { client, app }, sessions, counts, breaks, unserved, did }) => ({
        client,
        ...(app !== undefined && { app }),
        sessions: sessions.size,
        ...counts,
        breaks: [...breaks.values()],
        unserved: [...unserved.values()],
        did: [...did.values()],
      })),
  }
}

function countDid(client: Pick<Known, 'did'>, { kind, because, after, changed, exchange: first }: Did): void {
  const once: TappedBehaviour = { kind, because, changed: [...changed], exchanges: 1, first, after }
  countIn(client.did, `${kind} ${because} ${changed.join()}`, once)
}

function countIn<T extends { exchanges: number }>(counted: Map<string, T>, key: string, once: T): void {
  const before = counted.get(key)
  if (!before && counted.size >= mostKinds) return
  counted.set(key, before ? { ...before, exchanges: before.exchanges + 1 } : once)
}
