import { fixtureFacts } from '../fixtures/facts.ts'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeAll, describe, expect, test, vi, type TestContext } from 'vitest'
import { toBytes, writeEvent } from '../fixtures/gateways/answer.ts'
import { defaultModel } from '../fixtures/gateways/reference/identity.ts'
import { createReference } from '../fixtures/gateways/reference/reference.ts'
import type { Report } from '../schemas/types.ts'
import { validateReport } from '../schemas/validators.js'
import { scratch } from '../suites/self/scratch.ts'
import { node } from './bench/programs.ts'
import { typed, type Ran } from './typed.ts'
import { bulky, swollen } from '../fixtures/gateways/bulky.ts'
import { serve } from '../fixtures/gateways/serve.ts'
import { readTape } from '../suites/harness/tape/tape.ts'
import type { Exchange } from '../suites/harness/wire/exchange.ts'
import { planFor, wholeProfile } from '../suites/run/selection.ts'

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
  const out = scratch(onTestFinished)
  const words = ['check', '--base-url', url, '--model', defaultModel, '--concurrency', '20', '--out', out, ...limits]
  const ran = await typed(words, { GATEWAY_API_KEY: key, GITHUB_ACTIONS: 'true' })
  expect([1, 2]).toContain(ran.code)
  const report = await leftWhole(out, ran)
  expect(report.conclusion.exitCode).toBe(ran.code)
  return report
}

/** The report of a run that left everything whole: its report, its tape, which judge takes again, and nothing that harms who looks at it. */
async function leftWhole(out: string, ran: Pick<Ran, 'out' | 'err'>): Promise<Report> {
  const report: unknown = JSON.parse(readFileSync(join(out, 'report.json'), 'utf8'))
  expect(validateReport(report)).toBe(true)

  const tape = await readTape(join(out, 'tape.jsonl'))
  let exchanges = 0
  for await (const _ of tape.exchanges) exchanges++
  expect(tape.end().complete).toBe(true)
  expect(exchanges).toBeGreaterThan(0)
  const again = await typed(['judge', join(out, 'tape.jsonl')])
  expect(again.err).toBe('')
  expect([0, 1, 2]).toContain(again.code)

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

/** What the loader of a checkout takes by itself, in MiB: who installs the package has none. */
let loader = 0

beforeAll(async () => {
  const [bare, loading] = [
    await node(['-e', '0'], { peak: true }),
    await node(['--import', 'tsx', '-e', '0'], { peak: true }),
  ]
  loader = loading.peak - bare.peak
})

/** Of each kind the answer that is dearest to read, as large as it may be, or as many values as there may be. */
const bulkiest: readonly [id: string, bytes: number][] = [
  ['json/numbers', 490_000],
  ['json/calls-alike', 3_000_000],
  ['stream/usage-keys', 8_388_608],
  ['stream/replaced', 8_388_608],
  ['stream/small', 8_388_608],
  ['error/trace', 8_388_608],
  ['headers/many', 8_388_608],
]

describe('no answer costs more than its size, where a gateway', () => {
  test.for(bulkiest)('sends %s of %i bytes', async ([id, bytes], { onTestFinished, signal }) => {
    const sent = bulky.find((one) => one.id === id)!
    const server = await serve(swollen(sent, bytes, createReference({ key })))
    onTestFinished(() => server.close())
    const out = scratch(onTestFinished)
    const fixtures = 'messages/hello,messages/hello:stream,tokens/short,models/list,validation/no-model'
    const words = ['check', '--base-url', server.url, '--model', defaultModel, '--fixture', fixtures, '--out', out]
    // What takes more than its size takes hours: only then the deadline is met, or that of the test.
    const ran = await node(['--import', 'tsx', main, ...words, '--deadline', '100'], {
      peak: true,
      env: { GATEWAY_API_KEY: key },
      codes: [0, 1],
      signal,
    })
    const report = await leftWhole(out, { out: ran.out, err: '' })
    expect(report).toMatchObject({ complete: true, ending: 'complete' })
    expect(ran.peak - loader).toBeLessThan(300)
  })
})

describe('memory stays bounded where a gateway', () => {
  test.for(floods)('%s', async ([, does], { onTestFinished }) => {
    const url = await hostile(does, onTestFinished)
    const words = ['check', '--base-url', url, '--model', defaultModel, '--timeout', '5', '--deadline', '30']
    const { peak } = await node(['--import', 'tsx', main, ...words], {
      peak: true,
      env: { GATEWAY_API_KEY: key },
      codes: [1, 2],
    })
    expect(peak - loader).toBeLessThan(300)
  })
})

/** One request that a gateway was asked, and the right answer to it. */
interface Asked {
  /** Counts the requests of its connection from 1. */
  readonly nth: number
  readonly response: ServerResponse
  readonly body: Buffer
  readonly streams: boolean
}

/** A gateway that knows the right answers; how it gives them, headers aside, is up to `gives`. */
async function knowing(
  gives: (asked: Asked) => void,
  onTestFinished: TestContext['onTestFinished'],
): Promise<{ url: string; asked: () => number; answering: () => boolean }> {
  const reference = createReference({ key })
  const nth = new WeakMap<Socket, number>()
  let asked = 0
  let underWay = 0
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = []
    for await (const part of request) parts.push(part as Buffer)
    asked++
    const { socket, method = 'GET', url = '/' } = request
    nth.set(socket, (nth.get(socket) ?? 0) + 1)
    const headers = Object.entries(request.headers).map(([name, value]): [string, string] => [name, String(value)])
    const sent = parts.length > 0 ? Buffer.concat(parts) : null
    const said = toBytes(await reference(new Request(`http://gateway.test${url}`, { method, headers, body: sent })))
    response.writeHead(said.status, said.headers.flat())
    const body = Buffer.concat(said.pieces.map(({ bytes }) => bytes))
    const streams = said.headers.some(([, value]) => value.startsWith('text/event-stream'))
    underWay++
    response.on('close', () => underWay--)
    gives({ nth: nth.get(socket) ?? 1, response, body, streams })
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
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return { url, asked: () => asked, answering: () => underWay > 0 }
}

/** A check, and what it left behind. */
async function checked(
  url: string,
  more: readonly string[],
  onTestFinished: TestContext['onTestFinished'],
): Promise<{ code: number; report: Report; tape: readonly Exchange[] }> {
  const out = scratch(onTestFinished)
  const words = ['check', '--base-url', url, '--model', defaultModel, '--out', out, ...more]
  const { code } = await typed(words, { GATEWAY_API_KEY: key })
  const report = JSON.parse(readFileSync(join(out, 'report.json'), 'utf8')) as Report
  const tape: Exchange[] = []
  for await (const exchange of (await readTape(join(out, 'tape.jsonl'))).exchanges) tape.push(exchange)
  return { code, report, tape }
}

function outcome({ verdicts }: Report, id: string): string | undefined {
  return verdicts.find((verdict) => verdict.id === id)?.outcome
}

describe.concurrent('a gateway that closes connections at rest without saying so is asked as often as it is said, and blamed for nothing:', () => {
  test.for<[when: string, gives: (asked: Asked) => void]>([
    ['behind each answer', ({ response, body }) => response.end(body, () => response.socket?.end())],
    ['by a reset', ({ response, body }) => response.end(body, () => response.socket?.resetAndDestroy())],
    [
      'a little later',
      ({ response, body }) => response.end(body, () => setTimeout(() => response.socket?.destroy(), 30)),
    ],
    [
      'behind every third answer',
      ({ nth, response, body }) => response.end(body, () => nth === 3 && response.socket?.end()),
    ],
  ])('%s', async ([, gives], { onTestFinished }) => {
    const { url, asked } = await knowing(gives, onTestFinished)
    const { code, report, tape } = await checked(url, [], onTestFinished)
    expect(code).toBe(0)
    expect(outcome(report, 'transport/steady')).toBe('holds')
    expect([asked(), tape.length]).toEqual([report.sent.requests, report.sent.requests])
    expect(tape.filter(({ came }) => came.kind === 'nothing')).toEqual([])
  })
})

describe.concurrent('a gateway that reads every second request of a connection and then', () => {
  const answersLate = ({ response, body }: Asked): unknown => setTimeout(() => response.end(body), 20)
  const ways: readonly [way: string, gives: (asked: Asked) => unknown][] = [
    ['resets it', (asked) => (asked.nth % 2 === 0 ? asked.response.socket?.resetAndDestroy() : answersLate(asked))],
    ['closes it', (asked) => (asked.nth % 2 === 0 ? asked.response.socket?.destroy() : answersLate(asked))],
  ]

  test.for(ways)('%s is seen: each request is on the tape and counted', async ([, gives], { onTestFinished }) => {
    const { url, asked } = await knowing(gives, onTestFinished)
    const { code, report, tape } = await checked(url, [], onTestFinished)
    expect([asked(), tape.length]).toEqual([report.sent.requests, report.sent.requests])
    const lost = tape.filter(({ came }) => came.kind === 'nothing')
    expect(lost.length).toBeGreaterThan(0)
    expect(lost.every(({ came }) => came.kind === 'nothing' && came.failure === 'reset' && came.reused)).toBe(true)
    expect(report.ending).toBe('complete')
    expect(report.verdicts.filter(({ outcome }) => outcome === 'broken').map(({ id }) => id)).toEqual([
      'transport/steady',
    ])
    // What was lost was asked again, by a new connection.
    expect(code).toBe(0)
  })

  test.for(ways)('%s is not asked more often than is allowed', async ([, gives], { onTestFinished }) => {
    const { url, asked } = await knowing(gives, onTestFinished)
    const most = planFor(wholeProfile('sdk'), fixtureFacts).cost.requests
    const { code, report, tape } = await checked(url, ['--max-requests', `${most}`], onTestFinished)
    expect([asked(), tape.length, report.sent.requests]).toEqual([most, most, most])
    expect(code).toBe(2)
  })
})

/**
 * Time that goes on by itself while there is something to wait for, so much each time round the event loop: as fast as a machine is,
 * and none of it is the machine's.
 */
function timePasses(
  onTestFinished: TestContext['onTestFinished'],
  waiting: () => boolean = () => true,
): { seconds: () => number } {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
  let going = true
  function goOn(): void {
    if (!going) return
    if (waiting()) vi.advanceTimersByTime(5)
    setImmediate(goOn)
  }
  setImmediate(goOn)
  onTestFinished(() => {
    going = false
    vi.useRealTimers()
  })
  const began = performance.now()
  return { seconds: () => (performance.now() - began) / 1000 }
}

/** Says something again and again. */
function over(again: (response: ServerResponse) => void, milliseconds: number, response: ServerResponse): void {
  const say = (): void => {
    if (response.destroyed) return
    again(response)
    setTimeout(say, milliseconds)
  }
  setTimeout(say, milliseconds)
}

describe('is judged within a minute, in all of the profile full, at --timeout 3: a gateway that', () => {
  const pings = (response: ServerResponse): void =>
    over((still) => still.write(writeEvent({ name: 'ping', data: { type: 'ping' } })), 500, response)

  test.for<[about: string, gives: (asked: Asked) => void, most: number, broken: readonly string[]]>([
    [
      'leaves each stream open behind its last word',
      ({ response, body, streams }) => (streams ? response.write(body) : response.end(body)),
      15,
      ['streaming/closes'],
    ],
    [
      'leaves each stream open behind its last word, and pings',
      ({ response, body, streams }) => {
        if (!streams) return response.end(body)
        response.write(body)
        return pings(response)
      },
      15,
      ['streaming/closes'],
    ],
    [
      'does nothing but ping in each stream',
      ({ response, body, streams }) => (streams ? pings(response) : response.end(body)),
      25,
      ['transport/whole'],
    ],
    [
      'stops in the middle of each stream',
      ({ response, body, streams }) =>
        streams ? response.write(body.subarray(0, body.length / 2)) : response.end(body),
      20,
      ['transport/whole'],
    ],
    [
      'leaves each answer open',
      ({ response, body }) => response.write(body),
      60,
      ['streaming/closes', 'transport/whole'],
    ],
    [
      'says one byte of each answer a second',
      ({ response, body }) => {
        let at = 0
        over((still) => (at < body.length ? still.write(body.subarray(at, ++at)) : still.end()), 1000, response)
      },
      60,
      ['transport/whole'],
    ],
  ])('%s', async ([, gives, most, broken], { onTestFinished }) => {
    const begins = (one: Asked): void => {
      one.response.flushHeaders()
      gives(one)
    }
    const { url, asked, answering } = await knowing(begins, onTestFinished)
    const { seconds } = timePasses(onTestFinished, answering)
    const { code, report, tape } = await checked(url, ['--profile', 'full', '--timeout', '3'], onTestFinished)
    expect(seconds()).toBeLessThan(most)
    expect(code).toBe(1)
    expect(report.ending).toBe('complete')
    expect([asked(), tape.length]).toEqual([report.sent.requests, report.sent.requests])
    const musts = report.verdicts.filter(({ outcome, level }) => outcome === 'broken' && level === 'must')
    // How much more is read of what came is not the subject here.
    expect(musts.map(({ id }) => id)).toEqual(expect.arrayContaining([...broken]))
  })
})

describe('time that cannot be counted', () => {
  test('a wait for ever ends at the deadline', async ({ onTestFinished }) => {
    const { seconds } = timePasses(onTestFinished)
    const file = join(scratch(onTestFinished), 'target.json')
    const target = { name: 'nobody', baseUrl: 'http://127.0.0.1:9', model: 'm', auth: 'none', wait: 1e20 }
    writeFileSync(file, JSON.stringify({ targets: [target] }))
    const { code, out } = await typed(['check', '--target', file, '--deadline', '7'])
    expect(code).toBe(2)
    expect(out).toContain('deadline')
    expect(Math.round(seconds())).toBe(7)
  })

  test('limits beyond what timers hold do not end a run', async ({ onTestFinished }) => {
    const { url } = await knowing(({ response, body }) => response.end(body), onTestFinished)
    const limits = ['--timeout', '500000000', '--deadline', '3000000000', '--only', 'messages']
    const { code, report } = await checked(url, limits, onTestFinished)
    expect([code, report.ending]).toEqual([0, 'complete'])
  })
})
