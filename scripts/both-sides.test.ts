import { existsSync, readFileSync, realpathSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { defaultKey, defaultModel, upstreamKey } from '../fixtures/gateways/reference/identity.ts'
import type { Dialect, Report } from '../schemas/types.ts'
import { relayProcess } from '../suites/self/relay-process.ts'
import { scratch, serving } from '../suites/self/scratch.ts'
import { meantUpstream } from './commands/mock.ts'
import { parseOptions } from './options.ts'
import { typed, type Ran } from './typed.ts'

/* check with an upstream of ours behind a gateway, and with the gateway started for the run: real processes, real sockets. */

const secrets = { ACME_KEY: defaultKey, OTHER_KEY: 'own-7h2k9w4q8x1z5' }

interface Shape {
  readonly script?: string
  readonly start?: object
  readonly entry?: object
}

/** Runs check with a target file whose gateway is started from a script. */
async function checked(
  { script = relayProcess, start = {}, entry = {} }: Shape = {},
  ...more: string[]
): Promise<Ran & { folder: string; report: () => Report }> {
  const room = scratch()
  const target = join(room, 'target.json')
  const out = join(room, 'out')
  const command = [process.execPath, '-e', script, '{port}', '{upstream}', '{upstreamKey}']
  writeFileSync(
    target,
    JSON.stringify({
      targets: [
        {
          name: 'mine',
          baseUrl: 'http://127.0.0.1:{port}',
          model: defaultModel,
          key: { env: 'ACME_KEY' },
          upstream: { dialect: 'messages', port: 0 },
          start: { command, ...start },
          ...entry,
        },
      ],
    }),
  )
  const ran = await typed(['check', '--target', target, '--out', out, ...more], {
    ...secrets,
    PATH: process.env['PATH'] ?? '',
  })
  const report = (): Report => JSON.parse(readFileSync(join(out, 'report.json'), 'utf8')) as Report
  return { ...ran, folder: out, report }
}

test('one command starts the upstream and the gateway, judges both sides at full, and ends both', async () => {
  const { code, out, err, report } = await checked({}, '--profile', 'full')
  expect(out).toMatch(/^passage +[✓○]+ +\d+ hold, 1 noted$/m)
  expect(out).not.toContain('✗')
  expect(code).toBe(0)
  expect(err).toMatch(/^starts: \S+ '-e' /m)
  expect(report().verdicts.filter(({ id, outcome }) => id.startsWith('passage/') && outcome === 'broken')).toEqual([])
  const { baseUrl } = report().target
  await expect(fetch(baseUrl)).rejects.toThrow('fetch failed')
})

test('a relay in front of it is in the right whatever its model is called: the upstream lists each name it was asked for', async () => {
  const { code, report } = await checked(
    { entry: { model: 'claude-sonnet-5-5' } },
    '--only',
    'messages/page-served,models',
  )
  expect(report().verdicts.filter(({ outcome }) => outcome === 'broken')).toEqual([])
  expect(code).toBe(0)
})

/** The relay, which loses a part of each body on its way. */
function losing(part: string): string {
  const body = `let body = ''
  from.on('data', (text) => (body += text))
  from.on('end', () => onward.end(body.replace('${part}', '')))\n`
  return relayProcess
    .replace('from.pipe(onward)\n', body)
    .replace('headers: {', "headers: { 'transfer-encoding': 'chunked', ")
    .replace('host, ', "host, 'content-length': length, ")
}

const withoutTier = losing('"service_tier":"auto",')

test('a field that is dropped on the way is found, and every output shows both sides', async () => {
  const { code, out, folder } = await checked({ script: withoutTier }, '--only', 'passage')
  expect(out).toMatch(
    /^✗ MUST passage\/fields-kept\n.*\n\n {2}at +\/service_tier, of passage\/options.*\n {2}sent +"auto"\n {2}arrived +absent$/m,
  )
  expect(out).toMatch(
    /^ {2}again +.* --only passage\/fields-kept --fixture passage\/options --target \S+\/target\.json$/m,
  )
  expect(out).toMatch(/^Both sides were compared on \d+ exchanges: what was sent with what arrived/m)
  expect(code).toBe(1)
  const [page, summary] = ['report.html', 'summary.md'].map((name) => readFileSync(join(folder, name), 'utf8'))
  expect(page).toMatch(
    /<figcaption>Sent to the gateway<\/figcaption><pre[^>]*>[^]*?<mark> *&quot;service_tier&quot;: &quot;auto&quot;,?<\/mark>/,
  )
  for (const heading of ['Arrived at the upstream', 'Answered by the upstream', 'Received from the gateway'])
    expect(page).toContain(`<figcaption>${heading}</figcaption>`)
  expect(summary).toMatch(/`passage\/fields-kept`.*sent <code>\\?"auto\\?"<\/code>, arrived <code>absent<\/code>/)
})

test('an upstream that is not let go when the client leaves is found on a real socket', async () => {
  const script = relayProcess.replace("to.on('close', () => onward.destroy())", '')
  expect(script).not.toBe(relayProcess)
  const { out } = await checked({ script }, '--only', 'passage/let-go')
  expect(out).toMatch(/✗ SHOULD passage\/let-go/)
  const faithful = await checked({}, '--only', 'passage/let-go')
  expect(faithful.out).toMatch(/^passage +✓ +1 hold/m)
})

describe('behind it the upstream runs elsewhere already', () => {
  const elsewhere = async (dialect: string): Promise<string> =>
    serving(meantUpstream(parseOptions([], [], 'mock'), dialect as Dialect), { pace: 1 })

  test('and shows what arrives: a faithful relay holds, also that it lets the upstream go', async () => {
    const upstream = { dialect: 'messages', url: await elsewhere('messages') }
    const { code, out } = await checked({ entry: { upstream } }, '--only', 'passage')
    expect(out).toMatch(/^passage +[✓○]+ +\d+ hold/m)
    expect(code).toBe(0)
  })

  test('and a field that is dropped is found there too', async () => {
    const upstream = { dialect: 'messages', url: await elsewhere('messages') }
    const { code, out } = await checked({ script: withoutTier, entry: { upstream } }, '--only', 'passage/fields-kept')
    expect(out).toMatch(/at +\/service_tier, of passage\/options/)
    expect(code).toBe(1)
  })

  test.for<[what: string, upstream: () => Promise<string>, sentence: RegExp]>([
    ['shows nothing', () => serving(), /^Nothing at http:\/\/127\.0\.0\.1:\d+ shows what arrives there: serve/m],
    [
      'speaks otherwise',
      () => elsewhere('chat-completions'),
      /speaks chat-completions, and the target says messages\.$/m,
    ],
  ])('one that %s is a sentence', async ([, upstream, sentence]) => {
    const { code, err, out } = await checked({ entry: { upstream: { dialect: 'messages', url: await upstream() } } })
    expect(err).toMatch(sentence)
    expect(out).toBe('')
    expect(code).toBe(2)
  })

  test('a port and an address are one too many, and neither is too little', async () => {
    for (const more of [{ port: 0, url: 'http://127.0.0.1:9' }, {}]) {
      const { code, err } = await checked({ entry: { upstream: { dialect: 'messages', ...more } } })
      expect(err).toMatch(/targets\/0\/upstream/)
      expect(code).toBe(2)
    }
  })
})

test('what is changed on purpose is no breach, and is said; so is what was not changed after all', async () => {
  const changes = [
    { field: 'service_tier', because: 'the contract has one tier only' },
    { field: 'metadata/user_id', because: 'it identifies a person' },
  ]
  const { code, out, report } = await checked({ script: withoutTier, entry: { changes } }, '--only', 'passage')
  expect(out).toContain('Changed on purpose: service_tier (the contract has one tier only).')
  expect(out).toContain('Said to be changed on purpose, and was not: metadata/user_id (it identifies a person).')
  expect(out).not.toContain('✗')
  expect(code).toBe(0)
  expect(report().changes?.map(({ field, seen }) => [field, seen])).toEqual([
    ['service_tier', true],
    ['metadata/user_id', false],
  ])
})

test('what the gateway wrote is kept beside the reports, without secrets; it sees the environment it was given, and no more', async () => {
  const start = { env: { OWN_SECRET: { env: 'ACME_KEY' }, MODE: 'test' } }
  const { folder } = await checked({ start }, '--only', 'passage')
  const log = readFileSync(join(folder, 'gateway.log'), 'utf8')
  expect(log).toMatch(/listens on \d+ with \[redacted:credential\] /)
  expect(
    log
      .trim()
      .split(' ')
      .at(-1)
      ?.split(',')
      .filter((name) => !/^(PATH|HOME|__CF.*)$/.test(name))
      .toSorted(),
  ).toEqual(['MODE', 'OWN_SECRET'])
})

describe('the last words of a gateway that ended are told without its own secrets,', () => {
  const start = { env: { OWN_SECRET: { env: 'OTHER_KEY' } } }
  const cries = "console.error('with', process.env.OWN_SECRET); process.exit(3)"

  test('before it was up', async () => {
    const { err } = await checked({ script: cries, start })
    expect(err).toMatch(/It last wrote: with \S*redacted/)
    expect(err).not.toContain(secrets.OTHER_KEY)
  })

  test('and while it was judged', async () => {
    const script = relayProcess.replace(
      'from.pipe(onward)',
      `if (from.url.startsWith('/v1/models')) { ${cries} }\nfrom.pipe(onward)`,
    )
    const { out, err, report } = await checked({ script, start }, '--profile', 'full')
    expect(out).toMatch(/It last wrote: with \S*redacted/)
    expect(out + err + JSON.stringify(report())).not.toContain(secrets.OTHER_KEY)
  })
})

test('a gateway runs in the folder of its target file', async () => {
  const script = `console.log('runs in', process.cwd()); process.exit(1)`
  const { err, folder } = await checked({ script })
  expect(err).toContain(`It last wrote: runs in ${realpathSync(join(folder, '..'))}`)
})

describe('one sentence and exit 2 where', () => {
  test.for<[what: string, shape: Shape, sentence: RegExp]>([
    [
      'there is no such program',
      { start: { command: ['./no-such-gateway'] } },
      /start\.command started could not be started .*ENOENT/,
    ],
    [
      'the program is none that may be run',
      { start: { command: ['./target.json'] } },
      /start\.command started could not be started .*EACCES/,
    ],
    [
      'the program lies where no folder is',
      { start: { command: ['./target.json/gateway'] } },
      /gateway of start\.command could not be started .*ENOTDIR/,
    ],
    [
      'a word of its command is none that a program can be given',
      { start: { command: [process.execPath, 'a\0b'] } },
      /gateway of start\.command could not be started .*null bytes/,
    ],
    [
      'the gateway ends before it is up',
      { script: 'console.error("no config"); process.exit(3)' },
      /ended with exit code 3 before it was up\. It last wrote: no config$/m,
    ],
    [
      'it is not up in time',
      { script: 'setInterval(() => {}, 1000)', start: { timeout: 0.2 } },
      /did not answer at \S+ within 0\.2 s\./,
    ],
    [
      'a variable of its environment is not set',
      { start: { env: { TOKEN: { env: 'NOT_SET' } } } },
      /start\.env names the variable NOT_SET, which is not set\./,
    ],
    [
      'a placeholder stands for nothing',
      { entry: { upstream: undefined } },
      /\{upstream\} stands for nothing without "upstream"/,
    ],
  ])('%s', async ([, shape, sentence]) => {
    const { code, err, out, folder } = await checked(shape)
    expect(err).toMatch(sentence)
    expect(out).toBe('')
    expect(code).toBe(2)
    expect(existsSync(join(folder, 'report.json'))).toBe(false)
  })

  test('something answers at its address already', async () => {
    const squatter = createServer()
    await new Promise<void>((resolve) => squatter.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void squatter.close())
    const { port } = squatter.address() as { port: number }
    const { code, err } = await checked({ entry: { baseUrl: `http://127.0.0.1:${port}` } })
    expect(err).toContain(`Something answers at 127.0.0.1:${port} before the gateway is started there`)
    expect(code).toBe(2)
  })

  test('the gateway ends while it is judged', async () => {
    const script = relayProcess.replace(
      'from.pipe(onward)',
      "if (from.url.startsWith('/v1/models')) process.exit(7)\n  from.pipe(onward)",
    )
    const { code, out, report } = await checked({ script }, '--profile', 'full')
    expect(out).toContain('The gateway that start.command started ended with exit code 7 while it was judged.')
    expect(code).toBe(2)
    expect(report().ending).toBe('error')
  })

  test('the gateway never asks the upstream', async () => {
    const { code, out, report } = await checked({ entry: { baseUrl: await serving(), start: undefined } })
    expect(out).toMatch(
      /answered 200 and never asked the upstream that was served for it at http:\/\/127\.0\.0\.1:\d+: give the gateway/,
    )
    expect(code).toBe(2)
    expect(report().diagnosis?.kind).toBe('upstream-unasked')
    expect(report().sent.requests).toBe(1)
  })

  test('a look at what may be answered without the upstream is no sign that it is not asked', async () => {
    const { code, report } = await checked({}, '--only', 'models,tokens/malformed-never-5xx')
    expect(report().diagnosis).toBeUndefined()
    expect(code).toBe(0)
  })

  test('the upstream refuses the key that the gateway has for it', async () => {
    const script = relayProcess.replace("? key : 'nobody'", "? 'wrong' : 'nobody'")
    const { code, out, report } = await checked({ script })
    expect(out).toContain(`give the gateway ${upstreamKey} as its key there.`)
    expect(code).toBe(2)
    expect(report().diagnosis?.kind).toBe('upstream-refused')
  })
})

test('an upstream is typed for a gateway that runs already', async () => {
  const alone = await typed('check --upstream-port 4010')
  expect(alone.err).toContain('name that one too: --base-url URL --model NAME')
  const dialect = await typed('check --base-url http://127.0.0.1:9 --model m --upstream-dialect messages', {
    GATEWAY_API_KEY: defaultKey,
  })
  expect(dialect.err).toContain('name its port too: --upstream-port N')
  const unknown = await typed(
    'check --base-url http://127.0.0.1:9 --model m --upstream-port 1 --upstream-dialect rest',
    { GATEWAY_API_KEY: defaultKey },
  )
  expect(unknown.err).toContain('--upstream-dialect takes one of messages, chat-completions.')
  const twice = await typed('check --target none.json --upstream-port 4010')
  expect(twice.err).toContain('--upstream-port and --target name two things at once')
  const nothing = await typed('check --no-start')
  expect(nothing.err).toContain('--no-start goes with a target file')
  expect([alone, dialect, unknown, twice, nothing].map(({ code }) => code)).toEqual([2, 2, 2, 2, 2])
})
