import { expect, onTestFinished, test, vi } from 'vitest'
import type { TestProject } from 'vitest/node'
import { errorAnswer } from '../../fixtures/gateways/alter.ts'
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

test('nothing of what it is handed is a command to the runner of a CI job', async () => {
  const message = 'x\n::error::y ##[group]z'
  const url = await serving(() => errorAnswer(401, 'x\n::error::y', message))
  onTestFinished(() => void vi.unstubAllEnvs())
  vi.stubEnv('GATEWAY_BASE_URL', url)
  vi.stubEnv('GATEWAY_API_KEY', key)
  vi.stubEnv('GATEWAY_MODEL', 'm\n::error::x')
  const handed: unknown[] = []
  const project = { provide: (...given: unknown[]) => handed.push(given) }
  await gathering({ only: ['auth', 'errors'] })(project as unknown as TestProject)
  const all = JSON.stringify(handed)
  expect(all).toContain(': :error::y')
  expect(all).not.toMatch(/\\n|##\[|(?:"|\s)::error/)
})
