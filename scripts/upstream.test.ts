import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, request as ask, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { defaultKey, defaultModel } from '../fixtures/gateways/reference/identity.ts'
import { createReference } from '../fixtures/gateways/reference/reference.ts'
import { serve } from '../fixtures/gateways/serve.ts'
import { typed } from './typed.ts'

/* The mock as upstream of a gateway under test: a real pass-through gateway in between, right and wrong about failures. */

/** What a gateway makes of an answer of its upstream. */
type Passes = (from: IncomingMessage, to: ServerResponse) => void

const right: Passes = (from, to) => {
  to.writeHead(from.statusCode ?? 502, from.headers)
  from.on('error', () => to.destroy())
  from.pipe(to)
}

/** Serves a gateway in front of the mock, which may answer for itself, and judges it by a target file that says so. */
async function judged(
  passes: Passes,
  answers: (to: ServerResponse) => boolean = () => false,
): Promise<{ code: number; out: string }> {
  const mock = await serve(createReference())
  const gateway = createServer((from, to) => {
    if (answers(to)) return
    const { method, url, headers } = from
    const onward = ask(mock.url + url, { method, headers }, (answer) => passes(answer, to))
    onward.on('error', () => to.destroy())
    from.pipe(onward)
  })
  await new Promise<void>((resolve) => gateway.listen(0, '127.0.0.1', resolve))
  const folder = mkdtempSync(join(tmpdir(), 'upstream-'))
  onTestFinished(async () => {
    gateway.close()
    gateway.closeAllConnections()
    await mock.close()
    rmSync(folder, { recursive: true })
  })
  const target = join(folder, 'target.json')
  const baseUrl = `http://127.0.0.1:${(gateway.address() as AddressInfo).port}`
  const entry = { name: 'mine', baseUrl, model: defaultModel, key: { env: 'MOCK_KEY' }, upstream: 'reference' }
  writeFileSync(target, JSON.stringify({ targets: [entry] }))
  return typed(['check', '--target', target], { MOCK_KEY: defaultKey })
}

test('a gateway that hands failures on keeps its promises', async () => {
  const { code, out } = await judged(right)
  expect(out).toMatch(/^upstream +✓{7} +7 hold$/m)
  expect(code).toBe(0)
})

type Watch = (from: IncomingMessage, failed: () => void) => unknown

/** Judges a gateway that refuses everything for a minute once its upstream has failed. */
async function sparing(watch: Watch): Promise<{ code: number; out: string; spares: boolean }> {
  let spares = false
  const ran = await judged(
    (from, to) => {
      watch(from, () => (spares = true))
      right(from, to)
    },
    (to) => {
      if (spares)
        to.writeHead(503, { 'content-type': 'application/json', 'retry-after': '61', 'request-id': 'req_own' }).end(
          cooling,
        )
      return spares
    },
  )
  return { ...ran, spares }
}

test.for<[after: string, watch: Watch]>([
  ['a 429', (from, failed) => from.statusCode === 429 && failed()],
  ['a 529', (from, failed) => from.statusCode === 529 && failed()],
  ['an error event', (from, failed) => from.on('data', (text) => String(text).includes('event: error') && failed())],
])('so does one that spares its upstream for a minute after %s', async ([, watch]) => {
  const { code, out, spares } = await sparing(watch)
  expect(out).toMatch(/^upstream +✓{7} +7 hold$/m)
  expect(out).not.toMatch(/✗|was not judged/)
  expect(spares).toBe(true)
  expect(code).toBe(0)
})

test('one that spares it from the first connection that broke is accused of nothing: the others are not shown', async () => {
  const { code, out, spares } = await sparing((from, failed) => from.on('error', failed))
  expect(spares).toBe(true)
  expect(out).not.toMatch(/✗/)
  expect(out).toMatch(
    /of upstream\/cut:stream, upstream\/error-event:stream the gateway was rate limited or overloaded/,
  )
  expect(code).toBe(2)
})

const cooling = JSON.stringify({
  type: 'error',
  error: { type: 'overloaded_error', message: 'No deployment left.' },
  request_id: 'req_own',
})

/** The body, or what came of it. */
function collected(from: IncomingMessage, whole: (body: string, broke: boolean) => void): void {
  let body = ''
  from.setEncoding('utf8')
  from.on('data', (text: string) => (body += text))
  from.on('end', () => whole(body, false))
  from.on('error', () => whole(body, true))
}

const cleanEnd =
  'event: content_block_stop\ndata: {"type":"content_block_stop","index":0}\n\nevent: message_delta\ndata: {"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},"usage":{"output_tokens":1}}\n\nevent: message_stop\ndata: {"type":"message_stop"}\n\n'

describe('a gateway', () => {
  test.for<[about: string, passes: Passes, broken: readonly string[]]>([
    [
      'that ends cleanly where its upstream broke off',
      (from, to) => {
        to.writeHead(from.statusCode ?? 502, { 'content-type': from.headers['content-type'] ?? '' })
        collected(from, (body, broke) => to.end(broke && body.startsWith('event:') ? body + cleanEnd : body))
      },
      ['MUST upstream/cut-shows'],
    ],
    [
      'that swallows error events',
      (from, to) => {
        if (!from.headers['content-type']?.startsWith('text/event-stream')) return right(from, to)
        to.writeHead(200, { 'content-type': 'text/event-stream' })
        collected(from, (body, broke) => {
          const at = body.indexOf('event: error')
          if (broke) to.destroy()
          else to.end(at < 0 ? body : body.slice(0, at) + cleanEnd)
        })
      },
      ['MUST upstream/error-event-shows'],
    ],
    [
      'that answers 400 where its upstream is overloaded',
      (from, to) => {
        if (from.statusCode !== 529) return right(from, to)
        to.writeHead(400, from.headers)
        from.pipe(to)
      },
      ['MUST errors/status-fits-type', 'MUST upstream/overload-retryable'],
    ],
    [
      'that drops retry-after',
      (from, to) => {
        delete from.headers['retry-after']
        right(from, to)
      },
      ['SHOULD upstream/retry-after-kept'],
    ],
  ])('%s is found out', async ([, passes, broken]) => {
    const { out } = await judged(passes)
    const found = [...out.matchAll(/✗ (MUST|SHOULD) ([\w/-]+)/g)].map(([, level, id]) => `${level} ${id}`)
    // Advice beside it is not what this is about: these gateways also lose headers, and time.
    expect(found.filter((one) => one.startsWith('MUST') || broken.includes(one))).toEqual(broken)
  })
})

test('where nothing is known of the upstream, it is left in peace', async () => {
  const { out } = await typed('check')
  expect(out).not.toContain('upstream/')
})
