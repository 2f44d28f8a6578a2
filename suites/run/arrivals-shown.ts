import type { Answer, Gateway } from '../../fixtures/gateways/answer.ts'
import type { Arrival, Leaving } from '../../fixtures/gateways/upstreams/arrivals.ts'
import type { Dialect, TapeExchange } from '../../schemas/types.ts'
import { toLine } from '../harness/tape/tape.ts'
import { isObject, parseJson, strings } from '../harness/wire/json.ts'
import type { UpstreamSeen } from './upstream-seen.ts'

/* An upstream that runs elsewhere, beside the process that judges: it shows that one what arrived, and takes from it how to speak. */

/** Where it does, below its address. */
export const arrivalsPath = '/messages-conformance/arrivals'

/** What is asked of it. */
export interface ArrivalsAsked {
  /** How to answer the request with that mark. */
  readonly speak?: { readonly mark: string; readonly quirk: string }
  /** The arrivals whose clients may have left since they were shown. */
  readonly leaving?: readonly string[]
  /** Nobody will ask again. */
  readonly done?: boolean
}

/** What it says: each arrival as a line of a tape, named by its id. */
export interface ArrivalsShown {
  readonly dialect: Dialect
  readonly arrivals: readonly TapeExchange[]
  /** Of those shown now, and those asked for: the ones whose clients have left. */
  readonly left: readonly string[]
}

/** Milliseconds of silence after which another run may ask. */
const lapsesAfter = 60_000

/** Nobody asks after more of them. */
const mostRemembered = 1000

/**
 * The same upstream, which shows at a path of its own what has reached it: to one run at a time, known by its token, to nobody that
 * a browser speaks for, and only under a name of this machine. `now`: milliseconds by some clock.
 */
export function showingArrivals(dialect: Dialect, { gateway, take, speak }: UpstreamSeen, now = Date.now): Gateway {
  let run = { token: '', asked: -Infinity }
  let count = 0
  const shown = new Map<string, Leaving>()

  function show(asked: ArrivalsAsked): ArrivalsShown {
    if (asked.speak) speak(asked.speak.mark, asked.speak.quirk)
    const arrivals = take().map((arrival) => {
      const id = `arrival/${++count}`
      shown.set(id, arrival.leaving)
      return lineOf(id, arrival)
    })
    for (const id of [...shown.keys()].slice(0, -mostRemembered)) shown.delete(id)
    const of = [...arrivals.map(({ fixture }) => fixture), ...(asked.leaving ?? [])]
    if (asked.done) run = { token: '', asked: -Infinity }
    return { dialect, arrivals, left: of.filter((id) => shown.get(id)?.isOver()) }
  }

  return async (request) => {
    if (new URL(request.url).pathname !== arrivalsPath) return gateway(request)
    const token = /^Bearer (\S{16,})$/.exec(request.headers.get('authorization') ?? '')?.[1]
    const asked = askedOf(await request.text())
    if (token === undefined || !isOurs(request) || !asked)
      return says(403, 'This is for a check that runs beside this upstream.')
    const isAnother = token !== run.token
    if (isAnother && now() - run.asked < lapsesAfter) return says(409, 'Another run is looking at what arrives here.')
    // What arrived before it was nothing that it sent.
    if (isAnother) take()
    run = { token, asked: now() }
    return { status: 200, headers: json, body: { json: show(asked) } }
  }
}

const json = [['content-type', 'application/json']] as const

function says(status: number, error: string): Answer {
  return { status, headers: json, body: { json: { error } } }
}

/** No page in a browser asks: it would say where it comes from, or under which name it was led here. */
function isOurs({ method, url, headers }: Request): boolean {
  const { hostname } = new URL(url)
  return method === 'POST' && !headers.has('origin') && ['127.0.0.1', 'localhost', '[::1]'].includes(hostname)
}

function askedOf(body: string): ArrivalsAsked | null {
  const parsed = parseJson(body)
  if (!isObject(parsed)) return null
  const { speak, leaving, done } = parsed
  const told = isObject(speak) ? { mark: String(speak['mark']), quirk: String(speak['quirk']) } : null
  return { ...(told && { speak: told }), leaving: strings(leaving), done: done === true }
}

function lineOf(id: string, { sent, came }: Arrival): TapeExchange {
  return toLine({ fixture: id, origin: 'gathered', attempt: 1, needs: [], values: {}, sent, came })
}
