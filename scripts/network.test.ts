import { spawn } from 'node:child_process'
import { existsSync, writeFileSync } from 'node:fs'
import http from 'node:http'
import net, { type AddressInfo, type Server, type Socket } from 'node:net'
import { join } from 'node:path'
import { createServer as createTlsServer } from 'node:tls'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import { describe, expect, onTestFinished, test } from 'vitest'
import { toBytes, type Gateway } from '../fixtures/gateways/answer.ts'
import { loopbackCertificate } from '../fixtures/gateways/loopback-certificate.ts'
import { defaultKey, defaultModel } from '../fixtures/gateways/reference/identity.ts'
import { createReference } from '../fixtures/gateways/reference/reference.ts'
import { serve } from '../fixtures/gateways/serve.ts'
import { scratch } from '../suites/self/scratch.ts'
import { typed, type Ran } from './typed.ts'

/* The network between a run and its gateway as people have it: addresses, certificates, proxies, compression. */

const key = { GATEWAY_API_KEY: defaultKey }
const green = 'This gateway keeps the promises of sdk'

async function serving(gateway: Gateway, host = '127.0.0.1'): Promise<{ url: string; port: number }> {
  const server = await serve(gateway, { host })
  onTestFinished(() => server.close())
  return server
}

async function listening(server: Server): Promise<number> {
  const open = new Set<Socket>()
  server.on('connection', (socket: Socket) => open.add(socket.on('error', () => {})))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    for (const socket of open) socket.destroy()
    server.close()
  })
  return (server.address() as AddressInfo).port
}

/** In front of the reference: TLS with a certificate that nobody vouches for. */
async function secured(): Promise<number> {
  const { port } = await serving(createReference())
  const server = createTlsServer(loopbackCertificate, (socket) => {
    const through = net.connect(port, '127.0.0.1')
    socket.on('error', () => through.destroy())
    through.on('error', () => socket.destroy())
    socket.pipe(through).pipe(socket)
  })
  return listening(server)
}

const main = fileURLToPath(new URL('main.ts', import.meta.url))

/** A run of its own: certificates and proxies are read from the environment of the process. */
async function ran(words: readonly string[], environment: Record<string, string>): Promise<Ran> {
  const child = spawn(process.execPath, ['--import', 'tsx', main, 'check', '--model', defaultModel, ...words], {
    env: { PATH: process.env['PATH'] ?? '', ...key, ...environment },
  })
  let out = ''
  let err = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text))
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve))
  return { code: code ?? -1, out, err }
}

describe('a Base URL', () => {
  test.for([
    ['127.0.0.1', '', ''],
    ['127.0.0.1', '/some/path', ''],
    ['127.0.0.1', '/some/path/', '?tenant=7&region=eu'],
    ['::1', '', ''],
    ['::1', '/path', '?tenant=7'],
  ] as const)('on %s with path %s and query %s', async ([host, path, query]) => {
    const reference = createReference()
    const elsewhere: string[] = []
    const { url } = await serving((request) => {
      const at = new URL(request.url)
      const here = at.pathname.startsWith(`${path.replace(/\/$/, '')}/v1/`) && at.search.startsWith(query)
      if (!here) elsewhere.push(at.href)
      return reference(request)
    }, host)
    const { code, out } = await typed(['check', '--base-url', url + path + query, '--model', defaultModel], key)
    expect(elsewhere).toEqual([])
    expect(out).toContain(green)
    expect(code).toBe(0)
  })

  test('with a credential in its query is refused, and not shown', async () => {
    const { code, err } = await typed('check --base-url https://gateway.example/?api-key=s3cr3t-s3cr3t --model m', key)
    expect(code).toBe(2)
    expect(err).toContain('--key-env')
    expect(err).not.toContain('s3cr3t')
  })
})

describe('answers compressed with', () => {
  test.for([
    ['gzip', gzipSync],
    ['br', brotliCompressSync],
    ['deflate', deflateSync],
  ] as const)('%s are read', async ([name, pack]) => {
    const reference = createReference()
    const { url } = await serving(async (request) => {
      const { status, headers, pieces } = toBytes(await reference(request))
      const plain = Buffer.concat(pieces.map(({ bytes }) => bytes))
      return {
        status,
        headers: [
          ...headers.filter(([header]) => header.toLowerCase() !== 'content-length'),
          ['content-encoding', name],
        ],
        body: { raw: request.method === 'HEAD' ? '' : pack(plain) },
      }
    })
    const { code, out } = await typed(`check --base-url ${url} --model ${defaultModel}`, key)
    expect(out).toContain(green)
    expect(code).toBe(0)
  })
})

describe('a certificate that nobody vouches for', () => {
  test('ends the run, which names it', async () => {
    const { code, out } = await typed(`check --base-url https://127.0.0.1:${await secured()} --model m`, key)
    expect(code).toBe(2)
    expect(out).toMatch(/certificate/)
    expect(out).toContain('NODE_EXTRA_CA_CERTS')
  })

  test('is accepted where that is said', async () => {
    const line = `check --base-url https://127.0.0.1:${await secured()} --model ${defaultModel} --allow-self-signed`
    const { code, out } = await typed(line, key)
    expect(out).toContain(green)
    expect(code).toBe(0)
  })

  test('is accepted where NODE_EXTRA_CA_CERTS vouches for it', async () => {
    const folder = scratch()
    const file = join(folder, 'ca.pem')
    writeFileSync(file, loopbackCertificate.cert)
    const { code, out } = await ran(['--base-url', `https://127.0.0.1:${await secured()}`], {
      NODE_EXTRA_CA_CERTS: file,
    })
    expect(out).toContain(green)
    expect(code).toBe(0)
  })
})

describe('HTTPS_PROXY', () => {
  /** A proxy that leads every tunnel to one port, and notes what it was asked for. */
  async function tunnelling(to: number): Promise<{ proxy: string; asked: Set<string> }> {
    const asked = new Set<string>()
    const server = http.createServer()
    server.on('connect', (request, socket: Socket) => {
      asked.add(String(request.url))
      const through = net.connect(to, '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n')
        through.pipe(socket).pipe(through)
      })
      through.on('error', () => socket.destroy())
      socket.on('error', () => through.destroy())
    })
    return { proxy: `http://127.0.0.1:${await listening(server)}`, asked }
  }
  const words = ['--base-url', 'https://gateway.invalid/path', '--allow-self-signed']

  test('leads to a gateway that is not reached otherwise', async () => {
    const { proxy, asked } = await tunnelling(await secured())
    const { code, out } = await ran(words, { HTTPS_PROXY: proxy })
    expect(out).toContain(green)
    expect(code).toBe(0)
    expect([...asked]).toEqual(['gateway.invalid:443'])
  })

  test('is left alone for what NO_PROXY names', async () => {
    const { proxy, asked } = await tunnelling(await secured())
    const { code, out } = await ran(words, { HTTPS_PROXY: proxy, NO_PROXY: 'gateway.invalid' })
    expect(code).toBe(2)
    expect(out).toContain('gateway.invalid')
    expect(asked.size).toBe(0)
  })

  test.for(['other.example 10.0.0.0/8 gateway.invalid', '.invalid', '*'])(
    'is left alone for what NO_PROXY names as %s',
    async (list) => {
      const { proxy, asked } = await tunnelling(await secured())
      const { code } = await ran(words, { HTTPS_PROXY: proxy, NO_PROXY: list })
      expect(code).toBe(2)
      expect(asked.size).toBe(0)
    },
  )

  test('that refuses is not the gateway, and its password is nowhere', async () => {
    const server = http.createServer()
    server.on('connect', (_, socket: Socket) => socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n'))
    const port = await listening(server)
    const { code, out, err } = await ran(words, { HTTPS_PROXY: `http://me:s3cr3t-word@127.0.0.1:${port}` })
    expect(code).toBe(2)
    expect(out.replaceAll(/\s+/g, ' ')).toContain(
      `was not reached through the proxy that HTTPS_PROXY, HTTP_PROXY or ALL_PROXY names; NO_PROXY excepts a gateway from it (the proxy 127.0.0.1:${port} answered 407 to CONNECT)`,
    )
    expect(out).not.toContain('refused the connection')
    expect(out + err).not.toContain('s3cr3t')
  })

  test.for([
    ['ALL_PROXY', 'socks5://me:s3cr3t-word@127.0.0.1:1080'],
    ['https_proxy', 'http://me:s3cr3t-word%@127.0.0.1:1080'],
    ['HTTPS_PROXY', 'http://me:s3cr3t-word@127.0.0.1:99999'],
    ['HTTPS_PROXY', 'http://s3cr3t-word@127.0.0.1:1080'],
  ] as const)(
    'that names no proxy is one sentence with its name, before anything is written or sent: %s',
    async ([variable, value]) => {
      const out = join(scratch(), 'out')
      const line = ['check', '--base-url', 'https://gateway.invalid', '--model', 'm', '--out', out]
      const ran = await typed(line, { ...key, [variable]: value })
      expect(ran.code).toBe(2)
      expect(ran.out).toBe('')
      expect(ran.err.trim().split('\n')).toHaveLength(1)
      expect(ran.err).toContain(variable)
      expect(ran.err).not.toMatch(/s3cr3t|127\.0\.0\.1/)
      expect(existsSync(out)).toBe(false)
    },
  )
})
