import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { toBytes, type Answer } from '../../../fixtures/gateways/answer.ts'
import type { Came, Outgoing } from './exchange.ts'
import { lastWord } from '../views/last-word.ts'
import { inProcess } from './in-process.ts'
import { nextAnswer } from './next-answer.ts'
import { overHttp } from './transport.ts'

const events = ['message_start', 'ping', 'message_stop'].map((name, index) => ({
  name,
  data: { type: name },
  after: index * 5,
}))
const json: Answer = {
  status: 200,
  headers: [
    ['Content-Type', 'application/json'],
    ['x', '1'],
    ['X', '2'],
  ],
  body: { json: { type: 'message', text: 'é' } },
}
const stream: Answer = { status: 200, headers: [['content-type', 'text/event-stream']], body: { events } }
const length = Buffer.byteLength('{"type":"message","text":"é"}')

const answers: readonly [about: string, answer: Answer, rest?: Partial<Outgoing>][] = [
  ['JSON', json],
  ['a stream', stream],
  ['a status of its own', { ...json, status: 529 }],
  ['a body without bytes', { ...json, body: { raw: '' } }],
  ['204', { ...json, status: 204 }],
  ['the answer to HEAD', json, { method: 'HEAD', body: null }],
  ['a GET', json, { method: 'GET', body: null }],
  ['split at each byte', { ...stream, wire: { pieces: 1 } }],
  ['labelled gzip', { ...json, wire: { gzip: 'labelled' } }],
  ['unlabelled gzip', { ...json, wire: { gzip: 'unlabelled' } }],
  ['a true length', { ...json, wire: { claims: length } }],
  ['a length too short', { ...json, wire: { claims: 7 } }],
  ['a length of nothing', { ...json, wire: { claims: 0 } }],
  ['a length too long', { ...json, wire: { claims: length + 1 } }],
  ['a clean end too early', { ...stream, wire: { endsAfter: 50 } }],
  ['a break', { ...stream, wire: { breaksAfter: 50 } }],
  ['a break before the last byte', { ...stream, wire: { breaksAfter: -1 } }],
  ['a break behind the length claimed', { ...json, wire: { breaksAfter: 9, claims: 7 } }],
  ['left open', { ...stream, wire: { staysOpen: true } }, { idleTimeout: 100 }],
  ['left open after its last word', { ...stream, wire: { staysOpen: true } }, { idleTimeout: 100, listen: lastWord }],
  [
    'left open after an error event',
    { ...stream, body: { events: [{ name: 'error', data: { type: 'error' } }] }, wire: { staysOpen: true } },
    { idleTimeout: 100, listen: lastWord },
  ],
  ['JSON left open', { ...json, wire: { staysOpen: true } }, { idleTimeout: 100, listen: lastWord }],
  ['left open with all it claimed', { ...json, wire: { staysOpen: true, claims: length } }, { idleTimeout: 100 }],
  [
    'a pause beyond the limit',
    { ...stream, body: { events: [events[0]!, { ...events[1]!, after: 400 }] } },
    { idleTimeout: 100 },
  ],
  [
    'a total beyond the limit',
    { ...stream, body: { events: [...events, { ...events[1]!, after: 400 }] } },
    { totalTimeout: 150 },
  ],
  ['more than we read', json, { maxBytes: 10 }],
  ['as much as we read', json, { maxBytes: length }],
  ['hung up on', stream, { hangUpAfter: 60 }],
  ['hung up on at its very end', { ...json, wire: { claims: length } }, { hangUpAfter: length }],
]

/**
 * The least server that says an answer on a wire, for the duration of this file. Its clock is the client's, and stands still until
 * the client has read all that was said: so the client's limits are met by what is declared, and by nothing that is slow.
 */
let answer = json
const server = http.createServer(async (request, response) => {
  const { status, headers, pieces, ends } = toBytes(answer)
  const claimed = headers.find(([name]) => name === 'content-length')?.[1]
  const bodiless = request.method === 'HEAD' || status === 204
  const most = bodiless ? 0 : Number(claimed ?? Infinity)
  const { socket } = response
  const client = nextAnswer()
  response.sendDate = false
  response.writeHead(status, headers.flat())
  response.flushHeaders()
  let now = 0
  let said = 0
  for (const { at, bytes } of pieces) {
    await client.read(Math.min(said, most))
    vi.advanceTimersByTime(at - now)
    now = at
    said += bytes.length
    if (!response.destroyed && bytes.length > 0) await new Promise((resolve) => response.write(bytes, resolve))
  }
  await client.read(Math.min(said, most))
  if (ends === 'never') vi.advanceTimersByTime(60_000)
  else if (ends === 'broken' || claimed !== undefined) socket?.destroy()
  else response.end()
})
server.on('connection', (socket) => socket.on('error', () => {}))

beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)))
afterAll(() => {
  server.closeAllConnections()
  server.close()
})

function outgoing(rest: Partial<Outgoing> = {}): Outgoing {
  const { port } = server.address() as AddressInfo
  return {
    fixture: 'messages/hello',
    method: 'POST',
    url: new URL(`http://127.0.0.1:${port}/v1/messages?beta=true`),
    headers: [
      ['content-type', 'application/json'],
      ['anthropic-beta', 'a'],
    ],
    body: Buffer.from('{"é":1}'),
    idleTimeout: 3_000,
    totalTimeout: 3_000,
    maxBytes: 1_000_000,
    ...rest,
  }
}

const ofTheConnection = new Set(['connection', 'keep-alive', 'transfer-encoding'])

/** Without what the connection adds. */
function bare(came: Came) {
  if (came.kind === 'nothing') return came
  const { body, headers } = came
  return {
    ...came,
    body: Buffer.from(body).toString('latin1'),
    headers: headers.filter(([name]) => !ofTheConnection.has(name.toLowerCase())),
  }
}

const going = new AbortController().signal

describe('in process and over loopback, the same comes back, at the same time', () => {
  beforeEach(() => vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }))
  afterEach(() => vi.useRealTimers())

  test.each(answers)('%s', async (_, given, rest) => {
    answer = given
    const send = overHttp({ environment: {} })
    const overLoopback = await send(outgoing(rest), going)
    send.close()
    expect(bare(await inProcess(() => given)(outgoing(rest), going))).toEqual(bare(overLoopback))
  })
})

test('times are those the gateway declares', async () => {
  const came = await inProcess(() => stream)(outgoing(), going)
  const lengths = toBytes(stream).pieces.map(({ bytes }) => bytes.length)
  expect(came).toMatchObject({
    chunks: [
      [0, lengths[0]],
      [5, lengths[1]],
      [15, lengths[2]],
    ],
    endedAt: 15,
    ends: 'complete',
  })
})

test('limits are measured by those times', async () => {
  const slow: Answer = { ...stream, body: { events: [events[0]!, { ...events[1]!, after: 90_000 }] } }
  expect(await inProcess(() => slow)(outgoing({ idleTimeout: 60_000, totalTimeout: 100_000 }), going)).toMatchObject({
    ends: 'hung',
    endedAt: 60_000,
  })
  expect(await inProcess(() => slow)(outgoing({ idleTimeout: 95_000, totalTimeout: 80_000 }), going)).toMatchObject({
    ends: 'hung',
    endedAt: 80_000,
  })
})

test('what is waited for after the last word, and while there are only pings, is measured by them too', async () => {
  const open: Answer = { ...stream, wire: { staysOpen: true } }
  const limits = { idleTimeout: 60_000, totalTimeout: 300_000, listen: lastWord }
  expect(await inProcess(() => open)(outgoing(limits), going)).toMatchObject({ ends: 'hung', endedAt: 5_015 })
  const ping = { name: 'ping', data: { type: 'ping' }, after: 10_000 }
  const after = (before: string): Answer => ({
    ...stream,
    body: { events: [{ name: before, data: { type: before } }, ...Array.from({ length: 40 }, () => ping)] },
  })
  const pinging = inProcess(() => after('message_start'))
  expect(await pinging(outgoing(limits), going)).toMatchObject({ ends: 'hung', endedAt: 120_000 })
  const over = inProcess(() => after('message_stop'))
  expect(await over(outgoing(limits), going)).toMatchObject({ ends: 'hung', endedAt: 5_000 })
})

test('the gateway gets the request whole', async () => {
  const seen: unknown[] = []
  await inProcess(async (request) => {
    seen.push(request.method, new URL(request.url).search, request.headers.get('anthropic-beta'), await request.text())
    return json
  })(outgoing(), going)
  expect(seen).toEqual(['POST', '?beta=true', 'a', '{"é":1}'])
})

test('a run that was interrupted asks no more', async () => {
  const gateway = () => {
    throw new Error('nobody is to be asked')
  }
  expect(await inProcess(gateway)(outgoing(), AbortSignal.abort())).toMatchObject({
    kind: 'nothing',
    failure: 'interrupted',
  })
})

test('a gateway that throws is a mistake of ours', async () => {
  const gateway = () => {
    throw new Error('of ours')
  }
  await expect(inProcess(gateway)(outgoing(), going)).rejects.toThrow('of ours')
})
