import { join } from 'node:path'
import { expect, test } from 'vitest'
import { message } from '../../schemas/examples.ts'
import type { Piped } from '../../suites/harness/wire/pipe.ts'
import { answered } from '../../suites/harness/views/examples.ts'
import { InputError } from '../../suites/harness/wire/input-error.ts'
import { wholeProfile } from '../../suites/run/selection.ts'
import type { TappedLine } from '../../suites/run/tap/line.ts'
import { scratch } from '../../suites/self/scratch.ts'
import { judgingThread } from './judging-thread.ts'

const beginning = { selection: wholeProfile('full'), bodies: 'shapes', secrets: [], tape: null } as const

function piped(number: number, text = 'Hello'): Piped {
  const asks = { model: 'm', max_tokens: 9, messages: [{ role: 'user', content: text }] }
  return {
    number,
    began: 0,
    took: 1,
    method: 'POST',
    path: '/v1/messages',
    headers: [['user-agent', 'curl/8']],
    body: Buffer.from(JSON.stringify(asks)),
    came: answered(message),
    whole: true,
  }
}

test('what is handed over is judged in its order, small or large', async () => {
  const lines: TappedLine[] = []
  const thread = judgingThread(beginning, (line) => lines.push(line))
  // What is small shares its memory with the next one; what is large has its own, and takes it along.
  expect(thread.take(piped(1))).toBe(true)
  expect(thread.take(piped(2, 'x'.repeat(100_000)))).toBe(true)
  const { clients, judged } = await thread.end()
  expect(lines.map(({ exchange, verdict }) => [exchange, verdict.is])).toEqual([
    ['tap/1', expect.stringMatching(/holds|broken/)],
    ['tap/2', expect.stringMatching(/holds|broken/)],
  ])
  expect(clients).toMatchObject([{ client: 'curl/8', exchanges: 2, judged: 2, behind: 0 }])
  expect(judged.verdicts.some(({ outcome }) => outcome === 'holds')).toBe(true)
})

test.each([
  ['exchanges', { exchanges: 1, bytes: Infinity }, piped(2)],
  ['bytes', { exchanges: Infinity, bytes: 5000 }, piped(2, 'x'.repeat(5000))],
])('no more %s wait than may: what is more is counted, and not judged', async (_, most, more) => {
  const thread = judgingThread(beginning, () => {}, most)
  // Nothing is answered before this turn of the event loop is over.
  expect([thread.take(piped(1)), thread.take(more)]).toEqual([true, false])
  expect((await thread.end()).clients).toMatchObject([{ exchanges: 2, judged: 1, behind: 1 }])
})

test('a tape that cannot be written is said', async () => {
  const header = {
    kind: 'header',
    format: 1,
    tool: { name: 'x', version: '1' },
    target: { kind: 'gateway', baseUrl: 'x', model: 'm' },
    profile: 'full',
    started: new Date(0).toISOString(),
  } as const
  const thread = judgingThread({ ...beginning, tape: { path: join(scratch(), 'none/tape.jsonl'), header } }, () => {})
  await expect(thread.lost).rejects.toThrow(InputError)
  await expect(thread.end()).rejects.toThrow(/none\/tape\.jsonl cannot be used/)
})
