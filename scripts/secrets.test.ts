import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { brotliDecompressSync, gunzipSync, gzipSync, inflateSync } from 'node:zlib'
import { describe, expect, onTestFinished, test } from 'vitest'
import { errorAnswer } from '../fixtures/gateways/alter.ts'
import type { Answer, Gateway, SaidEvent } from '../fixtures/gateways/answer.ts'
import { defaultModel } from '../fixtures/gateways/reference/identity.ts'
import { createReference } from '../fixtures/gateways/reference/reference.ts'
import type { Report } from '../schemas/types.ts'
import { scratch, serving } from '../suites/self/scratch.ts'
import { outFiles } from './report/files.ts'
import { typed } from './typed.ts'

/* Gateways that say a secret in every way there is, on real sockets; and whatever leaves, read in every way there is. */

const keys = { long: 'sk-live/Q7+w9Zr2%Xk4=Lm8_Pt3Vb6Nc1Hd5', short: 'q7+Zr/2', capitals: 'ABCD-EFGH-2345-WXYZ' }

const hex = (text: string): string => Buffer.from(text).toString('hex')
const json = (text: string): string => [...text].map((char) => `\\u00${hex(char)}`).join('')
const percent = (text: string): string => hex(text).replaceAll(/../g, '%$&')
const base64 = (text: string): string => Buffer.from(text).toString('base64')

/** Ways to say a word, as characters of a text. */
const ways: readonly ((word: string) => string)[] = [
  (word) => word,
  (word) => word.toLowerCase(),
  (word) => `\u200b${[...word].join('\u0000')}`,
  (word) => percent(word),
  (word) => encodeURIComponent(word).toLowerCase(),
  (word) => percent(percent(word)),
  (word) => word.replaceAll(/[^A-Za-z0-9]/g, (mark) => `&#${mark.charCodeAt(0)};`),
  (word) => [...word].map((char) => `&#x${hex(char).toUpperCase()};`).join(''),
  (word) => word.replaceAll('+', '&plus;').replaceAll('/', '&amp;#47;'),
  (word) => json(word),
  (word) => JSON.stringify(JSON.stringify(json(word))),
  (word) => base64(word),
  (word) => base64(`u:${word}:x`),
  (word) => base64(`me:${word}:x`),
  (word) => base64(base64(word)),
  (word) => base64(word).replaceAll(/.{7}/g, '$&\r\n'),
  (word) => hex(word),
  (word) => hex(word).toUpperCase(),
  (word) => JSON.stringify([...Buffer.from(word)]),
  (word) => createHash('sha256').update(word).digest('hex'),
  (word) => createHash('md5').update(word).digest('hex').toUpperCase(),
]

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

/** Bodies that nobody can or should look into, one after the other, each with the word in it. */
function packed(word: string, number: number): { headers: Answer['headers']; raw: Uint8Array } {
  const body = Buffer.from(JSON.stringify({ type: 'error', error: { type: 'api_error', message: word } }))
  const labelled = (encoding: string): Answer['headers'] => [
    ['content-type', 'application/json'],
    ['content-encoding', encoding],
  ]
  const kinds = [
    () => ({ headers: labelled('gzip'), raw: gzipSync(body) }),
    () => ({ headers: labelled('gzip'), raw: gzipSync(gzipSync(body)) }),
    () => ({ headers: [], raw: gzipSync(gzipSync(body)) }),
    () => ({ headers: labelled('br'), raw: gzipSync(body) }),
    () => ({ headers: labelled('zstd'), raw: gzipSync(body) }),
    () => ({ headers: labelled('gzip'), raw: gzipSync(Buffer.concat([body, Buffer.alloc(65 * 1024 * 1024)])) }),
    () => ({ headers: labelled('gzip'), raw: Buffer.concat([gzipSync(body).subarray(0, -8), body]) }),
    () => ({ headers: [], raw: Buffer.from(`\uFEFF${body}`, 'utf16le') }),
    () => ({ headers: [], raw: Buffer.from(body.toString(), 'utf16le') }),
    () => ({ headers: [], raw: Buffer.from(`{"message":"Grüße ${word}"}`, 'latin1') }),
  ]
  return kinds[number % kinds.length]!()
}

/* What leaves, read in every way. */

/** A text and everything that is meant by it, escape within escape. */
function readings(text: string): readonly string[] {
  const read = [text]
  for (let layer = text; read.length < 7;) {
    const next = layer
      .replaceAll(/\\+u([0-9a-f]{4})/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
      .replaceAll(/\\+(["'/])/g, '$1')
      .replaceAll(/\\+[bfnrt]/g, '')
      .replaceAll('\\\\', '\\')
      .replaceAll(/&#x([0-9a-f]{1,5});?/gi, (_, code: string) => String.fromCodePoint(Number.parseInt(code, 16)))
      .replaceAll(/&#(\d{1,6});?/g, (_, code: string) => String.fromCodePoint(Number(code)))
      .replaceAll(/&(amp|lt|gt|quot|plus|sol);/g, (_, name: string) => entities[name] ?? '')
      .replaceAll(/%([0-9a-f]{2})/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
      // oxlint-disable-next-line no-control-regex -- what does not show hides nothing
      .replaceAll(/[\u0000-\u001f\u007f-\u009f\u200b-\u200f\ufeff]/g, '')
    if (next === layer) break
    read.push((layer = next))
  }
  return read
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', plus: '+', sol: '/' }

/** What is packed in the words of texts: base64 at any alignment, once and twice, hex, lists of bytes. */
function unpackedWords(texts: Iterable<string>): Iterable<string> {
  const found = (among: Iterable<string>, pattern: RegExp): Set<string> =>
    new Set([...among].flatMap((text) => text.match(pattern) ?? []))
  const decoded = (among: Iterable<string>): Set<string> =>
    new Set(
      [...found(among, /[A-Za-z0-9+/_-]{8,}/g)].flatMap((word) =>
        [0, 1, 2, 3].map((skipped) => Buffer.from(word.slice(skipped), 'base64').toString('latin1')),
      ),
    )
  const once = decoded(texts)
  const hexes = [...found(texts, /(?:[0-9a-f]{2}){6,}/gi)].map((word) => Buffer.from(word, 'hex').toString('latin1'))
  const lists = [...found(texts, /\d{1,3}(?:, ?\d{1,3}){5,}/g)].map((list) =>
    Buffer.from(list.split(',').map(Number)).toString('latin1'),
  )
  return [...once, ...decoded(once), ...hexes, ...lists]
}

/** Texts that were cut in pieces, of a body: the strings of one name, as they come and by the index beside them. */
function joined(body: string): string[] {
  const texts = new Map<string, string>()
  const add = (value: unknown, name: string, index: unknown): void => {
    if (typeof value === 'string')
      for (const id of [name, `${name} ${String(index)}`]) texts.set(id, (texts.get(id) ?? '') + value)
    else if (typeof value === 'object' && value !== null)
      for (const [inner, part] of Object.entries(value))
        add(part, Array.isArray(value) ? name : inner, 'index' in value ? value.index : index)
  }
  for (const line of [body, ...body.split('\n').map((text) => text.replace(/^data: ?/, ''))]) {
    try {
      add(JSON.parse(line), '', null)
    } catch {
      // No JSON, no pieces.
    }
  }
  return [...texts.values()]
}

/** What the bodies on a tape hold, unpacked as often as they can be. */
function bodiesOn(tape: string): string[] {
  interface Line {
    readonly came: { readonly body?: { readonly text?: string; readonly base64?: string } }
    readonly sent: { readonly body: string | null }
  }
  const lines = tape.split('\n').filter((line) => line.includes('"kind":"exchange"'))
  return lines.flatMap((line) => {
    const { came, sent } = JSON.parse(line) as Line
    const { text, base64: bytes } = came.body ?? {}
    return [sent.body ?? '', text ?? '', ...(bytes === undefined ? [] : inflated(Buffer.from(bytes, 'base64')))]
  })
}

function inflated(bytes: Buffer): string[] {
  const texts = [bytes.toString('latin1'), bytes.toString('utf16le')]
  for (const unpack of [gunzipSync, inflateSync, brotliDecompressSync]) {
    try {
      texts.push(...inflated(unpack(bytes, { maxOutputLength: 128 * 1024 * 1024 })))
    } catch {
      // Packed otherwise.
    }
  }
  return texts
}

/** The traces of a word in a text that leaves: all of it, or 16 characters in a row of a long one. */
function tracesIn(name: string, text: string, word: string): string[] {
  const bodies = name.endsWith('.jsonl') ? bodiesOn(text) : []
  const pieces = [text, ...bodies].flatMap((body) => joined(body))
  const read = new Set([text, ...bodies, ...pieces].flatMap(readings))
  const all = [...read, ...unpackedWords(read)].join('\n').toLowerCase()
  const low = word.toLowerCase()
  const parts = low.length < 24 ? [low] : [...low].slice(15).map((_, at) => low.slice(at, at + 16))
  const hashes = ['sha256', 'md5'].map((algorithm) => createHash(algorithm).update(word).digest('hex').slice(0, 16))
  return [...parts, ...hashes].filter((part) => all.includes(part)).map((part) => `${name}: ${part}`)
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
  const printed = [ran, ...again].flatMap(({ out: said, err }, index): Outputs => [
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

const long = { timeout: 300_000 }

test('the ways above are found where nothing is redacted', long, () => {
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

  test(
    'said in all ways at once in every answer leaves no trace, and is judged the same from the tape',
    long,
    async () => {
      const url = await serving(echoing(createReference({ key }), key))
      const { outputs, out } = await leaving(['check', '--base-url', url, '--model', defaultModel], environment)
      expect(outputs.map(([name]) => name)).toEqual(
        expect.arrayContaining([...outFiles, 'step-summary.md', 'again/report.html']),
      )
      expect(outputs[0]?.[1]).toContain('SHOULD auth/key-not-echoed')
      expectNothingOf([key], outputs)
      expect(verdictsIn(join(out, 'again'))).toEqual(verdictsIn(out))
    },
  )

  test('in bodies that nobody can look into leaves no trace, and the tape says what is not on it', long, async () => {
    const reference = createReference({ key })
    let asked = 0
    const url = await serving((request) => {
      const number = asked++
      return number === 0 ? reference(request) : { status: 200, ...said(packed(key, number)) }
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

  test.for([401, 402, 403, 404, 429, 503, 302, 200])(
    'in a first answer of %i that ends the run',
    long,
    async (status) => {
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
    },
  )
})

function said({ headers, raw }: ReturnType<typeof packed>): Pick<Answer, 'headers' | 'body'> {
  return { headers, body: { raw } }
}

test('in the path of the Base URL, a host, a model and a name, and in headers given by a variable', long, async () => {
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

test('the password of a proxy that says it', long, async () => {
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
    ['mock --variant', (word) => ['mock', '--variant', word]],
    ['mock --fault', (word) => ['mock', '--fault', `${word}:first=x`]],
    ['a name in a target file', (word) => ['check', '--target', target({ [word]: 1 })]],
    ['a header in a target file', (word) => ['check', '--target', target({ headers: { [word]: 1 } })]],
    [
      'a literal header in a target file',
      (word) => ['check', '--target', target({ headers: { 'x-goog-api-key': word } })],
    ],
    ['a variable in a target file', (word) => ['check', '--target', target({ key: { env: word } })]],
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
