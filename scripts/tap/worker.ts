import { parentPort, workerData } from 'node:worker_threads'
import { createTape } from '../../suites/harness/tape/tape.ts'
import { tapping } from '../../suites/run/tap/tapping.ts'
import { ownerOnly } from '../owner-only.ts'
import { nothingSent } from '../recorded.ts'
import type { Beginning, FromJudge, ToJudge } from './messages.ts'

/* The thread that judges what the other one pipes: bytes never wait for it. */

const { selection, bodies, secrets, tape } = workerData as Beginning
const say = (message: FromJudge): void => parentPort?.postMessage(message, [])

try {
  const writer = tape && createTape(tape.path, tape.header, ownerOnly)
  const tap = tapping({ selection, bodies, secrets, write: (exchange) => writer?.write(exchange) })
  parentPort?.on('message', (message: ToJudge) => {
    try {
      if (message.kind === 'piped') say({ kind: 'line', line: tap.take(message.piped), secrets: tap.secrets() })
      else if (message.kind === 'missed') tap.missed(message.client)
      else {
        writer?.end({ ending: 'recorded', sent: nothingSent, ended: new Date().toISOString() })
        say({ kind: 'ended', end: tap.end() })
        parentPort?.close()
      }
    } catch (error) {
      lose(error)
    }
  })
} catch (error) {
  lose(error)
}

function lose(error: unknown): void {
  say({ kind: 'lost', sentence: error instanceof Error ? error.message : String(error) })
}
