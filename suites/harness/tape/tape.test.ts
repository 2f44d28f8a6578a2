import { appendFileSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import fc from 'fast-check'
import type { TapeExchange, TapeFooter, TapeHeader } from '../../../schemas/types.ts'
import { validateTapeLine } from '../../../schemas/validators.js'
import { decode } from '../wire/body.ts'
import type { Answered, Exchange } from '../wire/exchange.ts'
import { InputError } from '../wire/input-error.ts'
import { redactor } from './redact.ts'
import { createTape, fromLine, readTape, toLine } from './tape.ts'

let folder: string
let file: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tape-'))
  file = join(folder, 'tape.jsonl')
})
afterEach(() => rmSync(folder, { recursive: true }))

const header: TapeHeader = {
  kind: 'header',
  format: 1,
  tool: { name: 'messages-conformance', version: '0.1.0' },
  target: { kind: 'gateway', baseUrl: 'https://gateway.example', model: 'm' },
  profile: 'sdk',
  started: '2026-01-02T03:04:05.678Z',
}
const ending = {
  ending: 'complete',
  sent: { requests: 2, inputTokens: 10, outputTokens: 5 },
  ended: '2026-01-02T03:04:06.000Z',
} as const

function exchange(body: string | Uint8Array = '{"type":"message"}', rest: Partial<Exchange> = {}): Exchange {
  const bytes = Buffer.from(body)
  const came: Answered = {
    kind: 'answer',
    status: 200,
    headers: [
      ['Content-Type', 'application/json'],
      ['content-type', 'again'],
    ],
    body: bytes,
    chunks: [
      [1.5, 1],
      [2, bytes.length - 1],
    ],
    ends: 'complete',
    endedAt: 2.1,
  }
  const sent = {
    method: 'POST',
    path: '/v1/messages',
    headers: [['x-api-key', '[withheld]']],
    body: '{"model":"m"}',
  } as const
  return {
    fixture: 'tools/single:stream',
    origin: 'gathered',
    attempt: 1,
    needs: ['tools'],
    settles: 'tool_use',
    values: { word: 'x' },
    sent,
    came,
    ...rest,
  }
}

const nothing = exchange('', {
  came: { kind: 'nothing', failure: 'reset', detail: 'socket hang up' },
  settles: 'thinking',
  attempt: 2,
  retryOf: 'reset',
})

async function contents(): Promise<{ header: TapeHeader; exchanges: Exchange[]; end: unknown }> {
  const tape = await readTape(file)
  const exchanges: Exchange[] = []
  for await (const one of tape.exchanges) exchanges.push(one)
  return { header: tape.header, exchanges, end: tape.end() }
}

/** A tape of these exchanges, without its footer unless that is asked for. */
function written(exchanges: readonly Exchange[], withFooter = false): void {
  const tape = createTape(file, header)
  for (const one of exchanges) tape.write(one)
  if (withFooter) tape.end(ending)
}

const lines = () => readFileSync(file, 'utf8').split('\n')

describe('what is written is what is read', () => {
  test('a whole tape', async () => {
    written([exchange(), nothing], true)
    const footer: TapeFooter = { kind: 'footer', ...ending, exchanges: 2 }
    expect(await contents()).toEqual({ header, exchanges: [exchange(), nothing], end: { complete: true, footer } })
  })

  test.each([
    ['text beyond ASCII', 'é 漢 😀 \u2028 \0 "\\'],
    ['a byte order mark', '\uFEFF{}'],
    ['nothing', ''],
    ['compressed bytes', gzipSync('{}')],
    ['bytes that are no UTF-8', Buffer.from([0x61, 0xff, 0xed, 0xa0, 0x80])],
  ])('a body of %s', (_, body) => {
    const given = exchange(body)
    expect(fromLine(JSON.parse(JSON.stringify(toLine(given))))).toEqual(given)
  })

  test('how many bytes were withheld, and why; not the bytes', () => {
    const { came } = exchange('0123456789')
    if (came.kind !== 'answer') throw new Error('an answer stays an answer')
    const given = exchange('', { came: { ...came, withheld: 'unreadable' } })
    const line = JSON.stringify(toLine(given))
    expect(line).toContain('"body":{"withheld":"unreadable","bytes":10}')
    expect(validateTapeLine(JSON.parse(line))).toBe(true)
    expect(fromLine(JSON.parse(line) as TapeExchange)).toEqual({
      ...given,
      came: { ...came, withheld: 'unreadable', body: new Uint8Array(10) },
    })
  })

  test('why nobody could read what was withheld', () => {
    const { came } = exchange(Buffer.from([0x61, 0xff, 0x00]))
    if (came.kind !== 'answer') throw new Error('an answer stays an answer')
    const line = JSON.stringify(toLine(exchange('', { came: redactor([]).came(came) })))
    expect(line).toContain('"unread":{"because":"not-utf8","detail":"byte 1 of 3"}')
    expect(validateTapeLine(JSON.parse(line))).toBe(true)
    const again = fromLine(JSON.parse(line) as TapeExchange)
    if (again.came.kind !== 'answer') throw new Error('an answer stays an answer')
    expect(decode(again.came)).toEqual({ ok: false, because: 'not-utf8', detail: 'byte 1 of 3' })
  })

  test('any bytes at all', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (body) => {
        expect(fromLine(JSON.parse(JSON.stringify(toLine(exchange(body)))))).toEqual(exchange(body))
      }),
    )
  })

  test('text stays readable in the file, other bytes are base64', () => {
    written([exchange('{"é":1}'), exchange(Buffer.from([0xff]))])
    expect(JSON.parse(lines()[1] ?? '').came.body).toEqual({ text: '{"é":1}' })
    expect(JSON.parse(lines()[2] ?? '').came.body).toEqual({ base64: '/w==' })
  })

  test('recorded by others, without settles or times', async () => {
    const { settles: _, ...plain } = exchange()
    const recorded: Exchange = {
      ...plain,
      origin: 'recorded',
      came: { ...(plain.came as Answered), chunks: [], endedAt: null },
    }
    written([recorded], true)
    expect((await contents()).exchanges).toEqual([recorded])
  })

  test('lines longer than what is read at once', async () => {
    const long = exchange('é'.repeat(1_500_000))
    written([long, exchange(), long], true)
    const { exchanges } = await contents()
    expect(exchanges.map(({ came }) => came.kind === 'answer' && came.body.length)).toEqual([3_000_000, 18, 3_000_000])
  })
})

describe('a run that was cut short', () => {
  test('leaves each exchange in the file as soon as it is written', async () => {
    const tape = createTape(file, header)
    tape.write(exchange())
    expect(await contents()).toEqual({
      header,
      exchanges: [exchange()],
      end: { complete: false, footer: null, written: null },
    })
    tape.end(ending)
  })

  test('in the middle of a line: what was before it counts', async () => {
    written([exchange(), nothing])
    writeFileSync(file, readFileSync(file).subarray(0, -20))
    expect(await contents()).toMatchObject({ exchanges: [exchange()], end: { complete: false } })
  })

  test('by somebody who took lines out: what is left counts', async () => {
    written([exchange(), nothing], true)
    writeFileSync(file, lines().toSpliced(1, 1).join('\n'))
    expect(await contents()).toEqual({
      header,
      exchanges: [nothing],
      end: { complete: false, footer: null, written: 2 },
    })
  })

  test('a last line end that an editor took is no loss', async () => {
    written([exchange()], true)
    writeFileSync(file, readFileSync(file).subarray(0, -1))
    expect((await contents()).end).toMatchObject({ complete: true })
  })
})

describe('says in one sentence what is wrong, and where', () => {
  const bad = async (): Promise<string> => {
    const error: unknown = await contents().catch((thrown: unknown) => thrown)
    if (!(error instanceof InputError)) throw new Error('an InputError was due', { cause: error })
    return error.message.replace(file, 'FILE')
  }

  test('a file that is not there, a folder', async () => {
    expect(await bad()).toBe('FILE cannot be used: there is no such file or folder.')
    await expect(readTape(folder)).rejects.toThrow(new InputError(`${folder} cannot be used: it is a folder.`))
    expect(() => createTape(join(folder, 'none', 'tape.jsonl'), header)).toThrow(InputError)
  })

  test('a line longer than any of a tape, before it fills memory', async () => {
    createTape(file, header)
    truncateSync(file, 2 ** 30)
    expect(await bad()).toBe('FILE has a line that is too long for a tape.')
  })

  test.each([
    ['an empty file', '', 'FILE is no tape: it does not begin with a header.'],
    ['no JSON', 'hello\n', 'FILE, line 1, column 1: this is no JSON.'],
    ['no header', `${JSON.stringify(toLine(exchange()))}\n`, 'FILE is no tape: it does not begin with a header.'],
    ['other JSON', '{"log":{"entries":[]}}\n', 'FILE, line 1: the line has a kind that is not known here.'],
    [
      'a later format',
      '{"kind":"header","format":2}\n',
      'FILE, line 1: this is a tape of format 2, and only format 1 is known here.',
    ],
  ])('%s', async (_, text, sentence) => {
    writeFileSync(file, text)
    expect(await bad()).toBe(sentence)
  })

  test.each([
    ['broken JSON', '{"kind":\n', 'FILE, line 3, column 9: this is no JSON.'],
    [
      'a wrong type',
      `${JSON.stringify({ ...toLine(exchange()), attempt: 'one' })}\n`,
      'FILE, line 3: /attempt must be integer.',
    ],
    ['a missing field', '{"kind":"footer"}\n', "FILE, line 3: the line must have required property 'ending'."],
    [
      'an unknown field',
      `${JSON.stringify({ ...toLine(exchange()), extra: 1 })}\n`,
      'FILE, line 3: the line has "extra", which is not known here.',
    ],
    ['a second header', `${JSON.stringify(header)}\n`, 'FILE has a second header.'],
  ])('in the middle: %s', async (_, line, sentence) => {
    written([exchange()])
    appendFileSync(file, line)
    appendFileSync(file, `${JSON.stringify(toLine(exchange()))}\n`)
    expect(await bad()).toBe(sentence)
  })

  test('lines behind the footer, more lines than it says', async () => {
    written([exchange()], true)
    const whole = readFileSync(file, 'utf8')
    appendFileSync(file, `${JSON.stringify(toLine(exchange()))}\n`)
    expect(await bad()).toBe('FILE goes on behind its footer.')
    const [, line = ''] = whole.split('\n')
    writeFileSync(file, whole.split('\n').toSpliced(1, 0, line).join('\n'))
    expect(await bad()).toBe('FILE holds 2 exchanges, and its footer says 1.')
  })
})
