import { describe, expect, test } from 'vitest'
import { referenceTarget } from './reference-target.ts'
import { secretsOf } from './secrets.ts'

const target = { ...referenceTarget('https://gateway.example'), key: 'the-key-1' }

describe('what a run leaves no trace of', () => {
  test('the key and the secret headers, each once', () => {
    const secrets = ['header-2', 'the-key-1', '']
    expect(secretsOf({ ...target, secrets }, {})).toEqual(['the-key-1', 'header-2'])
    expect(secretsOf({ ...target, key: null }, {})).toEqual([])
  })

  test('what looks like a credential in the path of the Base URL', () => {
    const baseUrl = 'https://gateway.example/v1/9f86d081884c7d659a2feaa0c55ad015/sk-live-12345678/anthropic'
    expect(secretsOf({ ...target, baseUrl }, {})).toEqual(['the-key-1', 'sk-live-12345678'])
  })

  test('the passwords of proxies, decoded, alone and with their user', () => {
    const environment = {
      HTTPS_PROXY: 'http://me:p%40ss-word@proxy.example:3128',
      http_proxy: 'you:100%25-sure@plain.example',
      ALL_PROXY: 'http://proxy.example',
      all_proxy: 'http://me:bad%zz-word@proxy.example',
      NO_PROXY: 'a:password-9@b',
    }
    const found = ['p@ss-word', 'me:p@ss-word', '100%-sure', 'you:100%-sure', 'bad%zz-word', 'me:bad%zz-word']
    expect(secretsOf(target, environment).toSorted()).toEqual(['the-key-1', ...found].toSorted())
  })

  test('but no password that is a word of the protocol, unless with its user', () => {
    expect(secretsOf(target, { http_proxy: 'http://me:assistant@proxy.example' })).toEqual([
      'the-key-1',
      'me:assistant',
    ])
  })
})
