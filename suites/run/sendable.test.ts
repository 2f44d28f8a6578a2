import { describe, expect, test } from 'vitest'
import { InputError } from '../harness/wire/input-error.ts'
import type { Target } from '../harness/wire/target.ts'
import { referenceTarget } from './reference-target.ts'
import { reachable, sendable } from './sendable.ts'

const target = (more: Partial<Target> = {}): Target => ({ ...referenceTarget('http://gateway.test'), ...more })

function refusal(of: Target): string {
  try {
    sendable(of)
  } catch (error) {
    if (error instanceof InputError) return error.message
  }
  return 'nothing was refused'
}

const secret = (value: string): Partial<Target> => ({
  headers: [['x-pass', value]],
  secrets: [value],
  headerVariables: { 'x-pass': 'ACME_PASS' },
})

describe('a target is refused', () => {
  test.for<[what: string, given: Partial<Target>, says: string]>([
    [
      'for a key that was pasted with its line end',
      { key: 'k-123456\n' },
      'The key in GATEWAY_API_KEY ends in a line feed: the secret was probably pasted with one.',
    ],
    ['for that of Windows', { key: 'k-123456\r\n' }, 'The key in GATEWAY_API_KEY ends in a line feed'],
    ['for a header of the key that cannot be one', { keyHeader: 'api key' }, 'that --key-header names cannot be one'],
    ['for one that we set', { keyHeader: 'Content-Length' }, 'that --key-header names is set by what is sent'],
    ['for the version as one', { keyHeader: 'anthropic-version' }, 'that --key-header names is set by what is sent'],
    ['for one that --auth sets', { keyHeader: 'X-Api-Key' }, 'X-api-key has an option of its own: --auth x-api-key'],
    ['for one beside --auth', { keyHeader: 'api-key', auth: 'both' }, 'both say how it is sent; leave one out'],
    ['for one without a key', { keyHeader: 'api-key', key: null }, 'There is no key for the header'],
    [
      'for one that is among the headers, too',
      { keyHeader: 'api-key', headers: [['API-Key', 'x']] },
      'The header API-Key carries the key already (--key-header)',
    ],
    ['for a key with blanks around it', { key: ' k-123456' }, 'begins or ends with a space'],
    ['for a key of two lines', { key: 'k-123\n456' }, 'holds a line feed, and a header is one line'],
    ['for a key with a control character', { key: 'k-123\u0000456' }, 'holds a control character'],
    ['for a key with letters no header carries', { key: 'k-12“456' }, 'no header can carry (number 5)'],
    [
      'for a key whose variable looks like a key',
      { key: 'k\n', keyVariable: 'sk-ant-1' },
      'the variable that was named',
    ],
    ['for a secret header likewise', secret('k-123456\n'), 'The header x-pass (from ACME_PASS) ends in a line feed'],
    ['for a plain header likewise', { headers: [['x-team', 'green\n']] }, 'The header x-team ends in a line feed'],
    ['for a header in letters no header carries', { headers: [['x-team', '绿']] }, 'no header can carry (number 1)'],
    ['for a header name with a space', { headers: [['x team', 'green']] }, 'Header 1 has a name that cannot be one'],
    [
      'for a header name in other letters',
      { headers: [['x-tëam', 'green']] },
      'Header 1 has a name that cannot be one',
    ],
    ['for an empty header name', { headers: [['', 'green']] }, 'Header 1 has a name that cannot be one'],
    [
      'for a header that is there twice',
      {
        headers: [
          ['x-team', 'green'],
          ['X-Team', 'red'],
        ],
      },
      'The header X-Team is there twice',
    ],
    ['for a header that says what is in the body', { headers: [['Content-Type', 'a/b']] }, 'is set by what is sent'],
    ['for a header that frames the body', { headers: [['content-length', '7']] }, 'is set by what is sent'],
    ['for the version as a header', { headers: [['anthropic-version', '1']] }, '--api-version'],
    ['for the header that carries the key', secretAs('Authorization'), 'carries the key already (--auth bearer)'],
    ['for the other one too', { ...secretAs('x-api-key'), auth: 'x-api-key' }, 'carries the key already'],
    ['for either of both', { ...secretAs('x-api-key'), auth: 'both' }, 'carries the key already (--auth both)'],
    ['for an API version of two lines', { apiVersion: '2023-06-01\nx: y' }, 'The API version holds a line feed'],
    ['for an empty API version', { apiVersion: '' }, 'The API version is empty'],
    ['for a model that was pasted with its line end', { model: 'm\n' }, 'The name of the model ends in a line feed'],
    ['for a small model likewise', { smallModel: 'm ' }, 'The name of the small model begins or ends with a space'],
    ['for a model of blanks', { model: ' ' }, 'The model has an empty name'],
    ['by its name', { name: 'acme', key: 'k\n' }, 'Target acme: the key in GATEWAY_API_KEY'],
  ])('%s', ([, given, says]) => {
    const message = refusal(target(given))
    expect(message).toContain(says)
    expect(message).not.toMatch(/k-12|green|sk-ant/)
  })
})

function secretAs(name: string): Partial<Target> {
  return { headers: [[name, 'other-secret']], secrets: ['other-secret'], headerVariables: { [name]: 'OTHER' } }
}

describe('a target is taken as it is', () => {
  test.for<[what: string, given: Partial<Target>]>([
    [
      'with headers of its own',
      {
        headers: [
          ['x-team', 'green and\tblue'],
          ['User-Agent', 'x/1'],
        ],
      },
    ],
    ['with Latin-1 in a header', { headers: [['x-team', 'grün']] }],
    ['with an empty header', { headers: [['x-empty', '']] }],
    [
      'with a header named as a property of every object',
      {
        headers: [
          ['constructor', 'a'],
          ['__proto__', 'b'],
        ],
      },
    ],
    ['with a credential header of its own where the key is not sent', { ...secretAs('authorization'), auth: 'none' }],
    ['with the other credential header', { ...secretAs('x-api-key'), auth: 'bearer' }],
    ['with a model name of many words', { model: "claude/x:1 'quoted'\nand two lines" }],
    ['without a key', { key: null, auth: 'none' }],
  ])('%s', ([, given]) => {
    const one = target(given)
    expect(sendable(one)).toBe(one)
  })
})

test('a Base URL behind a proxy that cannot be used is refused, by the name of the variable alone', () => {
  const environment = { ALL_PROXY: 'socks5://me:s3cr3t@proxy.example:1080' }
  expect(() => reachable('https://gateway.example/path', environment)).toThrow(/^ALL_PROXY [^:]*: unset it/)
  expect(() => reachable('https://gateway.example/path', environment)).not.toThrow(/s3cr3t|proxy\.example/)
  expect(reachable('http://127.0.0.1:4010', environment)).toBe('http://127.0.0.1:4010')
})
