import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { stripVTControlCharacters } from 'node:util'
import { describe, expect, test } from 'vitest'
import type { Gateway } from '../../fixtures/gateways/answer.ts'
import { faults } from '../../fixtures/gateways/faults/faults.ts'
import { defaultKey, defaultModel } from '../../fixtures/gateways/reference/identity.ts'
import { createReference } from '../../fixtures/gateways/reference/reference.ts'
import { variants } from '../../fixtures/gateways/variants.ts'
import { typed } from '../typed.ts'
import { scratch, serving } from '../../suites/self/scratch.ts'

/* The whole output of runs as a person sees them. `vitest -u` writes golden/ anew; read the difference before it is committed. */

function with_(...ids: string[]): Gateway {
  const overs = ids.map((id) => [...faults, ...variants].find((one) => one.id === id)!.over)
  return overs.reduce((gateway, over) => over(gateway), createReference())
}

/** The output of a check of a gateway, its port left out. */
async function checked(gateway: Gateway, options = '', width = 100, key = defaultKey): Promise<string> {
  const line = `check --base-url ${await serving(gateway)} --model ${defaultModel} --concurrency 1 ${options}`
  const { code, out } = await typed(line, { GATEWAY_API_KEY: key }, width)
  return `${out.replaceAll(/127\.0\.0\.1:\d+/g, '127.0.0.1:4010')}exit ${code}\n`
}

const golden = (name: string): string => fileURLToPath(new URL(`golden/${name}.txt`, import.meta.url))

describe('the whole output', () => {
  test('of the reference', async () => {
    const { code, out } = await typed('check')
    await expect(`${out}exit ${code}\n`).toMatchFileSnapshot(golden('reference'))
  })

  test.for<[name: string, gateway: () => Gateway, options?: string, width?: number]>([
    ['right', () => createReference()],
    ['stream-ends-early', () => with_('streaming/ends-early')],
    ['stream-ends-early-narrow', () => with_('streaming/ends-early'), '', 60],
    ['root-cause', () => with_('usage/missing')],
    ['advice', () => with_('transport/request-id-constant', 'transport/public-cache')],
    ['strict', () => with_('transport/request-id-constant'), '--strict'],
    ['required', () => with_('no-vision'), '--require vision'],
    ['part', () => with_('tools/end-turn'), '--only tools'],
    ['bearer-only', () => with_('bearer-only'), '--profile minimum'],
  ])('of %s', async ([name, gateway, options, width]) => {
    await expect(await checked(gateway(), options, width)).toMatchFileSnapshot(golden(name))
  })

  test('of a refused key', async () => {
    const out = await checked(createReference(), '', 100, 'another-key-of-24-letters')
    await expect(out).toMatchFileSnapshot(golden('refused-key'))
  })

  test('of waivers', async () => {
    const baseUrl = await serving(with_('tools/end-turn', 'transport/public-cache'))
    const file = join(scratch(), 'target.json')
    const waivers = [
      { id: 'tools/stop-reason', because: 'ticket 7', until: '2099-01-01' },
      { id: 'usage/shape', because: 'ticket 8', until: '2099-01-01' },
    ]
    const entry = { name: 'acme', baseUrl, model: defaultModel, key: { env: 'GATEWAY_API_KEY' }, waivers }
    writeFileSync(file, JSON.stringify({ targets: [entry] }))
    const { code, out } = await typed(['check', '--target', file, '--concurrency', '1'], {
      GATEWAY_API_KEY: defaultKey,
    })
    const text = `${out.replaceAll(/127\.0\.0\.1:\d+/g, '127.0.0.1:4010')}exit ${code}\n`
    await expect(text).toMatchFileSnapshot(golden('waivers'))
  })
})

/** The blocks of an output: each from its mark to the next line that is neither empty nor indented. */
function blocksOf(out: string): string[][] {
  const blocks: string[][] = []
  let inside = false
  for (const line of out.split('\n')) {
    if (line.startsWith('✗ ')) blocks.push([])
    inside = line.startsWith('✗ ') || (inside && (line === '' || line.startsWith('  ')))
    if (inside && line !== '') blocks.at(-1)?.push(line)
  }
  return blocks
}

/** A minute of silence, or all at the end, is what a gateway declares: on a socket nobody waits for it. Who fails on every Bearer key serves nothing. What is long is sent with --allow-long only. */
const others = [
  'streaming/silent',
  'streaming/buffered',
  'auth/bearer-fails',
  'clients/overflow-502',
  'clients/overflow-other-words',
  'validation/two-megabytes',
]
const some = faults.filter(({ id }, index) => index % 12 === 0 && !others.includes(id))

test.for(some.map(({ id }) => id))(
  'blocks are twelve lines at most, and no wider than the terminal: %s',
  async (id) => {
    const width = 72
    const { out } = await typed(`check --fault ${id} --profile full`, {}, width)
    const blocks = blocksOf(out)
    expect(blocks.length).toBeGreaterThan(0)
    expect(blocks.filter((lines) => lines.length > 12)).toEqual([])
    // Commands and addresses are for copying: they are never cut.
    const toCopy = /^ {2}(again|curl|rule) /
    expect(blocks.flat().filter((line) => line.length > width && !toCopy.test(line))).toEqual([])
  },
)

test('colour comes with FORCE_COLOR, goes with NO_COLOR, and is not there without a terminal', () => {
  const main = fileURLToPath(new URL('../main.ts', import.meta.url))
  const run = (environment: Record<string, string>): string =>
    spawnSync(
      process.execPath,
      ['--import', 'tsx', main, 'check', '--fault', 'streaming/ends-early', '--only', 'streaming/ends'],
      {
        encoding: 'utf8',
        env: { PATH: process.env['PATH'] ?? '', ...environment },
      },
    ).stdout
  const plain = run({ NO_COLOR: '1' })
  const coloured = run({ FORCE_COLOR: '1' })
  expect(plain).not.toContain('\u001B')
  expect(coloured).toContain('\u001B[31m')
  expect(stripVTControlCharacters(coloured)).toBe(plain)
  expect(run({})).toBe(plain)
})
