import { describe, expect, test } from 'vitest'
import { message as example } from '../../../schemas/examples.ts'
import type { Message } from '../../../schemas/types.ts'
import type { RequirementId } from '../../ids.ts'
import { isWithheld, missed, proves, unmet, unsaid } from './canaries.ts'
import { exchange, unanswered } from './examples.ts'
import { attempt, pierced } from './holes.ts'

const saying = (text: string, stop_reason: Message['stop_reason'] = 'end_turn'): Message => ({
  ...example,
  content: [{ type: 'text', text }],
  stop_reason,
})
const values = { codeword: 'HERON', colour: 'red' }
const sent = exchange(unanswered, { canary: 'codeword', values })

describe('the word that was missed', () => {
  test.for<[about: string, message: Message, asked: typeof sent, word: string | null]>([
    ['it is said', saying('It is heron.'), sent, null],
    ['it is not', saying('I see none.'), sent, 'HERON'],
    ['another value is said', saying('red'), sent, 'HERON'],
    ['there is no canary', saying('I see none.'), exchange(unanswered, { values }), null],
    ['its value is not known', saying('x'), exchange(unanswered, { canary: 'codeword', values: {} }), null],
  ])('%s', ([, message, asked, word]) => {
    expect(missed(message, asked)).toBe(word)
  })
})

describe('what the model withheld proves nothing', () => {
  test.for<[stop: Message['stop_reason'], text: string, proof: boolean]>([
    ['end_turn', 'It is heron.', true],
    ['end_turn', 'I see none.', true],
    ['max_tokens', 'It is he', false],
    ['max_tokens', 'It is heron, and', true],
    ['refusal', '', false],
    ['refusal', 'heron', true],
    ['tool_use', '', true],
    ['model_context_window_exceeded', '', true],
    [null, '', true],
  ])('%s after %j: %j', ([stop, text, proof]) => {
    expect(proves(saying(text, stop), sent)).toBe(proof)
  })

  test('a word that was said proves it, also where nobody can tell how the answer ended', () => {
    const by: readonly RequirementId[] = ['messages/stop-reason-set']
    const torn = (text: string) => pierced(saying(text), [{ path: '/stop_reason', by }])
    expect(proves(torn('It is heron.'), sent)).toBe(true)
    expect(attempt(() => proves(torn('I see none.'), sent))).toMatchObject({ ok: false, by })
  })

  test('where nothing was to be said, nothing was withheld', () => {
    expect(proves(saying('', 'max_tokens'), exchange(unanswered))).toBe(true)
  })
})

test('a finding for each message without its word', () => {
  const messages = { first: saying('heron'), second: saying('', 'refusal'), third: saying('blue') }
  const third = exchange(unanswered, { canary: 'colour', values })
  expect([...unsaid(messages, { first: sent, second: sent, third })]).toEqual([
    { fixture: 'second', at: '/content', expected: 'HERON', actual: '""' },
    { fixture: 'third', at: '/content', expected: 'red', actual: '"blue"' },
  ])
})

describe('a control', () => {
  const ask = (content: unknown) =>
    exchange(unanswered, { canary: 'codeword', values, asks: { messages: [{ role: 'user', content }] } })
  const question = 'The codeword is HERON. What is it?'

  test.for<[about: string, text: string, content: unknown, actual: string | null]>([
    ['is met by an answer', 'It is heron.', question, null],
    ['is met by an answer that takes up the question', 'The codeword is HERON.', question, null],
    ['is not met without the word', 'I know none.', question, '"I know none."'],
    ['is not met by saying back the question', `You said:  ${question}`, question, 'the question itself'],
    [
      'is not met by saying back its last part',
      'What is it? HERON',
      [
        { type: 'text', text: 'The codeword is HERON.' },
        { type: 'text', text: 'What  is it?' },
      ],
      'the question itself',
    ],
  ])('%s', ([, text, content, actual]) => {
    const found = [...unmet({ told: saying(text) }, { told: ask(content) })]
    expect(found.map((finding) => finding.actual)).toEqual(actual === null ? [] : [actual])
  })
})

test('what the model withheld', () => {
  expect([saying('', 'max_tokens'), saying('', 'refusal'), saying(''), saying('', null)].map(isWithheld)).toEqual([
    true,
    true,
    false,
    false,
  ])
})
