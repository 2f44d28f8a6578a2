import { expect, test } from 'vitest'
import type { HeaderList } from './exchange.ts'
import { InputError } from './input-error.ts'
import { isOfProxy, proxyAuthorization, proxyFor } from './proxy.ts'

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
  ['other.example *', true],
  ['api.example', true],
  ['other.example, API.example ', true],
  ['other.example api.example', true],
  [' other.example\tapi.example,', true],
  ['example', true],
  ['.example', true],
  ['*.example', true],
  ['*.example:443', true],
  ['*.example:8443', false],
  ['*:443', true],
  ['*:8443', false],
  ['*pi.example', true],
  ['api.*', true],
  ['a*.ex*e', true],
  ['b*.example', false],
  ['api*org', false],
  ['api.exampl.', false],
  ['api.example.', true],
  ['api.example:443', true],
  ['api.example:8443', false],
  ['pi.example', false],
  ['api.example.org', false],
  ['10.0.0.0/8', false],
  ['', false],
  [', ,', false],
])('NO_PROXY=%j excepts a host: %s', (value, excepted) => {
  expect(proxy('https://api.example/v1', { NO_PROXY: value }) === null).toBe(excepted)
  expect(proxy('https://api.example./v1', { no_proxy: value }) === null).toBe(excepted)
})

test.each([
  ['https://10.1.2.3', '10.1.2.3', true],
  ['https://10.1.2.3', '10.1.2.3:443', true],
  ['https://10.1.2.3', '10.1.2.3:80', false],
  ['https://10.1.2.3', '10.0.0.0/8', true],
  ['https://10.1.2.3', '10.0.0.0/8:443', true],
  ['https://10.1.2.3', '10.0.0.0/8:80', false],
  ['https://10.1.2.3', '10.1.*', true],
  ['https://10.1.2.3', '10.2.*', false],
  ['https://10.1.2.3', '1001*', false],
  ['https://10.1.2.3', 'intern.example 192.168.0.0/16 10.1.2.0/24', true],
  ['https://10.1.2.3', '10.1.2.0/31', false],
  ['https://10.1.2.3', '10.1.2.3/32', true],
  ['https://10.1.2.3', '0.0.0.0/0', true],
  ['https://10.1.2.3', '10.0.0.0/33', false],
  ['https://10.1.2.3', '10.0.0.0/', false],
  ['https://10.1.2.3', '10.0.0.0/x', false],
  ['https://10.1.2.3', '1.2.3', false],
  ['https://10.1.2.3', '::/0', false],
  ['https://[2001:db8::1]', '2001:db8::1', true],
  ['https://[2001:db8::1]', '2001:0DB8:0::1', true],
  ['https://[2001:db8::1]', '[2001:db8::1]', true],
  ['https://[2001:db8::1]', '[2001:db8::1]:443', true],
  ['https://[2001:db8::1]', '[2001:db8::1]:80', false],
  ['https://[2001:db8::1]', '2001:db8::/32', true],
  ['https://[2001:db8::1]', '[2001:db8::]/32', true],
  ['https://[2001:db8::1]', '[2001:db8::]/32:80', false],
  ['https://[2001:db8::1]', '[2001:db8::/32]:443', true],
  ['https://[2001:db8::1]', '[fe80::]/10', false],
  ['https://[2001:db8::1]', '2001:db8:*', true],
  ['https://münchen.example', 'MÜNCHEN.example', true],
  ['https://api.münchen.example', '.münchen.example:443', true],
  ['https://münchen.example', 'xn--mnchen-3ya.example', true],
  ['https://[2001:db8::1]', 'fe80::/10', false],
  ['https://[2001:db8::1]', '2001:db8::/129', false],
  ['https://[2001:db8::1]', '0.0.0.0/0', false],
  ['https://[2001:db8::1]', '*', true],
])('%s, NO_PROXY=%s: excepted %s', (url, value, excepted) => {
  expect(proxy(url, { NO_PROXY: value }) === null).toBe(excepted)
})

const secret = 's3cr3t'
test.each([
  [`socks5://me:${secret}@a.example`, /of another kind than http and https/],
  [`ftp://me:${secret}@a.example`, /of another kind than http and https/],
  [`http://me:${secret}@a.example:99999`, /no URL of a proxy/],
  [`me:${secret}@a.example:port`, /no URL of a proxy/],
  ['http://', /no URL of a proxy/],
  [`http://me:${secret}%@a.example`, /%25/],
  [`http://me%zz:${secret}@a.example`, /%25/],
  [`http://${secret}@a.example`, /user name without a password/],
])('what names no proxy is one sentence with the name of the variable, without its value: %s', (value, says) => {
  for (const [variable, url] of [
    ['HTTPS_PROXY', 'https://api.example'],
    ['http_proxy', 'http://api.example'],
    ['ALL_PROXY', 'https://api.example'],
    ['all_proxy', 'http://api.example'],
  ] as const) {
    const thrown = attempt(() => proxyFor(new URL(url), { [variable]: value }))
    expect(thrown).toBeInstanceOf(InputError)
    expect(String(thrown)).toMatch(says)
    expect(String(thrown)).toContain(variable)
    expect(String(thrown)).not.toMatch(/s3cr3t|a\.example/)
  }
})

test('such a variable is of no concern to a gateway it is not for', () => {
  const bad = { HTTPS_PROXY: 'socks5://a.example' }
  expect(proxyFor(new URL('http://api.example'), bad)).toBe(null)
  expect(proxyFor(new URL('https://127.0.0.1'), bad)).toBe(null)
  expect(proxyFor(new URL('https://api.example'), { ...bad, NO_PROXY: 'api.example' })).toBe(null)
})

function attempt(run: () => unknown): unknown {
  try {
    return run()
  } catch (error) {
    return error
  }
}

test('user name and password go into a header', () => {
  expect(proxyAuthorization(new URL('http://me:p%40ss@proxy.example'))).toEqual([
    ['proxy-authorization', `Basic ${Buffer.from('me:p@ss').toString('base64')}`],
  ])
  expect(proxyAuthorization(new URL('http://proxy.example'))).toEqual([])
})

test('a password may be empty where that is said', () => {
  const named = proxyFor(new URL('https://api.example'), { HTTPS_PROXY: 'http://me:@proxy.example' })
  expect(named && proxyAuthorization(named)).toEqual([
    ['proxy-authorization', `Basic ${Buffer.from('me:').toString('base64')}`],
  ])
})

test.each<[status: number, headers: HeaderList, ofProxy: boolean]>([
  [407, [], true],
  [403, [['X-Squid-Error', 'ERR_ACCESS_DENIED 0']], true],
  [403, [['via', '1.1 cache']], false],
  [502, [['Via', '1.1 cache']], true],
  [503, [['proxy-status', 'cache; error=dns_error']], true],
  [504, [['proxy-connection', 'close']], true],
  [502, [], false],
  [
    502,
    [
      ['via', '1.1 cache'],
      ['content-type', 'application/json'],
    ],
    false,
  ],
  [500, [['via', '1.1 cache']], false],
  [200, [['x-squid-error', 'none']], false],
])('an answer %i with %j that came by a proxy is its own: %s', (status, headers, ofProxy) => {
  expect(isOfProxy(status, headers)).toBe(ofProxy)
})
