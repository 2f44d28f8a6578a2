import { gunzipSync } from 'node:zlib'
import { toBytes, type Bytes, type Gateway } from '../../fixtures/gateways/answer.ts'
import { withHeader } from '../../fixtures/gateways/alter.ts'

/** What is seen of a call from below: it asked once more, or it waits for what will never come. */
export interface Below {
  readonly asks: () => void
  readonly waits: () => void
}

/**
 * A fetch that asks a gateway in this process, and behaves as Node's own does where bodies are compressed, break, lie about their length
 * or never end. Nothing waits: who is told to come back later may do so at once, and of an answer that never ends the reader says so
 * itself, by asking for what stands behind its last piece.
 */
export function fetchInto(gateway: Gateway, below: Below): typeof fetch {
  return async (input, init = {}) => {
    below.asks()
    const { signal, ...rest } = init
    signal?.throwIfAborted()
    const request = input instanceof Request ? input : new Request(input, rest)
    const said = toBytes(await gateway(request))
    const patient = said.status >= 400 ? withHeader(said.headers, 'retry-after-ms', '1') : said.headers
    const headers = new Headers(patient.map(([name, value]): [string, string] => [name, value]))
    const bodiless = request.method === 'HEAD' || said.status === 204 || said.status === 304
    const body = bodiless ? null : bodyOf(said, headers, below, signal ?? null)
    return new Response(body, { status: said.status, headers })
  }
}

function bodyOf(said: Bytes, headers: Headers, below: Below, signal: AbortSignal | null): ReadableStream<Uint8Array> {
  const { ends, pieces } = arriving(said, headers)
  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        signal?.addEventListener('abort', () => controller.error(signal.reason), { once: true })
      },
      async pull(controller) {
        const piece = pieces.shift()
        if (piece) return controller.enqueue(piece)
        if (ends === 'cleanly') return controller.close()
        if (ends === 'broken') return controller.error(new TypeError('terminated'))
        below.waits()
        return new Promise<void>(() => {})
      },
    },
    { highWaterMark: 0 },
  )
}

/** What of a body arrives, decompressed, and how it ends: one that claims more than it has breaks where it stops. */
function arriving(said: Bytes, headers: Headers): { pieces: Uint8Array[]; ends: Bytes['ends'] } {
  const pieces = said.pieces.map(({ bytes }) => bytes).filter(({ length }) => length > 0)
  const sent = pieces.reduce((sum, { length }) => sum + length, 0)
  const claimed = headers.get('content-length')
  const ends = claimed !== null && Number(claimed) > sent ? 'broken' : said.ends
  return { pieces: headers.get('content-encoding') === 'gzip' ? [gunzipSync(Buffer.concat(pieces))] : pieces, ends }
}
