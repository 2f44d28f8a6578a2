import { readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import type { TestProject } from 'vitest/node'
import type { Answer, Gateway } from '../fixtures/gateways/answer.ts'
import { errorAnswer } from '../fixtures/gateways/alter.ts'
import { generates, hear } from '../fixtures/gateways/parts.ts'
import { defaultKey, defaultModel } from '../fixtures/gateways/reference/identity.ts'
import { createReference } from '../fixtures/gateways/reference/reference.ts'
import type { Diagnosis, Report } from '../schemas/types.ts'
import { readTape } from '../suites/harness/tape/tape.ts'
import { scratch, serving } from '../suites/self/scratch.ts'
import { gathering, type Conformance } from '../suites/vitest/setup.ts'
import { check } from './library.ts'
import { typed } from './typed.ts'

/* The first minute of somebody with a Base URL that does not work: one sentence, the same in every output, from a gateway of each kind. */

const html = (status: number, title: string): Answer => ({
  status,
  headers: [['content-type', 'text/html; charset=utf-8']],
  body: { raw: `<!doctype html><html><head><title>${title}</title></head><body><h1>Hello</h1></body></html>` },
})

const json = (status: number, body: unknown, headers: readonly (readonly [string, string])[] = []): Answer => ({
  status,
  headers: [['content-type', 'application/json'], ...headers],
  body: { json: body },
})

/** Answers this to whatever it is asked. */
const always =
  (answer: Answer): Gateway =>
  () =>
    answer

/** Answers this to whoever asks for a Message, and is right in all else. */
const toMessages = (answer: Answer): Gateway => {
  const reference = createReference()
  return async (request) => (generates(await hear(request)) ? answer : reference(request))
}

/** Answers this everywhere but below a path, where the API is. */
const below = (path: string, answer: Answer): Gateway => {
  const reference = createReference()
  return (request) => {
    const url = new URL(request.url)
    if (!url.pathname.startsWith(`${path}/v1/`)) return answer
    url.pathname = url.pathname.slice(path.length)
    return reference(new Request(url, request))
  }
}

const missing = json(404, { detail: 'Not Found' })

const cases: readonly [about: string, gateway: Gateway, says: RegExp, diagnosis: Partial<Diagnosis>][] = [
  [
    'a wrong key, and what is asked for',
    always(
      json(401, { statusCode: 401, message: 'missing subscription key' }, [
        ['www-authenticate', 'AzureApiManagementKey'],
      ]),
    ),
    /^POST URL\/v1\/messages answered 401: .*missing subscription key.* The key in GATEWAY_API_KEY was sent as Authorization: Bearer; as x-api-key it was refused too\. It asks for: AzureApiManagementKey\. If it takes the key in a header of its own: --key-header NAME\.$/,
    { kind: 'credential', status: 401, authenticate: 'AzureApiManagementKey' },
  ],
  [
    'a model that is not served, and those that are',
    toMessages(errorAnswer(404, 'not_found_error', 'model: claude-reference')),
    /^POST URL\/v1\/messages answered 404: not_found_error: model: claude-reference\. Probably it does not serve the model claude-reference\. It serves: .*\. It lists claude-reference: perhaps the key may not use it\.$/,
    { kind: 'no-model', status: 404 },
  ],
  [
    'a model that is not served, by a gateway that lists none',
    always(errorAnswer(404, 'not_found_error', 'Not found')),
    /Probably it does not serve the model claude-reference\. Its list of models could not be read\. So the path may be wrong, too\.$/,
    { kind: 'no-model' },
  ],
  [
    'a model that is not served, in an envelope from where no API is',
    below('/anthropic', errorAnswer(404, 'not_found_error', 'No such route')),
    /answered 404: not_found_error: No such route\. Probably it does not serve the model .* So the path may be wrong, too\. An API answers at URL\/anthropic as well: perhaps that is the Base URL\.$/,
    { kind: 'no-model' },
  ],
  [
    'a challenge to browsers',
    always(html(202, 'Just a moment...')),
    /answered 202 with a web page \("Just a moment\.\.\."\)\. .* Where it is the right one, a firewall in front answered in its place\./,
    { kind: 'web-page', status: 202 },
  ],
  [
    'a key that is not known, by 400',
    always(json(400, { error: 'API key not valid' })),
    /answered 400: \{"error":"API key not valid"\}\. So it is not what was asked: perhaps the key is not a valid one, the model/,
    { kind: 'unserved', status: 400 },
  ],
  [
    'a dashboard, with the API below /anthropic',
    below('/anthropic', html(200, 'Console: sign in')),
    /^POST URL\/v1\/messages answered 200 with a web page \("Console: sign in"\)\. It answers at URL\/anthropic: use that as Base URL\.$/,
    { kind: 'web-page', status: 200, said: 'Console: sign in', page: true },
  ],
  [
    'no such path, with the API below /api',
    below('/api', missing),
    /^POST URL\/v1\/messages answered 404: \{"detail":"Not Found"\}\. It answers at URL\/api: use that as Base URL\.$/,
    { kind: 'no-route', status: 404 },
  ],
  [
    'no such path, and no API anywhere',
    always(missing),
    /answered 404: .* That is no error envelope: the path is probably wrong, or who answers there does not know the model claude-reference\. .* Nothing answers at URL\/anthropic or URL\/api either\.$/,
    { kind: 'no-route' },
  ],
  [
    'a site that takes no POST',
    always(html(405, '405 Not Allowed')),
    /answered 405 with a web page \("405 Not Allowed"\)\. This is probably a dashboard or a site, not the API's address\./,
    { kind: 'web-page', status: 405 },
  ],
  [
    'a redirect, of which the host is shown',
    always({ status: 308, headers: [['location', 'https://other.example/api/v1/messages']], body: { raw: '' } }),
    /answered 308, a redirect to https:\/\/other\.example; clients do not follow it with a body\. Use the address it points to as Base URL, without \/v1\/messages: curl -i shows it whole\.$/,
    { kind: 'redirect', status: 308 },
  ],
  [
    'an account without balance',
    always(json(402, { error: { message: 'Insufficient Balance', code: 'insufficient_balance' } })),
    /answered 402: .*Insufficient Balance.* The account behind the key has probably no balance left\.$/,
    { kind: 'balance', status: 402 },
  ],
  [
    'a quota that is used up',
    always(json(429, { error: { code: 'insufficient_quota' } }, [['retry-after', '0']])),
    /answered 429: .*insufficient_quota.* the quota or the balance of the key is probably used up\./,
    { kind: 'busy', status: 429 },
  ],
  [
    'a gateway for one client only, by 403',
    always(errorAnswer(403, 'permission_error', 'This key is for Claude Code only')),
    /answered 403: permission_error: This key is for Claude Code only\. .* the gateway admits certain clients, addresses or regions only: some want the user-agent/,
    { kind: 'forbidden', status: 403 },
  ],
  [
    'a gateway for one client only, by 400',
    toMessages(errorAnswer(400, 'invalid_request_error', 'Only authorized for use with Claude Code')),
    /^URL\/v1\/messages served none of the \d+ valid requests .* answered 400: invalid_request_error: Only authorized for use with Claude Code\. .* the gateway admits one client only\.$/,
    { kind: 'unserved', status: 400 },
  ],
  [
    'a region that is not served, by 451',
    always(errorAnswer(451, 'permission_error', 'Not here')),
    /answered 451: permission_error: Not here\. That status is for what the law forbids: .* the region this was sent from\.$/,
    { kind: 'forbidden', status: 451 },
  ],
  [
    'a firewall in front',
    always(html(403, 'Attention Required!')),
    /answered 403 with a web page \("Attention Required!"\)\. An API does not answer so: a firewall or proxy in front of the gateway refused it, or does not admit the address or region/,
    { kind: 'forbidden', status: 403, page: true },
  ],
  [
    'a front with nothing behind it',
    always(html(502, '502 Bad Gateway')),
    /answered 502 with a web page \("502 Bad Gateway"\)\. Twice: nothing stands behind it yet/,
    { kind: 'upstream-down', status: 502 },
  ],
]

/** Runs check against a Base URL; the report, and each output as plain text. */
async function judged(url: string, more = '') {
  const out = scratch()
  const line = `check --base-url ${url} --model ${defaultModel} --out ${out} ${more}`
  const { code, out: terminal } = await typed(line, { GATEWAY_API_KEY: defaultKey })
  const file = (name: string): string => readFileSync(join(out, name), 'utf8')
  const report = JSON.parse(file('report.json')) as Report
  const outputs = new Map([
    ['terminal', terminal],
    ...['report.html', 'summary.md', 'junit.xml'].map((name) => [name, unescaped(file(name))] as const),
  ])
  return { code, report, outputs, tape: join(out, 'tape.jsonl') }
}

const named: Readonly<Record<string, string>> = { quot: '"', apos: "'", lt: '<', gt: '>', amp: '&' }

function unescaped(text: string): string {
  return text.replaceAll(/&(?:#(\d+)|(\w+));/g, (whole, code?: string, name = '') =>
    code === undefined ? (named[name] ?? whole) : String.fromCodePoint(Number(code)),
  )
}

describe('the sentence is in the terminal, report.html, summary.md, report.json and junit.xml', () => {
  test.for(cases)('%s', async ([, gateway, says, diagnosis]) => {
    const url = await serving(gateway)
    const { code, report, outputs, tape } = await judged(url)
    const sentence = report.diagnosis?.sentence ?? ''
    expect(sentence.replaceAll(url, 'URL')).toMatch(says)
    expect(report.diagnosis).toMatchObject({ ...diagnosis, url: `${url}/v1/messages` })
    expect(report.conclusion.reasons[0]).toBe(sentence)
    for (const [name, text] of outputs) expect(text, name).toContain(sentence)
    // Nobody is accused, and no client is said to break on what was not judged.
    expect(code).toBe(2)
    expect(report.verdicts.filter(({ outcome }) => outcome === 'broken')).toEqual([])
    expect(Object.values(report.clients).map(({ status }) => status)).not.toContain('breaks')
    expect(new Set(Object.values(report.capabilities).map(({ state }) => state))).toEqual(new Set(['not-asked']))
    const again = await typed(`judge ${tape}`)
    expect(again).toMatchObject({ code: 2, out: expect.stringContaining(sentence) as string })
  })
})

describe('the same sentence', () => {
  const dashboard = below('/anthropic', html(200, 'Console'))
  const says =
    /^POST URL\/v1\/messages answered 200 with a web page .* It answers at URL\/anthropic: use that as Base URL\.$/

  test('is what the library returns', async () => {
    const url = await serving(dashboard)
    const { report, stoppedBy } = await check({ baseUrl: url, model: defaultModel, key: defaultKey })
    expect(stoppedBy?.replaceAll(url, 'URL')).toMatch(says)
    expect(report).toMatchObject({ diagnosis: { sentence: stoppedBy }, conclusion: { reasons: [stoppedBy] } })
  })

  test('is what the vitest face is handed', async () => {
    const url = await serving(dashboard)
    onTestFinished(() => void vi.unstubAllEnvs())
    vi.stubEnv('GATEWAY_BASE_URL', url)
    vi.stubEnv('GATEWAY_API_KEY', defaultKey)
    vi.stubEnv('GATEWAY_MODEL', defaultModel)
    const provide = vi.fn<(name: string, run: Conformance) => void>()
    await gathering()({ provide } as unknown as TestProject)
    const run = provide.mock.calls[0]?.[1]
    expect(run?.stoppedBy?.replaceAll(url, 'URL')).toMatch(says)
    expect(run?.conclusion).toMatchObject({ exitCode: 2, reasons: [run?.stoppedBy], failing: [] })
  })

  test('is told of each of several targets, of which none is accused', async () => {
    const urls = [await serving(dashboard), await serving(always(missing))]
    const path = join(scratch(), 'targets.json')
    const targets = urls.map((baseUrl, index) => ({
      name: `t${index}`,
      baseUrl,
      model: defaultModel,
      key: { env: 'ACME_KEY' },
    }))
    writeFileSync(path, JSON.stringify({ targets }))
    const { code, out } = await typed(['check', '--target', path], { ACME_KEY: defaultKey })
    expect(code).toBe(2)
    for (const url of urls) expect(out).toContain(`POST ${url}/v1/messages answered`)
    expect(out.slice(out.indexOf('target '))).not.toMatch(/\b(shown|declined)\b|^\S+ +broken/m)
  })
})

test('a key in a header of the gateway is judged from the library too', async () => {
  const reference = createReference()
  const url = await serving((request) => {
    const headers = new Headers(request.headers)
    const key = headers.get('api-key')
    headers.delete('authorization')
    headers.delete('x-api-key')
    if (key !== null) headers.set('x-api-key', key)
    return reference(new Request(request, { headers }))
  })
  const gateway = { baseUrl: url, model: defaultModel, key: defaultKey, keyHeader: 'api-key' }
  const { report } = await check(gateway)
  expect(report.conclusion.failing).toEqual(['auth/bearer-offered'])
})

describe('a look that begins with a credential of its own', () => {
  /** The reference, for whoever sends the key in x-api-key. */
  const byApiKey = (): Gateway => {
    const reference = createReference()
    return (request) => {
      const headers = new Headers(request.headers)
      headers.delete('authorization')
      return reference(new Request(request, { headers }))
    }
  }

  test('is judged where the key that was given is accepted, by one request more', async () => {
    const { code, report, tape } = await judged(
      await serving(byApiKey()),
      '--auth x-api-key --only auth/bearer-offered --fixture auth/bearer',
    )
    expect(code).toBe(1)
    expect(report).not.toHaveProperty('diagnosis')
    expect(report.conclusion.failing).toEqual(['auth/bearer-offered'])
    expect(report.sent.requests).toBe(2)
    expect(await typed(`judge ${tape}`)).toMatchObject({ code: 1 })
  })

  test('and the key is diagnosed where it is refused, as it was sent', async () => {
    const refused = errorAnswer(401, 'authentication_error', 'no')
    const { code, report } = await judged(
      await serving(always(refused)),
      '--key-header api-key --only auth/bearer-offered',
    )
    expect(code).toBe(2)
    expect(report.diagnosis?.sentence).toMatch(/The key in GATEWAY_API_KEY was sent as api-key\.$/)
    expect(report.sent.requests).toBe(2)
  })

  test('nothing is sent for it beyond the caps', async () => {
    const more = '--auth x-api-key --only auth/bearer-offered --fixture auth/bearer --max-requests 1'
    const { code, report } = await judged(await serving(byApiKey()), more)
    expect(code).toBe(2)
    expect(report.sent.requests).toBe(1)
  })
})

describe('where else it answers is found by asking', () => {
  test('at most twice, for nothing, and on the tape', async () => {
    const { report, tape } = await judged(await serving(below('/anthropic', missing)))
    const { exchanges } = await readTape(tape)
    const looks: unknown[] = []
    for await (const { origin, sent } of exchanges) if (origin === 'waiting') looks.push([sent.path, sent.body])
    expect(looks).toEqual([
      ['/anthropic/v1/messages', '{}'],
      ['/api/v1/messages', '{}'],
    ])
    // The request, once more for it was refused, and the two looks; the tokens are those of the request alone.
    expect(report.sent.requests).toBe(4)
    expect(report.diagnosis?.lookedAt).toHaveLength(2)
    expect(report.diagnosis?.answersAt).toMatch(/\/anthropic$/)
  })

  test('and not at all beyond the caps', async () => {
    const url = await serving(below('/anthropic', missing))
    const { report } = await judged(url, '--fixture messages/hello --max-requests 2')
    expect(report.sent.requests).toBe(2)
    expect(report.diagnosis).not.toHaveProperty('lookedAt')
    expect(report.diagnosis?.sentence).toMatch(/the path is probably wrong/)
  })

  test('nor again at the end of what ends so already', async () => {
    const { report } = await judged(`${await serving(always(missing))}/anthropic`)
    expect(report.diagnosis?.lookedAt?.map((one) => new URL(one).pathname)).toEqual(['/anthropic/api'])
  })

  test('nor where a model is not served by one that lists others', async () => {
    const gateway = toMessages(errorAnswer(404, 'not_found_error', 'model: claude-reference'))
    const { report } = await judged(await serving(gateway))
    expect(report.diagnosis?.models).toContain(defaultModel)
    expect(report.diagnosis).not.toHaveProperty('lookedAt')
  })

  test('what answers 404 in the envelope everywhere is found nowhere', async () => {
    const gateway: Gateway = (request) =>
      new URL(request.url).pathname === '/v1/messages' ? missing : errorAnswer(404, 'not_found_error', 'Not found')
    const { report } = await judged(await serving(gateway))
    expect(report.diagnosis).not.toHaveProperty('answersAt')
  })
})

describe("a proxy's refusal", () => {
  afterEach(() => {
    vi.unstubAllEnvs()
  })

  test.for<[about: string, status: number, headers: Record<string, string>]>([
    ['of a proxy that wants a password', 407, { 'proxy-authenticate': 'Basic' }],
    ['of Squid', 403, { 'x-squid-error': 'ERR_ACCESS_DENIED 0' }],
    ['of one that did not get through', 502, { via: '1.1 proxy' }],
  ])('is not the gateway’s: %s', async ([, status, headers]) => {
    const proxy = createServer((_, to) => to.writeHead(status, headers).end('<html>Access denied</html>'))
    onTestFinished(() => void proxy.close())
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
    vi.stubEnv('no_proxy', '')
    vi.stubEnv('NO_PROXY', '')
    vi.stubEnv('http_proxy', `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`)
    const { code, report, outputs } = await judged('http://gateway.invalid')
    const sentence = report.diagnosis?.sentence ?? ''
    expect(sentence).toMatch(
      /^http:\/\/gateway\.invalid\/v1\/messages was not reached through the proxy that .*answered/,
    )
    expect(report.diagnosis).toMatchObject({ kind: 'proxy', url: 'http://gateway.invalid/v1/messages' })
    for (const [name, text] of outputs) expect(text, name).toContain(sentence)
    expect(code).toBe(2)
  })
})

describe('before anything is sent', () => {
  test.for([
    ['/v1', ''],
    ['/v1/', ''],
    ['/api/v1/messages', '/api'],
    ['/v1/messages/count_tokens', ''],
    ['/v1/models', ''],
    ['/v1/chat/completions', ''],
    ['/openai/v1/chat/completions/', '/openai'],
    ['/api/paas/v4/chat/completions', '/api/paas'],
    ['/chat/completions', ''],
    ['/v1/completions', ''],
    ['/V1/Chat/COMPLETIONS', ''],
    ['/api/v1/complete', '/api'],
    ['/openai/v1/responses', '/openai'],
    ['/v1/embeddings/', ''],
    ['/V1/Messages/', ''],
    ['/v1/messages/batches/msgbatch_1/results', ''],
    ['/anthropic/v1/models/claude-m', '/anthropic'],
  ] as const)('a Base URL that ends in an endpoint is told what it should be: %s', async ([path, better]) => {
    const line = `check --base-url http://127.0.0.1:9${path} --model m`
    const { code, err } = await typed(line, { GATEWAY_API_KEY: defaultKey })
    expect(code).toBe(2)
    expect(err).toMatch(/^The Base URL ends in \/.*\. It should probably be (\S+)\n$/)
    expect(err.trim().split(' ').at(-1)).toBe(`http://127.0.0.1:9${better}`)
    expect(err.includes('another protocol')).toBe(/complet|responses|embeddings/i.test(path))
  })

  test('one that only looks like it is asked', async () => {
    for (const path of ['/v1beta', '/v1/proxy', '/completions-gateway', '/v1beta/openai', '/responses', '/complete']) {
      const { err } = await typed(`check --base-url http://127.0.0.1:9${path} --model m`, {
        GATEWAY_API_KEY: defaultKey,
      })
      expect(err, path).toBe('')
    }
  })
})

describe('without a model', () => {
  const asking = async (gateway: Gateway): Promise<string> => {
    const url = await serving(gateway)
    const { code, err } = await typed(`check --base-url ${url}`, { GATEWAY_API_KEY: defaultKey })
    expect(code).toBe(2)
    return err.replaceAll(url, 'URL')
  }

  test('a key that is refused is said first', async () => {
    const refused = always({
      ...errorAnswer(401, 'authentication_error', 'invalid api key'),
      headers: [['www-authenticate', 'Bearer']],
    })
    expect(await asking(refused)).toMatch(
      /^GET URL\/v1\/models.* answered 401: authentication_error: invalid api key\. The key in GATEWAY_API_KEY was sent as Authorization: Bearer\. It asks for: Bearer\. Once it is accepted: Which model\?/,
    )
  })

  test('a page is said to be one', async () => {
    expect(await asking(always(html(200, 'Console')))).toMatch(
      /^Which model\? .* Its list of models could not be read: GET URL\/v1\/models.* answered 200 with a web page \("Console"\)\.\n$/,
    )
  })

  test('those that are served are named', async () => {
    expect(await asking(createReference())).toMatch(/^Which model\? .* It serves: claude-reference/)
  })
})
