import { once } from 'node:events'
import http, { type IncomingMessage, type ServerResponse } from 'node:http'
import https from 'node:https'
import net, { type AddressInfo, type Socket } from 'node:net'
import tls from 'node:tls'
import { gzipSync } from 'node:zlib'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { loopbackCertificate } from '../../../fixtures/gateways/loopback-certificate.ts'
import type { Misspoken } from './misspoken.ts'
import { pipe, type Pipe, type Piped, type PipeOptions } from './pipe.ts'

const cleanUps: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp()
})

async function listening(server: net.Server): Promise<number> {
  const open = new Set<Socket>()
  server.on('connection', (socket: Socket) => open.add(socket.on('error', () => {})))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  cleanUps.push(() => {
    server.close()
    for (const socket of open) socket.destroy()
  })
  return (server.address() as AddressInfo).port
}

/** Something that is waited for. */
function happening(): { readonly happened: Promise<void>; happens(): void } {
  let happens = (): void => {}
  const happened = new Promise<void>((resolve) => (happens = resolve))
  return { happened, happens }
}

type Answering = (request: IncomingMessage, response: ServerResponse) => void

interface Tapped extends Pipe {
  readonly ended: readonly Piped[]
  readonly misspoken: readonly Misspoken[]
  /** The exchange that ends next, counted from the first. */
  next(): Promise<Piped>
}

/** A pipe to a URL. */
async function pipeTo(upstream: string, options: Partial<PipeOptions> = {}): Promise<Tapped> {
  const ended: Piped[] = []
  const misspoken: Misspoken[] = []
  let told = 0
  let wake = (): void => {}
  const tap = await pipe({
    environment: {},
    ...options,
    upstream,
    ended: (piped) => {
      ended.push(piped)
      wake()
    },
    misspoke: (how) => misspoken.push(how),
  })
  cleanUps.push(() => tap.close())
  async function next(): Promise<Piped> {
    while (ended.length <= told) await new Promise<void>((resolve) => (wake = resolve))
    return ended[told++]!
  }
  return { ...tap, ended, misspoken, next }
}

/** A pipe to a server that answers so. */
async function before(answer: Answering, options: Partial<PipeOptions> = {}): Promise<Tapped> {
  return pipeTo(`http://127.0.0.1:${await listening(http.createServer(answer))}`, options)
}

function post(url: string, body: string | Buffer = '{}', headers: http.OutgoingHttpHeaders = {}): http.ClientRequest {
  const request = http.request(url, {
    method: 'POST',
    headers: { 'content-length': Buffer.byteLength(body), ...headers },
  })
  request.on('error', () => {})
  request.end(body)
  return request
}

async function answered(request: http.ClientRequest): Promise<IncomingMessage> {
  const [response] = (await once(request, 'response')) as [IncomingMessage]
  return response.on('error', () => {})
}

async function whole(stream: AsyncIterable<Buffer>): Promise<Buffer> {
  const parts: Buffer[] = []
  for await (const part of stream) parts.push(part)
  return Buffer.concat(parts)
}

async function said(request: http.ClientRequest): Promise<{ status: number; body: string }> {
  const response = await answered(request)
  return { status: response.statusCode ?? 0, body: (await whole(response)).toString() }
}

/** Bytes that come over a socket until it closes. */
async function overSocket(socket: net.Socket, words: string | Buffer): Promise<string> {
  let text = ''
  socket.on('error', () => {}).on('data', (bytes) => (text += bytes.toString('latin1')))
  socket.write(words)
  await once(socket, 'close')
  return text
}

describe('what goes through', () => {
  test('goes on before there is more of it, both ways', async () => {
    vi.useFakeTimers({ toFake: ['performance'] })
    cleanUps.push(() => vi.useRealTimers())
    // Each side waits for the other: nothing that gathers a body first gets to the end of this.
    const tap = await before(async (request, response) => {
      request.once('data', (bytes) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' })
        response.write(`heard ${bytes};`)
        request.once('data', (more) => response.end(`and ${more}`))
      })
    })
    const request = http.request(`${tap.url}/v1/messages`, { method: 'POST' })
    request.write('one')
    const response = await answered(request)
    expect(String((await once(response, 'data'))[0])).toBe('heard one;')
    vi.advanceTimersByTime(7)
    request.end('two')
    expect((await whole(response)).toString()).toBe('and two')
    const { came, body, method, path, whole: isWhole } = await tap.next()
    expect({ method, path, body: Buffer.from(body ?? []).toString(), isWhole }).toEqual({
      method: 'POST',
      path: '/v1/messages',
      body: 'onetwo',
      isWhole: true,
    })
    expect(came).toMatchObject({ kind: 'answer', status: 200, ends: 'complete' })
    expect(came.kind === 'answer' && Buffer.from(came.body).toString()).toBe('heard one;and two')
    expect(came.kind === 'answer' && came.chunks).toEqual([
      [0, 10],
      [7, 7],
    ])
  })

  test('with the time of each piece: that at which it may have come, where nobody was there to read it', async () => {
    vi.useFakeTimers({ toFake: ['performance'] })
    cleanUps.push(() => vi.useRealTimers())
    const ends: (() => void)[] = []
    const tap = await before((request, response) => {
      request.resume()
      response.write('one')
      ends.push(() => response.end('two'))
    })
    const response = await answered(post(tap.url))
    await once(response, 'data')
    vi.advanceTimersByTime(2000)
    for (const end of ends) end()
    await whole(response)
    expect((await tap.next()).came).toMatchObject({ chunks: [[0, 6]], endedAt: 2000 })
  })

  test('headers as they were written, but for those of one connection, the host, and encodings nobody here can read', async () => {
    let seen: readonly string[] = []
    const tap = await before((request, response) => {
      seen = request.rawHeaders
      const lines = ['Request-Id', 'r1', 'x-a', '1', 'x-a', '2', 'content-length', '2', 'connection', 'x-b', 'x-b', '3']
      response.writeHead(200, lines).end('{}')
    })
    const client = net.connect(tap.port, '127.0.0.1')
    const head = [
      'POST /v1/messages?beta=true HTTP/1.1',
      `host: 127.0.0.1:${tap.port}`,
      'X-Api-Key: the-key',
      'anthropic-beta: a',
      'anthropic-beta: b',
      'accept-encoding: gzip, deflate, br, zstd, *;q=0.1',
      'Connection: close, x-hop',
      'x-hop: 1',
      'content-length: 2',
    ]
    const text = await overSocket(client, `${head.join('\r\n')}\r\n\r\n{}`)
    expect(seen).toEqual([
      ...['host', expect.stringMatching(/^127\.0\.0\.1:\d+$/)],
      ...['X-Api-Key', 'the-key', 'anthropic-beta', 'a', 'anthropic-beta', 'b'],
      ...['accept-encoding', 'gzip, deflate, br', 'content-length', '2', 'Connection', 'keep-alive'],
    ])
    expect(seen[1]).not.toBe(`127.0.0.1:${tap.port}`)
    expect(text).toMatch(/^HTTP\/1\.1 200 OK\r\nRequest-Id: r1\r\nx-a: 1\r\nx-a: 2\r\ncontent-length: 2\r\n/)
    expect(text).not.toContain('x-b')
    const { headers, came } = await tap.next()
    expect(headers).toContainEqual(['X-Api-Key', 'the-key'])
    expect(headers).toContainEqual(['accept-encoding', 'gzip, deflate, br, zstd, *;q=0.1'])
    expect(came.kind === 'answer' && came.headers).toContainEqual(['x-b', '3'])
  })

  test('a request without a body with none, and its path as it was written', async () => {
    const seen: unknown[] = []
    const sockets = new Set<Socket>()
    const port = await listening(
      http.createServer(({ url, rawHeaders, socket }, response) => {
        sockets.add(socket)
        seen.push([url, rawHeaders.filter((_, index) => index % 2 === 0)])
        response.end('{}')
      }),
    )
    const tap = await pipeTo(`http://127.0.0.1:${port}/gw?v=1`)
    const paths = ["/v1/%2e%2e/models/a|b?after='x", '/v1/./models']
    for (const path of paths) {
      const words = `GET ${path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n`
      await overSocket(net.connect(tap.port, '127.0.0.1'), words)
    }
    const names = ['host', 'Connection']
    expect(seen).toEqual([
      ["/gw/v1/%2e%2e/models/a|b?v=1&after='x", names],
      ['/gw/v1/./models?v=1', names],
    ])
    expect(sockets.size).toBe(1)
  })

  test('an expectation that is not ours to meet', async () => {
    let expected: string | undefined
    const server = http.createServer().on('checkExpectation', (request: IncomingMessage, response: ServerResponse) => {
      expected = request.headers.expect
      response.writeHead(417).end('no')
    })
    const tap = await pipeTo(`http://127.0.0.1:${await listening(server)}`)
    expect(await said(post(`${tap.url}/v1/messages`, '{}', { expect: 'tea' }))).toEqual({ status: 417, body: 'no' })
    expect([expected, (await tap.next()).came]).toMatchObject(['tea', { kind: 'answer', status: 417 }])
  })

  test('packed bodies packed, redirects as they are, a path behind the Base URL', async () => {
    const packed = gzipSync('{"a":1}')
    const paths: string[] = []
    const port = await listening(
      http.createServer((request, response) => {
        paths.push(request.url ?? '')
        if (request.method === 'GET') response.writeHead(307, { location: '/elsewhere' }).end()
        else response.writeHead(200, { 'content-encoding': 'gzip' }).end(packed)
      }),
    )
    const tap = await pipeTo(`http://127.0.0.1:${port}/gw/?v=1`)
    const response = await answered(post(`${tap.url}//v1/messages?beta=true`))
    expect(await whole(response)).toEqual(packed)
    const moved = await answered(http.get(`${tap.url}/v1/models`))
    expect([moved.statusCode, moved.headers.location]).toEqual([307, '/elsewhere'])
    expect(paths).toEqual(['/gw//v1/messages?v=1&beta=true', '/gw/v1/models?v=1'])
  })

  test('over connections that are kept, on both sides', async () => {
    const sockets = new Set<Socket>()
    const tap = await before((request, response) => {
      sockets.add(request.socket)
      request.resume()
      request.on('end', () => response.end('{}'))
    })
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 })
    cleanUps.push(() => agent.destroy())
    const reused: boolean[] = []
    for (let count = 0; count < 3; count++) {
      const request = http.request(`${tap.url}/v1/messages`, { method: 'POST', agent })
      request.end('{}')
      await said(request)
      await tap.next()
      reused.push(request.reusedSocket)
    }
    expect(reused).toEqual([false, true, true])
    expect(sockets.size).toBe(1)
  })

  test('200 streams at once, none of them with a byte lost or of another', async () => {
    const tap = await before((request, response) => {
      const name = request.url?.slice(1)
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      let left = 20
      const say = (): void => {
        if (left-- > 0) response.write(`data: ${name} ${left}\n\n`, () => setTimeout(say, 1))
        else response.end()
      }
      say()
    })
    const names = Array.from({ length: 200 }, (_, index) => `s${index}`)
    const bodies = await Promise.all(names.map((name) => said(post(`${tap.url}/${name}`))))
    const expected = (name: string): string =>
      Array.from({ length: 20 }, (_, index) => `data: ${name} ${19 - index}\n\n`).join('')
    expect(bodies.map(({ body }) => body)).toEqual(names.map(expected))
    for (const _ of names) await tap.next()
    const kept = new Map(
      tap.ended.map(({ path, came }) => [path, came.kind === 'answer' && Buffer.from(came.body).toString()]),
    )
    expect(names.map((name) => kept.get(`/${name}`))).toEqual(names.map(expected))
  })
})

describe('what one side does, the other sees', () => {
  test('a client that hangs up in the middle of a stream', async () => {
    const upstreamClosed = happening()
    const tap = await before((_, response) => {
      response.on('close', () => upstreamClosed.happens())
      response.write('data: 1\n\n')
    })
    const request = post(`${tap.url}/v1/messages`)
    await once(await answered(request), 'data')
    request.destroy()
    await upstreamClosed.happened
    expect((await tap.next()).came).toMatchObject({ kind: 'answer', ends: 'hung-up' })
  })

  test('a client that hangs up before it got an answer, or while it still sends', async () => {
    const upstreamClosed = happening()
    const upstreamHeard = happening()
    const tap = await before((request) => {
      request.socket.on('close', () => upstreamClosed.happens())
      upstreamHeard.happens()
    })
    const request = http.request(`${tap.url}/v1/messages`, { method: 'POST', headers: { 'content-length': 10 } })
    request.on('error', () => {})
    request.write('half')
    await upstreamHeard.happened
    request.destroy()
    await upstreamClosed.happened
    expect((await tap.next()).came).toEqual({ kind: 'nothing', failure: 'interrupted', detail: 'the client hung up' })
  })

  test.each([
    ['after it had said how long it would be', { 'content-length': 100 }],
    ['in chunks', { 'transfer-encoding': 'chunked' }],
  ])('an upstream that breaks off, %s', async (_, headers) => {
    const tap = await before((_, response) => {
      response.writeHead(200, headers)
      response.write('half', () => response.destroy())
    })
    const response = await answered(post(`${tap.url}/v1/messages`))
    await expect(whole(response)).rejects.toThrow(/aborted/)
    expect((await tap.next()).came).toMatchObject({ kind: 'answer', ends: 'cut' })
  })

  test('an upstream that resets says 502 in the envelope, and so does one that is not there', async () => {
    const tap = await before((request) => request.socket.destroy())
    const { status, body } = await said(post(`${tap.url}/v1/messages`))
    expect([status, JSON.parse(body)]).toEqual([
      502,
      { type: 'error', error: { type: 'api_error', message: expect.stringMatching(/^The upstream did not answer: /) } },
    ])
    expect((await tap.next()).came).toMatchObject({ kind: 'nothing', failure: 'reset' })
    const gone = net.createServer()
    const port = await listening(gone)
    await new Promise((resolve) => gone.close(resolve))
    const free = await pipeTo(`http://127.0.0.1:${port}`)
    expect((await said(post(`${free.url}/v1/messages`))).status).toBe(502)
    expect((await free.next()).came).toMatchObject({ kind: 'nothing', failure: 'refused' })
  })

  test('a client that does not read: the upstream is not read either, and nothing gathers in between', async () => {
    const piece = Buffer.alloc(64 * 1024, 'x')
    const all = 1024
    let taken = 0
    const tap = await before(
      (_, response) => {
        const more = (): void => {
          while (taken < all) {
            taken++
            if (!response.write(piece)) return void response.once('drain', more)
          }
          response.end()
        }
        more()
      },
      { keeps: { each: 1024, all: 1024 } },
    )
    const response = await answered(post(`${tap.url}/v1/messages`))
    response.pause()
    for (let last = -1; last !== taken;) {
      last = taken
      await new Promise((resolve) => setTimeout(resolve, 300))
    }
    expect(taken).toBeLessThan(all / 2)
    const body = await whole(response)
    expect(body.length).toBe(all * piece.length)
    const { came, whole: isWhole } = await tap.next()
    expect([came.kind === 'answer' && came.ends, isWhole]).toEqual(['complete', false])
    expect(came.kind === 'answer' && came.body.length).toBeLessThanOrEqual(1024)
  })
})

describe('the way to the upstream', () => {
  const secure = (): Promise<number> =>
    listening(
      https.createServer(loopbackCertificate, (request, response) => {
        request.resume()
        request.on('end', () => response.end('secret'))
      }),
    )

  test('by TLS, whose certificate somebody has to vouch for', async () => {
    const port = await secure()
    const strict = await pipeTo(`https://127.0.0.1:${port}`)
    expect((await said(post(`${strict.url}/v1/messages`))).status).toBe(502)
    expect((await strict.next()).came).toMatchObject({ failure: 'certificate' })
    const lenient = await pipeTo(`https://127.0.0.1:${port}`, { allowSelfSigned: true })
    expect(await said(post(`${lenient.url}/v1/messages`))).toEqual({ status: 200, body: 'secret' })
  })

  test('through the proxy of the environment: by CONNECT to TLS, by the whole URL to the rest', async () => {
    const asked: string[] = []
    const proxy = http.createServer((request, response) => {
      asked.push(`${request.method} ${request.url} ${request.headers['proxy-authorization']}`)
      response.end('by proxy')
    })
    proxy.on('connect', (request: IncomingMessage, socket: Socket) => {
      asked.push(`CONNECT ${request.url} ${request.headers['proxy-authorization']}`)
      const port = Number(request.url?.split(':')[1])
      const far = net.connect(port, '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n')
        far.pipe(socket)
        socket.pipe(far)
      })
      far.on('error', () => socket.destroy())
      socket.on('error', () => far.destroy())
    })
    const address = `http://u:p@127.0.0.1:${await listening(proxy)}`
    const how = {
      environment: { HTTPS_PROXY: address, HTTP_PROXY: address },
      proxyLoopback: true,
      allowSelfSigned: true,
    }
    const port = await secure()
    const tunnelled = await pipeTo(`https://127.0.0.1:${port}`, how)
    expect(await said(post(`${tunnelled.url}/v1/messages`))).toEqual({ status: 200, body: 'secret' })
    const told = await pipeTo('http://gateway.example/gw', how)
    expect(await said(post(`${told.url}/v1/messages`))).toEqual({ status: 200, body: 'by proxy' })
    expect(asked).toEqual([
      `CONNECT 127.0.0.1:${port} Basic dTpw`,
      'POST http://gateway.example/gw/v1/messages Basic dTpw',
    ])
  })
})

describe('who may use it', () => {
  const echo: Answering = (_, response) => {
    response.setHeader('access-control-allow-origin', '*')
    response.end('{}')
  }

  test('is somebody on this machine who takes it as the Base URL; whoever else is told so, and so is who looks on', async () => {
    const told: string[] = []
    const tap = await before(echo, { turnedAway: (message) => told.push(message) })
    const raw = (line: string, host: string): Promise<string> =>
      overSocket(net.connect(tap.port, '127.0.0.1'), `${line} HTTP/1.1\r\nhost: ${host}\r\nconnection: close\r\n\r\n`)
    expect(await raw('GET /v1/models', 'localhost:1')).toMatch(/^HTTP\/1\.1 200 /)
    expect(await raw('GET /v1/models', 'evil.example')).toMatch(/^HTTP\/1\.1 403 [^]*permission_error/)
    expect(await raw('GET http://evil.example/', 'localhost')).toMatch(/^HTTP\/1\.1 400 [^]*is no proxy/)
    expect(await raw('CONNECT evil.example:443', 'evil.example:443')).toMatch(/^HTTP\/1\.1 400 [^]*is no proxy/)
    expect(told).toEqual(
      [/127\.0\.0\.1 and localhost/, /is no proxy/, /is no proxy/].map((says) => expect.stringMatching(says)),
    )
    expect(tap.ended.map(({ path }) => path)).toEqual(['/v1/models'])
  })

  test('is no page of an origin that was not named', async () => {
    const tap = await before(echo, { origins: new Set(['https://app.example']) })
    const asking = (method: string, origin: string): Promise<IncomingMessage> => {
      const headers = {
        origin,
        ...(method === 'OPTIONS' && {
          'access-control-request-method': 'POST',
          'access-control-request-headers': 'x-api-key',
        }),
      }
      return answered(http.request(`${tap.url}/v1/messages`, { method, headers }).end())
    }
    expect((await asking('OPTIONS', 'https://evil.example')).statusCode).toBe(403)
    const refused = await asking('POST', 'https://evil.example')
    expect([refused.statusCode, refused.headers['access-control-allow-origin']]).toEqual([403, undefined])
    const preflight = await asking('OPTIONS', 'https://app.example')
    expect([preflight.statusCode, preflight.headers['access-control-allow-headers']]).toEqual([204, 'x-api-key'])
    const allowed = await asking('POST', 'https://app.example')
    expect([allowed.statusCode, allowed.headers['access-control-allow-origin']]).toEqual([200, 'https://app.example'])
    expect((await tap.next()).method).toBe('POST')
    expect(tap.ended.length).toBe(1)
  })

  test('is whoever speaks HTTP/1.1; others are told so, as far as they understand it', async () => {
    const tap = await before(echo)
    const socket = tls.connect(tap.port, '127.0.0.1', { rejectUnauthorized: false })
    await new Promise((resolve) => socket.on('error', resolve))
    const http2 = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'
    expect(await overSocket(net.connect(tap.port, '127.0.0.1'), http2)).toMatch(
      /^HTTP\/1\.1 505 [^]*speaks HTTP\/1\.1 only/,
    )
    expect(await overSocket(net.connect(tap.port, '127.0.0.1'), 'what?\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 /)
    expect(tap.misspoken).toEqual(['tls', 'http2'])
    expect(tap.ended).toEqual([])
  })
})

describe('its end', () => {
  test('after so many exchanges nothing more is taken', async () => {
    const tap = await before((_, response) => response.end('{}'), { most: 2 })
    expect((await said(post(`${tap.url}/a`))).status).toBe(200)
    expect((await said(post(`${tap.url}/b`))).status).toBe(200)
    await tap.done
    const { status, body } = await said(post(`${tap.url}/c`))
    expect([status, body]).toEqual([503, expect.stringContaining('"api_error"')])
    expect(tap.ended.map(({ number, path }) => [number, path])).toEqual([
      [1, '/a'],
      [2, '/b'],
    ])
  })

  test('hangs up on both sides of what is under way, and has told of all of it', async () => {
    const upstreamClosed = happening()
    const tap = await before((_, response) => {
      response.on('close', () => upstreamClosed.happens())
      response.write('data: 1\n\n')
    })
    const response = await answered(post(`${tap.url}/v1/messages`))
    await once(response, 'data')
    const clientClosed = new Promise((resolve) => response.on('close', resolve))
    await tap.close()
    expect(tap.ended).toMatchObject([{ came: { kind: 'answer', ends: 'hung-up' } }])
    await Promise.all([upstreamClosed.happened, clientClosed])
  })

  test('a port that is taken rejects', async () => {
    const tap = await before((_, response) => response.end())
    await expect(pipeTo('http://127.0.0.1:1', { port: tap.port })).rejects.toThrow(/EADDRINUSE/)
  })
})

describe('a client that misbehaves', () => {
  const head = 'POST /v1/messages HTTP/1.1\r\nhost: localhost\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}\r\n'

  test('in the middle of an answer gets no other one in it', async () => {
    const tap = await before((request, response) => {
      request.on('error', () => {}).resume()
      response.write('data: 1\n\n')
    })
    const socket = net.connect(tap.port, '127.0.0.1')
    let text = ''
    socket
      .on('error', () => {})
      .on('data', (bytes) => {
        text += bytes.toString('latin1')
        if (text.endsWith('data: 1\n\n\r\n')) socket.write('no chunk\r\n')
      })
    socket.write(head)
    await once(socket, 'close')
    expect(text.match(/HTTP\/1\.1/g)).toHaveLength(1)
    expect((await tap.next()).came).toMatchObject({ kind: 'answer', ends: 'hung-up' })
  })

  test('before the answer is told so', async () => {
    const tap = await before((request) => void request.on('error', () => {}).resume())
    const text = await overSocket(net.connect(tap.port, '127.0.0.1'), `${head}no chunk\r\n`)
    expect(text).toMatch(/^HTTP\/1\.1 400 [^]*This is no HTTP request/)
    expect((await tap.next()).came).toMatchObject({ kind: 'nothing', failure: 'interrupted' })
  })

  test.each([
    ['larger headers than are taken', `GET / HTTP/1.1\r\nx: ${'x'.repeat(300_000)}\r\n\r\n`, 431, /more than 256 KiB/],
    ['no HTTP at all', 'what?\r\n\r\n', 400, /no HTTP request/],
    ['SOCKS', '\u0005\u0001\u0000', 400, /no HTTP request/],
    ['a request to nobody', 'GET /v1/models HTTP/1.1\r\nconnection: close\r\n\r\n', 400, /has no host header/],
    ['SSH', 'SSH-2.0-OpenSSH_9\r\n', 400, /no HTTP request/],
    [
      'two lengths',
      'GET / HTTP/1.1\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n',
      400,
      /no HTTP request/,
    ],
  ])('by %s is told what it was, and so is whoever looks on', async (_, words, status, sentence) => {
    const told: string[] = []
    const tap = await before((_, response) => response.end('{}'), { turnedAway: (message) => told.push(message) })
    const text = await overSocket(net.connect(tap.port, '127.0.0.1'), words)
    expect(text).toMatch(new RegExp(`^HTTP/1.1 ${status} [^]*"invalid_request_error"`))
    expect(text).toMatch(sentence)
    expect(told).toEqual([expect.stringMatching(sentence)])
  })

  test.each([
    ['larger headers', `GET / HTTP/1.1\r\nx: ${'x'.repeat(300_000)}`],
    ['no HTTP', 'what?\r\n\r\n'],
    ['a header without a name', 'GET / HTTP/1.1\r\nhost: x\r\n: bad\r\n\r\n'],
  ])('by %s, and goes on with them, is told once', async (_, words) => {
    const told: string[] = []
    const tap = await before((_, response) => response.end('{}'), { turnedAway: (message) => told.push(message) })
    const socket = net.connect({ port: tap.port, host: '127.0.0.1', allowHalfOpen: true })
    const more = 'x'.repeat(1_000)
    socket.on('error', () => {}).on('data', () => socket.write(more))
    socket.write(words)
    await once(socket, 'end')
    socket.write(more)
    socket.end(more)
    await once(socket, 'close')
    expect(told).toHaveLength(1)
  })

  test('by leaving in the middle of its headers, tells nobody anything', async () => {
    const told: string[] = []
    const tap = await before((_, response) => response.end('{}'), { turnedAway: (message) => told.push(message) })
    const socket = net.connect(tap.port, '127.0.0.1')
    socket.end('GET / HTTP/1.1\r\nhost: loc')
    await once(socket.resume(), 'close')
    expect([told, tap.ended]).toEqual([[], []])
  })

  test('by leaving with a second request still waiting for its turn: both are let go', async () => {
    let closed = 0
    const upstreamClosed = happening()
    const tap = await before((_, response) => {
      response.on('close', () => {
        if (++closed === 2) upstreamClosed.happens()
      })
      response.write('data: 1\n\n')
    })
    const socket = net.connect(tap.port, '127.0.0.1')
    socket
      .on('error', () => {})
      .write('GET /a HTTP/1.1\r\n\r\nGET /b HTTP/1.1\r\n\r\n'.replaceAll('1.1\r\n', '1.1\r\nhost: localhost\r\n'))
    await once(socket, 'data')
    socket.destroy()
    await upstreamClosed.happened
    const both = [await tap.next(), await tap.next()]
    expect(both.map(({ path, came }) => [path, came.kind === 'answer' && came.ends]).toSorted()).toEqual([
      ['/a', 'hung-up'],
      ['/b', 'hung-up'],
    ])
  })
})

describe('an upstream that answers before it has heard all', () => {
  test('and leaves: the client gets the answer, and is not kept waiting with the rest', async () => {
    const answerCame = happening()
    const tap = await pipeTo(
      `http://127.0.0.1:${await listening(
        net.createServer((socket) => {
          socket.once('data', () => {
            socket.pause()
            socket.write('HTTP/1.1 413 Too Large\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}')
            // Had it left earlier, what is written to it might fail before the answer is read.
            void answerCame.happened.then(() => socket.destroy())
          })
        }),
      )}`,
    )
    const body = Buffer.alloc(32 * 1024 * 1024, 'x')
    const socket = net.connect(tap.port, '127.0.0.1')
    let text = ''
    socket
      .on('error', () => {})
      .on('data', (bytes) => {
        text += bytes.toString('latin1')
        if (text.endsWith('{}')) answerCame.happens()
      })
    socket.write(`POST / HTTP/1.1\r\nhost: localhost\r\ncontent-length: ${body.length}\r\n\r\n`)
    // It reads nothing before it has said all, as many do.
    await new Promise((resolve) => socket.write(body, resolve))
    expect((await tap.next()).came).toMatchObject({ kind: 'answer', status: 413, ends: 'complete' })
    expect(text).toMatch(/^HTTP\/1\.1 413 [^]*\{\}$/)
  })
})
