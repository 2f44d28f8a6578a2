import { randomInt } from 'node:crypto'
import { createServer, type AddressInfo } from 'node:net'

/** Below those that systems hand out by themselves: the next connection of anybody may be given one of those. */
const range = [10_000, 32_000] as const
const tries = 20

/** A port of this machine that nobody listened on a moment ago, and that nobody is given by chance. Rejects where there is none. */
export async function freePort(): Promise<number> {
  for (let count = 0; count < tries; count++) {
    const port = await listened(randomInt(...range)).catch(() => null)
    if (port !== null) return port
  }
  return listened(0)
}

/** Listens on a port for a moment, 0 for any, and resolves to it. Rejects where it cannot be had. */
function listened(wanted: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(wanted, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      server.close(() => resolve(port))
    })
  })
}
