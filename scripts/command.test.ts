import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import packageJson from '../package.json' with { type: 'json' }
import { loadedWith, readImports } from '../suites/self/imports.ts'
import { commands } from './command-table.ts'
import { typedAs } from './options.ts'
import { typed } from './typed.ts'

/* The command line answers like one: what there is, which version it is, and what each command takes, everywhere the same. */

const names = commands.map(({ name }) => name)

function rowsOf(page: string): readonly string[] {
  const text = readFileSync(new URL(`../${page}`, import.meta.url), 'utf8')
  return text.split('\n').filter((line) => line.startsWith('| '))
}

test.for(['--version', '-V', 'check --version', 'mock -V', 'list -V'])('%s', async (line) => {
  expect(await typed(line)).toEqual({ code: 0, out: `messages-conformance ${packageJson.version}\n`, err: '' })
})

test.for(['--help', '-h', 'help'])('%s names each command once, with what it does', async (line) => {
  const { code, out } = await typed(line)
  expect(code).toBe(0)
  for (const { name, about } of commands)
    expect(out.split('\n').filter((text) => text.startsWith(`  ${name} `))).toEqual([`  ${name.padEnd(9)}${about}`])
})

describe.each(names)('%s', (name) => {
  test('--help, -h and help say the same', async () => {
    const said = await typed([name, '--help'])
    expect(said).toEqual({ code: 0, out: expect.stringMatching(new RegExp(`^${name}: .+\n`)) as unknown, err: '' })
    expect(await typed([name, '-h'])).toEqual(said)
    expect(await typed(['help', name])).toEqual(said)
  })

  test('--help names each of its options once, on a line that fits a terminal', async () => {
    const { out } = await typed([name, '--help'])
    const heads = [...out.matchAll(/^ {2}(?:-\w, )?--([a-z-]+)/gm)].map(([, option]) => option)
    expect(heads).toEqual([
      ...(commands.find((one) => one.name === name)?.options ?? []).map(typedAs),
      'help',
      'version',
    ])
    expect(out.split('\n').filter((line) => line.length > 132)).toEqual([])
  })

  test('is a script of the checkout, and in the tables of both READMEs', () => {
    const { about } = commands.find((one) => one.name === name) ?? {}
    expect(packageJson.scripts).toHaveProperty(name, `node --import tsx scripts/main.ts ${name}`)
    expect(rowsOf('README.md')).toContain(`| \`${name}\` | ${about} |`)
    expect(rowsOf('README.zh-CN.md').filter((row) => row.startsWith(`| \`${name}\` |`))).toHaveLength(1)
  })
})

test('an option that means something else of a command says so', async () => {
  const line = async (command: string, option: string) =>
    new RegExp(` --${option} .*\\n? *.*`).exec((await typed([command, '-h'])).out)?.[0]
  expect(await line('mock', 'fault')).not.toBe(await line('check', 'fault'))
  expect(await line('judge', 'allow-long')).not.toContain('send')
  expect(await line('judge', 'profile')).toContain('that of the tape')
  expect(await line('diff', 'profile')).toContain('default: full')
  expect(await line('plan', 'lacks')).not.toContain('breach')
})

test.for(['plan', 'mock'])('%s takes no words', async (name) => {
  expect(await typed([name, 'streaming'])).toEqual({
    code: 2,
    out: '',
    err: `${name} takes options only. See: ${name} --help\n`,
  })
})

describe('what is nearly the name of something', () => {
  test.for<[line: string, says: string]>([
    ['explain stop-reason', 'messages/stop-reason-set, messages/stop-reason-own'],
    ['explain STREAMING/ENDS', 'Did you mean streaming/ends?'],
    ['explain streeming/ends', 'Did you mean streaming/ends?'],
    ['explain stopreason', 'Did you mean tools/stop-reason?'],
    ['list streming', 'There is no requirement or area streming. Did you mean streaming?'],
    ['list Streming usage', 'There is no requirement or area Streming. Did you mean streaming?'],
    ['list usage zzzz', 'There is no requirement or area of that name.'],
    ['list --faults usage streeming/ends-early', 'Did you mean streaming/ends-early?'],
    ['check --only Streaming', 'There is no requirement or area Streaming. Did you mean streaming?'],
    ['check --fixture TOOLS/Single', 'There is no fixture TOOLS/Single. Did you mean tools/single?'],
    ['list --faults end-early', 'Did you mean streaming/ends-early?'],
    ['mock --fault no-message-stop', 'Did you mean streaming/no-message-stop?'],
    ['check --only stop-reason', 'messages/stop-reason-own'],
    ['help chek', 'There is no command chek. Did you mean check?'],
  ])('%s', async ([line, says]) => {
    const { code, err } = await typed(line)
    expect(err).toContain(says)
    expect(err).toMatch(/^[^\n]+\n$/)
    expect(code).toBe(2)
  })

  test('what may be a key is not said back', async () => {
    const { err } = await typed('explain sk-7f3k9q2x8w4v6n1p5t0r')
    expect(err).toBe('There is no requirement of that name.\n')
  })
})

describe('words behind list select', () => {
  const idsIn = (out: string): readonly (string | undefined)[] =>
    out.split('\n').flatMap((line) => (/^\S+\/\S+/.exec(line) ?? []).slice(0, 1))

  test('an area', async () => {
    const { out } = await typed('list usage')
    expect(idsIn(out).length).toBeGreaterThan(3)
    expect(idsIn(out).filter((id) => !id?.includes('usage'))).toEqual([])
  })

  test('a part of an id; several words are more', async () => {
    const [stop, both] = [await typed('list stop-reason'), await typed('list stop-reason streaming/ends')]
    expect(idsIn(stop.out)).toContain('tools/stop-reason')
    expect(idsIn(both.out).length).toBe(idsIn(stop.out).length + 1)
  })

  test.for(['', ' '])('a word that is empty (%j) does not mean all of them', async (word) => {
    expect(await typed(['list', word])).toMatchObject({ code: 2, out: '' })
    expect(await typed(['list', '--faults', 'usage', word])).toMatchObject({ code: 2, out: '' })
  })

  test('for machines too', async () => {
    const listed = JSON.parse((await typed('list streaming/ends --json')).out) as { id: string }[]
    expect(listed.map(({ id }) => id)).toEqual(['streaming/ends'])
  })

  test('faults, by what they break too', async () => {
    const { out } = await typed('list --faults streaming/ends')
    expect(out).toContain('streaming/ends-early')
    expect(out).toContain('streaming/no-message-stop')
    expect(out).not.toContain('tools/')
    const listed = JSON.parse((await typed('list --faults --json upstream/cut')).out) as { id: string }[]
    expect(listed.map(({ id }) => id)).toContain('upstream/cut')
  })
})

describe('nothing is loaded before it is needed', () => {
  const imports = readImports()

  test('by --help: what judges, what redacts, and what is said', () => {
    // What switches the compile cache on stands before all that it is to count for.
    expect([...loadedWith('scripts/main.ts', imports)]).toEqual(['scripts/main.ts'])
    expect([...loadedWith('scripts/process.ts', imports)].toSorted()).toEqual([
      'package.json',
      ...['command-table', 'command', 'io', 'nearest', 'options', 'process'].map((name) => `scripts/${name}.ts`),
      ...['files', 'printable', 'words/languages'].map((name) => `scripts/report/${name}.ts`),
      'scripts/tool.ts',
      ...['tape/unusable', 'wire/input-error', 'wire/printable'].map((name) => `suites/harness/${name}.ts`),
    ])
  })

  test.for(names)('by %s: Chinese', (name) => {
    const loaded = loadedWith(`scripts/commands/${name}.ts`, imports)
    expect(loaded).toContain('suites/harness/wire/input-error.ts')
    expect([...loaded].filter((file) => file.includes('zh'))).toEqual([])
  })

  test.for(['list', 'explain', 'plan'])(
    'by %s: what judges, what validates, what a fault does, and what is sent',
    (name) => {
      const loaded = loadedWith(`scripts/commands/${name}.ts`, imports)
      expect(loaded).toContain('suites/facts.ts')
      const heavy =
        /^suites\/(catalogue|clients\/(?!claims|suffered))|harness\/(views|tape)|schemas\/validators|gateways\/(faults|upstreams)\/(?!facts)/
      expect([...loaded].filter((file) => heavy.test(file) || file === 'fixtures/requests.ts')).toEqual([])
      if (name !== 'explain') expect(loaded).not.toContain('suites/grounds.ts')
    },
  )
})
