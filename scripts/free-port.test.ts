import { connect } from 'node:net'
import { once } from 'node:events'
import { expect, test } from 'vitest'
import { freePort } from './free-port.ts'

test('a free port is one that nobody listens on, and none that is handed out by chance', async () => {
  const ports = await Promise.all(Array.from({ length: 20 }, freePort))
  for (const port of ports) {
    expect(port).toBeGreaterThanOrEqual(10_000)
    expect(port).toBeLessThan(32_000)
  }
  // One after the other they are not the same.
  expect(new Set(ports).size).toBeGreaterThan(10)
  const [error] = await once(connect(ports[0] ?? 0, '127.0.0.1'), 'error')
  expect(error).toMatchObject({ code: 'ECONNREFUSED' })
})
