import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, onTestFinished, test } from 'vitest'
import { defaultKey, defaultModel } from '../../fixtures/gateways/reference/identity.ts'
import { createReference } from '../../fixtures/gateways/reference/reference.ts'
import type { Message, Report } from '../../schemas/types.ts'
import { validateReport } from '../../schemas/validators.js'
import { readTape } from '../../suites/harness/tape/tape.ts'
import { scratch, serving } from '../../suites/self/scratch.ts'
import { freePort } from '../free-port.ts'
import { faultNamed } from '../named-gateways.ts'
import { outFiles } from '../report/files.ts'
import { typed, type Ran } from '../typed.ts'

/** Asks until somebody listens there. */
async function ask(port: number, body: object = {}, headers: Record<string, string> = {}): Promise<Response> {
  const asked = { model: defaultModel, max_tokens: 50, messages: [{ role: 'user', content: 'Say hello.' }], ...body }
  for (;;) {
    try {
      return await fetch(`http://127.0.0.1:${port}/v1/messages`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${defaultKey}`,
          'anthropic-version': '2023-06-01',
          'content-type': 'application/json',
          'user-agent': 'claude-cli/2.1 (external)',
          'x-app': 'cli',
          'x-claude-code-session-id': 'a-session-of-somebody',
          ...headers,
        },
        body: JSON.stringify(asked),
      })
    } catch (error) {
      if (!String(error instanceof Error && error.cause).includes('ECONNREFUSED')) throw error
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }
}

/** Taps a gateway for the requests that `client` sends to the port it is given. */
async function tapping(
  upstream: string,
  requests: number,
  client: (port: number) => Promise<void>,
  more: readonly string[] = [],
): Promise<Ran> {
  const port = await freePort()
  const line = ['tap', '--upstream', upstream, '--port', String(port), '--requests', String(requests), ...more]
  const ran = typed(line)
  await client(port)
  return ran
}

const bodiesOf = async (port: number): Promise<void> => {
  expect(((await (await ask(port)).json()) as Message).content).toEqual([{ type: 'text', text: 'hello' }])
  expect(await (await ask(port, { stream: true })).text()).toContain('message_stop')
}

describe('a gateway that is right', () => {
  test('is judged exchange by exchange, in a thread of its own, and in the reports of a check', async () => {
    const out = join(scratch(), 'tapped')
    const { code, out: said, err } = await tapping(await serving(), 2, bodiesOf, ['--out', out])
    expect([code, err]).toEqual([0, ''])
    expect(said).toMatch(/^http:\/\/127\.0\.0\.1:\d+\nupstream {2}http/)
    expect(said).toMatch(/^tap\/1 +claude-cli\/2\.1 {2}POST \/v1\/messages {2}200 {2}\d+\.\d s {2}✓ \d+ hold$/m)
    expect(said).toMatch(/^tap\/2 +claude-cli\/2\.1 {2}POST \/v1\/messages \(stream\) {2}200 .* ✓ \d+ hold$/m)
    expect(said).toMatch(/^ {2}claude-cli\/2\.1 \(cli\): 2 exchanges in 1 session, 2 judged, none broken$/m)
    expect(said).toMatch(/none broken: a partial look\.\n$/)
    const report = JSON.parse(readFileSync(join(out, 'report.json'), 'utf8')) as Report
    expect(validateReport(report)).toBe(true)
    expect(report).toMatchObject({ ending: 'recorded', complete: true, target: { model: defaultModel } })
    expect(report.tapped).toMatchObject([{ client: 'claude-cli/2.1', app: 'cli', exchanges: 2, judged: 2, breaks: [] }])
    for (const file of ['summary.md', 'report.html'])
      expect(readFileSync(join(out, file), 'utf8')).toContain('claude-cli/2.1')
  })

  test('leaves files that only their owner reads, without credentials and without what was said', async () => {
    const out = scratch()
    // What an earlier run left for anybody to read.
    for (const file of ['tape.jsonl', 'report.json']) {
      writeFileSync(join(out, file), 'old')
      chmodSync(join(out, file), 0o644)
    }
    await tapping(await serving(), 2, bodiesOf, ['--out', out])
    for (const file of outFiles.filter((name) => name !== 'badge.json')) {
      expect(statSync(join(out, file)).mode & 0o777, file).toBe(0o600)
      const text = readFileSync(join(out, file), 'utf8')
      expect(text).not.toContain(defaultKey)
      expect(text).not.toContain('a-session-of-somebody')
      expect(text).not.toContain('Say hello')
    }
    const { out: judged, code } = await typed(['judge', out])
    expect(code).toBe(2)
    expect(judged).toContain('2 exchanges are on the tape without bodies')
    expect(judged).toContain('is not in the recording')
  })

  test('is judged again from its tape, where bodies are kept', async () => {
    const out = scratch()
    await tapping(await serving(), 2, bodiesOf, ['--out', out, '--bodies', 'text'])
    const { out: judged, code } = await typed(['judge', out])
    expect(judged).toMatch(/none broken: a partial look/)
    expect(code).toBe(0)
    const tape = await readTape(join(out, 'tape.jsonl'))
    const names: string[] = []
    for await (const { fixture, origin, sent } of tape.exchanges) {
      names.push(`${fixture} ${origin}`)
      expect(sent.headers).toContainEqual(['authorization', '[redacted:credential]'])
    }
    expect(names).toEqual(['tap/1 gathered', 'tap/2 gathered'])
    expect(tape.end().footer).toMatchObject({ ending: 'recorded', exchanges: 2 })
  })
})

describe('a gateway with a fault', () => {
  test('is told at once, with what the client did about it', async () => {
    const upstream = await serving(faultNamed('streaming/ends-early').over(createReference()))
    const { code, out } = await tapping(upstream, 2, async (port) => {
      await (await ask(port, { stream: true })).text()
      await (await ask(port)).text()
    })
    expect(code).toBe(1)
    expect(out).toMatch(/^tap\/1 .* ✗ streaming\/ends$/m)
    expect(out).toMatch(
      /^tap\/2 .* ✓ \d+ hold {2}asked again without stream, after tap\/1 \(broken streaming\/ends\)$/m,
    )
    expect(out).toMatch(/^✗ MUST streaming\/ends$/m)
    expect(out).toMatch(/^ {4}✗ must streaming\/ends, in tap\/1$/m)
    expect(out).not.toContain('not asked')
    expect(out).not.toContain('asked nothing more')
  })

  test('after which its client asks for nothing more: that is said in the end', async () => {
    const upstream = await serving(faultNamed('messages/stop-reason-null').over(createReference()))
    const { out } = await tapping(upstream, 1, async (port) => void (await (await ask(port)).text()))
    expect(out).toMatch(/^ {4}✗ must messages\/stop-reason-set, in tap\/1$/m)
    expect(out).toMatch(/^ {4}- asked nothing more, in tap\/1 \(broken messages\/stop-reason-set\)$/m)
  })

  test('in Chinese', async () => {
    const upstream = await serving(faultNamed('streaming/ends-early').over(createReference()))
    const { out } = await tapping(
      upstream,
      1,
      async (port) => void (await (await ask(port, { stream: true })).text()),
      ['--lang', 'zh'],
    )
    expect(out).toContain('claude-cli/2.1（cli）：1 次往来')
  })

  test('refuses what fits the schema: that is said, and breaks nothing', async () => {
    const { code, out } = await tapping(await serving(), 1, async (port) => {
      expect((await ask(port, { max_tokens: 999_999 })).status).toBe(400)
    })
    expect(out).toMatch(
      /^tap\/1 .* 400 .* a request that fits the schema was refused: invalid_request_error: max_tokens/m,
    )
    expect(code).toBe(2)
  })

  test('that is not there is a 502 to the client, and nothing proven', async () => {
    const { code, out } = await tapping(`http://127.0.0.1:${await freePort()}`, 1, async (port) => {
      const answer = await ask(port)
      expect([answer.status, await answer.json()]).toMatchObject([502, { error: { type: 'api_error' } }])
    })
    expect(out).toMatch(/^tap\/1 .* - .* · not judged, no answer came {2}a request that fits the schema got no answer/m)
    expect(code).toBe(2)
  })
})

describe('what cannot be', () => {
  test.each([
    ['tap', 'Which gateway? Name the one that everything goes to: tap --upstream https://gateway.example'],
    ['tap --upstream gateway.example', 'The Base URL is no http or https URL'],
    ['tap --upstream socks5://gateway.example:1080', 'The Base URL is no http or https URL'],
    ['tap --upstream http://g.example:99999', 'The Base URL is no http or https URL'],
    [
      'tap --upstream http://u:p@g.example',
      'holds a user name or password; leave it out, since each client brings its own',
    ],
    ['tap --upstream https://gateway.example/v1', 'It should probably be https://gateway.example'],
    ['tap --upstream http://127.0.0.1:4011 --port 4011', 'The upstream http://127.0.0.1:4011 is this tap itself: name'],
    ['tap --upstream http://localhost:4011/gw --port 4011', 'http://localhost:4011/gw is this tap itself'],
    ['tap --upstream http://0.0.0.0:4011 --port 4011', 'http://0.0.0.0:4011 is this tap itself'],
    ['tap --upstream http://127.0.0.1 --port 80', 'http://127.0.0.1 is this tap itself'],
    ['tap --upstream https://g.example --port 80x', '--port takes a whole number from 0 to 65535.'],
    ['tap --upstream https://g.example --upstream https://h.example', '--upstream is there twice; once is enough.'],
    ['tap --upstream https://g.example --port 70000', '--port takes a whole number from 0 to 65535.'],
    ['tap --upstream https://g.example --requests 0', '--requests takes a whole number of at least 1.'],
    ['tap --upstream https://g.example --bodies some', '--bodies takes one of shapes, text, all.'],
    [
      'tap --upstream https://g.example --allow-origin app.example',
      '--allow-origin is written like https://app.example',
    ],
    ['tap https://g.example', 'tap takes options only.'],
  ])('%s', async (line, sentence) => {
    const { code, out, err } = await typed(line)
    expect([code, out]).toEqual([2, ''])
    expect(err).toContain(sentence)
    expect(err.trim().split('\n')).toHaveLength(1)
  })

  test('a port in use', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    onTestFinished(() => void server.close())
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const { code, err } = await typed(`tap --upstream https://g.example --port ${port}`)
    expect([code, err]).toEqual([
      2,
      `Port ${port} is in use; name another by --port, or leave it out for any free one.\n`,
    ])
  })

  test('a proxy that is none', async () => {
    const { code, err } = await typed('tap --upstream https://g.example', { HTTPS_PROXY: 'socks5://p' })
    expect([code, err]).toEqual([2, expect.stringContaining('HTTPS_PROXY names a proxy of another kind')])
  })
})

test('who is turned away, and who speaks something else, is told on standard error, once', async () => {
  const { err } = await tapping(await serving(), 1, async (port) => {
    const bad = { origin: 'https://evil.example' }
    expect((await ask(port, {}, bad)).status).toBe(403)
    expect((await ask(port, {}, bad)).status).toBe(403)
    await ask(port)
  })
  expect(err).toBe(
    'A request was turned away: Pages of this origin may not use this tap; --allow-origin names those that may.\n',
  )
})

test.each(['SIGINT', 'SIGTERM'] as const)(
  '%s ends it in order: what passed is judged, and reported',
  async (signal) => {
    const out = scratch()
    const main = fileURLToPath(new URL('../main.ts', import.meta.url))
    const words = ['tap', '--upstream', await serving(), '--out', out]
    const tap = spawn(process.execPath, ['--import', 'tsx', main, ...words], {
      env: { PATH: process.env['PATH'] ?? '' },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let said = ''
    tap.stdout.setEncoding('utf8').on('data', (text: string) => (said += text))
    const closed = new Promise<number | null>((resolve) => tap.on('close', resolve))
    await once(tap.stdout, 'data')
    await (await ask(Number(/:(\d+)\n/.exec(said)?.[1]))).text()
    tap.kill(signal)
    expect(await closed, said).toBe(0)
    expect(said).toMatch(/^tap\/1 .* ✓ \d+ hold$/m)
    const report = JSON.parse(readFileSync(join(out, 'report.json'), 'utf8')) as Report
    expect(report).toMatchObject({ complete: true, tapped: [{ exchanges: 1, judged: 1 }] })
  },
)
