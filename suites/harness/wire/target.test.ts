import { expect, test } from 'vitest'
import { endpoint } from './target.ts'

test.for<[baseUrl: string, path: string, href: string]>([
  ['https://g.example', '/v1/messages', 'https://g.example/v1/messages'],
  ['https://g.example/', '/v1/messages', 'https://g.example/v1/messages'],
  ['https://g.example/anthropic', '/v1/messages', 'https://g.example/anthropic/v1/messages'],
  ['https://g.example/anthropic//', '/v1/messages', 'https://g.example/anthropic/v1/messages'],
  ['https://g.example:8443/a/b', '/v1/models/x', 'https://g.example:8443/a/b/v1/models/x'],
  ['https://g.example', '/v1/models?limit=2', 'https://g.example/v1/models?limit=2'],
  ['https://g.example/a?api-version=1', '/v1/messages', 'https://g.example/a/v1/messages?api-version=1'],
  ['https://g.example?api-version=1', '/v1/models?limit=2', 'https://g.example/v1/models?api-version=1&limit=2'],
  ['https://g.example/a#here', '/v1/messages', 'https://g.example/a/v1/messages'],
  ['https://g.example', '/v1/models/a%2Fb', 'https://g.example/v1/models/a%2Fb'],
  ['https://g.example', '//v1/messages?a=1?b', 'https://g.example//v1/messages?a=1?b'],
])('%s and %s', ([baseUrl, path, href]) => {
  expect(endpoint(baseUrl, path).href).toBe(href)
})
