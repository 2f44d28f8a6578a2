import { execFileSync } from 'node:child_process'
import { chmodSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { faults } from '../../fixtures/gateways/faults/faults.ts'
import { createReference } from '../../fixtures/gateways/reference/reference.ts'
import { requests } from '../../fixtures/requests.ts'
import { compose } from '../../suites/harness/gather/compose.ts'
import { fixtureOf, parseName } from '../../suites/harness/gather/plan.ts'
import { endpoint, type Target } from '../../suites/harness/wire/target.ts'
import { scratch, serving } from '../../suites/self/scratch.ts'
import { wholeProfile, type Selection } from '../../suites/run/selection.ts'
import { typed } from '../typed.ts'
import { againCommand, commandWord, curlCommand } from './again.ts'

const key = 'sk-live/Q7+w9Zr2%Xk4=Lm8_Pt3Vb6Nc1Hd5'
const gate = 'g4te-$(touch pwned)-`touch pwned`"!'
const variables = { ACME_KEY: key, GATE: gate, GATEWAY_BASE_URL: 'http://127.0.0.1:4010/sk-path-1234567' }

const hostile: Target = {
  kind: 'gateway',
  baseUrl: 'http://127.0.0.1:4010/a$(touch%20pwned)/`x`',
  model: '"; touch pwned; \'$(touch pwned)`touch pwned`\n-x ##[stop-commands]y',
  auth: 'both',
  key,
  keyVariable: 'ACME_KEY',
  headers: [
    ['x-note', '$(touch pwned) `touch pwned` "\'\\ ! ${HOME} # ; & | <>'],
    ['x-ci', '##[stop-commands]x ::error::y'],
    ['x-gate', gate],
    ["x-odd'$`!#&|~", '-@/etc/passwd'],
    ['x-empty', ''],
    ['user-agent', 'an agent of ours'],
  ],
  secrets: [gate],
  headerVariables: { 'x-gate': 'GATE' },
  apiVersion: '2023-06-01',
}

/** What each call of a command is given, where lines are run by a shell in a folder that stays empty. */
function callsOf(command: string, lines: readonly string[], shell: string): string[][] {
  const [bin, folder] = [scratch(), scratch()]
  const log = join(bin, 'log')
  writeFileSync(log, '')
  writeFileSync(join(bin, command), `#!/bin/sh\nprintf '%s\\0' "$@" 'end of call' >> '${log}'\n`)
  chmodSync(join(bin, command), 0o755)
  const env = { ...variables, PATH: `${bin}:${process.env['PATH']}` }
  writeFileSync(join(bin, 'script'), lines.join('\n'))
  execFileSync(shell, [join(bin, 'script')], { cwd: folder, env, stdio: ['ignore', 'inherit', 'inherit'] })
  expect(readdirSync(folder)).toEqual([])
  return readFileSync(log, 'utf8')
    .split('end of call\0')
    .slice(0, -1)
    .map((call) => call.split('\0').slice(0, -1))
}

interface Asked {
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | null
}

/** The request that curl would make of its arguments. */
function askedBy(call: readonly string[]): Asked {
  const words = [...call]
  let [method, url, body]: [string, string, string | null] = ['GET', '', null]
  const headers: Record<string, string> = { accept: '*/*', 'user-agent': 'curl' }
  while (words.length > 0) {
    const word = words.shift() ?? ''
    if (word === '-N') continue
    if (word === '-I') method = 'HEAD'
    // It would wait for a body that does not come.
    else if (word === '-X' && words[0] === 'HEAD') throw new Error('curl -X HEAD')
    else if (word === '-X') method = words.shift() ?? ''
    else if (word === '-d') {
      body = words.shift() ?? ''
      headers['content-type'] ??= 'application/x-www-form-urlencoded'
    } else if (word === '-H') {
      const line = words.shift() ?? ''
      const [, name = '', value] = /^([^:;]+)(?:;$|: ?(.*)$)/s.exec(line) ?? []
      // A colon with nothing behind it takes a header away; a semicolon makes an empty one.
      if (value?.trim() === '') delete headers[name]
      else headers[name] = value ?? ''
    } else url = word
  }
  return { method, url, headers, body }
}

/** Every exchange there is a curl for. */
const names = Object.keys(requests).flatMap((fixture) =>
  fixtureOf(fixture, requests).modes?.includes('stream') ? [fixture, `${fixture}:stream`] : [fixture],
)

describe.for(['bash', 'sh'])('run in %s', (shell) => {
  test.for<[what: string, target: Target]>([
    ['an ordinary target', { ...hostile, baseUrl: 'http://127.0.0.1:4010', model: 'm', headers: [], auth: 'bearer' }],
    ['a hostile one', hostile],
    [
      'a key in the path',
      { ...hostile, baseUrl: `http://127.0.0.1:4010/${encodeURIComponent('x')}/k3y-1234`, key: 'k3y-1234' },
    ],
    ['a credential in the path', { ...hostile, baseUrl: variables.GATEWAY_BASE_URL }],
  ])('each printed curl sends what the run sends, and nothing else happens: %s', ([, target]) => {
    const asking = names.flatMap((name) => {
      const line = curlCommand(name, target)
      return line === null ? [] : [{ name, line }]
    })
    expect(asking.length).toBeGreaterThan(80)
    for (const { line } of asking)
      for (const secret of [key, gate, 'k3y-1234', 'sk-path-1234567']) expect(line).not.toContain(secret)
    const calls = callsOf(
      'curl',
      asking.map(({ line }) => line),
      shell,
    )
    const known = { ...variables, ACME_KEY: target.key }
    const sent = asking.map(({ name }): Asked => {
      const { fixture, mode } = parseName(name)
      const request = compose(fixtureOf(fixture, requests), mode, 1, { ...target, key: variables.ACME_KEY })
      if (!request) throw new Error(`${name} sends nothing.`)
      const url = endpoint(target.baseUrl, request.path).href.replaceAll(known.ACME_KEY ?? '', variables.ACME_KEY)
      return { method: request.method, url, headers: Object.fromEntries(request.headers), body: request.body }
    })
    expect(calls.map(askedBy)).toEqual(sent)
  })

  test('each printed command names what was run, and nothing else happens', () => {
    const asked = { ...hostile, allowSelfSigned: true as const, apiVersion: '$(touch pwned)', smallModel: '`x`' }
    const measure: Selection = {
      ...wholeProfile('claude-code'),
      require: ['vision', 'caching'],
      lacks: ['thinking'],
      strict: true,
      allowLong: true,
    }
    const line = againCommand('messages-conformance check', 'streaming/ends', 'messages/hello:stream', asked, measure)
    expect(callsOf('messages-conformance', [line ?? ''], shell)).toEqual([
      [
        ...['check', '--only', 'streaming/ends', '--fixture', 'messages/hello:stream'],
        ...['--base-url', hostile.baseUrl, '--model', hostile.model, '--key-env', 'ACME_KEY', '--auth', 'both'],
        ...hostile.headers.flatMap(([name, value]) =>
          name === 'x-gate' ? ['--header-env', 'x-gate=GATE'] : ['--header', `${name}: ${value}`],
        ),
        ...['--api-version', '$(touch pwned)', '--small-model', '`x`', '--allow-self-signed'],
        ...['--profile', 'claude-code', '--require', 'vision,caching', '--lacks', 'thinking'],
        ...['--strict', '--allow-long'],
      ],
    ])
    const dashing = { ...hostile, model: '-m', headers: [] }
    const dashed = againCommand('messages-conformance check', 'a/b', '--fault', dashing, wholeProfile('sdk'))
    expect(callsOf('messages-conformance', [dashed ?? ''], shell)[0]).toEqual(
      expect.arrayContaining(['--fixture=--fault', '--model=-m']),
    )
  })

  test('what a whole run prints, with a header, a model and a version that are commands', async () => {
    const received = new Set<string>()
    const broken = faults.find(({ id }) => id === 'usage/missing')!.over(createReference({ key, anyModel: true }))
    const url = await serving(async (request) => {
      received.add(`${request.method} ${await request.clone().text()}`)
      expect(request.headers.get('x-note')).toBe('$(touch pwned)')
      return broken(request)
    })
    const model = `it's "$(touch pwned)"\n::error::x`
    const line = ['check', '--base-url', url, '--model', model, '--key-env', 'ACME_KEY', '--quick']
    const ran = await typed(
      [...line, '--header', 'x-note: $(touch pwned)', '--api-version', '`touch pwned`'],
      variables,
    )
    expect(ran.code).toBe(1)
    const lines = ran.out.split('\n')
    expect(lines.filter((text) => /^\s*::/.test(text))).toEqual([])
    const curls = lines.flatMap((text) => /^ +curl +(curl .*)$/.exec(text)?.[1] ?? [])
    const calls = callsOf('curl', curls, shell).map(askedBy)
    expect(calls.length).toBeGreaterThan(0)
    for (const { method, body, headers } of calls) {
      expect([...received]).toContain(`${method} ${body ?? ''}`)
      expect(headers).toMatchObject({
        authorization: `Bearer ${key}`,
        'x-note': '$(touch pwned)',
        'anthropic-version': '`touch pwned`',
      })
    }
    const agains = lines.flatMap((text) => /^ +again +(npm .*)$/.exec(text)?.[1] ?? [])
    for (const call of callsOf('npm', agains, shell))
      expect(call).toEqual(expect.arrayContaining([model, 'x-note: $(touch pwned)']))
  })
})

describe('the command is typed as it was', () => {
  const own = { npm_package_name: 'messages-conformance' }
  test.for<[where: string, environment: Record<string, string>, command: string]>([
    ['installed', {}, 'messages-conformance check'],
    ['in the checkout', { ...own, npm_lifecycle_event: 'check' }, 'npm run check --'],
    ['from its judge', { ...own, npm_lifecycle_event: 'judge' }, 'npm run check --'],
    ['by npx', { npm_lifecycle_event: 'npx' }, 'npx messages-conformance check'],
    ['by npx in the checkout', { ...own, npm_lifecycle_event: 'npx' }, 'npx messages-conformance check'],
    [
      'by a script of another package',
      { npm_package_name: 'a-gateway', npm_lifecycle_event: 'conformance' },
      'npx messages-conformance check',
    ],
  ])('%s', ([, environment, command]) => {
    expect(commandWord(environment)).toBe(command)
  })
})

describe('it shows the same again', () => {
  const sdk = wholeProfile('sdk')
  const again = (id: string, fixture: string, selection = sdk): string | null =>
    againCommand('check', id, fixture, { ...hostile, baseUrl: 'http://g', model: 'm', headers: [] }, selection)

  test('all that a requirement reads together, and one exchange where that is enough', () => {
    expect(again('tools/same-in-both-modes', 'tools/single')).toMatch(
      /^check --only tools\/same-in-both-modes --base-url/,
    )
    expect(again('usage/shape', 'tools/single')).toMatch(
      /^check --only usage\/shape --fixture tools\/single --base-url/,
    )
  })

  test('the run itself, of what shows over a whole run', () => {
    expect(again('transport/steady', 'tools/single')).toMatch(/^check --base-url/)
    const part = { ...sdk, only: ['tools', 'vision'], fixtures: ['tools/single'], quick: true }
    expect(again('transport/steady', 'tools/single', part)).toMatch(
      /^check --only tools,vision --fixture tools\/single --quick --base-url/,
    )
  })

  test('nothing, where no option says what it takes', () => {
    expect(again('upstream/cut-shows', 'upstream/cut')).toBeNull()
  })

  test.for(['tools/other-name-in-stream', 'transport/refuses-now-and-then', 'usage/missing'] as const)(
    'of %s',
    async (id) => {
      const { out } = await typed(['check', '--fault', id, '--profile', 'full'])
      const blocks = [...out.matchAll(/^✗ \S+ (\S+)$[^]*?^ +again +npm run check -- (.*)$/gm)]
      expect(blocks.map(([, broken]) => broken).sort()).toEqual(faults.find((one) => one.id === id)?.breaks.toSorted())
      for (const [, broken, line = ''] of blocks)
        expect((await typed(['check', ...line.split(' ')])).out).toMatch(new RegExp(`^✗ \\S+ ${broken}$`, 'm'))
    },
  )
})
