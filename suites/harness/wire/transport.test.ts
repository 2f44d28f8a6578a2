import http from 'node:http'
import https from 'node:https'
import net, { type AddressInfo, type Socket } from 'node:net'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { loopbackCertificate } from '../../../fixtures/gateways/loopback-certificate.ts'
import type { Came, Outgoing } from './exchange.ts'
import { nextAnswer } from './next-answer.ts'
import { overHttp, type HttpOptions } from './transport.ts'
import { InputError } from './input-error.ts'
import { lastWord } from '../views/last-word.ts'

const cleanUps: (() => void)[] = []
afterEach(() => {
  vi.useRealTimers()
  for (const cleanUp of cleanUps.splice(0)) cleanUp()
})

async function listen<S extends net.Server>(server: S): Promise<{ server: S; port: number }> {
  const open = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    open.add(socket.on('error', () => {}).on('close', () => open.delete(socket)))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  cleanUps.push(() => {
    server.close()
    for (const socket of open) socket.destroy()
  })
  return { server, port: (server.address() as AddressInfo).port }
}

/** A server of bare bytes: each request, once its body is in, is answered by the next of the listed ways. */
async function answering(
  ...ways: ((socket: Socket, request: string) => void)[]
): Promise<{ url: string; requests: string[]; connections: () => number; open: () => readonly Promise<unknown>[] }> {
  const requests: string[] = []
  const closes: Promise<unknown>[] = []
  let connections = 0
  const { port } = await listen(
    net.createServer((socket) => {
      connections++
      closes.push(new Promise((resolve) => socket.on('close', resolve)))
      let read = ''
      socket.on('data', (bytes) => {
        read += bytes.toString('latin1')
        const head = read.indexOf('\r\n\r\n')
        const length = Number(/content-length: (\d+)/i.exec(read)?.[1] ?? 0)
        if (head === -1 || read.length < head + 4 + length) return
        requests.push(read)
        ways[Math.min(requests.length, ways.length) - 1]?.(socket, read)
        read = ''
      })
    }),
  )
  return { url: `http://127.0.0.1:${port}`, requests, connections: () => connections, open: () => closes }
}

const says =
  (...lines: string[]) =>
  (socket: Socket) =>
    socket.write(lines.join('\r\n'), 'latin1')

function outgoing(url: string, rest: Partial<Outgoing> = {}): Outgoing {
  const limits = { idleTimeout: 60_000, totalTimeout: 60_000, maxBytes: 1_000_000 }
  return {
    fixture: 'messages/hello',
    method: 'POST',
    url: new URL(url),
    headers: [['accept', 'application/json']],
    body: Buffer.from('{}'),
    ...limits,
    ...rest,
  }
}

function transport(options: HttpOptions = {}) {
  const send = overHttp({ environment: {}, ...options })
  cleanUps.push(send.close)
  return (url: string, rest: Partial<Outgoing> = {}, signal = new AbortController().signal) =>
    send(outgoing(url, rest), signal)
}

/** From here on time passes only where the test says so: limits are met by what hangs, and by nothing that is slow. */
function stopTime(): void {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
}

/** An answer without its times, its body as text; the chunks must add up to it. */
function seen(came: Came) {
  if (came.kind === 'nothing') return came
  const { status, headers, body, ends, chunks, endedAt } = came
  expect(chunks.reduce((sum, [, length]) => sum + length, 0)).toBe(body.length)
  const times = [0, ...chunks.map(([at]) => at), endedAt]
  expect(times).toEqual(times.toSorted((a, b) => Number(a) - Number(b)))
  return { status, headers, body: Buffer.from(body).toString('latin1'), ends }
}

describe('what goes out', () => {
  test('the headers as listed, host before and length behind them; path with query', async () => {
    const { url, requests } = await answering(says('HTTP/1.1 200 OK', 'content-length: 0', '', ''))
    await transport()(`${url}/gw/v1/messages?beta=true`, {
      headers: [
        ['X-Api-Key', 'k'],
        ['anthropic-beta', 'a'],
        ['anthropic-beta', 'b'],
      ],
      body: Buffer.from('{"é":1}'),
    })
    expect(requests).toEqual([
      [
        'POST /gw/v1/messages?beta=true HTTP/1.1',
        `host: ${new URL(url).host}`,
        'X-Api-Key: k',
        'anthropic-beta: a',
        'anthropic-beta: b',
        'content-length: 8',
        'Connection: keep-alive',
        '',
        Buffer.from('{"é":1}').toString('latin1'),
      ].join('\r\n'),
    ])
  })

  test('a GET without a body has no length', async () => {
    const { url, requests } = await answering(says('HTTP/1.1 200 OK', 'content-length: 0', '', ''))
    await transport()(`${url}/v1/models`, { method: 'GET', headers: [], body: null })
    expect(requests[0]).toBe(`GET /v1/models HTTP/1.1\r\nhost: ${new URL(url).host}\r\nConnection: keep-alive\r\n\r\n`)
  })
})

describe('what comes back is kept as it stands', () => {
  test('status, header order, case and repetitions', async () => {
    const { url } = await answering(
      says('HTTP/1.1 599 Odd', 'Request-ID: 1', 'content-length: 2', 'request-id: 2', 'X: é', '', 'hi'),
    )
    expect(seen(await transport()(url))).toEqual({
      status: 599,
      headers: [
        ['Request-ID', '1'],
        ['content-length', '2'],
        ['request-id', '2'],
        ['X', 'é'],
      ],
      body: 'hi',
      ends: 'complete',
    })
  })

  test('bytes before decoding', async () => {
    const { url } = await answering(
      says('HTTP/1.1 200 OK', 'content-encoding: gzip', 'content-length: 3', '', '\x1f\x8b\xff'),
    )
    expect(seen(await transport()(url))).toMatchObject({ body: '\x1f\x8b\xff', ends: 'complete' })
  })

  test('a redirect is an answer', async () => {
    const { url, requests } = await answering(
      says('HTTP/1.1 307 Moved', 'location: /other', 'content-length: 0', '', ''),
    )
    expect(seen(await transport()(url))).toMatchObject({
      status: 307,
      headers: [
        ['location', '/other'],
        ['content-length', '0'],
      ],
    })
    expect(requests).toHaveLength(1)
  })

  test('ten thousand headers', async () => {
    const many = Array.from({ length: 10_000 }, (_, index) => `x-header-${index}: ${index}`)
    const { url } = await answering(says('HTTP/1.1 200 OK', ...many, 'content-length: 0', '', ''))
    const came = seen(await transport()(url))
    expect(came).toMatchObject({ status: 200, ends: 'complete' })
    expect('headers' in came && came.headers).toHaveLength(10_001)
  })

  test.each([
    ['by its length', ['content-length: 5', '', 'hello']],
    ['by its chunks', ['transfer-encoding: chunked', '', '2', 'he', '3', 'llo', '0', '', '']],
    ['behind interim answers', ['content-length: 5', '', 'hello'], 'HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n'],
  ])('a body that ends %s', async (_, lines, before = '') => {
    const { url } = await answering(says(`${before}HTTP/1.1 200 OK`, ...lines))
    expect(seen(await transport()(url))).toMatchObject({ status: 200, body: 'hello', ends: 'complete' })
  })

  test('a body that ends with the connection', async () => {
    const { url } = await answering((socket) => socket.end('HTTP/1.1 200 OK\r\n\r\nhello'))
    expect(seen(await transport()(url))).toMatchObject({ body: 'hello', ends: 'complete' })
  })

  test.each([
    ['204', 'POST'],
    ['304', 'GET'],
    ['200', 'HEAD'],
  ])('%s to %s has no body', async (status, method) => {
    const { url } = await answering(
      says(`HTTP/1.1 ${status} x`, ...(method === 'HEAD' ? ['content-length: 5'] : []), '', ''),
    )
    expect(seen(await transport()(url, { method, body: null }))).toMatchObject({
      status: Number(status),
      body: '',
      ends: 'complete',
    })
  })

  test('pieces, each with its time', async () => {
    stopTime()
    const { url } = await answering(async (socket) => {
      const answer = nextAnswer()
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\nabc')
      await answer.read(3)
      vi.advanceTimersByTime(20)
      socket.write('def')
    })
    const came = await transport()(url)
    expect(seen(came)).toMatchObject({ body: 'abcdef', ends: 'complete' })
    const chunks = [
      [0, 3],
      [20, 3],
    ]
    expect(came).toMatchObject({ chunks, endedAt: 20 })
  })

  test('a piece that may have come while nobody was there to read it came then', async () => {
    stopTime()
    const { url } = await answering(async (socket) => {
      const answer = nextAnswer()
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\nabc')
      await answer.read(3)
      vi.advanceTimersByTime(2000)
      socket.write('def')
    })
    expect(await transport()(url)).toMatchObject({ chunks: [[0, 6]], endedAt: 2000 })
  })
})

describe('a body that does not end as it should', () => {
  const head = 'HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhello'

  test.each([
    ['a length longer than the body', (socket: Socket) => socket.end(head)],
    [
      'a reset',
      async (socket: Socket) => {
        const answer = nextAnswer()
        socket.write(head)
        await answer.read(5)
        socket.resetAndDestroy()
      },
    ],
    [
      'a missing last chunk',
      (socket: Socket) => socket.end('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n'),
    ],
    ['a broken chunk', says('HTTP/1.1 200 OK', 'transfer-encoding: chunked', '', '5', 'hello', 'zz', '')],
  ])('%s: cut', async (_, way) => {
    const { url } = await answering(way)
    expect(seen(await transport()(url))).toMatchObject({ status: 200, body: 'hello', ends: 'cut' })
  })

  test('a length shorter than the body: cut to it, and the next exchange is untouched', async () => {
    const { url } = await answering(
      says('HTTP/1.1 200 OK', 'content-length: 2', '', 'hello'),
      says('HTTP/1.1 200 OK', 'content-length: 3', '', 'bye'),
    )
    const send = transport()
    expect(seen(await send(url))).toMatchObject({ body: 'he', ends: 'complete' })
    expect(seen(await send(url))).toMatchObject({ body: 'bye', ends: 'complete' })
  })

  test('silence in the middle: hung', async () => {
    stopTime()
    const answer = nextAnswer()
    const { url } = await answering(says('HTTP/1.1 200 OK', 'content-length: 100', '', 'hello'))
    const came = transport()(url, { idleTimeout: 50 })
    await answer.read(5)
    vi.advanceTimersByTime(50)
    expect(seen(await came)).toMatchObject({ body: 'hello', ends: 'hung' })
  })

  /** Says one thing, and another time and again, ten milliseconds after the client has read it. */
  const trickles =
    (first: string, again: string, times = Infinity) =>
    async (socket: Socket) => {
      const answer = nextAnswer()
      socket.write(`HTTP/1.1 200 OK\r\n\r\n${first}`)
      let said = first.length
      for (let time = 0; time < times; time++) {
        await answer.read(said)
        vi.advanceTimersByTime(10)
        await new Promise(setImmediate)
        socket.write(again)
        said += again.length
      }
      socket.end()
    }
  const long = { idleTimeout: 100, totalTimeout: 3_600_000, listen: lastWord }

  test('pings without end behind the last word do not keep it from being given up', async () => {
    stopTime()
    const { url } = await answering(trickles('event: message_stop\ndata: {}\n\n', 'event: ping\ndata: {}\n\n'))
    expect(seen(await transport()(url, long))).toMatchObject({ ends: 'hung' })
  })

  test('nor pings without end where there was no word for long', async () => {
    stopTime()
    const { url } = await answering(trickles('event: message_start\ndata: {}\n\n', ': ping\n\n'))
    expect(seen(await transport()(url, long))).toMatchObject({ ends: 'hung' })
  })

  test('nor white space behind whole JSON', async () => {
    stopTime()
    const { url } = await answering(trickles('{"type":"message"}', ' \n'))
    expect(seen(await transport()(url, long))).toMatchObject({ ends: 'hung' })
  })

  test('words are waited for as long as they come', async () => {
    stopTime()
    const { url } = await answering(trickles('', 'event: word\n\n', 40))
    expect(seen(await transport()(url, long))).toMatchObject({
      ends: 'complete',
      body: 'event: word\n\n'.repeat(40),
    })
  })

  test('after many that were given up, the next is not given its whole time', async () => {
    stopTime()
    const { url } = await answering(trickles('.', '.'))
    const send = transport()
    for (let count = 0; count < 5; count++)
      expect(await send(url, { totalTimeout: 30 })).toMatchObject({ ends: 'hung', endedAt: 30 })
    expect(await send(url, { totalTimeout: 40_000 })).toMatchObject({ ends: 'hung', endedAt: 2_500 })
  })

  test('a trickle that never ends: hung', async () => {
    stopTime()
    const pings = ': ping\n\n'
    const { url } = await answering(async (socket) => {
      const answer = nextAnswer()
      socket.write('HTTP/1.1 200 OK\r\n\r\n')
      for (let said = 1; said <= 12; said++) {
        socket.write(pings)
        await answer.read(said * pings.length)
        vi.advanceTimersByTime(10)
      }
    })
    const came = seen(await transport()(url, { idleTimeout: 20, totalTimeout: 100 }))
    expect(came).toMatchObject({ ends: 'hung', body: pings.repeat(10) })
  })

  test('a flood: read up to the limit', async () => {
    const { url } = await answering((socket) => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n')
      const flood = () => {
        while (socket.writable && socket.write('x'.repeat(65_536)));
      }
      socket.on('drain', flood)
      flood()
    })
    const came = seen(await transport()(url, { maxBytes: 300_000 }))
    expect(came).toMatchObject({ ends: 'too-large', body: 'x'.repeat(300_000) })
  })

  test('exactly as much as the limit is no flood', async () => {
    const { url } = await answering(says('HTTP/1.1 200 OK', 'content-length: 5', '', 'hello'))
    expect(seen(await transport()(url, { maxBytes: 5 }))).toMatchObject({ ends: 'complete', body: 'hello' })
  })

  test('we hang up, on purpose, and the gateway notices', async () => {
    const way: { closed?: Promise<unknown> } = {}
    const { url } = await answering((socket) => {
      socket.write('HTTP/1.1 200 OK\r\n\r\nhello')
      way.closed = new Promise((resolve) => socket.on('close', resolve))
    })
    expect(seen(await transport()(url, { hangUpAfter: 3 }))).toMatchObject({ ends: 'hung-up', body: 'hel' })
    await way.closed
  })

  test('a body shorter than that is complete', async () => {
    const { url } = await answering(says('HTTP/1.1 200 OK', 'content-length: 5', '', 'hello'))
    expect(seen(await transport()(url, { hangUpAfter: 6 }))).toMatchObject({ ends: 'complete', body: 'hello' })
  })
})

describe('no answer', () => {
  test.each([
    ['reset', (socket: Socket) => socket.resetAndDestroy()],
    ['reset', (socket: Socket) => socket.end()],
    ['not-http', says('SSH-2.0-OpenSSH_9.9', '')],
    ['not-http', says('HTTP/1.1 200 OK', `x: ${'x'.repeat(1_100_000)}`, '', '')],
  ] as const)('%s', async (failure, way) => {
    const { url } = await answering(way)
    expect(await transport()(url)).toEqual({ kind: 'nothing', failure, detail: expect.stringMatching(/\S/) })
  })

  test.each([
    ['silence', () => {}],
    ['half a head', says('HTTP/1.1 200 OK', 'x: 1')],
  ])('timeout: %s', async (_, way) => {
    stopTime()
    const { url } = await answering((socket) => {
      way(socket)
      vi.advanceTimersByTime(100)
    })
    expect(await transport()(url, { idleTimeout: 100 })).toEqual({
      kind: 'nothing',
      failure: 'timeout',
      detail: 'no byte for 0.1 s',
    })
  })

  test('refused', async () => {
    const { server, port } = await listen(net.createServer())
    await new Promise((resolve) => server.close(resolve))
    expect(await transport()(`http://127.0.0.1:${port}`)).toEqual({
      kind: 'nothing',
      failure: 'refused',
      detail: `connect ECONNREFUSED 127.0.0.1:${port}`,
    })
  })

  test('unresolved: a label longer than any resolver takes', async () => {
    expect(await transport()(`http://${'x'.repeat(64)}.invalid`)).toMatchObject({
      kind: 'nothing',
      failure: 'unresolved',
    })
  })

  test('interrupted before, while it waits, and in the middle of a body', async () => {
    const abort = new AbortController()
    const { url } = await answering(
      () => abort.abort(),
      async (socket) => {
        const answer = nextAnswer()
        socket.write('HTTP/1.1 200 OK\r\n\r\nhello')
        await answer.read(5)
        again.abort()
      },
    )
    const again = new AbortController()
    const send = transport()
    const interrupted = { kind: 'nothing', failure: 'interrupted', detail: 'the run was interrupted' }
    expect(await send(url, {}, AbortSignal.abort())).toEqual(interrupted)
    expect(await send(url, {}, abort.signal)).toEqual(interrupted)
    expect(await send(url, {}, again.signal)).toEqual(interrupted)
  })
})

describe('connections', () => {
  const ok = says('HTTP/1.1 200 OK', 'content-length: 2', '', 'ok')

  /** A transport whose connections have been at rest for as long as a test says. */
  function timed() {
    let time = 0
    return { send: transport({ now: () => time }), passes: (milliseconds: number) => (time += milliseconds) }
  }

  /** So that the next exchange is on a connection that was used before: the first one has stayed open long enough. */
  async function untilOneServesAgain(url: string, { send, passes }: ReturnType<typeof timed>): Promise<void> {
    await send(url)
    passes(60_000)
    await send(url)
  }

  test('each is a new one at first; once one has stayed open, the others are used again', async () => {
    const { url, connections } = await answering(ok)
    const one = timed()
    await untilOneServesAgain(url, one)
    expect(connections()).toBe(2)
    for (let count = 0; count < 5; count++) expect(seen(await one.send(url))).toMatchObject({ body: 'ok' })
    expect(connections()).toBe(2)
  })

  test.each([
    ['resets', (socket: Socket) => socket.resetAndDestroy()],
    ['closes', (socket: Socket) => socket.end()],
  ])('one that %s when it is asked again: that is what came, nothing is sent twice', async (_, way) => {
    const { url, connections, requests } = await answering(ok, ok, way, ok)
    const one = timed()
    await untilOneServesAgain(url, one)
    expect(await one.send(url)).toEqual({
      kind: 'nothing',
      failure: 'reset',
      detail: expect.stringMatching(/\S/),
      reused: true,
    })
    expect(requests).toHaveLength(3)
    for (let count = 0; count < 3; count++) expect(seen(await one.send(url))).toMatchObject({ body: 'ok' })
    expect(requests).toHaveLength(6)
    expect(connections()).toBe(5)
  })

  test.each([
    ['at once', (socket: Socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok')],
    [
      'a little later',
      (socket: Socket) => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok', () => socket.end()),
    ],
  ])('those that are closed behind their answer %s, without a word, cost no request', async (_, way) => {
    const { url, connections, requests } = await answering(way)
    const one = timed()
    for (let count = 0; count < 5; count++) {
      expect(seen(await one.send(url))).toMatchObject({ body: 'ok' })
      one.passes(60_000)
    }
    expect([requests.length, connections()]).toEqual([5, 5])
  })

  test('one that the gateway asked to close is not used again', async () => {
    const { url, connections } = await answering(
      says('HTTP/1.1 200 OK', 'connection: close', 'content-length: 0', '', ''),
    )
    const one = timed()
    await untilOneServesAgain(url, one)
    await one.send(url)
    expect(connections()).toBe(3)
  })

  test('one that was given up is not used again', async () => {
    const { url, connections } = await answering(ok, ok, says('HTTP/1.1 200 OK', 'content-length: 9', '', 'o'), ok)
    const one = timed()
    await untilOneServesAgain(url, one)
    stopTime()
    const answer = nextAnswer()
    const came = one.send(url, { idleTimeout: 50 })
    await answer.read(1)
    vi.advanceTimersByTime(50)
    expect(seen(await came)).toMatchObject({ ends: 'hung' })
    await one.send(url)
    expect(connections()).toBe(3)
  })

  test('all are closed with the transport', async () => {
    const { url, open } = await answering(ok)
    const send = overHttp({ environment: {} })
    for (let count = 0; count < 3; count++) await send(outgoing(url), new AbortController().signal)
    send.close()
    expect(await Promise.all(open())).toHaveLength(3)
  })
})

async function secure(): Promise<string> {
  const { port } = await listen(
    https.createServer(loopbackCertificate, (request, response) => response.end(`secure ${request.url}`)),
  )
  return `https://127.0.0.1:${port}/v1/messages?beta=true`
}

describe('TLS', () => {
  test('a certificate nobody vouches for is refused, unless that is allowed', async () => {
    const url = await secure()
    expect(await transport()(url)).toMatchObject({ kind: 'nothing', failure: 'certificate' })
    expect(seen(await transport({ allowSelfSigned: true })(url))).toMatchObject({
      body: 'secure /v1/messages?beta=true',
    })
  })

  test('a port that speaks plain HTTP is none for https', async () => {
    const { port } = await listen(http.createServer((_, response) => response.end()))
    expect(await transport()(`https://127.0.0.1:${port}`)).toMatchObject({ kind: 'nothing', failure: 'not-http' })
  })
})

describe('a proxy', () => {
  const byProxy = says('HTTP/1.1 200 OK', 'content-length: 8', '', 'by proxy')

  /** Notes what it is asked for; lets CONNECT through to where it leads, answers the rest itself. */
  async function proxying({
    connect = 200,
    answer = byProxy,
  }: { connect?: number; answer?: (socket: Socket) => void } = {}): Promise<{ proxy: string; asked: string[] }> {
    const asked: string[] = []
    const server = http.createServer((request) => {
      asked.push(`${request.method} ${request.url} ${request.headers.host} ${request.headers['proxy-authorization']}`)
      answer(request.socket)
    })
    server.on('connect', (request, socket: Socket) => {
      asked.push(`${request.method} ${request.url} ${request.headers['proxy-authorization']}`)
      if (connect < 200 || connect > 299) {
        socket.end(`HTTP/1.1 ${connect} No\r\n\r\n`)
        return
      }
      const { hostname, port } = new URL(`http://${request.url}`)
      const through = net.connect(Number(port), hostname.replace(/^\[|\]$/g, ''), () => {
        socket.write(`HTTP/1.1 ${connect} OK\r\n\r\n`)
        through.pipe(socket).pipe(through)
      })
      cleanUps.push(() => through.destroy())
      through.on('error', () => socket.destroy())
    })
    const { port } = await listen(server)
    return { proxy: `http://me:pass@127.0.0.1:${port}`, asked }
  }
  const authorization = `Basic ${Buffer.from('me:pass').toString('base64')}`

  /** The proxy refused, or was not there; the gateway said nothing. */
  const ofTheProxy = (proxy: string, did: string | RegExp) => ({
    kind: 'nothing',
    failure: 'proxy',
    detail: expect.stringMatching(
      new RegExp(`^the proxy ${new URL(proxy).host} ${typeof did === 'string' ? `${did}$` : did.source}`),
    ),
  })

  test('for http gets the whole URL', async () => {
    const { proxy, asked } = await proxying()
    const send = transport({ environment: { HTTP_PROXY: proxy } })
    expect(seen(await send('http://gateway.invalid/v1/messages?beta=true'))).toMatchObject({ body: 'by proxy' })
    expect(asked).toEqual([`POST http://gateway.invalid/v1/messages?beta=true gateway.invalid ${authorization}`])
  })

  test.each([200, 204, 299])('for https is a tunnel, which any 2xx opens: %s', async (connect) => {
    const { proxy, asked } = await proxying({ connect })
    const url = await secure()
    const send = transport({ environment: { HTTPS_PROXY: proxy }, proxyLoopback: true, allowSelfSigned: true })
    expect(seen(await send(url))).toMatchObject({ body: 'secure /v1/messages?beta=true' })
    expect(asked).toEqual([`CONNECT ${new URL(url).host} ${authorization}`])
  })

  test('for https is a tunnel, used again', async () => {
    const { proxy, asked } = await proxying()
    const url = await secure()
    let time = 0
    const send = transport({
      environment: { HTTPS_PROXY: proxy },
      proxyLoopback: true,
      allowSelfSigned: true,
      now: () => time,
    })
    for (let count = 0; count < 5; count++, time += count === 1 ? 60_000 : 0)
      expect(seen(await send(url))).toMatchObject({ body: 'secure /v1/messages?beta=true' })
    expect(asked).toHaveLength(2)
  })

  test('for https at an address of IPv6 is asked for it in brackets', async () => {
    const { proxy, asked } = await proxying({ connect: 403 })
    await transport({ environment: { HTTPS_PROXY: proxy } })('https://[2001:db8::7]:8443')
    expect(asked).toEqual([`CONNECT [2001:db8::7]:8443 ${authorization}`])
  })

  test('for https does not make a bad certificate good', async () => {
    const { proxy } = await proxying()
    const send = transport({ environment: { HTTPS_PROXY: proxy }, proxyLoopback: true })
    expect(await send(await secure())).toMatchObject({ kind: 'nothing', failure: 'certificate' })
  })

  test.each([407, 403, 502])('that refuses the tunnel with %s says so, without its password', async (connect) => {
    const { proxy } = await proxying({ connect })
    const came = await transport({ environment: { HTTPS_PROXY: proxy } })('https://gateway.invalid')
    expect(came).toEqual(ofTheProxy(proxy, `answered ${connect} to CONNECT`))
  })

  test.each(['https://gateway.invalid', 'http://gateway.invalid'])(
    'that is not there is not the gateway: %s',
    async (url) => {
      const { server, port } = await listen(net.createServer())
      await new Promise((resolve) => server.close(resolve))
      const proxy = `http://me:pass@127.0.0.1:${port}`
      const came = await transport({ environment: { HTTPS_PROXY: proxy, HTTP_PROXY: proxy } })(url)
      expect(came).toEqual(ofTheProxy(proxy, /did not answer: connect ECONNREFUSED/))
    },
  )

  test('with a host name that does not resolve is not the gateway', async () => {
    const proxy = `http://${'x'.repeat(64)}.invalid`
    const came = await transport({ environment: { HTTPS_PROXY: proxy } })('https://gateway.invalid')
    expect(came).toEqual(ofTheProxy(proxy, /did not answer: /))
  })

  test.each([
    ['407', ['HTTP/1.1 407 Proxy Authentication Required', 'proxy-authenticate: Basic realm="x"']],
    ['503', ['HTTP/1.1 503 Service Unavailable', 'Via: 1.1 cache (squid/6.6)', 'content-type: text/html']],
    ['403', ['HTTP/1.1 403 Forbidden', 'X-Squid-Error: ERR_ACCESS_DENIED 0']],
  ])('that answers a request itself with %s is not the gateway', async (status, head) => {
    const { proxy } = await proxying({ answer: says(...head, 'content-length: 2', '', 'no') })
    const came = await transport({ environment: { HTTP_PROXY: proxy } })('http://gateway.invalid')
    expect(came).toEqual(ofTheProxy(proxy, `answered ${status}`))
  })

  test('that hands on what the gateway failed with, hands on an answer', async () => {
    const { proxy } = await proxying({
      answer: says(
        'HTTP/1.1 502 Bad Gateway',
        'Via: 1.1 cache (squid/6.6)',
        'content-type: application/json',
        'content-length: 2',
        '',
        '{}',
      ),
    })
    const send = transport({ environment: { HTTP_PROXY: proxy } })
    expect(seen(await send('http://gateway.invalid'))).toMatchObject({ status: 502, body: '{}' })
  })

  test('that closes the connection is not the gateway', async () => {
    const { proxy } = await proxying({ answer: (socket) => socket.destroy() })
    const came = await transport({ environment: { HTTP_PROXY: proxy } })('http://gateway.invalid')
    expect(came).toEqual(ofTheProxy(proxy, /did not answer: /))
  })

  test('that never answers is given up in time', async () => {
    const { port } = await listen(net.createServer())
    const send = transport({ environment: { HTTPS_PROXY: `http://127.0.0.1:${port}` } })
    expect(await send('https://gateway.invalid', { idleTimeout: 50 })).toMatchObject({
      kind: 'nothing',
      failure: 'timeout',
    })
  })

  test('is left alone for loopback', async () => {
    const { proxy, asked } = await proxying()
    const { url } = await answering(says('HTTP/1.1 200 OK', 'content-length: 2', '', 'ok'))
    expect(seen(await transport({ environment: { HTTP_PROXY: proxy } })(url))).toMatchObject({ body: 'ok' })
    expect(asked).toEqual([])
  })

  test('that cannot be used is a sentence before anything is sent', async () => {
    const { url, requests } = await answering(says('HTTP/1.1 200 OK', 'content-length: 0', '', ''))
    const send = transport({ environment: { HTTP_PROXY: 'socks5://127.0.0.1:1' }, proxyLoopback: true })
    await expect(send(url)).rejects.toThrow(InputError)
    expect(requests).toEqual([])
  })
})
