import { describe, expect, test } from 'vitest'
import { writeEvent } from '../../../fixtures/gateways/answer.ts'
import { lastWord, saysLastWord } from './last-word.ts'

const event = (type: string, more: object = {}): string => writeEvent({ name: type, data: { type, ...more } })
const ping = event('ping')

/** What is heard, piece by piece. */
function heard(...pieces: string[]): string[] {
  const listener = lastWord()
  return pieces.map((piece) => listener.hears(Buffer.from(piece)))
}

describe('a stream', () => {
  test('speaks by its events, and for the last time by message_stop', () => {
    expect(heard(event('message_start'), event('content_block_delta'), event('message_stop'))).toEqual([
      'word',
      'word',
      'last-word',
    ])
  })

  test('or by an error', () => {
    expect(heard(event('message_start'), event('error', { error: { type: 'api_error' } }))).toEqual([
      'word',
      'last-word',
    ])
  })

  test.each([
    ['pings', ping],
    ['pings by their data', 'data: {"type": "ping"}\n\n'],
    ['pings with other data', 'event: ping\ndata: {}\n\n'],
    ['comments', ': keep-alive\n\n'],
    ['a comment as long as a book', `: ${'x'.repeat(500)}\n\n`],
    ['blank lines', '\n\r\n\r'],
    ['ids and retries', 'id: 7\nretry: 1000\n\n'],
    ['nothing', ''],
  ])('%s are no words, before and behind the last one', (_, idle) => {
    expect(heard(event('message_start'), idle, event('message_stop'), idle, idle)).toEqual([
      'word',
      'nothing',
      'last-word',
      'nothing',
      'nothing',
    ])
  })

  test('what is said behind the last word is heard', () => {
    expect(heard(event('message_stop'), event('message_start'), ping)).toEqual(['last-word', 'last-word', 'nothing'])
  })

  test('a ping does not make what follows it idle', () => {
    expect(heard(`${ping}${event('message_start')}`, 'event: ping\n\n: \n\ndata: {"type":"message_delta"}\n')).toEqual([
      'word',
      'word',
    ])
  })

  test.each(['\n', '\r', '\r\n'])('however its lines end: %j', (end) => {
    expect(heard(event('message_start').replaceAll('\n', end), event('message_stop').replaceAll('\n', end))).toEqual([
      'word',
      'last-word',
    ])
  })

  test('split at each byte', () => {
    const said = heard(...`${event('message_start')}${ping}${event('message_stop')}`)
    expect(said.filter((one) => one === 'word')).toHaveLength(2)
    expect(said.indexOf('last-word')).toBe(said.lastIndexOf('last-word') - '\ndata: {"type":"message_stop"}'.length)
  })

  test('a long line speaks before it ends', () => {
    expect(heard('event: content_block_delta\n', `data: {"text":"${'x'.repeat(100)}`, 'xxx')).toEqual([
      'word',
      'word',
      'word',
    ])
  })

  test('message_stop inside of data is not the last word', () => {
    expect(heard(`data: {"type":"text","text":"event: message_stop"}\n\n`)).toEqual(['word'])
  })
})

describe('JSON', () => {
  test.each([
    '{}',
    '[1, [2], {"a": 3}]',
    '{"text": "a } and a \\" and a \\\\"}',
    '{"type":"error","error":{"type":"api_error","message":"no"}}',
  ])('its last word closes its first bracket: %s', (text) => {
    const said = heard(...text)
    expect(said.indexOf('last-word')).toBe(text.length - 1)
    expect(heard(text)).toEqual(['last-word'])
  })

  test('white space is no word, wherever it stands', () => {
    expect(heard(' \n\r\t', '{"a":', '  \n', '1}', '\n\n', '{}')).toEqual([
      'nothing',
      'word',
      'nothing',
      'last-word',
      'nothing',
      'last-word',
    ])
  })

  test('half of it is never the last word', () => {
    expect(heard('{"a":[', '1}')).toEqual(['word', 'word'])
  })
})

test('of what is neither, every line is a word and none the last', () => {
  expect(heard('<html>\n', '<body>event: message_stop</body>\n')).toEqual(['word', 'word'])
  expect(heard('\u001F\uFFFD'.repeat(80), '\u0000'.repeat(80))).toEqual(['word', 'word'])
})

test.each([
  [event('message_stop'), true],
  ['event:error\n', true],
  ['data: {}\r\nevent: message_stop\r\n', true],
  ['event: message_start\n', false],
  ['event: message_stop', false],
  ['data: event: message_stop\n', false],
])('a whole stream says it or not: %j, %s', (text, says) => {
  expect(saysLastWord(text)).toBe(says)
})
