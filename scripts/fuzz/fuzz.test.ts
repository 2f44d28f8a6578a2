import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { cases, secretsSaid } from './cases.ts'
import { fuzz, saidOf } from './fuzz.ts'
import { alteredExchange } from './exchanges.ts'
import { randomOf } from './random.ts'
import { recorded } from './recorded.ts'
import { words } from './words.ts'

test('some hundred cases: nothing throws, and all is as it has to be', async () => {
  const failed = await fuzz({ seed: 1, count: 200 })
  expect(failed && saidOf(failed, 1)).toBeNull()
})

test('the first case that fails is told by its number, and its seed shows it again', async () => {
  const failing = {
    seed: 8,
    kinds: [({ random }: { random: () => ReturnType<typeof randomOf> }) => sometimes(random())],
  }
  const failed = await fuzz({ ...failing, count: 100 })
  expect(failed).toMatchObject({ error: new Error('as it happens') })
  const number = failed?.number ?? 0
  expect(number).toBeGreaterThan(0)
  expect(await fuzz({ ...failing, from: number, count: 1 })).toMatchObject({ number })
  expect(saidOf({ number, error: 'x' }, 8)).toContain(`npm run fuzz -- --seed 8 --case ${number}`)
})

function sometimes({ chance }: ReturnType<typeof randomOf>): void {
  if (chance(0.1)) throw new Error('as it happens')
}

test('where only cases that say a secret are asked for, those of other kinds are left out', async () => {
  const other = (): never => {
    throw new Error('of another kind')
  }
  const kinds = cases.map((kind) => (secretsSaid.has(kind) ? kind : other))
  expect(await fuzz({ seed: 1, count: 60, kinds, secretsOnly: true })).toBeNull()
  expect(await fuzz({ seed: 1, count: 60, kinds })).toMatchObject({ error: new Error('of another kind') })
})

test('what a case writes where it is typed is gone after it, and the next finds nothing there', () => {
  const [module, folder] = [new URL('fuzz.ts', import.meta.url).href, mkdtempSync(join(tmpdir(), 'fuzz-test-'))]
  const script = `
    import { readdirSync, writeFileSync } from 'node:fs'
    import { fuzz } from ${JSON.stringify(module)}
    const kinds = [() => {
      if (readdirSync('.').length > 0) throw new Error('not empty')
      writeFileSync('left', '')
    }]
    console.log(await fuzz({ seed: 1, count: 2, kinds }))`
  const { stdout, stderr } = spawnSync(
    process.execPath,
    ['--import', import.meta.resolve('tsx'), '--input-type=module', '--eval', script],
    { cwd: folder, encoding: 'utf8' },
  )
  expect([stdout, stderr]).toEqual(['null\n', ''])
  expect(readdirSync(folder)).toEqual([])
  rmdirSync(folder)
})

test('the same seeds choose the same, others do not', async () => {
  const { all } = await recorded()
  const chosen = (...seeds: number[]) => {
    const random = randomOf(...seeds)
    return JSON.stringify(alteredExchange(random.pick(all), random, words))
  }
  expect(chosen(3, 4)).toBe(chosen(3, 4))
  expect(new Set([chosen(3, 4), chosen(4, 3), chosen(3, 5), chosen(4, 4)]).size).toBe(4)
})

describe('what is typed', () => {
  const main = fileURLToPath(new URL('main.ts', import.meta.url))
  test.for([
    [['--count', 'many'], '--count takes a whole number of at least 1.'],
    [['--count', '0'], '--count takes a whole number of at least 1.'],
    [['--seed='], '--seed takes a whole number of at least 0.'],
    [['--seeds', '1'], "Unknown option '--seeds'."],
    [['1'], 'fuzz takes options only.'],
    [['--case', '1', '--secrets'], 'fuzz takes one of --case, --secrets and --undone.'],
  ] as const)('%j is refused in a sentence', ([line, sentence]) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, ['--import', 'tsx', main, ...line], {
      encoding: 'utf8',
    })
    expect([status, stdout, stderr.trim()]).toEqual([2, '', expect.stringContaining(`${sentence} It is: npm run fuzz`)])
  })
})
