import { spawn } from 'node:child_process'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, onTestFinished, test } from 'vitest'
import { errorAnswer } from '../fixtures/gateways/alter.ts'
import type { Answer, Gateway, SaidEvent } from '../fixtures/gateways/answer.ts'
import { defaultModel } from '../fixtures/gateways/reference/identity.ts'
import { createReference } from '../fixtures/gateways/reference/reference.ts'
import type { Report } from '../schemas/types.ts'
import { scratch, serving } from '../suites/self/scratch.ts'
import { inflated, tracesIn } from './fuzz/readings.ts'
import { base64, json, kindsRead, kindsUnread, packed, ways } from './fuzz/ways.ts'
import { outFiles } from './report/files.ts'
import { typed } from './typed.ts'

/* Gateways that say a secret in every way there is, on real sockets; and whatever leaves, read in every way there is. */

const keys = { long: 'sk-live/Q7+w9Zr2%Xk4=Lm8_Pt3Vb6Nc1Hd5', short: 'q7+Zr/2', capitals: 'ABCD-EFGH-2345-WXYZ' }

/** Everything at once, with what a terminal or a runner would obey. */
const everything = (word: string): string =>
  `${ways.map((way) => way(word)).join(' | ')} \u001B[31m<script>alert(1)</script>\u0007 ##[add-mask]x\r\n::error::x`

/** The JSON of a value in which some characters of its texts are escaped as .NET, Gson and others do it. */
function escapedJson(value: unknown, word: string): string {
  const plain = JSON.stringify(value).replaceAll('+', '\\u002B').replaceAll('/', '\\/').replaceAll('<', '\\u003c')
  return plain.replaceAll(word.slice(0, 4), json(word.slice(0, 4)).toUpperCase().replaceAll('\\U', '\\u'))
}

/** A gateway that says a word wherever it can: in every text and header, in names and comments, a character a delta. */
function echoing(inner: Gateway, word: string): Gateway {
  const said = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(said)
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(
      Object.entries(value).map(([name, part]) => [
        name,
        /^(?:text|message|thinking|request_id)$/.test(name) && typeof part === 'string'
          ? `${part} ${everything(word)}`
          : said(part),
      ]),
    )
  }
  const headers = (answer: Answer): Answer['headers'] => [
    ...answer.headers,
    ['x-debug', word],
    ['x-request-id', `req ${everything(word).replaceAll(/[^ -~]/g, '')}`],
    ['server', `gateway ${base64(`:${word}`)}`],
    ['via', word.toUpperCase()],
    [`x-${word.toLowerCase().replaceAll(/[^a-z0-9-]/g, '')}`, '1'],
    ['www-authenticate', `Bearer realm="${word}"`],
  ]
  return async (request) => {
    const answer: Answer = await inner(request)
    if ('json' in answer.body)
      return {
        ...answer,
        headers: headers(answer),
        body: { raw: escapedJson(said(answer.body.json), word) },
        wire: { pieces: 7 },
      }
    if (!('events' in answer.body)) return { ...answer, headers: headers(answer) }
    const events = answer.body.events.flatMap((event) => spelt(event, word))
    return {
      ...answer,
      headers: headers(answer),
      body: { events },
      wire: {
        pieces: 701,
        writeEvent: ({ name, data }) =>
          `: ${word}\nid: ${json(word)}\nevent: ${name}\ndata: ${JSON.stringify(data)}\n\n`,
      },
    }
  }
}

/** An event and, behind a delta, the word in more of them, a character each; behind a ping one that has the word for its name. */
function spelt(event: SaidEvent, word: string): SaidEvent[] {
  const { delta, index } = event.data as { delta?: Record<string, unknown>; index?: number }
  if (event.name === 'ping') return [event, { name: `x-${word}`, data: { type: `x-${word}` } }]
  if (event.name !== 'content_block_delta' || !delta) return [event]
  const saying = (name: string, text: string): SaidEvent => ({
    ...event,
    data: { type: event.name, index, delta: { ...delta, [name]: text } },
  })
  for (const name of ['text', 'thinking'])
    if (typeof delta[name] === 'string')
      return [
        event,
        ...[` ${word}`, json(word), base64(word)].flatMap((text) => [...text].map((char) => saying(name, char))),
      ]
  if (typeof delta['partial_json'] !== 'string') return [event]
  // The input begins with two more strings, the word in each, one of them escaped.
  const begins = delta['partial_json'].startsWith('{')
  const inserted = begins ? `{"said":"${json(word)}","also":${JSON.stringify(word)},` : ''
  return [...inserted, delta['partial_json'].slice(begins ? 1 : 0)].map((piece) => saying('partial_json', piece))
}

type Outputs = readonly (readonly [name: string, text: string])[]

/** The files of a folder, by their path in it. */
function filesIn(out: string): Outputs {
  return readdirSync(out, { recursive: true, encoding: 'utf8', withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => [path.slice(out.length + 1), readFileSync(path, 'utf8')])
}

/** A run and all that comes of it afterwards: its files, its tape judged again, and compared with itself. */
async function leaving(
  words: readonly string[],
  environment: Record<string, string>,
): Promise<{ outputs: Outputs; out: string }> {
  const out = scratch()
  const here = { ...environment, GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: join(out, 'step-summary.md') }
  const ran = await typed([...words, '--out', out], here)
  const tape = readdirSync(out).includes('tape.jsonl') ? join(out, 'tape.jsonl') : null
  const again = tape
    ? [
        await typed(['judge', tape, '--out', join(out, 'again')], here),
        await typed(['diff', tape, tape], here),
        await typed(['diff', tape, tape, '--json'], here),
        await typed(['diff', tape, tape, '--markdown'], here),
      ]
    : []
  const merged = readdirSync(out).includes('report.json')
    ? [
        await typed(['merge', out, '--out', join(out, 'merged'), '--history', join(out, 'history')], here),
        await typed(['merge', out, '--public', '--out', join(out, 'public')], here),
      ]
    : []
  const printed = [ran, ...again, ...merged].flatMap(({ out: said, err }, index): Outputs => [
    [`stdout ${index}`, said],
    [`stderr ${index}`, err],
  ])
  return { outputs: [...printed, ...filesIn(out)], out }
}

function expectNothingOf(words: readonly string[], outputs: Outputs): void {
  for (const [name, text] of outputs) {
    expect(words.flatMap((word) => [...tracesIn('its name', name, word), ...tracesIn(name, text, word)])).toEqual([])
    // oxlint-disable-next-line no-control-regex -- these are what must not be there
    expect(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e]/.exec(text)?.index ?? null, name).toBeNull()
    const commands = text.split('\n').filter((line) => /^\s*::(?!(?:error|warning) title=[a-z]+\/)|##\w*\[/.test(line))
    expect(commands, name).toEqual([])
  }
}

const verdictsIn = (path: string): Report['verdicts'] =>
  (JSON.parse(readFileSync(join(path, 'report.json'), 'utf8')) as Report).verdicts

test('the ways above are found where nothing is redacted', () => {
  for (const word of Object.values(keys)) {
    for (const way of ways) expect(tracesIn('x', `{"a":"${way(word)}"}`, word), way(word)).not.toEqual([])
    const deltas = spelt({ name: 'content_block_delta', data: { index: 0, delta: { text: 'x' } } }, word)
    expect(tracesIn('x', deltas.map(({ data }) => JSON.stringify(data)).join('\n'), word)).not.toEqual([])
    for (let number = 0; number < 10; number++)
      expect(inflated(Buffer.from(packed(word, number).raw)).some((text) => text.includes(word))).toBe(true)
  }
})

describe.for(Object.entries(keys))('the %s key', ([, key]) => {
  const environment = { GATEWAY_API_KEY: key }

  test('said in all ways at once in every answer leaves no trace, and is judged the same from the tape', async () => {
    const url = await serving(echoing(createReference({ key }), key))
    const { outputs, out } = await leaving(['check', '--base-url', url, '--model', defaultModel], environment)
    expect(outputs.map(([name]) => name)).toEqual(
      expect.arrayContaining([...outFiles, 'step-summary.md', 'again/report.html']),
    )
    expect(outputs[0]?.[1]).toContain('SHOULD auth/key-not-echoed')
    expectNothingOf([key], outputs)
    expect(verdictsIn(join(out, 'again'))).toEqual(verdictsIn(out))
  })

  test('in bodies that nobody can look into leaves no trace, and the tape says what is not on it', async () => {
    const reference = createReference({ key })
    let asked = 0
    const url = await serving((request) => {
      const number = asked++
      return number === 0 ? reference(request) : { status: 200, ...said(packed(key, number % kindsUnread)) }
    })
    const only = 'messages,transport,streaming,auth'
    const { outputs, out } = await leaving(
      ['check', '--base-url', url, '--model', defaultModel, '--only', only],
      environment,
    )
    const tape = readFileSync(join(out, 'tape.jsonl'), 'utf8')
    for (const because of ['unreadable', 'too-large'])
      expect(tape).toContain(`"body":{"withheld":"${because}","bytes":`)
    expectNothingOf([key], outputs)
    expect(verdictsIn(join(out, 'again'))).toEqual(verdictsIn(out))
  })

  test('in bodies that a program reads and a redactor cannot leaves no trace', async () => {
    const reference = createReference({ key })
    let asked = 0
    const url = await serving((request) => {
      const number = asked++
      return number === 0
        ? reference(request)
        : { status: 200, ...said(packed(key, kindsUnread + (number % kindsRead))) }
    })
    const { outputs, out } = await leaving(
      ['check', '--base-url', url, '--model', defaultModel, '--only', 'messages,transport'],
      environment,
    )
    const tape = readFileSync(join(out, 'tape.jsonl'), 'utf8')
    expect(tape).toContain('"body":{"withheld":"charset","bytes":')
    expectNothingOf([key], outputs)
  })

  test.for([401, 402, 403, 404, 429, 503, 302, 200])('in a first answer of %i that ends the run', async (status) => {
    const page = status === 200
    const first: Gateway = () => ({
      status,
      headers: [
        ['content-type', page ? 'text/html' : 'application/json'],
        ['location', `https://${key.replaceAll(/\W/g, '')}.example/${key}`],
      ],
      body: page
        ? { raw: `<html>${everything(key)}` }
        : { json: { type: 'error', error: { type: 'api_error', message: 'no' } } },
    })
    const url = await serving(echoing(first, key))
    const { outputs } = await leaving(
      ['check', '--base-url', url, '--model', 'm', '--quick', '--deadline', '20'],
      environment,
    )
    expect(outputs[0]?.[1]).toContain('Not proven')
    expectNothingOf([key], outputs)
  })
})

function said({ headers, raw }: ReturnType<typeof packed>): Pick<Answer, 'headers' | 'body'> {
  return { headers, body: { raw } }
}

test('in the path of the Base URL, a host, a model and a name, and in headers given by a variable', async () => {
  const key = 'k3y-of-ours-7f3k9q2x8w'
  const gate = 'h3ader-of-ours-5n1p5t'
  const reference = echoing(createReference({ key, anyModel: true }), gate)
  const url = await serving(async (request) => {
    const { pathname, search } = new URL(request.url)
    expect([request.headers.get('x-gate'), pathname.startsWith(`/${key}/`)]).toEqual([gate, true])
    if (request.headers.has('authorization')) return errorAnswer(401, 'authentication_error', 'no')
    const below = pathname.slice(key.length + 1).replace('/sk-path-1234567', '')
    return reference(new Request(`http://gateway.test${below}${search}`, request))
  })
  const entry = {
    name: `acme ${key}`,
    baseUrl: `${url}/${key}`,
    models: [`acme/${key}`, 'plain'],
    key: { env: 'ACME_KEY' },
    headers: { 'x-gate': { env: 'ACME_GATE' } },
    profile: 'minimum',
    waivers: [{ id: 'usage/shape', because: `what ${key} is for`, until: '2099-01-01' }],
  }
  const other = { ...entry, name: 'other', baseUrl: `${entry.baseUrl}/sk-path-1234567`, models: ['m'] }
  const dead = { ...entry, name: 'dead', baseUrl: `http://${key}.invalid`, models: ['m'] }
  const target = join(scratch(), 'targets.json')
  writeFileSync(target, JSON.stringify({ targets: [entry, other, dead] }))
  const { outputs } = await leaving(['check', '--target', target], { ACME_KEY: key, ACME_GATE: gate })
  expect(outputs[0]?.[1]).toContain('/$ACME_KEY/v1/messages')
  expect(outputs[0]?.[1]).toContain('accepts the key as x-api-key only')
  expectNothingOf([key, gate, 'sk-path-1234567'], outputs)
})

test('in the address that a sentence says a Base URL should be', async () => {
  const key = 'k3y-of-ours-7f3k9q2x8w'
  const baseUrl = `http://gateway.example/${key}/v1`
  const target = join(scratch(), 'targets.json')
  writeFileSync(target, JSON.stringify({ targets: [{ name: 'acme', baseUrl, model: 'm', key: { env: 'ACME' } }] }))
  const lines = [
    ['check', '--base-url', baseUrl, '--model', 'm', '--key-env', 'ACME'],
    ['check', '--target', target],
  ]
  for (const line of lines)
    expect(await typed(line, { ACME: key })).toMatchObject({
      code: 2,
      err: expect.stringContaining('It should probably be http://gateway.example/[redacted:credential]\n') as unknown,
    })
})

test('the password of a proxy that says it', async () => {
  const password = 'pr0xy-Pass+word-9x'
  const proxy = createServer((request, response) => {
    const sent = String(request.headers['proxy-authorization'])
    response.writeHead(407, { 'proxy-authenticate': `Basic realm="${password}"`, 'x-sent': sent })
    response.end(`You are ${sent}, that is ${everything(`me:${password}`)}`)
  })
  proxy.on('connect', (request: IncomingMessage, socket: Socket) => {
    const sent = String(request.headers['proxy-authorization'])
    socket.end(
      `HTTP/1.1 407 ${password}\r\nproxy-authenticate: Basic realm="${password}"\r\nx-sent: ${sent}\r\n\r\n${password}`,
    )
  })
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void proxy.close())
  const { port } = proxy.address() as AddressInfo
  const address = `http://me:${encodeURIComponent(password)}@127.0.0.1:${port}`
  const main = fileURLToPath(new URL('main.ts', import.meta.url))
  for (const scheme of ['http', 'https']) {
    const out = scratch()
    const words = ['check', '--model', 'm', '--base-url', `${scheme}://gateway.example`, '--out', out]
    const child = spawn(process.execPath, ['--import', 'tsx', main, ...words], {
      env: { PATH: process.env['PATH'] ?? '', GATEWAY_API_KEY: keys.long, HTTP_PROXY: address, HTTPS_PROXY: address },
    })
    let printed = ''
    child.stdout.on('data', (text: Buffer) => (printed += text))
    child.stderr.on('data', (text: Buffer) => (printed += text))
    expect(await new Promise((resolve) => child.on('close', resolve))).toBe(2)
    expect(printed).toContain('407')
    expectNothingOf([password, keys.long], [['printed', printed], ...filesIn(out)])
  }
})

describe('a key that is typed where something else belongs is never said back', () => {
  const key = 'sk-live-Q7w9Zr2Xk4Lm8Pt3'
  const plain = 'correct horse battery'
  const target = (entry: object): string => {
    const path = join(scratch(), 'target.json')
    const whole = { name: 'a', baseUrl: 'http://a.example', model: 'm', key: { env: 'K' }, ...entry }
    writeFileSync(path, JSON.stringify({ targets: [whole] }))
    return path
  }
  const gateway = ['check', '--base-url', 'http://127.0.0.1:9', '--model', 'm']
  test.for<[what: string, line: (word: string) => readonly string[]]>([
    ['a command', (word) => [word]],
    ['an option', (word) => ['check', `--${word}`]],
    ['a short option', (word) => ['check', `-${word}`]],
    ['an option with a value', (word) => ['check', `--${word}=x`]],
    ['--only', (word) => ['check', '--only', word]],
    ['--fixture', (word) => ['check', '--fixture', word]],
    ['--fault', (word) => ['check', '--fault', word]],
    ['--require', (word) => ['check', '--require', word]],
    ['--profile', (word) => ['check', '--profile', word]],
    ['--concurrency', (word) => ['check', '--concurrency', word]],
    ['--auth', (word) => [...gateway, '--auth', word]],
    ['--key-env', (word) => [...gateway, '--key-env', word]],
    ['--header-env', (word) => [...gateway, '--header-env', word]],
    ['--header-env, as the variable', (word) => [...gateway, '--header-env', `x-api-key=${word}`]],
    ['--header-env, as the name', (word) => [...gateway, '--header-env', `${word}=UNSET`]],
    ['--header', (word) => [...gateway, '--header', word]],
    ['--header, as a value', (word) => [...gateway, '--header', `x-portkey-api-key: ${word}`]],
    ['--base-url', (word) => ['check', '--model', 'm', '--base-url', word]],
    ['--base-url, with /v1', (word) => ['check', '--model', 'm', '--base-url', `http://a.example/${word}/v1`]],
    ['a word', (word) => ['check', word]],
    ['--target', (word) => ['check', '--target', word]],
    ['explain', (word) => ['explain', word]],
    ['judge', (word) => ['judge', word]],
    ['diff', (word) => ['diff', word, word]],
    ['convert', (word) => ['convert', word]],
    ['list', (word) => ['list', word]],
    [
      'init --key-env',
      (word) => [...gateway.with(0, 'init'), '--target', join(scratch(), 'conformance.json'), '--key-env', word],
    ],
    ['mock --variant', (word) => ['mock', '--variant', word]],
    ['mock --fault', (word) => ['mock', '--fault', `${word}:first=x`]],
    ['a name in a target file', (word) => ['check', '--target', target({ [word]: 1 })]],
    ['a header in a target file', (word) => ['check', '--target', target({ headers: { [word]: 1 } })]],
    [
      'a literal header in a target file',
      (word) => ['check', '--target', target({ headers: { 'x-goog-api-key': word } })],
    ],
    ['a variable in a target file', (word) => ['check', '--target', target({ key: { env: word } })]],
    ['the name of a target', (word) => ['check', '--target', target({ name: word, headers: { 'x y': '1' } })]],
    [
      'the name of a target with a model twice',
      (word) => ['check', '--target', target({ name: word, model: undefined, models: ['m', 'm'] })],
    ],
    ['a profile in a target file', (word) => ['check', '--target', target({ profile: word })]],
  ])('%s', async ([, line]) => {
    for (const word of [key, plain]) {
      const { code, out, err } = await typed(line(word), { GATEWAY_API_KEY: plain })
      expect(code).toBe(2)
      expect(err.trim().split('\n')).toHaveLength(1)
      expect([...tracesIn('stdout', out, word), ...tracesIn('stderr', err, word)]).toEqual([])
    }
  })
})
