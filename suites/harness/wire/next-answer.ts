import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { IncomingMessage } from 'node:http'

/** Node tells here of each answer whose head a client of this process has read. */
const channel = 'http.client.response.finish'

/**
 * Follows the next answer that a client of this process gets, for servers in tests that go on only once the client has seen what
 * they said: no pause is as long as a busy machine can be slow. `read` resolves once so many bytes of its body were read.
 */
export function nextAnswer(): { read(bytes: number): Promise<void> } {
  const waiting = new Set<() => void>()
  let read = 0
  const onAnswer = (message: unknown): void => {
    unsubscribe(channel, onAnswer)
    const { response } = message as { response: IncomingMessage }
    response.on('data', (piece: Buffer) => {
      read += piece.length
      for (const look of waiting) look()
    })
  }
  subscribe(channel, onAnswer)
  return {
    read: (bytes) =>
      new Promise((resolve) => {
        const look = (): void => {
          if (read >= bytes) resolve()
        }
        waiting.add(look)
        look()
      }),
  }
}
