import { execFile, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { publint } from 'publint'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { defaultKey, defaultModel } from '../fixtures/gateways/reference/identity.ts'
import { createReference } from '../fixtures/gateways/reference/reference.ts'
import { serve, type Served } from '../fixtures/gateways/serve.ts'
import { faultNamed } from './named-gateways.ts'

/* The npm package as its users get it: packed (or the tarball that PACKAGE_TARBALL names), installed into an empty folder, and used. */

const root = fileURLToPath(new URL('..', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'package-'))
const installed = join(folder, 'node_modules/messages-conformance')
const environment = { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? folder }

interface Ended {
  readonly code: number
  readonly out: string
}

/** Runs a program to its end; what it says on both streams is one text. */
async function ran(
  file: string,
  args: readonly string[],
  cwd: string,
  env: Record<string, string> = {},
): Promise<Ended> {
  try {
    const { stdout, stderr } = await promisify(execFile)(file, args, {
      cwd,
      env: { ...environment, ...env },
      maxBuffer: 2 ** 26,
    })
    return { code: 0, out: stdout + stderr }
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string }
    return { code, out: `${stdout}${stderr}` }
  }
}

/** The path of every file of the installed package, from its folder on. */
function files(): string[] {
  const paths = readdirSync(installed, { recursive: true, encoding: 'utf8' }).toSorted()
  return paths.filter((path) => statSync(join(installed, path)).isFile())
}

/** Every file with what is in it: nothing may write there. */
function contents(): string {
  const hash = createHash('sha256')
  for (const path of files()) hash.update(path).update(readFileSync(join(installed, path)))
  return hash.digest('hex')
}

/** The tarball: the one that is to be published, or one packed here. Throws where none comes of it. */
async function packed(): Promise<string> {
  const given = process.env['PACKAGE_TARBALL']
  if (given !== undefined) return given
  const { code, out } = await ran('npm', ['pack', '--silent', '--pack-destination', folder], root)
  const name = readdirSync(folder).find((file) => file.endsWith('.tgz'))
  if (code !== 0 || name === undefined) throw new Error(out)
  return join(folder, name)
}

let tarball: string
let before: string
let gateway: Served

beforeAll(async () => {
  tarball = await packed()
  writeFileSync(join(folder, 'package.json'), '{"private":true,"type":"module"}')
  const install = await ran('npm', ['install', '--no-audit', '--no-fund', tarball], folder)
  if (install.code !== 0) throw new Error(install.out)
  before = contents()
  gateway = await serve(createReference())
})

afterAll(async () => {
  await gateway.close()
  rmSync(folder, { recursive: true })
})

describe('what is packed', () => {
  test('is what users need, and small', () => {
    const kinds =
      /^(dist\/.*\.(c?js|d\.ts)|schemas\/[\w-]+\.(schema\.)?json|package\.json|README(\.zh-CN)?\.md|CHANGELOG\.md|LICENSE)$/
    const paths = files()
    expect(paths.filter((path) => !kinds.test(path))).toEqual([])
    expect(paths).toEqual(expect.arrayContaining(['schemas/message.schema.json', 'CHANGELOG.md']))
    // What whoever installs it loads.
    expect(statSync(tarball).size).toBeLessThan(1_200_000)
  })

  test('needs nothing else', () => {
    expect(readdirSync(join(folder, 'node_modules')).filter((name) => !name.startsWith('.'))).toEqual([
      'messages-conformance',
    ])
  })

  test('is right in the eyes of publint', async () => {
    const { messages } = await publint({ pkgDir: installed, pack: false, strict: true })
    expect(messages).toEqual([])
  })

  test('has types that every module resolution for ES modules finds', async () => {
    const attw = join(root, 'node_modules/@arethetypeswrong/cli/dist/index.js')
    const args = [attw, tarball, '--profile', 'esm-only', '--exclude-entrypoints', './schemas/*']
    const { code, out } = await ran(process.execPath, args, folder)
    expect(code, out).toBe(0)
  })

  test('type-checks where it is used', async () => {
    writeFileSync(
      join(folder, 'uses.ts'),
      `import { check, judge, type Report } from 'messages-conformance'
import { createReference, serve, type Gateway } from 'messages-conformance/mock'
import message from 'messages-conformance/schemas/message.schema.json' with { type: 'json' }
const gateway: Gateway = createReference()
const server = await serve(gateway)
const { report, exchanges } = await check({ baseUrl: server.url, model: 'm', key: null })
const again: Report = await judge(exchanges)
// @ts-expect-error -- a model is needed
await check({ baseUrl: server.url, key: null })
export const code: 0 | 1 | 2 = report.conclusion.exitCode
export const all = [again.verdicts.length, message.$id]
`,
    )
    const compiler = {
      strict: true,
      module: 'nodenext',
      target: 'es2023',
      noEmit: true,
      resolveJsonModule: true,
      types: ['node'],
      typeRoots: [join(root, 'node_modules/@types')],
    }
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: compiler, files: ['uses.ts'] }))
    const { code, out } = await ran(
      process.execPath,
      [join(root, 'node_modules/typescript/bin/tsc'), '-p', folder],
      folder,
    )
    expect(out).toBe('')
    expect(code).toBe(0)
  })
})

test.for(['process', 'guarded', 'check'])('an installation without its %s accuses nobody', async (part) => {
  const torn = join(folder, `without-${part}`)
  cpSync(installed, torn, { recursive: true })
  const lost = readdirSync(join(torn, 'dist/chunks')).filter((name) => new RegExp(`^${part}-.{8}\\.cjs$`).test(name))
  for (const name of lost) rmSync(join(torn, 'dist/chunks', name))
  expect(lost).toHaveLength(1)
  const { code, out } = await ran(process.execPath, [join(torn, 'dist/main.cjs')], folder)
  expect(out).toMatch(/^messages-conformance [^\n]*Cannot find module[^\n]*\n$/)
  expect(code).toBe(2)
})

/** The Node that runs this, and the others that the package is made for from npm, where the registry gives them. */
const [running = ''] = process.versions.node.split('.')
const versions = ['this', ...['20', '22', '24', '26'].filter((version) => version !== running)]

async function nodeOf(version: string): Promise<string | null> {
  if (version === 'this') return process.execPath
  const home = join(folder, `node-${version}`)
  const name = `node-${process.platform}-${process.arch}`
  mkdirSync(home)
  writeFileSync(join(home, 'package.json'), '{"private":true}')
  await ran('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline', `${name}@${version}`], home)
  const file = join(home, 'node_modules', name, 'bin/node')
  return existsSync(file) ? file : null
}

describe.for(versions)('on Node %s', (version) => {
  let node: string | null = null
  beforeAll(async () => {
    node = await nodeOf(version)
  })

  const command = join(installed, 'dist/main.cjs')
  const key = { GATEWAY_API_KEY: defaultKey }

  test('the command judges the reference and a gateway, from any folder', async ({ skip }) => {
    if (node === null) return skip(`npm gave no Node ${version} for ${process.platform} ${process.arch}`)
    const reference = await ran(node, [command], tmpdir())
    expect(reference.out).toContain('The built-in reference keeps the promises of sdk')
    expect(reference.code).toBe(0)
    const out = join(folder, `out-${version}`)
    const checked = await ran(
      node,
      [command, 'check', '--base-url', gateway.url, '--model', defaultModel, '--out', out],
      '/',
      key,
    )
    expect(checked.out).toContain('This gateway keeps the promises of sdk')
    expect(checked.code).toBe(0)
    const judged = await ran(node, [command, 'judge', join(out, 'tape.jsonl')], '/')
    expect(judged.out).toContain('none broken: a partial look.')
    expect(judged.code).toBe(0)
    const faulty = await ran(node, [command, '--fault', 'streaming/ends-early'], tmpdir())
    expect(faulty.out).toContain('messages-conformance check --only')
    expect(faulty.code).toBe(1)
  })

  test.for([
    ['the package', [command]],
    ['the checkout', ['--import', 'tsx', join(root, 'scripts/main.ts')]],
  ] as const)('%s taps, and judges in a thread of its own', async ([, program], { skip }) => {
    if (node === null) return skip(`npm gave no Node ${version} for ${process.platform} ${process.arch}`)
    const tap = spawn(node, [...program, 'tap', '--upstream', gateway.url, '--requests', '1'], { cwd: root })
    let said = ''
    for (const stream of [tap.stdout, tap.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => (said += text))
    const closed = new Promise<number | null>((resolve) => tap.on('close', resolve))
    await Promise.race([once(tap.stdout, 'data'), closed])
    const [url = ''] = said.split('\n')
    const body = JSON.stringify({ model: defaultModel, max_tokens: 9, messages: [{ role: 'user', content: 'hi' }] })
    await fetch(`${url}/v1/messages`, { method: 'POST', headers: { authorization: `Bearer ${defaultKey}` }, body })
    expect(await closed, said).toBe(0)
    expect(said).toMatch(/^tap\/1 .* ✓ \d+ hold$/m)
  })

  test('the library checks and judges', async ({ skip }) => {
    if (node === null) return skip(`npm gave no Node ${version} for ${process.platform} ${process.arch}`)
    const file = join(folder, `library-${version}.mjs`)
    writeFileSync(
      file,
      `import { catalogue, check, judge } from 'messages-conformance'
import { createReference, faults, serve } from 'messages-conformance/mock'
const fault = faults.find(({ id }) => id === 'streaming/ends-early')
const server = await serve(fault.over(createReference()))
const { report, exchanges } = await check({ baseUrl: server.url, model: '${defaultModel}', key: '${defaultKey}' })
const again = await judge(exchanges)
await server.close()
const broken = ({ verdicts }) => verdicts.filter(({ outcome }) => outcome === 'broken').map(({ id }) => id)
console.log(JSON.stringify([report.conclusion.exitCode, broken(report), broken(again), catalogue.length > 100]))
`,
    )
    const { out } = await ran(node, [file], folder)
    expect(JSON.parse(out)).toEqual([1, ['streaming/ends'], ['streaming/ends'], true])
  })
})

describe('beside the packages it may stand next to', () => {
  beforeAll(() => {
    for (const name of ['vitest', 'msw'])
      symlinkSync(join(root, 'node_modules', name), join(folder, 'node_modules', name))
  })

  test('msw answers as the reference does', async () => {
    const file = join(folder, 'msw.mjs')
    writeFileSync(
      file,
      `import { setupServer } from 'msw/node'
import { createReference, defaultKey, defaultModel, handlers } from 'messages-conformance/msw'
const server = setupServer(...handlers(createReference(), 'https://gateway.test'))
server.listen({ onUnhandledRequest: 'error' })
const answer = await fetch('https://gateway.test/v1/messages', {
  method: 'POST',
  headers: { authorization: 'Bearer ' + defaultKey, 'content-type': 'application/json' },
  body: JSON.stringify({ model: defaultModel, max_tokens: 10, messages: [{ role: 'user', content: 'hi' }] }),
})
console.log(JSON.stringify([answer.status, (await answer.json()).type]))
server.close()
`,
    )
    const { out } = await ran(process.execPath, [file], folder)
    expect(JSON.parse(out)).toEqual([200, 'message'])
  })

  test.for([
    ['of a gateway that is right', 'usage', 0],
    ['of a gateway that is not', 'streaming', 1],
  ] as const)("a user's own vitest has a test a requirement, %s", async ([about, area, code]) => {
    const home = join(folder, area)
    mkdirSync(home)
    writeFileSync(
      join(home, 'gateway.test.js'),
      `import { suite } from 'messages-conformance/vitest'\nsuite('${area}')\n`,
    )
    writeFileSync(
      join(home, 'vitest.config.js'),
      `export default { test: { globalSetup: ['messages-conformance/vitest/setup'] } }\n`,
    )
    const server = await serve(about.endsWith('not') ? faulty : createReference())
    const vitest = join(root, 'node_modules/vitest/vitest.mjs')
    const ended = await ran(process.execPath, [vitest, 'run', '--root', home, '--reporter', 'verbose'], home, {
      GATEWAY_BASE_URL: server.url,
      GATEWAY_MODEL: defaultModel,
      GATEWAY_API_KEY: defaultKey,
      NO_COLOR: '1',
    })
    await server.close()
    expect(ended.out).toContain(`${area}/`)
    expect(ended.out).toContain('conclusion')
    expect(ended.code, ended.out).toBe(code)
  })
})

const faulty = faultNamed('streaming/ends-early').over(createReference())

test('none of this wrote anything into the installed package', () => {
  expect(contents()).toBe(before)
})
