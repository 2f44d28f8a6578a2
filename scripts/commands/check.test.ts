import { fixtureFacts } from '../../fixtures/facts.ts'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { Gateway } from '../../fixtures/gateways/answer.ts'
import { errorAnswer } from '../../fixtures/gateways/alter.ts'
import { faults } from '../../fixtures/gateways/faults/faults.ts'
import { defaultKey, defaultModel } from '../../fixtures/gateways/reference/identity.ts'
import { createReference } from '../../fixtures/gateways/reference/reference.ts'
import { planFor, wholeProfile } from '../../suites/run/selection.ts'
import { validateReport } from '../../schemas/validators.js'
import { typed } from '../typed.ts'
import { scratch, serving } from '../../suites/self/scratch.ts'

const key = { GATEWAY_API_KEY: defaultKey }

describe('the built-in reference', () => {
  test('keeps its promises, and says how to judge another', async () => {
    const { code, out } = await typed('check')
    expect(code).toBe(0)
    expect(out).toMatch(/^No gateway was named, so this judges the built-in reference\./)
    expect(out).toContain('The built-in reference keeps the promises of sdk')
    expect(out).toContain('npm run check -- --base-url')
  })

  test('with a fault breaks that promise, at the event, and shows it again', async () => {
    const { code, out } = await typed('check --fault streaming/no-message-stop')
    expect(code).toBe(1)
    expect(out).toContain('✗ MUST streaming/ends')
    expect(out).toMatch(/at +after event \d+, of messages\/hello:stream/)
    const again = /again +npm run check -- (.+)/.exec(out)?.[1] ?? ''
    const second = await typed(`check ${again}`)
    expect(second.code).toBe(1)
    expect(second.out).toContain('✗ MUST streaming/ends')
    expect(second.out).toContain('1 of')
    expect(second.out).toMatch(/1 broken: a partial look\.\n$/)
  })
})

describe('a gateway on a port', () => {
  test('that is right is proven', async () => {
    const url = await serving(createReference())
    const { code, out } = await typed(`check --base-url ${url} --model ${defaultModel}`, key)
    expect(code).toBe(0)
    expect(out).toContain('This gateway keeps the promises of sdk')
  })

  test('is named by the environment too', async () => {
    const url = await serving(createReference())
    const { code } = await typed('check', { ...key, GATEWAY_BASE_URL: url, GATEWAY_MODEL: defaultModel })
    expect(code).toBe(0)
  })

  test('that refuses the key is not proven, and the run ends there', async () => {
    const url = await serving(createReference())
    const { code, out } = await typed(`check --base-url ${url} --model ${defaultModel}`, {
      GATEWAY_API_KEY: 'no-such-key-1234567890',
    })
    expect(code).toBe(2)
    expect(out).toContain('answered 401: authentication_error')
    expect(out).toContain('GATEWAY_API_KEY')
    expect(out).toContain('as x-api-key it was refused too.')
    expect(out).toContain('2 requests were sent.')
    expect(out).not.toContain('no-such-key-1234567890')
  })

  test('where nothing listens is not proven', async () => {
    const { code, out } = await typed('check --base-url http://127.0.0.1:9 --model m', key)
    expect(code).toBe(2)
    expect(out).toContain('refused the connection')
  })

  test.for<[name: string, gateway: Gateway, says: string]>([
    [
      'a web page',
      () => ({ status: 200, headers: [['content-type', 'text/html']], body: { raw: '<!doctype html><html></html>' } }),
      'a web page',
    ],
    [
      'a redirect',
      () => ({ status: 302, headers: [['location', 'https://other.example/login?next=1']], body: { raw: '' } }),
      'a redirect to https://other.example',
    ],
    [
      'no route',
      () => ({ status: 404, headers: [['content-type', 'application/json']], body: { json: { detail: 'Not Found' } } }),
      'the path is probably wrong',
    ],
    ['no such model', () => errorAnswer(404, 'not_found_error', 'model: m'), 'does not serve the model m'],
  ])('with %s ends there, and all outputs say why', async ([, gateway, says]) => {
    const place = scratch()
    const line = `check --base-url ${await serving(gateway)} --model m --out ${place}`
    const { code, out } = await typed(line, { ...key, GITHUB_STEP_SUMMARY: join(place, 'step.md') })
    expect(code).toBe(2)
    expect(out).toContain(says)
    for (const file of ['report.json', 'report.html', 'summary.md', 'junit.xml', 'tape.jsonl', 'step.md']) {
      const text = readFileSync(join(place, file), 'utf8')
      expect([file, text.includes(says)]).toEqual([file, true])
      expect([file, text.includes('could not be reached')]).toEqual([file, false])
    }
  })

  test('that says much in its headers is quoted by the beginning of them', async () => {
    const reference = createReference()
    const url = await serving(async (request) => {
      const answer = await reference(request)
      const headers = answer.headers.filter(([name]) => name !== 'content-type')
      const long = [
        ['content-type', `text/${'y'.repeat(100_000)}`],
        ['x-request-id', 'z'.repeat(100_000)],
      ] as const
      return { ...answer, headers: [...headers, ...long] }
    })
    const place = scratch()
    const { out } = await typed(`check --base-url ${url} --model ${defaultModel} --only messages --out ${place}`, key)
    expect(out).toContain('y'.repeat(20))
    const files = readdirSync(place).filter((file) => file !== 'tape.jsonl')
    expect(files).toContain('report.html')
    for (const text of [out, ...files.map((file) => readFileSync(join(place, file), 'utf8'))])
      expect(/([yz])\1{1500}/.test(text)).toBe(false)
  })

  test('that accepts only x-api-key is judged with that, and told so', async () => {
    const reference = createReference()
    const url = await serving((request) =>
      request.headers.has('authorization') ? errorAnswer(401, 'authentication_error', 'no') : reference(request),
    )
    const { out } = await typed(`check --base-url ${url} --model ${defaultModel} --only messages`, key)
    expect(out).toContain('accepts the key as x-api-key only')
    expect(out).toContain('none broken')
  })

  test('gets nothing a budget does not cover, and what it would need is said', async () => {
    let asked = 0
    const reference = createReference()
    const url = await serving((request) => {
      asked++
      return reference(request)
    })
    const needed = planFor(wholeProfile('sdk'), fixtureFacts).cost.requests
    const { code, out } = await typed(
      `check --base-url ${url} --model ${defaultModel} --max-requests ${needed - 1}`,
      key,
    )
    expect(code).toBe(2)
    expect(out).toContain(`it would need ${needed} requests`)
    expect(asked).toBe(0)
  })

  test('that answers {} to everything is broken', async () => {
    const url = await serving(() => ({
      status: 200,
      headers: [['content-type', 'application/json']],
      body: { json: {} },
    }))
    const { code, out } = await typed(`check --base-url ${url} --model m`, key)
    expect(code).toBe(1)
    expect(out).toContain('✗ MUST messages/shape')
  })

  test.for(['/gw/anthropic', '/gw/anthropic/', '/v1/anthropic'])('behind a proxy under %s works', async (path) => {
    const upstream = await serving(createReference())
    const prefix = path.replace(/\/$/, '')
    const proxy = createServer((incoming, response) => {
      const parts: Buffer[] = []
      incoming.on('data', (part: Buffer) => parts.push(part))
      incoming.on('end', () => {
        if (!incoming.url?.startsWith(`${prefix}/v1/`)) return response.writeHead(404).end()
        const headers = Object.fromEntries(
          Object.entries(incoming.headers).filter(([name]) => name !== 'host' && name !== 'connection'),
        )
        const body = Buffer.concat(parts)
        void fetch(upstream + incoming.url.slice(prefix.length), {
          method: incoming.method ?? 'GET',
          headers: headers as Record<string, string>,
          ...(body.length > 0 && { body }),
        }).then(async (answer) => {
          response.writeHead(answer.status, [...answer.headers].filter(([name]) => name !== 'transfer-encoding').flat())
          response.end(Buffer.from(await answer.arrayBuffer()))
        })
        return undefined
      })
    })
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => {
      proxy.close()
      proxy.closeAllConnections()
    })
    const { port } = proxy.address() as AddressInfo
    const { out, code } = await typed(
      `check --base-url http://127.0.0.1:${port}${path} --model ${defaultModel} --profile minimum`,
      key,
    )
    expect(out).toContain('This gateway keeps the promises of minimum')
    expect(code).toBe(0)
  })
})

describe('--out', () => {
  test('holds the report, the tape and junit.xml; the tape is judged alike', async () => {
    const directory = scratch()
    const { code } = await typed(['check', '--fault', 'usage/missing', '--out', directory])
    expect(code).toBe(1)
    const report: unknown = JSON.parse(readFileSync(join(directory, 'report.json'), 'utf8'))
    expect({ valid: validateReport(report), errors: validateReport.errors }).toEqual({ valid: true, errors: null })
    if (!validateReport(report)) return
    expect(report.target.kind).toBe('reference')
    expect(readFileSync(join(directory, 'junit.xml'), 'utf8')).toMatch(
      /name="usage\/shape" time="0\.\d+">\n {6}<failure/,
    )
    const again = scratch()
    expect((await typed(['judge', join(directory, 'tape.jsonl'), '--profile', 'sdk', '--out', again])).code).toBe(1)
    const judged = JSON.parse(readFileSync(join(again, 'report.json'), 'utf8')) as { verdicts: unknown }
    expect(judged.verdicts).toEqual(report.verdicts)
  })
})

describe('bad input is one sentence, and exit 2', () => {
  test.for<[line: string, environment: Record<string, string>, says: RegExp]>([
    ['chek', {}, /no command chek\. Did you mean check\?/],
    ['check --bas-url x', {}, /no option --bas-url\. Did you mean --base-url\?/],
    ['check --only streaming/end', {}, /no requirement or area streaming\/end\. Did you mean streaming\/ends\?/],
    ['check --fixture messages/helo', {}, /no fixture messages\/helo\. Did you mean messages\/hello\?/],
    ['check --fault streaming/ends-erly', {}, /no fault streaming\/ends-erly\. Did you mean streaming\/ends-early\?/],
    ['check --profile sdks', {}, /--profile takes one of minimum, sdk/],
    ['check --base-url', {}, /--base-url needs a value/],
    ['check --base-url gateway.example --model m', key, /no http or https URL/],
    [
      'check --base-url https://gateway.example/v1 --model m',
      key,
      /ends in \/v1.*should probably be https:\/\/gateway\.example$/m,
    ],
    [
      'check --base-url https://gateway.example/a/v1/messages/ --model m',
      key,
      /should probably be https:\/\/gateway\.example\/a$/m,
    ],
    ['check --base-url http://127.0.0.1:9', key, /Which model\?/],
    ['check --base-url https://gateway.example --model m', {}, /There is no key/],
    [
      'check --base-url https://gateway.example --model m --key-env sk-ant-secret-typed-here',
      {},
      /--key-env takes the name of an environment variable/,
    ],
    ['check --model m', {}, /--model needs a gateway/],
    ['check --key-env K', {}, /--key-env needs a gateway/],
    ['check --header a:b', {}, /--header needs a gateway/],
    ['check https://gateway.example', {}, /Did you mean --base-url\?/],
    ['check', { GATEWAY_API_KEY: 'x' }, /GATEWAY_API_KEY is set, but no gateway/],
    ['check', { GATEWAY_MODEL: 'x' }, /GATEWAY_MODEL is set, but no gateway/],
    ['check', { GATEWAY_BASE_URL: '' }, /GATEWAY_BASE_URL is set but empty/],
    [
      'check',
      { npm_config_base_url: 'http://127.0.0.1:9' },
      /npm took --base-url for itself\. Type: npm run check -- --base-url/,
    ],
    ['check', { npm_config_fault: 'x' }, /npm took --fault for itself/],
    ['judge', {}, /judge takes one file/],
    ['judge no-such-file.jsonl', {}, /no-such-file\.jsonl cannot be read/],
    ['judge package.json', {}, /package\.json/],
  ])('%s', async ([line, environment, says]) => {
    const { code, out, err } = await typed(line, environment)
    expect(err).toMatch(says)
    expect(err.trim().split('\n')).toHaveLength(1)
    expect(err + out).not.toContain('sk-ant-secret-typed-here')
    expect({ code, out }).toEqual({ code: 2, out: '' })
  })
})

test('on a terminal a curl is shown where it is asked for; where a program reads, always', async () => {
  const gateway = faults.find(({ id }) => id === 'usage/missing')!.over(createReference())
  const base = await serving(gateway)
  const ran = (more: string, onTerminal: boolean) =>
    typed(
      `check --base-url ${base} --model ${defaultModel} --only usage/shape ${more}`,
      { GATEWAY_API_KEY: defaultKey },
      100,
      { onTerminal },
    )
  const curl = /^ {2}curl +curl /m
  expect((await ran('', false)).out).toMatch(curl)
  expect((await ran('--curl', true)).out).toMatch(curl)
  const { out } = await ran('', true)
  expect(out).not.toMatch(curl)
  expect(out).toMatch(/^ {2}again /m)
  expect(out).toContain('--curl shows it here')
})
