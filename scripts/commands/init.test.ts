import { execFile } from 'node:child_process'
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { validateWorkflow } from '@action-validator/core'
import { describe, expect, test } from 'vitest'
import { defaultKey, defaultModel } from '../../fixtures/gateways/reference/identity.ts'
import { scratch, serving } from '../../suites/self/scratch.ts'
import { readTargetFile } from '../target-file.ts'
import { typed } from '../typed.ts'
import { workflow } from '../workflow.ts'

const key = { ACME_KEY: defaultKey }
const options = ['--base-url', 'https://gateway.example/anthropic', '--key-env', 'ACME_KEY', '--model', 'large']

const entry = {
  name: 'gateway.example',
  baseUrl: 'https://gateway.example/anthropic',
  model: 'large',
  key: { env: 'ACME_KEY' },
}

test('options answer everything; the file is one that check reads', async () => {
  const file = join(scratch(), 'acme.json')
  const { code, out, err } = await typed(['init', ...options, '--target', file, '--no-run'])
  expect({ code, err }).toEqual({ code: 0, err: '' })
  expect(out).toBe(
    `${file} names the gateway; its key stays in ACME_KEY.\nTo judge it: npm run check -- --target ${file}\n`,
  )
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({
    $schema: 'https://messages-conformance.dev/schemas/target.schema.json',
    targets: [entry],
  })
  expect(readTargetFile(file).targets).toEqual([entry])
})

test('what no option answers is asked, until it can be used', async () => {
  const file = join(scratch(), 'acme.json')
  const answers = [
    'gateway.example',
    'https://gateway.example/anthropic/v1',
    'https://gateway.example/anthropic',
    'sk-7f3k9q2x8w4v6n1p5t0r',
    'ACME_KEY',
    '',
    'large',
  ]
  const { code, err } = await typed(['init', '--target', file, '--no-run'], {}, 100, { answers })
  expect(code).toBe(0)
  expect(err.split('\n')).toEqual([
    expect.stringMatching(/^Base URL, without \/v1: The Base URL is no http or https URL/),
    expect.stringMatching(/^Base URL, without \/v1: The Base URL ends in \/v1/),
    expect.stringMatching(
      /^Base URL, without \/v1: Variable that holds the key \[GATEWAY_API_KEY\]: The key is named by/,
    ),
    expect.stringMatching(/^Variable .*: Model: Which model\?/),
    'Model: ',
  ])
  expect(err).not.toContain('sk-7f3k')
  expect(readTargetFile(file).targets).toEqual([entry])
})

test('nothing typed for the variable is the usual one', async () => {
  const file = join(scratch(), 'acme.json')
  const words = ['init', '--base-url', entry.baseUrl, '--model', 'large', '--target', file, '--no-run']
  await typed(words, {}, 100, { answers: [''] })
  expect(readTargetFile(file).targets).toEqual([{ ...entry, key: { env: 'GATEWAY_API_KEY' } }])
})

test("blanks around what is given are nobody's", async () => {
  const file = join(scratch(), 'acme.json')
  const given = { GATEWAY_BASE_URL: ` ${entry.baseUrl}/\n`, GATEWAY_MODEL: 'large\n' }
  const { code } = await typed(['init', '--key-env', ' ACME_KEY ', '--target', file, '--no-run'], given)
  expect(code).toBe(0)
  expect(readTargetFile(file).targets).toEqual([entry])
})

test('a gateway without keys', async () => {
  const file = join(scratch(), 'local.json')
  await typed([
    'init',
    '--base-url',
    'http://127.0.0.1:9',
    '--auth',
    'none',
    '--model',
    'm',
    '--target',
    file,
    '--no-run',
  ])
  expect(readTargetFile(file).targets).toEqual([
    { name: '127.0.0.1', baseUrl: 'http://127.0.0.1:9', model: 'm', auth: 'none' },
  ])
})

test('then it has a quick look, whose exit code is its own', async () => {
  const file = join(scratch(), 'acme.json')
  const url = await serving()
  const { code, out } = await typed(
    ['init', '--base-url', url, '--key-env', 'ACME_KEY', '--model', defaultModel, '--target', file],
    key,
  )
  expect(out).toMatch(/none broken: a partial look\.\n$/)
  expect(code).toBe(0)
  const another = join(scratch(), 'acme.json')
  const unkeyed = await typed(['init', ...options, '--target', another])
  expect(unkeyed).toMatchObject({ code: 2, err: 'Target gateway.example: the variable ACME_KEY is not set.\n' })
  expect(existsSync(another)).toBe(true)
})

describe('nothing is written', () => {
  test.for<[what: string, words: readonly string[], says: RegExp]>([
    ['where nobody can be asked', [], /^Nobody can be asked here: .*--base-url is missing\.$/],
    ['without a model', options.slice(0, 4), /--model is missing\.$/],
    ['with a Base URL that is none', ['--base-url', 'gateway.example'], /is no http or https URL/],
    [
      'with a key in the Base URL',
      ['--base-url', 'https://g.example/sk-7f3k9q2x8w4v6n1p5t0r/'],
      /holds a credential, which is not written/,
    ],
    [
      'with a key as its variable',
      [...options.slice(0, 2), '--key-env', 'sk-7f3k9q2x8w4v6n1p5t0r'],
      /is named by an environment variable/,
    ],
    [
      'with a key as the model',
      [...options.slice(0, 4), '--model', 'sk-7f3k9q2x8w4v6n1p5t0r'],
      /looks like a credential/,
    ],
    ['with a model that is blank', [...options.slice(0, 4), '--model', '  '], /^Which model\?/],
    ['for a CI there is none of', [...options, '--ci', 'travis'], /--ci takes one of github/],
  ])('%s', async ([, words, says]) => {
    const folder = scratch()
    const { code, out, err } = await typed(['init', ...words, '--target', join(folder, 'acme.json'), '--no-run'])
    expect({ code, out, written: readdirSync(folder) }).toEqual({ code: 2, out: '', written: [] })
    expect(err).toMatch(/^[^\n]+\n$/)
    expect(err.trimEnd()).toMatch(says)
    expect(err).not.toContain('sk-7f3k')
  })

  test('over a file that is there', async () => {
    const file = join(scratch(), 'acme.json')
    writeFileSync(file, 'mine')
    const { code, err } = await typed(['init', ...options, '--target', file, '--no-run'])
    expect({ code, err }).toEqual({
      code: 2,
      err: `${file} is there already, and is not written over; name another by --target.\n`,
    })
    expect(readFileSync(file, 'utf8')).toBe('mine')
  })

  test('into a place that is none', async () => {
    const file = join(scratch(), 'file')
    writeFileSync(file, '')
    const { code, err } = await typed(['init', ...options, '--target', join(file, 'acme.json'), '--no-run'])
    expect({ code, err }).toEqual({ code: 2, err: expect.stringMatching(/cannot be used: .*\.\n$/) as unknown })
  })
})

/** The command in a process of its own, where it is typed. */
function initIn(folder: string, ...words: readonly string[]): Promise<{ code: number; err: string }> {
  const [loader, main] = ['../../node_modules/tsx/dist/loader.mjs', '../main.ts'].map(
    (path) => new URL(path, import.meta.url),
  )
  const argv = ['--import', String(loader), fileURLToPath(main ?? ''), 'init', ...words]
  return new Promise((resolve) => {
    execFile(process.execPath, argv, { cwd: folder }, (error, _, err) =>
      resolve({ code: Number(error?.code ?? 0), err }),
    )
  })
}

test('--ci github writes the workflow too, and neither file over another', async () => {
  const folder = scratch()
  const path = join(folder, '.github/workflows/conformance.yml')
  expect(await initIn(folder, ...options, '--ci', 'github', '--no-run')).toEqual({ code: 0, err: '' })
  expect(readFileSync(path, 'utf8')).toBe(workflow('conformance.json', 'ACME_KEY'))
  expect(readTargetFile(join(folder, 'conformance.json')).targets).toEqual([entry])
  const again = await initIn(folder, ...options, '--ci', 'github', '--no-run', '--target', 'other.json')
  expect(again).toEqual({
    code: 2,
    err: '.github/workflows/conformance.yml is there already, and is not written over.\n',
  })
  expect(existsSync(join(folder, 'other.json'))).toBe(false)
})

test('where the workflow has no place, the target file is not written either', async () => {
  const folder = scratch()
  writeFileSync(join(folder, '.github'), '')
  const { code, err } = await initIn(folder, ...options, '--ci', 'github', '--no-run')
  expect({ code, err }).toEqual({
    code: 2,
    err: expect.stringMatching(/^\.github.* cannot be used: .*\.\n$/) as unknown,
  })
  expect(readdirSync(folder)).toEqual(['.github'])
})

test.for([
  ['conformance.json', 'ACME_KEY'],
  ["it's one: of $(many)/a file.json", null],
] as const)('the workflow for %s fits the schema of workflows', ([file, variable]) => {
  const text = workflow(file, variable)
  expect(validateWorkflow(text).errors).toEqual([])
  expect(text.includes('secrets.')).toBe(variable !== null)
})
