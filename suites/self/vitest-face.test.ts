import { expect, onTestFinished, test, vi } from 'vitest'
import type { TestProject } from 'vitest/node'
import { gathering } from '../vitest/setup.ts'
import { serving } from './scratch.ts'

const key = 'k3y-of-ours-7f3k9q2x8w'

test('what the vitest face is handed holds no trace of the key, whatever the address and the gateway say', async () => {
  const url = await serving(() => ({ status: 404, headers: [], body: { raw: `no ${key} here` } }))
  onTestFinished(() => void vi.unstubAllEnvs())
  vi.stubEnv('GATEWAY_BASE_URL', `${url}/${key}`)
  vi.stubEnv('GATEWAY_API_KEY', key)
  vi.stubEnv('GATEWAY_MODEL', `acme/${key}`)
  const handed: unknown[] = []
  const project = { provide: (...given: unknown[]) => handed.push(given) }
  await gathering({ only: ['messages/json'] })(project as unknown as TestProject)
  expect(JSON.stringify(handed)).toContain('[redacted:credential]')
  expect(JSON.stringify(handed)).not.toContain(key)
})
