import { setMaxListeners } from 'node:events'
import type http from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { allowing, refuse } from './admission.ts'
import type { Came, HeaderList, NotAnswered } from './exchange.ts'
import { failed, nothing, wordsOf } from './failure.ts'
import type { Lateness } from './lateness.ts'
import { asked, passedOn } from './passed-on.ts'
import { keeping } from './pieces.ts'
import { isOfProxy, proxyError } from './proxy.ts'
import type { Room } from './room.ts'
import { endpoint, pathBehind } from './target.ts'
import { beginOn, pairs, record, type Recorder, type Way } from './transport.ts'

/** One exchange that begins, and where it goes. */
export interface Passing {
  readonly incoming: IncomingMessage
  readonly outgoing: ServerResponse
  readonly headers: HeaderList
  readonly to: { readonly upstream: string; readonly way: Way; readonly agent: http.Agent }
  /** The allowed origin that it comes from, if any. */
  readonly origin: string | undefined
  readonly room: Room
  readonly late: Lateness
}

/** One exchange under way. */
export interface Passage {
  /** Whether an answer has begun on this connection. */
  answersOn(socket: Duplex): boolean
  hangUp(): void
}

/** One exchange: `ends` is called once, with what came and with the body that was sent, as far as they are kept. */
export function passThrough(
  { incoming, outgoing, headers, to, origin, room, late }: Passing,
  ends: (came: Came, body: Uint8Array | null) => void,
): Passage {
  const began = performance.now()
  const sent = keeping()
  let sentAt: number | null = null
  let recorder: Recorder | null = null
  let settled = false
  const clock = pausable()
  const since = (moment: number): number => Math.max(0, clock.at(moment) - (sentAt ?? began))
  const stopWatching = late.watch()

  function settle(came: Came): void {
    if (settled) return
    settled = true
    stopWatching()
    const body = sent.whole()
    ends(came, body.length === 0 ? null : body)
  }

  function endsAs(how: 'complete' | 'cut' | 'hung-up'): void {
    if (recorder) settle(recorder.end(how, since(performance.now())))
  }

  /** Nothing came: the client is told in the words of the protocol, as long as nothing else was said to it. */
  function fails(came: NotAnswered): void {
    if (settled) return
    settle(came)
    if (outgoing.headersSent || outgoing.destroyed) outgoing.destroy()
    // A connection that was at rest may have been closed under the request: what the upstream did is done to the client.
    else if (came.reused) socket.destroy()
    else
      refuse(incoming, outgoing, {
        status: 502,
        type: 'api_error',
        message: `The upstream did not answer: ${came.detail}`,
      })
  }

  /** Nobody is left on one side: the other is let go. */
  function letGo(because: string): void {
    if (recorder) endsAs('hung-up')
    else settle(nothing('interrupted', because))
    request.destroy()
  }

  function clientLeft(): void {
    if (!outgoing.writableFinished) letGo('the client hung up')
  }

  const { method = 'GET', url = '/', socket } = incoming
  const request = beginOn(to.way, to.agent, {
    method,
    url: endpoint(to.upstream, url),
    path: pathBehind(to.upstream, url),
    headers: asked(method, headers),
  })
  request.on('finish', () => (sentAt ??= performance.now()))
  request.on('error', (error) => {
    if (recorder) return
    const { via } = to.way
    const came = failed(via ? proxyError(via, `did not answer: ${wordsOf(error)}`) : error)
    fails(request.reusedSocket && failed(error).failure === 'reset' ? { ...came, reused: true } : came)
  })
  request.on('close', () => {
    if (!recorder) fails(nothing('reset', 'the connection was closed without an answer'))
    // Nobody hears the rest of the request: a client that says all before it listens is not kept waiting with it.
    incoming.unpipe().resume()
  })
  request.on('response', (response) => {
    sentAt ??= performance.now()
    const { statusCode: status = 0 } = response
    const came = pairs(response.rawHeaders)
    if (to.way.via && isOfProxy(status, came)) {
      fails(failed(proxyError(to.way.via, `answered ${status}`)))
      return void request.destroy()
    }
    recorder = record(status, came, { maxBytes: Infinity })
    const piece = recorder.piece
    response.on('data', (bytes: Buffer) => {
      if (room.take(bytes.length)) piece(bytes, since(late.earliest(performance.now())))
      if (outgoing.write(bytes)) return
      response.pause()
      clock.pause()
    })
    outgoing.on('drain', () => {
      clock.resume()
      response.resume()
    })
    response.on('error', () => {})
    response.on('end', () => {
      endsAs('complete')
      outgoing.end()
    })
    response.on('close', () => {
      endsAs(response.complete ? 'complete' : 'cut')
      // What broke off there breaks off here.
      if (!response.complete) outgoing.destroy()
    })
    const lines =
      origin === undefined
        ? passedOn(came)
        : [...passedOn(came).filter(([name]) => !/^access-control-/i.test(name)), ...allowing(origin)]
    outgoing.sendDate = false
    outgoing.strictContentLength = false
    try {
      outgoing.writeHead(status, response.statusMessage, lines.flat())
      outgoing.flushHeaders()
    } catch (error) {
      // A header that came, and that Node does not send.
      request.destroy()
      recorder = null
      fails(nothing('not-http', wordsOf(error instanceof Error ? error : new Error(String(error)))))
    }
  })

  outgoing.on('error', () => {})
  // Not the close of the answer, which has none while it waits for its turn behind another one.
  setMaxListeners(0, socket)
  socket.on('close', clientLeft)
  outgoing.on('finish', () => socket.off('close', clientLeft))
  incoming.on('error', () => {})
  incoming.on('data', (bytes: Buffer) => {
    if (!settled && room.take(bytes.length)) sent.add(bytes)
  })
  incoming.pipe(request)

  return {
    answersOn: (asked) => asked === socket && outgoing.headersSent,
    hangUp() {
      letGo('the tap was ended')
      outgoing.destroy()
    },
  }
}

/** A clock that stands still while a client does not read: the upstream is not read either then, and keeps nobody waiting. */
function pausable(): { at(moment: number): number; pause(): void; resume(): void } {
  let lost = 0
  let since: number | null = null
  return {
    at: (moment) => Math.min(moment, since ?? moment) - lost,
    pause: () => (since ??= performance.now()),
    resume: () => {
      if (since !== null) lost += performance.now() - since
      since = null
    },
  }
}
