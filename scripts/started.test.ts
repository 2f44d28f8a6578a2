import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { startGateway } from './started.ts'

/* What becomes of a gateway that was started stands in both-sides.test.ts; here is what its starter leaves behind. */

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

const timers = (): number => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length

test('once a gateway has ended, no timer of its starter holds the process', async () => {
  const port = await freePort()
  const script = `require('node:http').createServer((_, to) => to.end()).listen(${port}, '127.0.0.1')`
  const started = await startGateway(
    { command: [process.execPath, '-e', script] },
    {
      folder: process.cwd(),
      baseUrl: `http://127.0.0.1:${port}`,
      environment: process.env,
      say: () => {},
      signal: new AbortController().signal,
    },
  )
  const before = timers()
  await started.end()
  expect(timers()).toBeLessThanOrEqual(before)
})
