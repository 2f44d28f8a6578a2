import { describe, expect, test } from 'vitest'
import { contractWords, errorTypes, stopReasons, streamEventTypes } from '../../schemas/values.ts'
import { InputError } from '../harness/wire/input-error.ts'
import type { Target } from '../harness/wire/target.ts'
import { keepable, unfit } from './keepable.ts'

const target: Target = {
  kind: 'gateway',
  baseUrl: 'https://gateway.example',
  model: 'claude-reference',
  auth: 'bearer',
  key: 'mock-7f3k9q2x8w4v6n1p5t0r',
  keyVariable: 'ACME_KEY',
  headers: [],
  secrets: [],
  apiVersion: '2023-06-01',
}

/** What is said of a target that is refused; null of one that is not. */
function said(more: Partial<Target>): string | null {
  try {
    keepable({ ...target, ...more })
    return null
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    return error.message
  }
}

describe('a secret is refused', () => {
  test.for(['x', 'EMPTY', 'abcde'])('that is too short: %s', (key) => {
    expect(said({ key })).toMatch(/^The key in ACME_KEY has fewer than 6 characters/)
  })

  test.for(['000000', '------', 'xxxxxxxxxxxxxxxxxxxxxxxx', '123456', '987654321'])('that is too plain: %s', (key) => {
    expect(said({ key })).toMatch(/is too plain/)
  })

  test.for([
    ...[
      'assistant',
      'message',
      'essage',
      'content_block_delta',
      'input_tokens',
      'Content',
      'streaming/ends',
      'redacted',
    ],
    ...['credential', 'application/json', 'claude-code', 'image/png', 'record_word', '2023-06-01', 'verdicts'],
    // Half of it is a word of the contract.
    'content_block_delta-7f3k9q2x',
  ])('that is a word of requests, answers or reports: %s', (key) => {
    expect(said({ key })).toMatch(/is a word that requests, answers and reports are made of/)
  })

  test('that is any word of the contract', () => {
    expect(contractWords).toEqual(expect.arrayContaining([...errorTypes, ...stopReasons, ...streamEventTypes]))
    for (const word of contractWords.filter((_, index) => index % 20 === 0)) expect(unfit(word), word).not.toBeNull()
  })

  test.for(['claude-reference', 'claude', 'CLAUDE-REFERENCE', 'my-claude-reference-7f3k9q2x'])(
    "that cannot be told from the model's name: %s",
    (key) => {
      expect(said({ key })).toMatch(/^The key in ACME_KEY .*(?:model's name|made of)/)
    },
  )

  test('in a header, by the names of both', () => {
    const more = { headers: [['x-gate', 'abc']], secrets: ['abc'], headerVariables: { 'x-gate': 'GATE' } } as const
    expect(said(more)).toMatch(/^The value of the header x-gate, from GATE, has fewer than 6 characters/)
    expect(said({ ...more, secrets: [] })).toBeNull()
  })

  test.for<Partial<Target>>([
    { model: 'sk-ant-api03-abcdef' },
    { smallModel: 'sk-ant-api03-abcdef' },
    { name: 'Bearer abcdef123' },
    { apiVersion: 'sk-ant-api03-abcdef' },
  ])('that was typed where a name belongs: %j', (more) => {
    expect(said(more)).toMatch(/looks like a credential.*--key-env/)
  })

  test('without its value, and without a variable that may be one', () => {
    expect(said({ key: 'abcde', keyVariable: 'sk-live-1234567' })).toMatch(
      /^The key in the variable that was named has/,
    )
    for (const key of ['qwert', 'assistant']) expect(said({ key })).not.toContain(key)
  })
})

describe('a secret can be kept', () => {
  test.for([
    null,
    's3cr3t',
    'hunter2',
    'sk-1234',
    'ollama',
    'changeme',
    '4921-0077-12',
    '12345678901',
    'local-dev-key',
  ])('%s', (key) => {
    expect(said({ key })).toBeNull()
  })

  test("a long one within the model's name: it is seen to be one there", () => {
    expect(said({ model: `acme/${target.key}/large` })).toBeNull()
  })
})
