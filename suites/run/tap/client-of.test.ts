import { expect, test } from 'vitest'
import { clientOf } from './client-of.ts'

test.each([
  ['claude-cli/2.1.332 (external, sdk-cli)', 'claude-cli/2.1.332'],
  ['Anthropic/JS 1.14.0', 'Anthropic/JS 1.14.0'],
  ['  curl/8.5   (x) ', 'curl/8.5'],
  ['', 'unnamed'],
  ['x'.repeat(99), `${'x'.repeat(37)}...`],
])('the user-agent %j is the client %s', (agent, client) => {
  expect(clientOf([['User-Agent', agent]])).toEqual({ client })
})

test('with its application and its session, where it tells them', () => {
  const headers = [
    ['user-agent', 'claude-cli/2'],
    ['x-app', 'cli'],
    ['X-Claude-Code-Session-Id', 'session 1e202b8aec30'],
  ] as const
  expect(clientOf(headers)).toEqual({ client: 'claude-cli/2', app: 'cli', session: 'session 1e202b8aec30' })
  expect(clientOf([])).toEqual({ client: 'unnamed' })
})
