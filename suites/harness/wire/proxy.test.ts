import { expect, test } from 'vitest'
import { proxyAuthorization, proxyFor } from './proxy.ts'

const environment = { HTTPS_PROXY: 'http://secure.example:3128', http_proxy: 'plain.example:8080' }
const proxy = (url: string, more: Record<string, string> = {}, loopbackToo = false) =>
  proxyFor(new URL(url), { ...environment, ...more }, loopbackToo)?.href ?? null

test('by the protocol of the URL', () => {
  expect(proxy('https://api.example/v1')).toBe('http://secure.example:3128/')
  expect(proxy('http://api.example/v1')).toBe('http://plain.example:8080/')
  expect(proxyFor(new URL('https://api.example'), {})).toBe(null)
})

test('lower case goes first, empty is unset, ALL_PROXY is for what has none', () => {
  expect(proxy('https://api.example', { https_proxy: 'http://lower.example' })).toBe('http://lower.example/')
  expect(proxyFor(new URL('https://api.example'), { HTTPS_PROXY: '' })).toBe(null)
  expect(proxyFor(new URL('https://api.example'), { ALL_PROXY: 'http://any.example' })?.href).toBe(
    'http://any.example/',
  )
})

test.each(['http://localhost:1', 'http://127.0.0.1:1', 'http://127.9.9.9', 'http://[::1]:1', 'https://x.localhost'])(
  'never loopback unless asked: %s',
  (url) => {
    expect(proxy(url)).toBe(null)
    expect(proxy(url, {}, true)).not.toBe(null)
  },
)

test.each([
  ['*', true],
  ['api.example', true],
  ['other.example, API.example ', true],
  ['example', true],
  ['.example', true],
  ['*.example', true],
  ['api.example:443', true],
  ['api.example:8443', false],
  ['pi.example', false],
  ['', false],
])('NO_PROXY=%s excepts it: %s', (value, excepted) => {
  expect(proxy('https://api.example/v1', { NO_PROXY: value }) === null).toBe(excepted)
})

test.each(['socks5://a.example', 'http://'])('says so where it is no http URL, without the value: %s', (value) => {
  expect(() => proxyFor(new URL('https://api.example'), { HTTPS_PROXY: value })).toThrow(
    new TypeError('HTTPS_PROXY is no http or https URL.'),
  )
})

test('user name and password go into a header', () => {
  expect(proxyAuthorization(new URL('http://me:p%40ss@proxy.example'))).toEqual([
    ['proxy-authorization', `Basic ${Buffer.from('me:p@ss').toString('base64')}`],
  ])
  expect(proxyAuthorization(new URL('http://proxy.example'))).toEqual([])
})
