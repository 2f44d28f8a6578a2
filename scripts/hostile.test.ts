import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { afterEach, describe, expect, test, vi, type TestContext } from 'vitest'
import { toBytes, writeEvent } from '../fixtures/gateways/answer.ts'
import { defaultModel } from '../fixtures/gateways/reference/identity.ts'
import { createReference } from '../fixtures/gateways/reference/reference.ts'
import type { Report } from '../schemas/types.ts'
import { validateReport } from '../schemas/validators.js'
import { node } from './bench/programs.ts'
import { typed } from './typed.ts'
import { readTape } from '../suites/harness/tape/tape.ts'

/* Gateways that hurt whoever asks them, on real sockets. A run against one ends, and leaves a report and a tape that can be read. */

const key = 'mock-9d2k4v7x1q8w3n6p5t0z'

/** What a hostile gateway does with a connection once a request has come in whole. */
type Hostility = (socket: Socket, request: IncomingMessage) => void

/** Answers the first request rightly, so that the run goes on, and is hostile from then on. */
async function hostile(does: Hostility, onTestFinished: TestContext['onTestFinished']): Promise<string> {
  const reference = createReference({ key })
  let asked = 0
  const server = createServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      const { socket } = request
      if (asked++ > 0) return does(socket, request)
      const { method = 'GET', url = '/' } = request
      const headers = Object.entries(request.headers).map(([name, value]): [string, string] => [name, String(value)])
      const body = parts.length > 0 ? Buffer.concat(parts) : null
      void Promise.resolve(reference(new Request(`http://gateway.test${url}`, { method, headers, body })))
        .then(toBytes)
        .then((said) =>
          response
            .writeHead(said.status, said.headers.flat())
            .end(Buffer.concat(said.pieces.map(({ bytes }) => bytes))),
        )
    })
  })
  server.on('connection', (socket) => socket.on('error', () => socket.destroy()))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(
    () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  )
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

function folder(onTestFinished: TestContext['onTestFinished']): string {
  const path = mkdtempSync(join(tmpdir(), 'hostile-'))
  onTestFinished(() => rmSync(path, { recursive: true }))
  return path
}

const json = 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n'
const stream = 'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n'
const pleasant = {
  id: 'msg_1',
  type: 'message',
  role: 'assistant',
  model: defaultModel,
  content: [{ type: 'text', text: 'pong' }],
  stop_reason: 'end_turn',
  usage: { input_tokens: 1, output_tokens: 1 },
}

/** A whole answer with a true length. */
function whole(body: string | Uint8Array, head = json): Hostility {
  const bytes = typeof body === 'string' ? Buffer.from(body) : body
  return (socket) => {
    socket.write(`${head}content-length: ${bytes.length}\r\n\r\n`)
    socket.write(bytes)
  }
}

/** Says one thing at once and another over and over, until the client leaves; after some of it, its time is up. */
function forEver(first: string, again: string): Hostility {
  return (socket) => {
    socket.write(first)
    let said = 0
    const timer = setInterval(() => {
      socket.write(again)
      if (++said === 3) timeIsUp()
    }, 20)
    socket.on('close', () => clearInterval(timer))
  }
}

/** The limit that ends what never ends by itself, in seconds. It is not waited for: in a run against such a gateway the clock is ours. */
const limit = 30
function timeIsUp(): void {
  vi.advanceTimersByTime(limit * 1000)
}

/** As many bytes as the client takes, up to a gigabyte. */
function flood(head: string): Hostility {
  return (socket) => {
    const piece = Buffer.alloc(1024 * 1024, 'x')
    let left = 1024
    const more = (): void => {
      while (left-- > 0) if (!socket.write(piece)) return
      socket.end()
    }
    socket.write(head)
    socket.on('drain', more)
    more()
  }
}

/** A gigabyte of zeros in a megabyte of gzip. */
const bomb = whole(
  Buffer.concat(Array.from({ length: 1024 }).fill(gzipSync(Buffer.alloc(1024 * 1024))) as Buffer[]),
  `${json}content-encoding: gzip\r\n`,
)

const nasty = [
  '\u0000\u0007\u0008\u001B[2J\u001B]0;owned\u0007\u001B]8;;http://evil.example\u0007',
  '\u007F\u0085\u009B31m\u2028\u2029\u202E\u2066\uFEFF',
  '<script>alert(1)</script><img src=x onerror=alert(1)>"\'`${}]]>&amp;<!--',
  '\r\n::error::injected\r\n::set-output name=x::y',
  '| a | b |\n|---|---|\n[x](javascript:alert(1)) # head',
  '\uD800',
].join(' ')

const nastyEverywhere = JSON.stringify({
  ...pleasant,
  id: nasty,
  model: nasty,
  role: nasty,
  stop_reason: nasty,
  [nasty]: nasty,
  content: [{ type: nasty, text: nasty, [nasty]: 1 }],
  usage: { input_tokens: nasty, [nasty]: nasty },
})

/** More than fits, in either mode: a few of them say as much as a whole run. */
const floods: readonly [about: string, does: Hostility][] = [
  ['sends a gigabyte', flood(`${json}content-length: ${1024 ** 3}\r\n\r\n`)],
  ['sends a gigabyte of one event', flood(`${stream}event: message_start\ndata: `)],
  ['sends a bomb of gzip', bomb],
]

const hostilities: readonly [about: string, does: Hostility][] = [
  ['claims a length too long, and leaves', (socket) => socket.end(`${json}content-length: 9000\r\n\r\n{"type":"mess`)],
  [
    'claims a length too short',
    (socket) => socket.write(`${json}content-length: 7\r\n\r\n${JSON.stringify(pleasant)}`),
  ],
  ['claims two lengths', (socket) => socket.end(`${json}content-length: 7\r\ncontent-length: 9\r\n\r\n{}`)],
  ['claims a negative length', (socket) => socket.end(`${json}content-length: -1\r\n\r\n{}`)],
  [
    'resets in mid-stream',
    (socket) =>
      socket.write(
        stream + writeEvent({ name: 'message_start', data: { type: 'message_start', message: pleasant } }),
        () => setTimeout(() => socket.resetAndDestroy(), 20),
      ),
  ],
  ['resets at once', (socket) => socket.resetAndDestroy()],
  [
    'sends ten thousand headers',
    whole(
      JSON.stringify(pleasant),
      `${json}${Array.from({ length: 10_000 }, (_, at) => `x-${at}: ${at}\r\n`).join('')}`,
    ),
  ],
  ['sends a header of a megabyte', whole('{}', `${json}x-big: ${'y'.repeat(1_200_000)}\r\n`)],
  ['sends invalid UTF-8', whole(Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0xc3, 0x28, 0x22, 0x7d]))],
  ['sends NaN', whole('{"id":NaN,"usage":{"input_tokens":Infinity}}')],
  ['sends numbers beyond all bounds', whole(JSON.stringify(pleasant).replace(':1,', ':1e999,'))],
  ['sends JSON a hundred thousand deep', whole('['.repeat(100_000) + ']'.repeat(100_000))],
  [
    'sends a Message with content a hundred thousand deep',
    whole(JSON.stringify(pleasant).replace('"pong"', '{"a":'.repeat(100_000) + '1' + '}'.repeat(100_000))),
  ],
  [
    'sends __proto__ and constructor keys',
    whole(
      JSON.stringify(pleasant).replace(
        '{',
        '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}},',
      ),
    ),
  ],
  ['sends what is no HTTP', (socket) => socket.end('SSH-2.0-OpenSSH_9.2\r\n')],
  [
    'switches protocols',
    (socket) => socket.end('HTTP/1.1 101 Switching Protocols\r\nupgrade: h2c\r\nconnection: upgrade\r\n\r\n'),
  ],
  ['sends nasty strings in JSON', whole(nastyEverywhere)],
  [
    'sends nasty strings in a stream',
    (socket) =>
      socket.end(
        stream +
          `event: ${nasty.replaceAll(/[\r\n]/g, '')}\ndata: ${nastyEverywhere}\n\n` +
          `event: error\ndata: ${JSON.stringify({ type: 'error', error: { type: nasty, message: nasty } })}\n\n`,
      ),
  ],
  [
    'sends nasty strings in errors and headers',
    (socket) =>
      socket.end(
        Buffer.from(
          'HTTP/1.1 418 <b>\u009B\r\ncontent-type: text/html; \u0085<script>\r\nrequest-id: \u009B31m<script>alert(1)</script>\r\n\r\n' +
            nasty,
          'latin1',
        ),
      ),
  ],
]

/** Raw control characters, as a terminal would obey them. Line ends are ours. */
// oxlint-disable-next-line no-control-regex -- these are what must not be there
const control = /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u2028\u2029\u202A-\u202E\u2066-\u2069]/

/** Runs check against a hostile gateway, and looks at all that it left behind. */
async function survives(
  does: Hostility,
  limits: readonly string[],
  onTestFinished: TestContext['onTestFinished'],
): Promise<Report> {
  const url = await hostile(does, onTestFinished)
  const out = folder(onTestFinished)
  const words = ['check', '--base-url', url, '--model', defaultModel, '--concurrency', '20', '--out', out, ...limits]
  const ran = await typed(words, { GATEWAY_API_KEY: key, GITHUB_ACTIONS: 'true' })
  expect([1, 2]).toContain(ran.code)

  const report: unknown = JSON.parse(readFileSync(join(out, 'report.json'), 'utf8'))
  expect(validateReport(report)).toBe(true)
  const { conclusion } = report as Report
  expect(conclusion.exitCode).toBe(ran.code)

  const tape = await readTape(join(out, 'tape.jsonl'))
  let exchanges = 0
  for await (const _ of tape.exchanges) exchanges++
  expect(tape.end().complete).toBe(true)
  expect(exchanges).toBeGreaterThan(0)
  const again = await typed(['judge', join(out, 'tape.jsonl')])
  expect(again.err).toBe('')
  expect([1, 2]).toContain(again.code)

  const outputs = readdirSync(out).map((name): [string, string] => [name, readFileSync(join(out, name), 'utf8')])
  for (const [name, text] of [...outputs, ['stdout', ran.out], ['stderr', ran.err], ['judge', again.out]] as const) {
    expect(control.exec(text)?.index ?? null, `a control character in ${name}`).toBeNull()
    expect(text.includes(key), `the key in ${name}`).toBe(false)
  }
  expect(ran.out).not.toMatch(/^::error::injected/m)
  expect(({} as { polluted?: true }).polluted).toBeUndefined()
  return report as Report
}

describe.concurrent('a gateway that', () => {
  test.for(hostilities)('%s', async ([, does], { onTestFinished }) => {
    expect(await survives(does, [], onTestFinished)).toMatchObject({ complete: true })
  })
})

describe('a gateway that', () => {
  test.for(floods)('%s', async ([, does], { onTestFinished }) => {
    expect(await survives(does, ['--only', 'transport,messages,streaming'], onTestFinished)).toMatchObject({
      complete: true,
    })
  })
})

describe('a gateway that never ends, and', () => {
  afterEach(() => {
    vi.useRealTimers()
  })

  const silent = ['--timeout', `${limit}`]
  const noisy = ['--timeout', '3600', '--deadline', `${limit}`]
  test.for<[about: string, does: Hostility, limits: readonly string[], ending: Report['ending']]>([
    ['never answers', timeIsUp, silent, 'lost'],
    ['sends its headers one byte at a time', forEver('HTTP/1.1 200 OK\r\nx: ', 'y'), silent, 'lost'],
    ['says Continue', forEver('HTTP/1.1 100 Continue\r\n\r\n', 'HTTP/1.1 100 Continue\r\n\r\n'), silent, 'lost'],
    ['answers one byte at a time', forEver(`${json}content-length: 5000\r\n\r\n`, ' '), noisy, 'deadline'],
    ['sends a stream', forEver(stream, 'event: ping\ndata: {"type":"ping"}\n\n'), noisy, 'deadline'],
  ])('%s', async ([, does, limits, ending], { onTestFinished }) => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
    const report = await survives(does, limits, onTestFinished)
    expect(report.ending).toBe(ending)
  })
})

const main = fileURLToPath(new URL('./main.ts', import.meta.url))
describe('memory stays bounded where a gateway', () => {
  test.for(floods)('%s', async ([, does], { onTestFinished }) => {
    const url = await hostile(does, onTestFinished)
    const words = ['check', '--base-url', url, '--model', defaultModel, '--timeout', '5', '--deadline', '30']
    const { peak } = await node(['--import', 'tsx', main, ...words], {
      peak: true,
      env: { GATEWAY_API_KEY: key },
      codes: [1, 2],
    })
    expect(peak).toBeLessThan(450)
  })
})
