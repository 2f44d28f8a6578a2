import { describe, expect, test } from 'vitest'
import type { HeaderList } from '../wire/exchange.ts'
import { credentialsSent } from './credentials-sent.ts'

describe('what a request proves itself with', () => {
  test.for<[what: string, headers: HeaderList, url: string, found: readonly string[]]>([
    ['a key, without its scheme', [['Authorization', 'Bearer sk-1234567']], '', ['sk-1234567']],
    ['a key in the header of a gateway', [['x-goog-api-key', 'AIza-1234']], '', ['AIza-1234']],
    [
      'basic credentials, and the password',
      [['authorization', `Basic ${btoa('me:pass-1234')}`]],
      '',
      [btoa('me:pass-1234'), 'me:pass-1234', 'pass-1234'],
    ],
    ['each cookie', [['cookie', 'theme=dark; sid=c00kie-123; b=d4-5678']], '', ['c00kie-123', 'd4-5678']],
    ['a parameter that is named like one', [], 'https://a.example/v1?key=AIza-1234&model=AIza-5678', ['AIza-1234']],
    ['one under any name', [], 'https://a.example/v1?k=sk-1234567&after_id=msg_01AbCdEf23GhIj45', ['sk-1234567']],
    ['a part of the path', [], 'https://a.example/sk-1234567/v1/messages/msgbatch_01AbCdEf23GhIj45', ['sk-1234567']],
  ])('%s', ([, headers, url, found]) => {
    expect(credentialsSent(headers, url)).toEqual(found)
  })

  test('what its body names so, beside the messages', () => {
    const body = {
      model: 'sk-1234567',
      max_tokens: 1,
      api_key: 'key-of-the-upstream',
      mcp_servers: [{ type: 'url', url: 'https://mcp.example', authorization_token: 'mcp-1234' }],
      tools: [
        { name: 'log_in', input_schema: { properties: { password: { type: 'string', description: 'The word.' } } } },
      ],
      messages: [{ role: 'user', content: [{ type: 'text', text: 'x', token: 'said-1234' }] }],
    }
    expect(credentialsSent([], '', JSON.stringify(body))).toEqual(['key-of-the-upstream', 'mcp-1234'])
    expect(credentialsSent([], '', 'api_key=key-of-the-upstream')).toEqual([])
  })

  test.for<[what: string, headers: HeaderList, url: string]>([
    ['what is too short', [['x-api-key', 'abcde']], ''],
    ['a plain word', [['cookie', 'mode=assistant']], ''],
    ['a plain number', [['x-api-key', '123456789']], ''],
    [
      'a placeholder',
      [
        ['authorization', 'Bearer [REDACTED]'],
        ['x-api-key', 'xxxxxxxx'],
      ],
      '',
    ],
    ['what is no credential', [['anthropic-beta', 'context-1m-2025-08-07']], 'no url?key=AIza-1234'],
  ])('but not %s', ([, headers, url]) => {
    expect(credentialsSent(headers, url)).toEqual([])
  })
})
