import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import type { Gateway } from '../../fixtures/gateways/answer.ts'
import { defaultKey, defaultModel, upstreamKey } from '../../fixtures/gateways/reference/identity.ts'
import { createReference } from '../../fixtures/gateways/reference/reference.ts'
import { scratch, serving } from '../../suites/self/scratch.ts'
import { meantGateway, meantUpstream } from './mock.ts'
import { mockLog } from './mock-log.ts'
import { parseOptions } from '../options.ts'
import { typed } from '../typed.ts'

const key = { GATEWAY_API_KEY: defaultKey }

/** Served with its pauses, as a mock is. */
function paced(gateway: Gateway): Promise<string> {
  return serving(gateway, { pace: 1 })
}

function mock(...words: string[]): Gateway {
  const names = ['upstream', 'fault', 'variant', 'key', 'any-model'] as const
  return meantGateway(parseOptions(words, names, 'mock'), defaultKey)
}

describe('in front of an upstream', () => {
  test('nothing is lost on the way', async () => {
    const url = await paced(mock('--upstream', await paced(createReference())))
    const { code, out } = await typed(`check --base-url ${url} --model ${defaultModel} --profile full`, key)
    expect(out).toContain('This gateway keeps the promises of full')
    expect(code).toBe(0)
  })

  test.for([
    ['streaming/ends-early', 'streaming/ends'],
    ['tools/input-in-start', 'tools/input-streamed'],
    ['errors/detail', 'errors/envelope'],
    ['usage/missing', 'usage/shape'],
  ])('the fault %s shows as %s', async ([fault, broken]) => {
    const url = await paced(mock('--upstream', await paced(createReference()), '--fault', fault ?? ''))
    const { code, out } = await typed(`check --base-url ${url} --model ${defaultModel}`, key)
    expect(out).toContain(`✗ MUST ${broken}`)
    expect(code).toBe(1)
  })

  test('a connection that breaks there breaks here', async () => {
    const cut: Gateway = async (request) => ({ ...(await createReference()(request)), wire: { breaksAfter: 600 } })
    const url = await paced(mock('--upstream', await paced(cut)))
    const response = await fetch(`${url}/v1/messages`, {
      method: 'POST',
      headers: { authorization: `Bearer ${defaultKey}`, 'content-type': 'application/json' },
      body: JSON.stringify({
        model: defaultModel,
        max_tokens: 9,
        stream: true,
        messages: [{ role: 'user', content: 'hi' }],
      }),
    })
    await expect(response.text()).rejects.toThrow('terminated')
  })

  test('an upstream that is not there is a 502', async () => {
    const url = await paced(mock('--upstream', 'http://127.0.0.1:9'))
    const response = await fetch(`${url}/v1/models`)
    expect(response.status).toBe(502)
    expect(await response.json()).toMatchObject({ type: 'error', error: { type: 'api_error' } })
  })

  test('the key is that of the upstream', () => {
    expect(() => mock('--upstream', 'http://127.0.0.1:9', '--key', 'k')).toThrow(/--key/)
    expect(() => mock('--upstream', 'http://u:p@127.0.0.1:9')).toThrow(/each client brings its own key/)
  })
})

test('behind a gateway it is an upstream, and nothing that only a gateway is', async () => {
  const behind = (...words: string[]): Gateway =>
    meantUpstream(parseOptions(words, ['fault', 'key', 'upstream', 'variant'] as const, 'mock'), 'chat-completions')
  const url = await paced(behind())
  const models = await fetch(`${url}/v1/models`, { headers: { authorization: `Bearer ${upstreamKey}` } })
  expect(models.status).toBe(200)
  for (const name of ['fault', 'key', 'upstream', 'variant'])
    expect(() => behind(`--${name}`, 'x')).toThrow(`--${name} is for a gateway`)
})

test('a log is a tape that judge reads, without the key', async () => {
  const folder = scratch()
  const file = join(folder, 'log.jsonl')
  const log = mockLog(file, { baseUrl: 'http://127.0.0.1', model: defaultModel }, defaultKey)
  const url = await paced(log.over(mock('--fault', 'streaming/ends-early')))
  await typed(`check --base-url ${url} --model ${defaultModel}`, key)
  log.end()
  expect(readFileSync(file, 'utf8')).not.toContain(defaultKey)
  const { code, out } = await typed(`judge ${file}`)
  expect(out).toContain('✗ MUST streaming/ends')
  expect(code).toBe(1)
})

test('a log holds no credential of a client, whatever header it came in and however it is said back', async () => {
  const file = join(scratch(), 'log.jsonl')
  const secret = 'AIza-7f3k9q2x'
  const baseUrl = 'https://gateway.example/sk-path-1234567'
  const log = mockLog(file, { baseUrl, model: defaultModel }, 'assistant')
  const said = [...secret].map((char) => `\\u00${char.charCodeAt(0).toString(16)}`).join('')
  const url = await paced(
    log.over(() => ({ status: 200, headers: [], body: { raw: `{"role":"assistant","text":"${said}"}` } })),
  )
  await fetch(`${url}/v1/messages?key=${secret}-too`, {
    method: 'POST',
    headers: { 'x-goog-api-key': secret },
    body: `"${secret}"`,
  })
  log.end()
  const written = readFileSync(file, 'utf8')
  for (const trace of [secret, said, 'sk-path-1234567']) expect(written).not.toContain(trace)
  expect(written).toContain('{\\"role\\":\\"assistant\\",\\"text\\":\\"[redacted:credential]\\"}')
})

test('a log that can grow no longer ends the mock, which says so', async ({ skip }) => {
  if (process.platform === 'win32') return skip('there is no ulimit here')
  const folder = scratch()
  const file = join(folder, 'log.jsonl')
  const words = ['--import', 'tsx', 'scripts/main.ts', 'mock', '--log', file]
  // As a disk that fills up: 64 blocks of 1 KiB, or of 512 bytes.
  const child = spawn('sh', ['-c', 'ulimit -f 64 && exec "$0" "$@"', process.execPath, ...words], {
    cwd: fileURLToPath(new URL('../..', import.meta.url)),
    env: { PATH: process.env['PATH'] ?? '', TSX_DISABLE_CACHE: '1' },
  })
  const said = { out: '', err: '' }
  child.stderr.on('data', (data: Buffer) => (said.err += data))
  const url = await new Promise<string>((resolve) =>
    child.stdout.on('data', (data: Buffer) => {
      said.out += data
      if (said.out.includes('model')) resolve(said.out.split('\n', 1)[0] ?? '')
    }),
  )
  const code = new Promise((resolve) => child.on('close', resolve))
  const body = JSON.stringify({ model: defaultModel, filler: 'x'.repeat(10_000) })
  for (let count = 0; count < 10; count++)
    await fetch(`${url}/v1/messages`, { method: 'POST', body })
      .then((answer) => answer.text())
      .catch(() => 'it has ended')
  expect(await code).toBe(2)
  expect(said.err).toBe(`${file} cannot be used: it may grow no larger.\n`)
  expect(existsSync(`${file}.lock`)).toBe(false)
})
