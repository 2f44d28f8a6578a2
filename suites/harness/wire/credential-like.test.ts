import { describe, expect, test } from 'vitest'
import { credentialsAmong, credentialsTyped, isCredentialHeader, looksLikeCredential } from './credential-like.ts'

describe('a header shows a credential', () => {
  test.for([
    ...['authorization', 'Proxy-Authorization', 'x-api-key', 'Cookie', 'x-portkey-api-key', 'cf-aig-authorization'],
    ...[
      'Helicone-Auth',
      'api-key',
      'apikey',
      'X-ApiKey',
      'x-goog-api-key',
      'Ocp-Apim-Subscription-Key',
      'x-auth-token',
    ],
    ...[
      'X-Access-Token',
      'private-token',
      'x-vault-token',
      'x-amz-security-token',
      'x-amz-signature',
      'x-client-secret',
    ],
    ...['X-Password', 'x-credentials', 'x-jwt', 'x-portkey-virtual-key', 'x-functions-key', 'X-LiteLLM-Api-Key'],
  ])('by its name: %s', (name) => {
    expect(isCredentialHeader(name, 'anything at all')).toBe(true)
  })

  test.for(['authorization', 'x-api-key', 'cookie'])('whatever its value: %s', (name) => {
    for (const value of ['', 'none', '1']) expect(isCredentialHeader(name, value)).toBe(true)
  })

  test.for([
    ['a scheme before it', 'Bearer abcdef123'],
    ['basic credentials', 'Basic bWU6c2VjcmV0'],
    ['a known prefix', 'sk-ant-api03-abc'],
    ['the prefix of a forge', 'ghp_0123456789abcdefghij'],
    ['the form of a cloud', 'AKIAIOSFODNN7EXAMPLE'],
    ['a token with a form of its own', 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc'],
    ['a private key', '-----BEGIN PRIVATE KEY-----'],
    ['a long random word', '9f86d081884c7d659a2feaa0c55ad015'],
    ['the same among others', 'tenant=a; ticket=Zx81kQp02LmN77vTr4'],
    ['a UUID', '123e4567-e89b-12d3-a456-426614174000'],
  ])('by the look of its value: %s', ([, value = '']) => {
    expect(isCredentialHeader('x-anything', value)).toBe(true)
  })
})

describe('a header shows none', () => {
  test.for([
    ['anthropic-beta', 'interleaved-thinking-2025-05-14,fine-grained-tool-streaming-2025-05-14'],
    ['anthropic-version', '2023-06-01'],
    ['x-portkey-provider', 'anthropic'],
    ['x-portkey-config', 'pc-production-3f9a1c'],
    ['user-agent', 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 Chrome/126.0.0.0'],
    ['x-authz-tenant', 'false'],
    ['x-authz-tenant', 'team-blue'],
    ['x-auth-type', 'oauth'],
    ['x-auth-required', 'true'],
    ['x-author', 'Ada Lovelace'],
    ['x-token-count', '12'],
    ['x-max-tokens', '4096'],
    ['x-key-id', 'blue-7'],
    ['idempotency-key', 'nightly-1'],
    ['x-monkey', 'see'],
    ['accept', 'application/json, text/event-stream'],
    ['accept-language', 'de-DE,de;q=0.9'],
    ['x-model', 'claude-sonnet-4-5-20250929'],
    ['x-bedrock-arn', 'arn:aws:bedrock:us-east-1:123456789012:inference-profile/global.anthropic'],
    ['traceparent', '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'],
    ['x-request-id', '123e4567-e89b-12d3-a456-426614174000'],
    ['anthropic-organization-id', '9f86d081-884c-4d65-9a2f-eaa0c55ad015'],
    ['x-team', 'task-force-sk-blue'],
    ['x-region', 'eu-central-1'],
    ['x-empty', ''],
  ])('%s: %s', ([name = '', value = '']) => {
    expect(isCredentialHeader(name, value)).toBe(false)
  })

  test('but a credential shows under any name', () => {
    expect(isCredentialHeader('x-request-id', 'sk-ant-api03-abc')).toBe(true)
  })
})

test.for([
  'claude-sonnet-4-5-20250929',
  'anthropic/claude-3.5-haiku:beta',
  'acme',
  '生产',
  'my-key',
  '2023-06-01',
  'gpt-4o',
])('a name is none: %s', (name) => {
  expect(looksLikeCredential(name)).toBe(false)
})

test('among what was typed: what looks like one, and all that stands in variables named like one', () => {
  const environment = { MY_KEY: 'plain old secret', DB_PWD: 'hunter-22', PWD: '/home/me', EMPTY_KEY: '', KEY_ID: '7' }
  const typed = ['check', '--only', 'sk-live-1234567', '--out', '/home/me/9f86d081884c7d659a2feaa0c55ad015/out']
  expect(credentialsAmong(typed, environment)).toEqual(['plain old secret', 'hunter-22', 'sk-live-1234567'])
  expect(credentialsAmong(['--header-env', 'x-key=Zx81kQp02LmN77vTr4'], {})).toContain('Zx81kQp02LmN77vTr4')
  expect(credentialsAmong(['--base-url', 'https://gateway.example/v1'], {})).toEqual([])
})

test('of words that were typed for a folder, a key is one that looks like one, or is what a variable holds', () => {
  const environment = { GATEWAY_API_KEY: 'plain', HOME: 'runs' }
  const typed = ['runs', '3f2a9c81d07be64455aa01c9', 'sk-live-Q7w9Zr2Xk4Lm8Pt3', 'plain', 'plainer', '']
  expect(credentialsTyped(typed, environment)).toEqual(['sk-live-Q7w9Zr2Xk4Lm8Pt3', 'plain'])
})
