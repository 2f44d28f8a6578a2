import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { errorAnswer } from '../../fixtures/gateways/alter.ts'
import type { Gateway } from '../../fixtures/gateways/answer.ts'
import { faults } from '../../fixtures/gateways/faults/faults.ts'
import { defaultKey, defaultModel } from '../../fixtures/gateways/reference/identity.ts'
import { createReference } from '../../fixtures/gateways/reference/reference.ts'
import { serve } from '../../fixtures/gateways/serve.ts'
import type { Matrix, Report } from '../../schemas/types.ts'
import { validateMatrix } from '../../schemas/validators.js'
import { scratch } from '../../suites/self/scratch.ts'
import { matrixFiles } from '../report/files.ts'
import { typed, type Ran } from '../typed.ts'

/* Many targets at a glance: the terminal, the files and the exit code say the same, of one run as of several that are merged. */

const right = createReference()
const broken = (...ids: string[]): Gateway =>
  ids.reduce((gateway, id) => faults.find((fault) => fault.id === id)!.over(gateway), createReference())
const withoutTools: Gateway = async (request) =>
  (await request.clone().text()).includes('"tools"')
    ? errorAnswer(400, 'invalid_request_error', 'no tools here')
    : right(request)

const gateways: Readonly<Record<string, Gateway | null>> = {
  华北一区: right,
  '生产（北京）': broken('usage/missing', 'errors/detail'),
  'us-east': right,
  死的: null,
  'no tools': withoutTools,
  测试环境: broken('streaming/ends-early'),
  'us-west': right,
  新加坡: right,
  'a|b <i>': broken('messages/stop-reason-foreign'),
  'eu-central': right,
  華東: right,
  tokyo: right,
}
const brokenOnes = ['a|b <i>', '测试环境', '生产（北京）']

const keys = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, at) => [`KEY_${at}`, defaultKey]))
const jsonAt = <T>(path: string): T => JSON.parse(readFileSync(path, 'utf8')) as T

/** A target file of gateways that are served for as long as a test file lasts, each with a key of its own. */
async function fleet(of: Readonly<Record<string, Gateway | null>>, path: string): Promise<() => Promise<unknown>> {
  const servers = await Promise.all(Object.values(of).map((gateway) => (gateway === null ? null : serve(gateway))))
  const targets = Object.keys(of).map((name, at) => ({
    ...{ name, model: defaultModel, key: { env: `KEY_${at}` } },
    baseUrl: servers[at]?.url ?? 'http://127.0.0.1:9',
  }))
  writeFileSync(path, JSON.stringify({ targets }))
  return () => Promise.all(servers.map((server) => server?.close()))
}

/** What a matrix says of its targets, read back from one of the ways in which it is said: by name, the exit code. */
type ReadBack = Readonly<Record<string, number>>

const unescaped = (text: string): string =>
  text.replaceAll(/&#(\d+);|&(lt|gt|amp);/g, (_, code: string | undefined, name: string) =>
    code ? String.fromCodePoint(Number(code)) : ({ lt: '<', gt: '>', amp: '&' }[name] ?? ''),
  )

const onTerminal = (out: string): ReadBack =>
  Object.fromEntries(
    [...out.matchAll(/^(\S.*?) {2,}claude-reference +([012]) /gm)].map(([, name = '', code]) => [name, Number(code)]),
  )
const inSummary = (text: string): ReadBack =>
  Object.fromEntries(
    [...text.matchAll(/^\| (?:\[(.*)\]\(.*?\)|(.*?)) \| <code>.*?<\/code> \| .*? \| ([012]) \|/gm)].map(
      ([, linked, bare, code]) => [unescaped(linked ?? bare ?? ''), Number(code)],
    ),
  )
const inPage = (text: string): ReadBack =>
  Object.fromEntries(
    [...text.matchAll(/<tr data-row="\d+" data-exit="([012])"[^>]*><td[^>]*><strong>(?:<a [^>]*>)?(.*?)</g)].map(
      ([, code, name = '']) => [unescaped(name), Number(code)],
    ),
  )
const inMatrix = ({ rows }: Matrix): ReadBack =>
  Object.fromEntries(rows.map(({ target, exitCode }) => [target.name ?? '', exitCode]))

describe('twelve targets, three of them broken, one dead, one without tools', () => {
  const folder = mkdtempSync(join(tmpdir(), 'fleet-'))
  const [file, out] = [join(folder, 'targets.json'), join(folder, 'out')]
  let ran: Ran
  let close: () => Promise<unknown>

  beforeAll(async () => {
    close = await fleet(gateways, file)
    ran = await typed(['check', '--target', file, '--quiet', '--out', out], keys(12))
  })
  afterAll(async () => {
    await close()
    rmSync(folder, { recursive: true })
  })

  const expected: ReadBack = Object.fromEntries(
    Object.keys(gateways).map((name) => [name, brokenOnes.includes(name) ? 1 : name === '死的' ? 2 : 0]),
  )

  test('terminal, summary.md, index.html, matrix.json, badge and exit code agree', () => {
    const matrix = jsonAt<Matrix>(join(out, 'matrix.json'))
    expect(validateMatrix(matrix), JSON.stringify(validateMatrix.errors)).toBe(true)
    const text = (name: string): string => readFileSync(join(out, name), 'utf8')
    expect(inMatrix(matrix)).toEqual(expected)
    const table = ran.out.slice(ran.out.lastIndexOf('\ntarget '))
    expect(onTerminal(table)).toEqual(expected)
    expect(inSummary(text('summary.md'))).toEqual(expected)
    expect(inPage(text('index.html'))).toEqual(expected)
    expect(ran.code).toBe(1)
    expect(matrix.conclusion).toEqual({ exitCode: 1, kept: 8, broken: 3, notProven: 1, worse: 0 })
    const sentence = '3 of 12 targets do not keep their promises.'
    for (const said of [ran.out, text('summary.md'), text('index.html')]) {
      expect(said).toContain(sentence)
      expect(said).toContain('8 keep their promises, 3 break them, 1 not proven')
    }
    expect(JSON.parse(text('badge.json'))).toEqual({
      ...{ schemaVersion: 1, label: 'messages format', color: 'red' },
      message: '8 of 12 keep, 3 break',
    })
  })

  test('the broken ones stand first, then the dead one', () => {
    const names = jsonAt<Matrix>(join(out, 'matrix.json')).rows.map(({ target }) => target.name)
    expect(new Set(names.slice(0, 3))).toEqual(new Set(brokenOnes))
    expect(names[3]).toBe('死的')
  })

  test('the columns of the terminal stand below their heads, also behind wide characters', () => {
    const lines = ran.out
      .slice(ran.out.lastIndexOf('\ntarget ') + 1)
      .split('\n')
      .slice(0, 13)
    const wide = (text: string): number =>
      [...text].reduce((sum, character) => sum + (/[\u2E80-\uFFEF]/.test(character) ? 2 : 1), 0)
    const at = lines.map((line) =>
      wide(line.slice(0, Math.max(line.indexOf('claude-reference'), line.indexOf('model')))),
    )
    expect(new Set(at).size).toBe(1)
  })

  test('every cell leads to a place of a report that is there', () => {
    const links = [...readFileSync(join(out, 'index.html'), 'utf8').matchAll(/ href="([^"#]+)(?:#([^"]*))?"/g)]
    expect(links.length).toBeGreaterThan(300)
    const pages = new Map<string, string>()
    for (const [, path = '', place] of links) {
      const file = decodeURIComponent(path)
      if (!pages.has(file)) pages.set(file, readFileSync(join(out, file), 'utf8'))
      if (place !== undefined) expect(pages.get(file), `${file}#${place}`).toContain(`id="${place}"`)
    }
    expect(pages.size).toBe(12)
  })

  test('who declines and which client breaks is named', () => {
    const table = ran.out.slice(ran.out.lastIndexOf('\ntarget '))
    expect(table).toMatch(/^ {2}tools.*declined: no tools/m)
    expect(table).toMatch(/python-sdk.*works: \d+;\s+breaks: .*测试环境/)
    expect(table).toMatch(/^ {2}死的 +refuses connections$/m)
    expect(table).toMatch(/^ {2}测试环境 +streaming\/ends/m)
  })

  test('merged again it is the same, and the same again in Chinese', async () => {
    const merged = join(folder, 'merged')
    const again = await typed(['merge', out, out, join(out, 'tokyo'), '--out', merged])
    expect(again.code).toBe(1)
    const [one, other] = [jsonAt<Matrix>(join(merged, 'matrix.json')), jsonAt<Matrix>(join(out, 'matrix.json'))]
    expect(withoutLinks(one)).toEqual(withoutLinks(other))
    expect(again.out).toBe(ran.out.slice(ran.out.lastIndexOf('\ntarget ') + 1))
    const chinese = await typed(['merge', out, '--lang', 'zh'])
    expect(onTerminal(chinese.out)).toEqual(expected)
    expect(chinese.out).toContain('12 个目标中有 3 个没有遵守约定。')
    expect(chinese.out).toMatch(/^ {2}死的 +拒绝连接$/m)
  })

  test('the summary of a job of GitHub says it all, without links that lead nowhere there', async () => {
    const step = join(folder, 'step.md')
    await typed(['merge', out], { GITHUB_STEP_SUMMARY: step })
    const text = readFileSync(step, 'utf8')
    expect(inSummary(text)).toEqual(expected)
    expect(text).not.toContain('](')
  })

  test('a copy of a report is the same run, and a folder that is missing or cut short is said', async () => {
    const [copies, torn] = [join(folder, 'copies'), join(folder, 'torn')]
    cpSync(join(out, 'tokyo'), join(copies, 'copied'), { recursive: true })
    mkdirSync(torn)
    writeFileSync(join(torn, 'tape.jsonl'), '')
    const kept = await typed(['merge', join(out, 'tokyo'), copies])
    expect([kept.code, Object.keys(onTerminal(kept.out))]).toEqual([0, ['tokyo']])
    const { code, out: said } = await typed(['merge', join(out, 'tokyo'), torn, join(folder, 'none')])
    expect(code).toBe(2)
    expect(said).toContain(`${torn} holds a run that did not get to its report.`)
    expect(said).toContain(`${join(folder, 'none')} is not there.`)
    expect(said).toContain('1 keeps its promises, 0 break them, 0 not proven; 2 missing')
    expect((await typed(['merge', out, torn])).code).toBe(1)
  })

  test('a key that is typed for a folder is said nowhere', async () => {
    const [key, into] = ['sk-live-Q7w9Zr2Xk4Lm8Pt3', join(folder, 'keyless')]
    for (const flags of [[], ['--json'], ['--public']]) {
      const { code, out: said } = await typed(['merge', join(out, 'tokyo'), key, '--out', into, ...flags])
      expect([code, said.includes(key)]).toEqual([2, false])
      for (const file of matrixFiles) expect(readFileSync(join(into, file), 'utf8')).not.toContain(key)
    }
  })

  test('--public leads to no report, and with --hide-hosts names no host', async () => {
    const open = join(folder, 'public')
    const { code } = await typed(['merge', out, join(folder, 'none'), '--public', '--out', open])
    expect(code).toBe(1)
    expect(readdirSync(open).toSorted()).toEqual([...matrixFiles, 'badges'].toSorted())
    const badges = (): string[] => readdirSync(join(open, 'badges')).toSorted()
    expect(badges()).toHaveLength(12)
    expect(jsonAt(join(open, 'badges', 'tokyo.json'))).toMatchObject({ message: 'sdk', color: 'brightgreen' })
    expect(jsonAt(join(open, 'badges', '测试环境.json'))).toMatchObject({ message: 'minimum, not sdk', color: 'red' })
    writeFileSync(join(open, 'badges', 'of-another.json'), '{"label":"build"}')
    await typed(['merge', join(out, 'tokyo'), '--public', '--out', open])
    expect(badges()).toEqual(['of-another.json', 'tokyo.json'])
    await typed(['merge', out, join(folder, 'none'), '--public', '--out', open])
    expect(jsonAt(join(open, 'badges', '死的.json'))).toMatchObject({ message: 'not proven', color: 'lightgrey' })
    const files = (): string => matrixFiles.map((file) => readFileSync(join(open, file), 'utf8')).join('\n')
    for (const private_ of [folder, 'report.html', 'KEY_', defaultKey, 'no tools here'])
      expect(files()).not.toContain(private_)
    expect(files()).toContain('127.0.0.1')
    await typed(['merge', out, '--public', '--hide-hosts', '--out', open])
    expect(files()).not.toContain('127.0.0.1')
    expect(validateMatrix(jsonAt(join(open, 'matrix.json')))).toBe(true)
    expect(inPage(readFileSync(join(open, 'index.html'), 'utf8'))).toEqual(expected)
  })
})

/** A matrix without where its reports are. */
function withoutLinks({ rows, ...matrix }: Matrix) {
  return { ...matrix, rows: rows.map(({ report: _, ...row }) => row) }
}

/** The same without when its runs were. */
function withoutTimes(matrix: Matrix) {
  const { rows, ...rest } = withoutLinks(matrix)
  return { ...rest, rows: rows.map(({ started: _, ...row }) => row) }
}

test('three shards, merged, are the whole: the same matrix, folders and exit code', async () => {
  const folder = scratch()
  const file = join(folder, 'targets.json')
  const some = { 生产: broken('usage/missing'), acme: right, beta: right, 测试: withoutTools }
  const close = await fleet(some, file)
  onTestFinished(() => void close())
  const check = (out: string, ...more: string[]) =>
    typed(['check', '--target', file, '--profile', 'minimum', '--quiet', '--out', join(folder, out), ...more], keys(4))
  const whole = await check('whole')
  const codes: number[] = []
  for (const index of [1, 2, 3]) codes.push((await check('shards', '--shard', `${index}/3`)).code)
  expect(codes.toSorted()).toEqual([0, 0, 1])
  const names = ['acme', 'beta', '测试', '生产']
  for (const name of names) expect(existsSync(join(folder, 'shards', name, 'report.json'))).toBe(true)
  const merged = await typed(['merge', join(folder, 'shards'), '--out', join(folder, 'shards')])
  expect(merged.code).toBe(whole.code)
  const [one, other] = ['shards', 'whole'].map((name) => jsonAt<Matrix>(join(folder, name, 'matrix.json')))
  expect(withoutTimes(one!)).toEqual(withoutTimes(other!))
  expect(one!.rows.map(({ report }) => report)).toEqual(other!.rows.map(({ report }) => report))
  const written = await check('written', '--shard', '1/3', '--write-target', join(folder, 'written.json'))
  expect([written.code, existsSync(join(folder, 'written.json'))]).toEqual([2, false])
  const empty = await check('fifth', '--shard', '5/5')
  expect(empty).toMatchObject({ code: 2, out: '' })
  expect(empty.err).toMatch(
    /--shard 5\/5 has nothing to judge: .* has 4 groups of those\. Deal them out to 4 at most\./,
  )
  expect(existsSync(join(folder, 'fifth'))).toBe(false)
})

test('ten runs, one requirement flapping and one broken since run 4: the page says both', async () => {
  const folder = scratch()
  await typed(['check', '--only', 'usage,streaming', '--quiet', '--out', join(folder, 'first')])
  const first = jsonAt<Report>(join(folder, 'first', 'report.json'))
  for (let day = 1; day <= 10; day++) {
    const isBroken = (id: string): boolean =>
      (id === 'streaming/ends' && day >= 4) || (id === 'usage/shape' && day % 2 === 0)
    const failing = first.verdicts.map(({ id }) => id).filter(isBroken)
    const run: Report = {
      ...first,
      started: new Date(Date.UTC(2026, 10, day)).toISOString(),
      verdicts: first.verdicts.map((verdict) => (isBroken(verdict.id) ? { ...verdict, outcome: 'broken' } : verdict)),
      conclusion: { ...first.conclusion, exitCode: failing.length > 0 ? 1 : 0, failing },
    }
    const dated = join(folder, 'runs', run.started.slice(0, 10))
    mkdirSync(dated, { recursive: true })
    writeFileSync(join(dated, 'report.json'), JSON.stringify(run))
  }
  const fleetFolder = join(folder, 'fleet')
  const { code } = await typed([
    'merge',
    join(folder, 'runs'),
    '--out',
    fleetFolder,
    '--history',
    join(folder, 'history'),
  ])
  expect(code).toBe(1)
  const [row, ...others] = jsonAt<Matrix>(join(fleetFolder, 'matrix.json')).rows
  expect(others).toEqual([])
  expect(row?.trend?.requirements).toMatchObject([
    { id: 'streaming/ends', is: 'broken', since: 3, changes: 1 },
    { id: 'usage/shape', is: 'flapping', changes: 9 },
  ])
  const page = (): string => readFileSync(join(fleetFolder, 'index.html'), 'utf8')
  expect(page()).toContain('broken since run 4 of 10, 2026-11-04')
  expect(page()).toContain('flapping: changed 9 times')
  // A strip for each of both, and one for the runs.
  expect(page().match(/<i class="(?:holds|broken)">/g)).toHaveLength(30)

  // Of the history alone, with the newest run, the page says the same; and what is merged twice is remembered once.
  const before = page()
  await typed(['merge', join(folder, 'runs', '2026-11-10'), '--out', fleetFolder, '--history', join(folder, 'history')])
  expect(page()).toBe(before)
  expect(
    readFileSync(join(folder, 'history', 'history.jsonl'), 'utf8')
      .trimEnd()
      .split('\n'),
  ).toHaveLength(10)
})

test('check --history remembers each run, and shows since when', async () => {
  const folder = scratch()
  const line = [
    'check',
    '--only',
    'streaming/ends',
    '--quiet',
    '--history',
    join(folder, 'history'),
    '--out',
    join(folder, 'out'),
  ]
  const first = await typed(line)
  expect(first.out).not.toContain('Since when')
  const second = await typed(line)
  expect(second.code).toBe(0)
  expect(second.out).toMatch(/Since when: 2 runs, .*\n {2}Nothing was broken in these runs\.\n$/)
  expect(readFileSync(join(folder, 'out', 'index.html'), 'utf8')).toContain('Nothing was broken in these runs.')
  expect(readdirSync(join(folder, 'history'))).toEqual(['history.jsonl'])
  // What the report of the run has too is that of the run.
  expect(readFileSync(join(folder, 'out', 'summary.md'), 'utf8')).toContain('the built-in reference')
  expect(existsSync(join(folder, 'out', 'badge.json'))).toBe(false)
  expect(existsSync(join(folder, 'out', 'matrix.json'))).toBe(true)
})

describe('merge refuses', () => {
  test.for<[what: string, line: readonly string[], says: RegExp]>([
    ['to merge nothing', ['merge'], /merge takes folders of --out/],
    ['--hide-hosts alone', ['merge', 'x', '--hide-hosts'], /--hide-hosts goes with --public/],
    ['an --out that is a file', ['merge', 'x', '--out', fileURLToPath(import.meta.url)], /cannot be made/],
  ])('%s', async ([, line, says]) => {
    const { code, out, err } = await typed(line)
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(err).toMatch(says)
  })
})
