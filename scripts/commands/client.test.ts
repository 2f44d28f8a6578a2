import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { defaultKey } from '../../fixtures/gateways/reference/identity.ts'
import type { ClientReport } from '../../schemas/types.ts'
import { validateClientReport } from '../../schemas/validators.js'
import { scratch } from '../../suites/self/scratch.ts'
import { typed, type Ran } from '../typed.ts'

/** A script that asks for a Message: `ask({ stream: true })` is the Response. */
const prelude = `
const { ANTHROPIC_BASE_URL: base, ANTHROPIC_API_KEY: key, ANTHROPIC_MODEL: model } = process.env
const ask = (change = {}) => fetch(base + '/v1/messages', {
  method: 'POST',
  headers: { 'x-api-key': key, 'anthropic-version': '2023-06-01', 'content-type': 'application/json' },
  body: JSON.stringify({ model, max_tokens: 50, messages: [{ role: 'user', content: 'Name three rivers.' }], ...change }),
})
const message = async (change) => (await ask(change)).json()
const pause = (time) => new Promise((resolve) => setTimeout(resolve, time))
`

/** Prints whatever text it was sent, and looks at nothing else. */
const careless = `
const text = await (await ask({ stream: true })).text()
for (const [, part] of text.matchAll(/"text_delta","text":"(.*?)"/g)) process.stdout.write(part)
`

function script(body: string): string {
  const file = join(scratch(), 'agent.mjs')
  writeFileSync(file, prelude + body)
  return file
}

interface Trial extends Ran {
  readonly report: ClientReport
  readonly out: string
  readonly folder: string
}

/** How a script is tried, beside its faults and options: the words behind it, and in which environment. */
interface Trying {
  readonly words?: readonly string[]
  readonly environment?: Record<string, string>
}

/** Tries a script with these gateways. */
async function tried(
  body: string,
  faults: string,
  more: readonly string[] = [],
  { words = [], environment }: Trying = {},
): Promise<Trial> {
  const folder = scratch()
  const command = [process.execPath, script(body), ...words]
  const ran = await typed(['client', '--faults', faults, '--out', folder, ...more, '--', ...command], environment)
  const file = join(folder, 'client.json')
  if (!existsSync(file)) throw new Error(`${ran.out}${ran.err}`)
  const report = JSON.parse(readFileSync(file, 'utf8')) as ClientReport
  expect(validateClientReport(report), JSON.stringify(validateClientReport.errors)).toBe(true)
  return { ...ran, report, folder }
}

function states({ report }: Trial): Record<string, string> {
  return Object.fromEntries(report.tried.map(({ id, state }) => [id, state]))
}

describe('what a command does', () => {
  test('it loses something silently, where it could have seen it', async () => {
    const trial = await tried(
      careless,
      'streaming/ends-early,streaming/lost-delta,messages/stop-reason-null,tools/end-turn',
    )
    expect(states(trial)).toEqual({
      'streaming/ends-early': 'loses-silently',
      'streaming/lost-delta': 'undetectable',
      'messages/stop-reason-null': 'unharmed',
      'tools/end-turn': 'not-provoked',
    })
    expect(trial.code).toBe(1)
    expect(trial.out).toContain('✗ loses something silently: streaming/ends-early: ends cleanly after a few deltas')
    expect(trial.out).toContain('  exit code 0, after 1 request\n  wrote another line: I\n')
    expect(trial.out).toMatch(/\n\nThe command loses something silently on 1 gateway\.\n$/)
    expect(trial.report).toMatchObject({ reference: { requests: 1 }, ending: 'complete', conclusion: { exitCode: 1 } })
    expect(trial.report.tried.find(({ id }) => id === 'streaming/ends-early')).toMatchObject({
      kind: 'fault',
      breaks: ['streaming/ends'],
      ran: { exit: { kind: 'code', code: 0 }, requests: 1, wrote: 'I', said: null },
    })
    const junit = readFileSync(join(trial.folder, 'junit.xml'), 'utf8')
    expect(junit).toContain('<testsuite name="fault" tests="4" failures="1" skipped="1"')
    expect(junit).toContain('<testsuite name="conclusion" tests="1" failures="1"')
  })

  test('it loses what a stop_reason told of, as all of it or as a part', async () => {
    const trial = await tried(careless, 'streaming/ends-early,upstream/refused,upstream/paused')
    expect(states(trial)).toEqual({
      'streaming/ends-early': 'loses-silently',
      'upstream/refused': 'loses-silently',
      'upstream/paused': 'loses-silently',
    })
    expect(trial.report.conclusion.reasons).toEqual([
      'The command loses something silently on 3 gateways.',
      'The stop_reason said so on 2 of them: pause_turn, refusal.',
    ])
  })

  test('it notices, by failing or by saying so', async () => {
    const fails = `${careless}if (!text.includes('message_stop')) throw new Error('cut off')`
    const failing = await tried(fails, 'streaming/ends-early')
    expect([failing.code, states(failing)]).toEqual([0, { 'streaming/ends-early': 'notices' }])
    expect(failing.report.tried[0]?.ran).toMatchObject({ exit: { kind: 'code', code: 1 }, said: 'Error: cut off' })
    const saying = await tried(fails.replace('throw new Error', 'console.error'), 'streaming/ends-early')
    expect([saying.code, states(saying)]).toEqual([0, { 'streaming/ends-early': 'notices' }])
    expect(readFileSync(join(saying.folder, 'junit.xml'), 'utf8')).toContain('failures="0"')
  })

  test('it survives by asking otherwise', async () => {
    const falling = `
      const text = await (await ask({ stream: true })).text()
      const whole = [...text.matchAll(/"text_delta","text":"(.*?)"/g)].map(([, part]) => part).join('')
      console.log(text.includes('message_stop') ? whole : (await message()).content[0].text)`
    const trial = await tried(falling, 'streaming/ends-early')
    expect([trial.code, states(trial)]).toEqual([0, { 'streaming/ends-early': 'survives' }])
    expect(trial.report.tried[0]?.ran?.requests).toBe(2)
  })

  test('it hangs, unless it still asks when its time is over; what it started ends with it', async () => {
    const waits = `
      const { spawn } = await import('node:child_process')
      const answer = await ask()
      if (answer.status !== 200) for (;;) await pause(100).then(() => ask())
      const { stop_reason, content } = await answer.json()
      if (stop_reason === null) {
        console.log(spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']).pid)
        await pause(1e9)
      }
      console.log(content[0].text)`
    const trial = await tried(waits, 'messages/stop-reason-null,upstream/overloaded', ['--timeout', '10'])
    expect([trial.code, states(trial)]).toEqual([
      1,
      { 'messages/stop-reason-null': 'hangs', 'upstream/overloaded': 'notices' },
    ])
    expect(trial.out).toContain('✗ hangs: messages/stop-reason-null')
    expect(trial.out).toContain('did not end in its time, after 1 request')
    const pid = Number(readFileSync(join(trial.folder, 'client-runs/messages/stop-reason-null/stdout.txt'), 'utf8'))
    expect(pid).toBeGreaterThan(1)
    await expect.poll(() => isAlive(pid), { timeout: 30_000 }).toBe(false)
  })

  test('what does not end in its time once, but does when it is run again, does not hang', async () => {
    const first = join(scratch(), 'first')
    const waitsOnce = `
      const { existsSync, writeFileSync } = await import('node:fs')
      const { stop_reason, content } = await message()
      if (stop_reason === null && !existsSync(${JSON.stringify(first)})) {
        writeFileSync(${JSON.stringify(first)}, '')
        await pause(1e9)
      }
      console.log(stop_reason, content[0].text)`
    const trial = await tried(waitsOnce, 'messages/stop-reason-null', ['--timeout', '10'])
    expect(existsSync(first)).toBe(true)
    expect([trial.code, states(trial)]).toEqual([1, { 'messages/stop-reason-null': 'loses-silently' }])
  })

  test('it trips over what is legal, which fails nobody, and takes other words for what they are', async () => {
    const first = 'console.log((await message()).content[0].text)'
    const trial = await tried(first, 'thinking-first,dumb-model,extra-fields')
    expect([trial.code, states(trial)]).toEqual([
      0,
      { 'thinking-first': 'trips', 'dumb-model': 'other-words', 'extra-fields': 'unharmed' },
    ])
    expect(trial.out).toContain('○ trips over something legal: thinking-first')
  })

  test('it was not provoked by any of them: nothing was told', async () => {
    const trial = await tried(careless, 'tools/end-turn')
    expect([trial.code, states(trial)]).toEqual([2, { 'tools/end-turn': 'not-provoked' }])
    expect(trial.out).toContain('Nothing was told: what the command asks is answered alike by all of them.')
  })
})

/** Whether a process is there, and no zombie that only waits for its parent to hear of its end. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return false
  }
}

describe('what nothing can be told from', () => {
  test.for<[about: string, body: string, says: RegExp]>([
    [
      'asks nothing',
      'console.log(1)',
      /^The command asked the reference for nothing: it has to take its Base URL from/,
    ],
    ['fails', 'await ask(); throw new Error("no \\u001B[31mway")', /with exit code 1: Error: no {2}\[31mway$/],
    ['fails before it asks', 'process.exit(3)', /^The command fails on the reference, with exit code 3$/],
    ['ends itself', 'process.kill(process.pid, "SIGKILL"); await pause(1e6)', /is ended on the reference by SIGKILL/],
    ['writes nothing', 'await ask()', /^The command writes nothing to standard output/],
    [
      'writes other words',
      'await ask(); console.log("a" + Math.random())',
      /so that no loss could be told: "a0\.\d+", then "a0/,
    ],
  ])('a command that %s', async ([, body, says]) => {
    const folder = scratch()
    const { code, out, err } = await typed(['client', '--out', folder, '--', process.execPath, script(body)])
    expect([code, out]).toEqual([2, ''])
    expect(err.trimEnd()).toMatch(says)
    expect(err.trimEnd()).not.toContain('\n')
    expect(existsSync(join(folder, 'client.json'))).toBe(false)
  })

  test('one that does not end', async () => {
    const line = ['client', '--timeout', '1', '--', process.execPath, script('await ask(); await pause(1e6)')]
    const { code, err } = await typed(line)
    expect([code, err]).toEqual([
      2,
      'The command does not end on the reference within 1 s; give it more by --timeout.\n',
    ])
  })

  test.for<[line: string, says: string]>([
    ['client', 'Which command? Write it behind two dashes, as in: client -- node agent.mjs'],
    [
      'client -- no-such-program-anywhere',
      'The command no-such-program-anywhere cannot be run: there is no such program.',
    ],
    [
      'client --faults streaming/ends-erly -- x',
      'There is no fault, variant or area streaming/ends-erly. Did you mean streaming/ends-early?',
    ],
    ['client --faults , -- x', '--faults has an empty item; write --faults ID-or-AREA,...'],
    ['client --faults', '--faults needs a value: --faults ID-or-AREA,...'],
    ['client --auth both -- x', '--auth takes one of x-api-key, bearer.'],
    ['client --timeout 0 -- x', '--timeout takes a whole number from 1 to 86400.'],
  ])('%s', async ([line, says]) => {
    expect(await typed(line)).toEqual({ code: 2, out: '', err: `${says}\n` })
  })
})

describe('where a command runs', () => {
  const shows = (what: string): string => `await ask(); console.log(JSON.stringify(${what}))`
  const wrote = ({ report }: Trial): unknown => JSON.parse(report.reference.wrote)

  test('in an empty folder with an empty home, and without the environment of anybody', async () => {
    const body = `
      const { readdirSync } = await import('node:fs')
      await ask()
      console.log(JSON.stringify({ names: Object.keys(process.env).sort(), here: readdirSync('.'), home: readdirSync(process.env.HOME) }))`
    const environment = {
      PATH: '/bin',
      LANG: 'C',
      GATEWAY_API_KEY: 'sk-somebody-else',
      ANTHROPIC_AUTH_TOKEN: 'sk-real',
    }
    const { err, report } = await tried(body, 'messages/stop-reason-null', [], { environment })
    expect(err).toBe('')
    expect(JSON.parse(report.reference.wrote)).toEqual({
      names: [
        'ANTHROPIC_API_KEY',
        'ANTHROPIC_BASE_URL',
        'ANTHROPIC_MODEL',
        'HOME',
        'LANG',
        'PATH',
        'TMPDIR',
        'USERPROFILE',
      ],
      here: [],
      home: [],
    })
  })

  test('with the key in the other variable, and the model by its name', async () => {
    const { ANTHROPIC_API_KEY, ANTHROPIC_AUTH_TOKEN, ANTHROPIC_MODEL } = wrote(
      await tried(
        `await fetch(base + '/v1/models'); console.log(JSON.stringify({ ...process.env }))`,
        'models/no-data',
        ['--auth', 'bearer', '--model', 'claude-mine'],
      ),
    ) as Record<string, string>
    expect([ANTHROPIC_API_KEY, ANTHROPIC_MODEL]).toEqual([undefined, 'claude-mine'])
    // The key is one of ours, and yet no file says it.
    expect(ANTHROPIC_AUTH_TOKEN).toBe('[redacted:credential]')
  })

  test('in this folder where that is asked for', async () => {
    expect(wrote(await tried(shows('process.cwd()'), 'messages/stop-reason-null', ['--here']))).toBe(process.cwd())
  })

  test('its words say the gateway too, and name files that are here', async () => {
    // No file could have such a name: the system does not even look.
    const longPrompt = `Say ${'one word or '.repeat(30)} none.`
    const words = [
      '{baseUrl}/v1',
      '{model}',
      '{"other":"{braces}"}',
      'package.json',
      'no-such-file.json',
      '-p',
      longPrompt,
      '--help',
    ]
    const { code, report } = await tried(shows('process.argv.slice(2)'), 'messages/stop-reason-null', [], { words })
    expect(code).toBe(0)
    expect(JSON.parse(report.reference.wrote)).toEqual([
      '<url>',
      'claude-reference',
      '{"other":"{braces}"}',
      join(process.cwd(), 'package.json'),
      'no-such-file.json',
      '-p',
      longPrompt,
      '--help',
    ])
    expect(report.command).toContain('{baseUrl}/v1')
  })
})

test('what a command wrote is kept, its beginning where that is long, for its owner alone, without the key', async () => {
  const body = `await ask(); console.error(key); process.stdout.write('\\u001B[2J' + 'x'.repeat(3e6))`
  const { folder, out, report } = await tried(body, 'messages/stop-reason-null')
  const kept = join(folder, 'client-runs/messages/stop-reason-null')
  expect(readFileSync(join(kept, 'stdout.txt'), 'utf8')).toHaveLength(1_000_000)
  expect(readFileSync(join(kept, 'stderr.txt'), 'utf8')).toBe('[redacted:credential]\n')
  expect(readFileSync(join(folder, 'client-runs/reference-2/stdout.txt'), 'utf8')).toHaveLength(1_000_000)
  expect(statSync(join(kept, 'stdout.txt')).mode & 0o777).toBe(0o600)
  expect(JSON.stringify(report)).not.toContain(defaultKey)
  expect(out).not.toContain('\u001B')
})

test('a later run takes away what an earlier one left', async () => {
  const { folder } = await tried(careless, 'messages/stop-reason-null')
  const { code } = await typed(['client', '--out', folder, '--', process.execPath, script('console.log(1)')])
  expect(code).toBe(2)
  for (const path of ['client.json', 'junit.xml', 'client-runs/messages/stop-reason-null/stdout.txt'])
    expect(existsSync(join(folder, path)), path).toBe(false)
})

test('what it says in Chinese', async () => {
  const { out, report } = await tried(careless, 'streaming/ends-early', ['--lang', 'zh'])
  expect(out).toContain('✗ 无声地丢失内容')
  expect(out).toContain('命令在 1 个网关上无声地丢失内容。')
  expect(report.conclusion.reasons).toEqual(['The command loses something silently on 1 gateway.'])
})
