import { expect, test } from 'vitest'
import { freePort } from './free-port.ts'
import { startGateway } from './started.ts'

/* What becomes of a gateway that was started stands in both-sides.test.ts; here is what its starter leaves behind. */

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
