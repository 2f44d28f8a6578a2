/** A connection to a gateway, or to the proxy before it. */
export interface Connection {
  /** Milliseconds it took to set up: never less than the way there and back. */
  readonly setUp: number
  close(): void
}

/** The connections of one route that have served and may serve again. */
export interface Connections<C extends Connection> {
  /** One that may serve again; null where a new one is to be opened. */
  take(): C | null
  /** What became of an exchange: on one that was taken, `broke` says that it ended without an answer. */
  done(reused: boolean, broke: boolean): void
  /** The answer is there, and the connection still open. */
  rests(connection: C): void
  /** The other side closed it. */
  closed(connection: C): void
  close(): void
}

/** Milliseconds beyond the way there and back that a close may be late. */
const margin = 100

/**
 * Keeps connections that have served, since clients do, and some gateways fail only then. HTTP lets a gateway close one at any time
 * (RFC 9112, section 9.5); a request that is then on its way is lost, is answered by nobody, and is nobody's fault. So that none is:
 *
 * - one is used again only while others were seen to stay open at rest for more than twice as long, and none to be closed before that:
 *   a gateway that closes each after its answer, or soon after, without saying so, gets a new one for each request;
 * - the first time, one goes alone: what breaks then is one exchange, and not all that are under way;
 * - once one has broken, none is used again. What was lost with it is the gateway's doing: it had kept others open, and this one it
 *   closed when it was asked.
 *
 * Nothing is sent again here. An exchange that broke is on the tape, and whoever wants it sends it anew, under the caps.
 */
export function connections<C extends Connection>(now = (): number => performance.now()): Connections<C> {
  /** Longest at rest first: that one is the witness of how long the gateway keeps them open. */
  const resting: { readonly connection: C; readonly since: number }[] = []
  let inUse = 0
  let mostInUse = 0
  let stayedOpen = 0
  let closedAfter = Infinity
  let trust: 'untried' | 'on-trial' | 'tried' | 'lost' = 'untried'

  function take(): C | null {
    mostInUse = Math.max(mostInUse, ++inUse)
    const [witness] = resting
    const latest = resting.at(-1)
    if (!witness || !latest || trust === 'on-trial' || trust === 'lost') return null
    stayedOpen = Math.max(stayedOpen, now() - witness.since)
    const { connection, since } = latest
    if (2 * (now() - since) + connection.setUp + margin > Math.min(stayedOpen, closedAfter)) return null
    resting.pop()
    if (trust === 'untried') trust = 'on-trial'
    return connection
  }

  function done(reused: boolean, broke: boolean): void {
    inUse--
    if (!reused) return
    if (broke) trust = 'lost'
    else if (trust === 'on-trial') trust = 'tried'
    if (trust === 'lost') close()
  }

  function rests(connection: C): void {
    if (trust === 'lost') return connection.close()
    resting.push({ connection, since: now() })
    // As many as were needed at once, and the witness: the latest are those that may serve again.
    if (resting.length > mostInUse + 1) for (const { connection } of resting.splice(1, 1)) connection.close()
  }

  function closed(connection: C): void {
    const at = resting.findIndex((one) => one.connection === connection)
    if (at < 0) return
    for (const { since } of resting.splice(at, 1)) closedAfter = Math.min(closedAfter, now() - since)
  }

  function close(): void {
    for (const { connection } of resting.splice(0)) connection.close()
  }

  return { take, done, rests, closed, close }
}
