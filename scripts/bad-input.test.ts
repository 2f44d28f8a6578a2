import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { errorAnswer } from '../fixtures/gateways/alter.ts'
import { createReference } from '../fixtures/gateways/reference/reference.ts'
import { serve, type Served } from '../fixtures/gateways/serve.ts'
import { scratch } from '../suites/self/scratch.ts'
import { claim } from './claim.ts'
import { check as checkFromCode, InputError } from './library.ts'
import { outFiles } from './report/files.ts'
import { typed } from './typed.ts'

/* What was typed, set or written wrongly: one sentence that names the thing and the remedy, exit 2, and nothing is sent. */

let server: Served
let asked = 0

beforeAll(async () => {
  const reference = createReference()
  server = await serve((request) => {
    asked++
    return reference(request)
  })
})
beforeEach(() => {
  asked = 0
})
afterAll(() => server.close())

function targetFile(content: object | string | Buffer): string {
  const path = join(scratch(), 'targets.json')
  writeFileSync(path, typeof content === 'string' || Buffer.isBuffer(content) ? content : JSON.stringify(content))
  return path
}

const check = (...more: readonly string[]): string[] => ['check', '--base-url', server.url, '--model', 'm', ...more]
const key = { GATEWAY_API_KEY: 'key-0123456789abcdef' }

async function ran(line: readonly string[], environment: Record<string, string>) {
  return { ...(await typed(line, environment)), asked }
}

/** One sentence on stderr that says so and shows no secret, and nothing else. */
const refused = (says: RegExp) => ({
  code: 2,
  out: '',
  err: expect.stringMatching(new RegExp(`^(?!.*0123456789abcdef).*${says.source}.*\\n$`)) as unknown,
  asked: 0,
})

describe('a header that cannot be sent', () => {
  test.for<[what: string, more: readonly string[], environment: Record<string, string>, says: RegExp]>([
    ['the key', [], { GATEWAY_API_KEY: 'key-0123456789abcdef\n' }, /GATEWAY_API_KEY ends in a line feed.*pasted/],
    ['the key, in other letters', [], { GATEWAY_API_KEY: 'key-0123456789abcdef–' }, /no header can carry/],
    ['--header', ['--header', 'x-team: grün und “grün”'], key, /header x-team .*no header can carry/],
    ['the name of --header', ['--header', 'x team: green'], key, /Header 1 has a name that cannot be one/],
    ['--header twice', ['--header', 'x: 1', '--header', 'X: 2'], key, /header X is there twice/],
    [
      '--key-header for another scheme',
      ['--key-header', 'Authorization'],
      key,
      /--auth none --header-env Authorization=VARIABLE/,
    ],
    [
      '--header-env',
      ['--header-env', 'x-pass=PASS'],
      { ...key, PASS: 'p-0123456789abcdef\r\n' },
      /x-pass \(from PASS\)/,
    ],
    ['--api-version', ['--api-version', '2023-06-01\n'], key, /API version ends in a line feed/],
    ['the model of the environment', [], { ...key, GATEWAY_MODEL: 'm\n' }, /name of the model ends in a line feed/],
  ])('%s', async ([what, more, environment, says]) => {
    const line = what.startsWith('the model') ? ['check', '--base-url', server.url] : check(...more)
    expect(await ran(line, environment)).toEqual(refused(says))
  })

  test('a header of the second target, before the first is asked', async () => {
    const entry = (name: string, headers: object) => ({
      name,
      baseUrl: server.url,
      model: 'm',
      key: { env: 'GATEWAY_API_KEY' },
      headers,
    })
    const path = targetFile({ targets: [entry('one', {}), entry('two', { 'x-team': 'green\n' })] })
    expect(await ran(['check', '--target', path], key)).toEqual(
      refused(/Target two: the header x-team ends in a line feed/),
    )
  })

  test.for([
    { key: null, keyHeader: 'api-key' },
    { key: key.GATEWAY_API_KEY, keyHeader: 'api-key', auth: 'bearer' },
    { key: key.GATEWAY_API_KEY, keyHeader: 'authorization' },
    { key: key.GATEWAY_API_KEY, keyHeader: 'api key' },
  ] as const)('the header of a key, given to the library: %j', async (how) => {
    await expect(checkFromCode({ baseUrl: server.url, model: 'm', ...how })).rejects.toBeInstanceOf(InputError)
    expect(asked).toBe(0)
  })

  test('the key, given to the library', async () => {
    const judged = checkFromCode({ baseUrl: server.url, model: 'm', key: 'key-0123456789abcdef\n' })
    await expect(judged).rejects.toBeInstanceOf(InputError)
    expect(asked).toBe(0)
  })
})

describe('a secret that could not be kept out of what is written', () => {
  const entry = { name: 'one', model: 'm', key: { env: 'GATEWAY_API_KEY' } }
  test.for<[what: string, environment: Record<string, string>, says: RegExp]>([
    ['too short', { GATEWAY_API_KEY: 'abcde' }, /key in GATEWAY_API_KEY has fewer than 6 characters.*Use a longer/],
    ['a word of the protocol', { GATEWAY_API_KEY: 'assistant' }, /key in GATEWAY_API_KEY is a word that requests/],
    ['a part of one', { GATEWAY_API_KEY: 'essage' }, /key in GATEWAY_API_KEY is a word that requests/],
    [
      "the model's name",
      { GATEWAY_API_KEY: 'claude-large', GATEWAY_MODEL: 'claude-large' },
      /told from the model's name/,
    ],
  ])('a key: %s', async ([, environment, says]) => {
    const line = ['check', '--base-url', server.url, ...('GATEWAY_MODEL' in environment ? [] : ['--model', 'm'])]
    expect(await ran(line, environment)).toEqual(refused(says))
    const model = environment['GATEWAY_MODEL'] ?? 'm'
    const path = targetFile({ targets: [{ ...entry, model, baseUrl: server.url }] })
    expect(await ran(['check', '--target', path], environment)).toEqual(refused(says))
    const judged = checkFromCode({ baseUrl: server.url, model, key: environment['GATEWAY_API_KEY'] ?? null })
    await expect(judged).rejects.toThrow(says)
    expect(asked).toBe(0)
  })

  test('a header given by a variable', async () => {
    const environment = { ...key, PASS: 'user' }
    const says = /value of the header x-pass, from PASS, has fewer than 6 characters/
    expect(await ran(check('--header-env', 'x-pass=PASS'), environment)).toEqual(refused(says))
    const path = targetFile({ targets: [{ ...entry, baseUrl: server.url, headers: { 'x-pass': { env: 'PASS' } } }] })
    expect(await ran(['check', '--target', path], environment)).toEqual(refused(says))
  })
})

test.for(['--write-target', '--write-waivers'])(
  '%s does not write a key of the Base URL into a file',
  async (option) => {
    const path = join(scratch(), 'learnt.json')
    const line = ['check', '--base-url', `${server.url}/key-0123456789abcdef`, '--model', 'm', option, path]
    expect(await ran(line, key)).toEqual(refused(new RegExp(`^${option} would write a credential into .*learnt`)))
    expect(existsSync(path)).toBe(false)
  },
)

describe('a credential that is typed literally', () => {
  const literal = 'q7Zr2Xk4Lm8Pt3Vb6Nc1'
  const headers = [
    'x-portkey-api-key',
    'cf-aig-authorization',
    'Helicone-Auth',
    'api-key',
    'x-goog-api-key',
    'x-anything',
  ]
  test.for(headers)('in the header %s', async (name) => {
    const says = /^--header would show a credential; use --key-env, or --header-env NAME=VARIABLE\.\n$/
    expect(await ran(check('--header', `${name}: ${literal}`), key)).toMatchObject({
      ...refused(/x/),
      err: expect.stringMatching(says) as unknown,
    })
    const entry = { name: 'one', model: 'm', baseUrl: server.url, key: { env: 'GATEWAY_API_KEY' } }
    const path = targetFile({ targets: [{ ...entry, headers: { [name]: literal } }] })
    expect(await ran(['check', '--target', path], key)).toEqual(
      refused(new RegExp(`/targets/0/headers/${name} holds a credential.*Write \\{ "env": "VARIABLE" \\} there`)),
    )
  })

  test.for<[option: string, what: RegExp]>([
    ['--model', /The model's name looks like a credential.*--key-env/],
    ['--small-model', /The small model looks like a credential.*--key-env/],
    ['--api-version', /The API version looks like a credential.*--key-env/],
  ])('by %s', async ([option, says]) => {
    const line = ['check', '--base-url', server.url, ...(option === '--model' ? [] : ['--model', 'm']), option]
    expect(await ran([...line, 'sk-ant-0123456789abcdef'], key)).toEqual(refused(says))
  })

  test('and a header that shows none is sent', async () => {
    const words = [
      '--header',
      'x-portkey-provider: anthropic',
      '--header',
      'x-authz-tenant: false',
      '--only',
      'messages/json',
    ]
    const { code } = await ran(check(...words, '--header', 'anthropic-beta: interleaved-thinking-2025-05-14'), key)
    expect({ code, sent: asked > 0 }).toEqual({ code: 2, sent: true })
  })

  test('in a header of the library is kept as a secret', async () => {
    const echo = await serve((request) =>
      errorAnswer(400, 'invalid_request_error', `no ${request.headers.get('x-goog-api-key')}`),
    )
    onTestFinished(() => echo.close())
    const { report, exchanges } = await checkFromCode(
      { baseUrl: echo.url, model: 'm', key: 'key-0123456789abcdef', headers: [['x-goog-api-key', literal]] },
      { selection: { only: ['messages/json', 'auth/key-not-echoed'] } },
    )
    const bodies = exchanges.map(({ came }) => ('body' in came ? Buffer.from(came.body).toString() : ''))
    expect(bodies.join('')).toContain('no [redacted:credential]')
    expect(JSON.stringify([report, exchanges, bodies])).not.toContain(literal)
  })
})

describe('what is typed', () => {
  test.for<[line: string, says: RegExp]>([
    ['toString', /There is no command of that name\./],
    ['check --correct-horse-battery', /check has no option of that name\. See: check --help/],
    ['constructor', /There is no command of that name\./],
    ['__proto__ --help', /There is no command of that name\./],
    ['check --only ,', /--only has an empty item; write --only ID-or-AREA,\.\.\./],
    ['check --only streaming,,tools', /--only has an empty item/],
    ['check --fixture messages/hello,', /--fixture has an empty item/],
    ['check --require ,vision', /--require has an empty item/],
    ['plan --lacks ,', /--lacks has an empty item/],
    ['check --only toString', /There is no requirement or area of that name\./],
    ['check --fixture constructor', /There is no fixture of that name\./],
    ['check --require valueOf', /There is no capability of that name\./],
    ['check --require batches', /There is no capability of that name\./],
    ['check --require vision --lacks vision', /vision is both required and lacking/],
    ['check --max-requests 1e3', /--max-requests takes a whole number of at least 0\./],
    ['check --concurrency 0', /--concurrency takes a whole number of at least 1\./],
    ['mock --port 70000', /--port takes a whole number from 0 to 65535\./],
    ['mock --port 0x50', /--port takes a whole number from 0 to 65535\./],
    ['mock --fault toString', /There is no fault of that name\./],
  ])('%s', async ([line, says]) => {
    expect(await ran(line.split(' '), {})).toEqual(refused(says))
  })

  test('a number of blanks', async () => {
    expect(await ran(check('--max-requests', ' '), key)).toEqual(refused(/--max-requests takes a whole number/))
  })

  test('a port that is in use; the log is a whole tape all the same', async () => {
    const log = join(scratch(), 'log.jsonl')
    const line = ['mock', '--port', String(server.port), '--log', log]
    expect(await ran(line, {})).toEqual(refused(new RegExp(`Port ${server.port} is in use; name another by --port`)))
    expect(readFileSync(log, 'utf8')).toContain('"kind":"footer"')
  })

  test('a key of the mock that no client can send', async () => {
    expect(await ran(['mock', '--key', 'key-0123456789abcdef\n'], {})).toEqual(
      refused(/The key of --key ends in a line/),
    )
  })
})

describe('a target file', () => {
  const target = (): object => ({ name: 'a', baseUrl: `${server.url}/v1`, model: 'm', key: { env: 'GATEWAY_API_KEY' } })

  test('with a comma too many says where, and quotes nothing', async () => {
    const path = targetFile('{\n  "targets": [\n    { "key": "key-0123456789abcdef", }\n  ]\n}')
    expect(await ran(['check', '--target', path], key)).toEqual(
      refused(/targets\.json, line 3, column 38: this is no JSON/),
    )
  })

  test('with a byte order mark is read', async () => {
    const path = targetFile(`\uFEFF${JSON.stringify({ targets: [target()] })}`)
    expect(await ran(['check', '--target', path], key)).toEqual(refused(/The Base URL ends in \/v1/))
  })

  test('of a size that none has is not read', async () => {
    const path = targetFile('')
    truncateSync(path, 2 ** 33)
    expect(await ran(['check', '--target', path], key)).toEqual(
      refused(/is no target file: it has more than 16777216 bytes/),
    )
  })

  test('that is a folder', async () => {
    expect(await ran(['check', '--target', scratch()], key)).toEqual(
      refused(/cannot be read: is it there, and is it a/),
    )
  })
})

describe('a place that cannot be written', () => {
  /** A folder that holds folders of these names, and a file `file`. */
  function holding(...names: readonly string[]): string {
    const path = scratch()
    for (const name of names) mkdirSync(join(path, name), { recursive: true })
    writeFileSync(join(path, 'file'), '')
    return path
  }

  test.for(outFiles)('--out, with a folder in it that is named %s', async (name) => {
    const out = holding(name)
    expect(await ran(check('--out', out), key)).toEqual(
      refused(new RegExp(`${name} cannot be written: it is a folder; name`)),
    )
    expect(readdirSync(out).toSorted()).toEqual(['file', name].toSorted())
  })

  test('--out, of the second of several targets', async () => {
    const target = (name: string) => ({ name, baseUrl: server.url, model: 'm', key: { env: 'GATEWAY_API_KEY' } })
    const path = targetFile({ targets: [target('one'), target('two')] })
    const line = ['check', '--target', path, '--out', holding('two/junit.xml')]
    expect(await ran(line, key)).toEqual(refused(/two\/junit\.xml cannot be written: it is a folder/))
  })

  test.for<[what: string, path: string, says: RegExp]>([
    ['that is a file', 'file', /--out .*file cannot be made: is it a file/],
    ['below a file', 'file/out', /--out .*file\/out cannot be made: is it a file/],
  ])('--out %s', async ([, path, says]) => {
    expect(await ran(check('--out', join(holding(), path)), key)).toEqual(refused(says))
  })

  test('--out, where another run is writing', async () => {
    const out = scratch()
    const release = claim(join(out, '.messages-conformance.lock'), out)
    onTestFinished(release)
    expect(await ran(check('--out', out), key)).toEqual(
      refused(/is in use by another run \(process \d+ on .*\); name another/),
    )
    const before = scratch()
    await ran(['check', '--only', 'messages/shape', '--out', before], {})
    const again = await ran(['judge', join(before, 'tape.jsonl'), '--out', out], {})
    expect(again).toEqual(refused(/is in use by another run/))
  })

  test.for<[what: string, summary: string]>([
    ['is a folder', 'in-the-way'],
    ['is in a folder that is not there', 'none/summary.md'],
  ])('GITHUB_STEP_SUMMARY, which %s', async ([, summary]) => {
    const place = holding('in-the-way')
    const environment = { ...key, GITHUB_STEP_SUMMARY: join(place, summary) }
    const says = /GITHUB_STEP_SUMMARY cannot be written: .*; unset the variable to go without/
    expect(await ran(check('--out', join(place, 'out')), environment)).toEqual(refused(says))
  })

  test.for(['--write-target', '--write-waivers'])('%s', async (option) => {
    const says = new RegExp(`cannot be written: there is no such file or folder; name another file by ${option}`)
    expect(await ran(check(option, join(scratch(), 'none/targets.json')), key)).toEqual(refused(says))
  })

  test('--log of a mock, where another one is writing', async () => {
    const log = join(scratch(), 'log.jsonl')
    onTestFinished(claim(`${log}.lock`, log))
    expect(await ran(['mock', '--log', log], {})).toEqual(refused(/--log .* is in use by another run/))
    expect(existsSync(log)).toBe(false)
  })

  test('--log of a mock, on a disk that is full', async ({ skip }) => {
    if (!existsSync('/dev/full')) return skip('there is no /dev/full here')
    const log = join(scratch(), 'log.jsonl')
    symlinkSync('/dev/full', log)
    expect(await ran(['mock', '--log', log], {})).toEqual(refused(/log\.jsonl cannot be used: the disk is full/))
    expect(existsSync(`${log}.lock`)).toBe(false)
  })
})

test('nothing is left behind where a run that is refused tried what it would write', async () => {
  const out = join(scratch(), 'out')
  const line = ['check', '--base-url', server.url, '--model', 'm', '--out', out]
  expect((await ran(line, { ...key, GITHUB_STEP_SUMMARY: '/nowhere/summary.md' })).code).toBe(2)
  expect(readdirSync(out)).toEqual([])
})

const gateway = { name: 'a', baseUrl: 'http://127.0.0.1:9', model: 'm', auth: 'none' }

describe('no folder is made for --out where what is typed is refused:', () => {
  const numbers = [
    'timeout',
    'deadline',
    'wait',
    'concurrency',
    'max-requests',
    'max-input-tokens',
    'max-output-tokens',
  ]
  test.for<[what: string, line: () => readonly string[]]>([
    ...numbers.map((name): [string, () => readonly string[]] => [`--${name}`, () => check(`--${name}`, 'soon')]),
    ['--timeout of the reference', () => ['check', '--timeout', 'soon']],
    ['--wait for the reference', () => ['check', '--wait', '3']],
    ['--write-target from the reference', () => ['check', '--write-target', 'x.json']],
    ['--fault', () => ['check', '--fault', 'none']],
    ['--only', () => check('--only', 'none')],
    ['--profile', () => check('--profile', 'none')],
    ['--require and --lacks', () => check('--require', 'vision', '--lacks', 'vision')],
    [
      'what the second target requires and lacks',
      () => [
        'check',
        '--target',
        targetFile({ targets: [gateway, { ...gateway, name: 'b', requires: ['vision'], lacks: ['vision'] }] }),
      ],
    ],
    ['a tape that is not there', () => ['judge', '/nowhere/tape.jsonl']],
    ['--profile of judge', () => ['judge', targetFile('{}'), '--profile', 'none']],
  ])('%s', async ([, line]) => {
    const out = join(scratch(), 'out')
    expect(await ran([...line(), '--out', out], key)).toMatchObject({ code: 2, out: '', asked: 0 })
    expect(existsSync(out)).toBe(false)
  })
})
