import { expect, test } from 'vitest'
import { upstreamKey } from '../fixtures/gateways/reference/identity.ts'
import { placed } from './placeholders.ts'

test('what starts a gateway, its Base URL and its headers name the same ports; other words are left alone', async () => {
  const { targets } = await placed({
    targets: [
      {
        name: 'mine',
        baseUrl: 'http://127.0.0.1:{port}/{tenant}',
        model: 'm',
        headers: { 'x-upstream': '{upstream}/v1', 'x-token': { env: 'TOKEN' } },
        upstream: { dialect: 'messages', port: 4010 },
        start: { command: ['gateway', '{port}'], env: { KEY: '{upstreamKey}' } },
      },
    ],
  })
  const [{ baseUrl, headers, start } = {}] = targets
  const [, port] = start?.command ?? []
  expect(port).toMatch(/^\d+$/)
  expect(baseUrl).toBe(`http://127.0.0.1:${port}/{tenant}`)
  expect(headers).toEqual({ 'x-upstream': 'http://127.0.0.1:4010/v1', 'x-token': { env: 'TOKEN' } })
  expect(start?.env).toEqual({ KEY: upstreamKey })
})

test('a placeholder in a header that stands for nothing is bad input, too', async () => {
  const headers = { 'x-upstream': '{upstream}' }
  const targets = [{ name: 'mine', baseUrl: 'http://127.0.0.1:8080', model: 'm', headers }]
  await expect(placed({ targets })).rejects.toThrow('{upstream} stands for nothing without "upstream"')
})
