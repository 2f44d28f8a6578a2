import { Worker } from 'node:worker_threads'
import { redactor } from '../../suites/harness/tape/redact.ts'
import { InputError } from '../../suites/harness/wire/input-error.ts'
import type { Piped } from '../../suites/harness/wire/pipe.ts'
import { clientOf, type ClientOf } from '../../suites/run/tap/client-of.ts'
import type { TappedLine } from '../../suites/run/tap/line.ts'
import type { TappedEnd } from '../../suites/run/tap/tapping.ts'
import type { Beginning, FromJudge, ToJudge } from './messages.ts'

export interface JudgingThread {
  /** Hands an exchange over, bytes and all: they are gone here. False where too many wait already: then it is counted, and not looked at. */
  take(piped: Piped): boolean
  /** Rejects once nothing more can be looked at; with an InputError where the tape can no longer be written. */
  readonly lost: Promise<never>
  /** What all of it came to, once all that waits is judged. Rejects as `lost` does. */
  end(): Promise<TappedEnd>
}

/** What may wait to be judged. */
const queue = { exchanges: 1000, bytes: 128 * 1024 * 1024 }

/** The entry of the thread: as it is built, or as the checkout has it. */
const entry = new URL(import.meta.url.endsWith('.ts') ? './worker-here.mjs' : '../tap-worker.cjs', import.meta.url)

/** Starts a thread that judges what it is handed; `onLine` hears of each exchange, and of the credentials met so far. */
export function judgingThread(
  beginning: Beginning,
  onLine: (line: TappedLine, secrets: readonly string[]) => void,
  most = queue,
): JudgingThread {
  // What this process was started with (--import, --inspect) is not for another thread. What it makes of one exchange is garbage with the
  // next one: left to itself, V8 would let tens of megabytes of that lie about.
  const worker = new Worker(entry, {
    workerData: beginning,
    execArgv: [],
    resourceLimits: { maxYoungGenerationSizeMb: 12 },
  })
  const waits = { exchanges: 0, bytes: 0 }
  const sizes: number[] = []
  let settle: (end: TappedEnd) => void = () => {}
  let lose: (error: unknown) => void = () => {}
  const ended = new Promise<TappedEnd>((resolve) => (settle = resolve))
  const lost = new Promise<never>((_, reject) => (lose = reject))
  lost.catch(() => {})

  worker.on('message', (message: FromJudge) => {
    if (message.kind === 'line') {
      waits.exchanges--
      waits.bytes -= sizes.shift() ?? 0
      onLine(message.line, message.secrets)
    } else if (message.kind === 'ended') settle(message.end)
    else lose(new InputError(message.sentence))
  })
  worker.on('error', lose)
  worker.on('exit', (code) => lose(new Error(`the judging thread ended with ${code}`)))

  const say = (message: ToJudge, transfer: readonly ArrayBuffer[] = []): void =>
    worker.postMessage(message, [...transfer])

  return {
    take(piped) {
      const size = sizeOf(piped)
      if (waits.exchanges >= most.exchanges || waits.bytes + size > most.bytes) {
        say({ kind: 'missed', client: clientAmong(piped) })
        return false
      }
      waits.exchanges++
      waits.bytes += size
      sizes.push(size)
      const { owned, buffers } = handedOver(piped)
      say({ kind: 'piped', piped: owned }, buffers)
      return true
    },
    lost,
    async end() {
      say({ kind: 'end' })
      const end = await Promise.race([ended, lost])
      await worker.terminate()
      return end
    },
  }
}

/** Who sent it, by headers without a credential. */
function clientAmong({ headers }: Piped): ClientOf {
  return clientOf(redactor([]).headers(headers))
}

function sizeOf({ body, came }: Piped): number {
  return (body?.length ?? 0) + (came.kind === 'answer' ? came.body.length : 0)
}

/** The exchange with bytes that can go over without being copied. */
function handedOver(piped: Piped): { readonly owned: Piped; readonly buffers: readonly ArrayBuffer[] } {
  const body = piped.body && ownBytes(piped.body)
  const came = piped.came.kind === 'answer' ? { ...piped.came, body: ownBytes(piped.came.body) } : piped.came
  const buffers = [body, came.kind === 'answer' ? came.body : null].flatMap((bytes) => (bytes ? [bytes.buffer] : []))
  return { owned: { ...piped, body, came }, buffers: buffers as ArrayBuffer[] }
}

/** A small Buffer is a part of one that all share. */
function ownBytes(bytes: Uint8Array): Uint8Array {
  return bytes.byteLength === bytes.buffer.byteLength ? bytes : new Uint8Array(bytes)
}
