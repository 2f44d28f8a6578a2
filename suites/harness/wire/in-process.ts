import { toBytes, type Bytes, type Gateway } from '../../../fixtures/gateways/answer.ts'
import type { Came, Outgoing, Transport } from './exchange.ts'
import { record } from './transport.ts'
import { header } from './headers.ts'
import { waiting } from './waiting.ts'

/**
 * Asks a gateway in this process, without a socket: the same exchange as over a loopback connection, but for the headers that the
 * connection itself adds. Times are those the gateway declares: nothing waits, and no clock is looked at. Rejects where the gateway
 * throws, since that is a mistake of ours.
 */
export function inProcess(gateway: Gateway): Transport {
  return async (outgoing, signal) => {
    if (signal.aborted) return { kind: 'nothing', failure: 'interrupted', detail: 'the run was interrupted' }
    const leaving = new AbortController()
    const came = travel(toBytes(await gateway(requestOf(outgoing, leaving.signal))), outgoing)
    if (came.kind === 'answer' && came.ends === 'hung-up') leaving.abort()
    return came
  }
}

function requestOf({ method, url, headers, body }: Outgoing, signal: AbortSignal): Request {
  const bare = body === null || method === 'GET' || method === 'HEAD'
  return new Request(url, {
    method,
    headers: headers.map(([name, value]) => [name, value]),
    body: bare ? null : body,
    signal,
  })
}

/** What of an answer arrives, when, and how it ends: in this order the client's limits and the claimed length take effect. */
function travel({ status, headers, pieces, ends }: Bytes, outgoing: Outgoing): Came {
  const answer = record(status, headers, outgoing)
  const wait = waiting(outgoing, 0)
  const listener = outgoing.listen?.()
  const bodiless = outgoing.method === 'HEAD' || status === 204 || status === 304
  const claimed = bodiless ? 0 : claimedLength(headers)
  let left = claimed ?? Infinity
  let now = 0
  wait.answers(now, () => 1)
  for (const { at, bytes } of pieces) {
    if (left === 0) break
    const hangs = wait.until().at
    if (at > hangs) return answer.end('hung', hangs)
    now = at
    const arriving = bytes.subarray(0, left)
    left -= arriving.length
    const stopped = answer.piece(arriving, now)
    if (stopped) return answer.end(stopped, now)
    wait.hears(now, listener ? listener.hears(arriving) : 'word')
  }
  if (left === 0) return answer.end('complete', now)
  if (ends === 'never') return answer.end('hung', wait.until().at)
  return answer.end(ends === 'broken' || claimed !== null ? 'cut' : 'complete', now)
}

function claimedLength(headers: Bytes['headers']): number | null {
  const value = header(headers, 'content-length')
  return value === undefined ? null : Number(value)
}
